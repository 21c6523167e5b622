/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Canonical content: the same content gives the same bytes, in whatever order
 * and spelling it came; each single member changed gives other bytes.
 */

#include "../lib/lijsten.h"
#include "../lib/tap.h"
#include "base/dosis_time.h"
#include "domain/dosis_dossier_json.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

#define CANONICAL_MAX 65536
#define JSON_MAX 16384

static const char whole[] =
    "{\"Identificatie\":{\"Bron\":\"urn://vlaio/subsidies\","
    "\"DossierNummer\":\"2026-1\"},"
    "\"UploadId\":\"c30c0de7-f763-4648-b684-936162aa6a78\","
    "\"Naam\":\"Subsidie\","
    "\"WijzigingsDatum\":\"2026-11-20T11:16:50.52\","
    "\"Status\":{\"VlaamsFase\":\"Behandeling\","
    "\"VlaamsCode\":\"DossierOnvolledig\",\"EDRL\":\"Ontvangen\","
    "\"Detail1\":\"een\",\"Detail2\":\"twee\","
    "\"StreefDatum\":\"2026-12-24\","
    "\"Actie\":{\"ActieNodig\":true,\"Actie\":\"Bezorg\","
    "\"Voor\":\"2026-12-15\"}},"
    "\"Doorverwijzing\":\"https://loket.example.be/dossier/123\","
    "\"TypeDossierCode\":\"DossierStatus\","
    "\"Producten\":[{\"Id\":\"1984\"},{\"Id\":\"2001\"}],"
    "\"DossierBeheerder\":{\"Naam\":\"bN\",\"Dienst\":\"bD\","
    "\"Telefoon\":\"bT\",\"Email\":\"bE\",\"Website\":\"bW\","
    "\"Adres\":{\"Straat\":\"aS\",\"Nummer\":\"aN\",\"Postcode\":\"aP\","
    "\"Gemeente\":\"aG\"}},"
    "\"Agenten\":[{\"Identificatie\":\"0123456749\","
    "\"Toegangsrechten\":[{\"Code\":\"Lezer - kmo\"},{\"Code\":\"Beheer\"}],"
    "\"Rol\":\"Aanvrager\"},{\"Identificatie\":\"85073000754\"}],"
    "\"IsPubliek\":false,\"IsVertrouwelijk\":false,"
    "\"StreefDatum\":\"2027-01-31\","
    "\"UpdateFrequentieCode\":\"IedereMinuut\","
    "\"MogelijkeVlaamseFases\":[\"Behandeling\",\"Beslissing\"]}";

typedef struct {
    const char *from;
    const char *to;
} change_t;

/* Each of these is other content. */
static const change_t other[] = {
    { "\"Naam\":\"Subsidie\"", "\"Naam\":\"subsidie\"" },
    { "\"VlaamsFase\":\"Behandeling\"", "\"VlaamsFase\":\"Beslissing\"" },
    { "\"DossierOnvolledig\"", "\"DossierVolledig\"" },
    /* twins of two generations are not the same content */
    { "\"DossierOnvolledig\"", "\"InVerwerking\"" },
    { "\"DossierOnvolledig\"", "\"InBehandeling\"" },
    { "\"EDRL\":\"Ontvangen\"", "\"EDRL\":\"Doorgestuurd\"" },
    { "\"EDRL\":\"Ontvangen\"", "\"EDRL\":null" },
    { "\"Detail1\":\"een\"", "\"Detail1\":\"eens\"" },
    { "\"Detail1\":\"een\"", "\"Detail1\":null" },
    { "\"Detail2\":\"twee\"", "\"Detail2\":\"drie\"" },
    { "\"Detail2\":\"twee\"", "\"Detail2\":null" },
    { "\"StreefDatum\":\"2026-12-24\"", "\"StreefDatum\":\"2026-12-25\"" },
    { "\"StreefDatum\":\"2026-12-24\"", "\"StreefDatum\":null" },
    { "\"ActieNodig\":true", "\"ActieNodig\":false" },
    { "\"ActieNodig\":true", "\"ActieNodig\":null" },
    { "\"Actie\":\"Bezorg\"", "\"Actie\":\"Betaal\"" },
    { "\"Voor\":\"2026-12-15\"", "\"Voor\":\"2026-12-16\"" },
    { "\"Voor\":\"2026-12-15\"", "\"Voor\":null" },
    { "dossier/123\"", "dossier/124\"" },
    { "\"https://loket.example.be/dossier/123\"", "null" },
    { "\"TypeDossierCode\":\"DossierStatus\"",
        "\"TypeDossierCode\":\"DossierCluster\"" },
    { "\"TypeDossierCode\":\"DossierStatus\"",
        "\"TypeDossierCode\":\"Eigen\"" },
    { "\"1984\"", "\"1985\"" },
    { "{\"Id\":\"1984\"},", "" },
    { "\"bN\"", "\"x\"" },
    { "\"bD\"", "\"x\"" },
    { "\"bT\"", "\"x\"" },
    { "\"bE\"", "\"x\"" },
    { "\"bW\"", "\"x\"" },
    { "\"aS\"", "\"x\"" },
    { "\"aN\"", "\"x\"" },
    { "\"aP\"", "\"x\"" },
    { "\"aG\"", "\"x\"" },
    { "\"aG\"", "null" },
    { "\"0123456749\"", "\"2000000339\"" },
    { "\"0123456749\"", "\"V0001001\"" },
    { "\"Lezer - kmo\"", "\"Lezer - KMO\"" },
    { ",{\"Code\":\"Beheer\"}", "" },
    { "\"Rol\":\"Aanvrager\"", "\"Rol\":\"Indiener\"" },
    { "\"Rol\":\"Aanvrager\"", "\"Rol\":null" },
    { ",{\"Identificatie\":\"85073000754\"}", "" },
    { "{\"Identificatie\":\"85073000754\"}",
        "{\"Identificatie\":\"85073000754\",\"Toegangsrechten\":"
        "[{\"Code\":\"Raadpleger\"}]}" },
    { "\"IsVertrouwelijk\":false", "\"IsVertrouwelijk\":true" },
    { "\"StreefDatum\":\"2027-01-31\"", "\"StreefDatum\":\"2027-02-01\"" },
    { "\"StreefDatum\":\"2027-01-31\"", "\"StreefDatum\":null" },
    { "\"IedereMinuut\"", "\"IederUur\"" },
    { "\"IedereMinuut\"", "null" },
    { "[\"Behandeling\",\"Beslissing\"]", "[\"Behandeling\"]" },
    { "[\"Behandeling\",\"Beslissing\"]", "[\"Behandeling\",\"Beroep\"]" },
    { "[\"Behandeling\",\"Beslissing\"]", "null" },
    /* nothing flows over into its neighbour */
    { "\"Detail1\":\"een\",\"Detail2\":\"twee\"",
        "\"Detail1\":\"eentwee\",\"Detail2\":\"\"" },
    { "\"Detail1\":\"een\",\"Detail2\":\"twee\"",
        "\"Detail1\":\"eent\",\"Detail2\":\"wee\"" },
    { "{\"Id\":\"1984\"},{\"Id\":\"2001\"}", "{\"Id\":\"19842001\"}" },
    { "\"bN\",\"Dienst\":\"bD\"", "\"bNb\",\"Dienst\":\"D\"" },
    /* the rights change hands */
    { "[{\"Code\":\"Lezer - kmo\"},{\"Code\":\"Beheer\"}],"
      "\"Rol\":\"Aanvrager\"},{\"Identificatie\":\"85073000754\"}",
        "[{\"Code\":\"Lezer - kmo\"}],\"Rol\":\"Aanvrager\"},"
        "{\"Identificatie\":\"85073000754\",\"Toegangsrechten\":"
        "[{\"Code\":\"Beheer\"}]}" },
};

/* Each of these is the same content. */
static const change_t same[] = {
    { "\"Naam\":\"Subsidie\"", "\"Naam\":\" Subsidie\\t\"" },
    { "\"c30c0de7", "\"d30c0de7" },
    { "\"UploadId\":\"c30c0de7-f763-4648-b684-936162aa6a78\",", "" },
    { "2026-11-20T11:16:50.52", "2026-11-21T00:00:00Z" },
    { "\"2026-11-20T11:16:50.52\"", "[2026,11,20,11,16,50,520000000]" },
    { "\"urn://vlaio/subsidies\"", "\"urn://ander\"" },
    { "\"2026-1\"", "\"2026-2\"" },
    { "\"VlaamsFase\":\"Behandeling\"", "\"vlaamseFase\":\"BEHANDELING\"" },
    { "\"VlaamsCode\":\"DossierOnvolledig\"",
        "\"VlaamseCode\":\"dossieronvolledig\"" },
    { "\"EDRL\":\"Ontvangen\"", "\"StatusEDRL\":\"ontvangen\"" },
    { "\"StreefDatum\":\"2026-12-24\"",
        "\"StreefDatum\":\"2026-12-23T23:00:00Z\"" },
    { "\"Voor\":\"2026-12-15\"", "\"Voor\":\"2026-12-15T08:30:00\"" },
    { "\"Voor\":\"2026-12-15\"", "\"Voor\":[2026,12,15]" },
    { "\"TypeDossierCode\":\"DossierStatus\",", "" },
    { "\"TypeDossierCode\":\"DossierStatus\"",
        "\"typeDossierCode\":\"dossierstatus\"" },
    { "{\"Id\":\"1984\"},{\"Id\":\"2001\"}",
        "{\"Id\":2001},{\"id\":\" 1984 \"},{\"Id\":\"2001\"}" },
    { "\"0123456749\"", "\"BE 123.456.749\"" },
    { "\"85073000754\"", "\"85.07.30-007.54\"" },
    { "[{\"Code\":\"Lezer - kmo\"},{\"Code\":\"Beheer\"}]",
        "[{\"Code\":\"Beheer\"},{\"Code\":\"Lezer-kmo\"},"
        "{\"Code\":\" Lezer  -kmo\"}]" },
    { ",{\"Identificatie\":\"85073000754\"}",
        ",{\"Identificatie\":\"85073000754\",\"Toegangsrechten\":[],"
        "\"Rol\":null}" },
    { "\"Rol\":\"Aanvrager\"", "\"rol\":\"AANVRAGER\"" },
    /* the same agents the other way round, one of them in two parts */
    { "[{\"Identificatie\":\"0123456749\","
      "\"Toegangsrechten\":[{\"Code\":\"Lezer - kmo\"},"
      "{\"Code\":\"Beheer\"}],"
      "\"Rol\":\"Aanvrager\"},{\"Identificatie\":\"85073000754\"}]",
        "[{\"Identificatie\":\"85073000754\"},"
        "{\"Identificatie\":\"0123.456.749\","
        "\"Toegangsrechten\":[{\"Code\":\"Beheer\"}]},"
        "{\"Rol\":\"Aanvrager\",\"Identificatie\":\"0123456749\","
        "\"Toegangsrechten\":[{\"Code\":\"Lezer-kmo\"},"
        "{\"Code\":\"Beheer\"}]},"
        "{\"Identificatie\":\"0123456749\",\"Rol\":\"Beslisser\"}]" },
    { "\"IsPubliek\":false,\"IsVertrouwelijk\":false,", "" },
    { "[\"Behandeling\",\"Beslissing\"]",
        "[\"BESLISSING\",\"behandeling\",\"Beslissing\"]" },
    { "{\"Identificatie\":{", "{\"Onbekend\":{\"x\":[1]},\"Identificatie\":{" },
};

static dosis_codelijsten_t lijsten;


/* false: it was refused. */
static bool
canonical(const char *text, dosis_buf_t *buf)
{
    const dosis_dossier_rules_t rules = { .lijsten = &lijsten,
        .now_ns = INT64_C(1800000000) * DOSIS_NS_PER_S,
        .future_ns = INT64_C(86400) * DOSIS_NS_PER_S };
    dosis_arena_t *arena = dosis_arena_create(1 << 20);
    dosis_json_t *json = NULL;
    dosis_dossier_t dossier;
    dosis_err_t err = { 0 };
    dosis_rc_t rc = dosis_json_parse(dosis_slice_of(text), &json, &err);

    rc = rc == DOSIS_OK
        ? dosis_dossier_from_json(json, &rules, arena, &dossier, NULL, &err)
        : rc;
    dosis_json_free(json);
    if (rc == DOSIS_OK) {
        dosis_dossier_canonical(buf, &dossier, &lijsten);
    } else {
        printf("# %s: %s\n", err.item[0].field, err.item[0].text);
    }
    dosis_arena_free(arena);

    return rc == DOSIS_OK && buf->rc == DOSIS_OK;
}


/* The whole with one place changed; the place must be there, once. */
static bool
changed(const change_t *change, char to[JSON_MAX])
{
    const char *at = strstr(whole, change->from);

    if (at == NULL || strstr(at + 1, change->from) != NULL) {
        return false;
    }

    (void) snprintf(to, JSON_MAX, "%.*s%s%s", (int) (at - whole), whole,
        change->to, at + strlen(change->from));

    return true;
}


static void
check_changes(const change_t *changes, size_t count, bool equal)
{
    dosis_buf_t base;
    dosis_buf_t buf;
    char text[JSON_MAX];

    dosis_buf_init(&base, CANONICAL_MAX);
    dosis_buf_init(&buf, CANONICAL_MAX);
    CHECK(canonical(whole, &base) && base.len > 100,
        "the whole dossier is accepted");

    for (size_t i = 0; i < count; i++) {
        bool made = changed(&changes[i], text);

        dosis_buf_reset(&buf);
        CHECK(made && canonical(text, &buf)
                && dosis_slice_eq(dosis_buf_slice(&base), dosis_buf_slice(&buf))
                    == equal,
            changes[i].to[0] == '\0' ? changes[i].from : changes[i].to);
    }

    dosis_buf_done(&buf);
    dosis_buf_done(&base);
}


/* Two changes must differ from each other too, not only from the whole. */
static void
check_pairwise(void)
{
    static dosis_buf_t bufs[ROWS(other)];
    char text[JSON_MAX];
    bool differ = true;

    for (size_t i = 0; i < ROWS(other); i++) {
        dosis_buf_init(&bufs[i], CANONICAL_MAX);
        differ =
            differ && changed(&other[i], text) && canonical(text, &bufs[i]);
        for (size_t j = 0; j < i; j++) {
            differ = differ
                && !dosis_slice_eq(
                    dosis_buf_slice(&bufs[i]), dosis_buf_slice(&bufs[j]));
        }
    }
    CHECK(differ, "no two different contents have the same bytes");

    for (size_t i = 0; i < ROWS(other); i++) {
        dosis_buf_done(&bufs[i]);
    }
}


/* Flags that JSON cannot combine with the persons above. */
static void
check_flags(void)
{
    dosis_agent_rechten_t agent = { .agent = { .soort = DOSIS_AGENT_KBO } };
    dosis_dossier_t dossier = { .agenten_count = 1, .agenten = &agent };
    dosis_buf_t plain;
    dosis_buf_t publiek;

    dosis_buf_init(&plain, CANONICAL_MAX);
    dosis_buf_init(&publiek, CANONICAL_MAX);
    dosis_dossier_canonical(&plain, &dossier, &lijsten);
    dossier.is_publiek = true;
    dosis_dossier_canonical(&publiek, &dossier, &lijsten);
    CHECK(!dosis_slice_eq(dosis_buf_slice(&plain), dosis_buf_slice(&publiek)),
        "public is other content");
    dosis_buf_done(&publiek);
    dosis_buf_done(&plain);

    CHECK(!dosis_dossier_has_person(&dossier), "an enterprise is no person");
    agent.agent.soort = DOSIS_AGENT_INSZ;
    CHECK(dosis_dossier_has_person(&dossier), "an INSZ is a person");
    dossier.agenten_count = 0;
    CHECK(!dosis_dossier_has_person(&dossier), "nobody is no person");
}


static void
agent_set(dosis_agent_rechten_t *agent, dosis_agent_soort_t soort,
    const char *id, dosis_slice_t *right)
{
    *agent = (dosis_agent_rechten_t){ .rechten = right,
        .rechten_count = right != NULL ? 1 : 0 };
    agent->agent.soort = soort;
    agent->agent.len = (uint8_t) strlen(id);
    memcpy(agent->agent.id, id, strlen(id) + 1);
}


/* Without the count of rights these two would have the same bytes. */
static void
check_borders(void)
{
    dosis_slice_t as_agent = DOSIS_SLICE("\x01\x01z\x00");
    dosis_slice_t as_right = DOSIS_SLICE("\x03"
                                         "abc\x00\x04");
    dosis_agent_rechten_t agents[2];
    dosis_dossier_t dossier = { .agenten_count = 2, .agenten = agents };
    dosis_buf_t one;
    dosis_buf_t two;

    dosis_buf_init(&one, CANONICAL_MAX);
    dosis_buf_init(&two, CANONICAL_MAX);
    agent_set(&agents[0], DOSIS_AGENT_KBO, "0123456749", NULL);
    agent_set(&agents[1], DOSIS_AGENT_VREEMD, "abc", &as_agent);
    dosis_dossier_canonical(&one, &dossier, &lijsten);
    agent_set(&agents[0], DOSIS_AGENT_KBO, "0123456749", &as_right);
    agent_set(&agents[1], DOSIS_AGENT_KBO, "z", NULL);
    dosis_dossier_canonical(&two, &dossier, &lijsten);
    CHECK(!dosis_slice_eq(dosis_buf_slice(&one), dosis_buf_slice(&two)),
        "a right is never taken for the next agent");
    dosis_buf_done(&two);
    dosis_buf_done(&one);
}


int
main(void)
{
    dosis_json_init();
    lijsten = lijsten_load();
    check_changes(other, ROWS(other), false);
    check_changes(same, ROWS(same), true);
    check_pairwise();
    check_flags();
    check_borders();
    lijsten_free(&lijsten);

    return tap_done();
}
