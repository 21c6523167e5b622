/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_source.h"

#include "store/store_bookmark.h"
#include "store/store_source.h"

/* One call: where it is and what it has seen. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_source_page_t *page;
    dosis_buf_t *out;
    store_source_t source;
    uint32_t rows;
} walk_t;


static bool
is_full(void *payload)
{
    const walk_t *walk = payload;

    return walk->rows == walk->page->limit
           || walk->out->len > DOSIS_SOURCE_BYTES_MAX;
}


static dosis_rc_t
show(const store_view_t *view, void *payload)
{
    walk_t *walk = payload;

    dosis_shown_add(walk->page->shown, view->row.head.id);
    if (walk->rows++ > 0) {
        dosis_buf_add_byte(walk->out, ',');
    }
    return store_view_add_whole(walk->reader, view, walk->out);
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
    rc = store_bookmark_write(walk->reader, &bookmark, walk->source.at,
        walk->out);
    DOSIS_BUF_LIT(walk->out, "\"}");
    return rc != DOSIS_OK ? rc : walk->out->rc;
}


dosis_rc_t
dosis_source_dossiers(dosis_reader_t *reader, const dosis_source_page_t *page,
    dosis_buf_t *body)
{
    bool more, after = page->after.len > 0;
    dosis_rc_t rc = DOSIS_OK;
    walk_t walk = { .reader = reader, .page = page, .out = body };
    const store_bookmark_t bookmark = store_bookmark_of(BOOKMARK_DOSSIERS,
        page);

    walk.source = (store_source_t) { .reader = reader, .bron = page->bron,
        .until = UINT64_MAX, .is_full = is_full, .on_dossier = show,
        .payload = &walk };
    if (after) {
        rc = store_bookmark_read(reader, &bookmark, page->after,
            walk.source.at);
    } else {
        store_source_before(reader, page->bron, 0, walk.source.at);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(body, "{\"Dossiers\":[");
    rc = store_source_walk(&walk.source, after, &more);
    return rc == DOSIS_OK ? add_next(&walk, more) : rc;
}
