/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_call.h"

#include "auth/ngx_dosis_auth.h"
#include "http/ngx_dosis_body.h"
#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_later.h"
#include "http/ngx_dosis_limit.h"
#include "http/ngx_dosis_pause.h"
#include "http/ngx_dosis_upload.h"
#include "ngx_dosis_worker.h"
#include "writer/ngx_dosis_inzage.h"


static void
call_init(
    ngx_dosis_call_t *call, ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx)
{
    ngx_str_t args;
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_dosis_module);
    args = ngx_dosis_ctx_args(r, ctx);

    call->r = r;
    call->route = ctx->route;
    call->segment = ctx->segment;
    call->args = ngx_dosis_slice(&args);
    call->body = dosis_slice(NULL, 0);
    call->namens = (ctx->namens == NULL) ? dosis_slice(NULL, 0)
                                         : ngx_dosis_slice(&ctx->namens->value);
    call->namens_twice = ctx->namens_twice;
    call->identity = (ctx->token == NULL) ? NULL : &ctx->token->identity;
    call->issuer =
        (ctx->token == NULL) ? dosis_slice(NULL, 0) : ctx->token->issuer;
    call->reader = NULL;
    call->client = NULL;
    call->arena = ngx_dosis_worker_scratch();
    call->out = ngx_dosis_worker_out();
    call->now_ns = ngx_dosis_now_ns();
    call->prefix = ngx_dosis_slice(&conf->prefix);
    call->base = ngx_dosis_slice(&conf->base);
    ngx_memzero(&call->inzage, sizeof(call->inzage));
    call->shown.count = 0;
    ngx_memzero(&call->reply, sizeof(call->reply));
    call->err.count = 0;
    call->err.more = 0;
}


ngx_int_t
ngx_dosis_refuse(ngx_dosis_call_t *call, ngx_dosis_problem_t problem)
{
    call->reply.problem = problem;
    call->reply.err = &call->err;
    call->reply.etag = dosis_slice(NULL, 0);
    return NGX_OK;
}


ngx_int_t
ngx_dosis_refuse_rc(ngx_dosis_call_t *call, dosis_rc_t rc)
{
    return ngx_dosis_refuse(call, ngx_dosis_problem_of_rc(rc));
}


ngx_int_t
ngx_dosis_refuse_field(ngx_dosis_call_t *call, ngx_dosis_problem_t problem,
    const char *field, const char *text)
{
    dosis_err_add(
        &call->err, ngx_dosis_problem_row(problem)->code, field, "%s", text);
    return ngx_dosis_refuse(call, problem);
}


ngx_dosis_problem_t
ngx_dosis_cursor_wrong(dosis_err_t *err)
{
    dosis_err_add(err,
        ngx_dosis_problem_row(NGX_DOSIS_PARAMETER_ONGELDIG)->code, "na", "%s",
        "Deze cursor is ongeldig, of van een andere vraag.");
    return NGX_DOSIS_PARAMETER_ONGELDIG;
}


ngx_int_t
ngx_dosis_refuse_cursor(ngx_dosis_call_t *call)
{
    return ngx_dosis_refuse(call, ngx_dosis_cursor_wrong(&call->err));
}


ngx_int_t
ngx_dosis_answer(ngx_dosis_call_t *call)
{
    if (call->out->rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, call->out->rc);
    }
    call->reply.body = dosis_buf_slice(call->out);
    return NGX_OK;
}


ngx_int_t
ngx_dosis_answer_tagged(ngx_dosis_call_t *call, const dosis_answer_t *answer)
{
    char *etag;
    size_t len = strlen(answer->etag);

    etag = dosis_arena_alloc(call->arena, len + 1);
    if (etag == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    memcpy(etag, answer->etag, len);
    call->reply.etag = dosis_slice(etag, len);
    /* 304 is for GET, HEAD and QUERY; a search by POST has no such answer */
    call->reply.conditional = strcmp(call->route->method, "POST") != 0;
    return ngx_dosis_answer(call);
}


/* An opaque token is as good as the issuer that was asked about it. */
static bool
call_issuer_counts(const ngx_dosis_call_t *call)
{
    size_t i;
    const dosis_uitgever_t *uitgever;
    const dosis_ref_t *ref = dosis_reader_ref(call->reader);

    for (i = 0; (uitgever = dosis_ref_uitgever_at(ref, i)) != NULL; i++) {
        if (dosis_slice_eq(uitgever->iss, call->issuer)) {
            return uitgever->actief && uitgever->is_introspectie;
        }
    }
    return false;
}


/* Names of clients are one space: which issuer may speak for this one? */
static bool
call_client_counts(const ngx_dosis_call_t *call, const dosis_client_t *client)
{
    dosis_slice_t iss =
        (call->issuer.len > 0) ? call->issuer : call->identity->iss;

    return client->actief
        && (client->uitgever.len == 0
            || dosis_slice_eq(iss, client->uitgever));
}


ngx_dosis_problem_t
ngx_dosis_call_client(ngx_dosis_call_t *call)
{
    const dosis_client_t *client;
    const dosis_identity_t *who = call->identity;

    if (call->issuer.len > 0 && !call_issuer_counts(call)) {
        return NGX_DOSIS_TOKEN_ONGELDIG;
    }
    client = dosis_ref_client(dosis_reader_ref(call->reader), who->client);
    if (client != NULL) {
        call->client = call_client_counts(call, client) ? client : NULL;
        return (call->client != NULL) ? NGX_DOSIS_FINE
                                      : NGX_DOSIS_CLIENT_ONBEKEND;
    }
    return (who->has_subject /* a user's client need not be registered */
               && (who->scopes & call->route->scopes & DOSIS_SCOPE_GEBRUIKER))
        ? NGX_DOSIS_FINE
        : NGX_DOSIS_CLIENT_ONBEKEND;
}


/* Nothing is read that could not be noted. */
static ngx_int_t
call_handle(ngx_dosis_call_t *call, ngx_dosis_handler_pt handler)
{
    call->inzage.deur = call->route->deur;
    if (call->identity != NULL) {
        call->inzage.client = call->identity->client;
    }
    if (call->client != NULL) {
        call->inzage.klasse = call->client->inzage;
        call->inzage.uitstel_dagen = call->client->inzage_uitstel_dagen;
    }
    return ngx_dosis_inzage_has_room(call->route->deur)
        ? handler(call)
        : ngx_dosis_refuse_rc(call, DOSIS_EBUSY);
}


/* The snapshot begins and ends here. handler NULL: only who asks. */
static ngx_int_t
call_in_snapshot(ngx_dosis_call_t *call, ngx_dosis_handler_pt handler)
{
    dosis_rc_t rc;
    ngx_int_t done = NGX_OK;
    ngx_dosis_problem_t problem;

    call->reader = ngx_dosis_worker_reader();
    if (call->reader == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_EBUSY);
    }
    rc = dosis_reader_begin(call->reader);
    ngx_dosis_worker_saw(rc);
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, dosis_store_trouble(rc));
    }

    if (ngx_dosis_auth_again(call)) {
        problem = (call->route->flags & NGX_DOSIS_ROUTE_OPEN)
            ? NGX_DOSIS_FINE
            : ngx_dosis_call_client(call);
        if (problem != NGX_DOSIS_FINE) {
            done = ngx_dosis_refuse(call, problem);
        } else if (ngx_dosis_pause_judge(call) && ngx_dosis_limit_judge(call)
            && handler != NULL) {
            done = call_handle(call, handler);
        }
    }

    dosis_reader_end(call->reader);
    call->reader = NULL;
    call->client = NULL;
    return done;
}


ngx_int_t
ngx_dosis_call_again(ngx_dosis_call_t *call, ngx_http_request_t *r)
{
    ngx_int_t done;

    call_init(call, r, ngx_dosis_ctx(r));
    done = call_in_snapshot(call, call->route->handler);
    if (done == NGX_DONE && !ngx_dosis_inzage_piece(r, &call->inzage)) {
        return ngx_dosis_refuse_rc(call, DOSIS_EBUSY);
    }
    return done;
}


static ngx_int_t
call_run(ngx_dosis_call_t *call)
{
    ngx_int_t done;

    if (call->route->flags & NGX_DOSIS_ROUTE_LOCAL) {
        done = call->route->handler(call);
    } else {
        done = call_in_snapshot(call, call->route->handler);
    }
    if (done == NGX_DONE && ngx_dosis_inzage_piece(call->r, &call->inzage)) {
        return NGX_DONE;
    }
    if (done == NGX_DONE) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_EBUSY);
    }
    return ngx_dosis_inzage_reply(call->r, &call->reply, &call->inzage);
}


static void
call_with_body(ngx_http_request_t *r)
{
    ngx_int_t rc;
    ngx_dosis_call_t call;
    ngx_dosis_problem_t problem;

    call_init(&call, r, ngx_dosis_ctx(r));
    problem = ngx_dosis_body(&call);
    if (problem != NGX_DOSIS_FINE) {
        (void) ngx_dosis_refuse(&call, problem);
        rc = ngx_dosis_reply_send(r, &call.reply);
    } else {
        rc = call_run(&call);
    }
    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


/* Does it wait until deliveries have gone first? go_on: what it does then. */
static bool
call_is_later(ngx_http_request_t *r, const ngx_dosis_route_t *route,
    ngx_dosis_later_pt go_on)
{
    return !(route->flags
               & (NGX_DOSIS_ROUTE_NO_TOKEN | NGX_DOSIS_ROUTE_DELIVERY))
        && ngx_dosis_later(r, go_on);
}


static void
call_on_body(ngx_http_request_t *r)
{
    if (!call_is_later(r, ngx_dosis_ctx(r)->route, call_with_body)) {
        call_with_body(r);
    }
}


/* Client, kind and size are judged before a byte of the body is read. */
static ngx_int_t
call_read_body(ngx_dosis_call_t *call)
{
    ngx_int_t rc;
    bool upload = ngx_dosis_upload_asked(call);

    (void) call_in_snapshot(call, upload ? ngx_dosis_upload_admit : NULL);
    if (call->reply.problem == NGX_DOSIS_FINE && !upload) {
        (void) ngx_dosis_refuse(call, ngx_dosis_body_judge(call));
    }
    if (call->reply.problem != NGX_DOSIS_FINE) {
        return ngx_dosis_reply_send(call->r, &call->reply);
    }
    if (upload) {
        return ngx_dosis_upload_receive(call->r);
    }

    rc = ngx_http_read_client_request_body(call->r, call_on_body);
    return (rc >= NGX_HTTP_SPECIAL_RESPONSE) ? rc : NGX_DONE;
}


/* Path and method; every answer but `found` is given here. */
static bool
call_find_route(ngx_dosis_call_t *call, ngx_dosis_ctx_t *ctx)
{
    ngx_str_t uri = ngx_dosis_ctx_uri(call->r, ctx);
    dosis_slice_t path = ngx_dosis_slice(&uri);
    dosis_slice_t method = ngx_dosis_slice(&call->r->method_name);
    ngx_dosis_route_match_t match;
    ngx_dosis_route_result_t found;

    if (path.len < call->prefix.len
        || (call->prefix.len > 0
            && memcmp(path.data, call->prefix.data, call->prefix.len) != 0)) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_NIET_GEVONDEN);
        return false;
    }
    path.data += call->prefix.len;
    path.len -= call->prefix.len;

    match = ngx_dosis_route_find(method, path, &found);
    if (match == NGX_DOSIS_ROUTE_FOUND) {
        ctx->route = call->route = found.route;
        ctx->segment = call->segment = found.segment;
        call->reply.page = call->reply.secret =
            (found.route->flags & NGX_DOSIS_ROUTE_PAGE) != 0;
        return true;
    }
    if (match == NGX_DOSIS_ROUTE_NO_PATH) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_NIET_GEVONDEN);
        return false;
    }
    if (match == NGX_DOSIS_ROUTE_NO_METHOD) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_METHODE_NIET_TOEGELATEN);
    } else {
        call->reply.empty = true;
    }
    call->reply.allow = ngx_dosis_route_allow(call->r->pool, path);
    call->reply.accepts_query = found.query;
    return false;
}


/* From the token on. */
static ngx_int_t
call_judge(ngx_dosis_call_t *call)
{
    ngx_int_t rc;
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);

    if (!(call->route->flags & NGX_DOSIS_ROUTE_NO_TOKEN)) {
        rc = ngx_dosis_auth(call, ctx);
        if (rc == NGX_DECLINED) {
            return ngx_dosis_reply_send(call->r, &call->reply);
        }
        if (rc != NGX_OK) {
            return rc;
        }
        call->identity = &ctx->token->identity;
        call->issuer = ctx->token->issuer;
    }
    if (call->route->flags & NGX_DOSIS_ROUTE_BODY) {
        return call_read_body(call);
    }

    rc = call_run(call);
    if (rc == NGX_DONE) {
        call->r->main->count++; /* the writer's answer takes it off again */
    }
    return rc;
}


static void
call_go_on(ngx_http_request_t *r)
{
    ngx_dosis_call_t call;

    call_init(&call, r, ngx_dosis_ctx(r));
    ngx_http_finalize_request(r, call_judge(&call));
}


ngx_int_t
ngx_dosis_handler(ngx_http_request_t *r)
{
    ngx_dosis_ctx_t *ctx;
    ngx_dosis_call_t call;

    if (r != r->main) {
        return NGX_HTTP_NOT_FOUND;
    }
    ctx = ngx_dosis_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }
    call_init(&call, r, ctx);
    if (!call_find_route(&call, ctx)) {
        return ngx_dosis_reply_send(r, &call.reply);
    }
    if (!(call.route->flags & NGX_DOSIS_ROUTE_BODY)
        && call_is_later(r, call.route, call_go_on)) {
        r->main->count++; /* call_go_on takes it off again */
        return NGX_DONE;
    }
    return call_judge(&call);
}
