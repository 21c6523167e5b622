/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_opaque.h"

#include "auth/ngx_dosis_verdict.h"
#include "crypto/dosis_introspectie.h"
#include "http/ngx_dosis_engine.h"
#include "ngx_dosis_worker.h"

#define OPAQUE_PATH "/introspectie"

/* One request that waits. */
typedef struct ngx_dosis_opaque_s {
    ngx_queue_t queue;
    ngx_http_request_t *r;
    ngx_event_t event; /* wakes who joined; its timer is the ceiling */
    dosis_slice_t text;
    bool waiting;  /* it is in the queue */
    bool asking;   /* itself, and did not join */
    bool answered; /* token, or NULL: the engine could not tell */
    ngx_dosis_token_t *token;
} opaque_t;

static struct {
    ngx_queue_t all;
    ngx_uint_t count;
    ngx_uint_t share; /* of one address */
} opaques;


void
ngx_dosis_opaque_init(void)
{
    const ngx_core_conf_t *core = (const ngx_core_conf_t *) ngx_get_conf(
        ngx_cycle->conf_ctx, ngx_core_module);
    ngx_int_t workers = ngx_max(core->worker_processes, 1);

    ngx_queue_init(&opaques.all);
    opaques.count = 0;
    opaques.share = ngx_max(NGX_DOSIS_OPAQUE_ADDRESS_MAX / (ngx_uint_t) workers,
        NGX_DOSIS_OPAQUE_ADDRESS_MIN);
}


/* Is any issuer asked at all, as registered now? */
static bool
opaque_somebody_knows(void)
{
    size_t i;
    bool asked = false;
    const dosis_uitgever_t *uitgever;
    dosis_reader_t *reader = ngx_dosis_worker_reader();

    if (reader == NULL || dosis_reader_begin(reader) != DOSIS_OK) {
        return true; /* then there is no answer at all */
    }
    for (i = 0; !asked
         && (uitgever = dosis_ref_uitgever_at(dosis_reader_ref(reader), i))
             != NULL;
         i++) {
        asked = uitgever->actief && uitgever->is_introspectie;
    }
    dosis_reader_end(reader);
    return asked;
}


bool
ngx_dosis_opaque_is(dosis_slice_t text)
{
    return ngx_dosis_worker()->conf->engine.upstream != NULL
        && dosis_introspectie_is_opaque(text) && opaque_somebody_knows();
}


/* --- who waits ------------------------------------------------------------ */

static void
opaque_leave(opaque_t *ask)
{
    if (ask->waiting) {
        ask->waiting = false;
        ask->asking = false;
        ngx_queue_remove(&ask->queue);
        opaques.count--;
    }
    if (ask->event.timer_set) {
        ngx_del_timer(&ask->event);
    }
    if (ask->event.posted) {
        ngx_delete_posted_event(&ask->event);
    }
}


/* Another one that waits for the same; asking: only the one that asks. */
static opaque_t *
opaque_find(dosis_slice_t text, bool asking)
{
    ngx_queue_t *q;
    opaque_t *ask;

    for (q = ngx_queue_head(&opaques.all); q != &opaques.all;
         q = ngx_queue_next(q)) {
        ask = ngx_queue_data(q, opaque_t, queue);
        if (ask->asking == asking && dosis_slice_eq(ask->text, text)) {
            return ask;
        }
    }
    return NULL;
}


/* Has that client's address as many questions under way as it may? */
static bool
opaque_has_share(const ngx_http_request_t *r)
{
    const ngx_str_t *mine = &r->connection->addr_text;
    ngx_uint_t asking = 0;
    ngx_queue_t *q;

    for (q = ngx_queue_head(&opaques.all); q != &opaques.all;
         q = ngx_queue_next(q)) {
        const opaque_t *ask = ngx_queue_data(q, opaque_t, queue);
        const ngx_str_t *other = &ask->r->connection->addr_text;

        if (ask->asking && other->len == mine->len
            && ngx_memcmp(other->data, mine->data, mine->len) == 0) {
            asking++;
        }
    }
    return asking >= opaques.share;
}


/* It asked, and left: the first that joined asks anew. */
static void
opaque_pass_on(dosis_slice_t text)
{
    opaque_t *heir = opaque_find(text, false);

    if (heir != NULL && !heir->event.posted) {
        ngx_post_event(&heir->event, &ngx_posted_events);
    }
}


static void
opaque_on_end(void *data)
{
    opaque_t *ask = data;
    bool asked = ask->asking;

    opaque_leave(ask);
    ngx_dosis_token_release(ask->token);
    ask->token = NULL;
    if (asked) {
        opaque_pass_on(ask->text);
    }
}


/* The request once more, from the start, as when nginx had called it first. */
static void
opaque_again(ngx_http_request_t *r)
{
    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_request_empty_handler;
    ngx_http_finalize_request(r, ngx_dosis_handler(r));
}


static void
opaque_on_event(ngx_event_t *ev)
{
    opaque_t *ask = ev->data;
    ngx_connection_t *c = ask->r->connection;

    ask->answered |= ev->timedout;
    ev->timedout = 0;
    opaque_leave(ask);
    ngx_http_set_log_request(c->log, ask->r);
    opaque_again(ask->r);
    ngx_http_run_posted_requests(c);
}


static opaque_t *
opaque_create(ngx_http_request_t *r, dosis_slice_t text)
{
    u_char *copy;
    opaque_t *ask;
    ngx_pool_cleanup_t *cleanup;

    cleanup = ngx_pool_cleanup_add(r->pool, sizeof(*ask));
    if (cleanup == NULL) {
        return NULL;
    }
    ask = cleanup->data;
    ngx_memzero(ask, sizeof(*ask));
    copy = ngx_pnalloc(r->pool, text.len);
    if (copy == NULL) {
        return NULL;
    }
    ngx_memcpy(copy, text.data, text.len);
    ask->r = r;
    ask->text = dosis_slice(copy, text.len);
    ask->event.data = ask;
    ask->event.handler = opaque_on_event;
    ask->event.log = r->connection->log;
    cleanup->handler = opaque_on_end;
    return ask;
}


/* --- the answer ----------------------------------------------------------- */

/* Everybody who waits for this gets it. */
static void
opaque_tell(dosis_slice_t text, ngx_dosis_token_t *token)
{
    ngx_queue_t *q;
    ngx_queue_t *next;
    opaque_t *ask;

    for (q = ngx_queue_head(&opaques.all); q != &opaques.all; q = next) {
        next = ngx_queue_next(q);
        ask = ngx_queue_data(q, opaque_t, queue);
        if (!dosis_slice_eq(ask->text, text)) {
            continue;
        }
        if (token != NULL) {
            token->holders++;
        }
        ask->token = token;
        ask->answered = true;
        if (ask->asking) {
            opaque_leave(ask);
        } else if (!ask->event.posted) {
            ngx_post_event(&ask->event, &ngx_posted_events);
        }
    }
}


static void
opaque_on_answer(ngx_http_request_t *r, ngx_uint_t status, dosis_slice_t body)
{
    opaque_t *ask = ngx_dosis_ctx(r)->opaque;
    ngx_dosis_token_t *token = NULL;

    if (status == NGX_HTTP_OK) {
        token = ngx_dosis_verdict_read(ask->text, body);
    }
    if (token == NULL) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
            "dosis engine could not tell of a token: status=%ui", status);
    } else {
        ngx_dosis_token_cache_put(
            ngx_dosis_worker()->tokens, token, ngx_time());
    }
    opaque_tell(ask->text, token);
    ngx_dosis_token_release(token);
}


/* --- the question --------------------------------------------------------- */

static void
opaque_wait(opaque_t *ask, bool asking)
{
    ask->waiting = true;
    ask->asking = asking;
    ngx_queue_insert_tail(&opaques.all, &ask->queue);
    opaques.count++;
    ask->r->main->count++; /* taken off again when it is handled anew */
}


/* Only leaving is of interest until the one that asks knows. */
static void
opaque_join(opaque_t *ask)
{
    ngx_http_request_t *r = ask->r;

    opaque_wait(ask, false);
    ngx_add_timer(
        &ask->event, ngx_dosis_worker()->conf->engine.read_timeout * 2);
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;
    if (r->connection->read->ready) {
        /* gone already, it may be: that is told once */
        ngx_post_event(r->connection->read, &ngx_posted_events);
    }
}


/* nginx wakes a request itself when its subrequest has ended. */
static ngx_int_t
opaque_post(opaque_t *ask)
{
    if (ngx_dosis_engine_post(ask->r, OPAQUE_PATH, ask->text, opaque_on_answer)
        != NGX_OK) {
        return NGX_ERROR;
    }
    opaque_wait(ask, true);
    ask->r->write_event_handler = opaque_again;
    return NGX_DONE;
}


/* The answer is used once. */
static ngx_int_t
opaque_take(
    ngx_dosis_call_t *call, opaque_t *ask, ngx_dosis_token_t **ret_token)
{
    *ret_token = ask->token;
    ask->token = NULL;
    ask->answered = false;
    if (*ret_token != NULL) {
        return NGX_OK;
    }
    (void) ngx_dosis_refuse(call, NGX_DOSIS_UITGEVER_ONBEREIKBAAR);
    return NGX_DECLINED;
}


ngx_int_t
ngx_dosis_opaque_ask(
    ngx_dosis_call_t *call, dosis_slice_t text, ngx_dosis_token_t **ret_token)
{
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);
    bool asked;

    if (ctx->opaque != NULL && ctx->opaque->answered) {
        return opaque_take(call, ctx->opaque, ret_token);
    }
    asked = opaque_find(text, true) != NULL;
    if (opaques.count >= NGX_DOSIS_OPAQUE_WAITING_MAX
        || (!asked && opaque_has_share(call->r))) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR);
        return NGX_DECLINED;
    }
    if (ctx->opaque == NULL) {
        ctx->opaque = opaque_create(call->r, text);
    }
    if (ctx->opaque == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return NGX_DECLINED;
    }
    if (asked) {
        opaque_join(ctx->opaque);
        return NGX_DONE;
    }
    return opaque_post(ctx->opaque);
}
