/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Holds a snapshot of a store, so that a test can see what it keeps from being
 * used again.
 *
 * usage: hold_reader STORE KEYFILE
 *
 * Says "held" once it has it, and lets go at the end of its input.
 */

#include "store/dosis_read.h"
#include "t/tools/tool_store.h"


int
main(int argc, char **argv)
{
    dosis_reader_t *reader;
    tool_t tool;

    if (argc != 3) {
        fputs("usage: hold_reader STORE KEYFILE\n", stderr);
        return 2;
    }
    tool_open(&tool, argv[1], argv[2]);
    must(dosis_reader_create(tool.store, &reader), "reader");
    must(dosis_reader_begin(reader), "snapshot");
    tool_hold();
    dosis_reader_end(reader);
    dosis_reader_free(reader);
    tool_close(&tool);
    return 0;
}
