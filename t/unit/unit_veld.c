/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The members as data, held against what a reader of deliveries does; and each
 * rule is broken once: it speaks of a member that its row names.
 */

#include "../lib/reading.h"
#include "../lib/tap.h"
#include "domain/dosis_rule.h"
#include "domain/dosis_veld.h"

#define PAD_MAX 128


/* --- the list ------------------------------------------------------------ */

typedef struct {
    const char *pad;
    dosis_veld_t found;
    size_t count;
} wanted_t;


static void
on_veld(const dosis_veld_t *veld, void *payload)
{
    wanted_t *wanted = payload;

    if (strcmp(veld->pad, wanted->pad) == 0) {
        wanted->found = *veld;
        wanted->count++;
    }
}


static wanted_t
find(const char *pad)
{
    wanted_t wanted = { .pad = pad };

    dosis_veld_each(on_veld, &wanted);

    return wanted;
}


static void
check_list(void)
{
    static const struct {
        const char *pad;
        dosis_veld_soort_t soort;
        dosis_veld_plicht_t plicht;
        size_t max;
    } rows[] = {
        { "/Identificatie", DOSIS_VELD_OBJECT, DOSIS_VELD_MOET, 0 },
        { "/Identificatie/Bron", DOSIS_VELD_TEKST, DOSIS_VELD_MOET,
            DOSIS_BRON_MAX },
        { "/Identificatie/DossierNummer", DOSIS_VELD_SLEUTEL, DOSIS_VELD_MOET,
            DOSIS_NUMMER_MAX },
        { "/UploadId", DOSIS_VELD_UUID, DOSIS_VELD_MAG, 0 },
        { "/WijzigingsDatum", DOSIS_VELD_TIJDSTIP, DOSIS_VELD_MET_STATUS, 0 },
        { "/Status", DOSIS_VELD_OBJECT, DOSIS_VELD_MET_STATUS, 0 },
        { "/Status/VlaamsFase", DOSIS_VELD_CODE, DOSIS_VELD_MET_STATUS, 0 },
        { "/Status/Detail2", DOSIS_VELD_TEKST, DOSIS_VELD_MAG,
            DOSIS_DETAIL_MAX },
        { "/Status/Actie/Voor", DOSIS_VELD_DATUM, DOSIS_VELD_MAG, 0 },
        { "/Doorverwijzing", DOSIS_VELD_URL, DOSIS_VELD_MAG, DOSIS_URL_MAX },
        { "/Producten", DOSIS_VELD_LIJST, DOSIS_VELD_MAG,
            DOSIS_PRODUCTEN_MAX },
        { "/Producten/*/Id", DOSIS_VELD_SLEUTEL, DOSIS_VELD_MOET,
            DOSIS_PRODUCT_MAX },
        { "/DossierBeheerder/Adres/Straat", DOSIS_VELD_TEKST, DOSIS_VELD_MAG,
            DOSIS_CONTACT_MAX },
        { "/Agenten", DOSIS_VELD_LIJST, DOSIS_VELD_MOET, DOSIS_AGENTEN_MAX },
        { "/Agenten/*/Identificatie", DOSIS_VELD_AGENT, DOSIS_VELD_MOET,
            DOSIS_AGENT_ID_MAX },
        { "/Agenten/*/Toegangsrechten", DOSIS_VELD_LIJST, DOSIS_VELD_MAG,
            DOSIS_RECHTEN_MAX },
        { "/Agenten/*/Toegangsrechten/*/Code", DOSIS_VELD_TEKST,
            DOSIS_VELD_MOET, DOSIS_RECHT_MAX },
        { "/IsPubliek", DOSIS_VELD_JA_NEE, DOSIS_VELD_MAG, 0 },
        { "/MogelijkeVlaamseFases", DOSIS_VELD_LIJST, DOSIS_VELD_MAG,
            DOSIS_FASEN_MAX },
        { "/MogelijkeVlaamseFases/*", DOSIS_VELD_CODE, DOSIS_VELD_MAG, 0 },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        wanted_t wanted = find(rows[i].pad);

        CHECK(wanted.count == 1 && wanted.found.soort == rows[i].soort
                && wanted.found.plicht == rows[i].plicht
                && wanted.found.max == rows[i].max,
            rows[i].pad);
    }
}


static void
check_names(void)
{
    wanted_t edrl = find("/Status/EDRL");
    wanted_t rol = find("/Agenten/*/Rol");

    CHECK(edrl.found.namen == 2 && strcmp(edrl.found.naam[0], "Edrl") == 0
            && strcmp(edrl.found.naam[1], "StatusEDRL") == 0,
        "other spellings stand with the first");
    CHECK(find("/Status/StatusEDRL").count == 0,
        "and have no place of their own");
    CHECK(strcmp(rol.found.lijst, "ParticipatieRol") == 0,
        "a code names its list");
    for (int i = 0; i < DOSIS_VELD_SOORTEN; i++) {
        CHECK(dosis_veld_soort_name((dosis_veld_soort_t) i)[0] != '\0',
            "a kind has a name");
    }
}


static void
on_kind(const dosis_veld_t *veld, void *payload)
{
    *(bool *) payload = *(bool *) payload && veld->soort != DOSIS_VELD_GEEN;
}


static void
check_kinds(void)
{
    bool all = true;

    dosis_veld_each(on_kind, &all);
    CHECK(all, "no member is without a kind");
}


/* --- the rules ----------------------------------------------------------- */

/* "/Agenten/3/Rol" as "/Agenten/ * /Rol". */
static void
pattern_of(const char *field, char pad[PAD_MAX])
{
    size_t len = 0;

    while (*field != '\0' && len < PAD_MAX - 2) {
        pad[len++] = *field++;
        if (field[-1] == '/' && *field >= '0' && *field <= '9') {
            pad[len++] = '*';
            field += strspn(field, "0123456789");
        }
    }
    pad[len] = '\0';
}


static bool
names(const dosis_rule_t *rule, const char *field)
{
    char pad[PAD_MAX];
    const char *word = rule->velden;

    pattern_of(field, pad);
    while (*word != '\0') {
        size_t len = strcspn(word, " ");

        if ((len == 1 && word[0] == '*')
            || (strlen(pad) == len && memcmp(pad, word, len) == 0)) {
            return true;
        }
        word += len + strspn(word + len, " ");
    }

    return false;
}


static const struct {
    dosis_rule_id_t rule;
    const char *from;
    const char *to;
} broken[] = {
    { DOSIS_RULE_VELD_ONTBREEKT, "\"Naam\":\"Naam\",", "" },
    { DOSIS_RULE_VELD_SOORT, "\"Naam\":\"Naam\"", "\"Naam\":3" },
    { DOSIS_RULE_VELD_TEKENS, "\"Naam\":\"Naam\"", "\"Naam\":\"a\\u0001\"" },
    { DOSIS_RULE_DUBBEL_VELD, "\"Naam\":\"Naam\"",
        "\"Naam\":\"a\",\"naam\":\"b\"" },
    { DOSIS_RULE_ONBEKEND_VELD, "\"Naam\":\"Naam\"",
        "\"Naam\":\"a\",\"Iets\":1" },
    { DOSIS_RULE_UPLOAD_ID_ONGELDIG, "C30C0DE7-", "x" },
    { DOSIS_RULE_INSZ_ALS_NUMMER, "\"2026-1\"", "\"85073000754\"" },
    { DOSIS_RULE_DATUM_ONGELDIG, "2026-11-20T11:16:50.52", "2026-02-30" },
    { DOSIS_RULE_DATUM_IN_TOEKOMST, "2026-11-20T11:16:50.52", "2030-01-01" },
    { DOSIS_RULE_FASE_ONBEKEND, "\"Behandeling\"", "\"Geen\"" },
    { DOSIS_RULE_CODE_ONBEKEND, "\"InBehandeling\"", "\"Geen\"" },
    { DOSIS_RULE_EDRL_ONBEKEND, "\"InBehandeling\"",
        "\"InBehandeling\",\"EDRL\":\"Geen\"" },
    { DOSIS_RULE_ROL_ONBEKEND, "\"0123456749\"",
        "\"0123456749\",\"Rol\":\"Geen\"" },
    { DOSIS_RULE_ONGEBRUIKELIJK_PAAR, "\"InBehandeling\"", "\"Betaald\"" },
    { DOSIS_RULE_AGENTEN_ONTBREKEN, "\"Agenten\"", "\"Anderen\"" },
    { DOSIS_RULE_GEEN_RECHTEN, "{\"Code\":\"Lezer\"}", "" },
    { DOSIS_RULE_KBO_ONGELDIG, "\"0123456749\"", "\"0123456748\"" },
    { DOSIS_RULE_VESTIGING_ONGELDIG, "\"0123456749\"", "\"2000000338\"" },
    { DOSIS_RULE_INSZ_ONGELDIG, "\"0123456749\"", "\"85073000755\"" },
    { DOSIS_RULE_AGENT_ONGELDIG, "\"0123456749\"", "\"a\\u0001b\"" },
    { DOSIS_RULE_AGENT_AFGEROND, "\"0123456749\"", "\"4.23E+08\"" },
    { DOSIS_RULE_AGENT_VREEMD, "\"0123456749\"", "\"NL123456789B01\"" },
    { DOSIS_RULE_URL_ONGELDIG, "https://", "mailto:" },
    { DOSIS_RULE_URL_NIET_GEOPEND, "https://", "http://" },
    { DOSIS_RULE_INSZ_IN_URL, "example.be/1", "example.be/85073000754" },
    { DOSIS_RULE_PUBLIEK_MET_PERSOON, "\"0123456749\"",
        "\"85073000754\"}],\"IsPubliek\":true,\"X\":[{\"Y\":1" },
};


/* Rules whose break is long: text in the place of base's name. */
static const struct {
    dosis_rule_id_t rule;
    const char *before;
    const char *unit;
    size_t count;
    const char *behind;
} crowded[] = {
    { DOSIS_RULE_VELD_TE_LANG, "\"Naam\":\"", "x", DOSIS_NAAM_MAX + 1, "\"" },
    { DOSIS_RULE_TE_VEEL_FASEN,
        "\"Naam\":\"a\",\"MogelijkeVlaamseFases\":[\"Beroep\"", ",\"Beroep\"",
        DOSIS_FASEN_MAX, "]" },
    { DOSIS_RULE_TE_VEEL_PRODUCTEN, "\"Producten\":[{\"Id\":\"1\"}",
        ",{\"Id\":\"1\"}", DOSIS_PRODUCTEN_MAX, "]" },
    { DOSIS_RULE_TE_VEEL_AGENTEN,
        "\"Agenten\":[{\"Identificatie\":\"V0001001\"}",
        ",{\"Identificatie\":\"V0001001\"}", DOSIS_AGENTEN_MAX, "]" },
    { DOSIS_RULE_TE_VEEL_RECHTEN,
        "\"Agenten\":[{\"Identificatie\":\"V0001001\","
        "\"Toegangsrechten\":[{\"Code\":\"a\"}",
        ",{\"Code\":\"a\"}", DOSIS_RECHTEN_MAX, "]}]" },
};


static void
check_text(dosis_rule_id_t id, const char *text)
{
    static const dosis_bron_t registered = { .actief = true };
    const dosis_rule_t *rule = dosis_rule(id);
    const dosis_err_t *err;
    bool found = false;
    reading_t reading;

    /* this rule is about what is registered */
    reading_bron = id == DOSIS_RULE_URL_NIET_GEOPEND ? &registered : NULL;
    reading_begin(&reading, dosis_slice_of(text), ARENA_MAX);
    err = dosis_rule_warns(id) ? &reading.warnings : &reading.err;
    for (uint32_t i = 0; i < err->count; i++) {
        const dosis_problem_t *item = &err->item[i];

        found = found
            || (strcmp(item->code, rule->code) == 0
                && names(rule, item->field));
    }
    CHECK(found, rule->code);
    if (!found) {
        problems_print(&reading.err);
        problems_print(&reading.warnings);
    }
    reading_end(&reading);
}


static void
check_broken(void)
{
    static char text[JSON_MAX];
    bool seen[DOSIS_RULE_DELIVERY_END] = { false };
    bool all = true;

    for (size_t i = 0; i < ROWS(broken); i++) {
        seen[broken[i].rule] = true;
        CHECK(changed(broken[i].from, broken[i].to, text), broken[i].to);
        check_text(broken[i].rule, text);
    }

    for (size_t i = 0; i < ROWS(crowded); i++) {
        dosis_buf_t buf;

        seen[crowded[i].rule] = true;
        dosis_buf_init_fixed(&buf, text, sizeof(text) - 1);
        dosis_buf_addf(&buf, "{%s", crowded[i].before);
        for (size_t n = 0; n < crowded[i].count; n++) {
            dosis_buf_add_slice(&buf, dosis_slice_of(crowded[i].unit));
        }
        dosis_buf_addf(&buf, "%s}", crowded[i].behind);
        text[buf.len] = '\0';
        check_text(crowded[i].rule, text);
    }

    for (int id = 0; id < DOSIS_RULE_DELIVERY_END; id++) {
        all = all && seen[id];
    }
    CHECK(all, "every rule of a delivery was broken once");
}


/* Each pointer of a rule is a member. */
static void
check_pointers(void)
{
    char pad[PAD_MAX];

    for (int id = 0; id < DOSIS_RULE_DELIVERY_END; id++) {
        const char *word = dosis_rule((dosis_rule_id_t) id)->velden;

        CHECK(*word != '\0', "a rule says about which members it is");
        while (*word != '\0') {
            size_t len = strcspn(word, " ");

            (void) snprintf(pad, sizeof(pad), "%.*s", (int) len, word);
            CHECK(strcmp(pad, "*") == 0 || find(pad).count == 1, pad);
            word += len + strspn(word + len, " ");
        }
    }
}


int
main(void)
{
    dosis_json_init();
    lijsten = lijsten_load();
    check_list();
    check_names();
    check_kinds();
    check_pointers();
    check_broken();
    lijsten_free(&lijsten);

    return tap_done();
}
