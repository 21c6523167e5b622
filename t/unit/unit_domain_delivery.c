/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/reading.h"
#include "../lib/tap.h"


/* One place changed, one problem found. */
static const struct {
    const char *from;
    const char *to;
    const char *field;
    const char *code;
} refused[] = {
    /* missing */
    { "\"Bron\":\"urn://ovam/evoa\",", "", "/Identificatie/Bron",
        "VeldOntbreekt" },
    { "\"urn://ovam/evoa\"", "\" \"", "/Identificatie/Bron", "VeldOntbreekt" },
    { ",\"DossierNummer\":\"2026-1\"", "", "/Identificatie/DossierNummer",
        "VeldOntbreekt" },
    { "{\"Bron\":\"urn://ovam/evoa\",\"DossierNummer\":\"2026-1\"}", "null",
        "/Identificatie", "VeldOntbreekt" },
    { "\"Naam\":\"Naam\",", "", "/Naam", "VeldOntbreekt" },
    { "\"Naam\":\"Naam\"", "\"Naam\":null", "/Naam", "VeldOntbreekt" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\" \\t\\n \"", "/Naam", "VeldOntbreekt" },
    { "\"WijzigingsDatum\":\"2026-11-20T11:16:50.52\",", "", "/WijzigingsDatum",
        "VeldOntbreekt" },
    { "{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"}",
        "null", "/Status", "VeldOntbreekt" },
    { "\"VlaamsFase\":\"Behandeling\",", "", "/Status/VlaamsFase",
        "VeldOntbreekt" },
    { ",\"VlaamsCode\":\"InBehandeling\"", "", "/Status/VlaamsCode",
        "VeldOntbreekt" },
    { "\"Identificatie\":\"0123456749\",", "", "/Agenten/0/Identificatie",
        "VeldOntbreekt" },
    { "{\"Code\":\"Lezer\"}", "{}", "/Agenten/0/Toegangsrechten/0/Code",
        "VeldOntbreekt" },
    { "{\"Code\":\"Lezer\"}", "{\"Code\":\" \"}",
        "/Agenten/0/Toegangsrechten/0/Code", "VeldOntbreekt" },
    { "{\"Id\":\"1984\"}", "{\"Id\":null}", "/Producten/0/Id",
        "VeldOntbreekt" },
    { "[{\"Identificatie\":\"0123456749\","
      "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]",
        "[]", "/Agenten", "AgentenOntbreken" },
    { "[{\"Identificatie\":\"0123456749\","
      "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]",
        "null", "/Agenten", "AgentenOntbreken" },
    /* of another JSON type */
    { "{\"Bron\":\"urn://ovam/evoa\",\"DossierNummer\":\"2026-1\"}", "\"x\"",
        "/Identificatie", "VeldOngeldig" },
    { "\"urn://ovam/evoa\"", "7", "/Identificatie/Bron", "VeldOngeldig" },
    { "\"2026-1\"", "7.5", "/Identificatie/DossierNummer", "VeldOngeldig" },
    { "\"2026-1\"", "true", "/Identificatie/DossierNummer", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"", "\"naam\":[]", "/naam", "VeldOngeldig" },
    { "\"2026-11-20T11:16:50.52\"", "1795000000", "/WijzigingsDatum",
        "VeldOngeldig" },
    { "{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"}",
        "\"Behandeling\"", "/Status", "VeldOngeldig" },
    { "\"Behandeling\"", "2", "/Status/VlaamsFase", "VeldOngeldig" },
    { "\"InBehandeling\"", "\"InBehandeling\",\"Actie\":\"Doe\"",
        "/Status/Actie", "VeldOngeldig" },
    { "\"InBehandeling\"",
        "\"InBehandeling\",\"Actie\":{\"ActieNodig\":\"true\"}",
        "/Status/Actie/ActieNodig", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"n\",\"IsPubliek\":\"false\"",
        "/IsPubliek", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"n\",\"IsVertrouwelijk\":0",
        "/IsVertrouwelijk", "VeldOngeldig" },
    { "\"C30C0DE7-f763-4648-b684-936162aa6a78\"", "7", "/UploadId",
        "VeldOngeldig" },
    { "[{\"Id\":\"1984\"}]", "{\"Id\":\"1984\"}", "/Producten",
        "VeldOngeldig" },
    { "{\"Id\":\"1984\"}", "\"1984\"", "/Producten/0", "VeldOngeldig" },
    { "{\"Id\":\"1984\"}", "{\"Id\":\"1984\"},null", "/Producten/1",
        "VeldOngeldig" },
    { "[{\"Identificatie\":\"0123456749\","
      "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]",
        "\"0123456749\"", "/Agenten", "VeldOngeldig" },
    { "{\"Identificatie\":\"0123456749\","
      "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}",
        "\"0123456749\"", "/Agenten/0", "VeldOngeldig" },
    { "\"0123456749\"", "123456749", "/Agenten/0/Identificatie",
        "VeldOngeldig" },
    { "{\"Code\":\"Lezer\"}", "\"Lezer\"", "/Agenten/0/Toegangsrechten/0",
        "VeldOngeldig" },
    { "[{\"Code\":\"Lezer\"}]", "\"Lezer\"", "/Agenten/0/Toegangsrechten",
        "VeldOngeldig" },
    { "\"Naam\":\"Naam\"",
        "\"Naam\":\"n\",\"DossierBeheerder\":{\"Adres\":\"Straat 1\"}",
        "/DossierBeheerder/Adres", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"",
        "\"Naam\":\"n\",\"DossierBeheerder\":{\"Adres\":{\"Nummer\":1}}",
        "/DossierBeheerder/Adres/Nummer", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"",
        "\"Naam\":\"n\",\"MogelijkeVlaamseFases\":\"Beroep\"",
        "/MogelijkeVlaamseFases", "VeldOngeldig" },
    /* control characters */
    { "\"Naam\":\"Naam\"", "\"Naam\":\"a\\u0000b\"", "/Naam", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"a\\u001bb\"", "/Naam", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"a\\u007fb\"", "/Naam", "VeldOngeldig" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"a\\u0085b\"", "/Naam", "VeldOngeldig" },
    { "\"2026-1\"", "\"2026\\n1\"", "/Identificatie/DossierNummer",
        "VeldOngeldig" },
    { "\"2026-1\"", "\"2026\\t1\"", "/Identificatie/DossierNummer",
        "VeldOngeldig" },
    { "{\"Code\":\"Lezer\"}", "{\"Code\":\"a\\nb\"}",
        "/Agenten/0/Toegangsrechten/0/Code", "VeldOngeldig" },
    /* dates */
    { "\"2026-11-20T11:16:50.52\"", "\"gisteren\"", "/WijzigingsDatum",
        "DatumOngeldig" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-02-30T10:00:00\"",
        "/WijzigingsDatum", "DatumOngeldig" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-03-29T02:30:00\"",
        "/WijzigingsDatum", "DatumOngeldig" },
    { "\"2026-11-20T11:16:50.52\"", "[2026,11]", "/WijzigingsDatum",
        "DatumOngeldig" },
    { "\"2026-11-20T11:16:50.52\"", "[2026,11,\"20\"]", "/WijzigingsDatum",
        "DatumOngeldig" },
    { "\"2026-11-20T11:16:50.52\"", "[2026,11,20,1,1,1,1,1]",
        "/WijzigingsDatum", "DatumOngeldig" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-11-25T13:00:01\"",
        "/WijzigingsDatum", "DatumInToekomst" },
    { "\"2026-11-20T11:16:50.52\"", "\"2099-01-01\"", "/WijzigingsDatum",
        "DatumInToekomst" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"n\",\"StreefDatum\":\"2026-13-01\"",
        "/StreefDatum", "DatumOngeldig" },
    { "\"InBehandeling\"", "\"InBehandeling\",\"Actie\":{\"Voor\":\"morgen\"}",
        "/Status/Actie/Voor", "DatumOngeldig" },
    { "\"InBehandeling\"", "\"InBehandeling\",\"StreefDatum\":\"x\"",
        "/Status/StreefDatum", "DatumOngeldig" },
    /* lists */
    { "\"VlaamsFase\":\"Behandeling\"", "\"vlaamseFase\":\"Behandelen\"",
        "/Status/vlaamseFase", "FaseOnbekend" },
    { "\"InBehandeling\"", "\"Behandeld\"", "/Status/VlaamsCode",
        "CodeOnbekend" },
    { "\"InBehandeling\"", "\"InBehandeling\",\"EDRL\":\"Geweigerd\"",
        "/Status/EDRL", "EdrlOnbekend" },
    { "\"Identificatie\":\"0123456749\"",
        "\"Identificatie\":\"0123456749\",\"Rol\":\"Vriend\"", "/Agenten/0/Rol",
        "RolOnbekend" },
    { "\"Naam\":\"Naam\"",
        "\"Naam\":\"n\",\"MogelijkeVlaamseFases\":[\"Beroep\",\"x\"]",
        "/MogelijkeVlaamseFases/1", "FaseOnbekend" },
    /* keys and agents */
    { "\"C30C0DE7-f763-4648-b684-936162aa6a78\"", "\"C30C0DE7\"", "/UploadId",
        "UploadIdOngeldig" },
    { "\"C30C0DE7-f763-4648-b684-936162aa6a78\"",
        "\"{30C0DE7-f763-4648-b684-936162aa6a78\"", "/UploadId",
        "UploadIdOngeldig" },
    { "\"2026-1\"", "\"85073000754\"", "/Identificatie/DossierNummer",
        "InszAlsNummer" },
    { "\"2026-1\"", "85073000754", "/Identificatie/DossierNummer",
        "InszAlsNummer" },
    { "\"2026-1\"", "\"85.07.30-007.54\"", "/Identificatie/DossierNummer",
        "InszAlsNummer" },
    { "\"0123456749\"", "\"0123456748\"", "/Agenten/0/Identificatie",
        "KboOngeldig" },
    { "\"0123456749\"", "\"2000000338\"", "/Agenten/0/Identificatie",
        "VestigingOngeldig" },
    { "\"0123456749\"", "\"85073000755\"", "/Agenten/0/Identificatie",
        "InszOngeldig" },
    { "\"0123456749\"", "\"a\\u0001\"", "/Agenten/0/Identificatie",
        "AgentOngeldig" },
    { "\"0123456749\"", "\"8,5073E+10\"", "/Agenten/0/Identificatie",
        "AgentAfgerond" },
    /* links */
    { "\"https://loket.example.be/1\"", "\"www.example.be\"", "/Doorverwijzing",
        "UrlOngeldig" },
    { "\"https://loket.example.be/1\"", "\"javascript:alert(1)\"",
        "/Doorverwijzing", "UrlOngeldig" },
    { "\"https://loket.example.be/1\"", "\"https://a:b@c/\"", "/Doorverwijzing",
        "UrlOngeldig" },
    { "\"https://loket.example.be/1\"", "\"https://a.be/85073000754\"",
        "/Doorverwijzing", "InszInUrl" },
    { "\"https://loket.example.be/1\"",
        "\"https://a.be/?n=85%2E07%2E30"
        "-007.54\"",
        "/Doorverwijzing", "InszInUrl" },
    { "\"https://loket.example.be/1\"", "\"https://a.be/\\nb\"",
        "/Doorverwijzing", "VeldOngeldig" },
    /* two spellings */
    { "\"VlaamsFase\":\"Behandeling\"",
        "\"VlaamsFase\":\"Behandeling\",\"VlaamseFase\":\"Behandeling\"",
        "/Status/VlaamseFase", "DubbelVeld" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"a\",\"naam\":\"b\"", "/naam",
        "DubbelVeld" },
    { "\"Bron\":\"urn://ovam/evoa\"",
        "\"Bron\":\"urn://ovam/evoa\",\"bron\":\"urn://ander\"",
        "/Identificatie/bron", "DubbelVeld" },
    { "\"InBehandeling\"",
        "\"InBehandeling\",\"EDRL\":\"Ontvangen\","
        "\"StatusEDRL\":\"Aanvaard\"",
        "/Status/StatusEDRL", "DubbelVeld" },
    /* together */
    { "\"Agenten\":[{\"Identificatie\":\"0123456749\"",
        "\"IsPubliek\":true,\"Agenten\":[{\"Identificatie\":"
        "\"85073000754\"",
        "/IsPubliek", "PubliekMetPersoon" },
    { "\"Status\":{\"VlaamsFase\":\"Behandeling\","
      "\"VlaamsCode\":\"InBehandeling\"},"
      "\"Doorverwijzing\":\"https://loket.example.be/1\","
      "\"TypeDossierCode\":\"DossierStatus\"",
        "\"Status\":{\"VlaamsFase\":\"Behandeling\"},"
        "\"TypeDossierCode\":\"DossierVerwijzing\"",
        "/Status/VlaamsCode", "VeldOntbreekt" },
};


/* Neither a number nor the value itself is ever repeated. */
static bool
texts_are_clean(const dosis_err_t *err)
{
    for (uint32_t i = 0; i < err->count; i++) {
        if (strpbrk(err->item[i].text, "\n\r") != NULL
            || strstr(err->item[i].text, "0730") != NULL
            || strstr(err->item[i].text, "123456") != NULL) {
            return false;
        }
    }

    return true;
}


static void
check_refused(void)
{
    char text[JSON_MAX];

    for (size_t i = 0; i < ROWS(refused); i++) {
        reading_t r;
        bool made = changed(refused[i].from, refused[i].to, text);

        reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
        if (!CHECK(made && r.rc == DOSIS_EINPUT && r.err.count == 1
                    && has_problem(&r.err, refused[i].field, refused[i].code)
                    && texts_are_clean(&r.err),
                refused[i].to[0] == '\0' ? refused[i].from : refused[i].to)) {
            problems_print(&r.err);
        }
        reading_end(&r);
    }
}


int
main(void)
{
    dosis_json_init();
    lijsten = lijsten_load();
    check_refused();
    lijsten_free(&lijsten);

    return tap_done();
}
