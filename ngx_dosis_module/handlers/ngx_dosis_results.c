/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET resultaten/perUploadId: what became of one delivery of this client.
 */

#include "base/dosis_text.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_params.h"


/* As the store keeps it: a UUID in lower case; false when it is none. */
static bool
result_upload_id(dosis_slice_t text, char to[DOSIS_UUID_TEXT])
{
    text = dosis_text_trim(text);
    if (!dosis_uuid_valid(text)) {
        return false;
    }
    ngx_strlow((u_char *) to, (u_char *) text.data, DOSIS_UUID_TEXT);
    return true;
}


ngx_int_t
ngx_dosis_result(ngx_dosis_call_t *call)
{
    char upload_id[DOSIS_UUID_TEXT];
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    dosis_slice_t text;
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call, NGX_DOSIS_PARAM(UPLOAD_ID), &params)) {
        return NGX_OK;
    }
    text = params.value[NGX_DOSIS_PARAM_UPLOAD_ID];
    if (text.len == 0) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONTBREEKT,
            "uploadId", "Deze parameter is verplicht.");
    }
    if (result_upload_id(text, upload_id)) {
        rc = dosis_result_of_upload(call->reader, call->identity->client,
            dosis_slice(upload_id, DOSIS_UUID_TEXT), call->out);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer(call);
}
