/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_params.h"

#include "base/dosis_args.h"
#include "base/dosis_text.h"

static const char *const param_names[NGX_DOSIS_PARAM_MAX] = {
    [NGX_DOSIS_PARAM_AGENT] = "agent",
    [NGX_DOSIS_PARAM_RECHT] = "recht",
    [NGX_DOSIS_PARAM_LIMIET] = "limiet",
    [NGX_DOSIS_PARAM_NA] = "na",
    [NGX_DOSIS_PARAM_BRON] = "bron",
    [NGX_DOSIS_PARAM_DOSSIER_NUMMER] = "dossierNummer",
    [NGX_DOSIS_PARAM_WIJZIGINGS_DATUM] = "wijzigingsDatum",
    [NGX_DOSIS_PARAM_UPLOAD_ID] = "uploadId",
    [NGX_DOSIS_PARAM_PROEF] = "proef",
    [NGX_DOSIS_PARAM_TOKEN] = "access_token",
    [NGX_DOSIS_PARAM_BESTAND] = "bestand",
    [NGX_DOSIS_PARAM_VOLLEDIG] = "volledig",
    [NGX_DOSIS_PARAM_PEILDATUM] = "peildatum",
    [NGX_DOSIS_PARAM_ONTBREKEND] = "ontbrekend",
    [NGX_DOSIS_PARAM_OP_DATUM] = "opDatum",
    [NGX_DOSIS_PARAM_FASE] = "fase",
    [NGX_DOSIS_PARAM_CODE] = "code",
    [NGX_DOSIS_PARAM_PRODUCT] = "product",
    [NGX_DOSIS_PARAM_ACTIE_NODIG] = "actieNodig",
    [NGX_DOSIS_PARAM_OPEN] = "open",
    [NGX_DOSIS_PARAM_SINDS] = "sinds",
    [NGX_DOSIS_PARAM_TOT] = "tot",
    [NGX_DOSIS_PARAM_ROL] = "rol",
    [NGX_DOSIS_PARAM_SORTEER] = "sorteer",
};


const char *
ngx_dosis_param_name(ngx_dosis_param_t param)
{
    return param_names[param];
}


static ngx_dosis_param_t
param_find(dosis_slice_t name)
{
    ngx_dosis_param_t param;

    for (param = 0; param < NGX_DOSIS_PARAM_MAX; param++) {
        if (dosis_text_ieq(name, dosis_slice_of(param_names[param]))) {
            break;
        }
    }
    return param;
}


static void
param_wrong(ngx_dosis_call_t *call, ngx_dosis_param_t param, const char *text)
{
    (void) ngx_dosis_refuse_field(
        call, NGX_DOSIS_PARAMETER_ONGELDIG, param_names[param], text);
}


static void
param_add_recht(
    ngx_dosis_call_t *call, ngx_dosis_params_t *params, dosis_slice_t value)
{
    if (params->rechten == NULL) {
        params->rechten = dosis_arena_alloc(
            call->arena, DOSIS_HELD_MAX * sizeof(dosis_slice_t));
    }
    if (params->rechten == NULL || params->rechten_count == DOSIS_HELD_MAX) {
        param_wrong(
            call, NGX_DOSIS_PARAM_RECHT, "Deze parameter komt te vaak voor.");
        return;
    }
    params->rechten[params->rechten_count++] = value;
}


static void
param_add_filter(ngx_dosis_call_t *call, ngx_dosis_params_t *params,
    ngx_dosis_param_t param, dosis_slice_t value)
{
    if (params->filter == NULL) {
        params->filter = dosis_arena_alloc(
            call->arena, NGX_DOSIS_PAIRS_MAX * sizeof(params->filter[0]));
    }
    if (params->filter == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return;
    }
    params->filter[params->filter_count++] =
        (ngx_dosis_pair_t) { param, value };
}


/* many: those that may stand there more than once. */
static void
param_take(ngx_dosis_call_t *call, ngx_dosis_params_t *params, unsigned many,
    ngx_dosis_param_t param, dosis_slice_t text)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    if ((params->given & ~many) & (1U << param)) {
        param_wrong(call, param, "Deze parameter mag maar één keer voorkomen.");
        return;
    }
    params->given |= 1U << param;
    rc = dosis_args_decode(call->arena, text, &value);
    if (rc == DOSIS_EFORMAT) {
        param_wrong(call, param, "Deze parameter is geen geldige UTF-8-tekst.");
        return;
    }
    if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, rc);
        return;
    }
    if (param == NGX_DOSIS_PARAM_RECHT) {
        param_add_recht(call, params, value);
    } else if (many & (1U << param)) {
        param_add_filter(call, params, param, value);
    }
    if (params->value[param].data == NULL) {
        params->value[param] = value;
    }
}


bool
ngx_dosis_params_read(
    ngx_dosis_call_t *call, unsigned wanted, ngx_dosis_params_t *ret)
{
    unsigned many = NGX_DOSIS_PARAM(RECHT);
    ngx_uint_t pairs = 0;
    dosis_slice_t name;
    dosis_slice_t value;
    dosis_slice_t rest = call->args;
    ngx_dosis_param_t param;

    ngx_memzero(ret, sizeof(*ret));
    if ((wanted & NGX_DOSIS_PARAM_FILTERS) == NGX_DOSIS_PARAM_FILTERS) {
        many |= NGX_DOSIS_PARAM_FILTERS;
    }
    while (call->err.more == 0 && dosis_args_next(&rest, &name, &value)) {
        if (++pairs > NGX_DOSIS_PAIRS_MAX) {
            (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
                "", "De aanvraag heeft te veel parameters.");
            break;
        }
        if (dosis_args_decode(call->arena, name, &name) != DOSIS_OK) {
            continue;
        }
        param = param_find(name);
        if (param < NGX_DOSIS_PARAM_MAX && (wanted & (1U << param))) {
            param_take(call, ret, many, param, value);
        }
    }
    return call->reply.problem == NGX_DOSIS_FINE;
}
