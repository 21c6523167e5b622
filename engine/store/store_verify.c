/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_verify.h"


const store_snap_t *
store_verify_snap(const store_verify_t *v)
{
    return &v->reader->snap;
}


void
store_verify_count(const store_verify_t *v, uint64_t *counter, uint64_t n)
{
    if (!v->again) {
        *counter += n;
    }
}


/* The value under key in db, opened into buf. */
bool
store_verify_fetch(
    store_verify_t *v, store_db_t db, dosis_slice_t key, dosis_buf_t *buf)
{
    dosis_buf_reset(buf);
    return store_get(store_verify_snap(v), db, key, buf) == DOSIS_OK;
}


bool
store_verify_held(store_verify_t *v, const uint8_t id[16], store_held_t *held)
{
    char bytes[STORE_SLEUTEL_MAX];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    return store_get(store_verify_snap(v), DB_SLEUTEL,
               dosis_slice(id, STORE_ID_BYTES), &value) == DOSIS_OK
           && store_sleutel_read(dosis_buf_slice(&value), held) == DOSIS_OK;
}


/* Of the head page: PAGE_GROOT, PAGE_ZIJ. */
uint8_t
store_verify_flags(store_verify_t *v, dosis_slice_t key)
{
    store_page_view_t head;

    return store_verify_fetch(v, DB_AGENT,
               dosis_slice(key.data, STORE_AGENT_BYTES), &v->other)
                   && store_page_view(dosis_buf_slice(&v->other), &head)
                          == DOSIS_OK
               ? head.flags
               : 0;
}


/* Its newest history entry is there, and speaks of the same dossier. */
bool
store_verify_history_is_of(
    store_verify_t *v, uint64_t seq, const uint8_t id[16])
{
    char key[8];
    store_history_t entry;

    dosis_be64(key, seq);
    return store_verify_fetch(
               v, DB_HISTORIE, dosis_slice(key, sizeof(key)), &v->other)
           && store_history_read(dosis_buf_slice(&v->other), &entry)
                  == DOSIS_OK
           && memcmp(entry.id, id, STORE_ID_BYTES) == 0;
}
