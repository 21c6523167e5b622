/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job_import.h: what the parts of the import share. Private.
 *
 *   job_read     rows of the file -> windows             a thread
 *   job_apply    windows -> transactions                 the job's
 *   job_whole    what a whole file does not name         the job's
 *   job_import   begin, end, and which of these is on
 *
 * positie of an oplading:
 *
 *   phase 0, rows      [0] byte of the text, [1] line, where the window under
 *                      way begins; [2] deliveries of it that are done
 *   phase 1, 2         [0] [1] bytes 4-11, 12-15 of the id that was looked at
 *                      last; [2] dossiers seen, in phase 1
 *   [3]                phase: 1 counts what is missing, 2 withdraws it
 *
 * Layer      jobs
 * Threads    one
 * Blocking   transactions, and pauses between them
 * Memory     in place
 * Errors     DOSIS_OK: go on; look at noted.toestand
 */

#ifndef DOSIS_JOBS_JOB_IMPORT_H
#define DOSIS_JOBS_JOB_IMPORT_H

#include "jobs/job_park.h"
#include "jobs/job_read.h"

/*
 * Of a transaction, and between two. As long as nobody else writes, the pause
 * is only a moment, and a transaction ends when another process waits for it;
 * from then on, for a while, they are short.
 */
#define JOB_TXN_ITEMS       500
#define JOB_TXN_MS          5
#define JOB_TXN_ITEMS_SHORT 64
#define JOB_TXN_MS_SHORT    1
#define JOB_PAUSE_MS        5
#define JOB_TXN_BYTES       ((uint64_t) 48 << 20) /* by dosis_txn_bytes() */
#define JOB_TXN_REFUSED     ((uint64_t) 4 << 20)  /* text of refused rows */
#define JOB_ALONE_MS        1000 /* without another's transaction */

enum { JOB_PHASE_ROWS = 0, JOB_PHASE_COUNT = 1, JOB_PHASE_WITHDRAW = 2 };

enum { AT_BYTES = 0, AT_LIJN = 1, AT_DONE = 2, AT_SEEN = 2, AT_PHASE = 3 };

/* Behind AT_DONE: of how many; the same ones are read again after a stop. */
#define AT_DONE_OF 32

typedef struct {
    job_t *job;
    dosis_oplading_t noted; /* as the store has it */
    job_read_t read;
    uint64_t txn;       /* the last of the store, then */
    int64_t others_ms;  /* when somebody else had written */
} job_import_t;

static inline bool
job_import_runs(const job_import_t *import)
{
    return import->noted.toestand == DOSIS_OPLADING_BEZIG;
}

/*
 * Commits txn, with how far it then is: takes txn in any case. When the
 * uploader wants it to end, it has.
 */
DOSIS_CHECK dosis_rc_t job_import_note(
    job_import_t *import, dosis_txn_t *txn, dosis_oplading_t *next);

/* The same with nothing else in it. */
DOSIS_CHECK dosis_rc_t job_import_note_alone(
    job_import_t *import, dosis_oplading_t *next);

/* While nothing is noted: does its uploader want it to end? */
DOSIS_CHECK dosis_rc_t job_import_look(job_import_t *import);

/*
 * Between two transactions; DOSIS_EBUSY: it is time to stop. As long as nobody
 * else writes, just long enough for who waits to get the lock.
 */
DOSIS_CHECK dosis_rc_t job_import_rest(job_import_t *import);

/* In a transaction that will be committed, first thing. */
void job_import_heed(job_import_t *import);

/* Somebody else writes, or is about to: a little at a time, for a while. */
void job_import_let_others(job_import_t *import);

/* Its transaction was not committed. */
void job_import_undone(job_import_t *import);

DOSIS_CHECK dosis_rc_t job_import_wait(job_import_t *import, long ms);

/*
 * A transaction of what is left in the window, and so on. DOSIS_EPAUSED: its
 * source is paused, and another file may run.
 */
DOSIS_CHECK dosis_rc_t job_apply(job_import_t *import, job_window_t *window);

/* Phases 1 and 2. */
DOSIS_CHECK dosis_rc_t job_whole(job_import_t *import);

#endif
