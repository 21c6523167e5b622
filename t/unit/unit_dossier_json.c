/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/reading.h"
#include "../lib/tap.h"


/* As the connector sends it: all members, many of them null. */
static void
check_real_client(void)
{
    static const char text[] =
        "{\"Identificatie\":{\"Bron\":\"urn://ovam/evoa\","
        "\"DossierNummer\":\"D-1\"},"
        "\"UploadId\":\"c30c0de7-f763-4648-b684-936162aa6a78\","
        "\"Naam\":\"Dossier 1\","
        "\"WijzigingsDatum\":\"2021-04-28T11:16:50.52\","
        "\"Status\":{\"VlaamsCode\":\"Ontvankelijk\","
        "\"VlaamsFase\":\"Behandeling\",\"Detail1\":\"detail\","
        "\"Actie\":{\"ActieNodig\":true,\"Actie\":\"Doe iets\"}},"
        "\"Doorverwijzing\":null,\"TypeDossierCode\":\"DossierStatus\","
        "\"Producten\":[{\"Id\":\"1984\"}],"
        "\"DossierBeheerder\":{\"Naam\":\"Jan\",\"Dienst\":null,"
        "\"Telefoon\":\"+32490000000\",\"Email\":null,"
        "\"Website\":\"www.example.com\",\"Adres\":{\"Straat\":null,"
        "\"Nummer\":null,\"Postcode\":\"9000\",\"Gemeente\":null}},"
        "\"Agenten\":[{\"Identificatie\":\"85073000754\","
        "\"Toegangsrechten\":[{\"Code\":\"Raadpleger\"}]},"
        "{\"Identificatie\":\"0123456749\",\"Toegangsrechten\":"
        "[{\"Code\":\"AntwerpsGebruikersbeheer - eloketgebruiker\"}]}]}";
    reading_t r;
    const dosis_dossier_t *d = &r.dossier;

    reading_begin(&r, DOSIS_SLICE(text), ARENA_MAX);
    CHECK(r.rc == DOSIS_OK && r.err.count == 0 && r.warnings.count == 0,
        "the real client's form is accepted without a remark");
    CHECK(IS(d->bron, "urn://ovam/evoa") && IS(d->nummer, "D-1")
            && IS(d->upload_id, "c30c0de7-f763-4648-b684-936162aa6a78"),
        "key and upload are read");
    CHECK(d->has_wijziging
            && d->wijziging_ns
                == INT64_C(1619601410) * DOSIS_NS_PER_S + 520 * DOSIS_NS_PER_MS,
        "the date is Brussels time");
    CHECK(d->has_status && d->fase == 2 && d->code == 6 && d->edrl == 0
            && IS(d->detail1, "detail") && d->detail2.data == NULL
            && d->has_actie_nodig && d->actie_nodig && IS(d->actie, "Doe iets")
            && !d->has_voor && !d->has_status_streef && !d->has_streef,
        "the status is read, what is absent stays absent");
    CHECK(IS(d->type, "DossierStatus") && d->type_nummer == 1
            && d->producten_count == 1 && IS(d->producten[0], "1984")
            && d->doorverwijzing.data == NULL,
        "type and product are read");
    CHECK(d->has_beheerder && IS(d->beheerder.field[DOSIS_CONTACT_NAAM], "Jan")
            && d->beheerder.field[DOSIS_CONTACT_DIENST].data == NULL
            && IS(d->beheerder.field[DOSIS_CONTACT_TELEFOON], "+32490000000")
            && IS(d->beheerder.field[DOSIS_CONTACT_WEBSITE], "www.example.com")
            && IS(d->beheerder.field[DOSIS_CONTACT_POSTCODE], "9000"),
        "a website without scheme is a text like any other");
    CHECK(d->agenten_count == 2 && d->agenten[0].agent.soort == DOSIS_AGENT_KBO
            && IS(d->agenten[0].rechten[0],
                "AntwerpsGebruikersbeheer-eloketgebruiker")
            && d->agenten[1].agent.soort == DOSIS_AGENT_INSZ
            && IS(d->agenten[1].rechten[0], "Raadpleger")
            && d->agenten[1].rol == 0 && !d->is_publiek && !d->is_vertrouwelijk,
        "agents are sorted, their rights normalised");
    reading_end(&r);
}


/* Another spelling, each of them of a client that exists or a document. */
static const struct {
    const char *from;
    const char *to;
} spellings[] = {
    { "\"2026-11-20T11:16:50.52\"", "[2026,11,20,11,16,50,520000000]" },
    { "\"2026-11-20T11:16:50.52\"", "[2026,11,20]" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-11-20T11:16:50.123456789\"" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-11-20T10:16:50Z\"" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-11-20T11:16:50+01:00\"" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-11-20\"" },
    { "\"2026-11-20T11:16:50.52\"", "\"2026-11-25T12:59:59\"" },
    { "\"VlaamsFase\"", "\"VlaamseFase\"" },
    { "\"VlaamsFase\"", "\"vlaamsFase\"" },
    { "\"VlaamsFase\"", "\"vlaamseFase\"" },
    { "\"VlaamsCode\"", "\"VlaamseCode\"" },
    { "\"VlaamsCode\"", "\"vlaamseCode\"" },
    { "\"VlaamsFase\":\"Behandeling\"",
        "\"VlaamsFase\":\"behandeling\",\"VlaamseFase\":null" },
    { "\"Identificatie\":{\"Bron\"", "\"identificatie\":{\"bron\"" },
    { "\"DossierNummer\":\"2026-1\"", "\"dossierNummer\":20261" },
    { "\"UploadId\":\"C30C0DE7-f763-4648-b684-936162aa6a78\",", "" },
    { "\"UploadId\":\"C30C0DE7-f763-4648-b684-936162aa6a78\",",
        "\"UploadId\":\" \"," },
    { "{\"Id\":\"1984\"}", "{\"Id\":1984}" },
    { "[{\"Id\":\"1984\"}]", "[]" },
    { "[{\"Id\":\"1984\"}]", "null" },
    { "\"TypeDossierCode\":\"DossierStatus\"", "\"TypeDossierCode\":null" },
    { "\"TypeDossierCode\":\"DossierStatus\"", "\"TypeDossierCode\":\"\"" },
    { "\"https://loket.example.be/1\"", "null" },
    { "\"https://loket.example.be/1\"", "\" \"" },
    { "\"Naam\":\"Naam\"", "\"naam\":\"Eerste lijn\\r\\n\\ttweede\"" },
    { "\"Naam\":\"Naam\"",
        "\"Naam\":\"Naam\",\"DossierBeheerder\":null,\"StreefDatum\":null,"
        "\"IsPubliek\":null,\"MogelijkeVlaamseFases\":null" },
    { "\"InBehandeling\"", "\"InBehandeling\",\"Actie\":null" },
    { "\"InBehandeling\"", "\"InVerwerking\",\"EDRL\":\"Ontvangen\"" },
    { "\"InBehandeling\"", "\"INVERWERKING\",\"edrl\":\"ontvangen\"" },
    { "\"InBehandeling\"", "\"Onontvankelijk\",\"statusEDRL\":\"Aanvaard\"" },
    { "\"0123456749\"", "\"BE 0123.456.749\"" },
    { "{\"Code\":\"Lezer\"}", "{\"code\":\"Lezer - kmo\"}" },
    { "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]",
        "\"Toegangsrechten\":[{\"Code\":\"L\"}],\"rol\":\"aanvrager\"" },
};


static void
check_spellings(void)
{
    char text[JSON_MAX];

    for (size_t i = 0; i < ROWS(spellings); i++) {
        reading_t r;
        bool made = changed(spellings[i].from, spellings[i].to, text);

        reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
        if (!CHECK(made && r.rc == DOSIS_OK && r.err.count == 0
                    && r.warnings.count == 0,
                spellings[i].to[0] == '\0' ? spellings[i].from
                                           : spellings[i].to)) {
            problems_print(&r.err);
            problems_print(&r.warnings);
        }
        reading_end(&r);
    }
}


static const struct {
    const char *from;
    const char *to;
    const char *field; /* NULL: no warning at all */
    const char *code;
} warned[] = {
    { "\"Naam\":\"Naam\"", "\"Naam\":\"n\",\"Kleur\":\"rood\"", "/Kleur",
        "OnbekendVeld" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"n\",\"NAAM\":\"x\"", "/NAAM",
        "OnbekendVeld" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"n\",\"a/b~c\":null", "/a~1b~0c",
        "OnbekendVeld" },
    { "\"Naam\":\"Naam\"", "\"Naam\":\"n\",\"85073000754\":1", "/xxxxxxxxxxx",
        "OnbekendVeld" },
    /* a longer row of digits may not become one where the field is cut */
    { "\"Naam\":\"Naam\"",
        "\"Naam\":\"n\",\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaa111111111111\":1",
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaxxxxxxxxxxx",
        "OnbekendVeld" },
    { "{\"Code\":\"Lezer\"}", "{\"Code\":\"Lezer\",\"Context\":\"kmo\"}",
        "/Agenten/0/Toegangsrechten/0/Context", "OnbekendVeld" },
    { "\"InBehandeling\"", "\"Goedgekeurd\"", "/Status/VlaamsCode",
        "OngebruikelijkPaar" },
    { "\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"",
        "\"VlaamsFase\":\"Afgerond\",\"VlaamsCode\":\"Goedgekeurd\"",
        "/Status/VlaamsCode", "OngebruikelijkPaar" },
    { "[{\"Code\":\"Lezer\"}]", "[]", "/Agenten/0/Toegangsrechten",
        "GeenRechten" },
    { "[{\"Code\":\"Lezer\"}]", "null", "/Agenten/0/Toegangsrechten",
        "GeenRechten" },
    { ",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]", "",
        "/Agenten/0/Toegangsrechten", "GeenRechten" },
    { "\"0123456749\"", "\"123456749012\"", "/Agenten/0/Identificatie",
        "AgentVreemd" },
    { "\"0123456749\"", "\"OVO002949\"", NULL, NULL },
    /* where it was sent, not where it is sorted */
    { "\"Agenten\":[", "\"Agenten\":[{\"Identificatie\":\"V0001001\"},",
        "/Agenten/0/Toegangsrechten", "GeenRechten" },
    { "\"0123456749\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]",
        "\"85073000754\"", NULL, NULL },
    { "\"Agenten\":[", "\"Agenten\":[{\"Identificatie\":\"0123456749\"},", NULL,
        NULL },
    { "\"Agenten\":[{\"Identificatie\":\"0123456749\",\"Toegangsrechten\":"
      "[{\"Code\":\"Lezer\"}]}]",
        "\"IsPubliek\":true,\"Agenten\":[{\"Identificatie\":"
        "\"0123456749\"}]",
        NULL, NULL },
};


static void
check_warned(void)
{
    char text[JSON_MAX];

    for (size_t i = 0; i < ROWS(warned); i++) {
        reading_t r;
        bool made = changed(warned[i].from, warned[i].to, text);
        bool right;

        reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
        right = warned[i].field == NULL ? r.warnings.count == 0
                                        : r.warnings.count == 1
                && has_problem(&r.warnings, warned[i].field, warned[i].code);
        if (!CHECK(made && r.rc == DOSIS_OK && right,
                warned[i].to[0] == '\0' ? warned[i].from : warned[i].to)) {
            problems_print(&r.err);
            problems_print(&r.warnings);
        }
        reading_end(&r);
    }
}


/* A reference to a dossier needs no status; free text is a type too. */
static void
check_references(void)
{
    static const char *const types[] = { "DossierVerwijzing", "dossiercluster",
        "Iets anders" };
    char text[JSON_MAX];

    for (size_t i = 0; i < ROWS(types); i++) {
        reading_t r;

        (void) snprintf(text, sizeof(text),
            "{\"Identificatie\":{\"Bron\":\"b\",\"DossierNummer\":\"1\"},"
            "\"Naam\":\"n\",\"TypeDossierCode\":\"%s\",\"Status\":null,"
            "\"Agenten\":[{\"Identificatie\":\"85073000754\"}]}",
            types[i]);
        reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
        CHECK(r.rc == DOSIS_OK && !r.dossier.has_status
                && !r.dossier.has_wijziging && r.dossier.upload_id.data == NULL,
            types[i]);
        CHECK(i != 1 || IS(r.dossier.type, "DossierCluster"),
            "a known type is written as in the list");
        CHECK(i != 2
                || (IS(r.dossier.type, "Iets anders")
                    && r.dossier.type_nummer == 0),
            "an unknown type stays as it was sent");
        reading_end(&r);
    }
}


static void
check_all_at_once(void)
{
    reading_t r;

    reading_begin(&r,
        DOSIS_SLICE("{\"Identificatie\":{\"Bron\":\"urn://b\","
                    "\"DossierNummer\":\" 12 \"},"
                    "\"UploadId\":\"C30C0DE7-F763-4648-B684-936162AA6A78\","
                    "\"WijzigingsDatum\":\"x\",\"Kleur\":1,"
                    "\"Status\":{\"VlaamsFase\":\"x\"},"
                    "\"Agenten\":[{\"Identificatie\":\"85073000755\"},"
                    "{\"Identificatie\":\"85073000754\",\"Rol\":\"x\"},7],"
                    "\"IsPubliek\":true,\"Doorverwijzing\":"
                    "\"x 85073000754\"}"),
        ARENA_MAX);
    CHECK(r.rc == DOSIS_EINPUT && r.err.count == 10
            && has_problem(&r.err, "/Naam", "VeldOntbreekt")
            && has_problem(&r.err, "/WijzigingsDatum", "DatumOngeldig")
            && has_problem(&r.err, "/Status/VlaamsFase", "FaseOnbekend")
            && has_problem(&r.err, "/Status/VlaamsCode", "VeldOntbreekt")
            && has_problem(&r.err, "/Agenten/0/Identificatie", "InszOngeldig")
            && has_problem(&r.err, "/Agenten/1/Rol", "RolOnbekend")
            && has_problem(&r.err, "/Agenten/2", "VeldOngeldig")
            && has_problem(&r.err, "/IsPubliek", "PubliekMetPersoon")
            && has_problem(&r.err, "/Doorverwijzing", "UrlOngeldig")
            && has_problem(&r.err, "/Doorverwijzing", "InszInUrl"),
        "all problems are named at once");
    CHECK(
        has_problem(&r.warnings, "/Kleur", "OnbekendVeld"), "the warnings too");
    CHECK(IS(r.dossier.bron, "urn://b") && IS(r.dossier.nummer, "12")
            && IS(r.dossier.upload_id, "c30c0de7-f763-4648-b684-936162aa6a78"),
        "a refused delivery still has its key and upload");
    reading_end(&r);

    reading_begin(&r, DOSIS_SLICE("[1,2]"), ARENA_MAX);
    CHECK(r.rc == DOSIS_EINPUT && r.err.count == 1
            && has_problem(&r.err, "", "VeldOngeldig"),
        "what is no object is one problem");
    reading_end(&r);

    reading_begin(&r, DOSIS_SLICE("{}"), ARENA_MAX);
    CHECK(r.rc == DOSIS_EINPUT && r.err.count == 5,
        "an empty object lacks five things");
    reading_end(&r);

    reading_begin(&r,
        DOSIS_SLICE("{\"Identificatie\":{\"Bron\":\"b\","
                    "\"DossierNummer\":\"85073000754\"}}"),
        ARENA_MAX);
    CHECK(r.rc == DOSIS_EINPUT && r.dossier.nummer.data == NULL,
        "a national number is not kept as dossier number");
    reading_end(&r);
}


/* Equal agents are one: rights united, the first role. */
static void
check_merge(void)
{
    char text[JSON_MAX];
    reading_t r;
    const dosis_agent_rechten_t *agent = NULL;
    bool made = changed("\"Agenten\":[",
        "\"Agenten\":["
        "{\"Identificatie\":\"BE0123456749\",\"Toegangsrechten\":"
        "[{\"Code\":\"Z\"},{\"Code\":\"A - b\"}]},"
        "{\"Identificatie\":\"0123.456.749\",\"Rol\":\"Indiener\","
        "\"Toegangsrechten\":[{\"Code\":\"A-b\"},{\"Code\":\"B\"}]},"
        "{\"Identificatie\":\"OVO002949\",\"Toegangsrechten\":"
        "[{\"Code\":\"X\"}]},"
        "{\"Identificatie\":\"0123456749\",\"Rol\":\"Aanvrager\"},",
        text);

    reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
    CHECK(made && r.rc == DOSIS_OK && r.dossier.agenten_count == 2
            && r.warnings.count == 0,
        "agents that are equal after normalising are one");
    if (r.rc == DOSIS_OK) {
        agent = &r.dossier.agenten[0];
        CHECK(agent->rol == 2 && agent->rechten_count == 4
                && IS(agent->rechten[0], "A-b") && IS(agent->rechten[1], "B")
                && IS(agent->rechten[2], "Lezer") && IS(agent->rechten[3], "Z"),
            "its rights are united and sorted, its role is the first given");
    }
    reading_end(&r);
}


typedef struct {
    const char *format; /* a place in base, with %s for the text */
    const char *from;
    const char *field;
    size_t max;
} ceiling_t;

static const ceiling_t ceilings[] = {
    { "\"%s\"", "\"urn://ovam/evoa\"", "/Identificatie/Bron", DOSIS_BRON_MAX },
    { "\"%s\"", "\"2026-1\"", "/Identificatie/DossierNummer",
        DOSIS_NUMMER_MAX },
    { "\"Naam\":\"%s\"", "\"Naam\":\"Naam\"", "/Naam", DOSIS_NAAM_MAX },
    { "\"InBehandeling\",\"Detail1\":\"%s\"", "\"InBehandeling\"",
        "/Status/Detail1", DOSIS_DETAIL_MAX },
    { "\"InBehandeling\",\"Detail2\":\"%s\"", "\"InBehandeling\"",
        "/Status/Detail2", DOSIS_DETAIL_MAX },
    { "\"InBehandeling\",\"Actie\":{\"Actie\":\"%s\"}", "\"InBehandeling\"",
        "/Status/Actie/Actie", DOSIS_ACTIE_MAX },
    { "{\"Id\":\"%s\"}", "{\"Id\":\"1984\"}", "/Producten/0/Id",
        DOSIS_PRODUCT_MAX },
    { "\"Naam\":\"n\",\"UpdateFrequentieCode\":\"%s\"", "\"Naam\":\"Naam\"",
        "/UpdateFrequentieCode", DOSIS_FREQUENTIE_MAX },
    { "\"TypeDossierCode\":\"%s\"", "\"TypeDossierCode\":\"DossierStatus\"",
        "/TypeDossierCode", DOSIS_TYPE_MAX },
    { "\"Naam\":\"n\",\"DossierBeheerder\":{\"Email\":\"%s\"}",
        "\"Naam\":\"Naam\"", "/DossierBeheerder/Email", DOSIS_CONTACT_MAX },
    { "{\"Code\":\"%s\"}", "{\"Code\":\"Lezer\"}",
        "/Agenten/0/Toegangsrechten/0/Code", DOSIS_RECHT_MAX },
};


static void
check_text_ceilings(void)
{
    char filler[2048];
    char to[4096];
    char text[JSON_MAX];
    reading_t r;

    for (size_t i = 0; i < ROWS(ceilings); i++) {
        for (size_t over = 0; over < 2; over++) {
            size_t len = ceilings[i].max + over;
            bool made;

            memset(filler, 'x', len);
            filler[len] = '\0';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            (void) snprintf(to, sizeof(to), ceilings[i].format, filler);
#pragma GCC diagnostic pop
            made = changed(ceilings[i].from, to, text);
            reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
            CHECK(made
                    && (over == 0 ? r.rc == DOSIS_OK
                                  : r.err.count == 1
                                && has_problem(
                                    &r.err, ceilings[i].field, "VeldTeLang")),
                ceilings[i].field);
            reading_end(&r);
        }
    }
}


/* count elements in the place of the one that is there. */
static void
list_of(dosis_buf_t *buf, const char *before, const char *element, size_t count)
{
    dosis_buf_reset(buf);
    dosis_buf_add_slice(buf, dosis_slice_of(before));
    for (size_t i = 0; i < count; i++) {
        const char *hole = strchr(element, '#');

        dosis_buf_addf(buf, "%s%.*s%zu%s", i == 0 ? "" : ",",
            (int) (hole - element), element, 1000 + i, hole + 1);
    }
    dosis_buf_add_byte(buf, ']');
    dosis_buf_add_byte(buf, '\0');
}


static const struct {
    const char *from;
    const char *before;
    const char *element;
    size_t max;
    const char *field;
    const char *code;
} lists[] = {
    { "[{\"Id\":\"1984\"}]", "[", "{\"Id\":\"#\"}", DOSIS_PRODUCTEN_MAX,
        "/Producten", "TeVeelProducten" },
    { "[{\"Code\":\"Lezer\"}]", "[", "{\"Code\":\"R#\"}", DOSIS_RECHTEN_MAX,
        "/Agenten/0/Toegangsrechten", "TeVeelRechten" },
    { "[{\"Identificatie\":\"0123456749\","
      "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]",
        "[",
        "{\"Identificatie\":\"OVO00#\",\"Toegangsrechten\":"
        "[{\"Code\":\"L\"}]}",
        DOSIS_AGENTEN_MAX, "/Agenten", "TeVeelAgenten" },
};


static void
check_list_ceilings(void)
{
    static char text[JSON_MAX];
    dosis_buf_t buf;
    reading_t r;

    dosis_buf_init(&buf, JSON_MAX);
    for (size_t i = 0; i < ROWS(lists); i++) {
        for (size_t over = 0; over < 2; over++) {
            bool made;

            list_of(
                &buf, lists[i].before, lists[i].element, lists[i].max + over);
            made = changed(lists[i].from, buf.data, text);
            reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
            CHECK(made
                    && (over == 0 ? r.rc == DOSIS_OK
                                  : r.err.count == 1
                                && has_problem(
                                    &r.err, lists[i].field, lists[i].code)),
                lists[i].code);
            problems_print(&r.err);
            reading_end(&r);
        }
    }

    /* 15 and 15 rights of one agent are 30 */
    dosis_buf_reset(&buf);
    DOSIS_BUF_LIT(&buf, "\"Agenten\":[");
    for (size_t i = 0; i < 30; i++) {
        dosis_buf_addf(&buf, "%s{\"Code\":\"R%zu\"}%s",
            i % 15 == 0 ? "{\"Identificatie\":\"0123456749\","
                          "\"Toegangsrechten\":["
                        : "",
            i, i % 15 == 14 ? "]}," : ",");
    }
    dosis_buf_add_byte(&buf, '\0');
    CHECK(changed("\"Agenten\":[", buf.data, text),
        "an agent is sent in three parts");
    reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
    CHECK(r.rc == DOSIS_EINPUT
            && has_problem(
                &r.err, "/Agenten/1/Toegangsrechten", "TeVeelRechten"),
        "the ceiling of rights holds after merging");
    reading_end(&r);
    dosis_buf_done(&buf);
}


static void
check_bounded(void)
{
    static char text[JSON_MAX];
    dosis_buf_t buf;
    reading_t r;

    dosis_buf_init(&buf, JSON_MAX);
    for (size_t i = 0; i < 2000; i++) {
        dosis_buf_addf(&buf, "\"onbekend%zu\":null,", i);
    }
    DOSIS_BUF_LIT(&buf, "\"Naam\":\"n\"");
    dosis_buf_add_byte(&buf, '\0');
    CHECK(changed("\"Naam\":\"Naam\"", buf.data, text),
        "2000 unknown members are sent");
    reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
    CHECK(r.rc == DOSIS_OK && r.warnings.count == DOSIS_ERR_MAX
            && r.warnings.more == 2000 - DOSIS_ERR_MAX,
        "the warnings have a ceiling, and are counted on");
    reading_end(&r);
    dosis_buf_done(&buf);
}


/* Each size of memory ends in its answer, and in no other. */
static void
check_memory(void)
{
    static const char text[] =
        "{\"Identificatie\":{\"Bron\":\"urn://b\",\"DossierNummer\":\"1\"},"
        "\"UploadId\":\"C30C0DE7-F763-4648-B684-936162AA6A78\","
        "\"Naam\":\"n\",\"WijzigingsDatum\":\"2026-11-20\","
        "\"Status\":{\"VlaamsFase\":\"Beroep\",\"VlaamsCode\":\"Beroep\"},"
        "\"Agenten\":[{\"Identificatie\":\"0123456749\","
        "\"Toegangsrechten\":[{\"Code\":\"L\"}]},"
        "{\"Identificatie\":\"0123456749\",\"Toegangsrechten\":"
        "[{\"Code\":\"M\"}]}]}";
    bool right = true;
    bool enough = false;
    unsigned failed = 0;

    for (size_t bytes = 0; bytes < 4096; bytes += 16) {
        reading_t r;

        reading_begin(&r, DOSIS_SLICE(text), bytes);
        right = right && r.rc == (enough ? DOSIS_OK : r.rc)
            && (r.rc == DOSIS_OK || r.rc == DOSIS_ENOMEM);
        enough = r.rc == DOSIS_OK;
        failed += !enough;
        reading_end(&r);
    }
    CHECK(right && enough && failed > 10,
        "too little memory is never taken for a bad delivery");
}


static void
check_strengheid(void)
{
    char text[JSON_MAX];
    reading_t r;
    bool made = changed("\"0123456749\"", "\"0848270242\"", text);
    const dosis_bron_t vorm = { .strengheid = DOSIS_VORM };

    reading_bron = &vorm;
    reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
    CHECK(made && r.rc == DOSIS_OK,
        "a source may be registered to be judged on form alone");
    reading_end(&r);
    reading_bron = NULL;
}


/* A source's own words, asked for only when the list does not know them. */
static void
check_mapping(void)
{
    static const struct {
        const char *fase;
        const char *code;
        const char *gets_fase; /* NULL: refused */
        const char *gets_code;
        const char *field;
    } rows[] = {
        { "in onderzoek", "InBehandeling", "Behandeling", "InBehandeling", "" },
        { " IN Onderzoek ", "Z9", "Behandeling", "DossierOnvolledig", "" },
        { "behandeling", "z9", "Behandeling", "DossierOnvolledig", "" },
        { "beslissing", "InBehandeling", "Beslissing", "InBehandeling", "" },
        { "z9", "InBehandeling", NULL, NULL, "/Status/VlaamsFase" },
        { "Behandeling", "in onderzoek", NULL, NULL, "/Status/VlaamsCode" },
        { "in onder", "InBehandeling", NULL, NULL, "/Status/VlaamsFase" },
    };
    const dosis_pair_t fasen[] = {
        { DOSIS_SLICE("Beslissing"), DOSIS_SLICE("Beroep"), 0 },
        { DOSIS_SLICE("in onderzoek"), DOSIS_SLICE("behandeling"), 0 },
    };
    const dosis_pair_t codes[] = {
        { DOSIS_SLICE("Z9"), DOSIS_SLICE("DossierOnvolledig"), 0 },
    };
    const dosis_bron_t own = { .fasen = { fasen, 2 }, .codes = { codes, 1 } };

    reading_bron = &own;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[JSON_MAX], wanted[200];
        reading_t r;

        (void) snprintf(wanted, sizeof(wanted),
            "\"VlaamsFase\":\"%s\",\"VlaamsCode\":\"%s\"", rows[i].fase,
            rows[i].code);
        CHECK(changed("\"VlaamsFase\":\"Behandeling\","
                      "\"VlaamsCode\":\"InBehandeling\"",
                  wanted, text),
            "the text is changed");
        reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
        CHECK(rows[i].gets_fase == NULL
                ? r.rc == DOSIS_EINPUT && r.err.count == 1
                    && strcmp(r.err.item[0].field, rows[i].field) == 0
                : r.rc == DOSIS_OK
                    && r.dossier.fase
                        == dosis_codelijst_nummer(lijsten.fase,
                            dosis_slice_of(rows[i].gets_fase))
                    && r.dossier.code
                        == dosis_codelijst_nummer(lijsten.code,
                            dosis_slice_of(rows[i].gets_code)),
            wanted);
        reading_end(&r);
    }
    reading_bron = NULL;
}


/* The real client's numbers of persons fail a true check. */
static void
check_strengheid_per_kind(void)
{
    char text[JSON_MAX];
    reading_t r;
    const dosis_bron_t own = { .streng_insz = 1 + DOSIS_VORM };

    reading_bron = &own;
    CHECK(changed("\"0123456749\"", "\"85073000700\"", text), "a wrong INSZ");
    reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
    CHECK(r.rc == DOSIS_OK, "a person's number may be judged on form alone");
    reading_end(&r);
    CHECK(changed("\"0123456749\"", "\"0848270242\"", text), "a wrong KBO");
    reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
    CHECK(r.rc == DOSIS_EINPUT
            && has_problem(
                &r.err, "/Agenten/0/Identificatie", "KboOngeldig"),
        "while that of an enterprise must hold");
    reading_end(&r);
    reading_bron = NULL;
}


static void
check_dates(void)
{
    static const struct {
        const char *voor;
        int32_t day;
    } rows[] = {
        { "\"2026-12-15\"", 20802 },
        { "\"2026-12-15T00:00:00\"", 20802 },
        { "\"2026-12-14T23:00:00Z\"", 20802 },
        { "\"2026-12-14T22:59:59Z\"", 20801 },
        { "\"2026-07-14T22:00:00Z\"", 20649 },
        { "[2026,12,15]", 20802 },
        { "\"1969-12-31\"", -1 },
    };
    char to[256];
    char text[JSON_MAX];

    for (size_t i = 0; i < ROWS(rows); i++) {
        reading_t r;
        bool made;

        (void) snprintf(to, sizeof(to),
            "\"InBehandeling\",\"Actie\":{\"Voor\":%s}", rows[i].voor);
        made = changed("\"InBehandeling\"", to, text);
        reading_begin(&r, dosis_slice_of(text), ARENA_MAX);
        CHECK(made && r.rc == DOSIS_OK && r.dossier.has_voor
                && r.dossier.voor_dag == rows[i].day
                && !r.dossier.has_actie_nodig,
            rows[i].voor);
        reading_end(&r);
    }
}


/* What peek sees is what is read, or the delivery is refused. */
static void
check_peek(void)
{
    static const struct {
        const char *json;
        const char *bron;
    } rows[] = {
        { "{\"Identificatie\":{\"Bron\":\"urn://b\"}}", "urn://b" },
        { "{\"identificatie\":{\"bron\":\" urn://b\\n\"}}", "urn://b" },
        { "{\"Identificatie\":null,\"identificatie\":{\"Bron\":\"b\"}}", "b" },
        { "{\"Identificatie\":{\"Bron\":\" \"}}", "" },
        { "{\"Identificatie\":{\"Bron\":7}}", "" },
        { "{\"Identificatie\":{\"BRON\":\"b\"}}", "" },
        { "{\"Identificatie\":\"b\"}", "" },
        { "{\"Bron\":\"b\"}", "" },
        { "[]", "" },
        { "null", "" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_json_t *json = NULL;
        dosis_rc_t rc =
            dosis_json_parse(dosis_slice_of(rows[i].json), &json, NULL);

        CHECK(rc == DOSIS_OK
                && dosis_slice_eq(dosis_dossier_peek_bron(json),
                    dosis_slice_of(rows[i].bron)),
            rows[i].json);
        dosis_json_free(json);
    }
}


int
main(void)
{
    dosis_json_init();
    lijsten = lijsten_load();
    check_real_client();
    check_spellings();
    check_warned();
    check_references();
    check_all_at_once();
    check_merge();
    check_text_ceilings();
    check_list_ceilings();
    check_bounded();
    check_memory();
    check_strengheid();
    check_strengheid_per_kind();
    check_mapping();
    check_dates();
    check_peek();
    lijsten_free(&lijsten);

    return tap_done();
}
