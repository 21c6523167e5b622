/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_receipt.h"

#include "base/dosis_err_json.h"
#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "ngx_dosis_worker.h"


/* One that was refused before it was prepared has none. */
static bool
receipt_has_id(const dosis_delivery_t *delivery)
{
    static const uint8_t none[sizeof(delivery->id)];

    return ngx_memcmp(delivery->id, none, sizeof(none)) != 0;
}


static void
receipt_render_resultaat(
    dosis_buf_t *out, const char *start, dosis_resultaat_t resultaat)
{
    dosis_buf_add_slice(out, dosis_slice_of(start));
    dosis_buf_add_slice(out, dosis_slice_of(dosis_resultaat_name(resultaat)));
    dosis_buf_add_byte(out, '"');
}


static void
receipt_render(dosis_buf_t *out, const dosis_delivery_t *delivery)
{
    char id[DOSIS_ID_TEXT + 1];

    dosis_id_encode(id, delivery->id);
    DOSIS_BUF_LIT(out, "{\"Status\":\"OK\",");
    dosis_json_add_member(out, "UploadId", delivery->dossier.upload_id);
    receipt_render_resultaat(out, ",\"Resultaat\":\"", delivery->resultaat);
    if (delivery->resultaat == DOSIS_PROEF) {
        receipt_render_resultaat(out, ",\"Verwacht\":\"", delivery->expected);
    }
    DOSIS_BUF_LIT(out, ",\"DossierId\":\"");
    dosis_buf_add(out, id, DOSIS_ID_TEXT);
    DOSIS_BUF_LIT(out, "\",\"Versie\":");
    if (delivery->versie > 0) {
        dosis_buf_add_uint(out, delivery->versie);
    } else {
        DOSIS_BUF_LIT(out, "null");
    }
    dosis_err_json_warnings(out, delivery->warnings);
    dosis_buf_add_byte(out, '}');
}


/* The members of a problem that say something about one of many. */
static void
receipt_render_refusal(
    dosis_buf_t *out, dosis_rc_t rc, const dosis_delivery_t *delivery)
{
    char id[DOSIS_ID_TEXT + 1];
    const ngx_dosis_problem_row_t *row;

    row = ngx_dosis_problem_row(ngx_dosis_problem_of_delivery(rc));
    DOSIS_BUF_LIT(out, "{\"Status\":\"Fout\",");
    dosis_json_add_member(out, "UploadId", delivery->dossier.upload_id);
    DOSIS_BUF_LIT(out, ",\"DossierId\":");
    if (receipt_has_id(delivery)) {
        dosis_id_encode(id, delivery->id);
        dosis_json_add_string(out, dosis_slice(id, DOSIS_ID_TEXT));
    } else {
        DOSIS_BUF_LIT(out, "null");
    }
    dosis_buf_addf(out,
        ",\"status\":%u,\"Code\":\"%s\",\"Message\":\"%s\","
        "\"Description\":\"%s\",\"errors\":",
        (unsigned) row->status, row->code, row->title, row->detail);
    dosis_err_json_list(out, delivery->problems);
    dosis_err_json_warnings(out, delivery->warnings);
    dosis_buf_add_byte(out, '}');
}


void
ngx_dosis_receipt_add(
    dosis_buf_t *out, dosis_rc_t rc, const dosis_delivery_t *delivery)
{
    if (rc == DOSIS_OK) {
        receipt_render(out, delivery);
    } else {
        receipt_render_refusal(out, rc, delivery);
    }
}


void
ngx_dosis_receipt_fill(dosis_rc_t rc, const dosis_delivery_t *delivery,
    ngx_dosis_reply_t *reply)
{
    dosis_buf_t *out;

    if (rc != DOSIS_OK) {
        reply->problem = ngx_dosis_problem_of_delivery(rc);
        reply->err = (rc == DOSIS_EINPUT) ? delivery->problems : NULL;
        return;
    }
    out = ngx_dosis_worker_out();
    receipt_render(out, delivery);
    reply->etag = dosis_slice_of(delivery->etag);
    reply->body = dosis_buf_slice(out);
    if (out->rc != DOSIS_OK) {
        reply->problem = ngx_dosis_problem_of_rc(out->rc);
    }
}


void
ngx_dosis_receipt_on_commit(ngx_dosis_job_t *job)
{
    ngx_dosis_reply_t reply = { 0 };
    const dosis_delivery_t *delivery = job->items[0];

    ngx_dosis_receipt_fill(ngx_dosis_job_rc(job, delivery), delivery, &reply);
    ngx_dosis_listener_answer(&job->listener, &reply);
    ngx_dosis_job_free(job);
}
