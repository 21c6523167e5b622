/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisctl toegang test: random sources, counters, dossiers and subjects; each
 * subject asks every door, and every door must say what the model says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "crypto/dosis_devkey.h"
#include "crypto/dosis_secret.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_engine.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_http.h"
#include "ctl/ctl_issuer.h"
#include "ctl/ctl_toegang.h"
#include "ctl/ctl_toegang_model.h"

#define TEST_TEXT_MAX 16384
#define TEST_PAGES_MAX 200
#define TEST_DETAILS 8
#define TEST_ACR_HIGH "urn:dosis:acr:hoog"
#define V1 "/api/v1/dosis"

typedef struct {
    char text[TEST_TEXT_MAX];
    dosis_buf_t buf;
} text_t;

typedef struct {
    model_t model;
    uint64_t seed;
    ctl_http_t http;
    dosis_devkey_t *key;
    ctl_path_t socket;
    text_t importer;             /* tokens */
    text_t beheer;
    text_t token;                /* of who asks now, */
    text_t handle;               /* its handle; empty: a user */
    text_t body;                 /* and what it puts in a body */
    model_asker_t asker;
    unsigned checks;
    unsigned failed;
} test_t;


static void
text_begin(text_t *t)
{
    dosis_buf_init_fixed(&t->buf, t->text, sizeof(t->text) - 1);
}


/* true: it is whole, with a NUL behind it. */
static bool
text_end(text_t *t)
{
    t->text[t->buf.len] = '\0';
    return t->buf.rc == DOSIS_OK;
}


/* --- tokens -------------------------------------------------------------- */

/* claims: members with a comma in front of each. */
static bool
mint(test_t *t, const char *client, const char *claims, text_t *ret)
{
    static const char header[] =
        "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"dev-eddsa\"}";
    text_t said;
    long long now = (long long) time(NULL);
    dosis_slice_t message;

    text_begin(&said);
    dosis_buf_addf(&said.buf,
        "{\"iss\":\"%s\",\"aud\":\"%s\",\"client_id\":\"%s\",\"iat\":%lld,"
        "\"exp\":%lld%s}",
        CTL_ISSUER, CTL_AUDIENCE, client, now, now + 3600, claims);
    text_begin(ret);
    dosis_base64url_encode(&ret->buf, dosis_slice_of(header));
    dosis_buf_add_byte(&ret->buf, '.');
    dosis_base64url_encode(&ret->buf, dosis_buf_slice(&said.buf));
    message = dosis_buf_slice(&ret->buf);
    dosis_buf_add_byte(&ret->buf, '.');
    return said.buf.rc == DOSIS_OK
        && dosis_devkey_sign(&ret->buf, t->key, message) == DOSIS_OK
        && text_end(ret);
}


static void
add_rights(test_t *t, dosis_buf_t *out, const model_asked_t *asked)
{
    const char *own = t->model.agent[asked->agent].id;
    const char *other = t->model.agent[(asked->agent + 1) % MODEL_AGENTS].id;
    const char *lead = "";
    int i;

    for (i = 0; i < MODEL_RIGHTS; i++) {
        if (asked->plain & (1u << i)) {
            dosis_buf_addf(out, "%s\"%s\"", lead, model_rights[i]);
            lead = ",";
        }
        if (asked->own & (1u << i)) {
            dosis_buf_addf(out, "%s\"%s:%s\"", lead, model_rights[i], own);
            lead = ",";
        }
        if (asked->other & (1u << i)) {
            dosis_buf_addf(out, "%s\"%s:%s\"", lead, model_rights[i], other);
            lead = ",";
        }
    }
}


static bool
mint_user(test_t *t)
{
    const model_asked_t *asked = &t->asker.asked[0];
    int by = t->asker.mandataris >= 0 ? t->asker.mandataris : asked->agent;
    const model_agent_t *who = &t->model.agent[by];
    text_t claims;

    text_begin(&claims);
    dosis_buf_addf(&claims.buf,
        ",\"sub\":\"x\",\"scope\":\"DosisGebruiker\",\"vo_doelgroepcode\":"
        "\"%s\",\"%s\":\"%s\",\"acr\":\"%s\",\"%s\":[",
        who->doelgroep,
        strcmp(who->doelgroep, "BUR") == 0 ? "rrn" : "vo_orgcode", who->id,
        t->asker.assured ? TEST_ACR_HIGH : "urn:dosis:acr:laag", CTL_RIGHTS);
    add_rights(t, &claims.buf, asked);
    dosis_buf_add_byte(&claims.buf, ']');
    if (t->asker.mandataris >= 0) {
        dosis_buf_addf(&claims.buf, ",\"ssm_mandaatgever\":\"%s\"",
            t->model.agent[asked->agent].id);
    }
    return text_end(&claims) && mint(t, CTL_PORTAL, claims.text, &t->token);
}


/* --- asking -------------------------------------------------------------- */

static bool
ask(test_t *t, const char *method, const char *path, const char *body)
{
    bool header = !t->asker.user && body == NULL;
    const ctl_http_call_t call = { method, path, t->token.text,
        header ? t->handle.text : NULL,
        body == NULL ? dosis_slice(NULL, 0) : dosis_slice_of(body) };

    t->checks++;
    return ctl_http_ask(&t->http, &call) == DOSIS_OK;
}


static bool
ask_as(test_t *t, const text_t *token, const char *method, const char *path,
    const char *body)
{
    const ctl_http_call_t call = { method, path, token->text, NULL,
        dosis_slice_of(body) };

    t->checks++;
    return ctl_http_ask(&t->http, &call) == DOSIS_OK;
}


/* What one dossier and one asker need to show it again. */
static void
differ(test_t *t, const char *door, const model_dossier_t *d, const char *said)
{
    int i, j;

    t->failed++;
    printf("difference: seed=%llu door=%s %s\n", (unsigned long long) t->seed,
        door, said);
    printf("  who asks: %s counter=%s assured=%d mandate=%d %s\n",
        t->asker.user ? "user" : "counter", model_counters[t->asker.counter],
        t->asker.assured, t->asker.mandataris >= 0, t->body.text);
    if (d == NULL) {
        return;
    }
    printf("  dossier: %s source=%s product=%d public=%d confidential=%d"
           " withdrawn=%d\n",
        d->id, d->source ? "iedereen" : "niemand", d->product, d->publiek,
        d->vertrouwelijk, d->withdrawn);
    for (i = 0; i < MODEL_AGENTS; i++) {
        for (j = 0; (d->agents & (1u << i)) && j < MODEL_RIGHTS; j++) {
            if (d->rights[i] & (1u << j)) {
                printf("  agent %d lists %s\n", i, model_rights[j]);
            }
        }
        if (d->agents & (1u << i)) {
            printf("  agent %d is an agent\n", i);
        }
    }
}


static model_dossier_t *
dossier_of(test_t *t, dosis_slice_t id)
{
    int i;

    for (i = 0; i < MODEL_DOSSIERS; i++) {
        if (t->model.dossier[i].stored
            && dosis_slice_eq(id, dosis_slice_of(t->model.dossier[i].id))) {
            return &t->model.dossier[i];
        }
    }
    return NULL;
}


/* Marks what a page shows; the cursor of the next, or empty. */
static bool
take_page(test_t *t, const char *list, bool seen[MODEL_DOSSIERS], char *next)
{
    dosis_json_t *json;
    const dosis_json_t *rows, *row;
    const model_dossier_t *d;
    size_t i;
    dosis_slice_t id, na;

    if (t->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&t->http.answer), &json, NULL)
            != DOSIS_OK) {
        return false;
    }
    rows = dosis_json_get(json, list);
    for (i = 0; i < dosis_json_count(rows); i++) {
        row = dosis_json_at(rows, i);
        id = dosis_json_string(dosis_json_get(row,
            strcmp(list, "Dossiers") == 0 ? "DossierId" : "subject"));
        d = dossier_of(t, id);
        if (d == NULL) {
            differ(t, list, NULL, "a dossier nobody made");
        } else {
            seen[d - t->model.dossier] = true;
        }
    }
    na = dosis_json_string(dosis_json_get(json, "Volgende"));
    /* the feed always has one, and ends with a page that is not full */
    if (strcmp(list, "Dossiers") != 0 && dosis_json_count(rows) == 0) {
        na.len = 0;
    }
    (void) snprintf(next, 2048, "%.*s", (int) na.len, na.data);
    dosis_json_free(json);
    return true;
}


/* --- doors --------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *method;
    const char *path;
    const char *list;
    bool body;
} door_t;

static const door_t doors[] = {
    { "list", "GET", V1 "/dossiers", "Dossiers", false },
    { "zoek", "POST", V1 "/dossiers/zoek", "Dossiers", true },
    { "QUERY", "QUERY", V1 "/dossiers", "Dossiers", true },
    { "wijzigingen", "GET", V1 "/wijzigingen", "Wijzigingen", false },
};


static bool
walk(test_t *t, const door_t *door, bool seen[MODEL_DOSSIERS])
{
    char next[2048] = "";
    char path[4096];
    text_t body;
    int page, limit = 1 + (int) model_choose(&t->model, 40);

    for (page = 0; page < TEST_PAGES_MAX; page++) {
        (void) snprintf(path, sizeof(path), "%s%s%s%s", door->path,
            door->body ? "" : "?limiet=50",
            next[0] && !door->body ? "&na=" : "", door->body ? "" : next);
        text_begin(&body);
        dosis_buf_addf(&body.buf, "{\"Limiet\":%d", limit);
        if (next[0] != '\0') {
            dosis_buf_addf(&body.buf, ",\"Na\":\"%s\"", next);
        }
        dosis_buf_addf(&body.buf, "%s%s}", t->asker.user ? "" : ",",
            t->asker.user ? "" : t->body.text);
        if (!text_end(&body)
            || !ask(t, door->method, path, door->body ? body.text : NULL)
            || !take_page(t, door->list, seen, next)) {
            return false;
        }
        if (next[0] == '\0') {
            return true;
        }
    }
    return false;
}


static void
check_list(test_t *t, const door_t *door)
{
    bool seen[MODEL_DOSSIERS] = { false };
    char said[64];
    int i;

    if (!walk(t, door, seen)) {
        (void) snprintf(said, sizeof(said), "status %ld", t->http.status);
        differ(t, door->name, NULL, said);
        return;
    }
    for (i = 0; i < MODEL_DOSSIERS; i++) {
        if (seen[i] != model_sees(&t->asker, &t->model.dossier[i], false)) {
            differ(t, door->name, &t->model.dossier[i],
                seen[i] ? "shows it" : "does not show it");
        }
    }
}


static void
check_counts(test_t *t)
{
    dosis_json_t *json = NULL;
    int64_t wanted = 0, got = -1;
    char said[96];
    int i;

    for (i = 0; i < t->asker.count * MODEL_DOSSIERS; i++) {
        wanted += model_sees_one(&t->asker, i / MODEL_DOSSIERS,
            &t->model.dossier[i % MODEL_DOSSIERS], false);
    }
    if (ask(t, "GET", V1 "/overzicht", NULL) && t->http.status == 200
        && dosis_json_parse(dosis_buf_slice(&t->http.answer), &json, NULL)
            == DOSIS_OK) {
        got = dosis_json_int(
            dosis_json_get(dosis_json_get(json, "Totaal"), "Aantal"));
        dosis_json_free(json);
    }
    if (got != wanted) {
        (void) snprintf(said, sizeof(said), "counts %lld, wanted %lld",
            (long long) got, (long long) wanted);
        differ(t, "overzicht", NULL, said);
    }
}


/* Both verdicts of the explanation; absent is neither. */
static void
check_explained(test_t *t, const model_dossier_t *d)
{
    text_t body;
    dosis_json_t *json = NULL;
    bool detail = model_may_ask(&t->asker) && model_sees(&t->asker, d, true);
    bool list = model_may_ask(&t->asker) && model_sees(&t->asker, d, false);

    text_begin(&body);
    dosis_buf_addf(&body.buf, "{\"DossierId\":\"%s\",%s", d->id, t->body.text);
    if (!t->asker.user) {
        dosis_buf_addf(&body.buf, ",\"Loket\":\"tt-%x-%d\"", t->model.run,
            t->asker.counter);
    } else if (t->asker.assured) {
        DOSIS_BUF_LIT(&body.buf, ",\"Zekerheid\":\"" TEST_ACR_HIGH "\"");
    }
    if (t->asker.mandataris >= 0) {
        dosis_buf_addf(&body.buf, ",\"Mandataris\":\"%s\"",
            t->model.agent[t->asker.mandataris].id);
    }
    DOSIS_BUF_LIT(&body.buf, "}");
    if (!text_end(&body)
        || !ask_as(t, &t->beheer, "POST", V1 "/uitleg", body.text)
        || t->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&t->http.answer), &json, NULL)
            != DOSIS_OK) {
        differ(t, "uitleg", d, "no explanation");
        return;
    }
    if (dosis_json_bool(dosis_json_get(json, "Zichtbaar")) != detail
        || dosis_json_bool(dosis_json_get(json, "InLijst")) != list) {
        differ(t, "uitleg", d, "explains another verdict");
    }
    dosis_json_free(json);
}


static void
check_detail(test_t *t, const model_dossier_t *d)
{
    static const char *const behind[] = { "", "/historiek", "?opDatum=" };
    char path[160], now[32], said[64];
    time_t at = time(NULL) + 2;
    struct tm utc;
    long wanted = model_sees(&t->asker, d, true) ? 200 : 404;
    size_t i;

    (void) gmtime_r(&at, &utc);
    (void) strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &utc);
    for (i = 0; i < 3; i++) {
        (void) snprintf(path, sizeof(path), V1 "/dossiers/%s%s%s", d->id,
            behind[i], i == 2 ? now : "");
        if (!ask(t, "GET", path, NULL) || t->http.status != wanted) {
            (void) snprintf(said, sizeof(said), "answers %ld, wanted %ld",
                t->http.status, wanted);
            differ(t, i == 0 ? "detail" : behind[i], d, said);
        }
    }
}


/* --- the world ----------------------------------------------------------- */

static bool
engine(test_t *t, const char *method, const char *path, const char *body)
{
    dosis_buf_t answer;
    ctl_engine_call_t call = { .method = method, .path = path,
        .body = dosis_slice_of(body) };
    bool done;

    dosis_buf_init(&answer, TEST_TEXT_MAX);
    done = ctl_engine_call(t->socket.path, &call, &answer) == DOSIS_OK
        && call.status / 100 == 2;
    if (!done) {
        ctl_say("not registered: status %ld %.*s", call.status,
            (int) answer.len, answer.data == NULL ? "" : answer.data);
    }
    dosis_buf_done(&answer);
    return done;
}


static bool
register_all(test_t *t)
{
    char body[512], loket[128], source[64];
    unsigned run = t->model.run;
    int i;
    bool done = true;

    for (i = 0; done && i < MODEL_SOURCES; i++) {
        (void) snprintf(body, sizeof(body),
            "{\"Bron\":\"urn://toegang/%x-%d\",\"Naam\":\"Toegang\","
            "\"ZonderRecht\":\"%s\"}",
            run, i, i == 0 ? "niemand" : "iedereen");
        done = engine(t, "POST", "/bronnen", body);
    }
    (void) snprintf(body, sizeof(body),
        "{\"Client\":\"tt-%x\",\"Naam\":\"Toegang\",\"Bronnen\":"
        "[\"urn://toegang/%x-0\",\"urn://toegang/%x-1\"]}",
        run, run, run);
    done = done && engine(t, "POST", "/clients", body);
    (void) snprintf(source, sizeof(source), "urn://toegang/%x-0", run);
    for (i = 0; done && i < MODEL_COUNTERS; i++) {
        const char *hole = strstr(model_counters[i], "%s");

        (void) snprintf(loket, sizeof(loket), "%.*s%s%s",
            hole == NULL ? 100 : (int) (hole - model_counters[i]),
            model_counters[i], hole == NULL ? "" : source,
            hole == NULL ? "" : hole + 2);
        (void) snprintf(body, sizeof(body),
            "{\"Client\":\"tt-%x-%d\",\"Naam\":\"Toegang\",\"Loket\":%s}", run,
            i, loket);
        done = engine(t, "POST", "/clients", body);
    }
    return done;
}


static void
add_agents(test_t *t, dosis_buf_t *out, const model_dossier_t *d)
{
    int i, j;
    const char *lead = "", *between;

    for (i = 0; i < MODEL_AGENTS; i++) {
        if (!(d->agents & (1u << i))) {
            continue;
        }
        dosis_buf_addf(out, "%s{\"Identificatie\":\"%s\",\"Toegangsrechten\":[",
            lead, t->model.agent[i].id);
        lead = ",";
        between = "";
        for (j = 0; j < MODEL_RIGHTS; j++) {
            if (d->rights[i] & (1u << j)) {
                dosis_buf_addf(
                    out, "%s{\"Code\":\"%s\"}", between, model_rights[j]);
                between = ",";
            }
        }
        DOSIS_BUF_LIT(out, "]}");
    }
}


static bool
push(test_t *t, model_dossier_t *d)
{
    text_t body;
    dosis_json_t *json = NULL;
    dosis_slice_t id;

    model_change(&t->model, d);
    text_begin(&body);
    dosis_buf_addf(&body.buf,
        "{\"Identificatie\":{\"Bron\":\"urn://toegang/%x-%d\","
        "\"DossierNummer\":\"%d\"},\"Naam\":\"Toegang %d\","
        "\"TypeDossierCode\":\"DossierStatus\",\"WijzigingsDatum\":"
        "\"2026-01-01T%02d:%02d:00\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},"
        "\"Producten\":[{\"Id\":\"%s\"}],\"IsPubliek\":%s,"
        "\"IsVertrouwelijk\":%s,\"Agenten\":[",
        t->model.run, d->source, (int) (d - t->model.dossier), d->version,
        d->version / 60 % 24, d->version % 60, d->product ? "2001" : "1984",
        d->publiek ? "true" : "false", d->vertrouwelijk ? "true" : "false");
    add_agents(t, &body.buf, d);
    DOSIS_BUF_LIT(&body.buf, "]}");
    if (!text_end(&body)
        || !ask_as(t, &t->importer, "POST", V1 "/dossiers", body.text)
        || t->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&t->http.answer), &json, NULL)
            != DOSIS_OK) {
        ctl_say("dossier not stored: status %ld %.*s", t->http.status,
            (int) t->http.answer.len, t->http.answer.data);
        return false;
    }
    id = dosis_json_string(dosis_json_get(json, "DossierId"));
    (void) snprintf(d->id, sizeof(d->id), "%.*s", (int) id.len, id.data);
    dosis_json_free(json);
    return true;
}


static bool
withdraw(test_t *t, model_dossier_t *d)
{
    char path[160];

    d->withdrawn = true;
    (void) snprintf(path, sizeof(path),
        V1 "/dossiers?bron=urn%%3A%%2F%%2Ftoegang%%2F%x-%d&dossierNummer=%d",
        t->model.run, d->source, (int) (d - t->model.dossier));
    return ask_as(t, &t->importer, "DELETE", path, "")
        && t->http.status == 200;
}


static bool
change_one(test_t *t)
{
    model_dossier_t *d =
        &t->model.dossier[model_choose(&t->model, MODEL_DOSSIERS)];

    return d->stored && !d->withdrawn && model_choose(&t->model, 4) == 0
        ? withdraw(t, d)
        : push(t, d);
}


/* --- one asker ----------------------------------------------------------- */

static bool
get_handle(test_t *t)
{
    text_t body;
    dosis_json_t *json = NULL;
    dosis_slice_t handle;
    long wanted = model_may_ask(&t->asker) ? 200 : 403;

    text_begin(&body);
    dosis_buf_addf(&body.buf, "{%s}", t->body.text);
    if (!text_end(&body)
        || !ask_as(t, &t->token, "POST", V1 "/namens", body.text)) {
        return false;
    }
    if (t->http.status != wanted) {
        differ(t, "namens", NULL, "another status");
    }
    if (t->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&t->http.answer), &json, NULL)
            != DOSIS_OK) {
        return false;
    }
    handle = dosis_json_string(dosis_json_get(json, "Namens"));
    (void) snprintf(t->handle.text, sizeof(t->handle.text), "%.*s",
        (int) handle.len, handle.data);
    dosis_json_free(json);
    return true;
}


/* true: it has a token, and may ask. */
static bool
meet(test_t *t)
{
    char client[32];
    int i;

    model_ask(&t->model, &t->asker);
    text_begin(&t->body);
    DOSIS_BUF_LIT(&t->body.buf, "\"Agenten\":[");
    for (i = 0; i < t->asker.count; i++) {
        dosis_buf_addf(&t->body.buf,
            "%s{\"Identificatie\":\"%s\",\"Rechten\":[", i > 0 ? "," : "",
            t->model.agent[t->asker.asked[i].agent].id);
        add_rights(t, &t->body.buf, &t->asker.asked[i]);
        DOSIS_BUF_LIT(&t->body.buf, "]}");
    }
    dosis_buf_add_byte(&t->body.buf, ']');
    if (!text_end(&t->body) || t->asker.user) {
        return mint_user(t);
    }
    (void) snprintf(
        client, sizeof(client), "tt-%x-%d", t->model.run, t->asker.counter);
    return mint(t, client, ",\"scope\":\"DosisRaadpleging\"", &t->token)
        && get_handle(t);
}


static void
check_asker(test_t *t)
{
    bool may = meet(t);
    size_t i;
    const model_dossier_t *d;

    for (i = 0; may && i < sizeof(doors) / sizeof(doors[0]); i++) {
        check_list(t, &doors[i]);
    }
    if (may) {
        check_counts(t);
    }
    for (i = 0; i < TEST_DETAILS; i++) {
        d = &t->model.dossier[model_choose(&t->model, MODEL_DOSSIERS)];
        if (d->stored && may) {
            check_detail(t, d);
        }
        if (d->stored) {
            check_explained(t, d);
        }
    }
}


static bool
begin(test_t *t, const ctl_home_t *home, const char *url)
{
    unsigned run;
    char client[32];
    ctl_path_t path = ctl_home_path(home, "keys/issuer-eddsa.pem");

    t->socket = ctl_home_path(home, "run/dosisd.sock");
    if (dosis_devkey_load(path.path, DOSIS_DEVKEY_EDDSA, &t->key) != DOSIS_OK) {
        ctl_say("no development key at %s: this is for development only",
            path.path);
        return false;
    }
    if (dosis_random(&run, sizeof(run)) != DOSIS_OK
        || ctl_http_open(&t->http, url) != DOSIS_OK) {
        return false;
    }
    model_init(&t->model, t->seed, run);
    (void) snprintf(client, sizeof(client), "tt-%x", run);
    return mint(t, client, ",\"scope\":\"DosisImport\"", &t->importer)
        && mint(t, client, ",\"scope\":\"DosisBeheer\"", &t->beheer)
        && register_all(t);
}


int
ctl_toegang_test(const ctl_home_t *home, const ctl_toegang_test_t *asked)
{
    test_t *t = calloc(1, sizeof(*t));
    time_t until = time(NULL) + asked->seconds;
    unsigned askers = 0;
    int i, code = CTL_FAILED;
    bool going;

    if (t == NULL) {
        return CTL_FAILED;
    }
    t->seed = asked->seed;
    printf("seed=%llu\n", (unsigned long long) t->seed);
    going = begin(t, home, asked->url);
    for (i = 0; going && i < MODEL_DOSSIERS / 2; i++) {
        going = push(t, &t->model.dossier[i]);
    }
    while (going && t->failed == 0 && time(NULL) < until) {
        check_asker(t);
        going = change_one(t);
        askers++;
    }
    if (going) {
        printf("askers=%u answers=%u differences=%u\n", askers, t->checks,
            t->failed);
        code = t->failed == 0 && askers > 0 ? CTL_FINE : CTL_FOUND;
    }
    dosis_devkey_free(t->key);
    if (t->http.curl != NULL) {
        ctl_http_close(&t->http);
    }
    free(t);
    return code;
}
