/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * DELETE dossiers?bron=&dossierNummer=[&wijzigingsDatum=][&proef=]: withdraw
 * one.
 *
 *   delete       checks the parameters like the members of a delivery
 *   on_commit    answered in ngx_dosis_receipt.c
 */

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/dosis_agent.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_params.h"
#include "http/ngx_dosis_pause.h"
#include "ngx_dosis_worker.h"
#include "writer/ngx_dosis_receipt.h"
#include "writer/ngx_dosis_submit.h"

#define DELETE_PARAMS                                                          \
    (NGX_DOSIS_PARAM(BRON) | NGX_DOSIS_PARAM(DOSSIER_NUMMER)                   \
        | NGX_DOSIS_PARAM(WIJZIGINGS_DATUM) | NGX_DOSIS_PARAM(PROEF))


static void
delete_refuse(ngx_dosis_call_t *call, ngx_dosis_problem_t problem,
    ngx_dosis_param_t param, const char *text)
{
    (void) ngx_dosis_refuse_field(
        call, problem, ngx_dosis_param_name(param), text);
}


static bool
delete_has_controls(dosis_slice_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if ((unsigned char) text.data[i] < 0x20 || text.data[i] == 0x7f) {
            return true;
        }
    }
    return false;
}


static dosis_slice_t
delete_text(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    ngx_dosis_param_t param, size_t max)
{
    dosis_slice_t text = dosis_text_trim(params->value[param]);

    if (text.len == 0) {
        delete_refuse(call, NGX_DOSIS_PARAMETER_ONTBREEKT, param,
            "Deze parameter is verplicht.");
    } else if (text.len > max) {
        delete_refuse(call, NGX_DOSIS_PARAMETER_ONGELDIG, param,
            "Deze parameter is te lang.");
    } else if (delete_has_controls(text)) {
        delete_refuse(call, NGX_DOSIS_PARAMETER_ONGELDIG, param,
            "Deze parameter bevat een stuurteken.");
    }
    return text;
}


/* As a delivery: the number stands in addresses, so it may be no person's. */
static void
delete_judge_nummer(ngx_dosis_call_t *call, dosis_slice_t nummer)
{
    dosis_agent_t agent;

    if (dosis_agent_parse(nummer, DOSIS_STRENG, &agent) == NULL
        && agent.soort == DOSIS_AGENT_INSZ) {
        delete_refuse(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            NGX_DOSIS_PARAM_DOSSIER_NUMMER,
            "Een dossiernummer mag geen rijksregisternummer zijn.");
    }
}


static void
delete_read_date(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    dosis_dossier_t *dossier)
{
    int64_t latest_ns;
    dosis_slice_t text = params->value[NGX_DOSIS_PARAM_WIJZIGINGS_DATUM];

    text = dosis_text_trim(text);
    if (text.len == 0) {
        return;
    }
    latest_ns =
        call->now_ns + ngx_dosis_worker()->conf->future_s * DOSIS_NS_PER_S;
    dossier->has_wijziging = dosis_time_parse(text, &dossier->wijziging_ns);
    if (!dossier->has_wijziging) {
        delete_refuse(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            NGX_DOSIS_PARAM_WIJZIGINGS_DATUM,
            "Deze parameter is geen tijdstip (ISO 8601; schrijf een plus als"
            " %2B).");
    } else if (dossier->wijziging_ns > latest_ns) {
        delete_refuse(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            NGX_DOSIS_PARAM_WIJZIGINGS_DATUM,
            "Dit tijdstip ligt te ver in de toekomst.");
    }
}


/* All problems at once; false: refused. */
static bool
delete_read(
    ngx_dosis_call_t *call, dosis_dossier_t *dossier, bool *ret_trial)
{
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call, DELETE_PARAMS, &params)) {
        return false;
    }
    dossier->bron =
        delete_text(call, &params, NGX_DOSIS_PARAM_BRON, DOSIS_BRON_MAX);
    dossier->nummer = delete_text(
        call, &params, NGX_DOSIS_PARAM_DOSSIER_NUMMER, DOSIS_NUMMER_MAX);
    delete_judge_nummer(call, dossier->nummer);
    delete_read_date(call, &params, dossier);
    (void) ngx_dosis_submit_is_trial(
        call, params.value[NGX_DOSIS_PARAM_PROEF], ret_trial);
    return call->reply.problem == NGX_DOSIS_FINE;
}


/* Into the job, prepared. */
static dosis_rc_t
delete_fill(ngx_dosis_call_t *call, const dosis_dossier_t *named,
    ngx_dosis_job_t *job)
{
    dosis_rc_t rc;
    dosis_intake_t intake;
    const dosis_bron_t *bron;
    dosis_delivery_t *delivery = job->items[0];
    dosis_dossier_t *dossier = &delivery->dossier;

    rc = ngx_dosis_submit_intake(call, job->arena, &intake);
    if (rc != DOSIS_OK) {
        return rc;
    }
    bron = dosis_intake_bron(&intake, named->bron);
    if (bron == NULL) {
        return DOSIS_EDENIED;
    }
    rc = dosis_intake_open(&intake, bron, delivery);
    if (rc != DOSIS_OK) {
        return rc;
    }
    *dossier = *named;
    dossier->bron = dosis_arena_copy(job->arena, named->bron);
    dossier->nummer = dosis_arena_copy(job->arena, named->nummer);
    if (dossier->bron.data == NULL || dossier->nummer.data == NULL) {
        return DOSIS_ENOMEM;
    }
    delivery->withdraw = true;
    delivery->client = intake.client;
    delivery->problems = delivery->warnings = &dosis_err_none;
    return dosis_delivery_prepare(call->reader, delivery, job->arena);
}


ngx_int_t
ngx_dosis_delete(ngx_dosis_call_t *call)
{
    bool trial;
    dosis_rc_t rc;
    ngx_dosis_job_t *job;
    dosis_dossier_t named = { 0 };

    if (!delete_read(call, &named, &trial)) {
        return NGX_OK;
    }
    job = ngx_dosis_job_create(ngx_dosis_receipt_on_commit);
    if (job == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    rc = delete_fill(call, &named, job);
    if (rc != DOSIS_OK) {
        ngx_dosis_pause_tell(call, rc, job->items[0]);
        ngx_dosis_job_free(job);
        return ngx_dosis_refuse(call, ngx_dosis_problem_of_delivery(rc));
    }
    return ngx_dosis_submit(call, job, trial);
}
