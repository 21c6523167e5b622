/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_upload.h"

#include "domain/dosis_csv_begin.h"
#include "domain/dosis_rule.h"
#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_upload_admit.h"
#include "ngx_dosis_worker.h"
#include "writer/ngx_dosis_job.h"
#include "writer/ngx_dosis_spool.h"

#define UPLOAD_ARENA_BYTES ((size_t) 64 << 10)
#define UPLOAD_PATH "/api/v1/dosis/uploads/"
#define UPLOAD_BUSY_S 10 /* to come back after, when all places are taken */
#define UPLOAD_LOCATION_MAX 2048

/* Lies in its own arena. */
struct ngx_dosis_upload_s {
    dosis_arena_t *arena;
    ngx_dosis_listener_t listener; /* while it comes in */
    ngx_dosis_spool_t *spool;
    dosis_oplading_t oplading;
    uint64_t max;
    dosis_slice_t door; /* in front of Location */
    bool gzip_said;
    bool judged;   /* its beginning was */
    bool whole;    /* all of it came: from here on nobody need listen */
    bool again;    /* the same file as one that is held */
    bool forget;   /* what was kept has no record */
    dosis_rc_t rc; /* of the record */
    dosis_err_t warnings; /* of its header */
    dosis_err_t err;
};

static void upload_on_written(ngx_dosis_spool_t *spool);
static void upload_go(ngx_dosis_upload_t *upload);


bool
ngx_dosis_upload_asked(const ngx_dosis_call_t *call)
{
    return (call->route->flags & NGX_DOSIS_ROUTE_UPLOAD) != 0
        && ngx_dosis_upload_is_csv(call->r);
}


static void
upload_free(ngx_dosis_upload_t *upload)
{
    if (upload->listener.r != NULL) {
        ngx_dosis_ctx(upload->listener.r)->upload = NULL;
    }
    ngx_dosis_listen_end(&upload->listener);
    ngx_dosis_spool_give(upload->spool, upload->forget);
    dosis_arena_free(upload->arena);
}


static void
upload_on_leave(ngx_dosis_listener_t *listener)
{
    ngx_dosis_upload_t *upload =
        ngx_queue_data(listener, ngx_dosis_upload_t, listener);

    if (!upload->whole) {
        upload_free(upload);
    }
}


/* Ends it with that answer, which may point into it. */
static void
upload_end(ngx_dosis_upload_t *upload, ngx_dosis_reply_t *reply)
{
    if (upload->listener.r != NULL) {
        ngx_dosis_ctx(upload->listener.r)->upload = NULL;
    }
    ngx_dosis_listener_answer(&upload->listener, reply);
    upload_free(upload);
}


static void
upload_refuse(ngx_dosis_upload_t *upload, ngx_dosis_problem_t problem)
{
    ngx_dosis_reply_t reply = { .problem = problem, .err = &upload->err };

    upload_end(upload, &reply);
}


/* --- before the body ----------------------------------------------------- */

static ngx_dosis_upload_t *
upload_create(ngx_dosis_call_t *call)
{
    dosis_arena_t *arena = dosis_arena_create(UPLOAD_ARENA_BYTES);
    ngx_dosis_upload_t *upload =
        (arena == NULL) ? NULL : dosis_arena_zalloc(arena, sizeof(*upload));
    const ngx_dosis_loc_conf_t *conf;

    if (upload == NULL) {
        dosis_arena_free(arena);
        return NULL;
    }
    conf = ngx_http_get_module_loc_conf(call->r, ngx_dosis_module);
    upload->arena = arena;
    upload->max = (uint64_t) conf->csv_max;
    upload->door = ngx_dosis_call_door(call); /* of the configuration */
    return upload;
}


ngx_int_t
ngx_dosis_upload_admit(ngx_dosis_call_t *call)
{
    ngx_dosis_upload_t *upload = upload_create(call);

    if (upload == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    if (!ngx_dosis_upload_judge(
            call, upload->arena, &upload->oplading, &upload->gzip_said)) {
        upload_free(upload);
        return NGX_OK;
    }
    upload->spool = ngx_dosis_spool_take();
    if (upload->spool == NULL) {
        upload_free(upload);
        call->reply.retry_s = UPLOAD_BUSY_S;
        return ngx_dosis_refuse(call, NGX_DOSIS_TE_VEEL_UPLOADS);
    }
    upload->spool->owner = upload;
    upload->spool->on_done = upload_on_written;
    upload->listener.on_leave = upload_on_leave;
    ngx_dosis_listen(call->r, &upload->listener);
    ngx_dosis_ctx(call->r)->upload = upload;
    return NGX_OK;
}


/* --- all of it is there -------------------------------------------------- */

static void
upload_work(dosis_txn_t *txn, ngx_dosis_job_t *job)
{
    ngx_dosis_upload_t *upload = job->owner;
    const dosis_client_t *client =
        dosis_ref_client(dosis_txn_ref(txn), upload->oplading.client);

    /* hours may have passed since it was asked */
    upload->rc = (client == NULL || !client->actief)
        ? DOSIS_EDENIED
        : dosis_oplading_put(txn, &upload->oplading, &upload->again);
}


static void
upload_answer(
    const ngx_dosis_upload_t *upload, dosis_buf_t *out, dosis_buf_t *location)
{
    const dosis_oplading_t *held = &upload->oplading;

    dosis_oplading_json_taken(out, held, &upload->warnings);
    dosis_buf_add_slice(location, upload->door);
    DOSIS_BUF_LIT(location, UPLOAD_PATH);
    dosis_buf_add_slice(location, held->upload_id);
}


static ngx_dosis_problem_t
upload_problem(dosis_rc_t rc)
{
    if (rc == DOSIS_ELIMIT) {
        return NGX_DOSIS_TE_VEEL_UPLOADS;
    }
    return (rc == DOSIS_EDENIED) ? NGX_DOSIS_CLIENT_ONBEKEND
                                 : ngx_dosis_problem_of_rc(rc);
}


/*
 * A commit that failed for another reason than room may have reached the disk
 * after all: its file stays, for the engine to look whether it has a record.
 */
static void
upload_on_commit(ngx_dosis_job_t *job)
{
    char memory[UPLOAD_LOCATION_MAX];
    dosis_buf_t location;
    dosis_buf_t *out = ngx_dosis_worker_out();
    ngx_dosis_upload_t *upload = job->owner;
    dosis_rc_t rc = (job->rc != DOSIS_OK) ? job->rc : upload->rc;
    ngx_dosis_reply_t reply = { .accepted = true };

    upload->forget = (job->rc == DOSIS_OK) ? (rc != DOSIS_OK || upload->again)
                                           : (job->rc == DOSIS_EFULL);
    dosis_buf_init_fixed(&location, memory, sizeof(memory));
    if (rc == DOSIS_OK) {
        upload_answer(upload, out, &location);
        rc = (out->rc != DOSIS_OK) ? out->rc : location.rc;
    }
    if (rc == DOSIS_OK) {
        reply.body = dosis_buf_slice(out);
        reply.location = dosis_buf_slice(&location);
    } else {
        reply.problem = upload_problem(rc);
        reply.retry_s = (rc == DOSIS_ELIMIT) ? NGX_DOSIS_UPLOAD_RETRY_S : 0;
    }
    ngx_dosis_listener_answer(&job->listener, &reply);
    ngx_dosis_job_free(job);
    upload_free(upload);
}


/* The job listens in its place, if somebody still does. */
static void
upload_hand_over(ngx_dosis_upload_t *upload, ngx_dosis_job_t *job)
{
    ngx_http_request_t *r = upload->listener.r;

    ngx_dosis_listen_end(&upload->listener);
    if (r != NULL) {
        ngx_dosis_ctx(r)->upload = NULL;
        ngx_dosis_listen(r, &job->listener);
    }
}


static void
upload_record(ngx_dosis_upload_t *upload)
{
    dosis_rc_t rc = DOSIS_ENOMEM;
    ngx_dosis_job_t *job = ngx_dosis_job_create(upload_on_commit);

    upload->oplading.bytes = upload->spool->bytes;
    upload->oplading.print = upload->spool->print;
    memcpy(upload->oplading.spool, upload->spool->id, DOSIS_SPOOL_ID);
    if (job != NULL) {
        job->owner = upload;
        job->work = upload_work;
        upload_hand_over(upload, job);
        rc = ngx_dosis_writer_submit(ngx_dosis_worker()->writer, job);
        if (rc != DOSIS_OK) {
            job->rc = DOSIS_OK; /* no commit took it */
            upload->rc = rc;
            upload_on_commit(job);
        }
        return;
    }
    upload->forget = true;
    upload_refuse(upload, ngx_dosis_problem_of_rc(rc));
}


/* --- the body ------------------------------------------------------------ */

static void
upload_on_read(ngx_http_request_t *r)
{
    upload_go(ngx_dosis_ctx(r)->upload);
}


static void
upload_on_written(ngx_dosis_spool_t *spool)
{
    ngx_connection_t *c;
    ngx_dosis_upload_t *upload = spool->owner;

    if (spool->rc != DOSIS_OK) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
            "file not taken into the spool: rc=%s (%s)",
            dosis_rc_name(spool->rc), dosis_rc_text(spool->rc));
        upload_refuse(
            upload, ngx_dosis_problem_of_rc(dosis_store_trouble(spool->rc)));
    } else if (upload->whole) {
        upload_record(upload);
    } else {
        c = upload->listener.r->connection;
        ngx_http_set_log_request(c->log, upload->listener.r);
        upload_go(upload);
        ngx_http_run_posted_requests(c);
    }
}


/* Moves bytes that came in into the block, as far as it has room. */
static bool
upload_absorb(ngx_dosis_upload_t *upload, ngx_http_request_body_t *body)
{
    size_t len;
    size_t room;
    ngx_buf_t *b;
    ngx_chain_t *link;
    ngx_dosis_spool_t *spool = upload->spool;

    while (body->bufs != NULL && spool->fill < NGX_DOSIS_SPOOL_BLOCK) {
        b = body->bufs->buf;
        len = (size_t) (b->last - b->pos);
        room = NGX_DOSIS_SPOOL_BLOCK - spool->fill;
        len = (len < room) ? len : room;
        if (len > 0) { /* the mark of the end alone points nowhere */
            ngx_memcpy(spool->block + spool->fill, b->pos, len);
        }
        spool->fill += len;
        b->pos += len;
        if (b->pos == b->last) {
            link = body->bufs;
            body->bufs = link->next;
            ngx_free_chain(upload->listener.r->pool, link);
        }
    }
    return spool->bytes + spool->fill <= upload->max;
}


/* The beginning tells whether the rest is worth the wait. */
static bool
upload_judge(ngx_dosis_upload_t *upload, bool end)
{
    dosis_rc_t rc;
    ngx_dosis_spool_t *spool = upload->spool;
    size_t len = spool->fill;

    if (upload->judged || (!end && len < DOSIS_CSV_BEGIN_MAX)) {
        return true;
    }
    upload->judged = true;
    end = end && len <= DOSIS_CSV_BEGIN_MAX;
    len = (len < DOSIS_CSV_BEGIN_MAX) ? len : DOSIS_CSV_BEGIN_MAX;
    rc = dosis_csv_begin(dosis_slice(spool->block, len), end,
        &upload->oplading.gzip, &upload->warnings, &upload->err);
    if (rc == DOSIS_OK && upload->gzip_said && !upload->oplading.gzip) {
        dosis_rule_broken(&upload->err, DOSIS_RULE_CSV_GZIP, "", NULL);
        rc = DOSIS_EINPUT;
    }
    if (rc != DOSIS_OK) {
        upload_refuse(upload, ngx_dosis_problem_of_rc(rc));
    }
    return rc == DOSIS_OK;
}


/* Until the thread is done nothing more is read: that is what slows it. */
static void
upload_post(ngx_dosis_upload_t *upload, bool end)
{
    ngx_http_request_t *r = upload->listener.r;
    ngx_event_t *read = r->connection->read;

    if (read->timer_set) {
        ngx_del_timer(read);
    }
    r->read_event_handler = ngx_http_block_reading;
    if (end) {
        upload->whole = true;
        ngx_dosis_listen(r, &upload->listener);
    }
    if (!ngx_dosis_spool_post(
            upload->spool, end ? NGX_DOSIS_SPOOL_KEEP : NGX_DOSIS_SPOOL_ADD)) {
        upload->whole = false;
        upload_refuse(upload, ngx_dosis_problem_of_rc(DOSIS_EBUSY));
    }
}


/* What has come so far; false: it was answered, or is the thread's. */
static bool
upload_take(ngx_dosis_upload_t *upload)
{
    bool end;
    ngx_http_request_t *r = upload->listener.r;

    if (!upload_absorb(upload, r->request_body)) {
        r->lingering_close = 1;
        ngx_dosis_upload_too_large(&upload->err, upload->max);
        upload_refuse(upload, NGX_DOSIS_BODY_TE_GROOT);
        return false;
    }
    end = !r->reading_body && r->request_body->bufs == NULL;
    if (!upload_judge(upload, end)) {
        return false;
    }
    if (end || upload->spool->fill == NGX_DOSIS_SPOOL_BLOCK) {
        upload_post(upload, end);
        return false;
    }
    return true;
}


static void
upload_go(ngx_dosis_upload_t *upload)
{
    ngx_int_t rc;
    ngx_http_request_t *r = upload->listener.r;

    while (upload_take(upload)) {
        rc = ngx_http_read_unbuffered_request_body(r);
        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            ngx_http_finalize_request(r, rc);
            return;
        }
        if (r->reading_body && r->request_body->bufs == NULL) {
            r->read_event_handler = upload_on_read;
            return;
        }
    }
}


static void
upload_on_body(ngx_http_request_t *r)
{
    upload_go(ngx_dosis_ctx(r)->upload);
}


ngx_int_t
ngx_dosis_upload_receive(ngx_http_request_t *r)
{
    ngx_int_t rc;

    r->request_body_no_buffering = 1;
    rc = ngx_http_read_client_request_body(r, upload_on_body);
    return (rc >= NGX_HTTP_SPECIAL_RESPONSE) ? rc : NGX_DONE;
}
