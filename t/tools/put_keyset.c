/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Publishes a key set of an issuer in a store, as the engine does that fetched
 * it.
 *
 * usage: put_keyset STORE KEYFILE ISSUER JWKS
 */

#include "base/dosis_file.h"
#include "crypto/dosis_keyset.h"
#include "store/dosis_txn.h"
#include "t/tools/tool_store.h"

#include <time.h>


static void
make(const char *issuer, const char *path, dosis_buf_t *text)
{
    dosis_buf_t jwks;
    dosis_keyset_news_t news = { .iss = dosis_slice_of(issuer),
        .now_s = (int64_t) time(NULL) };

    dosis_buf_init(&jwks, DOSIS_JWKS_TEXT_MAX);
    dosis_buf_init(text, DOSIS_KEYSET_TEXT_MAX);
    must(dosis_file_read(path, DOSIS_JWKS_TEXT_MAX, &jwks), "key set");
    news.fetched = dosis_buf_slice(&jwks);
    must(dosis_keyset_make(&news, text), "key set");
    dosis_buf_done(&jwks);
}


static void
put(dosis_store_t *store, dosis_slice_t text)
{
    dosis_err_t err = { 0 };
    dosis_txn_t *txn;
    dosis_writer_t *writer;

    must(dosis_writer_create(store, &writer), "writer");
    must(dosis_txn_begin(writer, (int64_t) time(NULL) * 1000000000, &txn),
        "begin");
    must(dosis_ref_put(txn, DOSIS_REF_SLEUTELS, text, &err), "put");
    must(dosis_txn_commit(txn), "commit");
    dosis_writer_free(writer);
}


int
main(int argc, char **argv)
{
    dosis_buf_t text;
    tool_t tool;

    if (argc != 5) {
        fputs("usage: put_keyset STORE KEYFILE ISSUER JWKS\n", stderr);
        return 2;
    }
    tool_open(&tool, argv[1], argv[2]);
    make(argv[3], argv[4], &text);
    put(tool.store, dosis_buf_slice(&text));
    dosis_buf_done(&text);
    tool_close(&tool);
    return 0;
}
