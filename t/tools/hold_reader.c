/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Holds a snapshot of a store, so that a test can see what it keeps from being
 * used again.
 *
 * usage: hold_reader STORE KEYFILE
 *
 * Says "held" once it has it, and lets go at the end of its input.
 */

#include "base/dosis_json.h"
#include "store/dosis_read.h"
#include "store/dosis_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>


static void
must(dosis_rc_t rc, const char *what)
{
    if (rc != DOSIS_OK) {
        fprintf(stderr, "hold_reader: %s: %s\n", what, dosis_rc_name(rc));
        exit(1);
    }
}


int
main(int argc, char **argv)
{
    char byte;
    dosis_reader_t *reader;
    dosis_secret_t *kek;
    dosis_store_t *store;
    dosis_store_options_t options = { 0 };

    if (argc != 3) {
        fputs("usage: hold_reader STORE KEYFILE\n", stderr);
        return 2;
    }
    dosis_json_init();
    must(dosis_secret_load(argv[2], &kek), "key");
    options.dir = argv[1];
    options.kek = kek;
    must(dosis_store_open(&options, &store), "store");
    must(dosis_reader_create(store, &reader), "reader");
    must(dosis_reader_begin(reader), "snapshot");
    puts("held");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
        continue;
    }
    dosis_reader_end(reader);
    dosis_reader_free(reader);
    dosis_store_close(store);
    dosis_secret_free(kek);
    return 0;
}
