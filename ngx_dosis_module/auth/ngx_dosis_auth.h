/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_auth.h: from a request to who asks: transport, token, scope. The
 * client's registration is judged behind it, in the snapshot.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never; a token not seen before costs one signature
 * Memory     the token is held by the request's context
 * Errors     false: the refusal stands in call->reply
 */

#ifndef NGX_DOSIS_AUTH_H
#define NGX_DOSIS_AUTH_H

#include "http/ngx_dosis_call.h"
#include "http/ngx_dosis_ctx.h"

/* true: ctx->token says who. */
bool ngx_dosis_auth(ngx_dosis_call_t *call, ngx_dosis_ctx_t *ctx);

/*
 * Within call's snapshot: a token that was judged by other issuers, keys or
 * names than those of this snapshot is judged anew.
 */
bool ngx_dosis_auth_again(ngx_dosis_call_t *call);

#endif
