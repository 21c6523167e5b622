/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * replay: a fuzz target without a fuzzer: runs it on each file named.
 *
 *   fuzz_dossier_json FILE...
 *
 * A broken promise aborts; else it says how many inputs there were.
 */

#include "fuzz.h"

#define INPUT_MAX (1 << 20)


int
main(int argc, char **argv)
{
    static uint8_t input[INPUT_MAX];
    FILE *file;
    size_t size;
    int i;

    (void) LLVMFuzzerInitialize(&argc, &argv);
    for (i = 1; i < argc; i++) {
        file = fopen(argv[i], "rb");
        if (file == NULL) {
            fprintf(stderr, "replay: no such file: %s\n", argv[i]);
            return 2;
        }
        size = fread(input, 1, sizeof(input), file);
        (void) fclose(file);
        (void) LLVMFuzzerTestOneInput(input, size);
    }
    printf("replayed %d\n", argc - 1);
    return 0;
}
