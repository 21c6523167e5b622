/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_question.h"

#include "auth/ngx_dosis_namens.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/dosis_recht.h"
#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_params.h"

#define QUESTION_PARAMS                                                        \
    (NGX_DOSIS_PARAM(AGENT) | NGX_DOSIS_PARAM(RECHT) | NGX_DOSIS_PARAM(LIMIET) \
        | NGX_DOSIS_PARAM(NA) | NGX_DOSIS_PARAM_FILTERS)

#define QUESTION_INSZ_IN_URL                                                   \
    "Een rijksregisternummer hoort niet in een adres; gebruik"                 \
    " POST /api/v1/dosis/namens of POST /api/v1/dosis/dossiers/zoek."

/* How many digits of limiet are looked at: more than its ceiling has. */
#define QUESTION_LIMIT_DIGITS 4

/* Filters as members of a body: named, and not there yet. */
static const char *const question_filters[] = {
    "Fase",
    "Code",
    "Bron",
    "Product",
    "ActieNodig",
    "Open",
    "Sinds",
    "Tot",
    "Rol",
    "Sorteer",
};


const dosis_json_t *
ngx_dosis_member(const dosis_json_t *object, const char *name)
{
    void *cursor = NULL;
    const char *found;
    const dosis_json_t *value;

    while ((cursor = dosis_json_next(object, cursor, &found, &value)) != NULL) {
        if ((found[0] | 0x20) == (name[0] | 0x20) && found[0] != '\0'
            && strcmp(found + 1, name + 1) == 0
            && dosis_json_kind(value) != DOSIS_JSON_NULL) {
            return value;
        }
    }
    return NULL;
}


static bool
refuse_parameter(ngx_dosis_call_t *call, const char *field, const char *text)
{
    (void) ngx_dosis_refuse_field(
        call, NGX_DOSIS_PARAMETER_ONGELDIG, field, text);
    return false;
}


/*
 * Kind and registration of one agent. By form only: a source may be allowed
 * to deliver wrong check digits. refusal: what a wrong one is at this door.
 */
static bool
party_judge(ngx_dosis_call_t *call, dosis_slice_t text, const char *field,
    ngx_dosis_problem_t refusal, dosis_agent_t *ret)
{
    const char *wrong = dosis_agent_parse(text, DOSIS_VORM, ret);

    if (wrong != NULL) {
        dosis_err_add(
            &call->err, wrong, field, "Deze identificatie is ongeldig.");
        (void) ngx_dosis_refuse(call, refusal);
        return false;
    }
    if (!dosis_client_asks(call->client, ret->soort)) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_GEEN_TOEGANG, field,
            "Dit loket mag niet vragen naar agenten van deze soort.");
        return false;
    }
    return true;
}


static bool
party_read_rights(
    ngx_dosis_call_t *call, const dosis_json_t *json, ngx_dosis_party_t *ret)
{
    size_t i;
    size_t count = dosis_json_count(json);

    ret->rechten = NULL;
    ret->rechten_count = 0;
    if (json == NULL) {
        return true;
    }
    if (dosis_json_kind(json) != DOSIS_JSON_ARRAY || count > DOSIS_HELD_MAX) {
        return refuse_parameter(call, "/Rechten",
            "Rechten moet een lijst van hoogstens 200 teksten zijn.");
    }
    ret->rechten =
        dosis_arena_alloc(call->arena, (count + 1) * sizeof(dosis_slice_t));
    if (ret->rechten == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return false;
    }
    for (i = 0; i < count; i++) {
        if (dosis_json_kind(dosis_json_at(json, i)) != DOSIS_JSON_STRING) {
            return refuse_parameter(
                call, "/Rechten", "Elk recht moet een tekst zijn.");
        }
        ret->rechten[i] = dosis_json_string(dosis_json_at(json, i));
    }
    ret->rechten_count = count;
    return true;
}


static bool
party_read_members(ngx_dosis_call_t *call, const dosis_json_t *agent,
    const dosis_json_t *rechten, ngx_dosis_party_t *ret)
{
    if (dosis_json_kind(agent) != DOSIS_JSON_STRING) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, "",
            "De identificatie van de agent moet een tekst zijn.");
        return false;
    }
    return party_judge(call, dosis_json_string(agent), "",
               NGX_DOSIS_VALIDATIE_FOUT, &ret->agent)
        && party_read_rights(call, rechten, ret);
}


bool
ngx_dosis_party_read(
    ngx_dosis_call_t *call, const dosis_json_t *json, ngx_dosis_party_t *ret)
{
    return party_read_members(call, ngx_dosis_member(json, "Identificatie"),
        ngx_dosis_member(json, "Rechten"), ret);
}


const dosis_json_t *
ngx_dosis_party_one(ngx_dosis_call_t *call, const dosis_json_t *list)
{
    size_t count = dosis_json_count(list);

    if (list == NULL || dosis_json_kind(list) != DOSIS_JSON_ARRAY
        || count == 0) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_AGENT_ONTBREEKT,
            "/Agenten", "Agenten moet een lijst met één agent zijn.");
        return NULL;
    }
    if (count > 1) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_TE_VEEL_AGENTEN);
        return NULL;
    }
    return dosis_json_at(list, 0);
}


/* Rights as held by this subject: those of another organisation are not. */
static bool
question_set_party(ngx_dosis_call_t *call, const ngx_dosis_party_t *party,
    ngx_dosis_question_t *ret)
{
    size_t i;
    dosis_slice_t *held;
    dosis_subject_t *subject = &ret->subject;

    held = dosis_arena_alloc(
        call->arena, (party->rechten_count + 1) * sizeof(held[0]));
    if (held == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return false;
    }
    subject->agent = party->agent;
    subject->vertrouwelijk = call->client->vertrouwelijk;
    subject->rechten = held;
    subject->rechten_count = 0;
    for (i = 0; i < party->rechten_count; i++) {
        if (dosis_recht_held(party->rechten[i], dosis_agent_id(&subject->agent),
                call->arena, &held[subject->rechten_count])) {
            subject->rechten_count++;
        }
    }
    ret->question.subject = subject;
    ret->question.subjects = 1;
    ret->question.loket = call->client;
    return true;
}


static bool
party_from_params(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    ngx_dosis_party_t *ret)
{
    dosis_agent_t agent;
    dosis_slice_t text = params->value[NGX_DOSIS_PARAM_AGENT];

    if (dosis_agent_parse(text, DOSIS_VORM, &agent) == NULL
        && agent.soort == DOSIS_AGENT_INSZ) {
        return refuse_parameter(call, "agent", QUESTION_INSZ_IN_URL);
    }
    ret->rechten = params->rechten;
    ret->rechten_count = params->rechten_count;
    return party_judge(
        call, text, "agent", NGX_DOSIS_PARAMETER_ONGELDIG, &ret->agent);
}


static bool
party_from_header(ngx_dosis_call_t *call, const ngx_table_elt_t *header,
    ngx_dosis_party_t *ret)
{
    dosis_rc_t rc;
    ngx_dosis_namens_t namens;

    rc = ngx_dosis_namens_open(dosis_reader_crypt(call->reader),
        call->identity->client, ngx_dosis_slice(&header->value), call->arena,
        &namens);
    if (rc == DOSIS_EEXPIRED) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_NAMENS_VERLOPEN);
        return false;
    }
    if (rc == DOSIS_EFORMAT) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_NAMENS_ONGELDIG);
        return false;
    }
    if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, rc);
        return false;
    }
    ret->rechten = (dosis_slice_t *) namens.rechten;
    ret->rechten_count = namens.rechten_count;
    return party_judge(call, dosis_agent_id(&namens.agent), "Dosis-Namens",
        NGX_DOSIS_NAMENS_ONGELDIG, &ret->agent);
}


static bool
party_from_body(
    ngx_dosis_call_t *call, const dosis_json_t *body, ngx_dosis_party_t *ret)
{
    const dosis_json_t *agent = ngx_dosis_member(body, "Agent");
    const dosis_json_t *list = ngx_dosis_member(body, "Agenten");
    const dosis_json_t *one;

    if (agent != NULL && list != NULL) {
        return refuse_parameter(
            call, "/Agenten", "Geef Agent of Agenten, niet allebei.");
    }
    if (agent != NULL) {
        return party_read_members(
            call, agent, ngx_dosis_member(body, "Rechten"), ret);
    }
    one = ngx_dosis_party_one(call, list);
    return one != NULL && ngx_dosis_party_read(call, one, ret);
}


/* In how many ways the counter said about whom it asks: it must be one. */
static bool
question_of_counter(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    const dosis_json_t *body, ngx_dosis_question_t *ret)
{
    bool read;
    bool in_body;
    bool in_url = (params->given & NGX_DOSIS_PARAM(AGENT)) != 0;
    const ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);
    ngx_dosis_party_t party;

    if (!call->client->is_loket) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_GEEN_TOEGANG, "",
            "Deze client is niet als loket geregistreerd.");
        return false;
    }
    in_body = ngx_dosis_member(body, "Agent") != NULL
        || ngx_dosis_member(body, "Agenten") != NULL;
    if (in_url + in_body + (ctx->namens != NULL) > 1 || ctx->namens_twice) {
        return refuse_parameter(call, "agent",
            "Zeg op één manier namens wie: agent, Dosis-Namens of inhoud.");
    }

    if (ctx->namens != NULL) {
        read = party_from_header(call, ctx->namens, &party);
    } else if (in_body) {
        read = party_from_body(call, body, &party);
    } else if (in_url) {
        read = party_from_params(call, params, &party);
    } else {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_AGENT_ONTBREEKT);
        return false;
    }
    return read && question_set_party(call, &party, ret);
}


/* A user speaks for the subject of its token and for nobody else. */
static bool
question_of_user(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    const dosis_json_t *body, ngx_dosis_question_t *ret)
{
    const ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);

    if ((params->given & (NGX_DOSIS_PARAM(AGENT) | NGX_DOSIS_PARAM(RECHT)))
        || ctx->namens != NULL || ngx_dosis_member(body, "Agent") != NULL
        || ngx_dosis_member(body, "Agenten") != NULL
        || ngx_dosis_member(body, "Rechten") != NULL) {
        return refuse_parameter(call, "agent",
            "Een gebruiker vraagt alleen voor zichzelf: geen agent, recht of"
            " Dosis-Namens.");
    }
    ret->question.subject = &call->identity->subject;
    ret->question.subjects = 1;
    return true;
}


static bool
question_read_limit(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    const dosis_json_t *member, uint32_t *ret)
{
    size_t i;
    int64_t value = 0;
    dosis_slice_t text = params->value[NGX_DOSIS_PARAM_LIMIET];

    if (member != NULL) {
        value = dosis_json_int(member);
    } else if (text.data == NULL) {
        *ret = DOSIS_PAGE_ROWS;
        return true;
    } else if (dosis_text_is_digits(text)
        && text.len <= QUESTION_LIMIT_DIGITS) {
        for (i = 0; i < text.len; i++) {
            value = value * 10 + (text.data[i] - '0');
        }
    }
    if (value < 1 || value > DOSIS_PAGE_ROWS_MAX) {
        return refuse_parameter(
            call, "limiet", "limiet moet een getal van 1 tot en met 500 zijn.");
    }
    *ret = (uint32_t) value;
    return true;
}


static bool
question_read_after(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    const dosis_json_t *member, dosis_slice_t *ret)
{
    *ret = params->value[NGX_DOSIS_PARAM_NA];
    if (member == NULL) {
        return true;
    }
    if (dosis_json_kind(member) != DOSIS_JSON_STRING) {
        return refuse_parameter(call, "/Na", "Na moet een tekst zijn.");
    }
    *ret = dosis_json_string(member);
    return true;
}


/* Better refused than silently ignored. */
static bool
question_has_no_filter(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    const dosis_json_t *body)
{
    size_t i;
    ngx_dosis_param_t param;
    const char *text = "Deze filter is nog niet ondersteund.";

    for (param = 0; param < NGX_DOSIS_PARAM_MAX; param++) {
        if (params->given & (1U << param) & NGX_DOSIS_PARAM_FILTERS) {
            (void) refuse_parameter(call, ngx_dosis_param_name(param), text);
        }
    }
    for (i = 0; i < sizeof(question_filters) / sizeof(char *); i++) {
        if (ngx_dosis_member(body, question_filters[i]) != NULL) {
            (void) refuse_parameter(call, question_filters[i], text);
        }
    }
    return call->reply.problem == NGX_DOSIS_FINE;
}


bool
ngx_dosis_question_read(
    ngx_dosis_call_t *call, const dosis_json_t *body, ngx_dosis_question_t *ret)
{
    bool read;
    ngx_dosis_params_t params;
    dosis_question_t *question = &ret->question;

    ngx_memzero(ret, sizeof(*ret));
    if (!ngx_dosis_params_read(call, QUESTION_PARAMS, &params)
        || !question_has_no_filter(call, &params, body)) {
        return false;
    }
    read = question_read_limit(call, &params, ngx_dosis_member(body, "Limiet"),
               &question->limit)
        && question_read_after(
            call, &params, ngx_dosis_member(body, "Na"), &question->after);
    if (!read) {
        return false;
    }

    question->binding = call->identity->client;
    question->base = call->prefix;
    question->now_ns = call->now_ns;
    return call->identity->has_subject
        ? question_of_user(call, &params, body, ret)
        : question_of_counter(call, &params, body, ret);
}
