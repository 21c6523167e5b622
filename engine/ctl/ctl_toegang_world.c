/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl toegang test: what it makes, changes, switches and takes away */
#include <stdio.h>
#include <string.h>

#include "base/dosis_json.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_engine.h"
#include "ctl/ctl_toegang_run.h"


/* --- registrations ------------------------------------------------------- */

/* name: of the one it is about, or NULL. */
static bool
engine(run_t *run, const char *method, const char *path, const char *name,
    const char *body)
{
    dosis_buf_t answer;
    ctl_engine_call_t call = { .method = method,
        .path = path,
        .key = name == NULL ? NULL : path[1] == 'b' ? "bron" : "client",
        .value = name,
        .body = body == NULL ? dosis_slice(NULL, 0) : dosis_slice_of(body) };
    bool done;

    dosis_buf_init(&answer, RUN_TEXT_MAX);
    done = ctl_engine_call(run->socket.path, &call, &answer) == DOSIS_OK
        && call.status / 100 == 2;
    if (!done) {
        ctl_say("%s %s refused: status %ld %.*s", method, path, call.status,
            (int) answer.len, answer.data == NULL ? "" : answer.data);
    }
    dosis_buf_done(&answer);
    return done;
}


typedef char name_t[64];

static const char *
source_name(const run_t *run, unsigned i, name_t to)
{
    (void) snprintf(to, sizeof(name_t), "urn://toegang/%x-%u", run->model.run,
        i);
    return to;
}


static const char *
counter_name(const run_t *run, unsigned i, name_t to)
{
    (void) snprintf(to, sizeof(name_t), "tt-%x-%u", run->model.run, i);
    return to;
}


static const char *
client_name(const run_t *run, name_t to)
{
    (void) snprintf(to, sizeof(name_t), "tt-%x", run->model.run);
    return to;
}


static bool
register_source(run_t *run, unsigned i)
{
    run_text_t body;
    name_t name;

    run_text_begin(&body);
    dosis_buf_addf(&body.buf,
        "{\"Bron\":\"%s\",\"Naam\":\"Toegang\",\"ZonderRecht\":\"%s\"}",
        source_name(run, i, name),
        run->model.source[i].iedereen ? "iedereen" : "niemand");
    return run_text_end(&body)
        && engine(run, "POST", "/bronnen", NULL, body.text);
}


/* A limit to none of them is no limit: the member is left out. */
static void
add_limit(dosis_buf_t *out, const char *member, unsigned limit,
    const char *const *words)
{
    const char *lead = "";
    unsigned i;

    if (limit == 0) {
        return;
    }
    dosis_buf_addf(out, ",\"%s\":[", member);
    for (i = 0; limit >> i > 0; i++) {
        if (limit & (1u << i)) {
            dosis_buf_addf(out, "%s\"%s\"", lead, words[i]);
            lead = ",";
        }
    }
    dosis_buf_add_byte(out, ']');
}


static bool
register_counter(run_t *run, unsigned i)
{
    const model_counter_t *counter = &run->model.counter[i];
    const char *sources[MODEL_SOURCES];
    name_t names[MODEL_SOURCES], name;
    run_text_t body;
    unsigned k;

    for (k = 0; k < MODEL_SOURCES; k++) {
        sources[k] = source_name(run, k, names[k]);
    }
    run_text_begin(&body);
    dosis_buf_addf(&body.buf,
        "{\"Client\":\"%s\",\"Naam\":\"Toegang\",\"Loket\":{"
        "\"Vertrouwelijk\":%s",
        counter_name(run, i, name),
        counter->vertrouwelijk ? "true" : "false");
    add_limit(&body.buf, "AgentSoorten", counter->kinds, model_kinds);
    add_limit(&body.buf, "Bronnen", counter->sources, sources);
    add_limit(&body.buf, "Producten", counter->products, model_products);
    DOSIS_BUF_LIT(&body.buf, "}}");
    return run_text_end(&body)
        && engine(run, "POST", "/clients", NULL, body.text);
}


static bool
register_client(run_t *run)
{
    run_text_t body;
    name_t name;
    unsigned i;

    run_text_begin(&body);
    dosis_buf_addf(&body.buf,
        "{\"Client\":\"%s\",\"Naam\":\"Toegang\",\"Bronnen\":[",
        client_name(run, name));
    for (i = 0; i < MODEL_SOURCES; i++) {
        dosis_buf_addf(&body.buf, "%s\"%s\"", i > 0 ? "," : "",
            source_name(run, i, name));
    }
    DOSIS_BUF_LIT(&body.buf, "]}");
    return run_text_end(&body)
        && engine(run, "POST", "/clients", NULL, body.text);
}


bool
run_register(run_t *run)
{
    while (run->sources < MODEL_SOURCES) {
        if (!register_source(run, run->sources)) {
            return false;
        }
        run->sources++;
    }
    run->client = register_client(run);
    while (run->client && run->counters < MODEL_COUNTERS) {
        if (!register_counter(run, run->counters)) {
            return false;
        }
        run->counters++;
    }
    return run->client;
}


/* --- deliveries ---------------------------------------------------------- */

static void
add_agents(run_t *run, dosis_buf_t *out, const model_dossier_t *d)
{
    int i, j;
    const char *lead = "", *between;

    for (i = 0; i < MODEL_AGENTS; i++) {
        if (!(d->agents & (1u << i))) {
            continue;
        }
        dosis_buf_addf(out, "%s{\"Identificatie\":\"%s\",\"Toegangsrechten\":[",
            lead, run->model.agent[i].id);
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
send(run_t *run, const model_dossier_t *d, int number)
{
    run_text_t body;
    name_t name;

    run_text_begin(&body);
    dosis_buf_addf(&body.buf,
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"%d\"},"
        "\"Naam\":\"Toegang %d\",\"TypeDossierCode\":\"DossierStatus\","
        "\"WijzigingsDatum\":\"2026-01-%02dT%02d:%02d:00\",\"Status\":{"
        "\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},"
        "\"Doorverwijzing\":\"https://loket.example.be/%d\","
        "\"Producten\":[{\"Id\":\"%s\"}],\"IsPubliek\":%s,"
        "\"IsVertrouwelijk\":%s,\"Agenten\":[",
        source_name(run, (unsigned) d->source, name), number, number,
        1 + d->version / 1440 % 28, d->version / 60 % 24, d->version % 60,
        number, model_products[d->product], d->publiek ? "true" : "false",
        d->vertrouwelijk ? "true" : "false");
    add_agents(run, &body.buf, d);
    DOSIS_BUF_LIT(&body.buf, "]}");
    return run_text_end(&body)
        && run_ask_as(run, &run->importer, "POST", V1 "/dossiers", body.text);
}


/* What was asked last, as a refusal to go on. */
static bool
say_answer(const run_t *run, const char *what)
{
    ctl_say("%s: status %ld %.*s", what, run->http.status,
        (int) run->http.answer.len,
        run->http.answer.data == NULL ? "" : run->http.answer.data);
    return false;
}


/* What was sent and taken is how it is now. */
static bool
keep(run_t *run, model_dossier_t *d, const model_dossier_t *next)
{
    dosis_json_t *json = NULL;
    dosis_slice_t id;

    if (run->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&run->http.answer), &json, NULL)
            != DOSIS_OK) {
        return say_answer(run, "dossier not stored");
    }
    *d = *next;
    id = dosis_json_string(dosis_json_get(json, "DossierId"));
    (void) snprintf(d->id, sizeof(d->id), "%.*s", (int) id.len, id.data);
    dosis_json_free(json);
    return true;
}


bool
run_push(run_t *run, model_dossier_t *d)
{
    model_dossier_t next = *d;

    model_change(&run->model, &next);
    return send(run, &next, (int) (d - run->model.dossier))
        && keep(run, d, &next);
}


static bool
withdraw(run_t *run, model_dossier_t *d)
{
    char path[160];

    d->withdrawn = true;
    (void) snprintf(path, sizeof(path),
        V1 "/dossiers?bron=urn%%3A%%2F%%2Ftoegang%%2F%x-%d&dossierNummer=%d",
        run->model.run, d->source, (int) (d - run->model.dossier));
    return (run_ask_as(run, &run->importer, "DELETE", path, "")
               && run->http.status == 200)
        || say_answer(run, "dossier not withdrawn");
}


bool
run_change(run_t *run)
{
    model_dossier_t *d =
        &run->model.dossier[model_choose(&run->model, MODEL_DOSSIERS)];

    return d->stored && !d->withdrawn && model_choose(&run->model, 4) == 0
        ? withdraw(run, d)
        : run_push(run, d);
}


/* --- switches ------------------------------------------------------------ */

typedef struct {
    const char *path;
    const char *name;
    const char *door;      /* for what differs */
    const char *body;      /* what a counter asks; NULL: a delivery */
    model_dossier_t *d;    /* of that delivery, */
    model_dossier_t next;  /* and how it is to be */
} switch_t;


/* The next request after a switch. */
static bool
try_switched(run_t *run, const switch_t *one, long wanted)
{
    char said[64];
    run_text_t token;
    bool sent;

    if (one->body != NULL) {
        sent = run_mint(run, one->name, ",\"scope\":\"DosisRaadpleging\"",
                   &token)
            && run_ask_as(run, &token, "POST", V1 "/dossiers/zoek", one->body);
    } else {
        sent = send(run, &one->next, (int) (one->d - run->model.dossier));
    }
    if (sent && run->http.status != wanted) {
        (void) snprintf(said, sizeof(said), "answers %ld, wanted %ld",
            run->http.status, wanted);
        run_differ(run, one->door, NULL, said);
    }
    return sent;
}


/* Refused, and on again whatever came of it. */
static bool
switch_one(run_t *run, const switch_t *one)
{
    bool tried;

    if (!engine(run, "PATCH", one->path, one->name, "{\"Actief\":false}")) {
        return false;
    }
    tried = try_switched(run, one, 403);
    if (!engine(run, "PATCH", one->path, one->name, "{\"Actief\":true}")
        || !tried || !try_switched(run, one, 200)) {
        return false;
    }
    return one->body != NULL || run->http.status != 200
        || keep(run, one->d, &one->next);
}


/* A question that this counter may ask. */
static void
ask_of_kind(const run_t *run, unsigned kinds, char *to, size_t size)
{
    int i = 0;

    while (kinds != 0 && i < MODEL_AGENTS - 1
           && !(kinds & (1u << run->model.agent[i].kind))) {
        i++;
    }
    (void) snprintf(to, size,
        "{\"Agenten\":[{\"Identificatie\":\"%s\"}]}",
        run->model.agent[i].id);
}


bool
run_switch(run_t *run)
{
    name_t name;
    char body[128];
    model_t *model = &run->model;
    unsigned i = model_choose(model, MODEL_COUNTERS);
    switch_t one = { .path = "/clients",
        .name = name,
        .door = "switched client",
        .d = &model->dossier[model_choose(model, MODEL_DOSSIERS)] };

    one.next = *one.d;
    model_change(model, &one.next);
    switch (model_choose(model, 3)) {
    case 0:
        one.path = "/bronnen";
        one.door = "switched source";
        (void) source_name(run, (unsigned) one.next.source, name);
        break;
    case 1:
        (void) client_name(run, name);
        break;
    default:
        one.body = body;
        one.door = "switched counter";
        (void) counter_name(run, i, name);
        ask_of_kind(run, model->counter[i].kinds, body, sizeof(body));
        break;
    }
    return switch_one(run, &one);
}


/* --- the end ------------------------------------------------------------- */

static bool
clean_source(run_t *run, unsigned i)
{
    int k;
    bool held = false;
    name_t name;

    for (k = 0; k < MODEL_DOSSIERS; k++) {
        held = held
            || (run->model.dossier[k].stored
                && run->model.dossier[k].source == (int) i);
    }
    (void) source_name(run, i, name);
    return held
        ? engine(run, "PATCH", "/bronnen", name, "{\"Actief\":false}")
        : engine(run, "DELETE", "/bronnen", name, NULL);
}


bool
run_clean(run_t *run)
{
    name_t name;
    bool clean = true;
    int i;
    model_dossier_t *d;

    for (i = 0; i < MODEL_DOSSIERS; i++) {
        d = &run->model.dossier[i];
        clean = (!d->stored || d->withdrawn || withdraw(run, d)) && clean;
    }
    while (run->counters > 0) {
        (void) counter_name(run, --run->counters, name);
        clean = engine(run, "DELETE", "/clients", name, NULL) && clean;
    }
    if (run->client) {
        clean = engine(run, "DELETE", "/clients", client_name(run, name), NULL)
            && clean;
        run->client = false;
    }
    while (run->sources > 0) {
        clean = clean_source(run, --run->sources) && clean;
    }
    return clean;
}
