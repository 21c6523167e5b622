/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/lijsten.h"
#include "../lib/tap.h"
#include "domain/dosis_bron.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static dosis_arena_t *arena;


static dosis_rc_t
bron_read(const char *text, dosis_bron_t *bron, dosis_err_t *err)
{
    dosis_json_t *json = NULL;
    dosis_rc_t rc = dosis_json_parse(dosis_slice_of(text), &json, err);

    rc = rc == DOSIS_OK ? dosis_bron_from_json(json, arena, bron, err) : rc;
    dosis_json_free(json);

    return rc;
}


static void
check_bron(void)
{
    dosis_bron_t bron;
    dosis_err_t err = { 0 };

    CHECK(bron_read("{\"Bron\":\"urn://vlaio/subsidies\",\"Naam\":\"VLAIO\","
                    "\"Actief\":true,\"ZonderRecht\":\"iedereen\","
                    "\"Strengheid\":\"vorm\"}",
              &bron, &err)
                == DOSIS_OK
            && dosis_slice_eq(bron.bron, DOSIS_SLICE("urn://vlaio/subsidies"))
            && dosis_slice_eq(bron.naam, DOSIS_SLICE("VLAIO")) && bron.actief
            && bron.zonder_recht_iedereen && bron.strengheid == DOSIS_VORM
            && bron.nummer == 0,
        "a source is read whole");
    CHECK(bron_read("{\"Bron\":\"b\",\"Naam\":\"n\"}", &bron, &err) == DOSIS_OK
            && bron.actief && !bron.zonder_recht_iedereen
            && bron.strengheid == DOSIS_STRENG,
        "by default a source is active, closed and strict");
    CHECK(bron_read("{\"Bron\":\"b\",\"Naam\":\"n\",\"Actief\":false,"
                    "\"ZonderRecht\":\"niemand\",\"Strengheid\":\"streng\"}",
              &bron, &err)
                == DOSIS_OK
            && !bron.actief && !bron.zonder_recht_iedereen
            && bron.strengheid == DOSIS_STRENG,
        "a source can be switched off");
}


static const char whole[] =
    "{\"bron\":\"b\",\"Naam\":\"n\",\"Strengheid\":\"vorm\","
    "\"StrengheidPerSoort\":{\"KBO\":\"STRENG\",\"vestiging\":\"erft\"},"
    "\"Mapping\":{\"Fase\":{\" In onderzoek\":\"Behandeling\","
    "\"af\":\"afgerond\",\"weg\":null},"
    "\"Code\":{\"Z9\":\"DossierOnvolledig\"}},"
    "\"Doorklik\":{\"Methode\":\"oidc\",\"Hosten\":[\"*.x.be\"],"
    "\"InitiateLoginUri\":\"https://x.be/start\",\"Audience\":\"aud\"},"
    "\"RitmeUren\":24,\"Bewaring\":{\"Dagen\":3650,"
    "\"PerFase\":{\"Afgerond\":365}}}";


static void
check_settings(void)
{
    dosis_bron_t bron;
    dosis_err_t err = { 0 };
    const dosis_pair_t *pair;

    CHECK(bron_read(whole, &bron, &err) == DOSIS_OK,
        "a source with all its settings is read");
    CHECK(bron.doorklik == DOSIS_DOORKLIK_OIDC && bron.hosten_count == 1
            && dosis_slice_eq(bron.hosten[0], DOSIS_SLICE("*.x.be"))
            && dosis_slice_eq(bron.login_uri, DOSIS_SLICE("https://x.be/start"))
            && dosis_slice_eq(bron.audience, DOSIS_SLICE("aud")),
        "its click-through is kept");
    CHECK(bron.ritme_uren == 24 && bron.bewaring_dagen == 3650
            && bron.bewaring_fasen.count == 1
            && bron.bewaring_fasen.pair[0].number == 365,
        "its rhythm and retention are kept");
    pair = dosis_pairs_find(&bron.fasen, DOSIS_SLICE("IN ONDERZOEK"));
    CHECK(bron.fasen.count == 2 && pair != NULL
            && dosis_slice_eq(pair->to, DOSIS_SLICE("Behandeling"))
            && dosis_pairs_find(&bron.fasen, DOSIS_SLICE("in")) == NULL
            && dosis_pairs_find(&bron.fasen, DOSIS_SLICE("weg")) == NULL,
        "its own phases are found without case, and only whole");

    CHECK(bron_read(
              "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":null}", &bron, &err)
                == DOSIS_OK
            && bron.fasen.count == 0 && bron.ritme_uren == 0
            && bron.doorklik == DOSIS_DOORKLIK_URL
            && dosis_pairs_find(&bron.fasen, DOSIS_SLICE("x")) == NULL,
        "without settings the defaults hold");
}


static void
check_strengheid(void)
{
    static const struct {
        const char *json;
        dosis_agent_soort_t soort;
        dosis_strengheid_t wanted;
    } rows[] = {
        { "", DOSIS_AGENT_INSZ, DOSIS_STRENG },
        { ",\"Strengheid\":\"vorm\"", DOSIS_AGENT_INSZ, DOSIS_VORM },
        { ",\"StrengheidPerSoort\":{\"INSZ\":\"vorm\"}", DOSIS_AGENT_INSZ,
            DOSIS_VORM },
        { ",\"StrengheidPerSoort\":{\"INSZ\":\"vorm\"}", DOSIS_AGENT_KBO,
            DOSIS_STRENG },
        { ",\"StrengheidPerSoort\":{\"Vestiging\":\"vorm\"}",
            DOSIS_AGENT_VESTIGING, DOSIS_VORM },
        { ",\"Strengheid\":\"vorm\",\"StrengheidPerSoort\":{\"KBO\":"
          "\"streng\"}",
            DOSIS_AGENT_KBO, DOSIS_STRENG },
        { ",\"Strengheid\":\"vorm\",\"StrengheidPerSoort\":{\"KBO\":"
          "\"streng\"}",
            DOSIS_AGENT_VESTIGING, DOSIS_VORM },
        { ",\"Strengheid\":\"vorm\",\"StrengheidPerSoort\":{\"KBO\":"
          "\"erft\"}",
            DOSIS_AGENT_KBO, DOSIS_VORM },
        { ",\"Strengheid\":\"vorm\"", DOSIS_AGENT_OVO, DOSIS_VORM },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        char json[256];
        dosis_bron_t bron;
        dosis_err_t err = { 0 };

        (void) snprintf(json, sizeof(json), "{\"Bron\":\"b\",\"Naam\":\"n\"%s}",
            rows[i].json);
        CHECK(bron_read(json, &bron, &err) == DOSIS_OK
                && dosis_bron_strengheid(&bron, rows[i].soort)
                    == rows[i].wanted,
            json);
    }
    CHECK(dosis_bron_strengheid(NULL, DOSIS_AGENT_INSZ) == DOSIS_STRENG,
        "no source is a strict one");
}


static const struct {
    const char *json;
    const char *field;
    const char *code;
} refused[] = {
    { "[]", "", "VeldOngeldig" },
    { "{\"Naam\":\"n\"}", "/Bron", "VeldOntbreekt" },
    { "{\"Bron\":\"b\"}", "/Naam", "VeldOntbreekt" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"actif\":true}", "/actif",
        "VeldBestaatNiet" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Actief\":\"ja\"}", "/Actief",
        "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"ZonderRecht\":\"alle\"}",
        "/ZonderRecht", "WaardeOnbekend" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"ZonderRecht\":true}", "/ZonderRecht",
        "WaardeOnbekend" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Strengheid\":\"los\"}", "/Strengheid",
        "WaardeOnbekend" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"StrengheidPerSoort\":"
      "{\"INSZ\":\"los\"}}",
        "/StrengheidPerSoort/INSZ", "WaardeOnbekend" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"StrengheidPerSoort\":"
      "{\"OVO\":\"vorm\"}}",
        "/StrengheidPerSoort/OVO", "VeldBestaatNiet" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":[]}", "/Mapping",
        "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{\"Rol\":{}}}",
        "/Mapping/Rol", "VeldBestaatNiet" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{\"Fase\":[]}}",
        "/Mapping/Fase", "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{\"Fase\":"
      "{\"x\":3}}}",
        "/Mapping/Fase/x", "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{\"Fase\":"
      "{\"x\":\" \"}}}",
        "/Mapping/Fase/x", "VeldOntbreekt" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{\"Fase\":"
      "{\" \":\"Beroep\"}}}",
        "/Mapping/Fase/ ", "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{\"Code\":"
      "{\"x y\":\"Beroep\",\"a\":\"b\",\"X Y\":\"Beroep\"}}}",
        NULL, "WaardeDubbel" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"RitmeUren\":8785}", "/RitmeUren",
        "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"RitmeUren\":-1}", "/RitmeUren",
        "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"RitmeUren\":1.5}", "/RitmeUren",
        "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"RitmeUren\":\"24\"}", "/RitmeUren",
        "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Bewaring\":{\"PerFase\":"
      "{\"Afgerond\":\"1\"}}}",
        "/Bewaring/PerFase/Afgerond", "VeldOngeldig" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Doorklik\":{\"Methode\":\"saml\"}}",
        "/Doorklik/Methode", "WaardeOnbekend" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Doorklik\":"
      "{\"Methode\":\"assertie\"}}",
        "/Doorklik/Hosten", "VeldOntbreekt" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Doorklik\":{\"Methode\":\"oidc\","
      "\"Hosten\":[\"x.be\"]}}",
        "/Doorklik/InitiateLoginUri", "VeldOntbreekt" },
    { "{\"Bron\":\"b\",\"Naam\":\"n\",\"Doorklik\":"
      "{\"InitiateLoginUri\":\"http://x.be/\"}}",
        "/Doorklik/InitiateLoginUri", "VeldOngeldig" },
};


static void
check_refused(void)
{
    for (size_t i = 0; i < ROWS(refused); i++) {
        dosis_bron_t bron;
        dosis_err_t err = { 0 };
        dosis_rc_t rc = bron_read(refused[i].json, &bron, &err);

        CHECK(rc == DOSIS_EINPUT && err.count == 1
                && (refused[i].field == NULL
                    || strcmp(err.item[0].field, refused[i].field) == 0)
                && strcmp(err.item[0].code, refused[i].code) == 0,
            refused[i].json);
    }
}


static void
check_hosts(void)
{
    static const struct {
        const char *host;
        bool fits;
    } rows[] = {
        { "loket.example.be", true },
        { "*.example.be", true },
        { "localhost", true },
        { "a-b.c1", true },
        { "Loket.example.be", false },
        { "loket..example.be", false },
        { ".example.be", false },
        { "example.be.", false },
        { "-a.be", false },
        { "a-.be", false },
        { "*", false },
        { "*.", false },
        { "a.*.be", false },
        { "https://a.be", false },
        { "a.be:443", false },
        { "a be", false },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        char json[256];
        dosis_bron_t bron;
        dosis_err_t err = { 0 };

        (void) snprintf(json, sizeof(json),
            "{\"Bron\":\"b\",\"Naam\":\"n\",\"Doorklik\":{\"Hosten\":"
            "[\"%s\"]}}",
            rows[i].host);
        CHECK((bron_read(json, &bron, &err) == DOSIS_OK) == rows[i].fits,
            rows[i].host);
    }
}


/* All at once, each with its place. */
static void
check_all_problems(void)
{
    dosis_bron_t bron;
    dosis_err_t err = { 0 };

    CHECK(bron_read("{\"Actief\":1,\"Typo\":2,\"RitmeUren\":true,"
                    "\"Mapping\":{\"Fase\":{\"x\":1,\"y\":2}},"
                    "\"Doorklik\":{\"Hosten\":[\"A\",\"b\",\"C\"]}}",
              &bron, &err)
                == DOSIS_EINPUT
            && err.count == 9,
        "every problem of a registration is named");
}


static void
check_ceiling(void)
{
    dosis_bron_t bron;
    dosis_err_t err = { 0 };
    dosis_buf_t buf;

    dosis_buf_init(&buf, 65536);
    DOSIS_BUF_LIT(
        &buf, "{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{\"Code\":{");
    for (unsigned i = 0; i < 501; i++) {
        dosis_buf_addf(&buf, "%s\"n%u\":\"Beroep\"", i > 0 ? "," : "", i);
    }
    DOSIS_BUF_LIT(&buf, "}}}");
    dosis_buf_add_byte(&buf, '\0');
    CHECK(bron_read(buf.data, &bron, &err) == DOSIS_EINPUT
            && strcmp(err.item[0].code, "TeVeelWaarden") == 0
            && strcmp(err.item[0].field, "/Mapping/Code") == 0,
        "more than 500 own codes are refused");
    dosis_buf_done(&buf);
}


static void
check_lists(void)
{
    dosis_codelijsten_t lijsten = lijsten_load();
    const dosis_codelijsten_t none = { 0 };
    dosis_bron_t bron;
    dosis_err_t err = { 0 };

    CHECK(bron_read(whole, &bron, &err) == DOSIS_OK
            && dosis_bron_judge(&bron, &lijsten, &err) == DOSIS_OK,
        "what the mapping stands for is in the lists");
    CHECK(
        dosis_bron_judge(&bron, &none, &err) == DOSIS_EINPUT && err.count == 4,
        "without lists nothing is");

    err = (dosis_err_t){ 0 };
    CHECK(bron_read("{\"Bron\":\"b\",\"Naam\":\"n\",\"Mapping\":{"
                    "\"Fase\":{\"x\":\"InBehandeling\"},"
                    "\"Code\":{\"y\":\"Behandeling\"}},"
                    "\"Bewaring\":{\"PerFase\":{\"Klaar\":1}}}",
              &bron, &err)
                == DOSIS_OK
            && dosis_bron_judge(&bron, &lijsten, &err) == DOSIS_EINPUT
            && err.count == 3
            && strcmp(err.item[0].field, "/Mapping/Fase/x") == 0
            && strcmp(err.item[0].code, "FaseOnbekend") == 0
            && strcmp(err.item[1].field, "/Mapping/Code/y") == 0
            && strcmp(err.item[1].code, "CodeOnbekend") == 0
            && strcmp(err.item[2].field, "/Bewaring/PerFase/Klaar") == 0,
        "each code that is in no list is named, with its place");
    lijsten_free(&lijsten);
}


static void
check_memory(void)
{
    dosis_arena_t *roomy = arena;
    bool right = true, failed = false, fitted = false;

    for (size_t bytes = 8; bytes < 4096; bytes += 56) {
        dosis_bron_t bron;
        dosis_err_t err = { 0 };
        dosis_rc_t rc;

        arena = dosis_arena_create(bytes);
        rc = bron_read(whole, &bron, &err);
        right = right && (rc == DOSIS_OK || rc == DOSIS_ENOMEM);
        failed = failed || rc == DOSIS_ENOMEM;
        fitted = fitted || rc == DOSIS_OK;
        dosis_arena_free(arena);
    }
    CHECK(right && failed && fitted,
        "too little memory is never taken for a wrong registration");
    arena = roomy;
}


int
main(void)
{
    dosis_json_init();
    arena = dosis_arena_create(1 << 20);
    check_bron();
    check_settings();
    check_strengheid();
    check_refused();
    check_hosts();
    check_all_problems();
    check_ceiling();
    check_lists();
    check_memory();
    dosis_arena_free(arena);

    return tap_done();
}
