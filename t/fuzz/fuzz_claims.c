/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_claims: the claims of a verified token, read as who asks.
 *
 * Input: a byte that chooses the issuer's rules, then the payload.
 */

#include "base/dosis_json.h"
#include "domain/dosis_identity.h"
#include "fuzz.h"

#define READING (DOSIS_SCOPE_RAADPLEGING | DOSIS_SCOPE_GEBRUIKER)
#define ARENA_MAX ((size_t) 4 << 20)

#define SCOPES                                                                 \
    .scope_import = { "DosisImport", 11 },                                     \
    .scope_raadpleging = { "DosisRaadpleging", 16 },                           \
    .scope_gebruiker = { "DosisGebruiker", 14 },                               \
    .scope_beheer = { "DosisBeheer", 11 }

static const dosis_identity_rules_t rules[] = {
    { SCOPES,
        .claim_client = { "client_id", 9 },
        .claim_rights = { "dosis_rol_3d", 12 },
        .acr_vertrouwelijk = { "hoog", 4 },
        .claim_mandaat = { "ssm_mandaatgever", 16 } },
    /* a ladder, several claims of rights, no mandates */
    { SCOPES,
        .claim_client = { "azp", 3 },
        .claim_rights = { "dosis_rol_3d  r s", 17 },
        .acr_vertrouwelijk = { "midden", 6 },
        .acr_ladder = { "laag midden hoog", 16 } },
    /* its own names for whom it is about */
    { SCOPES,
        .claim_client = { "client_id", 9 },
        .claim_rights = { "r", 1 },
        .claim_doelgroep = { "groep", 5 },
        .claim_persoon = { "persoon", 7 },
        .claim_organisatie = { "org", 3 },
        .claim_mandaat = { "gever", 5 } },
};

#define RULES (sizeof(rules) / sizeof(rules[0]))

static dosis_arena_t *arena;
static unsigned users;


static void
check_agent(const dosis_agent_t *agent)
{
    dosis_agent_t again;

    MUST(agent->soort >= DOSIS_AGENT_KBO && agent->soort <= DOSIS_AGENT_VREEMD);
    MUST(agent->len > 0 && agent->len <= DOSIS_AGENT_ID_MAX);
    MUST(agent->id[agent->len] == '\0');
    /* normalised: read again it is the same */
    MUST(dosis_agent_parse(dosis_agent_id(agent), DOSIS_VORM, &again) == NULL);
    MUST(again.soort == agent->soort
        && dosis_slice_eq(dosis_agent_id(&again), dosis_agent_id(agent)));
}


static void
check_user(const dosis_identity_t *who, const dosis_identity_rules_t *by)
{
    size_t i;
    const dosis_subject_t *subject = &who->subject;

    users++;
    MUST(who->scopes & DOSIS_SCOPE_GEBRUIKER);
    check_agent(&subject->agent);
    MUST(subject->rechten_count <= DOSIS_HELD_MAX);
    for (i = 0; i < subject->rechten_count; i++) {
        MUST(subject->rechten[i].len > 0);
        MUST(!dosis_slice_in(subject->rechten[i], subject->rechten, i));
    }
    if (who->has_mandaat) {
        MUST(by->claim_mandaat.len > 0 && who->doelgroep.len == 0);
        MUST(subject->agent.soort != DOSIS_AGENT_VREEMD);
        check_agent(&who->mandataris);
        MUST(!dosis_slice_eq(dosis_agent_id(&who->mandataris),
            dosis_agent_id(&subject->agent)));
    } else {
        /* a person is one of BUR, and BUR is a person */
        MUST(dosis_slice_eq(who->doelgroep, DOSIS_SLICE("BUR"))
            == (subject->agent.soort == DOSIS_AGENT_INSZ));
    }
    if (by->acr_vertrouwelijk.len == 0) {
        MUST(!subject->vertrouwelijk);
    }
}


static void
check_identity(const dosis_identity_t *who, const dosis_identity_rules_t *by)
{
    MUST(who->scopes != 0 && (who->scopes & READING) != READING);
    MUST(who->has_subject
        == ((who->scopes & DOSIS_SCOPE_GEBRUIKER) != 0));
    MUST(who->client.len > 0 || who->scopes == DOSIS_SCOPE_GEBRUIKER);
    if (who->has_subject) {
        check_user(who, by);
    }
}


static void
read_claims(dosis_slice_t text, const dosis_identity_rules_t *by)
{
    dosis_json_t *json = NULL;
    dosis_identity_t who;
    const char *reason = NULL;
    dosis_rc_t rc;

    if (dosis_json_parse(text, &json, NULL) != DOSIS_OK) {
        return;
    }
    dosis_arena_reset(arena);
    rc = dosis_identity_from_claims(json, by, arena, &who, &reason);
    dosis_json_free(json); /* what is kept may not need it */
    MUST(rc == DOSIS_OK || rc == DOSIS_EDENIED);
    if (rc == DOSIS_OK) {
        check_identity(&who, by);
    } else {
        MUST(reason != NULL && !who.has_subject);
    }
}


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_json_init();
    arena = dosis_arena_create(ARENA_MAX);
    MUST(arena != NULL);

    /* or nothing below would mean anything */
    read_claims(DOSIS_SLICE("{\"scope\":\"DosisGebruiker\",\"sub\":\"x\","
                            "\"vo_doelgroepcode\":\"EA\","
                            "\"vo_orgcode\":\"0123456749\"}"),
        &rules[0]);
    MUST(users == 1);
    read_claims(DOSIS_SLICE("{\"scope\":\"DosisGebruiker\",\"sub\":\"x\","
                            "\"groep\":\"BUR\",\"persoon\":\"85073000754\"}"),
        &rules[2]);
    MUST(users == 2);

    return 0;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t input = dosis_slice(data, size);
    unsigned choice = fuzz_choice(&input, RULES);

    read_claims(input, &rules[choice]);

    return 0;
}
