/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "domain/dosis_registratie.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static dosis_arena_t *arena;


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
    const char *json;
    const char *field;
    const char *code;
} refused[] = {
    { "{\"Naam\":\"n\"}", "/Client", "VeldOntbreekt" },
    { "{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":\"b\"}", "/Bronnen",
        "VeldOngeldig" },
    { "{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":[\"b\",3]}",
        "/Bronnen/1", "VeldOngeldig" },
    { "{\"Client\":\"c\",\"Naam\":\"n\",\"Bronnen\":[\" \"]}",
        "/Bronnen/0", "VeldOntbreekt" },
    {
        "{\"Client\":\"c\",\"Naam\":\"n\","
        "\"Loket\":{\"AgentSoorten\":[\"RRN\"]}}",
        "/Loket/AgentSoorten/0", "WaardeOnbekend" },
    { "{\"Client\":\"c\",\"Naam\":\"n\",\"Loket\":{\"Rechten\":[]}}",
        "/Loket/Rechten", "VeldBestaatNiet" },
    { "{\"Client\":\"c\",\"Naam\":\"n\",\"Loket\":true}", "/Loket",
        "VeldOngeldig" },
};


static void
check_refused(void)
{
    for (size_t i = 0; i < ROWS(refused); i++) {
        dosis_client_t client;
        dosis_err_t err = { 0 };
        dosis_rc_t rc = client_read(refused[i].json, &client, &err);

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
    check_client();
    check_refused();
    check_ceiling();
    check_memory();
    dosis_arena_free(arena);

    return tap_done();
}
