/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_auth.h: from a request to who asks: transport, token, scope. The
 * client's registration is judged behind it, in the snapshot.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never; a token not seen before costs one signature, or a question
 *            to the engine, for which the request waits
 * Memory     the token is held by the request's context
 * Errors     NGX_DECLINED: the refusal stands in call->reply
 */

#ifndef NGX_DOSIS_AUTH_H
#define NGX_DOSIS_AUTH_H

#include "http/ngx_dosis_call.h"
#include "http/ngx_dosis_ctx.h"

/*
 * NGX_OK: ctx->token says who. NGX_DONE: the request waits, and is handled
 * again from the start. NGX_ERROR: it can only be ended.
 */
ngx_int_t ngx_dosis_auth(ngx_dosis_call_t *call, ngx_dosis_ctx_t *ctx);

/*
 * Within call's snapshot: a token that was judged by other issuers, keys or
 * names than those of this snapshot is judged anew.
 */
bool ngx_dosis_auth_again(ngx_dosis_call_t *call);

/* Would that acr suffice for confidential dossiers, of one of the issuers? */
bool ngx_dosis_auth_assured(dosis_slice_t acr);

#endif
