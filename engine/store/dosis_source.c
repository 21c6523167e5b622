/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_source.h"

#include "store/store_bookmark.h"
#include "store/store_find.h"
#include "store/store_view.h"

#define BRON_BYTES 4     /* of a DossierId: all dossiers of one source */

/* One call: where it is and what it has seen. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_source_page_t *page;
    dosis_buf_t *out;
    uint8_t at[STORE_BOOKMARK_BYTES];   /* the last dossier looked at */
    uint32_t rows;
    uint32_t examined;
    unsigned pages;                     /* of the reader, at the start */
} walk_t;


static bool
is_full(const walk_t *walk)
{
    return walk->rows == walk->page->limit
           || walk->examined + (walk->reader->pages - walk->pages)
                  >= DOSIS_EXAMINED_MAX
           || walk->out->len > DOSIS_SOURCE_BYTES_MAX;
}


/* Two sources may share the four bytes: the row says whose it is. */
static dosis_rc_t
show(walk_t *walk, const store_held_t *held)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    store_view_t view;

    if (held->agents == 0) {
        return DOSIS_EFORMAT;
    }
    rc = store_find_row(walk->reader, held->agent[0], walk->at, &bytes);
    if (rc == DOSIS_OK) {
        rc = store_view_read(walk->reader, bytes, &view);
    }
    if (rc != DOSIS_OK || view.row.head.bron != walk->page->bron->nummer) {
        return rc;
    }
    dosis_shown_add(walk->page->shown, walk->at);
    if (walk->rows++ > 0) {
        dosis_buf_add_byte(walk->out, ',');
    }
    return store_view_add_whole(walk->reader, &view, walk->out);
}


static dosis_rc_t
visit(walk_t *walk, const store_cursor_t *c)
{
    char bytes[STORE_SLEUTEL_MAX];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_held_t held;

    memcpy(walk->at, c->key.data, STORE_ID_BYTES);
    walk->examined++;
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_open_value(&walk->reader->snap, DB_SLEUTEL, c->key, c->value,
        &value);
    if (rc == DOSIS_OK) {
        rc = store_sleutel_read(dosis_buf_slice(&value), &held);
    }
    return rc == DOSIS_OK && held.state == HELD_LIVE ? show(walk, &held) : rc;
}


/* The first dossier of the source behind walk->at; after: it was looked at. */
static dosis_rc_t
seek(const walk_t *walk, store_cursor_t *c, bool after)
{
    dosis_rc_t rc;
    dosis_slice_t from = dosis_slice(walk->at, STORE_ID_BYTES);

    rc = store_cursor_seek(c, from);
    if (rc == DOSIS_OK && after && dosis_slice_eq(c->key, from)) {
        rc = store_cursor_next(c);
    }
    return rc;
}


static dosis_rc_t
walk_dossiers(walk_t *walk, bool after, bool *ret_more)
{
    char range[BRON_BYTES];
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&walk->reader->snap, DB_SLEUTEL, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    memcpy(range, walk->at, sizeof(range));
    for (rc = seek(walk, &c, after);
         rc == DOSIS_OK && c.key.len == STORE_ID_BYTES
         && memcmp(c.key.data, range, sizeof(range)) == 0;
         rc = store_cursor_next(&c)) {
        *ret_more = is_full(walk);
        if (*ret_more) {
            break;
        }
        rc = visit(walk, &c);
        if (rc != DOSIS_OK) {
            rc = rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
            break;
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
add_next(const walk_t *walk, bool more)
{
    dosis_rc_t rc;
    const store_bookmark_t bookmark = store_bookmark_of(BOOKMARK_DOSSIERS,
        walk->page);

    DOSIS_BUF_LIT(walk->out, "],\"Volgende\":");
    if (!more) {
        DOSIS_BUF_LIT(walk->out, "null}");
        return walk->out->rc;
    }
    dosis_buf_add_byte(walk->out, '"');
    rc = store_bookmark_write(walk->reader, &bookmark, walk->at, walk->out);
    DOSIS_BUF_LIT(walk->out, "\"}");
    return rc != DOSIS_OK ? rc : walk->out->rc;
}


dosis_rc_t
dosis_source_dossiers(dosis_reader_t *reader, const dosis_source_page_t *page,
    dosis_buf_t *body)
{
    bool more = false, after = page->after.len > 0;
    uint8_t hash[DOSIS_BLIND_BYTES];
    dosis_rc_t rc = DOSIS_OK;
    walk_t walk = { .reader = reader, .page = page, .out = body,
        .pages = reader->pages };
    const store_bookmark_t bookmark = store_bookmark_of(BOOKMARK_DOSSIERS,
        page);

    if (after) {
        rc = store_bookmark_read(reader, &bookmark, page->after, walk.at);
    } else {
        dosis_blind(reader->crypt, DOSIS_BLIND_BRON, &page->bron->bron, 1,
            hash);
        memcpy(walk.at, hash, BRON_BYTES);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(body, "{\"Dossiers\":[");
    rc = walk_dossiers(&walk, after, &more);
    return rc == DOSIS_OK ? add_next(&walk, more) : rc;
}
