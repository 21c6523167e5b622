/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_walk.h"

static const store_point_t nowhere;


int
store_point_cmp(const store_point_t *a, const store_point_t *b)
{
    if (a->order != b->order) {
        return a->order < b->order ? -1 : 1;
    }
    return memcmp(a->id, b->id, STORE_ID_BYTES);
}


store_point_t
store_point_of(const store_head_t *head)
{
    store_point_t point = { .order = head->order };

    memcpy(point.id, head->id, STORE_ID_BYTES);
    return point;
}


/* --- shared with merging -------------------------------------------------- */

dosis_rc_t
store_walk_open(dosis_reader_t *reader, const store_cursor_t *c,
    dosis_buf_t *page, store_page_view_t *ret_view)
{
    dosis_rc_t rc;

    dosis_buf_reset(page);
    rc = store_open_value(&reader->snap, DB_AGENT, c->key, c->value, page);
    return rc == DOSIS_OK ? store_page_view(dosis_buf_slice(page), ret_view)
                          : rc;
}


/* The head page's key is the agent's alone: it precedes every point. */
dosis_rc_t
store_walk_seek(store_cursor_t *c, const uint8_t agent[STORE_AGENT_BYTES],
    const store_point_t *from)
{
    if (from->order == 0) {
        return store_cursor_seek(c, dosis_slice(agent, STORE_AGENT_BYTES));
    }
    return store_page_seek(c, agent,
        (store_position_t) { from->order, from->id });
}


bool
store_walk_may(store_walk_t *walk, unsigned copies)
{
    walk->stopped = walk->stopped || walk->examined + copies > walk->budget;
    return !walk->stopped;
}


dosis_rc_t
store_walk_see(store_walk_t *walk, store_point_t at, const store_copy_t *copy,
    unsigned copies)
{
    dosis_rc_t rc;

    walk->examined += copies;
    if (!walk->full) {
        walk->last = at;
    }
    rc = walk->see(walk, copy, copies);
    walk->stopped = walk->enough;
    return rc;
}


/* --- one agent ------------------------------------------------------------ */

/* A stretch of one agent's rows. */
typedef struct {
    store_walk_t *walk;
    const store_point_t *from;
    const store_point_t *to;
    bool done;               /* behind its end, or stopped */
} stretch_t;


static dosis_rc_t
visit_row(stretch_t *stretch, dosis_slice_t bytes)
{
    dosis_rc_t rc;
    store_copy_t copy;
    store_point_t at;
    store_walk_t *walk = stretch->walk;

    rc = store_row_read(bytes, &copy.row);
    if (rc != DOSIS_OK) {
        return rc;
    }
    at = store_point_of(&copy.row.head);
    if (store_point_cmp(&at, stretch->from) <= 0) {
        return DOSIS_OK;
    }
    if (store_point_cmp(&at, stretch->to) > 0 || !store_walk_may(walk, 1)) {
        stretch->done = true;
        return DOSIS_OK;
    }
    copy.subject = walk->question->subject;
    copy.bytes = bytes;
    rc = store_walk_see(walk, at, &copy, 1);
    stretch->done = walk->stopped;
    return rc;
}


static dosis_rc_t
visit_page(stretch_t *stretch, const store_cursor_t *c)
{
    dosis_rc_t rc;
    dosis_slice_t row;
    store_page_view_t view;
    dosis_reader_t *reader = stretch->walk->reader;

    rc = store_walk_open(reader, c, &reader->page, &view);
    while (rc == DOSIS_OK && !stretch->done && store_page_next(&view, &row)) {
        rc = visit_row(stretch, row);
    }
    return rc == DOSIS_OK && !stretch->done && view.rows != 0 ? DOSIS_EFORMAT
                                                              : rc;
}


/* A keyed hash costs as much as reading a page: it is kept where asked. */
static void
blind_subject(const store_walk_t *walk, uint8_t to[STORE_AGENT_BYTES])
{
    const dosis_reader_t *reader = walk->reader;
    dosis_blinded_t *kept = walk->question->blinded;

    if (kept != NULL && kept->generation == reader->env->generation) {
        memcpy(to, kept->agent, STORE_AGENT_BYTES);
        return;
    }
    store_agent_blind(reader->crypt, &walk->question->subject->agent, to);
    if (kept != NULL) {
        memcpy(kept->agent, to, STORE_AGENT_BYTES);
        kept->generation = reader->env->generation;
    }
}


static dosis_rc_t
walk_one(store_walk_t *walk, const store_point_t *from,
    const store_point_t *to)
{
    uint8_t agent[STORE_AGENT_BYTES];
    dosis_rc_t rc;
    store_cursor_t c;
    stretch_t stretch = { walk, from, to, false };

    blind_subject(walk, agent);
    rc = store_cursor_open(&walk->reader->snap, DB_AGENT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_walk_seek(&c, agent, from);
    while (rc == DOSIS_OK && !stretch.done
           && memcmp(c.key.data, agent, STORE_AGENT_BYTES) == 0) {
        rc = visit_page(&stretch, &c);
        if (rc == DOSIS_OK && !stretch.done) {
            rc = store_cursor_next(&c);
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* --- all ------------------------------------------------------------------ */

/* What of a range lies between after and until; false: nothing. */
static bool
clip(const store_walk_t *walk, store_range_t range, store_point_t *ret_from,
    store_point_t *ret_to)
{
    *ret_from = (store_point_t) { .order = range.first };
    ret_to->order = range.last;
    memset(ret_to->id, 0xff, sizeof(ret_to->id));
    if (store_point_cmp(ret_from, &walk->after) < 0) {
        *ret_from = walk->after;
    }
    if (memcmp(&walk->until, &nowhere, sizeof(nowhere)) != 0
        && store_point_cmp(ret_to, &walk->until) > 0) {
        *ret_to = walk->until;
    }
    return store_point_cmp(ret_from, ret_to) < 0;
}


dosis_rc_t
store_walk(store_walk_t *walk)
{
    unsigned i, ranges;
    dosis_rc_t rc = DOSIS_OK;
    store_point_t from, to;
    store_range_t range[STORE_RANGES_MAX];
    size_t subjects = walk->question->subjects;

    walk->last = walk->after;
    ranges = store_filter_ranges(walk->question->filter, range);
    for (i = 0; rc == DOSIS_OK && subjects > 0 && !walk->stopped && i < ranges;
         i++) {
        if (!clip(walk, range[i], &from, &to)) {
            continue;
        }
        rc = subjects == 1 ? walk_one(walk, &from, &to)
                           : store_merge(walk, &from, &to);
    }
    return rc;
}


dosis_rc_t
store_walk_fetch(dosis_reader_t *reader, const dosis_subject_t *subject,
    const store_point_t *point, dosis_slice_t *ret_bytes)
{
    uint8_t agent[STORE_AGENT_BYTES];
    dosis_rc_t rc;
    store_cursor_t c;
    store_page_view_t view;

    store_agent_blind(reader->crypt, &subject->agent, agent);
    rc = store_cursor_open(&reader->snap, DB_AGENT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_walk_seek(&c, agent, point);
    if (rc == DOSIS_OK) {
        rc = store_walk_open(reader, &c, &reader->page, &view);
    }
    store_cursor_close(&c);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
    }
    while (store_page_next(&view, ret_bytes)) {
        if (memcmp(ret_bytes->data + 2, point->id, STORE_ID_BYTES) == 0) {
            return DOSIS_OK;
        }
    }
    return DOSIS_EFORMAT;
}
