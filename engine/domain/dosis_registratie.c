/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_registratie.h"

#include "base/dosis_text.h"
#include "domain/domain_member.h"
#include "domain/dosis_dossier.h"

#define NAME(text) .name = { (text), sizeof(text) - 1 }

/* A list of texts: where it is kept, and where its count. */
#define LIST(list, list_count)                                                 \
    .read = read_list, .offset = offsetof(dosis_client_t, list),               \
    .arg = offsetof(dosis_client_t, list_count)

#define CLIENT_MAX 200 /* bytes */

#define ZONDER_RECHT "niemand of iedereen"
#define STRENGHEID "streng of vorm"
#define SOORTEN "KBO, Vestiging, INSZ, Vereniging, OVO of Vreemd"


static bool
is_word(const dosis_json_t *value, dosis_slice_t word)
{
    return dosis_text_ieq(domain_member_strip(dosis_json_string(value)), word);
}


static bool
read_zonder_recht(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_bron_t *bron = target;

    (void) member;
    bron->zonder_recht_iedereen = is_word(value, DOSIS_SLICE("iedereen"));
    if (!bron->zonder_recht_iedereen
        && !is_word(value, DOSIS_SLICE("niemand"))) {
        domain_reader_report(
            reader, DOSIS_RULE_WAARDE_ONBEKEND, place, ZONDER_RECHT);
    }

    return true;
}


static bool
read_strengheid(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_bron_t *bron = target;

    (void) member;
    if (is_word(value, DOSIS_SLICE("vorm"))) {
        bron->strengheid = DOSIS_VORM;
    } else if (!is_word(value, DOSIS_SLICE("streng"))) {
        domain_reader_report(
            reader, DOSIS_RULE_WAARDE_ONBEKEND, place, STRENGHEID);
    }

    return true;
}


static const domain_member_t bron_members[] = {
    { NAME("Bron"), .slot = 0, .required = true, .read = domain_member_text,
        .offset = offsetof(dosis_bron_t, bron), .max = DOSIS_BRON_MAX },
    { NAME("Naam"), .slot = 1, .required = true, .read = domain_member_text,
        .offset = offsetof(dosis_bron_t, naam), .max = DOSIS_NAAM_MAX },
    { NAME("Actief"), .slot = 2, .read = domain_member_bool,
        .offset = offsetof(dosis_bron_t, actief) },
    { NAME("ZonderRecht"), .slot = 3, .read = read_zonder_recht },
    { NAME("Strengheid"), .slot = 4, .read = read_strengheid },
};


dosis_rc_t
dosis_bron_from_json(const dosis_json_t *json, dosis_arena_t *arena,
    dosis_bron_t *ret_bron, dosis_err_t *err)
{
    domain_reader_t reader = {
        .arena = arena, .err = err, .unknown = DOSIS_RULE_VELD_BESTAAT_NIET
    };

    *ret_bron = (dosis_bron_t){ .actief = true, .strengheid = DOSIS_STRENG };
    (void) domain_shape_read(
        &reader, NULL, json, DOMAIN_SHAPE(bron_members), ret_bron);

    return domain_reader_rc(&reader);
}


/* A pointer and a count in the client, at the places the table gives. */
static bool
read_list(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const domain_member_t element = { .max = member->max };
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };
    dosis_slice_t *list;

    if (!domain_member_is_list(reader, place, value, DOSIS_REGISTRATIE_MAX,
            DOSIS_RULE_TE_VEEL_WAARDEN)) {
        return true;
    }

    list = dosis_arena_zalloc(reader->arena, count * sizeof(*list));
    if (list == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        if (!domain_member_text(reader, &at, dosis_json_at(value, at.index),
                &element, &list[at.index])) {
            domain_reader_report(reader, DOSIS_RULE_VELD_ONTBREEKT, &at, NULL);
        }
    }

    memcpy((char *) target + member->offset, &list, sizeof(list));
    memcpy((char *) target + member->arg, &count, sizeof(count));

    return true;
}


static bool
read_soorten(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_client_t *client = target;
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };

    (void) member;
    if (!domain_member_is_list(reader, place, value, DOSIS_REGISTRATIE_MAX,
            DOSIS_RULE_TE_VEEL_WAARDEN)) {
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        dosis_agent_soort_t soort;
        dosis_slice_t name = dosis_json_string(dosis_json_at(value, at.index));

        if (dosis_agent_soort_parse(domain_member_strip(name), &soort)) {
            client->agent_soorten |= 1u << soort;
        } else {
            domain_reader_report(
                reader, DOSIS_RULE_WAARDE_ONBEKEND, &at, SOORTEN);
        }
    }

    return true;
}


static const domain_member_t loket_members[] = {
    { NAME("AgentSoorten"), .slot = 0, .read = read_soorten },
    { NAME("Bronnen"), .slot = 1, LIST(loket_bronnen, loket_bronnen_count),
        .max = DOSIS_BRON_MAX },
    { NAME("Producten"), .slot = 2, LIST(producten, producten_count),
        .max = DOSIS_PRODUCT_MAX },
    { NAME("Vertrouwelijk"), .slot = 3, .read = domain_member_bool,
        .offset = offsetof(dosis_client_t, vertrouwelijk) },
};


static bool
read_loket(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_client_t *client = target;

    (void) member;
    client->is_loket = true;
    (void) domain_shape_read(
        reader, place, value, DOMAIN_SHAPE(loket_members), target);

    return true;
}


static const domain_member_t client_members[] = {
    { NAME("Client"), .slot = 0, .required = true, .read = domain_member_text,
        .offset = offsetof(dosis_client_t, client), .max = CLIENT_MAX },
    { NAME("Naam"), .slot = 1, .required = true, .read = domain_member_text,
        .offset = offsetof(dosis_client_t, naam), .max = DOSIS_NAAM_MAX },
    { NAME("Actief"), .slot = 2, .read = domain_member_bool,
        .offset = offsetof(dosis_client_t, actief) },
    { NAME("Bronnen"), .slot = 3, LIST(bronnen, bronnen_count),
        .max = DOSIS_BRON_MAX },
    { NAME("Loket"), .slot = 4, .read = read_loket },
};


dosis_rc_t
dosis_client_from_json(const dosis_json_t *json, dosis_arena_t *arena,
    dosis_client_t *ret_client, dosis_err_t *err)
{
    domain_reader_t reader = {
        .arena = arena, .err = err, .unknown = DOSIS_RULE_VELD_BESTAAT_NIET
    };

    *ret_client = (dosis_client_t){ .actief = true };
    (void) domain_shape_read(
        &reader, NULL, json, DOMAIN_SHAPE(client_members), ret_client);

    return domain_reader_rc(&reader);
}


bool
dosis_client_delivers(const dosis_client_t *client, dosis_slice_t bron)
{
    if (!client->actief) {
        return false;
    }

    for (size_t i = 0; i < client->bronnen_count; i++) {
        if (dosis_slice_eq(client->bronnen[i], bron)) {
            return true;
        }
    }

    return false;
}


bool
dosis_client_asks(const dosis_client_t *client, dosis_agent_soort_t soort)
{
    return client->actief && client->is_loket
        && (client->agent_soorten == 0
            || (client->agent_soorten & (1u << soort)) != 0);
}
