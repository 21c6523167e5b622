/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_uitgever.h"

#include "domain/domain_setting.h"
#include "domain/dosis_dossier.h"
#include "domain/dosis_url.h"

#define AT(member) DOMAIN_SETTING_AT(dosis_uitgever_t, member)
#define COUNT(member) .count = offsetof(dosis_uitgever_t, member)

#define WORD_MAX 200
#define PATH_MAX_BYTES 1000
#define LADDER_MAX 20
#define RIGHTS_MAX 10
#define DAY_S 86400
#define WORDS_MAX ((size_t) 8 << 10)

#define TOKEN "a token"
#define KEYS "the engine, for its keys"
#define ASK "the engine, for opaque tokens"
#define USER "a token of a user"

#define IS_WORD                                                                \
    .max = WORD_MAX, .fits = is_word, .form = "een woord zonder spaties"
#define IS_WORDS                                                               \
    .max = WORD_MAX, .fits = is_words, .form = "woorden, elk na één spatie"
#define IS_ADDRESS                                                             \
    .max = DOSIS_URL_MAX, .fits = dosis_uitgever_address,                      \
    .form = "een volledig https-adres"
#define IS_PATH                                                                \
    .max = PATH_MAX_BYTES, .fits = is_path, .form = "een volledig pad"


static bool
is_word(dosis_slice_t text)
{
    return memchr(text.data, ' ', text.len) == NULL;
}


/* With one blank between each two, and none at the ends. */
static bool
is_words(dosis_slice_t text)
{
    bool blank = true;

    for (size_t i = 0; i < text.len; i++) {
        if (blank && text.data[i] == ' ') {
            return false;
        }
        blank = text.data[i] == ' ';
    }

    return !blank;
}


static bool
is_path(dosis_slice_t text)
{
    return text.data[0] == '/';
}


/* What stands behind the prefix goes to *rest. */
static bool
begins(dosis_slice_t text, const char *prefix, dosis_slice_t *rest)
{
    size_t len = strlen(prefix);

    if (text.len <= len || memcmp(text.data, prefix, len) != 0) {
        return false;
    }

    *rest = dosis_slice(text.data + len, text.len - len);

    return true;
}


/* Plain HTTP stays in the machine; the engine judges it once more. */
bool
dosis_uitgever_address(dosis_slice_t text)
{
    dosis_slice_t rest;
    bool fine = begins(text, "https://", &rest);

    if (!fine) {
        fine = (begins(text, "http://127.0.0.1", &rest)
                   || begins(text, "http://localhost", &rest)
                   || begins(text, "http://[::1]", &rest))
            && (rest.data[0] == ':' || rest.data[0] == '/');
    }

    return fine && memchr(text.data, '#', text.len) == NULL
        && dosis_url_valid(text);
}


static const dosis_setting_t rows[] = {
    { NULL, "Iss", DOSIS_SETTING_TEXT, NULL, AT(iss), IS_WORD,
        .text = "The issuer, exactly as `iss` in its tokens; never changes.",
        .used = TOKEN },
    { NULL, "Naam", DOSIS_SETTING_TEXT, NULL, AT(naam), .max = DOSIS_NAAM_MAX,
        .text = "Its name, as people read it.", .used = "`dosisctl`" },
    { NULL, "Actief", DOSIS_SETTING_BOOL, "true", AT(actief),
        .text = "Switched off none of its tokens is good any more, from the "
                "next request.",
        .used = TOKEN },
    { NULL, "Audience", DOSIS_SETTING_TEXT, NULL, AT(audience), IS_WORD,
        .text = "What `aud` of a token must hold.", .used = TOKEN },
    { NULL, "Profiel", DOSIS_SETTING_CHOICE, "acmidm",
        .words = "acmidm|geosecure", AT(profiel),
        .text = "Whose names count where Scopes and Claims say nothing.",
        .used = TOKEN },
    { NULL, "Ontdekking", DOSIS_SETTING_BOOL, "false", AT(ontdekking),
        .text = "Its addresses stand in Iss + "
                "/.well-known/openid-configuration.",
        .used = KEYS },
    { NULL, "Sleutels", DOSIS_SETTING_TEXT, "", AT(sleutels), IS_ADDRESS,
        .text = "Where its key set (JWKS) is, without Ontdekking.",
        .used = KEYS },
    { NULL, "CaBestand", DOSIS_SETTING_TEXT, "", AT(ca_bestand), IS_PATH,
        .text = "File with the only certificates that its addresses are "
                "trusted by; none: those of the system.",
        .used = KEYS },
    { NULL, "VerversSeconden", DOSIS_SETTING_NUMBER, "3600", AT(ververs_s),
        .min = 10, .max = DAY_S,
        .text = "The key set is fetched again after so long, a tenth more or "
                "less.",
        .used = KEYS },
    { NULL, "PauzeSeconden", DOSIS_SETTING_NUMBER, "10", AT(pauze_s), .min = 1,
        .max = 300,
        .text = "Two fetches begin at least so long after one another, "
                "whatever asks for them.",
        .used = KEYS },
    { NULL, "OverlapSeconden", DOSIS_SETTING_NUMBER, "60", AT(overlap_s),
        .min = 0, .max = 3600,
        .text = "A key that is no longer in the set counts so long still.",
        .used = KEYS },
    { NULL, "WachtMs", DOSIS_SETTING_NUMBER, "10000", AT(wacht_ms), .min = 100,
        .max = 30000,
        .text = "Each of its documents comes within so many milliseconds, or "
                "it counts as not fetched.",
        .used = KEYS },
    { NULL, "Scopes", DOSIS_SETTING_GROUP, "",
        .text = "What its scopes are called.", .used = TOKEN },
    { "Scopes", "Import", DOSIS_SETTING_TEXT, "", AT(rules.scope_import),
        IS_WORD, .text = "Of a client that delivers.", .used = TOKEN },
    { "Scopes", "Raadpleging", DOSIS_SETTING_TEXT, "",
        AT(rules.scope_raadpleging), IS_WORD, .text = "Of a counter.",
        .used = TOKEN },
    { "Scopes", "Gebruiker", DOSIS_SETTING_TEXT, "", AT(rules.scope_gebruiker),
        IS_WORD, .text = "Of a user.", .used = TOKEN },
    { "Scopes", "Beheer", DOSIS_SETTING_TEXT, "", AT(rules.scope_beheer),
        IS_WORD, .text = "Of an operator's tool.", .used = TOKEN },
    { NULL, "Claims", DOSIS_SETTING_GROUP, "",
        .text = "What its claims are called.", .used = TOKEN },
    { "Claims", "Client", DOSIS_SETTING_TEXT, "", AT(rules.claim_client),
        IS_WORDS,
        .text = "The client that the token was given to; of several claims, "
                "apart by blanks, the first one that is there.",
        .used = TOKEN },
    { "Claims", "Rechten", DOSIS_SETTING_TEXTS, "", AT(claims_rechten),
        COUNT(claims_rechten_count), .entries = RIGHTS_MAX, IS_WORD,
        .text = "Rights of a user; all of them count.", .used = USER },
    { "Claims", "Doelgroep", DOSIS_SETTING_TEXT, "", AT(rules.claim_doelgroep),
        IS_WORD, .text = "The audience of a user: BUR, EA, ...",
        .used = USER },
    { "Claims", "Persoon", DOSIS_SETTING_TEXT, "", AT(rules.claim_persoon),
        IS_WORD, .text = "The national number, of BUR.", .used = USER },
    { "Claims", "Organisatie", DOSIS_SETTING_TEXT, "",
        AT(rules.claim_organisatie), IS_WORD,
        .text = "The organisation, of the other audiences.", .used = USER },
    { "Claims", "Mandaatgever", DOSIS_SETTING_TEXT, "", AT(rules.claim_mandaat),
        IS_WORD, .text = "Who gave the user a mandate.", .used = USER },
    { NULL, "Acr", DOSIS_SETTING_GROUP, "",
        .text = "How sure it is who logged in.", .used = USER },
    { "Acr", "Vertrouwelijk", DOSIS_SETTING_TEXT, "", AT(acr_vertrouwelijk),
        IS_WORD,
        .text = "The `acr` that suffices for confidential dossiers; none: no "
                "user sees them.",
        .used = USER },
    { "Acr", "Ladder", DOSIS_SETTING_TEXTS, "", AT(acr_ladder),
        COUNT(acr_ladder_count), .entries = LADDER_MAX, IS_WORD,
        .text = "Each `acr`, from low to high: one above Vertrouwelijk "
                "suffices too.",
        .used = USER },
    { NULL, "Introspectie", DOSIS_SETTING_GROUP, "", AT(is_introspectie),
        .text = "Given: its opaque tokens are asked about (RFC 7662).",
        .used = ASK },
    { "Introspectie", "Adres", DOSIS_SETTING_TEXT, "", AT(introspectie.adres),
        IS_ADDRESS, .text = "Where; none: Ontdekking tells.", .used = ASK },
    { "Introspectie", "ClientId", DOSIS_SETTING_TEXT, "",
        AT(introspectie.client_id), IS_WORD,
        .text = "Who we are there.", .used = ASK },
    { "Introspectie", "Methode", DOSIS_SETTING_CHOICE, "geheim",
        .words = "geheim|assertie", AT(introspectie.methode),
        .text = "A secret (client_secret_basic), or an assertion that we sign "
                "(private_key_jwt).",
        .used = ASK },
    { "Introspectie", "Bestand", DOSIS_SETTING_TEXT, "",
        AT(introspectie.bestand), IS_PATH,
        .text = "File with the secret, or with the private key; only the "
                "engine reads it.",
        .used = ASK },
    { "Introspectie", "SleutelId", DOSIS_SETTING_TEXT, "",
        AT(introspectie.sleutel_id), IS_WORD,
        .text = "The `kid` of that private key.", .used = ASK },
    { "Introspectie", "Audience", DOSIS_SETTING_TEXT, "",
        AT(introspectie.audience), IS_WORD,
        .text = "The `aud` of an assertion; none: Adres.", .used = ASK },
    { "Introspectie", "Voorvoegsel", DOSIS_SETTING_TEXT, "",
        AT(introspectie.voorvoegsel), IS_WORD,
        .text = "What its opaque tokens begin with: nobody else is asked about "
                "those; none: any that no other one claims.",
        .used = ASK },
    { "Introspectie", "MaxSeconden", DOSIS_SETTING_NUMBER, "300",
        AT(introspectie.max_s), .min = 1, .max = DAY_S,
        .text = "A good answer counts until `exp`, and at most so long.",
        .used = ASK },
    { "Introspectie", "NegatiefSeconden", DOSIS_SETTING_NUMBER, "10",
        AT(introspectie.negatief_s), .min = 0, .max = 300,
        .text = "The answer that a token is not good counts so long.",
        .used = ASK },
    { "Introspectie", "WachtMs", DOSIS_SETTING_NUMBER, "3000",
        AT(introspectie.wacht_ms), .min = 100, .max = 30000,
        .text = "An answer comes within so many milliseconds, or the request "
                "gets a 503.",
        .used = ASK },
};

const dosis_settings_t dosis_uitgever_settings = {
    "an issuer of tokens (uitgever)", rows, sizeof(rows) / sizeof(rows[0])
};


/* --- profiles ------------------------------------------------------------ */

#define RULE(member) offsetof(dosis_identity_rules_t, member)

/* The names of ACM/IDM, and of Geosecure, which knows no users. */
static const struct {
    size_t offset;
    const char *name[2]; /* by dosis_profiel_t */
} profile[] = {
    { RULE(scope_import), { "DosisImport", "DosisImport" } },
    { RULE(scope_raadpleging), { "DosisRaadpleging", "" } },
    { RULE(scope_gebruiker), { "DosisGebruiker", "" } },
    { RULE(scope_beheer), { "DosisBeheer", "" } },
    { RULE(claim_client), { "client_id", "sub" } },
    { RULE(claim_rights), { "dosis_rol_3d", "" } },
    { RULE(claim_doelgroep), { "vo_doelgroepcode", "" } },
    { RULE(claim_persoon), { "rrn", "" } },
    { RULE(claim_organisatie), { "vo_orgcode", "" } },
    { RULE(claim_mandaat), { "ssm_mandaatgever", "" } },
};


static void
fill_in(dosis_uitgever_t *uitgever)
{
    for (size_t i = 0; i < sizeof(profile) / sizeof(profile[0]); i++) {
        dosis_slice_t *name =
            (dosis_slice_t *) ((char *) &uitgever->rules + profile[i].offset);

        if (name->len == 0) {
            *name = dosis_slice_of(profile[i].name[uitgever->profiel]);
        }
    }
}


/* Words with a blank between them, as the rules have them. */
static void
join(domain_reader_t *reader, const dosis_slice_t *word, size_t count,
    dosis_slice_t *ret)
{
    dosis_buf_t buf;

    if (count == 0) {
        return;
    }

    dosis_buf_init(&buf, WORDS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(&buf, ' ');
        }
        dosis_buf_add_slice(&buf, word[i]);
    }
    *ret = dosis_arena_copy(reader->arena, dosis_buf_slice(&buf));
    if (buf.rc != DOSIS_OK || ret->data == NULL) {
        reader->rc = DOSIS_ENOMEM;
    }
    dosis_buf_done(&buf);
}


static void
make_rules(domain_reader_t *reader, dosis_uitgever_t *uitgever)
{
    dosis_identity_rules_t *rules = &uitgever->rules;

    rules->acr_vertrouwelijk = uitgever->acr_vertrouwelijk;
    join(reader, uitgever->acr_ladder, uitgever->acr_ladder_count,
        &rules->acr_ladder);
    join(reader, uitgever->claims_rechten, uitgever->claims_rechten_count,
        &rules->claim_rights);
    fill_in(uitgever);
}


/* --- what concerns more than one setting --------------------------------- */

static void
judge_keys(domain_reader_t *reader, const dosis_uitgever_t *uitgever)
{
    const domain_place_t keys = { .name = "Sleutels" };
    const domain_place_t iss = { .name = "Iss" };

    if (uitgever->ontdekking && uitgever->sleutels.len > 0) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, &keys,
            "leeg, want met Ontdekking zegt de uitgever zelf waar ze zijn");
    }

    if (uitgever->ontdekking && !dosis_uitgever_address(uitgever->iss)) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, &iss,
            "een volledig https-adres, want Ontdekking begint daar");
    }

    if (!dosis_uitgever_fetches(uitgever) && !uitgever->is_introspectie) {
        domain_reader_report(reader, DOSIS_RULE_VELD_ONTBREEKT, &keys, NULL);
    }
}


static void
judge_introspection(domain_reader_t *reader, const dosis_uitgever_t *uitgever)
{
    const dosis_introspectie_t *ask = &uitgever->introspectie;
    const domain_place_t group = { .name = "Introspectie" };

    if (!uitgever->is_introspectie) {
        return;
    }

    if (ask->adres.len == 0 && !uitgever->ontdekking) {
        domain_reader_report_member(
            reader, DOSIS_RULE_VELD_ONTBREEKT, &group, "Adres");
    }

    if (ask->client_id.len == 0) {
        domain_reader_report_member(
            reader, DOSIS_RULE_VELD_ONTBREEKT, &group, "ClientId");
    }

    if (ask->bestand.len == 0) {
        domain_reader_report_member(
            reader, DOSIS_RULE_VELD_ONTBREEKT, &group, "Bestand");
    }
}


dosis_rc_t
dosis_uitgever_from_json(const dosis_json_t *json, dosis_arena_t *arena,
    dosis_uitgever_t *ret_uitgever, dosis_err_t *err)
{
    domain_reader_t reader = {
        .arena = arena, .err = err, .unknown = DOSIS_RULE_VELD_BESTAAT_NIET
    };

    memset(ret_uitgever, 0, sizeof(*ret_uitgever));
    domain_settings_read(
        &reader, &dosis_uitgever_settings, json, ret_uitgever);
    if (!reader.refused) {
        judge_keys(&reader, ret_uitgever);
        judge_introspection(&reader, ret_uitgever);
    }
    make_rules(&reader, ret_uitgever);

    return domain_reader_rc(&reader);
}


bool
dosis_uitgever_fetches(const dosis_uitgever_t *uitgever)
{
    return uitgever->ontdekking || uitgever->sleutels.len > 0;
}
