/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_source.h"

#include "base/dosis_text.h"

/* How many digits of limiet are looked at: more than its ceiling has. */
#define SOURCE_LIMIT_DIGITS 4

#define SOURCE_PARAMS                                                          \
    (NGX_DOSIS_PARAM(BRON) | NGX_DOSIS_PARAM(LIMIET) | NGX_DOSIS_PARAM(NA))


const dosis_bron_t *
ngx_dosis_source(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    ngx_dosis_problem_t foreign)
{
    const dosis_bron_t *known;
    const dosis_ref_t *ref = dosis_reader_ref(call->reader);
    dosis_slice_t bron = dosis_text_trim(params->value[NGX_DOSIS_PARAM_BRON]);

    if (bron.len == 0) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONTBREEKT,
            "bron", "Deze parameter is verplicht.");
        return NULL;
    }
    known = dosis_ref_bron(ref, bron);
    if (!dosis_ref_delivers(ref, call->identity->client, known)) {
        (void) ngx_dosis_refuse(call, foreign);
        return NULL;
    }
    return known;
}


bool
ngx_dosis_source_limit(ngx_dosis_call_t *call, dosis_slice_t text,
    uint32_t fallback, uint32_t *ret)
{
    size_t i;
    uint32_t value = 0;

    if (text.data == NULL) {
        *ret = fallback;
        return true;
    }
    if (dosis_text_is_digits(text) && text.len <= SOURCE_LIMIT_DIGITS) {
        for (i = 0; i < text.len; i++) {
            value = value * 10 + (uint32_t) (text.data[i] - '0');
        }
    }
    if (value < 1 || value > DOSIS_PAGE_ROWS_MAX) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            "limiet", "limiet moet een getal van 1 tot en met 500 zijn.");
        return false;
    }
    *ret = value;
    return true;
}


bool
ngx_dosis_source_page(ngx_dosis_call_t *call, uint32_t fallback,
    ngx_dosis_problem_t foreign, dosis_source_page_t *ret)
{
    bool fine;
    ngx_dosis_params_t params;

    ngx_memzero(ret, sizeof(*ret));
    if (!ngx_dosis_params_read(call, SOURCE_PARAMS, &params)) {
        return false;
    }
    fine = ngx_dosis_source_limit(
        call, params.value[NGX_DOSIS_PARAM_LIMIET], fallback, &ret->limit);
    ret->bron = ngx_dosis_source(
        call, &params, fine ? foreign : NGX_DOSIS_PARAMETER_ONGELDIG);
    ret->client = call->identity->client;
    ret->after = params.value[NGX_DOSIS_PARAM_NA];
    ret->now_ns = call->now_ns;
    return fine && ret->bron != NULL;
}
