/* SPDX-License-Identifier: EUPL-1.2 */
/* An issuer as registered: what is taken, what fills in what it leaves out. */

#include "domain/dosis_uitgever.h"

#include <string.h>

#include "tap.h"

#define ARENA_BYTES ((size_t) 256 << 10)
#define HEAD                                                                   \
    "{\"Iss\":\"https://a.be/op\",\"Naam\":\"A\",\"Audience\":\"dosis\""
#define FETCHED HEAD ",\"Sleutels\":\"https://a.be/keys\""
#define ASKED                                                                  \
    HEAD ",\"Introspectie\":{\"Adres\":\"https://a.be/i\",\"ClientId\":\"c\"," \
         "\"Bestand\":\"/s\""

static dosis_arena_t *arena;


static dosis_rc_t
parse(const char *text, dosis_uitgever_t *ret, dosis_err_t *err)
{
    dosis_json_t *json = NULL;
    dosis_rc_t rc = dosis_json_parse(dosis_slice_of(text), &json, err);

    memset(err, 0, sizeof(*err));
    rc = rc == DOSIS_OK ? dosis_uitgever_from_json(json, arena, ret, err) : rc;
    dosis_json_free(json);

    return rc;
}


static bool
is(dosis_slice_t text, const char *wanted)
{
    return dosis_slice_eq(text, dosis_slice_of(wanted));
}


static void
check_defaults(void)
{
    dosis_uitgever_t row;
    dosis_err_t err;

    CHECK(parse(FETCHED "}", &row, &err) == DOSIS_OK, "the shortest one");
    CHECK(row.actief && !row.ontdekking && !row.is_introspectie
            && row.nummer == 0 && row.ververs_s == 3600 && row.pauze_s == 10
            && row.overlap_s == 60 && row.wacht_ms == 10000,
        "with the defaults of the table");
    CHECK(is(row.rules.scope_import, "DosisImport")
            && is(row.rules.scope_raadpleging, "DosisRaadpleging")
            && is(row.rules.scope_gebruiker, "DosisGebruiker")
            && is(row.rules.scope_beheer, "DosisBeheer"),
        "its scopes are called as ACM/IDM calls them");
    CHECK(is(row.rules.claim_client, "client_id")
            && is(row.rules.claim_rights, "dosis_rol_3d")
            && is(row.rules.claim_doelgroep, "vo_doelgroepcode")
            && is(row.rules.claim_persoon, "rrn")
            && is(row.rules.claim_organisatie, "vo_orgcode")
            && is(row.rules.claim_mandaat, "ssm_mandaatgever"),
        "and so are its claims");
    CHECK(row.rules.acr_vertrouwelijk.len == 0
            && row.rules.acr_ladder.len == 0,
        "no assurance level is high unless it says which");
}


static void
check_profiles(void)
{
    dosis_uitgever_t row;
    dosis_err_t err;

    CHECK(parse(FETCHED ",\"Profiel\":\"geosecure\"}", &row, &err) == DOSIS_OK
            && is(row.rules.scope_import, "DosisImport")
            && is(row.rules.claim_client, "sub"),
        "geosecure: a client that delivers, named by sub");
    CHECK(row.rules.scope_raadpleging.len == 0
            && row.rules.scope_gebruiker.len == 0
            && row.rules.scope_beheer.len == 0
            && row.rules.claim_persoon.len == 0
            && row.rules.claim_rights.len == 0,
        "and nothing else: no counter, user or operator");
    CHECK(parse(FETCHED ",\"Scopes\":{\"Import\":\"Lever\"},\"Claims\":"
                        "{\"Client\":\"azp\",\"Rechten\":[\"r1\",\"r2\"]},"
                        "\"Acr\":{\"Vertrouwelijk\":\"b\",\"Ladder\":"
                        "[\"a\",\"b\",\"c\"]}}",
              &row, &err)
            == DOSIS_OK,
        "names of its own");
    CHECK(is(row.rules.scope_import, "Lever")
            && is(row.rules.scope_beheer, "DosisBeheer")
            && is(row.rules.claim_client, "azp")
            && is(row.rules.claim_rights, "r1 r2")
            && is(row.rules.acr_vertrouwelijk, "b")
            && is(row.rules.acr_ladder, "a b c"),
        "count where they are given");
}


typedef struct {
    const char *json;
    const char *field; /* that is refused; NULL: fine */
    const char *fact;
} row_t;

static const row_t rows[] = {
    { HEAD ",\"Ontdekking\":true}", NULL, "by discovery" },
    { ASKED "}}", NULL, "of opaque tokens alone" },
    { HEAD "}", "/Sleutels", "keys from nowhere" },
    { FETCHED ",\"Ontdekking\":true}", "/Sleutels", "an address twice" },
    { "{\"Iss\":\"http://a.be\",\"Naam\":\"A\",\"Audience\":\"d\","
      "\"Ontdekking\":true}",
        "/Iss", "discovery by plain http" },
    { HEAD ",\"Sleutels\":\"http://a.be/keys\"}", "/Sleutels",
        "keys by plain http" },
    { HEAD ",\"Sleutels\":\"http://127.0.0.1.be/keys\"}", "/Sleutels",
        "a name that begins as this machine" },
    { HEAD ",\"Sleutels\":\"http://localhost:81/keys\"}", NULL,
        "this machine by plain http" },
    { FETCHED ",\"CaBestand\":\"ca.pem\"}", "/CaBestand", "half a path" },
    { FETCHED ",\"PauzeSeconden\":0}", "/PauzeSeconden", "no pause" },
    { FETCHED ",\"WachtMs\":99}", "/WachtMs", "too short a wait" },
    { FETCHED ",\"WachtMs\":30001}", "/WachtMs", "too long a wait" },
    { FETCHED ",\"WachtMs\":30000}", NULL, "the longest wait" },
    { FETCHED ",\"OverlapSeconden\":3601}", "/OverlapSeconden",
        "too long an overlap" },
    { FETCHED ",\"Profiel\":\"ander\"}", "/Profiel", "a profile of nobody" },
    { FETCHED ",\"Sleutel\":\"x\"}", "/Sleutel", "a member that is none" },
    { HEAD ",\"Introspectie\":{\"Adres\":\"https://a.be/i\"}}",
        "/Introspectie/ClientId", "a question by nobody" },
    { HEAD ",\"Introspectie\":{\"ClientId\":\"c\",\"Bestand\":\"/s\"}}",
        "/Introspectie/Adres", "a question to nowhere" },
    { FETCHED ",\"Claims\":{\"Client\":\"dosis_client client_id\"}}", NULL,
        "the client in one of two claims" },
    { FETCHED ",\"Claims\":{\"Client\":\"a  b\"}}", "/Claims/Client",
        "two blanks between them" },
    { FETCHED ",\"Claims\":{\"Persoon\":\"a b\"}}", "/Claims/Persoon",
        "the person in one of two claims" },
    { ASKED ",\"MaxSeconden\":0}}", "/Introspectie/MaxSeconden",
        "an answer that never counts" },
};


static bool
holds(const row_t *row)
{
    dosis_uitgever_t read;
    dosis_err_t err;
    dosis_rc_t rc = parse(row->json, &read, &err);
    size_t i;

    if (row->field == NULL) {
        return rc == DOSIS_OK;
    }
    for (i = 0; i < err.count; i++) {
        if (strcmp(err.item[i].field, row->field) == 0) {
            return rc == DOSIS_EINPUT;
        }
        printf("# %s\n", err.item[i].field);
    }
    return false;
}


int
main(void)
{
    dosis_uitgever_t read;
    dosis_err_t err;
    size_t i;

    dosis_json_init();
    arena = dosis_arena_create(ARENA_BYTES);
    check_defaults();
    check_profiles();
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(holds(&rows[i]), rows[i].fact);
    }
    CHECK(parse("{\"Naam\":\"\",\"Actief\":1,\"Ververs\":2}", &read, &err)
                == DOSIS_EINPUT
            && err.count >= 4,
        "all problems at once");
    dosis_arena_free(arena);
    return tap_done();
}
