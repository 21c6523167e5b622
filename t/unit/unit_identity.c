/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "domain/dosis_identity.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

#define IMPORT DOSIS_SCOPE_IMPORT
#define RAADPLEGING DOSIS_SCOPE_RAADPLEGING
#define GEBRUIKER DOSIS_SCOPE_GEBRUIKER
#define BEHEER DOSIS_SCOPE_BEHEER

#define USER                                                                   \
    "\"scope\":\"DosisGebruiker\",\"client_id\":\"portaal\","                  \
    "\"sub\":\"b1\""
#define EA USER ",\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":\"0123456749\""

#define MANDATE ",\"ssm_mandaatgever\":"

static const dosis_identity_rules_t rules = {
    .scope_import = { "DosisImport", 11 },
    .scope_raadpleging = { "DosisRaadpleging", 16 },
    .scope_gebruiker = { "DosisGebruiker", 14 },
    .claim_client = { "client_id", 9 },
    .claim_rights = { "dosis_rol_3d", 12 },
    .acr_vertrouwelijk = { "urn:be:authmech:eid", 19 },
    .scope_beheer = { "DosisBeheer", 11 },
    .claim_mandaat = { "ssm_mandaatgever", 16 },
};

static dosis_arena_t *arena;


static dosis_rc_t
identity_read(const char *claims, const dosis_identity_rules_t *by,
    dosis_identity_t *identity, const char **reason)
{
    dosis_json_t *json = NULL;
    dosis_rc_t rc = dosis_json_parse(dosis_slice_of(claims), &json, NULL);

    *reason = NULL;
    rc = rc == DOSIS_OK
        ? dosis_identity_from_claims(json, by, arena, identity, reason)
        : rc;

    /* What is kept may not need the token. */
    dosis_json_free(json);

    return rc;
}


/* Accepted: which scopes, and which subject when it is a user. */
static const struct {
    const char *claims;
    unsigned scopes;
    const char *client;
    const char *subject; /* NULL: a machine */
    dosis_agent_soort_t soort;
} accepted[] = {
    { "{\"scope\":\"DosisImport\",\"client_id\":\"demo-vlaio\","
      "\"sub\":\"demo-vlaio\"}",
        IMPORT, "demo-vlaio", NULL, 0 },
    { "{\"scope\":[\"vo_info\",\"DosisImport\"],\"client_id\":\"c\"}", IMPORT,
        "c", NULL, 0 },
    { "{\"scope\":\"vo_info  DosisRaadpleging\",\"client_id\":\"loket\"}",
        RAADPLEGING, "loket", NULL, 0 },
    { "{\"scope\":\"DosisImport DosisRaadpleging\",\"client_id\":\"c\"}",
        IMPORT | RAADPLEGING, "c", NULL, 0 },
    { "{\"scope\":\"DosisImport\",\"client_id\":6776,\"sub\":\"6776\"}", IMPORT,
        "6776", NULL, 0 },
    { "{\"scope\":\"DosisBeheer\",\"client_id\":\"c\"}", BEHEER, "c", NULL,
        0 },
    { "{\"scope\":\"DosisImport DosisBeheer\",\"client_id\":\"c\"}",
        IMPORT | BEHEER, "c", NULL, 0 },
    { "{" EA "}", GEBRUIKER, "portaal", "0123456749", DOSIS_AGENT_KBO },
    { "{\"scope\":\"DosisGebruiker DosisImport\",\"client_id\":\"p\","
      "\"sub\":\"x\",\"vo_doelgroepcode\":\"EA\","
      "\"vo_orgcode\":\"0123456749\"}",
        GEBRUIKER | IMPORT, "p", "0123456749", DOSIS_AGENT_KBO },
    { "{\"scope\":\"DosisGebruiker\",\"sub\":\"x\","
      "\"vo_doelgroepcode\":\"BUR\",\"rrn\":\"85073000754\"}",
        GEBRUIKER, "", "85073000754", DOSIS_AGENT_INSZ },
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\",\"rrn\":\"85.07.30-007.54\"}",
        GEBRUIKER, "portaal", "85073000754", DOSIS_AGENT_INSZ },
    /* A citizen with an organisation beside it stays the citizen. */
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\",\"rrn\":\"85073000754\","
      "\"vo_orgcode\":\"0123456749\"}",
        GEBRUIKER, "portaal", "85073000754", DOSIS_AGENT_INSZ },
    /* And an organisation's user is never the person behind it. */
    { "{" EA ",\"rrn\":\"85073000754\"}", GEBRUIKER, "portaal", "0123456749",
        DOSIS_AGENT_KBO },
    { "{" USER ",\"vo_doelgroepcode\":\"VER\",\"vo_orgcode\":\"v0001001\"}",
        GEBRUIKER, "portaal", "V0001001", DOSIS_AGENT_VERENIGING },
    { "{" USER ",\"vo_doelgroepcode\":\"GID\",\"vo_orgcode\":\"OVO002949\"}",
        GEBRUIKER, "portaal", "OVO002949", DOSIS_AGENT_OVO },
    { "{" USER ",\"vo_doelgroepcode\":\"LB\",\"vo_orgcode\":\"0207.500.123\"}",
        GEBRUIKER, "portaal", "0207500123", DOSIS_AGENT_KBO },
    { "{" USER ",\"vo_doelgroepcode\":\"OV\",\"vo_orgcode\":\"012345\"}",
        GEBRUIKER, "portaal", "012345", DOSIS_AGENT_VREEMD },
};


static void
check_accepted(void)
{
    for (size_t i = 0; i < ROWS(accepted); i++) {
        dosis_identity_t who;
        const char *reason;
        dosis_rc_t rc =
            identity_read(accepted[i].claims, &rules, &who, &reason);

        if (!CHECK(rc == DOSIS_OK, accepted[i].claims)) {
            continue;
        }
        CHECK(who.scopes == accepted[i].scopes
                && dosis_slice_eq(
                    who.client, dosis_slice_of(accepted[i].client)),
            "scopes and client are as in the token");
        CHECK(accepted[i].subject == NULL ? !who.has_subject
                                          : who.has_subject
                    && strcmp(who.subject.agent.id, accepted[i].subject) == 0
                    && who.subject.agent.soort == accepted[i].soort,
            "the subject follows from the audience");
    }
}


/* An issuer with its own names for whom it is about. */
static void
check_own_names(void)
{
    dosis_identity_t who;
    const char *reason;
    dosis_identity_rules_t own = rules;

    own.claim_doelgroep = DOSIS_SLICE("groep");
    own.claim_persoon = DOSIS_SLICE("persoon");
    own.claim_organisatie = DOSIS_SLICE("org");
    CHECK(identity_read("{" USER ",\"groep\":\"GID\",\"org\":\"OVO002949\"}",
              &own, &who, &reason) == DOSIS_OK,
        "its own names are read");
    CHECK(dosis_slice_eq(who.doelgroep, DOSIS_SLICE("GID")),
        "the audience that it names is kept");
    CHECK(identity_read("{" EA "}", &own, &who, &reason) == DOSIS_EDENIED,
        "and the usual ones are not");
}


static const struct {
    const char *claims;
    const char *reason;
} denied[] = {
    { "{\"client_id\":\"c\"}", "ScopeOntbreekt" },
    { "{\"scope\":\"\",\"client_id\":\"c\"}", "ScopeOntbreekt" },
    { "{\"scope\":null,\"client_id\":\"c\"}", "ScopeOntbreekt" },
    { "{\"scope\":7,\"client_id\":\"c\"}", "ScopeOntbreekt" },
    { "{\"scope\":\"dosisimport\",\"client_id\":\"c\"}", "ScopeOntbreekt" },
    { "{\"scope\":\"DosisImportX XDosisImport\",\"client_id\":\"c\"}",
        "ScopeOntbreekt" },
    { "{\"scope\":\"DosisImport,DosisRaadpleging\",\"client_id\":\"c\"}",
        "ScopeOntbreekt" },
    { "{\"scope\":[[\"DosisImport\"]],\"client_id\":\"c\"}", "ScopeOntbreekt" },
    { "{\"scope\":[\"DosisImport DosisRaadpleging\"],\"client_id\":\"c\"}",
        "ScopeOntbreekt" },
    { "{\"scope\":\"DosisImport\"}", "ClientOntbreekt" },
    { "{\"scope\":\"DosisRaadpleging\",\"client_id\":\"\"}",
        "ClientOntbreekt" },
    { "{\"scope\":\"DosisBeheer\"}", "ClientOntbreekt" },
    { "{\"scope\":\"DosisBeheer DosisGebruiker\",\"sub\":\"x\"}",
        "ClientOntbreekt" },
    { "{\"scope\":\"DosisRaadpleging DosisGebruiker\",\"client_id\":\"c\","
      "\"sub\":\"x\",\"vo_doelgroepcode\":\"EA\","
      "\"vo_orgcode\":\"0123456749\"}",
        "TweeLeesScopes" },
    { "{\"scope\":\"DosisImport DosisRaadpleging DosisGebruiker\","
      "\"client_id\":\"c\"}",
        "TweeLeesScopes" },
    /* a machine that poses as a user */
    { "{\"scope\":\"DosisGebruiker\",\"client_id\":\"c\",\"sub\":\"c\","
      "\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":\"0123456749\"}",
        "GeenGebruiker" },
    { "{\"scope\":\"DosisGebruiker\",\"client_id\":6776,\"sub\":\"6776\","
      "\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":\"0123456749\"}",
        "GeenGebruiker" },
    { "{\"scope\":\"DosisGebruiker\",\"client_id\":\"c\","
      "\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":\"0123456749\"}",
        "GeenGebruiker" },
    /* audiences match exactly */
    { "{" USER ",\"vo_orgcode\":\"0123456749\"}", "DoelgroepOnbekend" },
    { "{" USER ",\"vo_doelgroepcode\":\"XX\",\"vo_orgcode\":\"0123456749\"}",
        "DoelgroepOnbekend" },
    { "{" USER ",\"vo_doelgroepcode\":\"ea\",\"vo_orgcode\":\"0123456749\"}",
        "DoelgroepOnbekend" },
    { "{" USER ",\"vo_doelgroepcode\":\"\",\"vo_orgcode\":\"0123456749\"}",
        "DoelgroepOnbekend" },
    { "{" USER ",\"vo_doelgroepcode\":[\"EA\"],"
      "\"vo_orgcode\":\"0123456749\"}",
        "DoelgroepOnbekend" },
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\\u0000\","
      "\"rrn\":\"85073000754\"}",
        "DoelgroepOnbekend" },
    /* the subject stands in the claim of its audience, or nowhere */
    { "{" USER ",\"vo_doelgroepcode\":\"EA\"}", "OnderwerpOntbreekt" },
    { "{" USER ",\"vo_doelgroepcode\":\"EA\",\"rrn\":\"85073000754\"}",
        "OnderwerpOntbreekt" },
    { "{" USER ",\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":123456749}",
        "OnderwerpOntbreekt" },
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\","
      "\"vo_orgcode\":\"85073000754\"}",
        "OnderwerpOntbreekt" },
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\",\"rrn\":\"  \"}",
        "OnderwerpOntbreekt" },
    /* never the one kind for the other */
    { "{" USER ",\"vo_doelgroepcode\":\"EA\","
      "\"vo_orgcode\":\"85073000754\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"OV\","
      "\"vo_orgcode\":\"85.07.30-007.54\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"EA\","
      "\"vo_orgcode\":\"85073000755\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\",\"rrn\":\"0123456749\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\",\"rrn\":\"V0001001\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"BUR\",\"rrn\":\"onbekend\"}",
        "OnderwerpOngeldig" },
    /* nor a kind of organisation that its audience does not have */
    { "{" USER ",\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":\"OVO002949\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":\"V0001001\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"EA\",\"vo_orgcode\":\"onbekend\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"VER\",\"vo_orgcode\":\"OVO002949\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"LB\",\"vo_orgcode\":\"V0001001\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"GID\",\"vo_orgcode\":\"12345\"}",
        "OnderwerpOngeldig" },
    { "{" USER ",\"vo_doelgroepcode\":\"OV\",\"vo_orgcode\":\"V0001001\"}",
        "OnderwerpOngeldig" },
    /* a mandate of one whose form is known, or no access at all */
    { "{" EA MANDATE "\"iemand\"}", "MandaatOngeldig" },
    { "{" EA MANDATE "\"  \"}", "MandaatOngeldig" },
    { "{" EA MANDATE "\"0123456748x\"}", "MandaatOngeldig" },
    { "{" EA MANDATE "123456749}", "MandaatOngeldig" },
    { "{" EA MANDATE "true}", "MandaatOngeldig" },
    { "{" EA MANDATE "{\"code\":\"85073000754\"}}", "MandaatOngeldig" },
    { "{" EA MANDATE "[[\"85073000754\"]]}", "MandaatOngeldig" },
    { "{" EA MANDATE "[\"85073000754\",\"0400000062\"]}",
        "MandaatOngeldig" },
    /* who holds it must be somebody too */
    { "{" USER MANDATE "\"85073000754\"}", "DoelgroepOnbekend" },
    { "{" USER ",\"vo_doelgroepcode\":\"EA\"" MANDATE "\"85073000754\"}",
        "OnderwerpOntbreekt" },
    { "[]", "ScopeOntbreekt" },
};


static void
check_denied(void)
{
    for (size_t i = 0; i < ROWS(denied); i++) {
        dosis_identity_t who;
        const char *reason;
        dosis_rc_t rc = identity_read(denied[i].claims, &rules, &who, &reason);

        CHECK(rc == DOSIS_EDENIED && reason != NULL
                && strcmp(reason, denied[i].reason) == 0 && !who.has_subject,
            denied[i].claims);
    }
}


/* The rights claim of a user for enterprise 0123456749. */
static const struct {
    const char *claim;
    const char *held[3]; /* in order; NULL behind the last */
} rights[] = {
    { "", { NULL } },
    { ",\"dosis_rol_3d\":null", { NULL } },
    { ",\"dosis_rol_3d\":7", { NULL } },
    { ",\"dosis_rol_3d\":\"\"", { NULL } },
    { ",\"dosis_rol_3d\":[]", { NULL } },
    { ",\"dosis_rol_3d\":\"Lezer\"", { "Lezer" } },
    { ",\"dosis_rol_3d\":\"Lezer - kmo:0123456749\"", { "Lezer-kmo" } },
    { ",\"dosis_rol_3d\":\"Lezer- kmo:OVO002949\"", { NULL } },
    { ",\"dosis_rol_3d\":[\"Lezer:0123.456.749\",\"Schrijver:OVO002949\","
      "\"Lezer - kmo:OVO002949, 0123456749\",3,null]",
        { "Lezer", "Lezer-kmo" } },
    /* another application's claim gives nothing here */
    { ",\"andere_rol_3d\":\"Lezer\",\"dosis_rol_3D\":\"Lezer\"", { NULL } },
    { ",\"dosis_rol_3d\":{\"a\":\"Lezer\"}", { NULL } },
};


static void
check_rights(void)
{
    for (size_t i = 0; i < ROWS(rights); i++) {
        char claims[512];
        dosis_identity_t who;
        const char *reason;
        bool equal;
        size_t n = 0;

        (void) snprintf(claims, sizeof(claims), "{" EA "%s}", rights[i].claim);
        equal = identity_read(claims, &rules, &who, &reason) == DOSIS_OK;
        for (; equal && n < 3 && rights[i].held[n] != NULL; n++) {
            equal = n < who.subject.rechten_count
                && dosis_slice_eq(
                    who.subject.rechten[n], dosis_slice_of(rights[i].held[n]));
        }
        CHECK(equal && who.subject.rechten_count == n,
            rights[i].claim[0] == '\0' ? "no claim" : rights[i].claim + 1);
    }
}


/* Of a user of enterprise 0123456749: for whom it acts, with which right. */
static const struct {
    const char *claims;
    const char *subject;
    const char *mandataris; /* NULL: acts for itself */
    const char *held;       /* the only one, or NULL */
} mandates[] = {
    { MANDATE "\"85073000754\"", "85073000754", "0123456749", NULL },
    { MANDATE "\"85.07.30-007.54\"", "85073000754", "0123456749", NULL },
    { MANDATE "[\"0400.000.062\"]", "0400000062", "0123456749", NULL },
    { MANDATE "\"V0001001\"", "V0001001", "0123456749", NULL },
    { MANDATE "null", "0123456749", NULL, NULL },
    { MANDATE "[]", "0123456749", NULL, NULL },
    { MANDATE "[null]", "0123456749", NULL, NULL },
    { MANDATE "\"\"", "0123456749", NULL, NULL },
    /* a mandate of oneself is none */
    { MANDATE "\"0123.456.749\",\"dosis_rol_3d\":\"A\"", "0123456749", NULL,
        "A" },
    /* under another name it is no mandate */
    { ",\"andere_mandaatgever\":\"85073000754\"", "0123456749", NULL, NULL },
    /* rights of the giver, never those of who holds the mandate */
    { MANDATE "\"0400000062\",\"dosis_rol_3d\":[\"A\",\"B:0123456749\","
              "\"C:0400000062\",\"D:OVO002949\"]",
        "0400000062", "0123456749", "C" },
};


static void
check_mandates(void)
{
    for (size_t i = 0; i < ROWS(mandates); i++) {
        char claims[512];
        dosis_identity_t who;
        const char *reason;
        const char *by = mandates[i].mandataris;
        size_t held = mandates[i].held != NULL;

        (void) snprintf(
            claims, sizeof(claims), "{" EA "%s}", mandates[i].claims);
        CHECK(identity_read(claims, &rules, &who, &reason) == DOSIS_OK
                && strcmp(who.subject.agent.id, mandates[i].subject) == 0
                && who.has_mandaat == (by != NULL)
                && (by == NULL || strcmp(who.mandataris.id, by) == 0),
            mandates[i].claims + 1);
        CHECK(who.subject.rechten_count == held
                && (held == 0
                    || dosis_slice_eq(who.subject.rechten[0],
                        dosis_slice_of(mandates[i].held))),
            "with the rights that count for it");
    }
}


static void
check_citizen_mandate(void)
{
    dosis_identity_rules_t none = rules;
    dosis_identity_t who;
    const char *reason;
    const char *claims = "{" USER ",\"vo_doelgroepcode\":\"BUR\","
                         "\"rrn\":\"85073000754\"" MANDATE "\"0123456749\"}";

    CHECK(identity_read(claims, &rules, &who, &reason) == DOSIS_OK
            && who.subject.agent.soort == DOSIS_AGENT_KBO
            && who.mandataris.soort == DOSIS_AGENT_INSZ,
        "a citizen may act for an enterprise");

    none.claim_mandaat = dosis_slice(NULL, 0);
    CHECK(identity_read(claims, &none, &who, &reason) == DOSIS_OK
            && who.subject.agent.soort == DOSIS_AGENT_INSZ && !who.has_mandaat,
        "of an issuer without mandates the citizen asks for itself");
}


/* More than one claim, and each right once. */
static void
check_rights_claims(void)
{
    dosis_identity_rules_t two = rules;
    dosis_identity_t who;
    const char *reason;

    two.claim_rights = DOSIS_SLICE("dosis_rol_3d  vlaio_rol_3D");
    CHECK(identity_read("{" EA ",\"dosis_rol_3d\":[\"A\",\"B:0123456749\"],"
                        "\"vlaio_rol_3D\":[\"B\",\"C\",\"A:OVO002949\"],"
                        "\"\":\"D\"}",
              &two, &who, &reason)
                == DOSIS_OK
            && who.subject.rechten_count == 3
            && dosis_slice_eq(who.subject.rechten[2], DOSIS_SLICE("C")),
        "an issuer may have more than one claim with rights");
}


static void
check_rights_ceiling(void)
{
    dosis_identity_t who;
    const char *reason;
    dosis_buf_t buf;

    dosis_buf_init(&buf, 65536);
    DOSIS_BUF_LIT(&buf, "{" EA ",\"dosis_rol_3d\":[\"Ver:OVO002949\"");
    for (unsigned i = 0; i < DOSIS_HELD_MAX + 50; i++) {
        dosis_buf_addf(&buf, ",\"R%u\"", i);
    }
    DOSIS_BUF_LIT(&buf, "]}");
    dosis_buf_add_byte(&buf, '\0');

    CHECK(identity_read(buf.data, &rules, &who, &reason) == DOSIS_OK
            && who.subject.rechten_count == DOSIS_HELD_MAX
            && dosis_slice_eq(
                who.subject.rechten[DOSIS_HELD_MAX - 1], DOSIS_SLICE("R199")),
        "at most 200 rights count, of those that are the subject's");
    dosis_buf_done(&buf);
}


static void
check_assurance(void)
{
    static const struct {
        const char *acr;
        bool suffices;
    } rows[] = {
        { ",\"acr\":\"urn:be:authmech:eid\"", true },
        { ",\"acr\":\"urn:be:authmech:eid2\"", false },
        { ",\"acr\":\"URN:BE:AUTHMECH:EID\"", false },
        { ",\"acr\":[\"urn:be:authmech:eid\"]", false },
        { ",\"acr\":\"\"", false },
        { "", false },
    };
    dosis_identity_rules_t none = rules;

    none.acr_vertrouwelijk = dosis_slice(NULL, 0);
    for (size_t i = 0; i < ROWS(rows); i++) {
        char claims[512];
        dosis_identity_t who;
        const char *reason;

        (void) snprintf(claims, sizeof(claims), "{" EA "%s}", rows[i].acr);
        CHECK(identity_read(claims, &rules, &who, &reason) == DOSIS_OK
                && who.subject.vertrouwelijk == rows[i].suffices,
            "only the configured acr suffices");
        CHECK(identity_read(claims, &none, &who, &reason) == DOSIS_OK
                && !who.subject.vertrouwelijk,
            "where none is configured, none suffices");
    }
}


/* From low to high: what suffices, and what stands above it. */
static void
check_ladder(void)
{
    static const struct {
        const char *ladder;
        const char *acr;
        bool suffices;
    } rows[] = {
        { "laag midden hoog", "laag", false },
        { "laag midden hoog", "midden", true },
        { "laag midden hoog", "hoog", true },
        { "laag midden hoog", "hoger", false },
        { "laag midden hoog", "midden hoog", false },
        { "laag midden hoog", "", false },
        { "laag  midden hoog", "", false },
        { "hoog midden laag", "hoog", false },
        { "laag hoog", "hoog", false }, /* what suffices stands nowhere */
        { "laag hoog", "midden", true },
        { "", "hoog", false },
        { "", "midden", true },
    };
    dosis_identity_rules_t by = rules;

    by.acr_vertrouwelijk = DOSIS_SLICE("midden");
    for (size_t i = 0; i < ROWS(rows); i++) {
        by.acr_ladder = dosis_slice_of(rows[i].ladder);
        CHECK(dosis_identity_assured(&by, dosis_slice_of(rows[i].acr))
                == rows[i].suffices,
            rows[i].ladder);
    }
    by.acr_ladder = DOSIS_SLICE("laag midden hoog");
    by.acr_vertrouwelijk = dosis_slice(NULL, 0);
    CHECK(!dosis_identity_assured(&by, DOSIS_SLICE("hoog")),
        "a ladder on which nothing suffices");
}


static void
check_exp(void)
{
    static const struct {
        const char *exp;
        int64_t seconds;
    } rows[] = {
        { "1795000000", 1795000000 },
        { "\"1795000000\"", 1795000000 },
        { "1795000000.5", 1795000000 },
        { "1e300", 0 },
        { "-1.5", 0 },
        { "\"gisteren\"", 0 },
        { "\"99999999999999999999\"", 0 },
        { "null", 0 },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        char claims[128];
        dosis_identity_t who;
        const char *reason;

        (void) snprintf(claims, sizeof(claims),
            "{\"scope\":\"DosisImport\",\"client_id\":\"c\",\"exp\":%s}",
            rows[i].exp);
        CHECK(identity_read(claims, &rules, &who, &reason) == DOSIS_OK
                && who.exp_s == rows[i].seconds,
            rows[i].exp);
    }
}


/* Where a user is not the client of the program in front of him. */
static void
check_several_clients(void)
{
    static const struct {
        const char *claims;
        const char *client; /* NULL: denied */
        const char *fact;
    } rows[] = {
        { "\"dosis_client\":\"a\",\"client_id\":\"p\"", "a",
            "the first claim named is the client" },
        { "\"client_id\":\"p\"", "p", "where it lacks the next one is" },
        { "\"dosis_client\":null,\"client_id\":\"p\"", "p",
            "null is not there" },
        { "\"dosis_client\":\"\",\"client_id\":\"p\"", NULL,
            "an empty one is there, and names nobody" },
        { "\"dosis_client\":[\"a\"],\"client_id\":\"p\"", NULL,
            "so is one that is no text" },
        { "\"dosis_client\":6776,\"client_id\":\"p\"", "6776",
            "a number is a name" },
        { "\"azp\":\"p\"", NULL, "another claim is none of them" },
    };
    dosis_identity_rules_t two = rules;
    dosis_identity_t who;
    const char *reason;
    char claims[160];

    two.claim_client = DOSIS_SLICE("dosis_client client_id");
    for (size_t i = 0; i < ROWS(rows); i++) {
        snprintf(claims, sizeof(claims),
            "{\"scope\":\"DosisImport\",\"sub\":\"mia\",%s}",
            rows[i].claims);
        dosis_rc_t rc = identity_read(claims, &two, &who, &reason);

        CHECK(rows[i].client == NULL
                ? rc == DOSIS_EDENIED && strcmp(reason, "ClientOntbreekt") == 0
                : rc == DOSIS_OK
                    && dosis_slice_eq(
                        who.client, dosis_slice_of(rows[i].client)),
            rows[i].fact);
    }
}


/* Names are the issuer's; sub = client_id holds under any other name too. */
static void
check_other_issuer(void)
{
    dosis_identity_rules_t other = rules;
    dosis_identity_t who;
    const char *reason;

    other.claim_client = DOSIS_SLICE("azp");
    other.scope_gebruiker = DOSIS_SLICE("burger");
    other.claim_rights = dosis_slice(NULL, 0);
    CHECK(identity_read("{\"scope\":\"burger\",\"azp\":\"p\",\"sub\":\"x\","
                        "\"vo_doelgroepcode\":\"EA\",\"\":\"Lezer\","
                        "\"vo_orgcode\":\"0123456749\"}",
              &other, &who, &reason)
                == DOSIS_OK
            && dosis_slice_eq(who.client, DOSIS_SLICE("p"))
            && who.subject.rechten_count == 0,
        "scope and client have the issuer's names; no claim, no rights");
    CHECK(identity_read("{\"scope\":\"burger\",\"azp\":\"p\",\"sub\":\"p\","
                        "\"vo_doelgroepcode\":\"EA\","
                        "\"vo_orgcode\":\"0123456749\"}",
              &other, &who, &reason)
            == DOSIS_EDENIED,
        "a machine under the issuer's claim is no user");
    CHECK(identity_read("{\"scope\":\"burger\",\"azp\":\"p\",\"sub\":\"c\","
                        "\"client_id\":\"c\",\"vo_doelgroepcode\":\"EA\","
                        "\"vo_orgcode\":\"0123456749\"}",
              &other, &who, &reason)
            == DOSIS_EDENIED,
        "nor under client_id");

    other.scope_gebruiker = dosis_slice(NULL, 0);
    CHECK(identity_read("{\"scope\":\"\",\"azp\":\"p\",\"sub\":\"x\"}", &other,
              &who, &reason)
            == DOSIS_EDENIED,
        "an unset scope name is met by no token");
}


static void
check_memory(void)
{
    dosis_arena_t *whole = arena;
    dosis_identity_t who;
    const char *reason;

    arena = dosis_arena_create(8);
    CHECK(identity_read("{" EA "}", &rules, &who, &reason) == DOSIS_ENOMEM,
        "without memory nobody is denied");
    dosis_arena_free(arena);
    arena = whole;
}


int
main(void)
{
    dosis_json_init();
    arena = dosis_arena_create(1 << 20);
    check_accepted();
    check_own_names();
    check_denied();
    check_rights();
    check_rights_ceiling();
    check_rights_claims();
    check_mandates();
    check_citizen_mandate();
    check_assurance();
    check_ladder();
    check_exp();
    check_several_clients();
    check_other_issuer();
    check_memory();
    dosis_arena_free(arena);

    return tap_done();
}
