/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisctl token: signed by dosis_mint.h; what that does not know, PS256 and
 * EdDSA, the development key signs itself.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/dosis_file.h"
#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "crypto/dosis_certificate.h"
#include "crypto/dosis_mint.h"
#include "crypto/dosis_secret.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_issuer.h"
#include "ctl/ctl_options.h"
#include "domain/dosis_agent.h"

#define TOKEN_RIGHTS_MAX 100
#define TOKEN_CLAIMS_MAX 32768
#define TOKEN_PEM_MAX 16384
#define TOKEN_TTL_S 3600
#define TOKEN_TTL_MAX_S (10L * 366 * 86400)

typedef struct {
    const char *client;
    const char *scope;
    const char *kbo;
    const char *rrn;
    const char *org;
    const char *doelgroep;
    const char *recht[TOKEN_RIGHTS_MAX];
    size_t recht_count;
    const char *acr;
    const char *ttl;
    const char *alg;
    const char *certificate;

    /* what follows from them */
    bool user;
    bool person;
    dosis_agent_t subject;
    long ttl_s;
    const ctl_issuer_key_t *key;
    uint8_t thumbprint[DOSIS_CERTIFICATE_THUMBPRINT];
} token_t;


static bool
wrong(const char *why)
{
    ctl_say("%s", why);
    return false;
}


static bool
judge_ttl(token_t *token)
{
    char *end;

    token->ttl_s = TOKEN_TTL_S;
    if (token->ttl == NULL) {
        return true;
    }
    errno = 0;
    token->ttl_s = strtol(token->ttl, &end, 10);
    if (errno != 0 || end == token->ttl || *end != '\0'
        || token->ttl_s > TOKEN_TTL_MAX_S || token->ttl_s < -TOKEN_TTL_MAX_S) {
        return wrong("--ttl is a number of seconds, at most ten years");
    }
    return true;
}


static bool
judge_alg(token_t *token)
{
    size_t i;

    if (token->alg == NULL) {
        token->key = &ctl_issuer_keys[0];
        return true;
    }
    for (i = 0; i < CTL_ISSUER_KEYS; i++) {
        if (strcmp(token->alg, ctl_issuer_keys[i].alg) == 0) {
            token->key = &ctl_issuer_keys[i];
            return true;
        }
    }
    return wrong("--alg is RS256, PS256, ES256 or EdDSA");
}


static bool
judge_certificate(token_t *token)
{
    char memory[TOKEN_PEM_MAX];
    dosis_buf_t pem;
    dosis_rc_t rc;

    if (token->certificate == NULL) {
        return true;
    }
    dosis_buf_init_fixed(&pem, memory, sizeof(memory));
    rc = dosis_file_read(token->certificate, sizeof(memory), &pem);
    if (rc == DOSIS_OK) {
        rc = dosis_certificate_of_pem(dosis_buf_slice(&pem), token->thumbprint);
    }
    if (rc != DOSIS_OK) {
        ctl_say("--certificate: %s: %s; it must be one in PEM",
            token->certificate, dosis_rc_text(rc));
    }
    return rc == DOSIS_OK;
}


static bool
judge_doelgroep(const token_t *token)
{
    static const char *const known[] = { "EA", "VER", "LB", "GID", "OV" };
    size_t i;

    if (token->doelgroep == NULL) {
        return wrong("--org needs --doelgroep: EA, VER, LB, GID or OV");
    }
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(token->doelgroep, known[i]) == 0) {
            return true;
        }
    }
    return wrong("--doelgroep is EA, VER, LB, GID or OV (a person: --rrn)");
}


/* Never says the number: it may be a person's. */
static bool
judge_subject(token_t *token)
{
    const char *text = token->kbo;
    const char *problem;

    if (token->rrn != NULL) {
        text = token->rrn;
    } else if (token->org != NULL) {
        text = token->org;
    }
    problem =
        dosis_agent_parse(dosis_slice_of(text), DOSIS_STRENG, &token->subject);
    if (token->kbo != NULL) {
        token->doelgroep = "EA";
        if (problem != NULL || token->subject.soort != DOSIS_AGENT_KBO) {
            return wrong("--kbo is no valid enterprise number (ten digits, the"
                         " last two check the others)");
        }
        return true;
    }
    if (token->rrn != NULL) {
        token->doelgroep = "BUR";
        token->person = true;
        if (problem != NULL || token->subject.soort != DOSIS_AGENT_INSZ) {
            return wrong("--rrn is no valid national number (eleven digits, the"
                         " last two check the others)");
        }
        return true;
    }
    if (problem != NULL || token->subject.soort == DOSIS_AGENT_INSZ) {
        return wrong("--org is no valid number of an organisation");
    }
    return judge_doelgroep(token);
}


static bool
judge_user(token_t *token)
{
    int subjects =
        (token->kbo != NULL) + (token->rrn != NULL) + (token->org != NULL);

    if (subjects > 1) {
        return wrong("--kbo, --rrn and --org: one of them");
    }
    if (token->doelgroep != NULL && token->org == NULL) {
        return wrong("--doelgroep goes with --org; --kbo is EA, --rrn is BUR");
    }
    token->user = true;
    if (token->client == NULL) {
        token->client = CTL_PORTAL;
    }
    if (token->scope == NULL) {
        token->scope = "DosisGebruiker";
    }
    return judge_subject(token);
}


static bool
judge(token_t *token)
{
    if (!judge_ttl(token) || !judge_alg(token) || !judge_certificate(token)) {
        return false;
    }
    if (token->kbo != NULL || token->rrn != NULL || token->org != NULL) {
        return judge_user(token);
    }
    if (token->client == NULL || token->scope == NULL) {
        return wrong("give --client and --scope for a machine, or --kbo, --rrn"
                     " or --org for a user");
    }
    if (token->recht_count > 0 || token->acr != NULL
        || token->doelgroep != NULL) {
        return wrong("--recht, --acr and --doelgroep are of users, who have"
                     " --kbo, --rrn or --org");
    }
    return true;
}


static void
add_claim(dosis_buf_t *claims, const char *name, const char *value)
{
    dosis_buf_add_byte(claims, ',');
    dosis_json_add_member(claims, name, dosis_slice_of(value));
}


/* R becomes R:<organisation>; one that names an organisation stays. */
static void
add_rights(dosis_buf_t *claims, const token_t *token)
{
    size_t i;

    dosis_buf_addf(claims, ",\"%s\":[", CTL_RIGHTS);
    for (i = 0; i < token->recht_count; i++) {
        dosis_buf_addf(claims, "%s\"", i > 0 ? "," : "");
        dosis_json_escape(claims, dosis_slice_of(token->recht[i]));
        if (!token->person && strchr(token->recht[i], ':') == NULL) {
            dosis_buf_add_byte(claims, ':');
            dosis_json_escape(claims, dosis_agent_id(&token->subject));
        }
        dosis_buf_add_byte(claims, '"');
    }
    dosis_buf_add_byte(claims, ']');
}


static dosis_rc_t
add_uuid(char to[DOSIS_UUID_TEXT + 1])
{
    uint8_t random[16];
    dosis_rc_t rc = dosis_random(random, sizeof(random));

    if (rc == DOSIS_OK) {
        dosis_uuid_encode(to, random);
    }
    return rc;
}


static dosis_rc_t
build_claims(const token_t *token, dosis_buf_t *claims)
{
    char jti[DOSIS_UUID_TEXT + 1], sub[DOSIS_UUID_TEXT + 1];
    int64_t now_s = (int64_t) time(NULL);
    dosis_rc_t rc;

    rc = add_uuid(jti);
    if (rc == DOSIS_OK) {
        rc = add_uuid(sub);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_addf(
        claims, "{\"iss\":\"%s\",\"aud\":\"%s\"", CTL_ISSUER, CTL_AUDIENCE);
    add_claim(claims, "client_id", token->client);
    add_claim(claims, "sub", token->user ? sub : token->client);
    add_claim(claims, "scope", token->scope);
    add_claim(claims, "jti", jti);
    dosis_buf_addf(claims, ",\"iat\":%" PRId64 ",\"exp\":%" PRId64, now_s,
        now_s + token->ttl_s);
    if (token->user) {
        add_claim(claims, "vo_doelgroepcode", token->doelgroep);
        add_claim(
            claims, token->person ? "rrn" : "vo_orgcode", token->subject.id);
        add_rights(claims, token);
        if (token->acr != NULL) {
            add_claim(claims, "acr", token->acr);
        }
    }
    if (token->certificate != NULL) {
        DOSIS_BUF_LIT(claims, ",\"cnf\":{\"x5t#S256\":\"");
        dosis_base64url_encode(claims,
            dosis_slice(token->thumbprint, sizeof(token->thumbprint)));
        DOSIS_BUF_LIT(claims, "\"}");
    }
    dosis_buf_add_byte(claims, '}');
    return claims->rc;
}


static dosis_rc_t
sign_by_key(const token_t *token, const dosis_buf_t *claims, const char *path,
    dosis_buf_t *text)
{
    char header[128];
    dosis_devkey_t *key = NULL;
    dosis_rc_t rc;

    (void) snprintf(header, sizeof(header),
        "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        token->key->alg, token->key->kid);
    dosis_base64url_encode(text, dosis_slice_of(header));
    dosis_buf_add_byte(text, '.');
    dosis_base64url_encode(text, dosis_buf_slice(claims));
    rc = dosis_devkey_load(path, token->key->kind, &key);
    if (rc == DOSIS_OK) {
        dosis_slice_t message = dosis_buf_slice(text);

        dosis_buf_add_byte(text, '.');
        rc = dosis_devkey_sign(text, key, message);
    }
    dosis_devkey_free(key);
    return rc;
}


/* Prints the token; false: said why. */
static bool
sign(const token_t *token, dosis_buf_t *claims, const dosis_buf_t *pem,
    const char *path)
{
    dosis_mint_t mint = { .alg = token->key->alg,
        .kid = token->key->kid,
        .pem = dosis_buf_slice(pem) };
    char memory[2 * TOKEN_CLAIMS_MAX];
    dosis_buf_t text;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    rc = dosis_mint_knows(mint.alg)
        ? dosis_mint(&text, &mint, dosis_buf_slice(claims))
        : sign_by_key(token, claims, path, &text);
    if (rc != DOSIS_OK) {
        ctl_say("token not signed: is %s a key for %s, and are all values"
                " UTF-8?",
            token->key->file, token->key->alg);
        return false;
    }
    printf("%.*s\n", (int) text.len, text.data);
    return true;
}


static int
mint(const token_t *token, const ctl_home_t *home)
{
    ctl_path_t path = ctl_home_path(home, token->key->file);
    char claims_memory[TOKEN_CLAIMS_MAX], pem_memory[TOKEN_PEM_MAX];
    dosis_buf_t claims, pem;
    bool done = false;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&claims, claims_memory, sizeof(claims_memory));
    dosis_buf_init_fixed(&pem, pem_memory, sizeof(pem_memory));
    rc = dosis_file_read(path.path, sizeof(pem_memory), &pem);
    if (rc != DOSIS_OK) {
        ctl_say("no development key at %s: this is for development only"
                " ('dosisctl keys init' makes one)",
            path.path);
    } else {
        rc = build_claims(token, &claims);
        if (rc != DOSIS_OK) {
            ctl_say("claims not made: %s", dosis_rc_text(rc));
        } else {
            done = sign(token, &claims, &pem, path.path);
        }
    }
    explicit_bzero(pem_memory, sizeof(pem_memory));
    return done ? CTL_FINE : CTL_FAILED;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    token_t token = { 0 };
    const ctl_option_t options[] = {
        { .name = "client", .text = &token.client },
        { .name = "scope", .text = &token.scope },
        { .name = "kbo", .text = &token.kbo },
        { .name = "rrn", .text = &token.rrn },
        { .name = "org", .text = &token.org },
        { .name = "doelgroep", .text = &token.doelgroep },
        { .name = "recht",
            .list = token.recht,
            .list_count = &token.recht_count,
            .list_max = TOKEN_RIGHTS_MAX },
        { .name = "acr", .text = &token.acr },
        { .name = "ttl", .text = &token.ttl },
        { .name = "alg", .text = &token.alg },
        { .name = "certificate", .text = &token.certificate },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    ctl_home_t home;

    verdict = ctl_options_parse(command, argc, argv, options, NULL);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (!judge(&token) || !ctl_home_find(&home)) {
        return CTL_FAILED;
    }
    return mint(&token, &home);
}


const ctl_command_t ctl_token = {
    .word = "token",
    .summary = "a token of the development issuer",
    .help =
        "usage: dosisctl token --client C --scope S            a machine\n"
        "       dosisctl token --kbo N [--recht R]...          an enterprise\n"
        "       dosisctl token --rrn N [--recht R]...          a citizen\n"
        "       dosisctl token --org N --doelgroep D [--recht R]...\n"
        "\n"
        "Prints the token alone. Needs the development issuer's key below\n"
        "DOSIS_HOME and refuses elsewhere: for development only.\n"
        "\n"
        "  --scope S       DosisImport delivers, DosisRaadpleging is a "
        "counter;\n"
        "                  a user has DosisGebruiker unless told otherwise\n"
        "  --client C      the client; of a user dosis-portaal unless told\n"
        "                  otherwise\n"
        "  --doelgroep D   EA, VER, LB, GID or OV\n"
        "  --recht R       a right, written as R:<organisation>; of a\n"
        "                  citizen, or with a colon in it, as it is\n"
        "  --acr A         assurance of the log-in\n"
        "  --ttl SECONDS   3600; negative: expired already, but dosis_leeway\n"
        "                  (30s) is still granted\n"
        "  --alg ALG       RS256 (default), PS256, ES256 or EdDSA\n"
        "  --certificate F bound to the client certificate in that PEM file:\n"
        "                  of use over a connection with it only\n",
    .run = run,
};
