/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET .well-known/jwks.json: the public halves of the keys that DOSIS signs
 * with, from the store: a rotation shows at the next request.
 */

#include "base/dosis_text.h"
#include "handlers/ngx_dosis_handlers.h"
#include "store/dosis_signing.h"

#define JWKS_TAG_BYTES 16
#define JWKS_TAG (2 * JWKS_TAG_BYTES + sizeof("\"\""))


/* The document itself is the tag. */
static ngx_int_t
jwks_tag(ngx_dosis_call_t *call)
{
    uint8_t print[32];
    char hex[2 * JWKS_TAG_BYTES + 1];
    char *etag = dosis_arena_alloc(call->arena, JWKS_TAG);

    if (etag == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    dosis_sha256(print, call->out->data, call->out->len);
    dosis_hex_encode(hex, dosis_slice(print, JWKS_TAG_BYTES));
    call->reply.etag = dosis_slice(etag,
        (size_t) (ngx_sprintf((u_char *) etag, "\"%s\"", hex)
            - (u_char *) etag));
    call->reply.conditional = true;
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_jwks(ngx_dosis_call_t *call)
{
    dosis_rc_t rc = dosis_signing_jwks(call->reader, call->out);

    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    call->reply.type = "application/jwk-set+json";
    call->reply.open = true;
    return jwks_tag(call);
}
