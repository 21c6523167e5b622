/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One delivered file, from Wachtend to its end. Whatever happens in between,
 * the store says how far it was, in the transaction that stored the rows.
 */
#include "jobs/job_import.h"

#include <inttypes.h>
#include <time.h>

#include "daemon/dosisd_log.h"
#include "daemon/dosisd_loop.h"

#define ARENA_MAX ((size_t) 64 << 10)
#define AWAIT_MS  100
#define HANDOVER_US 100
#define CHECKPOINT_WAITS 100
#define CANCEL_LOOK 5 /* waits, between two looks */


/* --- what is noted ------------------------------------------------------- */

dosis_rc_t
job_import_note(
    job_import_t *import, dosis_txn_t *txn, dosis_oplading_t *next)
{
    bool end = false;
    dosis_rc_t rc;

    rc = dosis_oplading_note(txn, next, &end);
    if (rc == DOSIS_OK && end && next->toestand == DOSIS_OPLADING_BEZIG) {
        next->toestand = DOSIS_OPLADING_GEANNULEERD;
        next->klaar_ns = dosisd_now_ns();
        rc = dosis_oplading_note(txn, next, &end);
    }
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
        return rc;
    }
    rc = dosis_txn_commit(txn);
    if (rc == DOSIS_OK) {
        import->noted = *next;
    }
    return rc;
}


dosis_rc_t
job_import_note_alone(job_import_t *import, dosis_oplading_t *next)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;

    rc = dosis_txn_begin(import->job->writer, dosisd_now_ns(), &txn);
    return rc == DOSIS_OK ? job_import_note(import, txn, next) : rc;
}


dosis_rc_t
job_import_look(job_import_t *import)
{
    dosis_rc_t rc;
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_oplading_t held, next = import->noted;

    if (arena == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = dosis_reader_begin(import->job->reader);
    if (rc == DOSIS_OK) {
        rc = dosis_oplading_of(import->job->reader, next.client,
            next.upload_id, arena, &held);
        dosis_reader_end(import->job->reader);
    }
    if (rc == DOSIS_OK && held.annuleren) {
        rc = job_import_note_alone(import, &next);
    }
    dosis_arena_free(arena);
    return rc;
}


dosis_rc_t
job_import_wait(job_import_t *import, long ms)
{
    return job_wait(import->job, ms) ? DOSIS_OK : DOSIS_EBUSY;
}


/*
 * Who comes when too much was written since the last one has to make it, with
 * the lock: that shall not be a push that comes behind us.
 */
static dosis_rc_t
wait_for_checkpoint(job_import_t *import)
{
    unsigned waits;
    dosis_rc_t rc = DOSIS_OK;
    dosis_journal_t state;

    for (waits = 0; rc == DOSIS_OK && waits < CHECKPOINT_WAITS; waits++) {
        rc = job_import_wait(import, JOB_PAUSE_MS);
        if (dosis_store_journal(import->job->store, &state) != DOSIS_OK
            || !state.due) {
            break;
        }
    }
    return rc;
}


dosis_rc_t
job_import_rest(job_import_t *import)
{
    const struct timespec moment = { .tv_nsec = HANDOVER_US * 1000 };

    if (!atomic_load(&import->job->alone)) {
        return wait_for_checkpoint(import);
    }
    (void) nanosleep(&moment, NULL);
    return job_stopping(import->job) ? DOSIS_EBUSY : DOSIS_OK;
}


/* Under the lock: has anybody written since our last transaction? */
void
job_import_heed(job_import_t *import)
{
    uint64_t last = dosis_store_last_txn(import->job->store);
    int64_t now_ms = dosisd_monotonic_ms();
    bool alone;

    if (last != import->txn) {
        import->others_ms = now_ms;
    }
    import->txn = last + 1; /* ours */
    alone = now_ms - import->others_ms >= JOB_ALONE_MS;
    dosis_store_bulk(import->job->store, alone);
    atomic_store(&import->job->alone, alone);
}


void
job_import_let_others(job_import_t *import)
{
    import->others_ms = dosisd_monotonic_ms();
    atomic_store(&import->job->alone, false);
}


void
job_import_undone(job_import_t *import)
{
    import->txn = 0; /* none of ours will be the next */
}


static void
say_end(const dosis_oplading_t *oplading)
{
    dosisd_log(DOSISD_NOTICE,
        "import ended: oplading=%" PRIu64 " toestand=%s rows=%" PRIu64
        " dossiers=%" PRIu64 " refused=%" PRIu64 " seconds=%" PRId64
        " code=%.*s",
        oplading->nummer, dosis_toestand_name(oplading->toestand),
        oplading->rijen, oplading->dossiers, oplading->fouten,
        (oplading->klaar_ns - oplading->begonnen_ns) / 1000000000,
        (int) oplading->fout_code.len, oplading->fout_code.data);
}


/* --- the end ------------------------------------------------------------- */

/* What ends a run, besides its end; everything else is tried again. */
static const struct {
    dosis_rc_t rc;
    const char *code;
    const char *text;
} ends[] = {
    { DOSIS_ENOTFOUND, "BestandVerdwenen",
        "Het geleverde bestand is niet meer aanwezig." },
    { DOSIS_EFORMAT, "BestandBeschadigd",
        "Het bestand is beschadigd of houdt te vroeg op; wat ervoor stond, is"
        " verwerkt." },
    { DOSIS_EKEY, "BestandBeschadigd",
        "Het bestand kan niet meer gelezen worden; wat ervoor stond, is"
        " verwerkt." },
    { DOSIS_ELIMIT, "BestandTeGroot",
        "Het bestand is uitgepakt groter dan toegelaten; wat ervoor stond, is"
        " verwerkt." },
};


static bool
set_failure(dosis_oplading_t *next, dosis_rc_t rc, const dosis_err_t *why)
{
    size_t i;

    if (rc == DOSIS_EINPUT && why->count > 0) {
        next->fout_code = dosis_slice_of(why->item[0].code);
        next->fout = dosis_slice_of(why->item[0].text);
        return true;
    }
    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (ends[i].rc == rc) {
            next->fout_code = dosis_slice_of(ends[i].code);
            next->fout = dosis_slice_of(ends[i].text);
            return true;
        }
    }
    return false;
}


static dosis_rc_t
end_with(job_import_t *import, dosis_rc_t rc, const dosis_err_t *why)
{
    dosis_oplading_t next = import->noted;

    if (rc == DOSIS_OK && next.volledig) {
        memset(next.positie, 0, sizeof(next.positie));
        next.positie[AT_PHASE] = JOB_PHASE_COUNT;
        return job_import_note_alone(import, &next);
    }
    if (rc == DOSIS_OK) {
        next.toestand = DOSIS_OPLADING_KLAAR;
    } else if (set_failure(&next, rc, why)) {
        next.toestand = DOSIS_OPLADING_MISLUKT;
    } else {
        return rc;
    }
    next.klaar_ns = dosisd_now_ns();
    return job_import_note_alone(import, &next);
}


/* --- rows ---------------------------------------------------------------- */

/*
 * How much of it was done before a stop. A window that was begun and is not
 * the same again must not go on: its order is another one.
 */
static dosis_rc_t
take_up(const job_import_t *import, job_window_t *window)
{
    uint64_t at = import->noted.positie[AT_DONE];

    if (at == 0 || window->from.bytes != import->noted.positie[AT_BYTES]
        || window->done > 0) {
        return DOSIS_OK;
    }
    if (window->count != at >> AT_DONE_OF) {
        return window->rc != DOSIS_OK ? window->rc : DOSIS_EFORMAT;
    }
    window->done = (uint32_t) at;
    return DOSIS_OK;
}


static dosis_rc_t
take_windows(job_import_t *import, job_queue_t *queue, dosis_err_t *why)
{
    bool last = false;
    unsigned waits = 0;
    dosis_rc_t rc = DOSIS_OK;
    job_window_t *window;

    while (rc == DOSIS_OK && !last && job_import_runs(import)) {
        window = job_queue_await(queue, AWAIT_MS);
        if (job_stopping(import->job)) {
            return DOSIS_EBUSY;
        }
        if (window != NULL && window->rc == DOSIS_EPAUSED) {
            return window->rc; /* what stands in it is no whole window */
        }
        if (window == NULL) {
            rc = ++waits % CANCEL_LOOK == 0 ? job_import_look(import)
                                            : DOSIS_OK;
            continue;
        }
        rc = take_up(import, window);
        if (rc == DOSIS_OK) {
            rc = job_apply(import, window);
        }
        last = window->last;
        if (rc == DOSIS_OK && last && job_import_runs(import)) {
            *why = window->why;
            rc = end_with(import, window->rc, why);
        }
        job_queue_back(queue, window);
    }
    return rc;
}


static dosis_rc_t
run_rows(job_import_t *import)
{
    dosis_rc_t rc;
    job_queue_t queue;
    dosis_err_t why;
    const dosis_oplading_t delivered = import->noted;
    job_read_t *read = &import->read;

    memset(read, 0, sizeof(*read));
    read->job = import->job;
    read->oplading = &delivered;
    read->queue = &queue;
    read->at = (job_place_t) { delivered.positie[AT_BYTES],
        delivered.positie[AT_LIJN], delivered.gelezen };
    read->first = delivered.positie[AT_DONE] >> AT_DONE_OF;
    if (read->first > JOB_WINDOW_ITEMS) {
        return DOSIS_EFORMAT;
    }
    rc = job_queue_init(&queue);
    if (rc == DOSIS_OK) {
        rc = job_read_start(read);
    }
    if (rc == DOSIS_OK) {
        rc = take_windows(import, &queue, &why);
    }
    job_queue_end(&queue);
    job_read_stop(read);
    job_queue_done(&queue);
    return rc;
}


/* --- the whole ----------------------------------------------------------- */

static dosis_rc_t
begin(job_import_t *import)
{
    dosis_oplading_t next = import->noted;

    if (next.toestand == DOSIS_OPLADING_BEZIG) {
        dosisd_log(DOSISD_NOTICE,
            "import goes on: oplading=%" PRIu64 " row=%" PRIu64, next.nummer,
            next.rijen);
        return next.annuleren ? job_import_note_alone(import, &next)
                              : DOSIS_OK;
    }
    next.toestand = DOSIS_OPLADING_BEZIG;
    next.begonnen_ns = dosisd_now_ns();
    memset(next.positie, 0, sizeof(next.positie));
    dosisd_log(DOSISD_NOTICE,
        "import begins: oplading=%" PRIu64 " bytes=%" PRIu64 " gzip=%d"
        " proef=%d volledig=%d",
        next.nummer, next.bytes, next.gzip, next.proef, next.volledig);
    return job_import_note_alone(import, &next);
}


static dosis_rc_t
run(job_import_t *import)
{
    dosis_rc_t rc;

    import->others_ms = dosisd_monotonic_ms();
    rc = begin(import);
    if (rc == DOSIS_OK && job_import_runs(import)
        && import->noted.positie[AT_PHASE] == JOB_PHASE_ROWS) {
        rc = run_rows(import);
    }
    if (rc == DOSIS_OK && job_import_runs(import)) {
        job_import_let_others(import); /* it takes little at a time anyway */
        dosis_store_bulk(import->job->store, false);
        rc = job_whole(import);
    }
    if (rc == DOSIS_OK && !job_import_runs(import)) {
        say_end(&import->noted);
        if (dosis_spool_remove(import->job->dir, import->noted.spool)
            != DOSIS_OK) {
            dosisd_log(DOSISD_WARN,
                "file of an import not removed, later: oplading=%" PRIu64,
                import->noted.nummer);
        }
    }
    return rc;
}


dosis_rc_t
job_import(job_t *job)
{
    dosis_rc_t rc;
    dosis_arena_t *arena;
    job_import_t import = { .job = job };

    arena = dosis_arena_create(ARENA_MAX);
    if (arena == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = dosis_reader_begin(job->reader);
    if (rc == DOSIS_OK) {
        rc = job_next(job, job->reader, arena, &import.noted);
        dosis_reader_end(job->reader);
    }
    if (rc == DOSIS_OK) {
        rc = run(&import);
        atomic_store(&job->alone, false);
        dosis_store_bulk(job->store, false);
        if (!job_stopping(job)) {
            job_say(job, "import", rc);
        }
        rc = rc == DOSIS_EPAUSED ? DOSIS_OK : rc; /* on to another one */
    }
    dosis_arena_free(arena);
    return rc;
}
