/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_aside.h"

#include "http/ngx_dosis_body.h"
#include "writer/ngx_dosis_inzage.h"
#include "writer/ngx_dosis_task.h"

#define ASIDE_ARENA_BYTES ((size_t) 16 << 20)
#define ASIDE_OUT_BYTES ((size_t) 16 << 20)

typedef struct {
    ngx_dosis_call_t call;
    ngx_dosis_handler_pt handler;
    dosis_identity_t identity;
    dosis_buf_t body;
    dosis_buf_t out;
} aside_t;


static bool
aside_text(dosis_arena_t *arena, dosis_slice_t *text)
{
    dosis_slice_t from = *text;

    *text = dosis_arena_copy(arena, from);
    return from.len == 0 || text->data != NULL;
}


/* The token may be gone before the thread is done. */
static bool
aside_identity(dosis_arena_t *arena, dosis_identity_t *identity)
{
    size_t i;
    bool whole = aside_text(arena, &identity->client)
        && aside_text(arena, &identity->iss);
    dosis_slice_t *held;
    dosis_subject_t *subject = &identity->subject;

    if (!identity->has_subject) {
        return whole;
    }
    held = dosis_arena_alloc(
        arena, (subject->rechten_count + 1) * sizeof(held[0]));
    if (held == NULL) {
        return false;
    }
    for (i = 0; i < subject->rechten_count; i++) {
        held[i] = subject->rechten[i];
        whole = aside_text(arena, &held[i]) && whole;
    }
    subject->rechten = held;
    return whole;
}


static void
aside_work(ngx_dosis_task_t *task, dosis_reader_t *reader)
{
    aside_t *aside = task->data;
    ngx_dosis_call_t *call = &aside->call;
    ngx_dosis_problem_t problem;

    call->reader = reader;
    problem = ngx_dosis_call_client(call);
    if (problem != NGX_DOSIS_FINE) {
        (void) ngx_dosis_refuse(call, problem);
    } else {
        call->inzage.client = call->identity->client;
        (void) aside->handler(call);
    }
    call->reader = NULL;
    call->client = NULL;
}


static void
aside_free(ngx_dosis_task_t *task)
{
    aside_t *aside = task->data;

    dosis_buf_done(&aside->body);
    dosis_buf_done(&aside->out);
    ngx_dosis_task_free(task);
}


static void
aside_done(ngx_dosis_task_t *task)
{
    aside_t *aside = task->data;

    if (task->rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(&aside->call, task->rc);
    }
    ngx_dosis_inzage_answer(
        &task->listener, &aside->call.reply, &aside->call.inzage);
    aside_free(task);
}


static ngx_dosis_task_t *
aside_create(ngx_dosis_call_t *call, ngx_dosis_handler_pt handler)
{
    bool whole;
    aside_t *aside;
    ngx_dosis_call_t *copy;
    ngx_dosis_task_t *task = ngx_dosis_task_create(ASIDE_ARENA_BYTES);

    aside = (task == NULL) ? NULL
                           : dosis_arena_zalloc(task->arena, sizeof(*aside));
    if (aside == NULL) {
        ngx_dosis_task_free(task);
        return NULL;
    }
    copy = &aside->call;
    aside->handler = handler;
    aside->identity = *call->identity;
    dosis_buf_init(&aside->out, ASIDE_OUT_BYTES);
    *copy = *call;
    copy->r = NULL;
    copy->reader = NULL;
    copy->client = NULL;
    copy->identity = &aside->identity;
    copy->arena = task->arena;
    copy->out = &aside->out;
    ngx_memzero(&copy->reply, sizeof(copy->reply));
    copy->err.count = 0;
    copy->err.more = 0;
    copy->inzage.client = dosis_slice(NULL, 0);
    copy->inzage.shown = NULL;
    whole = aside_identity(task->arena, &aside->identity)
        && aside_text(task->arena, &copy->segment)
        && aside_text(task->arena, &copy->args)
        && aside_text(task->arena, &copy->issuer)
        && aside_text(task->arena, &copy->prefix)
        && aside_text(task->arena, &copy->base)
        && aside_text(task->arena, &copy->namens);
    if (!whole) {
        ngx_dosis_task_free(task);
        return NULL;
    }
    task->data = aside;
    task->work = aside_work;
    task->done = aside_done;
    return task;
}


ngx_int_t
ngx_dosis_aside(ngx_dosis_call_t *call, ngx_dosis_handler_pt handler)
{
    dosis_rc_t rc;
    aside_t *aside;
    ngx_dosis_task_t *task = aside_create(call, handler);

    if (task == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    aside = task->data;
    aside->body = ngx_dosis_body_take(call->r);
    aside->call.body = dosis_buf_slice(&aside->body);
    rc = ngx_dosis_task_post(task);
    if (rc != DOSIS_OK) {
        aside_free(task);
        return ngx_dosis_refuse_rc(call, rc);
    }
    ngx_dosis_listen(call->r, &task->listener);
    return NGX_DONE;
}
