/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_wire.h"
#include "store/dosis_source.h"
#include "store/store_find.h"
#include "store/store_view.h"

#define BRON_BYTES 4     /* of a DossierId: all dossiers of one source */


void
dosis_source_walk_from(
    dosis_reader_t *reader, dosis_source_walk_t *walk, uint64_t from)
{
    uint8_t hash[DOSIS_BLIND_BYTES];

    memset(walk->at, 0, sizeof(walk->at));
    dosis_blind(reader->crypt, DOSIS_BLIND_BRON, &walk->bron->bron, 1, hash);
    memcpy(walk->at, hash, BRON_BYTES);
    dosis_be64((char *) walk->at + BRON_BYTES, from);
}


/* Two sources may share the four bytes: the row says whose it is. */
static dosis_rc_t
tell(dosis_reader_t *reader, const dosis_source_walk_t *walk,
    const uint8_t id[16], const store_held_t *held)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    store_view_t view;
    dosis_source_dossier_t dossier = { .id = id };

    if (held->agents == 0) {
        return DOSIS_EFORMAT;
    }
    rc = store_find_row(reader, held->agent[0], id, &bytes);
    if (rc == DOSIS_OK) {
        rc = store_view_read(reader, bytes, &view);
    }
    if (rc != DOSIS_OK || view.row.head.bron != walk->bron->nummer) {
        return rc;
    }
    dossier.nummer = view.content.text[FIELD_NUMMER];
    dossier.wijziging_ns = view.row.head.stamp.date_ns;
    dossier.ontvangen_ns = (int64_t) view.row.head.stamp.hlc;
    return walk->on_dossier(&dossier, walk->payload);
}


static dosis_rc_t
visit(dosis_reader_t *reader, dosis_source_walk_t *walk,
    const store_cursor_t *c)
{
    char bytes[STORE_SLEUTEL_MAX];
    uint8_t id[STORE_ID_BYTES];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_held_t held;

    memcpy(id, c->key.data, sizeof(id));
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_open_value(&reader->snap, DB_SLEUTEL, c->key, c->value, &value);
    if (rc == DOSIS_OK) {
        rc = store_sleutel_read(dosis_buf_slice(&value), &held);
    }
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
    }
    if (held.state == HELD_LIVE) {
        rc = walk->wanted(id, walk->payload);
        if (rc == DOSIS_OK) {
            rc = tell(reader, walk, id, &held);
        } else if (rc == DOSIS_ENOTFOUND) {
            rc = DOSIS_OK;
        }
    }
    if (rc == DOSIS_OK) {
        walk->seen += held.state == HELD_LIVE;
        memcpy(walk->at, id, sizeof(id));
    }
    return rc;
}


static bool
in_range(const dosis_source_walk_t *walk, dosis_slice_t key)
{
    return key.len == STORE_ID_BYTES
           && memcmp(key.data, walk->at, BRON_BYTES) == 0
           && dosis_be64_get(key.data + BRON_BYTES) <= walk->until;
}


static dosis_rc_t
go_on(dosis_reader_t *reader, dosis_source_walk_t *walk, store_cursor_t *c,
    bool *ret_more)
{
    dosis_slice_t from = dosis_slice(walk->at, STORE_ID_BYTES);
    unsigned examined = 0, pages = reader->pages;
    dosis_rc_t rc;

    rc = store_cursor_seek(c, from);
    if (rc == DOSIS_OK && dosis_slice_eq(c->key, from)) {
        rc = store_cursor_next(c);
    }
    for (; rc == DOSIS_OK && in_range(walk, c->key);
         rc = store_cursor_next(c)) {
        *ret_more = true;
        if (examined++ + (reader->pages - pages) >= DOSIS_EXAMINED_MAX) {
            return DOSIS_OK;
        }
        rc = visit(reader, walk, c);
        if (rc != DOSIS_OK) {
            return rc == DOSIS_ELIMIT ? DOSIS_OK : rc;
        }
        *ret_more = false;
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
dosis_source_walk(
    dosis_reader_t *reader, dosis_source_walk_t *walk, bool *ret_more)
{
    dosis_rc_t rc;
    store_cursor_t c;

    *ret_more = false;
    rc = store_cursor_open(&reader->snap, DB_SLEUTEL, &c);
    if (rc == DOSIS_OK) {
        rc = go_on(reader, walk, &c, ret_more);
        store_cursor_close(&c);
    }
    return rc;
}
