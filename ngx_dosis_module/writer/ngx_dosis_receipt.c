/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_receipt.h"

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "http/ngx_dosis_reply.h"
#include "ngx_dosis_worker.h"


static void
receipt_render_warnings(dosis_buf_t *out, const dosis_err_t *warnings)
{
    uint32_t i;
    dosis_slice_t text;

    DOSIS_BUF_LIT(out, ",\"Waarschuwingen\":[");
    for (i = 0; i < warnings->count; i++) {
        text = dosis_slice_of(warnings->item[i].text);
        dosis_buf_add(out, (i > 0) ? ",{" : "{", (i > 0) ? 2 : 1);
        dosis_json_add_member(
            out, "code", dosis_slice_of(warnings->item[i].code));
        dosis_buf_add_byte(out, ',');
        dosis_json_add_member(out, "message", text);
        dosis_buf_add_byte(out, ',');
        dosis_json_add_member(out, "description", text);
        dosis_buf_add_byte(out, ',');
        dosis_json_add_member(
            out, "field", dosis_slice_of(warnings->item[i].field));
        dosis_buf_add_byte(out, '}');
    }
    dosis_buf_add_byte(out, ']');
}


static void
receipt_render(dosis_buf_t *out, const dosis_delivery_t *delivery)
{
    char id[DOSIS_ID_TEXT + 1];

    dosis_id_encode(id, delivery->id);
    DOSIS_BUF_LIT(out, "{\"Status\":\"OK\",");
    dosis_json_add_member(out, "UploadId", delivery->dossier.upload_id);
    dosis_buf_addf(out,
        ",\"Resultaat\":\"%s\",\"DossierId\":\"%s\",\"Versie\":",
        dosis_resultaat_name(delivery->resultaat), id);
    if (delivery->versie > 0) {
        dosis_buf_add_uint(out, delivery->versie);
    } else {
        DOSIS_BUF_LIT(out, "null");
    }
    receipt_render_warnings(out, delivery->warnings);
    dosis_buf_add_byte(out, '}');
}


void
ngx_dosis_receipt_on_commit(ngx_http_request_t *r, const ngx_dosis_job_t *job)
{
    dosis_buf_t *out;
    ngx_dosis_reply_t reply = { 0 };
    const dosis_delivery_t *delivery = &job->delivery;

    if (job->rc != DOSIS_OK) {
        reply.problem = ngx_dosis_problem_of_rc(job->rc);
        reply.err = (job->rc == DOSIS_EINPUT) ? delivery->problems : NULL;
    } else {
        out = ngx_dosis_worker_out();
        receipt_render(out, delivery);
        reply.etag = dosis_slice_of(delivery->etag);
        reply.body = dosis_buf_slice(out);
        if (out->rc != DOSIS_OK) {
            reply.problem = ngx_dosis_problem_of_rc(out->rc);
        }
    }
    ngx_http_finalize_request(r, ngx_dosis_reply_send(r, &reply));
}
