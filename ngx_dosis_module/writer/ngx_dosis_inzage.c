/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_inzage.h"

#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_worker.h"
#include "store/dosis_ledger.h"

#define INZAGE_WAIT_MS 1000
#define INZAGE_FULL_BYTES ((size_t) 256 << 10) /* then it does not wait */
#define INZAGE_TRIES_LEAVING 3
#define INZAGE_MAX ((size_t) 64 << 20)

/* Consultations on their way to the disk. */
typedef struct inzage_batch_s inzage_batch_t;

struct inzage_batch_s {
    ngx_dosis_job_t job;
    inzage_batch_t *next; /* of those that were not written */
    dosis_buf_t bytes;
    ngx_uint_t count;
};

/* An answer that waits for its own consultation. */
typedef struct {
    ngx_dosis_job_t job;
    dosis_buf_t bytes;
    dosis_buf_t texts; /* what the reply points to, one behind the other */
    ngx_dosis_reply_t reply;
} inzage_held_t;

static struct {
    dosis_buf_t bytes; /* not yet handed over */
    ngx_uint_t count;
    inzage_batch_t *kept;  /* not written: tried again */
    size_t total;          /* bytes of all that is not on disk */
    ngx_uint_t tries;      /* since something was written */
    bool failing;          /* as the log has it */
    dosis_buf_t one;       /* a consultation on its way into bytes */
    ngx_event_t timer;
    ngx_connection_t dummy; /* what nginx wants in a timer's data */
} ledger;


static void inzage_flush(void);


/* --- one consultation ----------------------------------------------------- */

static ngx_dosis_inzage_mode_t
inzage_mode(void)
{
    return (ngx_dosis_inzage_mode_t) ngx_dosis_worker()->conf->inzage;
}


/* What was refused shows nothing, nor does a piece without a dossier. */
static bool
inzage_counts(const dosis_inzage_t *seen)
{
    if (seen->deur == DOSIS_DEUR_GEEN || inzage_mode() == NGX_DOSIS_INZAGE_OFF
        || (seen->subjects == 0 && seen->bron.len == 0)) {
        return false;
    }
    return seen->deur != DOSIS_DEUR_WIJZIGINGEN
        || (seen->shown != NULL && seen->shown->count > 0);
}


/* Its bytes with their length in front. */
static dosis_rc_t
inzage_add(
    dosis_buf_t *to, ngx_http_request_t *r, const dosis_inzage_t *seen)
{
    dosis_inzage_t inzage = *seen;
    const ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(r);

    inzage.aanvraag = ngx_dosis_slice(&ctx->request_id);
    inzage.time_ns = ngx_dosis_now_ns();
    dosis_buf_reset(&ledger.one);
    dosis_inzage_add(&ledger.one, &inzage);
    if (ledger.one.rc == DOSIS_OK) {
        dosis_wire_put_slice(to, dosis_buf_slice(&ledger.one));
    }
    return (ledger.one.rc != DOSIS_OK) ? ledger.one.rc : to->rc;
}


/* Enough for a commit; of a small buffer a part, so that it is never full. */
static bool
inzage_is_due(void)
{
    size_t part = ngx_dosis_worker()->conf->inzage_buffer / 4;

    return ledger.bytes.len >= ngx_min(part, INZAGE_FULL_BYTES);
}


static dosis_rc_t
inzage_note(ngx_http_request_t *r, const dosis_inzage_t *seen)
{
    size_t before = ledger.bytes.len;
    dosis_rc_t rc = inzage_add(&ledger.bytes, r, seen);

    if (rc != DOSIS_OK) {
        ledger.bytes.len = before; /* half of one is none */
        ledger.bytes.rc = DOSIS_OK;
        return rc;
    }
    ledger.count++;
    ledger.total += ledger.bytes.len - before;
    if (inzage_is_due() && ledger.kept == NULL) {
        inzage_flush();
    } else if (!ledger.timer.timer_set) {
        ngx_add_timer(&ledger.timer, INZAGE_WAIT_MS);
    }
    return DOSIS_OK;
}


bool
ngx_dosis_inzage_has_room(dosis_deur_t deur)
{
    return deur == DOSIS_DEUR_GEEN || inzage_mode() != NGX_DOSIS_INZAGE_ON
        || ledger.total < ngx_dosis_worker()->conf->inzage_buffer;
}


/* --- to the writer -------------------------------------------------------- */

static void
inzage_work(dosis_txn_t *txn, ngx_dosis_job_t *job)
{
    const inzage_batch_t *batch = job->owner;

    dosis_ledger_append(txn, dosis_buf_slice(&batch->bytes));
}


static void
batch_free(inzage_batch_t *batch)
{
    ledger.total -= batch->bytes.len;
    dosis_buf_done(&batch->bytes);
    ngx_free(batch);
}


static void
batch_keep(inzage_batch_t *batch)
{
    batch->next = ledger.kept;
    ledger.kept = batch;
}


/* One line when it changes. */
static void
inzage_say(bool failing, dosis_rc_t rc)
{
    if (failing == ledger.failing) {
        return;
    }
    ledger.failing = failing;
    if (failing) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
            "consultations not written, keeping them until it works:"
            " rc=%s bytes=%uz (%s)",
            dosis_rc_name(rc), ledger.total, dosis_rc_text(rc));
    } else {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
            "consultations are written again: bytes=%uz", ledger.total);
    }
}


static void
batch_on_commit(ngx_dosis_job_t *job)
{
    inzage_batch_t *batch = job->owner;

    if (job->rc == DOSIS_OK) {
        ledger.tries = 0;
        inzage_say(false, DOSIS_OK);
        batch_free(batch);
        return;
    }
    inzage_say(true, job->rc);
    batch_keep(batch);
    ledger.tries++;
    if (!ledger.timer.timer_set
        && !(ngx_exiting && ledger.tries >= INZAGE_TRIES_LEAVING)) {
        ngx_add_timer(&ledger.timer, INZAGE_WAIT_MS);
    }
}


/* The worker ends: written by now, or left for exit. */
static void
batch_on_drop(ngx_dosis_job_t *job)
{
    inzage_batch_t *batch = job->owner;

    if (job->rc == DOSIS_OK) {
        batch_free(batch);
    } else {
        batch_keep(batch);
    }
}


/* false: no room in the queue; it is kept. */
static bool
batch_submit(inzage_batch_t *batch)
{
    batch->job.rc = DOSIS_EBUSY; /* until it is written */
    if (ngx_dosis_writer_submit(ngx_dosis_worker()->writer, &batch->job)
        == DOSIS_OK) {
        return true;
    }
    batch_keep(batch);
    return false;
}


/* What is in the buffer, in a batch of its own; NULL: nothing, no memory. */
static inzage_batch_t *
batch_take(void)
{
    inzage_batch_t *batch;

    if (ledger.bytes.len == 0) {
        return NULL;
    }
    batch = ngx_calloc(sizeof(*batch), ngx_cycle->log);
    if (batch == NULL) {
        return NULL;
    }
    batch->bytes = ledger.bytes;
    batch->count = ledger.count;
    dosis_buf_init(&ledger.bytes, INZAGE_MAX);
    ledger.count = 0;
    batch->job.owner = batch;
    batch->job.work = inzage_work;
    batch->job.on_commit = batch_on_commit;
    batch->job.on_drop = batch_on_drop;
    batch->job.bytes = batch->bytes.len;
    batch->job.count = 0; /* who delivers keeps its place */
    return batch;
}


static void
inzage_flush(void)
{
    bool room = true;
    inzage_batch_t *batch;
    inzage_batch_t *next = ledger.kept;

    ledger.kept = NULL;
    while (next != NULL) {
        batch = next;
        next = batch->next;
        room = batch_submit(batch) && room;
    }
    batch = batch_take();
    if (batch != NULL) {
        room = batch_submit(batch) && room;
    }
    if ((!room || ledger.bytes.len > 0) && !ledger.timer.timer_set) {
        ngx_add_timer(&ledger.timer, INZAGE_WAIT_MS);
    }
}


static void
inzage_on_timer(ngx_event_t *ev)
{
    inzage_flush();
}


/* --- strict --------------------------------------------------------------- */

static void
held_free(inzage_held_t *held)
{
    ngx_dosis_listen_end(&held->job.listener);
    dosis_buf_done(&held->bytes);
    dosis_buf_done(&held->texts);
    ngx_free(held);
}


static void
held_on_drop(ngx_dosis_job_t *job)
{
    held_free(job->owner);
}


static void
held_on_commit(ngx_dosis_job_t *job)
{
    inzage_held_t *held = job->owner;
    const ngx_dosis_reply_t refused = {
        .problem = ngx_dosis_problem_of_rc(DOSIS_EBUSY)
    };

    ngx_dosis_listener_answer(
        &job->listener, job->rc == DOSIS_OK ? &held->reply : &refused);
    held_free(held);
}


static void
held_work(dosis_txn_t *txn, ngx_dosis_job_t *job)
{
    const inzage_held_t *held = job->owner;

    dosis_ledger_append(txn, dosis_buf_slice(&held->bytes));
}


/* The texts of the reply, moved to where they outlive this turn. */
static dosis_rc_t
held_keep(inzage_held_t *held, const ngx_dosis_reply_t *reply)
{
    size_t i;
    size_t at = 0;
    dosis_slice_t *part[] = { &held->reply.body, &held->reply.etag,
        &held->reply.link, &held->reply.cookie };

    held->reply = *reply;
    held->reply.err = NULL;
    dosis_buf_init(&held->texts, reply->body.len + reply->etag.len
            + reply->link.len + reply->cookie.len + 1);
    for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
        dosis_buf_add_slice(&held->texts, *part[i]);
    }
    for (i = 0; held->texts.rc == DOSIS_OK
         && i < sizeof(part) / sizeof(part[0]); i++) {
        part[i]->data = held->texts.data + at;
        at += part[i]->len;
    }
    return held->texts.rc;
}


/* NGX_DONE: it waits; else the refusal to send. */
static ngx_dosis_problem_t
held_create(ngx_http_request_t *r, const ngx_dosis_reply_t *reply,
    const dosis_inzage_t *seen)
{
    dosis_rc_t rc;
    inzage_held_t *held = ngx_calloc(sizeof(*held), ngx_cycle->log);

    if (held == NULL) {
        return ngx_dosis_problem_of_rc(DOSIS_EBUSY);
    }
    dosis_buf_init(&held->bytes, INZAGE_MAX);
    held->job.owner = held;
    held->job.work = held_work;
    held->job.on_commit = held_on_commit;
    held->job.on_drop = held_on_drop;
    held->job.count = 1;
    rc = held_keep(held, reply);
    if (rc == DOSIS_OK) {
        rc = inzage_add(&held->bytes, r, seen);
    }
    if (rc == DOSIS_OK) {
        held->job.bytes = held->bytes.len;
        rc = ngx_dosis_writer_submit(ngx_dosis_worker()->writer, &held->job);
    }
    if (rc != DOSIS_OK) {
        held_free(held);
        return ngx_dosis_problem_of_rc(DOSIS_EBUSY);
    }
    ngx_dosis_listen(r, &held->job.listener);
    return NGX_DOSIS_FINE;
}


/* --- the ways out --------------------------------------------------------- */

/* What may be sent now; NULL: it waits. */
static const ngx_dosis_reply_t *
inzage_judge(ngx_http_request_t *r, const ngx_dosis_reply_t *reply,
    const dosis_inzage_t *seen, ngx_dosis_reply_t *refused)
{
    if (reply->problem != NGX_DOSIS_FINE || !inzage_counts(seen)) {
        return reply;
    }
    ngx_memzero(refused, sizeof(*refused));
    if (inzage_mode() == NGX_DOSIS_INZAGE_STRICT) {
        refused->problem = held_create(r, reply, seen);
        return (refused->problem == NGX_DOSIS_FINE) ? NULL : refused;
    }
    if (inzage_note(r, seen) == DOSIS_OK) {
        return reply;
    }
    refused->problem = ngx_dosis_problem_of_rc(DOSIS_EBUSY);
    return refused;
}


ngx_int_t
ngx_dosis_inzage_reply(ngx_http_request_t *r, const ngx_dosis_reply_t *reply,
    const dosis_inzage_t *seen)
{
    ngx_dosis_reply_t refused;
    const ngx_dosis_reply_t *send = inzage_judge(r, reply, seen, &refused);

    return (send == NULL) ? NGX_DONE : ngx_dosis_reply_send(r, send);
}


void
ngx_dosis_inzage_answer(ngx_dosis_listener_t *listener,
    const ngx_dosis_reply_t *reply, const dosis_inzage_t *seen)
{
    ngx_http_request_t *r = listener->r;
    ngx_dosis_reply_t refused;
    const ngx_dosis_reply_t *send;

    if (r == NULL) {
        return; /* nobody is there to see it */
    }
    send = inzage_judge(r, reply, seen, &refused);
    if (send == NULL) {
        listener->r = NULL; /* another listens for it now */
        return;
    }
    ngx_dosis_listener_answer(listener, send);
}


bool
ngx_dosis_inzage_piece(ngx_http_request_t *r, const dosis_inzage_t *seen)
{
    if (seen->deur != DOSIS_DEUR_WIJZIGINGEN || !inzage_counts(seen)) {
        return true;
    }
    if (inzage_note(r, seen) != DOSIS_OK) {
        return false;
    }
    if (inzage_mode() == NGX_DOSIS_INZAGE_STRICT) {
        inzage_flush();
    }
    return true;
}


/* --- the worker ----------------------------------------------------------- */

void
ngx_dosis_inzage_init(ngx_cycle_t *cycle)
{
    ngx_memzero(&ledger, sizeof(ledger));
    dosis_buf_init(&ledger.bytes, INZAGE_MAX);
    dosis_buf_init(&ledger.one, DOSIS_INZAGE_MAX);
    ledger.dummy.fd = (ngx_socket_t) -1;
    ledger.timer.data = &ledger.dummy;
    ledger.timer.log = cycle->log;
    ledger.timer.handler = inzage_on_timer;
}


static dosis_rc_t
inzage_write_rest(dosis_store_t *store)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    dosis_writer_t *writer;
    const inzage_batch_t *batch;

    if (store == NULL) {
        return DOSIS_EBUSY;
    }
    rc = dosis_writer_create(store, &writer);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_txn_begin(writer, ngx_dosis_now_ns(), &txn);
    if (rc == DOSIS_OK) {
        for (batch = ledger.kept; batch != NULL; batch = batch->next) {
            dosis_ledger_append(txn, dosis_buf_slice(&batch->bytes));
        }
        rc = dosis_txn_commit(txn);
    }
    dosis_writer_free(writer);
    return rc;
}


void
ngx_dosis_inzage_exit(ngx_cycle_t *cycle, dosis_store_t *store)
{
    dosis_rc_t rc;
    ngx_uint_t lost = 0;
    inzage_batch_t *batch = batch_take();

    if (batch != NULL) {
        batch_keep(batch);
    }
    rc = (ledger.kept == NULL) ? DOSIS_OK : inzage_write_rest(store);
    while (ledger.kept != NULL) {
        batch = ledger.kept;
        ledger.kept = batch->next;
        lost += batch->count;
        batch_free(batch);
    }
    if (rc != DOSIS_OK) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
            "consultations lost, the worker ends: count=%ui rc=%s (%s)", lost,
            dosis_rc_name(rc), dosis_rc_text(rc));
    }
    dosis_buf_done(&ledger.bytes);
    dosis_buf_done(&ledger.one);
}
