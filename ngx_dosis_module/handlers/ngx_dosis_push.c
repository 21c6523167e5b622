/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * POST dossiers: store one dossier status, or a list of them.
 *
 *   push         a list goes to ngx_dosis_batch.c
 *   push_one     reads and checks every rule; what cannot be kept is refused
 *   on_commit    it is on disk, or is not; answered in ngx_dosis_receipt.c
 *
 * A delivery that breaks a rule but has an UploadId is stored as refused, so
 * that its result can be asked for later. A client that leaves does not undo
 * its write: the job owns the dossier, the request only listens.
 */

#include "base/dosis_json_list.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_params.h"
#include "http/ngx_dosis_pause.h"
#include "writer/ngx_dosis_batch.h"
#include "writer/ngx_dosis_receipt.h"
#include "writer/ngx_dosis_submit.h"


static ngx_int_t
push_object(ngx_dosis_call_t *call, const dosis_json_t *root, bool trial)
{
    dosis_rc_t rc;
    dosis_intake_t intake;
    ngx_dosis_job_t *job;

    job = ngx_dosis_job_create(ngx_dosis_receipt_on_commit);
    if (job == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    rc = ngx_dosis_submit_intake(call, job->arena, &intake);
    if (rc == DOSIS_OK) {
        rc = dosis_intake_json(&intake, root, job->items[0]);
    }
    if (rc == DOSIS_OK) {
        return ngx_dosis_submit(call, job, trial);
    }
    if (rc == DOSIS_EINPUT) {
        dosis_err_copy(&call->err, job->items[0]->problems);
    }
    ngx_dosis_pause_tell(call, rc, job->items[0]);
    ngx_dosis_job_free(job);
    return ngx_dosis_refuse(call, ngx_dosis_problem_of_delivery(rc));
}


/* A file without its type is taken for JSON: so it says what it lacks. */
static void
push_tell_type(ngx_dosis_call_t *call)
{
    const char first = dosis_json_list_first(call->body);

    if (first != '{' && first != '\0') {
        dosis_err_add(&call->err, "JsonOngeldig", "Content-Type",
            "De inhoud begint niet met { of [: een CSV-bestand vraagt"
            " Content-Type: text/csv.");
    }
}


static ngx_int_t
push_one(ngx_dosis_call_t *call, bool trial)
{
    dosis_rc_t rc;
    ngx_int_t done;
    dosis_json_t *root;

    rc = dosis_json_parse(call->body, &root, &call->err);
    if (rc == DOSIS_EINPUT) {
        push_tell_type(call);
        return ngx_dosis_refuse(call, NGX_DOSIS_JSON_ONGELDIG);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    if (dosis_json_kind(root) == DOSIS_JSON_OBJECT) {
        done = push_object(call, root, trial);
    } else {
        done = ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, "",
            "De inhoud moet een JSON-object zijn, of een lijst daarvan.");
    }
    dosis_json_free(root);
    return done;
}


/* What is judged for one dossier would be ignored for a list. */
static bool
push_is_unconditional(ngx_dosis_call_t *call)
{
    const ngx_http_headers_in_t *in = &call->r->headers_in;

    if (in->if_match == NULL && in->if_none_match == NULL) {
        return true;
    }
    (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
        (in->if_match != NULL) ? "If-Match" : "If-None-Match",
        "Een voorwaarde geldt voor één dossier, niet voor een lijst.");
    return false;
}


ngx_int_t
ngx_dosis_push(ngx_dosis_call_t *call)
{
    bool trial;
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call, NGX_DOSIS_PARAM(PROEF), &params)
        || !ngx_dosis_submit_is_trial(
            call, params.value[NGX_DOSIS_PARAM_PROEF], &trial)) {
        return NGX_OK;
    }
    if (!dosis_json_list_is(call->body)) {
        return push_one(call, trial);
    }
    return push_is_unconditional(call) ? ngx_dosis_batch(call, trial) : NGX_OK;
}
