/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * POST dossiers: store one dossier status.
 *
 *   push         parses; may this client deliver for that source?
 *   push_read    checks every rule; what cannot be kept is refused here
 *   on_commit    it is on disk, or is not; answered in ngx_dosis_receipt.c
 *
 * A delivery that breaks a rule but has an UploadId is stored as refused, so
 * that its result can be asked for later. A client that leaves does not undo
 * its write: the job owns the dossier, the request only listens.
 */

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "crypto/dosis_secret.h"
#include "domain/dosis_dossier_json.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_params.h"
#include "ngx_dosis_worker.h"
#include "writer/ngx_dosis_receipt.h"
#include "writer/ngx_dosis_submit.h"


static dosis_rc_t
push_generate_upload_id(ngx_dosis_job_t *job)
{
    char text[DOSIS_UUID_TEXT + 1];
    uint8_t random[16];
    dosis_rc_t rc;

    rc = dosis_random(random, sizeof(random));
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_uuid_encode(text, random);
    job->delivery.dossier.upload_id =
        dosis_arena_copy(job->arena, dosis_slice(text, DOSIS_UUID_TEXT));
    return (job->delivery.dossier.upload_id.data == NULL) ? DOSIS_ENOMEM
                                                          : DOSIS_OK;
}


/* DOSIS_EINPUT: refused, and not to be kept. */
static dosis_rc_t
push_read(ngx_dosis_call_t *call, const dosis_json_t *root,
    const dosis_bron_t *bron, ngx_dosis_job_t *job)
{
    dosis_rc_t rc;
    dosis_dossier_t *dossier = &job->delivery.dossier;
    const dosis_dossier_rules_t rules = {
        .lijsten = dosis_ref_lijsten(dosis_reader_ref(call->reader)),
        .bron = bron,
        .now_ns = call->now_ns,
        .future_ns = ngx_dosis_worker()->conf->future_s * DOSIS_NS_PER_S,
    };

    rc = dosis_dossier_from_json(
        root, &rules, job->arena, dossier, &job->warnings, &job->problems);
    if (rc == DOSIS_EINPUT && dossier->upload_id.len > 0
        && dossier->bron.len > 0) {
        job->delivery.refused = true;
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK && dossier->upload_id.len == 0) {
        return push_generate_upload_id(job);
    }
    return rc;
}


/* bron NULL: nothing is stored, only all problems named. */
static ngx_int_t
push_one(
    ngx_dosis_call_t *call, const dosis_json_t *root, const dosis_bron_t *bron)
{
    dosis_rc_t rc = DOSIS_ENOMEM;
    ngx_dosis_job_t *job;

    job = ngx_dosis_job_create(call->r, ngx_dosis_receipt_on_commit);
    if (job != NULL) {
        rc = push_read(call, root, bron, job);
    }
    if (rc == DOSIS_OK && bron != NULL) {
        if (ngx_dosis_submit_bron(call, job->delivery.dossier.bron) != NULL) {
            return ngx_dosis_submit(call, job);
        }
        ngx_dosis_job_free(job);
        return NGX_OK;
    }
    if (rc == DOSIS_EINPUT) {
        call->err = job->problems;
    }
    ngx_dosis_job_free(job);
    return ngx_dosis_refuse_rc(call, (rc == DOSIS_OK) ? DOSIS_EINPUT : rc);
}


static ngx_int_t
push_object(ngx_dosis_call_t *call, const dosis_json_t *root)
{
    dosis_slice_t named = dosis_dossier_peek_bron(root);
    const dosis_bron_t *bron = NULL;

    if (!dosis_ref_ready(dosis_reader_ref(call->reader))) {
        return ngx_dosis_refuse_rc(call, DOSIS_EBUSY);
    }
    /* one too long is no source but a mistake, named with all others */
    if (named.len > 0 && named.len <= DOSIS_BRON_MAX) {
        bron = ngx_dosis_submit_bron(call, named);
        if (bron == NULL) {
            return NGX_OK;
        }
    }
    return push_one(call, root, bron);
}


static ngx_int_t
push_root(ngx_dosis_call_t *call, const dosis_json_t *root)
{
    switch (dosis_json_kind(root)) {
    case DOSIS_JSON_OBJECT:
        return push_object(call, root);
    case DOSIS_JSON_ARRAY:
        return ngx_dosis_refuse(call, NGX_DOSIS_BATCH_NIET_ONDERSTEUND);
    default:
        return ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, "",
            "De inhoud moet één JSON-object zijn.");
    }
}


ngx_int_t
ngx_dosis_push(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    ngx_int_t done;
    dosis_json_t *root;
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call, NGX_DOSIS_PARAM(PROEF), &params)) {
        return NGX_OK;
    }
    if (params.given & NGX_DOSIS_PARAM(PROEF)) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            "proef", "Een proeflevering is nog niet ondersteund.");
    }
    rc = dosis_json_parse(call->body, &root, &call->err);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse(call, NGX_DOSIS_JSON_ONGELDIG);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    done = push_root(call, root);
    dosis_json_free(root);
    return done;
}
