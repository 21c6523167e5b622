/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_introspect.h: what is known of an opaque token, for the workers: the
 * answer that is remembered, or that of the issuer, asked now.
 *
 *   ask           remembered: told at once; asked already: joins; else begins
 *   ask_next      asks the next issuer that may have given it out
 *   on_fetched    active: told; not active: the next one; no answer: the next
 *                 one, and if nobody knows it: told that nobody could tell
 *
 * A token does not say whose it is. Of issuers with a prefix for their tokens
 * only the one whose prefix it has is asked; without such a one those without
 * a prefix are, one after the other, in the order of their names: each of them
 * sees the token.
 *
 * Layer      daemon
 * Threads    one: all on the loop
 * Blocking   reads one small file for each question (dosisd_issuer.h)
 * Memory     open gives, close takes; a waiter is its owner's, until told
 * Errors     a status of HTTP: 200 with an answer, 400, 503
 *
 * Bounded: questions under way, who waits, and the time of a question, however
 * many issuers are asked for it.
 */

#ifndef DOSIS_DAEMON_DOSISD_INTROSPECT_H
#define DOSIS_DAEMON_DOSISD_INTROSPECT_H

#include "daemon/dosisd.h"

#define DOSISD_INTROSPECT_QUESTIONS 48 /* under way at once */
#define DOSISD_INTROSPECT_WAITING 160  /* for any of them */
#define DOSISD_INTROSPECT_MS 30000     /* for one question, in all */
#define DOSISD_INTROSPECT_ANSWER_MAX 24576

typedef struct dosisd_waiter_s dosisd_waiter_t;

struct dosisd_waiter_s {
    dosisd_waiter_t *next;
    void (*told)(
        dosisd_waiter_t *waiter, unsigned status, dosis_slice_t answer);
};

/* NULL: no memory. */
dosisd_introspect_t *dosisd_introspect_open(dosisd_t *dosisd);

/* NULL is fine. Who waits is told 503. */
void dosisd_introspect_close(dosisd_introspect_t *introspect);

/* waiter->told is called once, perhaps before this returns. */
void dosisd_introspect_ask(dosisd_introspect_t *introspect,
    dosis_slice_t token, dosisd_waiter_t *waiter);

/* Adds an object: what was asked, and what came of it. */
void dosisd_introspect_add(
    dosis_buf_t *buf, const dosisd_introspect_t *introspect);

#endif
