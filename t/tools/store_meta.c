/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * usage: store_meta DIR KEY-FILE NAME NUMBER
 *        store_meta DIR KEY-FILE
 *
 * Writes one number into `meta` of the store in DIR, as the engine does when
 * it begins or ends something, for tests of what the doors then answer. Without
 * one: prints the format number of the store, which is looked at only.
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "store/store_txn.h"


static dosis_rc_t
put(dosis_store_t *store, const char *name, uint64_t value)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    dosis_writer_t *writer;
    int64_t now_ns = (int64_t) time(NULL) * 1000000000;

    rc = dosis_writer_create(store, &writer);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_txn_begin(writer, now_ns, &txn);
    if (rc == DOSIS_OK) {
        (void) store_txn_ok(txn, store_meta_put(&txn->snap, name, value));
        rc = dosis_txn_commit(txn);
    }
    dosis_writer_free(writer);
    return rc;
}


static dosis_rc_t
print_format(dosis_store_t *store)
{
    dosis_store_state_t state;
    dosis_rc_t rc = dosis_store_state(store, &state);

    if (rc == DOSIS_OK) {
        printf("%u\n", (unsigned) state.format);
    }
    return rc;
}


int
main(int argc, char **argv)
{
    dosis_rc_t rc;
    dosis_secret_t *kek;
    dosis_store_t *store;
    dosis_store_options_t options = { 0 };

    if (argc != 5 && argc != 3) {
        fprintf(stderr, "usage: store_meta DIR KEY-FILE [NAME NUMBER]\n");
        return 2;
    }
    rc = dosis_secret_load(argv[2], &kek);
    if (rc == DOSIS_OK) {
        options.dir = argv[1];
        options.kek = kek;
        options.read_only = argc == 3;
        rc = dosis_store_open(&options, &store);
        dosis_secret_free(kek);
    }
    if (rc == DOSIS_OK) {
        rc = argc == 3
                 ? print_format(store)
                 : put(store, argv[3], strtoull(argv[4], NULL, 10));
        dosis_store_close(store);
    }
    if (rc != DOSIS_OK) {
        fprintf(stderr, "store_meta: %s\n", dosis_rc_name(rc));
        return 1;
    }
    return 0;
}
