/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A list sorted by action, in three phases, each newest first but the first:
 *
 *   0  action needed with a deadline, by deadline
 *   1  action needed without one
 *   2  the rest
 *
 * Phases 1 and 2 walk the rows as any list does, and pass over the others.
 * Phase 0 sorts block by block: a block is at most BLOCK_ROWS index rows from
 * where the one before ended, looked through again for each page, so that no
 * call examines more than its budget. A list that fits in one block is in
 * exact order; a longer one is in order within each block. The keys of a block
 * are on the heap, and given back before the list returns.
 */

#include <stdlib.h>

#include "store/store_list.h"

#define BLOCK_ROWS   4000    /* leaves room for rows that come into it */
#define PHASES       3
#define BEGIN_KEYS   64

/* A row of a block that can be shown. */
typedef struct {
    int64_t deadline;        /* days since 1970 */
    store_point_t at;
    const dosis_subject_t *subject;
} found_t;

typedef struct {
    store_list_t *list;
    store_mark_t *mark;
    found_t *found;
    uint32_t count;
    uint32_t room;
} action_t;

static const store_point_t nowhere;


static int
phase_of(const store_view_t *view)
{
    if (!(view->row.head.flags & ROW_ACTIE_NODIG)) {
        return 2;
    }
    return store_content_has(&view->content, FIELD_VOOR) ? 0 : 1;
}


/* A phase that the filter leaves nothing of. */
static bool
is_void(const store_list_t *list, int phase)
{
    const dosis_filter_t *filter = list->question->filter;

    return dosis_filter_has(filter, DOSIS_FILTER_ACTIE_NODIG)
           && filter->actie_nodig == (phase == 2);
}


static store_walk_t
walk_of(action_t *action, store_see_t see, uint32_t budget)
{
    return (store_walk_t) {
        .reader = action->list->reader,
        .question = action->list->question,
        .see = see,
        .context = action,
        .after = action->mark->at,
        .budget = budget,
    };
}


static uint32_t
left_of(const store_list_t *list)
{
    return list->budget - list->answer->examined;
}


/* The budget of this call was too small, but not the greatest there is. */
static bool
is_cut(const store_list_t *list)
{
    return list->budget < DOSIS_EXAMINED_MAX;
}


/* --- phase 0: a block ----------------------------------------------------- */

static int
cmp_found(const void *a, const void *b)
{
    const found_t *x = a, *y = b;

    if (x->deadline != y->deadline) {
        return x->deadline < y->deadline ? -1 : 1;
    }
    return store_point_cmp(&x->at, &y->at);
}


static dosis_rc_t
keep(action_t *action, const found_t *found)
{
    uint32_t room = action->room == 0 ? BEGIN_KEYS : action->room * 2;
    found_t *grown;

    if (action->count == action->room) {
        grown = realloc(action->found, room * sizeof(grown[0]));
        if (grown == NULL) {
            return DOSIS_ENOMEM;
        }
        action->found = grown;
        action->room = room;
    }
    action->found[action->count++] = *found;
    return DOSIS_OK;
}


static dosis_rc_t
see_deadline(store_walk_t *walk, const store_copy_t *copy, unsigned copies)
{
    dosis_rc_t rc;
    found_t found, shown;
    store_view_t view;
    action_t *action = walk->context;
    const store_copy_t *seen;
    const store_mark_t *mark = action->mark;

    rc = store_list_judge(action->list, copy, copies, &view, &seen);
    if (rc != DOSIS_OK || seen == NULL || phase_of(&view) != 0) {
        return rc;
    }
    found.deadline = (int64_t) view.content.number[FIELD_VOOR];
    found.at = store_point_of(&seen->row.head);
    found.subject = seen->subject;
    shown = (found_t) { .deadline = mark->deadline, .at = mark->shown };
    if (mark->has_shown && cmp_found(&found, &shown) <= 0) {
        return DOSIS_OK;
    }
    return keep(action, &found);
}


static dosis_rc_t
show_found(action_t *action, const found_t *found)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    store_view_t view;
    store_mark_t *mark = action->mark;

    rc = store_walk_fetch(action->list->reader, found->subject, &found->at,
        &bytes);
    if (rc == DOSIS_OK) {
        rc = store_view_read(action->list->reader, bytes, &view);
    }
    if (rc == DOSIS_OK) {
        rc = store_list_show(action->list, &view);
    }
    mark->has_shown = true;
    mark->deadline = found->deadline;
    mark->shown = found->at;
    return rc;
}


static void
begin_at(store_mark_t *mark, int phase, store_point_t at)
{
    *mark = (store_mark_t) { .phase = (uint8_t) phase, .at = at };
}


/* Sorted and shown as far as they go; then the mark is behind the block. */
static dosis_rc_t
show_block(action_t *action, bool last)
{
    uint32_t i;
    dosis_rc_t rc = DOSIS_OK;
    store_list_t *list = action->list;
    uint32_t limit = list->question->limit;

    if (action->count > 1) {
        qsort(action->found, action->count, sizeof(found_t), cmp_found);
    }
    for (i = 0; rc == DOSIS_OK && i < action->count
                && list->answer->rows < limit;
         i++) {
        rc = show_found(action, &action->found[i]);
    }
    if (i < action->count) {
        list->answer->more = true;
    } else if (last) {
        begin_at(action->mark, 1, nowhere);
    } else {
        begin_at(action->mark, 0, action->mark->end);
        list->answer->more = true;
    }
    return rc;
}


/*
 * A block that was begun before is looked through up to its end: new rows may
 * have come into it, but more than the budget leaves is another list by now.
 */
static dosis_rc_t
sort_block(action_t *action)
{
    dosis_rc_t rc;
    store_mark_t *mark = action->mark;
    store_list_t *list = action->list;
    bool begun = memcmp(&mark->end, &nowhere, sizeof(nowhere)) != 0;
    store_walk_t walk = walk_of(action, see_deadline, list->budget);

    if (begun) {
        walk.until = mark->end;
    } else if (!mark->has_shown && walk.budget > BLOCK_ROWS) {
        walk.budget = BLOCK_ROWS;
    }
    rc = store_walk(&walk);
    list->answer->examined += walk.examined;
    if (rc == DOSIS_OK && walk.stopped) {
        if (is_cut(list)) {
            list->answer->cut = true;
            list->answer->more = true;
            return DOSIS_OK;
        }
        if (begun || mark->has_shown) {
            return DOSIS_EEXPIRED;
        }
        mark->end = walk.last;
    }
    return rc == DOSIS_OK ? show_block(action, !begun && !walk.stopped) : rc;
}


/* --- phases 1 and 2 ------------------------------------------------------- */

static dosis_rc_t
see_phase(store_walk_t *walk, const store_copy_t *copy, unsigned copies)
{
    dosis_rc_t rc;
    store_view_t view;
    action_t *action = walk->context;
    store_list_t *list = action->list;
    const store_copy_t *seen;

    rc = store_list_judge(list, copy, copies, &view, &seen);
    if (rc != DOSIS_OK || seen == NULL
        || phase_of(&view) != action->mark->phase) {
        return rc;
    }
    return store_list_take(list, walk, &view);
}


static dosis_rc_t
walk_phase(action_t *action)
{
    dosis_rc_t rc;
    store_list_t *list = action->list;
    store_mark_t *mark = action->mark;
    store_walk_t walk = walk_of(action, see_phase, left_of(list));

    walk.full = list->answer->rows == list->question->limit;
    rc = store_walk(&walk);
    list->answer->examined += walk.examined;
    if (rc == DOSIS_OK && walk.stopped) {
        begin_at(mark, mark->phase, walk.last);
        list->answer->more = true;
        list->answer->cut = store_list_is_cut(list, &walk);
    } else {
        begin_at(mark, mark->phase + 1, nowhere);
    }
    return rc;
}


dosis_rc_t
store_list_by_action(store_list_t *list, store_mark_t *mark)
{
    dosis_rc_t rc = DOSIS_OK;
    action_t action = { .list = list, .mark = mark };

    while (rc == DOSIS_OK && !list->answer->more && mark->phase < PHASES) {
        if (is_void(list, mark->phase)) {
            begin_at(mark, mark->phase + 1, nowhere);
        } else {
            rc = mark->phase == 0 ? sort_block(&action) : walk_phase(&action);
        }
    }
    free(action.found);
    return rc;
}
