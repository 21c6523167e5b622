/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_notice.h: the notice board between workers and the engine: a small
 * file in the store's directory that each of them maps. A worker that meets a
 * key it does not know of an issuer puts up the moment; the engine puts up
 * when it last fetched that issuer's keys. Nobody waits for anybody.
 *
 * Its size is fixed, so nothing that tokens say can make it grow. What is on
 * it is a hint: lost, forged or overwritten it costs a 503 more or less and at
 * most one fetch per issuer and pause, never a token that is taken for good.
 *
 * Layer      store
 * Threads    any, and any process; each access is atomic
 * Blocking   create and open touch the disk; the rest never
 * Memory     create and open give, close takes
 * Errors     DOSIS_ENOTFOUND there is none (yet), DOSIS_EFORMAT it is none,
 *            DOSIS_EDENIED not ours to open, DOSIS_EIO, DOSIS_ENOMEM
 *
 * Moments are those of CLOCK_MONOTONIC in ms, one for all processes.
 */

#ifndef DOSIS_STORE_DOSIS_NOTICE_H
#define DOSIS_STORE_DOSIS_NOTICE_H

#include <stdint.h>

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

#define DOSIS_NOTICE_FILE "uitgevers.bord" /* in the store's directory */
#define DOSIS_NOTICE_SEATS 32              /* issuers */
#define DOSIS_NOTICE_KIDS 1024             /* unknown ones, remembered */
#define DOSIS_NOTICE_FORGET_MS 600000      /* then a kid is asked for anew */

typedef struct dosis_notice_s dosis_notice_t;

/* The engine's: makes the board, or wipes the one that is there. */
DOSIS_CHECK dosis_rc_t dosis_notice_create(
    const char *dir, dosis_notice_t **ret_notice);

/* A worker's. */
DOSIS_CHECK dosis_rc_t dosis_notice_open(
    const char *dir, dosis_notice_t **ret_notice);

/* NULL is fine. */
void dosis_notice_close(dosis_notice_t *notice);

/* --- a worker ------------------------------------------------------------ */

typedef struct {
    uint32_t issuer;  /* its number as a registration */
    dosis_slice_t kid;
    uint64_t version; /* of the reference data that lack it */
    int64_t now_ms;
} dosis_notice_ask_t;

/*
 * Asks for that key. true: a fetch that began after it was first asked for
 * has succeeded without bringing it: there is no such key. false: not yet.
 */
bool dosis_notice_ask(dosis_notice_t *notice, const dosis_notice_ask_t *ask);

/* --- the engine ---------------------------------------------------------- */

/* seat: below DOSIS_NOTICE_SEATS; issuer 0: nobody's. */
void dosis_notice_seat(dosis_notice_t *notice, size_t seat, uint32_t issuer);

/* When a worker last asked there; 0: never. */
int64_t dosis_notice_asked(const dosis_notice_t *notice, size_t seat);

/*
 * A fetch that began then has succeeded; whoever reads the reference data of
 * that version has what it brought.
 */
void dosis_notice_fetched(
    dosis_notice_t *notice, size_t seat, int64_t begun_ms, uint64_t version);

#endif
