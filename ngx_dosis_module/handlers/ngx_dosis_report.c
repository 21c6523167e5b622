/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET uploads/{UploadId}/fouten as a CSV file: all refused rows that are kept.
 *
 *   report       the loop: what to read goes to a thread
 *   work         the thread, in a snapshot of its own: the next piece
 *   on_piece     the loop: sent; the first one brings the head
 *   on_write     it is out: the next piece, until the last
 *   on_leave     the client went away
 *
 * So neither the loop nor a snapshot is held up by a long one, and no more of
 * it is in memory than one piece.
 */

#include "base/dosis_text.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_worker.h"
#include "store/dosis_oplading.h"
#include "writer/ngx_dosis_task.h"

#define REPORT_ARENA_BYTES ((size_t) 64 << 10)
#define REPORT_PIECE_BYTES (4 * DOSIS_AFKEURINGEN_STUK)
#define REPORT_CSV "text/csv; charset=utf-8"
#define REPORT_NAME "attachment; filename=\"fouten-%.*s.csv\""
#define REPORT_NAME_MAX (sizeof(REPORT_NAME) + DOSIS_UUID_TEXT)

/* Lies in the arena of its task. */
typedef struct {
    ngx_dosis_task_t *task;
    dosis_slice_t client;
    char upload_id[DOSIS_UUID_TEXT];
    char name[REPORT_NAME_MAX];
    dosis_rc_t rc;
    bool busy;    /* the thread's */
    bool found;   /* held is set */
    bool started; /* the head is out */
    dosis_oplading_t held;
    dosis_afkeuringen_csv_t piece;
    dosis_buf_t out;
    ngx_buf_t *buf; /* the request's: it outlives this */
} report_t;

static void report_on_write(ngx_http_request_t *r);


static void
report_free(report_t *report)
{
    dosis_buf_done(&report->out);
    ngx_dosis_task_free(report->task);
}


static void
report_on_leave(ngx_dosis_listener_t *listener)
{
    ngx_dosis_task_t *task =
        ngx_queue_data(listener, ngx_dosis_task_t, listener);
    report_t *report = task->data;

    if (!report->busy) {
        report_free(report);
    }
}


static void
report_work(ngx_dosis_task_t *task, dosis_reader_t *reader)
{
    report_t *report = task->data;

    report->rc = DOSIS_OK;
    if (!report->found) {
        report->rc = dosis_oplading_of(reader, report->client,
            dosis_slice(report->upload_id, DOSIS_UUID_TEXT), task->arena,
            &report->held);
        report->found = true;
    }
    if (report->rc == DOSIS_OK) {
        report->rc = dosis_oplading_fouten_csv(
            reader, &report->held, &report->piece, &report->out);
    }
}


/* Ends it: the request is answered or broken off, and nothing is left. */
static void
report_end(report_t *report, ngx_int_t rc)
{
    ngx_http_request_t *r = report->task->listener.r;
    ngx_connection_t *c = r->connection;
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(r);

    if (ctx->answer.data == NULL) {
        ctx->answer = report->out; /* it may be on its way still */
        ngx_memzero(&report->out, sizeof(report->out));
    }
    report_free(report);
    ngx_http_finalize_request(r, rc);
    ngx_http_run_posted_requests(c);
}


static void
report_refuse(report_t *report, dosis_rc_t rc)
{
    const ngx_dosis_reply_t reply = { .problem = ngx_dosis_problem_of_rc(rc) };

    if (report->started) {
        report_end(report, NGX_ERROR); /* half a file must not pass for one */
        return;
    }
    ngx_dosis_listener_answer(&report->task->listener, &reply);
    report_free(report);
}


static void
report_next(report_t *report)
{
    dosis_rc_t rc;

    dosis_buf_reset(&report->out);
    report->busy = true;
    rc = ngx_dosis_task_post(report->task);
    if (rc != DOSIS_OK) {
        report->busy = false;
        report_refuse(report, rc);
    }
}


static ngx_int_t
report_start(report_t *report, ngx_http_request_t *r)
{
    const ngx_dosis_reply_t head = { .type = REPORT_CSV,
        .disposition = dosis_slice_of(report->name) };

    report->buf = ngx_calloc_buf(r->pool);
    if (report->buf == NULL) {
        return NGX_ERROR;
    }
    report->started = true;
    r->write_event_handler = report_on_write;
    return ngx_dosis_reply_begin(r, &head);
}


static void
report_send(report_t *report)
{
    ngx_http_request_t *r = report->task->listener.r;
    ngx_int_t rc = report->started ? NGX_OK : report_start(report, r);
    ngx_buf_t *b = report->buf;
    ngx_chain_t out = { b, NULL };

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        report_end(report, rc);
        return;
    }
    ngx_memzero(b, sizeof(*b));
    b->start = b->pos = (u_char *) report->out.data;
    b->end = b->last = b->pos + report->out.len;
    b->memory = 1;
    b->flush = 1;
    b->last_buf = b->last_in_chain = report->piece.done;
    rc = ngx_http_output_filter(r, &out);
    if (rc == NGX_ERROR || report->piece.done) {
        report_end(report, rc);
        return;
    }
    report_on_write(r);
}


static void
report_on_write(ngx_http_request_t *r)
{
    ngx_int_t rc = NGX_OK;
    ngx_connection_t *c = r->connection;
    ngx_http_core_loc_conf_t *core;
    ngx_dosis_task_t *task =
        ngx_queue_data(ngx_dosis_ctx(r)->listener, ngx_dosis_task_t, listener);
    report_t *report = task->data;

    if (report->busy) {
        return;
    }
    if (c->write->timedout) {
        c->timedout = 1;
        report_end(report, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }
    if (report->buf->pos != report->buf->last) {
        rc = ngx_http_output_filter(r, NULL);
    }
    if (rc == NGX_ERROR) {
        report_end(report, rc);
        return;
    }
    if (report->buf->pos == report->buf->last) {
        if (c->write->timer_set) {
            ngx_del_timer(c->write);
        }
        report_next(report);
        return;
    }
    core = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    ngx_add_timer(c->write, core->send_timeout);
    if (ngx_handle_write_event(c->write, core->send_lowat) != NGX_OK) {
        report_end(report, NGX_ERROR);
    }
}


static void
report_on_piece(ngx_dosis_task_t *task)
{
    report_t *report = task->data;
    dosis_rc_t rc = (task->rc != DOSIS_OK) ? task->rc : report->rc;

    report->busy = false;
    if (task->listener.r == NULL) {
        report_free(report);
        return;
    }
    ngx_http_set_log_request(
        task->listener.r->connection->log, task->listener.r);
    if (rc == DOSIS_OK) {
        rc = report->out.rc;
    }
    if (rc != DOSIS_OK) {
        report_refuse(report, rc);
    } else {
        report_send(report);
    }
}


ngx_int_t
ngx_dosis_report(ngx_dosis_call_t *call, const char *upload_id)
{
    dosis_rc_t rc;
    ngx_dosis_task_t *task = ngx_dosis_task_create(REPORT_ARENA_BYTES);
    report_t *report = (task == NULL)
        ? NULL
        : dosis_arena_zalloc(task->arena, sizeof(*report));

    if (report == NULL) {
        ngx_dosis_task_free(task);
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    report->task = task;
    report->client = dosis_arena_copy(task->arena, call->identity->client);
    memcpy(report->upload_id, upload_id, DOSIS_UUID_TEXT);
    (void) snprintf(report->name, sizeof(report->name), REPORT_NAME,
        DOSIS_UUID_TEXT, upload_id);
    dosis_buf_init(&report->out, REPORT_PIECE_BYTES);
    task->data = report;
    task->work = report_work;
    task->done = report_on_piece;
    task->listener.on_leave = report_on_leave;
    report->busy = true;
    rc = ngx_dosis_task_post(task);
    if (rc != DOSIS_OK) {
        report_free(report);
        return ngx_dosis_refuse_rc(call, rc);
    }
    ngx_dosis_listen(call->r, &task->listener);
    return NGX_DONE;
}
