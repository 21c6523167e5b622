/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_call.h: one request on its way through the door.
 *
 *   handler         route, token, scope, client; asks for the body
 *   call_on_body    the body is there
 *   (both)          one snapshot: client again, the route's handler, reply
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   page faults of the store only
 * Memory     a call lives in one turn of the event loop, and so does all it
 *            points to: what must live longer goes into a job
 * Errors     in the reply
 */

#ifndef NGX_DOSIS_CALL_H
#define NGX_DOSIS_CALL_H

#include "base/dosis_arena.h"
#include "domain/dosis_identity.h"
#include "http/ngx_dosis_reply.h"
#include "http/ngx_dosis_route.h"
#include "store/dosis_read.h"

struct ngx_dosis_call_s {
    ngx_http_request_t *r; /* NULL on a thread, see ngx_dosis_aside.h */
    const ngx_dosis_route_t *route;
    dosis_slice_t segment; /* of the path */
    dosis_slice_t args;    /* as sent */
    dosis_slice_t body;
    dosis_slice_t namens; /* the header, or data is NULL */
    bool namens_twice;

    /* NULL on a local route */
    const dosis_identity_t *identity;
    dosis_slice_t issuer; /* that was asked about the token, or empty */
    dosis_reader_t *reader;       /* between begin and end */
    const dosis_client_t *client; /* NULL: a user, or unregistered */

    dosis_arena_t *arena;
    dosis_buf_t *out;
    int64_t now_ns;
    dosis_slice_t prefix; /* in front of links */
    dosis_slice_t base;   /* our address in front of them, or empty */

    dosis_inzage_t inzage; /* for the access ledger, when it is answered */
    dosis_shown_t shown;

    ngx_dosis_reply_t reply;
    dosis_err_t err; /* for reply.err */
};

/* The content handler of a location with `dosis on`. */
ngx_int_t ngx_dosis_handler(ngx_http_request_t *r);

/*
 * For a request that waits: its route's handler once more, in a snapshot of
 * now. NGX_DONE: it goes on waiting; else the reply is filled.
 */
ngx_int_t ngx_dosis_call_again(ngx_dosis_call_t *call, ngx_http_request_t *r);

/*
 * The issuer of an opaque token must be one that is asked, and
 * a machine must be registered and switched on, at this very moment; a user
 * need not come through a registered client. Sets call->client.
 */
ngx_dosis_problem_t ngx_dosis_call_client(ngx_dosis_call_t *call);

/* In front of addresses of click-throughs: dosis_base, or the prefix. */
static inline dosis_slice_t
ngx_dosis_call_door(const ngx_dosis_call_t *call)
{
    return (call->base.len > 0) ? call->base : call->prefix;
}

/* Each returns NGX_OK, so that a handler can end with it. */
ngx_int_t ngx_dosis_refuse(ngx_dosis_call_t *call, ngx_dosis_problem_t problem);
ngx_int_t ngx_dosis_refuse_rc(ngx_dosis_call_t *call, dosis_rc_t rc);

/* As refuse, with one more problem in the list. text: one Dutch sentence. */
ngx_int_t ngx_dosis_refuse_field(ngx_dosis_call_t *call,
    ngx_dosis_problem_t problem, const char *field, const char *text);

/* `na` does not open: not ours, or of another question. */
ngx_dosis_problem_t ngx_dosis_cursor_wrong(dosis_err_t *err);
ngx_int_t ngx_dosis_refuse_cursor(ngx_dosis_call_t *call);

/* The reply is what stands in call->out. */
ngx_int_t ngx_dosis_answer(ngx_dosis_call_t *call);

/* The same, with its entity tag: a client that holds it gets 304. */
ngx_int_t ngx_dosis_answer_tagged(
    ngx_dosis_call_t *call, const dosis_answer_t *answer);

#endif
