/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_read.h: one snapshot of the store, and the questions asked of it.
 *
 * Layer      store
 * Threads    a reader belongs to one thread
 * Blocking   page faults only; fit for the nginx event loop
 * Memory     create gives (heap), free takes. Between begin and end everything
 *            borrowed from the reader stays valid; begin may reload.
 * Errors     begin: DOSIS_EBUSY while a new generation cannot be opened yet,
 *            DOSIS_EIO. No snapshot may survive a return to the event loop:
 *            end it in the function that began it.
 */

#ifndef DOSIS_STORE_DOSIS_READ_H
#define DOSIS_STORE_DOSIS_READ_H

#include "base/dosis_buf.h"
#include "base/dosis_err.h"
#include "crypto/dosis_crypt.h"
#include "domain/dosis_access.h"
#include "domain/dosis_inzage.h"
#include "domain/dosis_limiet.h"
#include "store/dosis_filter.h"
#include "store/dosis_ref.h"
#include "store/dosis_store.h"

typedef struct dosis_reader_s dosis_reader_t;

#define DOSIS_ETAG_MAX 64

DOSIS_CHECK dosis_rc_t dosis_reader_create(dosis_store_t *store,
    dosis_reader_t **ret_reader);

/* NULL is fine. */
void dosis_reader_free(dosis_reader_t *reader);

DOSIS_CHECK dosis_rc_t dosis_reader_begin(dosis_reader_t *reader);
void dosis_reader_end(dosis_reader_t *reader);

/* Valid between begin and end. */
const dosis_ref_t *dosis_reader_ref(const dosis_reader_t *reader);

/* This thread's crypt context, usable outside begin and end as well. */
dosis_crypt_t *dosis_reader_crypt(dosis_reader_t *reader);

/*
 * The blinded key of an agent, as computed once in that generation (0: not
 * yet). Of one thread.
 */
typedef struct {
    uint32_t generation;
    uint8_t agent[16];
} dosis_blinded_t;

/*
 * One question. A user's is about one subject; a counter's about up to
 * DOSIS_SUBJECTS_MAX, each with the rights held for that subject alone, no
 * agent twice. A record is visible when one of them sees it.
 */
typedef struct {
    const dosis_subject_t *subject;    /* an array */
    size_t subjects;
    dosis_blinded_t *blinded;      /* of the only subject, kept for the next
                                      question; or NULL */
    const dosis_client_t *loket;   /* the counter that asks, or NULL: a user */
    dosis_slice_t binding;         /* what a cursor is bound to besides the
                                      subject and rights: the client's name */
    dosis_slice_t base;            /* in front of links; may be empty */
    dosis_slice_t door;            /* the same of click-throughs: our whole
                                      address where one is configured; stands
                                      in JSON as it is */
    dosis_slice_t after;           /* cursor `na`, or empty */
    uint32_t limit;                /* 1 .. DOSIS_PAGE_ROWS_MAX */
    const dosis_filter_t *filter;  /* NULL: all, newest first */
    uint32_t examine;              /* index rows, at least DOSIS_AGENTEN_MAX;
                                      0 = DOSIS_EXAMINED_MAX */
    int64_t now_ns;
    dosis_shown_t *shown;          /* gets the dossiers shown, or NULL */
    bool has_moment;               /* a detail as it was shown then */
    int64_t moment_ns;
} dosis_question_t;

typedef struct {
    uint32_t rows;
    uint32_t examined;
    bool more;
    bool cut;                      /* short because of question.examine: asked
                                      again with more, it can hold more */
    char etag[DOSIS_ETAG_MAX];     /* with W/ and quotes, NUL behind it */
} dosis_answer_t;

/*
 * Adds {"Dossiers":[...],"Volgende":...,"Bronnen":[...]} for the subjects; a
 * dossier of several of them once. DOSIS_EINPUT a cursor that is none, or
 * belongs to another question; DOSIS_EEXPIRED an old cursor; DOSIS_EFORMAT,
 * DOSIS_EKEY a damaged page. The reader must be between begin and end.
 */
DOSIS_CHECK dosis_rc_t dosis_list(dosis_reader_t *reader,
    const dosis_question_t *question, dosis_buf_t *body,
    dosis_answer_t *ret_answer);

/*
 * Adds the detail of one dossier as a JSON object, for the first subject that
 * sees it: as an agent before as anybody. DOSIS_ENOTFOUND when it is unknown or
 * not visible for any: one answer. after, limit, filter: unused.
 *
 * With a moment: what was shown then, by time of receipt, to whom may see it
 * now. DOSIS_ENOTFOUND when it did not show then, DOSIS_EEXPIRED when what
 * was shown is not kept any more, or lies more than examine entries back.
 */
DOSIS_CHECK dosis_rc_t dosis_detail(dosis_reader_t *reader,
    const dosis_question_t *question, const uint8_t id[16], dosis_buf_t *body,
    dosis_answer_t *ret_answer);

#endif
