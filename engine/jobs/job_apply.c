/* SPDX-License-Identifier: EUPL-1.2 */
/* Windows into the store, at most 500 deliveries at a time. */
#include "daemon/dosisd_loop.h"
#include "domain/dosis_rule.h"
#include "jobs/job_import.h"

#define PAUSE_LOOK_MS 500
#define LOOK_EVERY    16  /* deliveries, at the clock */
#define TRIAL_ITEMS   200 /* judged before the lock is taken */

/* One transaction. */
typedef struct {
    job_import_t *import;
    job_window_t *window;
    dosis_txn_t *txn;
    dosis_delivery_t delivery; /* at hand */
    dosis_oplading_t next;
    int64_t now_ns;
    uint64_t refused; /* bytes of rows */
    dosis_slice_t open; /* a source that is not paused */
    bool paused; /* by an operator, before the first one */
} apply_t;


/* --- one delivery -------------------------------------------------------- */

static uint64_t
bytes_of(const job_item_t *item)
{
    size_t i;
    uint64_t bytes = 0;

    for (i = 0; i < item->kept; i++) {
        bytes += item->rij[i].tekst.len;
    }
    return bytes;
}


/* All of them are kept, or none. */
static void
refuse_rows(apply_t *apply, const job_item_t *item, const dosis_err_t *why)
{
    size_t i;
    dosis_afkeuring_t afkeuring = { .problems = why };

    apply->next.tellingen[DOSIS_GEWEIGERD]++;
    apply->next.fouten += item->rijen;
    if (!dosis_oplading_has_room(
            apply->txn, &apply->next, item->kept, bytes_of(item))) {
        return;
    }
    for (i = 0; i < item->kept; i++) {
        afkeuring.lijn = item->rij[i].lijn;
        afkeuring.tekst = item->rij[i].tekst;
        dosis_oplading_refuse(apply->txn, &apply->next, &afkeuring);
    }
}


/* Of what was found under the lock, and is no failure of the store. */
static void
refuse_late(apply_t *apply, const job_item_t *item, dosis_rc_t rc)
{
    dosis_err_t why;

    dosis_err_init(&why);
    if (rc == DOSIS_EDENIED) {
        dosis_rule_broken(&why, DOSIS_RULE_RIJ_BRON, "Bron", NULL);
    } else {
        dosis_rule_broken(&why, DOSIS_RULE_RIJ_UPLOAD_ID, "UploadId", NULL);
    }
    why.item[0].line = (uint32_t) item->rij[0].lijn;
    refuse_rows(apply, item, &why);
}


/* Of one that was refused too. */
static void
warn(apply_t *apply, const job_item_t *item)
{
    const dosis_waarschuwing_t waarschuwing = {
        .lijn = item->rij[0].lijn,
        .nummer = apply->delivery.dossier.nummer,
        .warnings = apply->delivery.warnings,
    };

    dosis_oplading_warn(apply->txn, &apply->next, &waarschuwing);
    apply->next.waarschuwingen++;
}


/* Counts what became of it. false: a failure of the store. */
static bool
count(apply_t *apply, job_item_t *item, dosis_rc_t rc)
{
    const dosis_delivery_t *d = &apply->delivery;
    dosis_resultaat_t resultaat
        = apply->next.proef ? item->expected : d->resultaat;

    switch (rc) {
    case DOSIS_OK:
        apply->next.tellingen[resultaat]++;
        break;
    case DOSIS_EINPUT:
        refuse_rows(apply, item, d->problems);
        break;
    case DOSIS_EDENIED:
        if (item->verdict == rc) {
            refuse_rows(apply, item, d->problems);
            break;
        }
        /* fall through */
    case DOSIS_ECONFLICT:
        refuse_late(apply, item, rc);
        break;
    default:
        return false;
    }
    apply->next.rijen += item->rijen;
    apply->next.dossiers++;
    if (d->warnings->count > 0) {
        warn(apply, item);
    }
    return true;
}


static bool
is_paused(apply_t *apply, const job_item_t *item)
{
    dosis_slice_t bron = apply->delivery.dossier.bron;

    if (item->verdict != DOSIS_OK || dosis_slice_eq(bron, apply->open)) {
        return false;
    }
    apply->open = bron;
    return dosis_ref_pauze_bron(
               dosis_txn_ref(apply->txn), bron, apply->now_ns)
        != NULL;
}


static dosis_rc_t
apply_one(apply_t *apply, job_item_t *item)
{
    dosis_delivery_t *d = &apply->delivery;
    dosis_rc_t rc = item->verdict;

    if (rc == DOSIS_OK && !apply->next.proef) {
        dosis_deliver(apply->txn, d);
        rc = d->rc;
    } else if (rc == DOSIS_OK) {
        rc = item->tried;
    }
    if (dosis_txn_rc(apply->txn) != DOSIS_OK) {
        return dosis_txn_rc(apply->txn);
    }
    if (!count(apply, item, rc)) {
        return rc;
    }
    return dosis_txn_rc(apply->txn);
}


/* --- one transaction ----------------------------------------------------- */

/* Of memory; the text of rows that are refused stands in it twice. */
static bool
has_room(apply_t *apply, const job_item_t *item)
{
    apply->refused += item->verdict != DOSIS_OK ? bytes_of(item) : 0;
    return dosis_txn_bytes(apply->txn) < JOB_TXN_BYTES
        && apply->refused < JOB_TXN_REFUSED;
}


/* Another process waits: what is done is committed, the rest comes later. */
static bool
gives_way(apply_t *apply)
{
    if (!atomic_load(&apply->import->job->alone)
        || !dosis_txn_is_wanted(apply->txn)) {
        return false;
    }
    atomic_fetch_add(&apply->import->job->gave_way, 1);
    job_import_let_others(apply->import);
    return true;
}


/* How many there are done then. */
static dosis_rc_t
apply_some(apply_t *apply, size_t *ret_done)
{
    size_t at = apply->window->done, n;
    const bool alone = atomic_load(&apply->import->job->alone);
    const size_t most = apply->next.proef ? TRIAL_ITEMS
        : alone                           ? JOB_TXN_ITEMS
                                          : JOB_TXN_ITEMS_SHORT;
    int64_t until_ms
        = dosisd_monotonic_ms() + (alone ? JOB_TXN_MS : JOB_TXN_MS_SHORT);
    dosis_rc_t rc;
    job_item_t *item;

    for (n = 1; at < apply->window->count && n <= most; n++) {
        item = apply->window->item[at];
        job_unpack(item->pack, &apply->delivery);
        if (is_paused(apply, item)) {
            apply->paused = n == 1;
            break;
        }
        if (!has_room(apply, item) && n > 1) {
            break;
        }
        rc = apply_one(apply, item);
        if (rc != DOSIS_OK) {
            return rc;
        }
        at++;
        if (n % LOOK_EVERY == 0
            && (gives_way(apply) || dosisd_monotonic_ms() >= until_ms)) {
            break;
        }
    }
    (void) gives_way(apply); /* then the next one is short */
    *ret_done = at;
    return DOSIS_OK;
}


/* Where the run goes on when so many of the window are done. */
static void
set_place(dosis_oplading_t *next, const job_window_t *window, size_t done)
{
    const job_place_t *from
        = done == window->count ? &window->to : &window->from;
    uint64_t read = window->to.gelezen - window->from.gelezen;

    next->positie[AT_BYTES] = from->bytes;
    next->positie[AT_LIJN] = from->lijn;
    next->positie[AT_DONE] = done == window->count
        ? 0
        : done | (uint64_t) window->count << AT_DONE_OF;
    next->gelezen = window->from.gelezen
        + (window->count > 0 ? read * done / window->count : read);
}


/* What is left of the last window is what is left of the file. */
static void
set_lijnen(dosis_oplading_t *next, const job_window_t *window)
{
    size_t i;

    if (window->last && window->rc == DOSIS_OK && next->lijnen == 0) {
        next->lijnen = next->rijen;
        for (i = window->done; i < window->count; i++) {
            next->lijnen += window->item[i]->rijen;
        }
    }
}


/* A dry run is judged before the lock is taken. */
static dosis_rc_t
try_some(job_import_t *import, job_window_t *window)
{
    size_t i;
    dosis_rc_t rc;
    const int64_t now_ns = dosisd_now_ns();
    job_item_t *item;
    dosis_delivery_t d;

    rc = dosis_reader_begin(import->job->reader);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (i = window->done;
         i < window->count && i < window->done + TRIAL_ITEMS; i++) {
        item = window->item[i];
        if (item->verdict == DOSIS_OK) {
            job_unpack(item->pack, &d);
            dosis_deliver_trial(import->job->reader, now_ns, &d);
            item->tried = d.rc;
            item->expected = d.expected;
        }
    }
    dosis_reader_end(import->job->reader);
    return DOSIS_OK;
}


static dosis_rc_t
apply_once(
    job_import_t *import, job_window_t *window, dosis_slice_t *ret_paused)
{
    size_t done = 0;
    dosis_rc_t rc = DOSIS_OK;
    apply_t apply = { .import = import,
        .window = window,
        .next = import->noted,
        .now_ns = dosisd_now_ns() };

    if (import->noted.proef) {
        rc = try_some(import, window);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_txn_begin(import->job->writer, apply.now_ns, &apply.txn);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    job_import_heed(import);
    if (window->kop.len > 0 && window->done == 0) {
        dosis_oplading_kop(apply.txn, &apply.next, window->kop);
    }
    set_lijnen(&apply.next, window);
    rc = apply_some(&apply, &done);
    *ret_paused = apply.paused ? apply.open : dosis_slice(NULL, 0);
    if (rc != DOSIS_OK || apply.paused) {
        dosis_txn_abort(apply.txn);
        job_import_undone(import);
        return rc;
    }
    set_place(&apply.next, window, done);
    rc = job_import_note(import, apply.txn, &apply.next);
    if (rc == DOSIS_OK) {
        window->done = done;
    }
    return rc;
}


/* DOSIS_EPAUSED: not here. */
static dosis_rc_t
wait_for_end(job_import_t *import, dosis_slice_t bron)
{
    dosis_rc_t rc;
    job_t *job = import->job;

    job_say(job, "import", DOSIS_EPAUSED);
    if (job_park(job, job->reader, import->noted.nummer, bron)) {
        return DOSIS_EPAUSED;
    }
    rc = job_import_wait(import, PAUSE_LOOK_MS);
    return rc == DOSIS_OK ? job_import_look(import) : rc;
}


dosis_rc_t
job_apply(job_import_t *import, job_window_t *window)
{
    dosis_slice_t paused = { NULL, 0 };
    dosis_rc_t rc;

    do {
        rc = apply_once(import, window, &paused);
        if (rc == DOSIS_OK && paused.len == 0) {
            job_say(import->job, "import", rc);
            rc = job_import_rest(import);
        } else if (rc == DOSIS_OK) {
            rc = wait_for_end(import, paused);
        }
    } while (rc == DOSIS_OK && job_import_runs(import)
        && window->done < window->count);
    return rc;
}
