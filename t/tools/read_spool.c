/* SPDX-License-Identifier: EUPL-1.2 */
/* read_spool STORE KEK ID: a file of the spool as it came in, on stdout. */
#include <stdio.h>

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "store/dosis_read.h"
#include "store/dosis_spool.h"

static char plain[DOSIS_SPOOL_BLOCK];


static dosis_rc_t
copy(dosis_spool_reader_t *file, dosis_crypt_t *seals)
{
    size_t len;
    uint64_t block = 0;
    bool last = false;
    dosis_rc_t rc = DOSIS_OK;

    while (rc == DOSIS_OK && !last) {
        rc = dosis_spool_read(file, seals, block, plain, &len);
        if (rc == DOSIS_OK && fwrite(plain, 1, len, stdout) != len) {
            rc = DOSIS_EIO;
        }
        last = dosis_spool_is_last(file, block++);
    }
    return rc;
}


int
main(int argc, char **argv)
{
    uint8_t id[DOSIS_SPOOL_ID];
    dosis_secret_t *kek = NULL;
    dosis_store_t *store = NULL;
    dosis_reader_t *reader = NULL;
    dosis_spool_reader_t *file = NULL;
    dosis_store_options_t how = { .read_only = true };
    dosis_rc_t rc;

    if (argc != 4
        || !dosis_hex_decode(id, sizeof(id), dosis_slice_of(argv[3]))) {
        fputs("usage: read_spool STORE KEK ID\n", stderr);
        return 2;
    }
    dosis_json_init();
    how.dir = argv[1];
    rc = dosis_secret_load(argv[2], &kek);
    how.kek = kek;
    rc = rc == DOSIS_OK ? dosis_store_open(&how, &store) : rc;
    rc = rc == DOSIS_OK ? dosis_reader_create(store, &reader) : rc;
    rc = rc == DOSIS_OK ? dosis_spool_open(argv[1], id, &file) : rc;
    rc = rc == DOSIS_OK ? copy(file, dosis_reader_crypt(reader)) : rc;
    dosis_spool_close(file);
    dosis_reader_free(reader);
    dosis_store_close(store);
    dosis_secret_free(kek);
    if (rc != DOSIS_OK) {
        fprintf(stderr, "read_spool: %s\n", dosis_rc_name(rc));
    }
    return rc == DOSIS_OK ? 0 : 1;
}
