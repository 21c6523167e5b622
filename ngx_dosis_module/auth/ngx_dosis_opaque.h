/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_opaque.h: an opaque token, and what the engine knows of it.
 *
 *   ask         asks the engine; or joins who is asking that very thing
 *   on_answer   the answer becomes a token, kept in the cache; who joined is
 *               woken
 *   on_wake     the request goes through the door again, with the token
 *
 * A client that leaves takes its question along; who joined it then asks anew.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never; a request waits without a thread
 * Memory     the request's pool
 * Errors     below
 */

#ifndef NGX_DOSIS_OPAQUE_H
#define NGX_DOSIS_OPAQUE_H

#include "http/ngx_dosis_call.h"
#include "http/ngx_dosis_ctx.h"

/* Requests that wait for the engine, in one worker. */
#define NGX_DOSIS_OPAQUE_WAITING_MAX 512

/*
 * Questions under way for one address, in all workers together: half of what
 * the engine takes, so that who invents tokens leaves room. Each worker has its
 * part of it, and at least NGX_DOSIS_OPAQUE_ADDRESS_MIN.
 */
#define NGX_DOSIS_OPAQUE_ADDRESS_MAX 24
#define NGX_DOSIS_OPAQUE_ADDRESS_MIN 2

/* Hook of the worker. */
void ngx_dosis_opaque_init(void);

/* Is it of the form of an opaque token, and is there somebody to ask? */
bool ngx_dosis_opaque_is(dosis_slice_t text);

/*
 * NGX_OK: it was asked, and *ret_token, held for the caller, is the answer.
 * NGX_DONE: the request waits, and is handled again. NGX_DECLINED: the refusal
 * stands in call->reply. NGX_ERROR: the request can only be ended.
 */
ngx_int_t ngx_dosis_opaque_ask(ngx_dosis_call_t *call, dosis_slice_t text,
    ngx_dosis_token_t **ret_token);

#endif
