/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/domain_delivery.h"

#include "domain/dosis_recht.h"

#define TEXT_OF(number) #number
#define DECIMAL(number) TEXT_OF(number)


static int
slice_compare(dosis_slice_t a, dosis_slice_t b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.data, b.data, len);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}


size_t
domain_slices_sort(dosis_slice_t *slices, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        dosis_slice_t slice = slices[i];
        size_t at = kept;

        while (at > 0 && slice_compare(slices[at - 1], slice) > 0) {
            at--;
        }

        if (at > 0 && dosis_slice_eq(slices[at - 1], slice)) {
            continue;
        }

        memmove(&slices[at + 1], &slices[at], (kept - at) * sizeof(*slices));
        slices[at] = slice;
        kept++;
    }

    return kept;
}


static dosis_rule_id_t
agent_rule(const char *code)
{
    static const dosis_rule_id_t rules[] = { DOSIS_RULE_KBO_ONGELDIG,
        DOSIS_RULE_VESTIGING_ONGELDIG, DOSIS_RULE_INSZ_ONGELDIG,
        DOSIS_RULE_AGENT_AFGEROND };

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (strcmp(dosis_rule(rules[i])->code, code) == 0) {
            return rules[i];
        }
    }

    return DOSIS_RULE_AGENT_ONGELDIG;
}


/* Form alone tells the kind; the kind tells whether the digits must hold. */
static const char *
agent_parse(const dosis_bron_t *bron, dosis_slice_t text, dosis_agent_t *agent)
{
    const char *wrong = dosis_agent_parse(text, DOSIS_VORM, agent);

    if (wrong != NULL
        || dosis_bron_strengheid(bron, agent->soort) == DOSIS_VORM) {
        return wrong;
    }

    return dosis_agent_parse(text, DOSIS_STRENG, agent);
}


static bool
read_identificatie(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_agent_rechten_t *agent = target;
    dosis_slice_t text = domain_member_strip(dosis_json_string(value));
    const char *wrong;

    (void) member;
    if (dosis_json_kind(value) != DOSIS_JSON_STRING) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, "een tekst");
        return true;
    }

    if (text.len == 0) {
        return false;
    }

    wrong =
        agent_parse(domain_delivery(reader)->rules->bron, text, &agent->agent);
    if (wrong != NULL) {
        domain_reader_report(reader, agent_rule(wrong), place, NULL);
    } else if (agent->agent.soort == DOSIS_AGENT_VREEMD) {
        domain_reader_report(reader, DOSIS_RULE_AGENT_VREEMD, place, NULL);
    }

    return true;
}


static const domain_member_t recht_members[] = {
    { DOMAIN_MEMBER_NAME("Code"), .slot = 0, .required = true,
        .read = domain_member_text, .soort = DOSIS_VELD_TEKST,
        .max = DOSIS_RECHT_MAX },
};


static void
read_recht(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, dosis_agent_rechten_t *agent)
{
    dosis_slice_t code = { NULL, 0 };

    (void) domain_shape_read(
        reader, place, value, DOMAIN_SHAPE(recht_members), &code);

    /* What was wrong with it has been reported. */
    if (code.len == 0) {
        return;
    }

    if (!dosis_recht_normalise(
            code, reader->arena, &agent->rechten[agent->rechten_count])) {
        reader->rc = DOSIS_ENOMEM;
        return;
    }

    agent->rechten_count++;
}


static bool
read_rechten(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_agent_rechten_t *agent = target;
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };

    if (!domain_member_is_list(
            reader, place, value, member->max, DOSIS_RULE_TE_VEEL_RECHTEN)) {
        return true;
    }

    agent->rechten =
        dosis_arena_alloc(reader->arena, count * sizeof(*agent->rechten));
    if (agent->rechten == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        read_recht(reader, &at, dosis_json_at(value, at.index), agent);
    }

    agent->rechten_count =
        (uint8_t) domain_slices_sort(agent->rechten, agent->rechten_count);

    return true;
}


const domain_member_t domain_agent_members[DOMAIN_AGENT_MEMBERS] = {
    { DOMAIN_MEMBER_NAME("Identificatie"), .slot = 0, .required = true,
        .read = read_identificatie, .soort = DOSIS_VELD_AGENT,
        .max = DOSIS_AGENT_ID_MAX },
    { DOMAIN_MEMBER_NAME("Toegangsrechten"), .slot = 1, .read = read_rechten,
        .soort = DOSIS_VELD_LIJST, .max = DOSIS_RECHTEN_MAX,
        .shape = { recht_members,
            sizeof(recht_members) / sizeof(recht_members[0]) } },
    { DOMAIN_MEMBER_NAME("Rol"), .slot = 2, .read = domain_delivery_code,
        .soort = DOSIS_VELD_CODE,
        .offset = offsetof(dosis_agent_rechten_t, rol),
        .arg = DOMAIN_CODE_ROL },
};


bool
domain_delivery_agenten(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_dossier_t *dossier = target;
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };

    if (!domain_member_is_list(
            reader, place, value, member->max, DOSIS_RULE_TE_VEEL_AGENTEN)) {
        return true;
    }

    dossier->agenten =
        dosis_arena_zalloc(reader->arena, count * sizeof(*dossier->agenten));
    if (dossier->agenten == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        (void) domain_shape_read(reader, &at, dosis_json_at(value, at.index),
            member->shape, &dossier->agenten[at.index]);
    }
    dossier->agenten_count = (uint8_t) count;

    return count > 0;
}


static int
agent_compare(const dosis_agent_t *a, const dosis_agent_t *b)
{
    if (a->soort != b->soort) {
        return a->soort < b->soort ? -1 : 1;
    }

    return slice_compare(dosis_agent_id(a), dosis_agent_id(b));
}


static void
report_agent(domain_reader_t *reader, dosis_rule_id_t rule, size_t index,
    const char *detail)
{
    domain_place_t agenten = { .name = "Agenten" };
    domain_place_t agent = { .up = &agenten, .index = index };
    domain_place_t rechten = { .up = &agent, .name = "Toegangsrechten" };

    domain_reader_report(reader, rule, &rechten, detail);
}


/* The first role stays; the rights are united. */
static void
agent_merge(domain_reader_t *reader, dosis_agent_rechten_t *into,
    const dosis_agent_rechten_t *from, size_t sent_as)
{
    size_t count = (size_t) into->rechten_count + from->rechten_count;
    dosis_slice_t *both =
        dosis_arena_alloc(reader->arena, count * sizeof(*both));

    if (both == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return;
    }

    into->rol = into->rol != 0 ? into->rol : from->rol;
    for (size_t i = 0; i < count; i++) {
        both[i] = i < into->rechten_count
            ? into->rechten[i]
            : from->rechten[i - into->rechten_count];
    }
    count = domain_slices_sort(both, count);

    if (count > DOSIS_RECHTEN_MAX) {
        report_agent(reader, DOSIS_RULE_TE_VEEL_RECHTEN, sent_as,
            DECIMAL(DOSIS_RECHTEN_MAX));
        return;
    }

    into->rechten = both;
    into->rechten_count = (uint8_t) count;
}


/* The indexes of the agents in their order; equal ones as they were sent. */
static void
agents_order(const dosis_dossier_t *dossier, uint8_t *order)
{
    for (size_t i = 0; i < dossier->agenten_count; i++) {
        size_t at = i;

        while (at > 0
            && agent_compare(&dossier->agenten[order[at - 1]].agent,
                   &dossier->agenten[i].agent)
                > 0) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = (uint8_t) i;
    }
}


static void
agents_sort(domain_reader_t *reader, dosis_dossier_t *dossier)
{
    uint8_t *sent_as = domain_delivery(reader)->sent_as;
    uint8_t order[DOSIS_AGENTEN_MAX];
    dosis_agent_rechten_t *sorted;
    size_t kept = 0;

    if (dossier->agenten_count < 2) {
        return;
    }

    sorted = dosis_arena_alloc(
        reader->arena, dossier->agenten_count * sizeof(*sorted));
    if (sorted == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return;
    }

    agents_order(dossier, order);
    for (size_t i = 0; i < dossier->agenten_count; i++) {
        const dosis_agent_rechten_t *agent = &dossier->agenten[order[i]];

        if (kept > 0
            && agent_compare(&sorted[kept - 1].agent, &agent->agent) == 0) {
            agent_merge(reader, &sorted[kept - 1], agent, order[i]);
        } else {
            sent_as[kept] = order[i];
            sorted[kept++] = *agent;
        }
    }

    dossier->agenten = sorted;
    dossier->agenten_count = (uint8_t) kept;
}


void
domain_delivery_agenten_end(domain_reader_t *reader, dosis_dossier_t *dossier)
{
    agents_sort(reader, dossier);

    if (dossier->is_publiek && dosis_dossier_has_person(dossier)) {
        domain_reader_report_member(
            reader, DOSIS_RULE_PUBLIEK_MET_PERSOON, NULL, "IsPubliek");
    }

    /* Who may see a public dossier does not depend on rights. */
    for (size_t i = 0; !dossier->is_publiek && i < dossier->agenten_count;
         i++) {
        const dosis_agent_rechten_t *agent = &dossier->agenten[i];

        if (agent->rechten_count == 0 && agent->agent.len > 0
            && agent->agent.soort != DOSIS_AGENT_INSZ) {
            report_agent(reader, DOSIS_RULE_GEEN_RECHTEN,
                domain_delivery(reader)->sent_as[i], NULL);
        }
    }
}
