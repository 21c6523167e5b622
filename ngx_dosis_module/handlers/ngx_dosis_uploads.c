/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET uploads: the CSV files of this client, newest first, paged.
 * GET uploads/{UploadId}: one of them: how far its run is, what came of it.
 * GET uploads/{UploadId}/fouten: its refused rows, paged; or all that are kept
 *     as one CSV file (ngx_dosis_report.c).
 * GET uploads/{UploadId}/waarschuwingen: its dossiers with a warning, paged.
 * DELETE uploads/{UploadId}: it need not go on.
 * GET, DELETE beheer/uploads/{number}: the same two for an operator, of any
 *     client. Not what stands behind it: refused rows and warnings name people,
 *     and to run the register nobody needs them.
 * GET sjabloon.csv: what such a file looks like.
 *
 *   cancel         hands it to the writer
 *   cancel_work    the writer's thread: marks it, or ends one that waits
 *   cancel_commit  answered with what it then is, and logged when an operator
 *                  did it; a file that waited is removed on a thread
 *
 * Another client's is as good as unknown: 404.
 */

#include "auth/ngx_dosis_source.h"
#include "base/dosis_media.h"
#include "base/dosis_text.h"
#include "domain/dosis_csv_dossier.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_worker.h"
#include "store/dosis_oplading.h"
#include "writer/ngx_dosis_job.h"
#include "writer/ngx_dosis_submit.h"
#include "writer/ngx_dosis_task.h"

#define UPLOADS_PARAMS (NGX_DOSIS_PARAM(LIMIET) | NGX_DOSIS_PARAM(NA))
#define UPLOADS_CSV "text/csv; charset=utf-8"
#define UPLOADS_TASK_BYTES 4096
#define UPLOADS_DIGITS 18 /* of a number */

/* Lies in the arena of its job. */
typedef struct {
    dosis_arena_t *arena;
    dosis_slice_t client; /* who asks */
    dosis_slice_t upload_id;
    uint64_t nummer;      /* of an operator's, or 0 */
    dosis_oplading_t held;
    bool done;            /* an operator's: it made a difference */
    dosis_rc_t rc;
} cancel_t;


static bool
uploads_page(ngx_dosis_call_t *call, uint32_t *ret_limit, dosis_slice_t *ret_na)
{
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call, UPLOADS_PARAMS, &params)) {
        return false;
    }
    *ret_na = params.value[NGX_DOSIS_PARAM_NA];
    return ngx_dosis_source_limit(
        call, params.value[NGX_DOSIS_PARAM_LIMIET], DOSIS_PAGE_ROWS, ret_limit);
}


static ngx_int_t
uploads_end(ngx_dosis_call_t *call, dosis_rc_t rc)
{
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_cursor(call);
    }
    return (rc == DOSIS_OK) ? ngx_dosis_answer(call)
                            : ngx_dosis_refuse_rc(call, rc);
}


ngx_int_t
ngx_dosis_uploads(ngx_dosis_call_t *call)
{
    dosis_opladingen_page_t page = { .client = call->identity->client,
        .now_ns = call->now_ns };

    if (!uploads_page(call, &page.limit, &page.after)) {
        return NGX_OK;
    }
    return uploads_end(call, dosis_opladingen(call->reader, &page, call->out));
}


/* As the store keeps it: a UUID in lower case; false when it is none. */
static bool
uploads_id(dosis_slice_t segment, char to[DOSIS_UUID_TEXT])
{
    if (!dosis_uuid_valid(segment)) {
        return false;
    }
    ngx_strlow((u_char *) to, (u_char *) segment.data, DOSIS_UUID_TEXT);
    return true;
}


/* false: refused. */
static bool
uploads_find(ngx_dosis_call_t *call, dosis_oplading_t *ret)
{
    char id[DOSIS_UUID_TEXT];
    dosis_rc_t rc = DOSIS_ENOTFOUND;

    if (uploads_id(call->segment, id)) {
        rc = dosis_oplading_of(call->reader, call->identity->client,
            dosis_slice(id, DOSIS_UUID_TEXT), call->arena, ret);
    }
    if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, rc);
    }
    return rc == DOSIS_OK;
}


/* 0: it is none. Written in one way only, so that a file has one address. */
static uint64_t
uploads_nummer(dosis_slice_t segment)
{
    size_t i;
    uint64_t nummer = 0;

    if (!dosis_text_is_digits(segment) || segment.len > UPLOADS_DIGITS
        || segment.data[0] == '0') {
        return 0;
    }
    for (i = 0; i < segment.len; i++) {
        nummer = nummer * 10 + (uint64_t) (segment.data[i] - '0');
    }
    return nummer;
}


ngx_int_t
ngx_dosis_beheer_upload(ngx_dosis_call_t *call)
{
    dosis_oplading_t held;
    dosis_rc_t rc = dosis_oplading_of_nummer(
        call->reader, uploads_nummer(call->segment), call->arena, &held);

    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    dosis_oplading_json_beheer(call->out, &held, call->now_ns);
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_upload_get(ngx_dosis_call_t *call)
{
    dosis_oplading_t held;

    if (!uploads_find(call, &held)) {
        return NGX_OK;
    }
    dosis_oplading_json(call->out, &held, call->now_ns);
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_upload_fouten(ngx_dosis_call_t *call)
{
    dosis_oplading_t held;
    dosis_afkeuringen_page_t page = { .now_ns = call->now_ns };

    if (!uploads_page(call, &page.limit, &page.after)
        || !uploads_find(call, &held)) {
        return NGX_OK;
    }
    if (dosis_media_prefers(ngx_dosis_slice(&ngx_dosis_ctx(call->r)->accept),
            "text/csv", "application/json")) {
        return ngx_dosis_report(call, held.upload_id.data);
    }
    return uploads_end(
        call, dosis_oplading_fouten(call->reader, &held, &page, call->out));
}


ngx_int_t
ngx_dosis_upload_waarschuwingen(ngx_dosis_call_t *call)
{
    dosis_oplading_t held;
    dosis_afkeuringen_page_t page = { .now_ns = call->now_ns };

    if (!uploads_page(call, &page.limit, &page.after)
        || !uploads_find(call, &held)) {
        return NGX_OK;
    }
    return uploads_end(call,
        dosis_oplading_waarschuwingen(call->reader, &held, &page, call->out));
}


ngx_int_t
ngx_dosis_sjabloon(ngx_dosis_call_t *call)
{
    dosis_csv_sjabloon(call->out);
    call->reply.type = UPLOADS_CSV;
    call->reply.disposition =
        DOSIS_SLICE("attachment; filename=\"dosis-sjabloon.csv\"");
    return ngx_dosis_answer(call);
}


/* --- cancel -------------------------------------------------------------- */

static void
cancel_work(dosis_txn_t *txn, ngx_dosis_job_t *job)
{
    cancel_t *cancel = job->owner;

    cancel->rc = cancel->nummer != 0
        ? dosis_oplading_cancel_nummer(
            txn, cancel->nummer, cancel->arena, &cancel->held, &cancel->done)
        : dosis_oplading_cancel(txn, cancel->client, cancel->upload_id,
            cancel->arena, &cancel->held);
}


static void
forget_work(ngx_dosis_task_t *task, dosis_reader_t *reader)
{
    task->rc = dosis_spool_remove(
        (const char *) ngx_dosis_worker()->conf->store.data, task->data);
}


/* The file of one that waited; what fails the engine does in time. */
static void
cancel_forget(const dosis_oplading_t *held)
{
    uint8_t *id = NULL;
    ngx_dosis_task_t *task = ngx_dosis_task_create(UPLOADS_TASK_BYTES);

    if (task != NULL) {
        id = dosis_arena_alloc(task->arena, DOSIS_SPOOL_ID);
    }
    if (id == NULL) {
        ngx_dosis_task_free(task);
        return;
    }
    memcpy(id, held->spool, DOSIS_SPOOL_ID);
    task->data = id;
    task->work = forget_work;
    task->done = ngx_dosis_task_free;
    if (ngx_dosis_task_post(task) != DOSIS_OK) {
        ngx_dosis_task_free(task);
    }
}


static void
cancel_show(const cancel_t *cancel, dosis_buf_t *out)
{
    int64_t now_ns = ngx_dosis_now_ns();

    if (cancel->nummer == 0) {
        dosis_oplading_json(out, &cancel->held, now_ns);
        return;
    }
    if (cancel->done) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
            "dosis file was asked to end: number=%uL operator=%*s",
            cancel->nummer, cancel->client.len, cancel->client.data);
    }
    dosis_oplading_json_beheer(out, &cancel->held, now_ns);
}


static void
cancel_commit(ngx_dosis_job_t *job)
{
    dosis_buf_t *out = ngx_dosis_worker_out();
    const cancel_t *cancel = job->owner;
    dosis_rc_t rc = (job->rc != DOSIS_OK) ? job->rc : cancel->rc;
    ngx_dosis_reply_t reply = { .problem = NGX_DOSIS_FINE };

    if (rc == DOSIS_OK && cancel->held.toestand == DOSIS_OPLADING_GEANNULEERD) {
        cancel_forget(&cancel->held);
    }
    if (rc == DOSIS_OK) {
        cancel_show(cancel, out);
        rc = out->rc;
    }
    if (rc == DOSIS_OK) {
        reply.body = dosis_buf_slice(out);
    } else {
        reply.problem = ngx_dosis_problem_of_rc(rc);
    }
    ngx_dosis_listener_answer(&job->listener, &reply);
    ngx_dosis_job_free(job);
}


/* Which one is still to be said. */
static dosis_rc_t
cancel_fill(ngx_dosis_call_t *call, ngx_dosis_job_t *job, cancel_t **ret)
{
    cancel_t *cancel = dosis_arena_zalloc(job->arena, sizeof(*cancel));

    *ret = cancel;
    if (cancel == NULL) {
        return DOSIS_ENOMEM;
    }
    cancel->arena = job->arena;
    cancel->client = dosis_arena_copy(job->arena, call->identity->client);
    job->owner = cancel;
    job->work = cancel_work;
    return (cancel->client.data == NULL) ? DOSIS_ENOMEM : DOSIS_OK;
}


ngx_int_t
ngx_dosis_upload_cancel(ngx_dosis_call_t *call)
{
    char id[DOSIS_UUID_TEXT];
    cancel_t *cancel;
    dosis_rc_t rc = DOSIS_ENOMEM;
    ngx_dosis_job_t *job = ngx_dosis_job_create(cancel_commit);

    if (job != NULL) {
        rc = cancel_fill(call, job, &cancel);
    }
    if (rc == DOSIS_OK && !uploads_id(call->segment, id)) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc == DOSIS_OK) {
        cancel->upload_id =
            dosis_arena_copy(job->arena, dosis_slice(id, DOSIS_UUID_TEXT));
        rc = (cancel->upload_id.data == NULL) ? DOSIS_ENOMEM : DOSIS_OK;
    }
    return ngx_dosis_submit_made(call, job, rc);
}


ngx_int_t
ngx_dosis_beheer_upload_cancel(ngx_dosis_call_t *call)
{
    cancel_t *cancel;
    dosis_rc_t rc = DOSIS_ENOMEM;
    ngx_dosis_job_t *job = ngx_dosis_job_create(cancel_commit);

    if (job != NULL) {
        rc = cancel_fill(call, job, &cancel);
    }
    if (rc == DOSIS_OK) {
        cancel->nummer = uploads_nummer(call->segment);
        rc = (cancel->nummer == 0) ? DOSIS_ENOTFOUND : DOSIS_OK;
    }
    return ngx_dosis_submit_made(call, job, rc);
}
