/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_question_filter.h"

#include "base/dosis_time.h"

#define FILTER_NOT_HERE "Deze filter geldt alleen voor een lijst."
#define FILTER_FIELD_MAX 64
#define FILTER_PARTS_MAX 7 /* numbers of a moment */

/* Parameter and member of the same name, but for the first letter. */
static const struct {
    ngx_dosis_param_t param;
    const char *pointer;
} filters[DOSIS_FILTER_KINDS] = {
    [DOSIS_FILTER_FASE] = { NGX_DOSIS_PARAM_FASE, "/Fase" },
    [DOSIS_FILTER_CODE] = { NGX_DOSIS_PARAM_CODE, "/Code" },
    [DOSIS_FILTER_ROL] = { NGX_DOSIS_PARAM_ROL, "/Rol" },
    [DOSIS_FILTER_BRON] = { NGX_DOSIS_PARAM_BRON, "/Bron" },
    [DOSIS_FILTER_PRODUCT] = { NGX_DOSIS_PARAM_PRODUCT, "/Product" },
    [DOSIS_FILTER_ACTIE_NODIG] = { NGX_DOSIS_PARAM_ACTIE_NODIG, "/ActieNodig" },
    [DOSIS_FILTER_OPEN] = { NGX_DOSIS_PARAM_OPEN, "/Open" },
    [DOSIS_FILTER_SINDS] = { NGX_DOSIS_PARAM_SINDS, "/Sinds" },
    [DOSIS_FILTER_TOT] = { NGX_DOSIS_PARAM_TOT, "/Tot" },
    [DOSIS_FILTER_SORTEER] = { NGX_DOSIS_PARAM_SORTEER, "/Sorteer" },
};

/* Where a filter goes, on whose behalf. */
typedef struct {
    ngx_dosis_call_t *call;
    dosis_filter_t *filter;
    dosis_filter_kind_t kind;
} ngx_dosis_taking_t;


static void
filter_refuse(ngx_dosis_call_t *call, const char *field, const char *wrong)
{
    if (wrong != NULL) {
        (void) ngx_dosis_refuse_field(
            call, NGX_DOSIS_PARAMETER_ONGELDIG, field, wrong);
    }
}


static const char *
filter_take_text(const ngx_dosis_taking_t *to, dosis_slice_t text)
{
    return dosis_filter_take(to->filter,
        dosis_reader_ref(to->call->reader), to->call->arena, to->kind, text);
}


/* The array form of a moment, by its first number. */
static bool
filter_is_parts(const ngx_dosis_taking_t *to, const dosis_json_t *value)
{
    return (to->kind == DOSIS_FILTER_SINDS || to->kind == DOSIS_FILTER_TOT)
        && dosis_json_kind(dosis_json_at(value, 0)) == DOSIS_JSON_INT;
}


static const char *
filter_take_parts(const ngx_dosis_taking_t *to, const dosis_json_t *value)
{
    size_t i;
    size_t count = dosis_json_count(value);
    int64_t ns;
    int64_t parts[FILTER_PARTS_MAX];
    const char *wrong = "Deze filter is een datum of tijdstip in ISO 8601.";

    if (count > FILTER_PARTS_MAX) {
        return wrong;
    }
    for (i = 0; i < count; i++) {
        if (dosis_json_kind(dosis_json_at(value, i)) != DOSIS_JSON_INT) {
            return wrong;
        }
        parts[i] = dosis_json_int(dosis_json_at(value, i));
    }
    return dosis_time_from_parts(parts, count, &ns)
        ? dosis_filter_take_moment(to->filter, to->kind, ns)
        : wrong;
}


static const char *
filter_take_value(const ngx_dosis_taking_t *to, const dosis_json_t *value)
{
    switch (dosis_json_kind(value)) {
    case DOSIS_JSON_STRING:
        return filter_take_text(to, dosis_json_string(value));
    case DOSIS_JSON_BOOL:
        if (to->kind == DOSIS_FILTER_ACTIE_NODIG
            || to->kind == DOSIS_FILTER_OPEN) {
            return filter_take_text(to,
                dosis_json_bool(value) ? DOSIS_SLICE("true")
                                       : DOSIS_SLICE("false"));
        }
        /* fall through */
    default:
        return "Deze filter heeft een waarde van de verkeerde soort.";
    }
}


/* One value, or a list of them. */
static void
filter_take_member(const ngx_dosis_taking_t *to, const dosis_json_t *member)
{
    size_t i;
    char field[FILTER_FIELD_MAX];
    const char *pointer = filters[to->kind].pointer;

    if (filter_is_parts(to, member)) {
        filter_refuse(to->call, pointer, filter_take_parts(to, member));
        return;
    }
    if (dosis_json_kind(member) != DOSIS_JSON_ARRAY) {
        filter_refuse(to->call, pointer, filter_take_value(to, member));
        return;
    }
    for (i = 0; i < dosis_json_count(member); i++) {
        (void) snprintf(field, sizeof(field), "%s/%zu", pointer, i);
        filter_refuse(to->call, field,
            filter_take_value(to, dosis_json_at(member, i)));
    }
}


static dosis_filter_kind_t
filter_of_param(ngx_dosis_param_t param)
{
    dosis_filter_kind_t kind;

    for (kind = 0; kind < DOSIS_FILTER_KINDS; kind++) {
        if (filters[kind].param == param) {
            break;
        }
    }
    return kind;
}


void
ngx_dosis_question_filter(ngx_dosis_call_t *call,
    const ngx_dosis_params_t *params, const dosis_json_t *body,
    dosis_filter_t *filter)
{
    size_t i;
    const dosis_json_t *member;
    const ngx_dosis_pair_t *pair;
    ngx_dosis_taking_t to = { call, filter, 0 };

    for (i = 0; i < params->filter_count; i++) {
        pair = &params->filter[i];
        to.kind = filter_of_param(pair->param);
        filter_refuse(call, ngx_dosis_param_name(pair->param),
            filter_take_text(&to, pair->value));
    }
    to.kind = 0;
    for (; body != NULL && to.kind < DOSIS_FILTER_KINDS; to.kind++) {
        member = ngx_dosis_member(body, filters[to.kind].pointer + 1);
        if (member != NULL) {
            filter_take_member(&to, member);
        }
    }
    filter_refuse(call, "sinds", dosis_filter_check(filter));
}


void
ngx_dosis_question_no_filter(ngx_dosis_call_t *call,
    const ngx_dosis_params_t *params, const dosis_json_t *body)
{
    dosis_filter_kind_t kind;

    for (kind = 0; kind < DOSIS_FILTER_KINDS; kind++) {
        if (params->given & (1U << filters[kind].param)) {
            filter_refuse(call, ngx_dosis_param_name(filters[kind].param),
                FILTER_NOT_HERE);
        }
        if (ngx_dosis_member(body, filters[kind].pointer + 1) != NULL) {
            filter_refuse(call, filters[kind].pointer, FILTER_NOT_HERE);
        }
    }
}
