/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_party.h"

#include "base/dosis_time.h"
#include "domain/dosis_recht.h"
#include "store/dosis_namens.h"

#define PARTY_INSZ_IN_URL                                                      \
    "Een rijksregisternummer hoort niet in een adres; gebruik"                 \
    " POST /api/v1/dosis/namens of POST /api/v1/dosis/dossiers/zoek."

#define PARTY_FIELD_MAX 64 /* "/Agenten/999/Identificatie" */


const dosis_json_t *
ngx_dosis_member(const dosis_json_t *object, const char *name)
{
    void *cursor = NULL;
    const char *found;
    const dosis_json_t *value;

    if (object == NULL) {
        return NULL;
    }
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
party_refuse(ngx_dosis_call_t *call, const char *field, const char *text)
{
    (void) ngx_dosis_refuse_field(
        call, NGX_DOSIS_VALIDATIE_FOUT, field, text);
    return false;
}


/*
 * By form only: a source may be allowed to deliver wrong check digits.
 * refusal: what a wrong one is at this door.
 */
static bool
party_parse(ngx_dosis_call_t *call, dosis_slice_t text, const char *field,
    ngx_dosis_problem_t refusal, dosis_agent_t *ret)
{
    const char *wrong = dosis_agent_parse(text, DOSIS_VORM, ret);

    if (wrong != NULL) {
        dosis_err_add(
            &call->err, wrong, field, "Deze identificatie is ongeldig.");
        (void) ngx_dosis_refuse(call, refusal);
    }
    return wrong == NULL;
}


/* Room for that many rights of a subject that holds none yet. */
static bool
party_begin(ngx_dosis_call_t *call, dosis_subject_t *subject, size_t rechten)
{
    subject->vertrouwelijk = call->client->vertrouwelijk;
    subject->rechten_count = 0;
    subject->rechten =
        dosis_arena_alloc(call->arena, (rechten + 1) * sizeof(dosis_slice_t));
    if (subject->rechten == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    return subject->rechten != NULL;
}


/* As held by this subject: a right of another organisation is not. */
static void
party_hold(ngx_dosis_call_t *call, dosis_subject_t *subject,
    dosis_slice_t recht, bool mandated)
{
    dosis_slice_t *held = (dosis_slice_t *) subject->rechten;
    dosis_slice_t id = dosis_agent_id(&subject->agent);
    dosis_slice_t *to = &held[subject->rechten_count];

    if (mandated ? dosis_recht_mandated(recht, id, call->arena, to)
                 : dosis_recht_held(recht, id, call->arena, to)) {
        subject->rechten_count++;
    }
}


/* Where the members of one agent stand, such as "/Agenten/3/Rechten". */
typedef struct {
    const char *agent;
    const char *rechten;
    bool mandated; /* who asks acts for it: as dosis_identity.h says */
} party_at_t;


static bool
party_read_rights(ngx_dosis_call_t *call, const dosis_json_t *json,
    const party_at_t *at, dosis_subject_t *subject)
{
    size_t i;
    size_t count = dosis_json_count(json);

    if (json != NULL
        && (dosis_json_kind(json) != DOSIS_JSON_ARRAY
            || count > DOSIS_HELD_MAX)) {
        return party_refuse(call, at->rechten,
            "Rechten moet een lijst van hoogstens 200 teksten zijn.");
    }
    if (!party_begin(call, subject, count)) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (dosis_json_kind(dosis_json_at(json, i)) != DOSIS_JSON_STRING) {
            return party_refuse(
                call, at->rechten, "Elk recht moet een tekst zijn.");
        }
        party_hold(call, subject, dosis_json_string(dosis_json_at(json, i)),
            at->mandated);
    }
    return true;
}


static void
party_read(ngx_dosis_call_t *call, const dosis_json_t *agent,
    const dosis_json_t *rechten, const party_at_t *at,
    dosis_subject_t *subject)
{
    if (dosis_json_kind(agent) != DOSIS_JSON_STRING) {
        (void) party_refuse(call, at->agent,
            "De identificatie van de agent moet een tekst zijn.");
    } else if (party_parse(call, dosis_json_string(agent), at->agent,
                   NGX_DOSIS_VALIDATIE_FOUT, &subject->agent)) {
        (void) party_read_rights(call, rechten, at, subject);
    }
}


/* As registered; judged when all else is fine. */
static bool
parties_may(ngx_dosis_call_t *call, const ngx_dosis_parties_t *parties)
{
    size_t i;
    char field[PARTY_FIELD_MAX];
    bool may = true;

    for (i = 0; i < parties->subjects; i++) {
        if (dosis_client_asks(call->client, parties->subject[i].agent.soort)) {
            continue;
        }
        may = false;
        (void) snprintf(field, sizeof(field), "/Agenten/%zu", i);
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_GEEN_TOEGANG, field,
            "Dit loket mag niet vragen naar agenten van deze soort.");
    }
    return may;
}


/* Memory for them, zeroed. */
static bool
parties_begin(ngx_dosis_call_t *call, size_t count, ngx_dosis_parties_t *ret)
{
    ret->subjects = count;
    ret->subject =
        dosis_arena_zalloc(call->arena, count * sizeof(ret->subject[0]));
    if (ret->subject == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    return ret->subject != NULL;
}


static int
agent_cmp(const dosis_agent_t *x, const dosis_agent_t *y)
{
    if (x->soort != y->soort) {
        return (x->soort < y->soort) ? -1 : 1;
    }
    if (x->len != y->len) {
        return (x->len < y->len) ? -1 : 1;
    }
    return memcmp(x->id, y->id, x->len);
}


/* Equal agents in the order named. */
static int
party_cmp(const void *a, const void *b)
{
    const dosis_subject_t *x = *(dosis_subject_t *const *) a;
    const dosis_subject_t *y = *(dosis_subject_t *const *) b;
    int order = agent_cmp(&x->agent, &y->agent);

    if (order == 0) {
        order = (x < y) ? -1 : 1;
    }
    return order;
}


/*
 * Rights of the second go to the first, once each, and it is taken out later.
 * However often an agent is named, it holds as many as one may.
 */
static bool
party_unite(
    ngx_dosis_call_t *call, dosis_subject_t *first, dosis_subject_t *second)
{
    size_t i;
    size_t count = first->rechten_count;
    dosis_slice_t *all;

    all = dosis_arena_alloc(call->arena, (DOSIS_HELD_MAX + 1) * sizeof(all[0]));
    if (all == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return false;
    }
    memcpy(all, first->rechten, count * sizeof(all[0]));
    for (i = 0; i < second->rechten_count; i++) {
        if (dosis_slice_in(second->rechten[i], all, count)) {
            continue;
        }
        if (count == DOSIS_HELD_MAX) {
            return party_refuse(call, "/Agenten",
                "Een agent mag hoogstens 200 rechten hebben, ook als hij"
                " meermaals genoemd is.");
        }
        all[count++] = second->rechten[i];
    }
    first->rechten = all;
    first->rechten_count = count;
    second->rechten = NULL;
    return true;
}


static bool
parties_unite(ngx_dosis_call_t *call, ngx_dosis_parties_t *parties)
{
    size_t i;
    size_t first = 0;
    size_t kept = 0;
    dosis_subject_t **sorted;

    sorted = dosis_arena_alloc(
        call->arena, (parties->subjects + 1) * sizeof(sorted[0]));
    if (sorted == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return false;
    }
    for (i = 0; i < parties->subjects; i++) {
        sorted[i] = &parties->subject[i];
    }
    qsort(sorted, parties->subjects, sizeof(sorted[0]), party_cmp);
    for (i = 1; i < parties->subjects; i++) {
        if (agent_cmp(&sorted[i]->agent, &sorted[first]->agent) != 0) {
            first = i;
        } else if (!party_unite(call, sorted[first], sorted[i])) {
            return false;
        }
    }
    for (i = 0; i < parties->subjects; i++) {
        if (parties->subject[i].rechten != NULL) {
            parties->subject[kept++] = parties->subject[i];
        }
    }
    parties->subjects = kept;
    return true;
}


/* 1 to max of them, all problems at once. */
static bool
parties_read(ngx_dosis_call_t *call, const dosis_json_t *list,
    const ngx_dosis_parties_rule_t *rule, ngx_dosis_parties_t *ret)
{
    size_t i;
    size_t count = dosis_json_count(list);
    char agent[PARTY_FIELD_MAX];
    char rechten[PARTY_FIELD_MAX];
    const party_at_t at = { agent, rechten, rule->mandated };
    const dosis_json_t *one;

    if (dosis_json_kind(list) != DOSIS_JSON_ARRAY || count == 0) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_AGENT_ONTBREEKT,
            "/Agenten", "Agenten moet een lijst met minstens één agent zijn.");
        return false;
    }
    if (count > rule->max) {
        dosis_err_add(&call->err, "TeVeelAgenten", "/Agenten",
            "Agenten mag hier hoogstens %zu agenten bevatten.", rule->max);
        (void) ngx_dosis_refuse(call, NGX_DOSIS_TE_VEEL_AGENTEN);
        return false;
    }
    if (!parties_begin(call, count, ret)) {
        return false;
    }
    for (i = 0; i < count; i++) {
        one = dosis_json_at(list, i);
        (void) snprintf(agent, sizeof(agent), "/Agenten/%zu/Identificatie", i);
        (void) snprintf(rechten, sizeof(rechten), "/Agenten/%zu/Rechten", i);
        party_read(call, ngx_dosis_member(one, "Identificatie"),
            ngx_dosis_member(one, "Rechten"), &at, &ret->subject[i]);
    }
    return call->reply.problem == NGX_DOSIS_FINE;
}


bool
ngx_dosis_parties_of_list(ngx_dosis_call_t *call, const dosis_json_t *list,
    size_t max, ngx_dosis_parties_t *ret)
{
    const ngx_dosis_parties_rule_t rule = { .max = max };

    return parties_read(call, list, &rule, ret) && parties_may(call, ret)
        && parties_unite(call, ret);
}


bool
ngx_dosis_parties_explained(ngx_dosis_call_t *call, const dosis_json_t *list,
    const ngx_dosis_parties_rule_t *rule, ngx_dosis_parties_t *ret)
{
    size_t i;

    if (!parties_read(call, list, rule, ret) || !parties_unite(call, ret)) {
        return false;
    }
    for (i = 0; i < ret->subjects; i++) {
        ret->subject[i].vertrouwelijk = rule->vertrouwelijk;
    }
    return true;
}


bool
ngx_dosis_parties_of_one(ngx_dosis_call_t *call, const dosis_json_t *agent,
    const dosis_json_t *rechten, ngx_dosis_parties_t *ret)
{
    const party_at_t at = { "/Agent", "/Rechten", false };

    if (!parties_begin(call, 1, ret)) {
        return false;
    }
    party_read(call, agent, rechten, &at, ret->subject);
    return call->reply.problem == NGX_DOSIS_FINE && parties_may(call, ret);
}


bool
ngx_dosis_parties_of_params(ngx_dosis_call_t *call,
    const ngx_dosis_params_t *params, ngx_dosis_parties_t *ret)
{
    size_t i;
    dosis_agent_t agent;
    dosis_slice_t text = params->value[NGX_DOSIS_PARAM_AGENT];

    if (!party_parse(
            call, text, "agent", NGX_DOSIS_PARAMETER_ONGELDIG, &agent)) {
        return false;
    }
    if (agent.soort == DOSIS_AGENT_INSZ) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            "agent", PARTY_INSZ_IN_URL);
        return false;
    }
    if (!parties_begin(call, 1, ret)
        || !party_begin(call, ret->subject, params->rechten_count)) {
        return false;
    }
    ret->subject->agent = agent;
    for (i = 0; i < params->rechten_count; i++) {
        party_hold(call, ret->subject, params->rechten[i], false);
    }
    return parties_may(call, ret);
}


bool
ngx_dosis_parties_of_header(
    ngx_dosis_call_t *call, dosis_slice_t handle, ngx_dosis_parties_t *ret)
{
    size_t i;
    dosis_rc_t rc;
    dosis_namens_t namens;
    const dosis_namens_door_t door = { dosis_reader_crypt(call->reader),
        call->identity->client, call->now_ns / DOSIS_NS_PER_S, call->arena };

    rc = dosis_namens_open(&door, handle, &namens);
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
    call->inzage.gebruiker = namens.gebruiker;
    call->inzage.doel = namens.doel;
    call->inzage.zekerheid = namens.zekerheid;
    ret->subject = namens.subject;
    ret->subjects = namens.subjects;
    for (i = 0; i < ret->subjects; i++) {
        ret->subject[i].vertrouwelijk = call->client->vertrouwelijk;
    }
    return parties_may(call, ret);
}


/* An optional text of the body; pointer: "/Doel". */
static bool
party_text(ngx_dosis_call_t *call, const dosis_json_t *body,
    const char *pointer, dosis_slice_t *ret)
{
    const dosis_json_t *member = ngx_dosis_member(body, pointer + 1);
    dosis_slice_t text = dosis_json_string(member);

    if ((member != NULL && dosis_json_kind(member) != DOSIS_JSON_STRING)
        || text.len > DOSIS_NAMENS_TEXT_MAX) {
        return party_refuse(call, pointer,
            "Dit veld moet een tekst van hoogstens 200 bytes zijn.");
    }
    *ret = dosis_arena_copy(call->arena, text);
    if (text.len > 0 && ret->data == NULL) {
        (void) ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
        return false;
    }
    return true;
}


bool
ngx_dosis_parties_why(ngx_dosis_call_t *call, const dosis_json_t *body)
{
    bool read;
    dosis_inzage_t *to = &call->inzage;

    read = party_text(call, body, "/Gebruiker", &to->gebruiker);
    read = party_text(call, body, "/Doel", &to->doel) && read;
    return party_text(call, body, "/Zekerheid", &to->zekerheid) && read;
}
