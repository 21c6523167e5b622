/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "domain/dosis_linked.h"

#define ID "abcdefghijklmnopqrstuvwxyz"

static const struct {
    const char *fact;
    const char *base;
    const char *plain;
    const char *linked;
} rows[] = {
    { "an empty list gets the context alone", "", "{\"Dossiers\":[]}",
        "{\"@context\":\"/api/context.jsonld\",\"Dossiers\":[]}" },
    { "a dossier in a list gets its address and kind", "/x",
        "{\"Dossiers\":[{\"DossierId\":\"" ID "\",\"Versie\":1}]}",
        "{\"@context\":\"/x/api/context.jsonld\",\"Dossiers\":["
        "{\"@id\":\"/x/api/v1/dosis/dossiers/" ID "\","
        "\"@type\":\"PubliekeDienstverlening\","
        "\"DossierId\":\"" ID "\",\"Versie\":1}]}" },
    { "a detail gets both", "", "{\"DossierId\":\"" ID "\"}",
        "{\"@context\":\"/api/context.jsonld\","
        "\"@id\":\"/api/v1/dosis/dossiers/" ID "\","
        "\"@type\":\"PubliekeDienstverlening\",\"DossierId\":\"" ID "\"}" },
    { "parts get their kind", "",
        "{\"a\":1,\"Identificatie\":{\"Bron\":\"x\"},\"Status\":{\"b\":1},"
        "\"Producten\":[{\"Id\":\"1\"},{\"Id\":\"2\"}],"
        "\"DossierBeheerder\":{},\"Agenten\":[{\"c\":1}]}",
        "{\"@context\":\"/api/context.jsonld\",\"a\":1,"
        "\"Identificatie\":{\"@type\":\"adms:Identifier\",\"Bron\":\"x\"},"
        "\"Status\":{\"@type\":\"transactie:Status\",\"b\":1},"
        "\"Producten\":[{\"@type\":\"cpsv:PublicService\",\"Id\":\"1\"},"
        "{\"@type\":\"cpsv:PublicService\",\"Id\":\"2\"}],"
        "\"DossierBeheerder\":{\"@type\":\"schema:ContactPoint\"},"
        "\"Agenten\":[{\"@type\":\"m8g:Participation\",\"c\":1}]}" },
    { "what looks like a member inside a text stays text", "",
        "{\"Naam\":\"{\\\"Id\\\":{ \\\"Status\\\":{} {\"}",
        "{\"@context\":\"/api/context.jsonld\","
        "\"Naam\":\"{\\\"Id\\\":{ \\\"Status\\\":{} {\"}" },
    { "a DossierId cut short gets no address", "", "{\"DossierId\":\"abc\"}",
        "{\"@context\":\"/api/context.jsonld\",\"DossierId\":\"abc\"}" },
    { "a base is escaped", "/\"", "{\"a\":1}",
        "{\"@context\":\"/\\\"/api/context.jsonld\",\"a\":1}" },
    { "nothing stays nothing", "", "", "" },
};


int
main(void)
{
    size_t i;
    dosis_buf_t out;
    char memory[2048];

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dosis_buf_init_fixed(&out, memory, sizeof(memory));
        dosis_linked_add(&out, dosis_slice_of(rows[i].plain),
            dosis_slice_of(rows[i].base));
        CHECK(out.rc == DOSIS_OK
                && dosis_slice_eq(
                    dosis_buf_slice(&out), dosis_slice_of(rows[i].linked)),
            rows[i].fact);
    }
    dosis_buf_init_fixed(&out, memory, 10);
    dosis_linked_add(&out, DOSIS_SLICE("{\"Dossiers\":[]}"), DOSIS_SLICE(""));
    CHECK(out.rc == DOSIS_ELIMIT, "a buffer too small says so");

    return tap_done();
}
