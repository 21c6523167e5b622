/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Holds the write lock of a store, so that a test can see what waits for it.
 *
 * usage: hold_writer STORE KEYFILE
 *
 * Says "held" once it has the lock, and lets go at the end of its input.
 */

#include "base/dosis_json.h"
#include "store/dosis_txn.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>


static void
must(dosis_rc_t rc, const char *what)
{
    if (rc != DOSIS_OK) {
        fprintf(stderr, "hold_writer: %s: %s\n", what, dosis_rc_name(rc));
        exit(1);
    }
}


int
main(int argc, char **argv)
{
    char byte;
    dosis_secret_t *kek;
    dosis_store_t *store;
    dosis_txn_t *txn;
    dosis_writer_t *writer;
    dosis_store_options_t options = { 0 };

    if (argc != 3) {
        fputs("usage: hold_writer STORE KEYFILE\n", stderr);
        return 2;
    }
    dosis_json_init();
    must(dosis_secret_load(argv[2], &kek), "key");
    options.dir = argv[1];
    options.kek = kek;
    must(dosis_store_open(&options, &store), "store");
    must(dosis_writer_create(store, &writer), "writer");
    must(dosis_txn_begin(writer, (int64_t) time(NULL) * 1000000000, &txn),
        "lock");
    puts("held");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
        continue;
    }
    dosis_txn_abort(txn);
    dosis_writer_free(writer);
    dosis_store_close(store);
    dosis_secret_free(kek);
    return 0;
}
