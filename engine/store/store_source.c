/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/store_source.h"

#include "store/store_find.h"

#define BRON_BYTES 4     /* of a DossierId: all dossiers of one source */


/* Two sources may share the four bytes: the row says whose it is. */
static dosis_rc_t
show(store_source_t *source, const store_held_t *held)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    store_view_t view;

    if (held->agents == 0) {
        return DOSIS_EFORMAT;
    }
    rc = store_find_row(source->reader, held->agent[0], source->at, &bytes);
    if (rc == DOSIS_OK) {
        rc = store_view_read(source->reader, bytes, &view);
    }
    if (rc != DOSIS_OK || view.row.head.bron != source->bron->nummer) {
        return rc;
    }
    return source->on_dossier(&view, source->payload);
}


static dosis_rc_t
visit(store_source_t *source, const store_cursor_t *c)
{
    char bytes[STORE_SLEUTEL_MAX];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_held_t held;

    memcpy(source->at, c->key.data, STORE_ID_BYTES);
    source->examined++;
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_open_value(&source->reader->snap, DB_SLEUTEL, c->key, c->value,
        &value);
    if (rc == DOSIS_OK) {
        rc = store_sleutel_read(dosis_buf_slice(&value), &held);
    }
    return rc == DOSIS_OK && held.state == HELD_LIVE ? show(source, &held)
                                                     : rc;
}


static dosis_rc_t
seek(const store_source_t *source, store_cursor_t *c, bool after)
{
    dosis_rc_t rc;
    dosis_slice_t from = dosis_slice(source->at, STORE_ID_BYTES);

    rc = store_cursor_seek(c, from);
    if (rc == DOSIS_OK && after && dosis_slice_eq(c->key, from)) {
        rc = store_cursor_next(c);
    }
    return rc;
}


void
store_source_begin(store_source_t *source)
{
    uint8_t hash[DOSIS_BLIND_BYTES];

    dosis_blind(source->reader->crypt, DOSIS_BLIND_BRON, &source->bron->bron,
        1, hash);
    memset(source->at, 0, sizeof(source->at));
    memcpy(source->at, hash, BRON_BYTES);
}


dosis_rc_t
store_source_walk(store_source_t *source, bool after, bool *ret_more)
{
    char range[BRON_BYTES];
    dosis_rc_t rc;
    store_cursor_t c;

    *ret_more = false;
    rc = store_cursor_open(&source->reader->snap, DB_SLEUTEL, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    memcpy(range, source->at, sizeof(range));
    for (rc = seek(source, &c, after);
         rc == DOSIS_OK && c.key.len == STORE_ID_BYTES
         && memcmp(c.key.data, range, sizeof(range)) == 0;
         rc = store_cursor_next(&c)) {
        *ret_more = source->is_full(source->payload);
        if (*ret_more) {
            break;
        }
        rc = visit(source, &c);
        if (rc != DOSIS_OK) {
            rc = rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
            break;
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}
