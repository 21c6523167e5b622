/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET openapi.json: this interface, described.
 * GET context.jsonld: what the members mean, for linked data.
 *
 * Nothing of anybody stands in them: no token is asked.
 */

#include "handlers/ngx_dosis_handlers.h"
#include "ui/ngx_dosis_ui.h"


static ngx_int_t
documents_answer(
    ngx_dosis_call_t *call, const ngx_dosis_ui_t *document, const char *type)
{
    call->reply.body = document->text;
    call->reply.type = type;
    call->reply.etag = dosis_slice_of(document->etag);
    call->reply.conditional = true;
    call->reply.open = true;
    return NGX_OK;
}


ngx_int_t
ngx_dosis_openapi(ngx_dosis_call_t *call)
{
    return documents_answer(call, &ngx_dosis_ui_openapi, "application/json");
}


ngx_int_t
ngx_dosis_context(ngx_dosis_call_t *call)
{
    return documents_answer(call, &ngx_dosis_ui_context, "application/ld+json");
}
