/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_list.h: one answer of a list while it is made. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     adds to the buffer of the list
 * Errors     those of reading rows; the buffer is sticky
 */

#ifndef DOSIS_STORE_STORE_LIST_H
#define DOSIS_STORE_STORE_LIST_H

#include "store/store_mark.h"
#include "store/store_view.h"

#define STORE_JUDGED_MAX 64

/*
 * What a row was judged by, and the verdict: rows alike in all of it need not
 * be judged twice in one answer. len 0: none yet.
 */
typedef struct {
    const dosis_subject_t *subject;
    uint32_t bron;
    uint8_t kind;
    uint8_t flags;
    uint8_t len;
    char class[STORE_JUDGED_MAX];    /* the agent's part, as it is written */
    bool sees;
} store_judged_t;

typedef struct {
    dosis_reader_t *reader;
    const dosis_question_t *question;
    store_judged_t judged;
    dosis_buf_t *out;
    dosis_answer_t *answer;
    uint32_t budget;            /* index rows of the whole call */
    uint64_t hash;              /* of what is shown */
    unsigned bronnen;           /* sources shown, each once */
    uint32_t bron[DOSIS_PAGE_ROWS_MAX];
} store_list_t;

/*
 * Does one of the subjects see this dossier, and does it pass the filter?
 * *ret_copy: the copy that it does with, or NULL; *ret_view: its content.
 */
DOSIS_CHECK dosis_rc_t store_list_judge(store_list_t *list,
    const store_copy_t *copy, unsigned copies, store_view_t *ret_view,
    const store_copy_t **ret_copy);

/* One row more of the answer. */
DOSIS_CHECK dosis_rc_t store_list_show(store_list_t *list,
    const store_view_t *view);

/*
 * A row more, found by a walk. Of a full page it only tells that there is
 * one: that others follow which must stay hidden is nobody's business.
 */
DOSIS_CHECK dosis_rc_t store_list_take(store_list_t *list, store_walk_t *walk,
    const store_view_t *view);

/* The budget ended a walk before its page was full, but might be greater. */
bool store_list_is_cut(const store_list_t *list, const store_walk_t *walk);

/* Fills mark with where it goes on; answer->more, answer->cut. */
DOSIS_CHECK dosis_rc_t store_list_by_date(store_list_t *list,
    store_mark_t *mark);
DOSIS_CHECK dosis_rc_t store_list_by_action(store_list_t *list,
    store_mark_t *mark);

#endif
