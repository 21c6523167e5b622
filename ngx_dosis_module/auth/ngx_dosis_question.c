/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_question.h"

#include "auth/ngx_dosis_question_filter.h"
#include "base/dosis_text.h"
#include "http/ngx_dosis_ctx.h"

#define QUESTION_PARAMS                                                        \
    (NGX_DOSIS_PARAM(AGENT) | NGX_DOSIS_PARAM(RECHT) | NGX_DOSIS_PARAM(LIMIET) \
        | NGX_DOSIS_PARAM(NA) | NGX_DOSIS_PARAM_FILTERS)

/* How many digits of limiet are looked at: more than its ceiling has. */
#define QUESTION_LIMIT_DIGITS 4


static bool
refuse_parameter(ngx_dosis_call_t *call, const char *field, const char *text)
{
    (void) ngx_dosis_refuse_field(
        call, NGX_DOSIS_PARAMETER_ONGELDIG, field, text);
    return false;
}


/* --- about whom ---------------------------------------------------------- */

static bool
parties_from_body(ngx_dosis_call_t *call, const dosis_json_t *body,
    ngx_dosis_parties_t *ret)
{
    const dosis_json_t *agent = ngx_dosis_member(body, "Agent");
    const dosis_json_t *list = ngx_dosis_member(body, "Agenten");
    const dosis_json_t *rechten = ngx_dosis_member(body, "Rechten");

    if (agent != NULL && list != NULL) {
        return refuse_parameter(
            call, "/Agenten", "Geef Agent of Agenten, niet allebei.");
    }
    if (list != NULL && rechten != NULL) {
        return refuse_parameter(call, "/Rechten",
            "Bij Agenten staan de rechten bij hun agent.");
    }
    return (agent != NULL)
        ? ngx_dosis_parties_of_one(call, agent, rechten, ret)
        : ngx_dosis_parties_of_list(call, list, DOSIS_SUBJECTS_MAX, ret);
}


/* In how many ways the counter said about whom it asks: it must be one. */
static bool
question_of_counter(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    const dosis_json_t *body, ngx_dosis_question_t *ret)
{
    bool read;
    bool in_body;
    bool in_url = (params->given & NGX_DOSIS_PARAM(AGENT)) != 0;
    bool in_header = call->namens.data != NULL;
    ngx_dosis_parties_t parties = { NULL, 0 };

    if (!call->client->is_loket) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_GEEN_TOEGANG, "",
            "Deze client is niet als loket geregistreerd.");
        return false;
    }
    in_body = ngx_dosis_member(body, "Agent") != NULL
        || ngx_dosis_member(body, "Agenten") != NULL;
    if (in_url + in_body + in_header > 1 || call->namens_twice) {
        return refuse_parameter(call, "agent",
            "Zeg op één manier namens wie: agent, Dosis-Namens of inhoud.");
    }

    if (in_header) {
        read = ngx_dosis_parties_of_header(call, call->namens, &parties);
    } else if (in_body) {
        read = parties_from_body(call, body, &parties);
        read = ngx_dosis_parties_why(call, body) && read;
    } else if (in_url) {
        read = ngx_dosis_parties_of_params(call, params, &parties);
    } else {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_AGENT_ONTBREEKT);
        return false;
    }
    ret->question.subject = parties.subject;
    ret->question.subjects = parties.subjects;
    ret->question.loket = call->client;
    return read;
}


/* A user speaks for the subject of its token and for nobody else. */
static bool
question_of_user(ngx_dosis_call_t *call, const ngx_dosis_params_t *params,
    const dosis_json_t *body, ngx_dosis_question_t *ret)
{
    if ((params->given & (NGX_DOSIS_PARAM(AGENT) | NGX_DOSIS_PARAM(RECHT)))
        || call->namens.data != NULL || ngx_dosis_member(body, "Agent") != NULL
        || ngx_dosis_member(body, "Agenten") != NULL
        || ngx_dosis_member(body, "Rechten") != NULL) {
        return refuse_parameter(call, "agent",
            "Een gebruiker vraagt alleen voor zichzelf: geen agent, recht of"
            " Dosis-Namens.");
    }
    ret->question.subject = &call->identity->subject;
    ret->question.subjects = 1;
    if (call->r != NULL) { /* not on a thread */
        ret->question.blinded = &ngx_dosis_ctx(call->r)->token->blinded;
    }
    return true;
}


/* --- which page ---------------------------------------------------------- */

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
        return refuse_parameter(call, member != NULL ? "/Limiet" : "limiet",
            "limiet moet een getal van 1 tot en met 500 zijn.");
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


/* --- the question -------------------------------------------------------- */

/* About whom, for the access ledger; which dossiers, the store will tell. */
static void
question_note(ngx_dosis_call_t *call, const dosis_question_t *question)
{
    call->shown.count = 0;
    call->inzage.shown = &call->shown;
    call->inzage.subject = question->subject;
    call->inzage.subjects = question->subjects;
    if (call->identity->has_mandaat) {
        call->inzage.mandataris = &call->identity->mandataris;
    } else if (call->identity->has_subject) {
        call->inzage.flags |= DOSIS_INZAGE_EIGEN;
    }
}


static bool
question_read(ngx_dosis_call_t *call, const dosis_json_t *body, bool filtered,
    ngx_dosis_question_t *ret)
{
    bool read;
    ngx_dosis_params_t params;
    dosis_question_t *question = &ret->question;

    ngx_memzero(ret, sizeof(*ret));
    read = ngx_dosis_params_read(call, QUESTION_PARAMS, &params);
    (void) question_read_limit(
        call, &params, ngx_dosis_member(body, "Limiet"), &question->limit);
    (void) question_read_after(
        call, &params, ngx_dosis_member(body, "Na"), &question->after);
    if (filtered) {
        ngx_dosis_question_filter(call, &params, body, &ret->filter);
        question->filter = &ret->filter;
    } else {
        ngx_dosis_question_no_filter(call, &params, body);
    }

    question->binding = call->identity->client;
    question->base = call->prefix;
    question->door = ngx_dosis_call_door(call);
    question->now_ns = call->now_ns;
    question->shown = &call->shown;
    read = (call->identity->has_subject
                   ? question_of_user(call, &params, body, ret)
                   : question_of_counter(call, &params, body, ret))
        && read;
    question_note(call, question);
    return read && call->reply.problem == NGX_DOSIS_FINE;
}


bool
ngx_dosis_question_read(
    ngx_dosis_call_t *call, const dosis_json_t *body, ngx_dosis_question_t *ret)
{
    return question_read(call, body, false, ret);
}


bool
ngx_dosis_question_read_list(
    ngx_dosis_call_t *call, const dosis_json_t *body, ngx_dosis_question_t *ret)
{
    return question_read(call, body, true, ret);
}

