/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_submit.h"

#include "base/dosis_text.h"
#include "ngx_dosis_worker.h"


const dosis_bron_t *
ngx_dosis_submit_bron(ngx_dosis_call_t *call, dosis_slice_t bron)
{
    const dosis_bron_t *known;

    known = dosis_ref_bron(dosis_reader_ref(call->reader), bron);
    if (known == NULL || !known->actief
        || !dosis_client_delivers(call->client, bron)) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_BRON_NIET_TOEGELATEN);
        return NULL;
    }
    return known;
}


/* false: out of memory. */
static bool
submit_set_preconditions(ngx_dosis_call_t *call, ngx_dosis_job_t *job)
{
    dosis_slice_t text;
    const ngx_http_headers_in_t *in = &call->r->headers_in;

    if (in->if_none_match != NULL) {
        text = dosis_text_trim(ngx_dosis_slice(&in->if_none_match->value));
        job->delivery.if_none_match_any =
            dosis_slice_eq(text, DOSIS_SLICE("*"));
    }
    if (in->if_match == NULL) {
        return true;
    }
    text = ngx_dosis_slice(&in->if_match->value);
    job->delivery.if_match = dosis_arena_copy(job->arena, text);
    return text.len == 0 || job->delivery.if_match.data != NULL;
}


ngx_int_t
ngx_dosis_submit(ngx_dosis_call_t *call, ngx_dosis_job_t *job)
{
    dosis_rc_t rc = DOSIS_ENOMEM;

    job->bytes = call->body.len;
    job->delivery.client = dosis_arena_copy(job->arena, call->identity->client);
    if (job->delivery.client.data != NULL
        && submit_set_preconditions(call, job)) {
        rc = dosis_delivery_prepare(call->reader, &job->delivery, job->arena);
    }
    if (rc == DOSIS_OK) {
        rc = ngx_dosis_writer_submit(ngx_dosis_worker()->writer, job);
    }
    if (rc != DOSIS_OK) {
        ngx_dosis_job_free(job);
        return ngx_dosis_refuse_rc(call, rc);
    }
    /* the answer comes later; until then only leaving is of interest */
    call->r->read_event_handler = ngx_http_test_reading;
    call->r->write_event_handler = ngx_http_request_empty_handler;
    return NGX_DONE;
}
