/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Holds the write lock of a store, so that a test can see what waits for it.
 *
 * usage: hold_writer STORE KEYFILE
 *
 * Says "held" once it has the lock, and lets go at the end of its input.
 */

#include "store/dosis_txn.h"
#include "t/tools/tool_store.h"

#include <time.h>


int
main(int argc, char **argv)
{
    dosis_txn_t *txn;
    dosis_writer_t *writer;
    tool_t tool;

    if (argc != 3) {
        fputs("usage: hold_writer STORE KEYFILE\n", stderr);
        return 2;
    }
    tool_open(&tool, argv[1], argv[2]);
    must(dosis_writer_create(tool.store, &writer), "writer");
    must(dosis_txn_begin(writer, (int64_t) time(NULL) * 1000000000, &txn),
        "lock");
    tool_hold();
    dosis_txn_abort(txn);
    dosis_writer_free(writer);
    tool_close(&tool);
    return 0;
}
