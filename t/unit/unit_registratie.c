/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "domain/dosis_registratie.h"

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


static dosis_rc_t
client_read(const char *text, dosis_client_t *client, dosis_err_t *err)
{
    dosis_json_t *json = NULL;
    dosis_rc_t rc = dosis_json_parse(dosis_slice_of(text), &json, err);

    rc = rc == DOSIS_OK ? dosis_client_from_json(json, arena, client, err) : rc;
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


static void
check_client(void)
{
    dosis_client_t client;
    dosis_err_t err = { 0 };
    dosis_slice_t bron = DOSIS_SLICE("urn://vlaio/subsidies");

    CHECK(client_read("{\"Client\":\"demo-vlaio\",\"Naam\":\"n\","
                      "\"Bronnen\":[\"urn://x\",\"urn://vlaio/subsidies\"]}",
              &client, &err)
                == DOSIS_OK
            && dosis_slice_eq(client.client, DOSIS_SLICE("demo-vlaio"))
            && client.bronnen_count == 2 && client.actief && !client.is_loket,
        "a delivering client is read");
    CHECK(dosis_client_delivers(&client, bron)
            && !dosis_client_delivers(&client, DOSIS_SLICE("urn://vlaio"))
            && !dosis_client_delivers(
                &client, DOSIS_SLICE("URN://vlaio/subsidies")),
        "it delivers for its own sources, exactly");
    CHECK(!dosis_client_asks(&client, DOSIS_AGENT_KBO), "it is no counter");
    client.actief = false;
    CHECK(!dosis_client_delivers(&client, bron),
        "switched off it delivers nothing");

    CHECK(client_read("{\"Client\":\"demo-loket\",\"Naam\":\"n\",\"Loket\":{"
                      "\"AgentSoorten\":[\"KBO\",\"vestiging\"],"
                      "\"Bronnen\":[\"urn://x\"],\"Producten\":[\"1984\"],"
                      "\"Vertrouwelijk\":true}}",
              &client, &err)
                == DOSIS_OK
            && client.is_loket && client.vertrouwelijk
            && client.loket_bronnen_count == 1 && client.producten_count == 1
            && dosis_slice_eq(client.producten[0], DOSIS_SLICE("1984"))
            && client.bronnen_count == 0,
        "a counter is read");
    CHECK(dosis_client_asks(&client, DOSIS_AGENT_KBO)
            && dosis_client_asks(&client, DOSIS_AGENT_VESTIGING)
            && !dosis_client_asks(&client, DOSIS_AGENT_INSZ)
            && !dosis_client_delivers(&client, DOSIS_SLICE("urn://x")),
        "it asks for its kinds of agent and delivers nothing");
    client.actief = false;
    CHECK(!dosis_client_asks(&client, DOSIS_AGENT_KBO),
        "switched off it asks nothing");

    CHECK(client_read(
              "{\"Client\":\"c\",\"Naam\":\"n\",\"Loket\":{}}", &client, &err)
                == DOSIS_OK
            && client.is_loket && !client.vertrouwelijk
            && dosis_client_asks(&client, DOSIS_AGENT_INSZ)
            && dosis_client_asks(&client, DOSIS_AGENT_VREEMD),
        "an empty counter asks for all kinds, not for confidential ones");
    CHECK(client_read(
              "{\"Client\":\"c\",\"Naam\":\"n\",\"Loket\":null}", &client, &err)
                == DOSIS_OK
            && !client.is_loket,
        "a counter that is null is none");
}


static const struct {
    bool client;
    const char *json;
    const char *field;
    const char *code;
} refused[] = {
    { false, "[]", "", "VeldOngeldig" },
    { false, "{\"Naam\":\"n\"}", "/Bron", "VeldOntbreekt" },
    { false, "{\"Bron\":\"b\"}", "/Naam", "VeldOntbreekt" },
    { false, "{\"Bron\":\"b\",\"Naam\":\"n\",\"actif\":true}", "/actif",
        "VeldBestaatNiet" },
    { false, "{\"Bron\":\"b\",\"Naam\":\"n\",\"Actief\":\"ja\"}", "/Actief",
        "VeldOngeldig" },
    { false, "{\"Bron\":\"b\",\"Naam\":\"n\",\"ZonderRecht\":\"alle\"}",
        "/ZonderRecht", "WaardeOnbekend" },
    { false, "{\"Bron\":\"b\",\"Naam\":\"n\",\"ZonderRecht\":true}",
        "/ZonderRecht", "WaardeOnbekend" },
    { false, "{\"Bron\":\"b\",\"Naam\":\"n\",\"Strengheid\":\"los\"}",
        "/Strengheid", "WaardeOnbekend" },
    { true, "{\"Naam\":\"n\"}", "/Client", "VeldOntbreekt" },
    { true, "{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":\"b\"}", "/Bronnen",
        "VeldOngeldig" },
    { true, "{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":[\"b\",3]}",
        "/Bronnen/1", "VeldOngeldig" },
    { true, "{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":[\" \"]}",
        "/Bronnen/0", "VeldOntbreekt" },
    { true,
        "{\"Client\":\"c\",\"Naam\":\"n\","
        "\"Loket\":{\"AgentSoorten\":[\"RRN\"]}}",
        "/Loket/AgentSoorten/0", "WaardeOnbekend" },
    { true, "{\"Client\":\"c\",\"Naam\":\"n\",\"Loket\":{\"Rechten\":[]}}",
        "/Loket/Rechten", "VeldBestaatNiet" },
    { true, "{\"Client\":\"c\",\"Naam\":\"n\",\"Loket\":true}", "/Loket",
        "VeldOngeldig" },
};


static void
check_refused(void)
{
    for (size_t i = 0; i < ROWS(refused); i++) {
        dosis_bron_t bron;
        dosis_client_t client;
        dosis_err_t err = { 0 };
        dosis_rc_t rc = refused[i].client
            ? client_read(refused[i].json, &client, &err)
            : bron_read(refused[i].json, &bron, &err);

        CHECK(rc == DOSIS_EINPUT && err.count == 1
                && strcmp(err.item[0].field, refused[i].field) == 0
                && strcmp(err.item[0].code, refused[i].code) == 0,
            refused[i].json);
    }
}


/* The lists of a registration have a ceiling. */
static void
check_ceiling(void)
{
    dosis_client_t client;
    dosis_err_t err = { 0 };
    dosis_buf_t buf;

    dosis_buf_init(&buf, 65536);
    DOSIS_BUF_LIT(&buf, "{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":[\"0\"");
    for (unsigned i = 1; i <= DOSIS_REGISTRATIE_MAX; i++) {
        dosis_buf_addf(&buf, ",\"%u\"", i);
    }
    DOSIS_BUF_LIT(&buf, "]}");
    dosis_buf_add_byte(&buf, '\0');

    CHECK(client_read(buf.data, &client, &err) == DOSIS_EINPUT
            && strcmp(err.item[0].code, "TeVeelWaarden") == 0,
        "more than 1000 sources are refused");
    dosis_buf_done(&buf);
}


static void
check_memory(void)
{
    dosis_arena_t *whole = arena;
    dosis_client_t client;
    dosis_err_t err = { 0 };

    arena = dosis_arena_create(32);
    CHECK(client_read("{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":["
                      "\"a\",\"b\",\"c\"]}",
              &client, &err)
            == DOSIS_ENOMEM,
        "without memory the answer is not that the input is wrong");
    dosis_arena_free(arena);
    arena = whole;
}


int
main(void)
{
    dosis_json_init();
    arena = dosis_arena_create(1 << 20);
    check_bron();
    check_client();
    check_refused();
    check_ceiling();
    check_memory();
    dosis_arena_free(arena);

    return tap_done();
}
