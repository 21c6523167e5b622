/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "store/store_walk.h"

/* One agent's rows on their way. */
typedef struct {
    uint8_t agent[STORE_AGENT_BYTES];
    store_copy_t copy;           /* the row it stands on */
    store_point_t at;
    store_page_view_t view;      /* what is left of its page */
    char key[STORE_PAGE_KEY];    /* of that page */
    uint8_t key_len;
    dosis_buf_t page;
    char memory[STORE_PAGE_HEADER + STORE_PAGE_MAX];
} stream_t;

typedef struct {
    store_walk_t *walk;
    const store_point_t *from;
    const store_point_t *to;
    store_cursor_t cursor;       /* goes from stream to stream */
    stream_t *stream;
    unsigned *heap;              /* streams that have a row, least on top */
    unsigned waiting;
} merge_t;


/* --- streams -------------------------------------------------------------- */

/* Keeps the page under the cursor; DOSIS_ENOTFOUND: another agent's. */
static dosis_rc_t
stream_open(merge_t *merge, stream_t *stream)
{
    const store_cursor_t *c = &merge->cursor;

    if (memcmp(c->key.data, stream->agent, STORE_AGENT_BYTES) != 0) {
        return DOSIS_ENOTFOUND;
    }
    stream->key_len = (uint8_t) c->key.len;
    memcpy(stream->key, c->key.data, c->key.len);
    return store_walk_open(merge->walk->reader, c, &stream->page,
        &stream->view);
}


/* The page behind the one it holds. */
static dosis_rc_t
stream_turn(merge_t *merge, stream_t *stream)
{
    dosis_rc_t rc;

    rc = store_cursor_seek(&merge->cursor,
        dosis_slice(stream->key, stream->key_len));
    if (rc == DOSIS_OK) {
        rc = store_cursor_next(&merge->cursor);
    }
    return rc == DOSIS_OK ? stream_open(merge, stream) : rc;
}


/* On to the next row of the stretch; DOSIS_ENOTFOUND: it has none. */
static dosis_rc_t
stream_next(merge_t *merge, stream_t *stream)
{
    dosis_rc_t rc = DOSIS_OK;

    store_copy_t *copy = &stream->copy;

    while (rc == DOSIS_OK) {
        if (!store_page_next(&stream->view, &copy->bytes)) {
            rc = stream->view.rows != 0 ? DOSIS_EFORMAT
                                        : stream_turn(merge, stream);
            continue;
        }
        rc = store_row_read(copy->bytes, &copy->row);
        if (rc != DOSIS_OK) {
            break;
        }
        stream->at = store_point_of(&copy->row.head);
        if (store_point_cmp(&stream->at, merge->from) > 0) {
            return store_point_cmp(&stream->at, merge->to) > 0
                       ? DOSIS_ENOTFOUND
                       : DOSIS_OK;
        }
    }
    return rc;
}


static dosis_rc_t
stream_begin(merge_t *merge, stream_t *stream,
    const dosis_subject_t *subject)
{
    dosis_rc_t rc;

    stream->copy.subject = subject;
    dosis_buf_init_fixed(&stream->page, stream->memory,
        sizeof(stream->memory));
    store_agent_blind(merge->walk->reader->crypt, &subject->agent,
        stream->agent);
    rc = store_walk_seek(&merge->cursor, stream->agent, merge->from);
    if (rc == DOSIS_OK) {
        rc = stream_open(merge, stream);
    }
    return rc == DOSIS_OK ? stream_next(merge, stream) : rc;
}


/* --- heap ----------------------------------------------------------------- */

static bool
is_before(const merge_t *merge, unsigned a, unsigned b)
{
    return store_point_cmp(&merge->stream[merge->heap[a]].at,
               &merge->stream[merge->heap[b]].at)
           < 0;
}


static void
swap(merge_t *merge, unsigned a, unsigned b)
{
    unsigned kept = merge->heap[a];

    merge->heap[a] = merge->heap[b];
    merge->heap[b] = kept;
}


static void
heap_push(merge_t *merge, unsigned stream)
{
    unsigned at = merge->waiting++;

    merge->heap[at] = stream;
    while (at > 0 && is_before(merge, at, (at - 1) / 2)) {
        swap(merge, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}


static unsigned
heap_pop(merge_t *merge)
{
    unsigned at = 0, child, top = merge->heap[0];

    merge->heap[0] = merge->heap[--merge->waiting];
    for (child = 1; child < merge->waiting; child = 2 * at + 1) {
        if (child + 1 < merge->waiting
            && is_before(merge, child + 1, child)) {
            child++;
        }
        if (!is_before(merge, child, at)) {
            break;
        }
        swap(merge, child, at);
        at = child;
    }
    return top;
}


/* --- merging -------------------------------------------------------------- */

/* Moves a stream on, and back into the heap when it has a row. */
static dosis_rc_t
advance(merge_t *merge, unsigned stream)
{
    dosis_rc_t rc = stream_next(merge, &merge->stream[stream]);

    if (rc == DOSIS_OK) {
        heap_push(merge, stream);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* All streams that stand on the least point leave the heap. */
static unsigned
take_group(merge_t *merge, unsigned group[DOSIS_AGENTEN_MAX])
{
    unsigned n = 0;

    do {
        group[n++] = heap_pop(merge);
    } while (n < DOSIS_AGENTEN_MAX && merge->waiting > 0
             && store_point_cmp(&merge->stream[merge->heap[0]].at,
                    &merge->stream[group[0]].at)
                    == 0);
    return n;
}


static dosis_rc_t
see_group(merge_t *merge, const unsigned *group, unsigned n)
{
    unsigned i;
    store_walk_t *walk = merge->walk;
    store_copy_t copy[DOSIS_AGENTEN_MAX];

    for (i = 0; i < n; i++) {
        copy[i] = merge->stream[group[i]].copy;
    }
    return store_walk_see(walk, merge->stream[group[0]].at, copy, n);
}


static dosis_rc_t
merge_rows(merge_t *merge)
{
    unsigned i, n, group[DOSIS_AGENTEN_MAX];
    dosis_rc_t rc = DOSIS_OK;

    while (rc == DOSIS_OK && !merge->walk->stopped && merge->waiting > 0) {
        n = take_group(merge, group);
        if (!store_walk_may(merge->walk, n)) {
            break;
        }
        rc = see_group(merge, group, n);
        for (i = 0; rc == DOSIS_OK && !merge->walk->stopped && i < n; i++) {
            rc = advance(merge, group[i]);
        }
    }
    return rc;
}


static dosis_rc_t
merge_begin(merge_t *merge)
{
    unsigned i;
    dosis_rc_t rc = DOSIS_OK;
    const dosis_question_t *question = merge->walk->question;

    for (i = 0; rc == DOSIS_OK && i < question->subjects; i++) {
        rc = stream_begin(merge, &merge->stream[i], &question->subject[i]);
        if (rc == DOSIS_OK) {
            heap_push(merge, i);
        }
        rc = rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
    }
    return rc;
}


dosis_rc_t
store_merge(store_walk_t *walk, const store_point_t *from,
    const store_point_t *to)
{
    dosis_rc_t rc;
    size_t n = walk->question->subjects;
    merge_t merge = { .walk = walk, .from = from, .to = to };

    rc = store_cursor_open(&walk->reader->snap, DB_AGENT, &merge.cursor);
    if (rc != DOSIS_OK) {
        return rc;
    }
    merge.stream = malloc(n * sizeof(merge.stream[0]));
    merge.heap = malloc(n * sizeof(merge.heap[0]));
    rc = DOSIS_ENOMEM;
    if (merge.stream != NULL && merge.heap != NULL) {
        rc = merge_begin(&merge);
    }
    if (rc == DOSIS_OK) {
        rc = merge_rows(&merge);
    }
    free(merge.heap);
    free(merge.stream);
    store_cursor_close(&merge.cursor);
    return rc;
}
