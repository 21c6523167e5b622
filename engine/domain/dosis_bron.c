/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_bron.h"

#include "base/dosis_text.h"
#include "domain/domain_setting.h"
#include "domain/dosis_dossier.h"
#include "domain/dosis_url.h"

#define AT(member) DOMAIN_SETTING_AT(dosis_bron_t, member)
#define COUNT(member) .count = offsetof(dosis_bron_t, member)

#define MAPPING_MAX 500
#define CODE_MAX 100 /* bytes */
#define HOSTS_MAX 50
#define HOST_MAX 253
#define AUDIENCE_MAX 200
#define HOURS_MAX 8784 /* a leap year */
#define DAYS_MAX 36500

#define STRENGHEID "streng|vorm"
#define ERFT "erft|" STRENGHEID

#define PUSH "a delivery"
#define CLICK "click-through"
#define WATCH "`Toestand` in the lists of counters and users"
#define KEEP "retention (not in this version)"


static bool
is_host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}


/* Lower case, labels apart by dots; "*." in front stands for one or more. */
static bool
is_host(dosis_slice_t text)
{
    char before = '.';

    if (text.len > 2 && memcmp(text.data, "*.", 2) == 0) {
        text = dosis_slice(text.data + 2, text.len - 2);
    }

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c == '.' ? before == '.' || before == '-'
                     : !is_host_char(c) || (c == '-' && before == '.')) {
            return false;
        }
        before = c;
    }

    return before != '.' && before != '-';
}


static bool
is_login_uri(dosis_slice_t text)
{
    return text.len > 8 && memcmp(text.data, "https://", 8) == 0
        && dosis_url_valid(text) && !dosis_url_holds_insz(text);
}


static const dosis_setting_t rows[] = {
    { NULL, "Bron", DOSIS_SETTING_TEXT, NULL, AT(bron), .max = DOSIS_BRON_MAX,
        .text = "The source's own URI, as deliveries name it; never changes.",
        .used = PUSH },
    { NULL, "Naam", DOSIS_SETTING_TEXT, NULL, AT(naam), .max = DOSIS_NAAM_MAX,
        .text = "Its name, as people read it.", .used = "answers" },
    { NULL, "Actief", DOSIS_SETTING_BOOL, "true", AT(actief),
        .text = "Switched off it delivers nothing more (403); its dossiers "
                "stay visible.",
        .used = PUSH },
    { NULL, "ZonderRecht", DOSIS_SETTING_CHOICE, "niemand",
        .words = "niemand|iedereen", AT(zonder_recht_iedereen),
        .text = "Who sees a dossier for an agent that has no rights there, "
                "when that agent is no person.",
        .used = "access" },
    { NULL, "Strengheid", DOSIS_SETTING_CHOICE, "streng", .words = STRENGHEID,
        AT(strengheid),
        .text = "Whether check digits of agents must hold, or only length and "
                "digits.",
        .used = PUSH },
    { NULL, "StrengheidPerSoort", DOSIS_SETTING_GROUP, "",
        .text = "The same for one kind of agent.", .used = PUSH },
    { "StrengheidPerSoort", "KBO", DOSIS_SETTING_CHOICE, "erft", .words = ERFT,
        AT(streng_kbo), .text = "Of enterprise numbers; erft is as Strengheid.",
        .used = PUSH },
    { "StrengheidPerSoort", "Vestiging", DOSIS_SETTING_CHOICE, "erft",
        .words = ERFT, AT(streng_vestiging),
        .text = "Of establishment numbers.", .used = PUSH },
    { "StrengheidPerSoort", "INSZ", DOSIS_SETTING_CHOICE, "erft", .words = ERFT,
        AT(streng_insz), .text = "Of the numbers of persons.", .used = PUSH },
    { NULL, "Mapping", DOSIS_SETTING_GROUP, "",
        .text = "What the source's own words stand for; asked only for a word "
                "that is not in the code list.",
        .used = PUSH },
    { "Mapping", "Fase", DOSIS_SETTING_NAMES, "", AT(fasen),
        .entries = MAPPING_MAX, .max = CODE_MAX,
        .text = "Own phase, in any case -> code of StatusVlaamsFase.",
        .used = PUSH },
    { "Mapping", "Code", DOSIS_SETTING_NAMES, "", AT(codes),
        .entries = MAPPING_MAX, .max = CODE_MAX,
        .text = "Own code, in any case -> code of StatusVlaamsCode.",
        .used = PUSH },
    { NULL, "Doorklik", DOSIS_SETTING_GROUP, "",
        .text = "How a browser is sent to the source.", .used = CLICK },
    { "Doorklik", "Methode", DOSIS_SETTING_CHOICE, "url",
        .words = "url|login_hint|oidc|assertie", AT(doorklik),
        .text = "The bare address, or one that brings the log-in along; any "
                "but url needs Hosten.",
        .used = CLICK },
    { "Doorklik", "Hosten", DOSIS_SETTING_TEXTS, "", AT(hosten),
        COUNT(hosten_count), .entries = HOSTS_MAX, .max = HOST_MAX,
        .fits = is_host,
        .form = "een hostnaam in kleine letters, zoals loket.example.be of "
                "*.example.be",
        .text = "Hosts that a browser may be sent to; none: any.",
        .used = CLICK },
    { "Doorklik", "InitiateLoginUri", DOSIS_SETTING_TEXT, "", AT(login_uri),
        .max = DOSIS_URL_MAX, .fits = is_login_uri,
        .form = "een volledig https-adres",
        .text = "Where OpenID Connect starts the log-in; needed by oidc.",
        .used = CLICK },
    { "Doorklik", "Issuer", DOSIS_SETTING_TEXT, "", AT(login_issuer),
        .max = DOSIS_URL_MAX, .fits = is_login_uri,
        .form = "een volledig https-adres",
        .text = "The identity provider at which oidc logs in (iss); empty: the "
                "address of DOSIS.",
        .used = CLICK },
    { "Doorklik", "Audience", DOSIS_SETTING_TEXT, "", AT(audience),
        .max = AUDIENCE_MAX,
        .text = "The audience of an assertion; empty: the source's URI.",
        .used = CLICK },
    { NULL, "RitmeUren", DOSIS_SETTING_NUMBER, "0", AT(ritme_uren), .min = 0,
        .max = HOURS_MAX,
        .text = "Hours within which something is heard from the source; 0: no "
                "rhythm.",
        .used = WATCH },
    { NULL, "OntbrekendMaxProcent", DOSIS_SETTING_NUMBER, "5",
        AT(ontbrekend_max), .min = 0, .max = 100,
        .text = "How much of its dossiers a whole file may lack; when more "
                "lacks, nothing is withdrawn.",
        .used = "a file with `volledig=true`" },
    { NULL, "Bewaring", DOSIS_SETTING_GROUP, "",
        .text = "How long its dossiers are kept.", .used = KEEP },
    { "Bewaring", "Dagen", DOSIS_SETTING_NUMBER, "0", AT(bewaring_dagen),
        .min = 0, .max = DAYS_MAX,
        .text = "Days after the last change; 0: for ever.", .used = KEEP },
    { "Bewaring", "PerFase", DOSIS_SETTING_NUMBERS, "", AT(bewaring_fasen),
        .entries = MAPPING_MAX, .min = 0, .max = DAYS_MAX,
        .text = "Days for one phase of StatusVlaamsFase, in place of Dagen.",
        .used = KEEP },
};

const dosis_settings_t dosis_bron_settings = { "a source (bron)", rows,
    sizeof(rows) / sizeof(rows[0]) };


/* What concerns more than one setting. */
static void
judge_doorklik(domain_reader_t *reader, const dosis_bron_t *bron)
{
    domain_place_t doorklik = { .name = "Doorklik" };

    if (bron->doorklik != DOSIS_DOORKLIK_URL && bron->hosten_count == 0) {
        domain_reader_report_member(
            reader, DOSIS_RULE_VELD_ONTBREEKT, &doorklik, "Hosten");
    }

    if (bron->doorklik == DOSIS_DOORKLIK_OIDC && bron->login_uri.len == 0) {
        domain_reader_report_member(
            reader, DOSIS_RULE_VELD_ONTBREEKT, &doorklik, "InitiateLoginUri");
    }
}


dosis_rc_t
dosis_bron_from_json(const dosis_json_t *json, dosis_arena_t *arena,
    dosis_bron_t *ret_bron, dosis_err_t *err)
{
    domain_reader_t reader = {
        .arena = arena, .err = err, .unknown = DOSIS_RULE_VELD_BESTAAT_NIET
    };

    memset(ret_bron, 0, sizeof(*ret_bron));
    domain_settings_read(&reader, &dosis_bron_settings, json, ret_bron);
    if (!reader.refused) {
        judge_doorklik(&reader, ret_bron);
    }

    return domain_reader_rc(&reader);
}


typedef struct {
    const char *group;
    const char *name;
    const dosis_pairs_t *pairs;
    const dosis_codelijst_t *lijst;
    dosis_rule_id_t unknown;
    bool by_name; /* the name stands in the list, else what it stands for */
} codes_t;


static void
judge_codes(domain_reader_t *reader, const codes_t *codes)
{
    domain_place_t group = { .name = codes->group };
    domain_place_t member = { .up = &group, .name = codes->name };

    for (size_t i = 0; i < codes->pairs->count; i++) {
        const dosis_pair_t *pair = &codes->pairs->pair[i];
        domain_place_t at = { .up = &member, .name = pair->from.data };

        if (codes->lijst == NULL
            || dosis_codelijst_nummer(
                   codes->lijst, codes->by_name ? pair->from : pair->to)
                == 0) {
            domain_reader_report(reader, codes->unknown, &at, NULL);
        }
    }
}


dosis_rc_t
dosis_bron_judge(const dosis_bron_t *bron, const dosis_codelijsten_t *lijsten,
    dosis_err_t *err)
{
    const codes_t all[] = {
        { "Mapping", "Fase", &bron->fasen, lijsten->fase,
            DOSIS_RULE_FASE_ONBEKEND, false },
        { "Mapping", "Code", &bron->codes, lijsten->code,
            DOSIS_RULE_CODE_ONBEKEND, false },
        { "Bewaring", "PerFase", &bron->bewaring_fasen, lijsten->fase,
            DOSIS_RULE_FASE_ONBEKEND, true },
    };
    domain_reader_t reader = { .err = err };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        judge_codes(&reader, &all[i]);
    }

    return domain_reader_rc(&reader);
}


dosis_strengheid_t
dosis_bron_strengheid(const dosis_bron_t *bron, dosis_agent_soort_t soort)
{
    uint8_t own = 0;

    if (bron == NULL) {
        return DOSIS_STRENG;
    }

    if (soort == DOSIS_AGENT_KBO) {
        own = bron->streng_kbo;
    } else if (soort == DOSIS_AGENT_VESTIGING) {
        own = bron->streng_vestiging;
    } else if (soort == DOSIS_AGENT_INSZ) {
        own = bron->streng_insz;
    }

    return own == 0 ? bron->strengheid : (dosis_strengheid_t) (own - 1);
}
