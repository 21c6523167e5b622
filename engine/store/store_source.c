/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/store_source.h"

#include "base/dosis_wire.h"
#include "store/store_find.h"

#define BRON_BYTES 4     /* of a DossierId: all dossiers of one source */


/* Two sources may share the four bytes: the row says whose it is. */
static dosis_rc_t
show(const store_source_t *source, const uint8_t *id, const store_held_t *held)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    store_view_t view;

    if (held->agents == 0) {
        return DOSIS_EFORMAT;
    }
    rc = store_find_row(source->reader, held->agent[0], id, &bytes);
    if (rc == DOSIS_OK) {
        rc = store_view_read(source->reader, bytes, &view);
    }
    if (rc != DOSIS_OK || view.row.head.bron != source->bron->nummer) {
        return rc;
    }
    return source->on_dossier(&view, source->payload);
}


static dosis_rc_t
show_wanted(
    const store_source_t *source, const uint8_t *id, const store_held_t *held)
{
    dosis_rc_t rc = source->wanted == NULL
        ? DOSIS_OK
        : source->wanted(id, source->payload);

    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
    }
    return show(source, id, held);
}


static dosis_rc_t
visit(store_source_t *source, const store_cursor_t *c)
{
    char bytes[STORE_SLEUTEL_MAX];
    uint8_t id[STORE_ID_BYTES];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_held_t held;

    memcpy(id, c->key.data, sizeof(id));
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_open_value(&source->reader->snap, DB_SLEUTEL, c->key, c->value,
        &value);
    if (rc == DOSIS_OK) {
        rc = store_sleutel_read(dosis_buf_slice(&value), &held);
    }
    if (rc == DOSIS_OK && held.state == HELD_LIVE) {
        rc = show_wanted(source, id, &held);
    }
    if (rc == DOSIS_OK) {
        source->live += held.state == HELD_LIVE;
        memcpy(source->at, id, sizeof(id));
    }
    return rc;
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


static bool
in_range(const store_source_t *source, dosis_slice_t key)
{
    return key.len == STORE_ID_BYTES
        && memcmp(key.data, source->at, BRON_BYTES) == 0
        && dosis_be64_get(key.data + BRON_BYTES) <= source->until;
}


void
store_source_before(dosis_reader_t *reader, const dosis_bron_t *bron,
    uint64_t from, uint8_t ret_at[STORE_ID_BYTES])
{
    uint8_t hash[DOSIS_BLIND_BYTES];

    memset(ret_at, 0, STORE_ID_BYTES);
    dosis_blind(reader->crypt, DOSIS_BLIND_BRON, &bron->bron, 1, hash);
    memcpy(ret_at, hash, BRON_BYTES);
    dosis_be64((char *) ret_at + BRON_BYTES, from);
}


static dosis_rc_t
go_on(store_source_t *source, store_cursor_t *c, bool after, bool *ret_more)
{
    const unsigned pages = source->reader->pages;
    unsigned examined = 0;
    dosis_rc_t rc;

    for (rc = seek(source, c, after);
         rc == DOSIS_OK && in_range(source, c->key);
         rc = store_cursor_next(c)) {
        *ret_more
            = examined++ + (source->reader->pages - pages)
                >= DOSIS_EXAMINED_MAX
            || (source->is_full != NULL && source->is_full(source->payload));
        if (*ret_more) {
            return DOSIS_OK;
        }
        rc = visit(source, c);
        if (rc != DOSIS_OK) {
            return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
        }
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
store_source_walk(store_source_t *source, bool after, bool *ret_more)
{
    dosis_rc_t rc;
    store_cursor_t c;

    *ret_more = false;
    rc = store_cursor_open(&source->reader->snap, DB_SLEUTEL, &c);
    if (rc == DOSIS_OK) {
        rc = go_on(source, &c, after, ret_more);
        store_cursor_close(&c);
    }
    return rc;
}
