/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "store/dosis_read.h"
#include "store/store_bronnen.h"
#include "store/store_page.h"

#define LANG_MAX ((size_t) 256 << 10)


dosis_rc_t
dosis_reader_create(dosis_store_t *store, dosis_reader_t **ret_reader)
{
    dosis_rc_t rc;
    dosis_reader_t *reader = calloc(1, sizeof(*reader));

    if (reader == NULL) {
        return DOSIS_ENOMEM;
    }
    reader->store = store;
    reader->env = store_env_take(store);
    dosis_buf_init(&reader->page, STORE_PAGE_HEADER + STORE_PAGE_MAX);
    dosis_buf_init(&reader->lang, LANG_MAX);
    reader->bron = calloc(STORE_BRON_SLOTS, sizeof(reader->bron[0]));
    rc = reader->bron == NULL
             ? DOSIS_ENOMEM
             : dosis_crypt_create(reader->env->ring, &reader->crypt);
    if (rc == DOSIS_OK) {
        rc = store_intern_create(&reader->intern);
    }
    if (rc != DOSIS_OK) {
        dosis_reader_free(reader);
        return rc;
    }
    *ret_reader = reader;
    return DOSIS_OK;
}


void
dosis_reader_free(dosis_reader_t *reader)
{
    if (reader == NULL) {
        return;
    }
    store_snap_end(&reader->snap);
    store_ref_free(reader->ref);
    store_intern_free(reader->intern);
    dosis_crypt_free(reader->crypt);
    dosis_buf_done(&reader->page);
    dosis_buf_done(&reader->lang);
    free(reader->bron);
    store_env_give(reader->store, reader->env);
    free(reader);
}


dosis_rc_t
dosis_reader_begin(dosis_reader_t *reader)
{
    dosis_rc_t rc;

    rc = store_snap_renew(reader->store, &reader->env, &reader->crypt,
        &reader->snap);
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_intern_trim(reader->intern);
    if (store_snap_id(&reader->snap) == reader->snap.known) {
        return DOSIS_OK;
    }
    rc = store_ref_refresh(&reader->snap, &reader->ref);
    if (rc != DOSIS_OK) {
        dosis_reader_end(reader);
        return rc;
    }
    reader->snap.known = store_snap_id(&reader->snap);
    return DOSIS_OK;
}


void
dosis_reader_end(dosis_reader_t *reader)
{
    store_snap_reset(&reader->snap);
}


const dosis_ref_t *
dosis_reader_ref(const dosis_reader_t *reader)
{
    return reader->ref;
}


dosis_crypt_t *
dosis_reader_crypt(dosis_reader_t *reader)
{
    return reader->crypt;
}
