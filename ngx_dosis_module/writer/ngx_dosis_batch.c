/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_batch.h"

#include "base/dosis_json_list.h"
#include "http/ngx_dosis_body.h"
#include "http/ngx_dosis_limit.h"
#include "ngx_dosis_worker.h"
#include "writer/ngx_dosis_receipt.h"
#include "writer/ngx_dosis_submit.h"
#include "writer/ngx_dosis_task.h"

#define BATCH_ARENA_BYTES ((size_t) 64 << 20)
#define BATCH_ITEM_BYTES ((size_t) 1 << 10) /* about */
#define BATCH_SHORT 64 /* so many results are written on the loop */

/*
 * What is stored must be answered: room for as many problems and warnings as
 * an element can have, each with its text twice and every byte of its field
 * escaped, and for what stands around them.
 */
#define BATCH_PROBLEM_BYTES                                                    \
    ((size_t) 2 * DOSIS_ERR_TEXT_MAX + 6 * DOSIS_ERR_FIELD_MAX + 128)
#define BATCH_OUT_BYTES                                                        \
    (NGX_DOSIS_BATCH_ITEMS_MAX                                                 \
        * (2 * DOSIS_ERR_MAX * BATCH_PROBLEM_BYTES + 1024))
#define BATCH_PIECES_MAX                                                       \
    ((NGX_DOSIS_BATCH_ITEMS_MAX + NGX_DOSIS_JOB_ITEMS_MAX - 1)                 \
        / NGX_DOSIS_JOB_ITEMS_MAX)

typedef struct {
    ngx_dosis_task_t *task;
    dosis_buf_t body;
    size_t item_max; /* bytes of one element */
    bool trial;
    dosis_intake_t intake; /* its reader is the thread's */
    ngx_dosis_limit_owner_t owner; /* pays for what it holds */

    ngx_dosis_problem_t problem; /* of the list as a whole */
    dosis_err_t err;             /* for problem */
    uint32_t retry_s;            /* for problem, or 0 */
    dosis_delivery_t *items;
    dosis_rc_t *rc;           /* of reading each; DOSIS_OK: to be delivered */
    dosis_delivery_t **ready; /* those, in order */
    ngx_uint_t count;
    ngx_uint_t ready_count;

    ngx_dosis_job_t piece[BATCH_PIECES_MAX];
    dosis_rc_t piece_rc[BATCH_PIECES_MAX];
    ngx_uint_t pieces;
    ngx_uint_t open; /* pieces not yet committed */
    dosis_buf_t out; /* the answer */
    bool rendered;
} batch_t;


static void
batch_free(batch_t *batch)
{
    dosis_buf_done(&batch->body);
    dosis_buf_done(&batch->out);
    ngx_dosis_task_free(batch->task);
}


/* --- on the thread ------------------------------------------------------- */

static void
batch_refuse(batch_t *batch, ngx_dosis_problem_t problem, const char *text)
{
    char field[24];

    (void) snprintf(field, sizeof(field), "/%u", (unsigned) batch->count);
    batch->problem = problem;
    if (text != NULL) {
        dosis_err_add(&batch->err, ngx_dosis_problem_row(problem)->code, field,
            "%s", text);
    }
}


/* An element that is no dossier at all: that one alone is refused. */
static dosis_rc_t
batch_refuse_item(batch_t *batch, dosis_delivery_t *d, const char *text)
{
    dosis_err_t err = { 0 };

    ngx_memzero(d, sizeof(*d));
    d->arena = batch->intake.arena;
    d->warnings = &dosis_err_none;
    dosis_err_add(&err, "VeldOngeldig", "", "%s", text);
    d->problems = dosis_delivery_keep(d, &err);
    return (d->problems == NULL) ? DOSIS_ENOMEM : DOSIS_EINPUT;
}


static dosis_rc_t
batch_read_item(batch_t *batch, dosis_slice_t text, dosis_delivery_t *d)
{
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_err_t err = { 0 };

    if (text.len > batch->item_max) {
        return batch_refuse_item(
            batch, d, "Dit dossier is te groot; zie instellingen/limieten.");
    }
    rc = dosis_json_parse(text, &root, &err);
    if (rc != DOSIS_OK) {
        batch_refuse(batch,
            (rc == DOSIS_EINPUT) ? NGX_DOSIS_JSON_ONGELDIG
                                 : ngx_dosis_problem_of_rc(rc),
            (rc == DOSIS_EINPUT) ? err.item[0].text : NULL);
        return rc;
    }
    if (dosis_json_kind(root) == DOSIS_JSON_OBJECT) {
        rc = dosis_intake_json(&batch->intake, root, d);
    } else {
        rc = batch_refuse_item(
            batch, d, "Elk element van de lijst moet een object zijn.");
    }
    dosis_json_free(root);
    return rc;
}


/* false: the list as a whole is refused. */
static bool
batch_take_item(batch_t *batch, dosis_slice_t text)
{
    dosis_rc_t rc;

    if (batch->count == NGX_DOSIS_BATCH_ITEMS_MAX) {
        batch_refuse(batch, NGX_DOSIS_TE_VEEL_DOSSIERS, NULL);
        return false;
    }
    rc = batch_read_item(batch, text, &batch->items[batch->count]);
    if (batch->problem == NGX_DOSIS_FINE && rc != DOSIS_OK
        && rc != DOSIS_EINPUT && rc != DOSIS_EDENIED && rc != DOSIS_EPAUSED) {
        batch_refuse(batch, ngx_dosis_problem_of_rc(rc), NULL);
    }
    if (rc == DOSIS_OK) {
        batch->ready[batch->ready_count++] = &batch->items[batch->count];
    }
    batch->rc[batch->count++] = rc;
    return batch->problem == NGX_DOSIS_FINE;
}


static void
batch_read(batch_t *batch)
{
    dosis_rc_t rc;
    dosis_slice_t text;
    dosis_json_list_t list;

    dosis_json_list_init(&list, dosis_buf_slice(&batch->body));
    do {
        rc = dosis_json_list_next(&list, &text);
    } while (rc == DOSIS_OK && batch_take_item(batch, text));

    if (batch->problem != NGX_DOSIS_FINE) {
        return;
    }
    if (rc == DOSIS_EINPUT) {
        batch_refuse(batch, NGX_DOSIS_JSON_ONGELDIG,
            "De lijst is geen geldige JSON: zij eindigt niet, of er staat nog"
            " iets achter.");
    } else if (batch->count == 0) {
        batch_refuse(batch, NGX_DOSIS_VALIDATIE_FOUT,
            "De lijst moet minstens één dossier bevatten.");
    }
}


static bool
batch_make_room(batch_t *batch, dosis_arena_t *arena)
{
    const size_t max = NGX_DOSIS_BATCH_ITEMS_MAX;

    batch->items = dosis_arena_alloc(arena, max * sizeof(batch->items[0]));
    batch->rc = dosis_arena_alloc(arena, max * sizeof(batch->rc[0]));
    batch->ready = dosis_arena_alloc(arena, max * sizeof(batch->ready[0]));
    return batch->items != NULL && batch->rc != NULL && batch->ready != NULL;
}


static void
batch_work(ngx_dosis_task_t *task, dosis_reader_t *reader)
{
    ngx_uint_t i;
    batch_t *batch = task->data;

    batch->intake.reader = reader;
    if (!batch_make_room(batch, task->arena)) {
        batch_refuse(batch, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR, NULL);
        return;
    }
    batch_read(batch);
    dosis_buf_done(&batch->body);
    for (i = 0; batch->trial && i < batch->ready_count; i++) {
        dosis_deliver_trial(reader, batch->intake.now_ns, batch->ready[i]);
    }
}


/* --- the answer ---------------------------------------------------------- */

/* When nothing could be stored for a reason of ours, all may come again. */
static dosis_rc_t
batch_failure(const batch_t *batch)
{
    ngx_uint_t i;
    dosis_rc_t rc = DOSIS_OK;

    for (i = 0; i < batch->pieces; i++) {
        if (batch->piece_rc[i] == DOSIS_OK) {
            return DOSIS_OK;
        }
        rc = batch->piece_rc[i];
    }
    return rc;
}


/* What became of item i: of reading it, of its piece, or its own. */
static void
batch_settle(batch_t *batch)
{
    ngx_uint_t i;
    ngx_uint_t ready = 0;
    dosis_rc_t piece;

    for (i = 0; i < batch->count; i++) {
        if (batch->rc[i] != DOSIS_OK) {
            continue;
        }
        piece = batch->piece_rc[ready++ / NGX_DOSIS_JOB_ITEMS_MAX];
        batch->rc[i] = (piece != DOSIS_OK) ? piece : batch->items[i].rc;
    }
}


static void
batch_render(batch_t *batch)
{
    dosis_buf_t *out = &batch->out;
    ngx_uint_t i;
    ngx_uint_t stored = 0;
    const char *status = "Deels";

    for (i = 0; i < batch->count; i++) {
        stored += (batch->rc[i] == DOSIS_OK);
    }
    if (stored == batch->count || stored == 0) {
        status = (stored == 0) ? "Fout" : "OK";
    }
    dosis_buf_addf(out, "{\"Status\":\"%s\",\"Resultaten\":[", status);
    for (i = 0; i < batch->count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(out, ',');
        }
        ngx_dosis_receipt_add(out, batch->rc[i], &batch->items[i]);
    }
    DOSIS_BUF_LIT(out, "]}");
    batch->rendered = true;
}


/* The batch ends here. */
static void
batch_send(batch_t *batch)
{
    ngx_dosis_reply_t reply = { 0 };

    if (batch->problem != NGX_DOSIS_FINE) {
        reply.problem = batch->problem;
        reply.err = &batch->err;
        reply.retry_s = batch->retry_s;
    } else {
        reply.body = dosis_buf_slice(&batch->out);
        if (batch->out.rc != DOSIS_OK) {
            reply.problem = ngx_dosis_problem_of_rc(batch->out.rc);
        }
    }
    ngx_dosis_listener_answer(&batch->task->listener, &reply);
    batch_free(batch);
}


static void
batch_thread_render(ngx_dosis_task_t *task, dosis_reader_t *reader)
{
    (void) reader;
    batch_render(task->data);
}


/* What no thread could write is written here: it is stored, so it is told. */
static void
batch_on_rendered(ngx_dosis_task_t *task)
{
    batch_t *batch = task->data;

    if (!batch->rendered) {
        batch_render(batch);
    }
    batch_send(batch);
}


/* All is known: a long answer is written on the thread, as it was read. */
static void
batch_answer(batch_t *batch)
{
    ngx_dosis_task_t *task = batch->task;
    dosis_rc_t rc = batch_failure(batch);

    dosis_buf_init(&batch->out, BATCH_OUT_BYTES);
    if (batch->problem == NGX_DOSIS_FINE && rc != DOSIS_OK) {
        batch->problem = ngx_dosis_problem_of_rc(rc);
    }
    if (batch->problem != NGX_DOSIS_FINE) {
        batch_send(batch);
        return;
    }
    batch_settle(batch);
    task->work = batch_thread_render;
    task->done = batch_on_rendered;
    if (batch->count <= BATCH_SHORT || ngx_dosis_task_post(task) != DOSIS_OK) {
        batch_on_rendered(task);
    }
}


/* --- pieces -------------------------------------------------------------- */

static void
batch_on_commit(ngx_dosis_job_t *job)
{
    batch_t *batch = job->owner;

    batch->piece_rc[job - batch->piece] = job->rc;
    if (--batch->open == 0) {
        batch_answer(batch);
    }
}


static void
batch_on_drop(ngx_dosis_job_t *job)
{
    batch_t *batch = job->owner;

    batch->task->listener.r = NULL;
    if (--batch->open == 0) {
        batch_free(batch);
    }
}


static void
batch_cut(batch_t *batch)
{
    ngx_uint_t left;
    ngx_dosis_job_t *piece;
    const ngx_uint_t max = NGX_DOSIS_JOB_ITEMS_MAX;

    batch->pieces = (batch->ready_count + max - 1) / max;
    batch->open = batch->pieces;
    left = batch->ready_count;
    for (piece = batch->piece; left > 0; piece++) {
        piece->owner = batch;
        piece->on_commit = batch_on_commit;
        piece->on_drop = batch_on_drop;
        piece->items = &batch->ready[batch->ready_count - left];
        piece->count = ngx_min(left, max);
        piece->bytes = piece->count * BATCH_ITEM_BYTES;
        left -= piece->count;
    }
}


/* Nothing of it may come in now: all of it may come again, as one. */
static void
batch_judge_paused(batch_t *batch)
{
    ngx_uint_t i;

    for (i = 0; i < batch->count; i++) {
        if (batch->rc[i] != DOSIS_EPAUSED) {
            return;
        }
    }
    batch->problem = NGX_DOSIS_BRON_GEPAUZEERD;
    dosis_err_copy(&batch->err, batch->items[0].problems);
    batch->retry_s = batch->items[0].retry_s;
}


static void
batch_on_read(ngx_dosis_task_t *task)
{
    ngx_uint_t i;
    batch_t *batch = task->data;
    ngx_dosis_writer_t *writer = ngx_dosis_worker()->writer;

    if (task->rc != DOSIS_OK) {
        batch->problem = ngx_dosis_problem_of_rc(task->rc);
    } else if (batch->problem == NGX_DOSIS_FINE) {
        batch_judge_paused(batch);
    }
    if (batch->count > 1) {
        ngx_dosis_limit_owe(&batch->owner, batch->count - 1);
    }
    if (!batch->trial && batch->problem == NGX_DOSIS_FINE
        && !ngx_dosis_writer_has_room(writer, batch->ready_count)) {
        batch->problem = NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR;
    }
    if (batch->problem != NGX_DOSIS_FINE || batch->trial
        || batch->ready_count == 0) {
        batch_answer(batch);
        return;
    }
    batch_cut(batch);
    for (i = 0; i < batch->pieces; i++) {
        ngx_dosis_writer_add(writer, &batch->piece[i]);
    }
}


static batch_t *
batch_create(ngx_dosis_call_t *call, bool trial)
{
    batch_t *batch;
    ngx_dosis_task_t *task = ngx_dosis_task_create(BATCH_ARENA_BYTES);
    const ngx_dosis_loc_conf_t *conf;

    if (task == NULL) {
        return NULL;
    }
    batch = dosis_arena_zalloc(task->arena, sizeof(*batch));
    if (batch == NULL
        || ngx_dosis_submit_intake(call, task->arena, &batch->intake)
            != DOSIS_OK) {
        ngx_dosis_task_free(task);
        return NULL;
    }
    conf = ngx_http_get_module_loc_conf(call->r, ngx_dosis_module);
    batch->task = task;
    batch->trial = trial;
    batch->owner = ngx_dosis_limit_owner(call);
    batch->item_max = conf->body_max;
    batch->body = ngx_dosis_body_take(call->r);
    task->data = batch;
    task->work = batch_work;
    task->done = batch_on_read;
    return batch;
}


ngx_int_t
ngx_dosis_batch(ngx_dosis_call_t *call, bool trial)
{
    dosis_rc_t rc;
    batch_t *batch = batch_create(call, trial);

    if (batch == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    rc = ngx_dosis_task_post(batch->task);
    if (rc != DOSIS_OK) {
        batch_free(batch);
        return ngx_dosis_refuse_rc(call, rc);
    }
    ngx_dosis_listen(call->r, &batch->task->listener);
    return NGX_DONE;
}
