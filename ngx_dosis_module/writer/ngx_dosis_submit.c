/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_submit.h"

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "ngx_dosis_worker.h"
#include "writer/ngx_dosis_receipt.h"


dosis_rc_t
ngx_dosis_submit_intake(
    ngx_dosis_call_t *call, dosis_arena_t *arena, dosis_intake_t *ret)
{
    *ret = (dosis_intake_t){
        .reader = call->reader,
        .client = dosis_arena_copy(arena, call->identity->client),
        .arena = arena,
        .now_ns = call->now_ns,
        .future_ns = ngx_dosis_worker()->conf->future_s * DOSIS_NS_PER_S,
    };
    return (ret->client.data == NULL) ? DOSIS_ENOMEM : DOSIS_OK;
}


bool
ngx_dosis_submit_is_trial(
    ngx_dosis_call_t *call, dosis_slice_t text, bool *ret_trial)
{
    *ret_trial = dosis_text_ieq(text, DOSIS_SLICE("true"));
    if (*ret_trial || text.data == NULL
        || dosis_text_ieq(text, DOSIS_SLICE("false"))) {
        return true;
    }
    (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG, "proef",
        "proef moet true of false zijn.");
    return false;
}


/* false: out of memory. */
static bool
submit_set_preconditions(ngx_dosis_call_t *call, ngx_dosis_job_t *job)
{
    dosis_slice_t text;
    dosis_delivery_t *delivery = job->items[0];
    const ngx_http_headers_in_t *in = &call->r->headers_in;

    if (in->if_none_match != NULL) {
        text = dosis_text_trim(ngx_dosis_slice(&in->if_none_match->value));
        delivery->if_none_match_any = dosis_slice_eq(text, DOSIS_SLICE("*"));
    }
    if (in->if_match == NULL) {
        return true;
    }
    text = ngx_dosis_slice(&in->if_match->value);
    delivery->if_match = dosis_arena_copy(job->arena, text);
    return text.len == 0 || delivery->if_match.data != NULL;
}


/* Nothing is stored: judged in this snapshot, and answered. */
static ngx_int_t
submit_trial(ngx_dosis_call_t *call, ngx_dosis_job_t *job)
{
    dosis_delivery_t *delivery = job->items[0];
    ngx_dosis_reply_t *reply = &call->reply;

    dosis_deliver_trial(call->reader, call->now_ns, delivery);
    ngx_dosis_receipt_fill(delivery->rc, delivery, reply);
    if (reply->err != NULL) {
        /* the job goes before the answer */
        dosis_err_copy(&call->err, reply->err);
        reply->err = &call->err;
    }
    reply->etag = dosis_arena_copy(call->arena, reply->etag);
    ngx_dosis_job_free(job);
    return NGX_OK;
}


ngx_int_t
ngx_dosis_submit_made(
    ngx_dosis_call_t *call, ngx_dosis_job_t *job, dosis_rc_t made)
{
    if (made == DOSIS_OK) {
        made = ngx_dosis_writer_submit(ngx_dosis_worker()->writer, job);
    }
    if (made != DOSIS_OK) {
        ngx_dosis_job_free(job);
        return ngx_dosis_refuse_rc(call, made);
    }
    ngx_dosis_listen(call->r, &job->listener);
    return NGX_DONE;
}


ngx_int_t
ngx_dosis_submit(ngx_dosis_call_t *call, ngx_dosis_job_t *job, bool trial)
{
    job->bytes = call->body.len;
    if (!submit_set_preconditions(call, job)) {
        return ngx_dosis_submit_made(call, job, DOSIS_ENOMEM);
    }
    return trial ? submit_trial(call, job)
                 : ngx_dosis_submit_made(call, job, DOSIS_OK);
}
