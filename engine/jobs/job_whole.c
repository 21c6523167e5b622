/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A file that is the whole of a source: which of its dossiers are not in it.
 * First they are counted and told; then, if that is asked and nothing speaks
 * against it, withdrawn: in parts of the ids, the keys of the file in memory.
 */
#include <stdio.h>

#include "base/dosis_wire.h"
#include "daemon/dosisd_loop.h"
#include "jobs/job_import.h"
#include "jobs/job_keys.h"
#include "store/dosis_source.h"

#define ARENA_MAX ((size_t) 1 << 20)
#define ID_AT     4
#define STEP_ITEMS 200   /* a withdrawal costs more than a row */
#define PAUSE_LOOK_MS 500

/* What one step found. */
typedef struct {
    job_import_t *import;
    job_keys_t *keys;
    dosis_arena_t *arena;
    dosis_source_walk_t walk;
    dosis_slice_t nummer[STEP_ITEMS];
    size_t count;
} step_t;


/* --- looking ------------------------------------------------------------- */

static dosis_rc_t
wanted(const uint8_t id[16], void *payload)
{
    const step_t *step = payload;

    return job_keys_hold(step->keys, id) ? DOSIS_ENOTFOUND : DOSIS_OK;
}


static dosis_rc_t
on_dossier(const dosis_source_dossier_t *dossier, void *payload)
{
    step_t *step = payload;
    int64_t moment_ns = step->import->noted.peildatum_ns;

    if (dossier->wijziging_ns >= moment_ns
        || dossier->ontvangen_ns >= moment_ns) {
        return DOSIS_OK;
    }
    if (step->count == STEP_ITEMS) {
        return DOSIS_ELIMIT;
    }
    step->nummer[step->count]
        = dosis_arena_copy(step->arena, dossier->nummer);
    return step->nummer[step->count++].data == NULL ? DOSIS_ENOMEM : DOSIS_OK;
}


/* The ids fall into so many parts; the one that this one is in. */
static void
find_part(const dosis_oplading_t *noted, job_keys_t *ret_range)
{
    uint64_t parts = 1 + noted->rijen / JOB_KEYS_PART;
    uint64_t width = UINT64_MAX / parts, part;

    part = parts == 1 ? 0 : noted->positie[0] / width;
    part = part >= parts ? parts - 1 : part;
    ret_range->first = part * width;
    ret_range->last
        = part == parts - 1 ? UINT64_MAX : ret_range->first + width - 1;
}


/* ENOTFOUND: the source is not one that the client may deliver for. */
static dosis_rc_t
look(step_t *step, bool *ret_more)
{
    dosis_rc_t rc;
    dosis_reader_t *reader = step->import->job->reader;
    const dosis_oplading_t *noted = &step->import->noted;
    const dosis_ref_t *ref;

    step->count = 0;
    dosis_arena_reset(step->arena);
    rc = dosis_reader_begin(reader);
    if (rc != DOSIS_OK) {
        return rc;
    }
    ref = dosis_reader_ref(reader);
    step->walk = (dosis_source_walk_t) { .wanted = wanted,
        .bron = dosis_ref_bron(ref, noted->bron),
        .on_dossier = on_dossier,
        .payload = step,
        .until = step->keys->last };
    if (!dosis_ref_delivers(ref, noted->client, step->walk.bron)) {
        rc = DOSIS_EDENIED;
    } else {
        dosis_source_walk_from(reader, &step->walk, noted->positie[0]);
        dosis_be32((char *) step->walk.at + 12, (uint32_t) noted->positie[1]);
        rc = dosis_source_walk(reader, &step->walk, ret_more);
    }
    dosis_reader_end(reader);
    return rc;
}


/* --- deciding ------------------------------------------------------------ */

static void
end_because(dosis_oplading_t *next, const char *code, const char *text)
{
    next->toestand = DOSIS_OPLADING_KLAAR;
    next->klaar_ns = dosisd_now_ns();
    next->fout_code = dosis_slice_of(code);
    next->fout = dosis_slice_of(text);
}


/* All is counted: is anything withdrawn? */
static void
decide(const step_t *step, dosis_oplading_t *next)
{
    uint64_t seen = next->positie[AT_SEEN];
    uint32_t percent = step->walk.bron->ontbrekend_max;

    if (!next->intrekken || next->proef || next->ontbrekend == 0) {
        end_because(next, NULL, NULL);
    } else if (step->keys->unreadable > 0) {
        end_because(next, "SleutelOnleesbaar",
            "Niets ingetrokken: van een rij is niet te lezen over welk dossier"
            " zij gaat.");
    } else if (step->keys->foreign > 0) {
        end_because(next, "AndereBron",
            "Niets ingetrokken: een rij is van een andere bron dan het bestand"
            " zegt te zijn.");
    } else if (next->ontbrekend * 100 > (uint64_t) percent * seen) {
        end_because(next, "TeVeelOntbrekend",
            "Niets ingetrokken: er ontbreken meer dossiers dan de bron"
            " toelaat (OntbrekendMaxProcent).");
    } else {
        memset(next->positie, 0, sizeof(next->positie));
        next->positie[AT_PHASE] = JOB_PHASE_WITHDRAW;
    }
}


static void
go_on(const step_t *step, bool more, dosis_oplading_t *next)
{
    if (more) {
        next->positie[0]
            = dosis_be64_get((const char *) step->walk.at + ID_AT);
        next->positie[1] = dosis_be32_get((const char *) step->walk.at + 12);
        return;
    }
    if (step->keys->last < UINT64_MAX) {
        next->positie[0] = step->keys->last + 1;
        next->positie[1] = 0;
        return;
    }
    if (next->positie[AT_PHASE] == JOB_PHASE_COUNT) {
        decide(step, next);
    } else {
        end_because(next, NULL, NULL);
    }
}


/* --- doing --------------------------------------------------------------- */

static void
tell_missing(step_t *step, dosis_txn_t *txn, dosis_oplading_t *next)
{
    size_t i;

    for (i = 0; i < step->count; i++) {
        dosis_oplading_missing(txn, next, step->nummer[i]);
    }
    next->ontbrekend += step->count;
    next->positie[AT_SEEN] += step->walk.seen;
}


/* One that came in meanwhile is not of before any more, and stays. */
static dosis_rc_t
withdraw(step_t *step, dosis_txn_t *txn, dosis_oplading_t *next)
{
    size_t i;
    dosis_rc_t rc;
    dosis_delivery_t d;

    for (i = 0; i < step->count; i++) {
        memset(&d, 0, sizeof(d));
        d.withdraw = true;
        d.client = next->client;
        d.dossier.bron = next->bron;
        d.dossier.nummer = step->nummer[i];
        d.problems = d.warnings = &dosis_err_none;
        d.before_ns = next->peildatum_ns;
        d.oplading = next->nummer;
        d.unasked = true;
        rc = dosis_delivery_prepare(
            step->import->job->reader, &d, step->arena);
        if (rc == DOSIS_OK) {
            dosis_deliver(txn, &d);
            rc = d.rc;
        }
        if (rc == DOSIS_OK && d.resultaat == DOSIS_INGETROKKEN) {
            next->ingetrokken++;
        } else if (rc != DOSIS_OK && rc != DOSIS_EPRECOND) {
            return rc;
        }
    }
    return DOSIS_OK;
}


static dosis_rc_t
do_step(step_t *step, bool more, bool *ret_paused)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    dosis_oplading_t next = step->import->noted;
    const int64_t now_ns = dosisd_now_ns();

    rc = dosis_txn_begin(step->import->job->writer, now_ns, &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    *ret_paused
        = dosis_ref_pauze_bron(dosis_txn_ref(txn), next.bron, now_ns) != NULL;
    if (*ret_paused) {
        dosis_txn_abort(txn);
        return DOSIS_OK;
    }
    if (next.positie[AT_PHASE] == JOB_PHASE_COUNT) {
        tell_missing(step, txn, &next);
    } else {
        rc = withdraw(step, txn, &next);
    }
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
        return rc;
    }
    go_on(step, more, &next);
    return job_import_note(step->import, txn, &next);
}


static dosis_rc_t
end_denied(job_import_t *import)
{
    dosis_oplading_t next = import->noted;

    end_because(&next, "BronNietToegelaten",
        "Niets ingetrokken: deze client mag niet leveren voor deze bron.");
    return job_import_note_alone(import, &next);
}


static dosis_rc_t
step_once(step_t *step)
{
    bool more = false, paused = false;
    dosis_rc_t rc;
    job_keys_t range;
    job_import_t *import = step->import;

    find_part(&import->noted, &range);
    rc = job_keys_read(import->job, &import->noted, range.first, range.last,
        step->keys);
    if (rc == DOSIS_OK) {
        rc = look(step, &more);
    }
    if (rc == DOSIS_EDENIED) {
        return end_denied(import);
    }
    if (rc == DOSIS_OK) {
        rc = do_step(step, more, &paused);
    }
    if (rc == DOSIS_OK) {
        job_say(import->job, "import", paused ? DOSIS_EPAUSED : rc);
        rc = job_import_wait(import, paused ? PAUSE_LOOK_MS : JOB_PAUSE_MS);
    }
    return rc == DOSIS_OK && paused ? job_import_look(import) : rc;
}


dosis_rc_t
job_whole(job_import_t *import)
{
    dosis_rc_t rc = DOSIS_OK;
    job_keys_t keys = { 0 };
    step_t step = { .import = import, .keys = &keys };

    step.arena = dosis_arena_create(ARENA_MAX);
    if (step.arena == NULL) {
        return DOSIS_ENOMEM;
    }
    while (rc == DOSIS_OK && job_import_runs(import)) {
        rc = step_once(&step);
    }
    dosis_arena_free(step.arena);
    job_keys_done(&keys);
    return rc;
}
