/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl toegang test: each door, compared with the model */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/dosis_json.h"
#include "ctl/ctl_toegang_run.h"

#define DOORS_PAGES_MAX 200
#define DOORS_DETAILS 8
#define DOORS_UNKNOWN "aaaaaaaaaaaaaaaaaaaaaaaaaa"


static bool
sees(const run_t *run, const model_dossier_t *d, bool by_id)
{
    return model_sees(&run->model, &run->asker, d, by_id);
}


static model_dossier_t *
dossier_of(run_t *run, dosis_slice_t id)
{
    int i;

    for (i = 0; i < MODEL_DOSSIERS; i++) {
        if (run->model.dossier[i].stored
            && dosis_slice_eq(id, dosis_slice_of(run->model.dossier[i].id))) {
            return &run->model.dossier[i];
        }
    }
    return NULL;
}


/* Marks what a page shows; the cursor of the next, or empty. */
static bool
take_page(run_t *run, const char *list, bool seen[MODEL_DOSSIERS], char *next)
{
    dosis_json_t *json;
    const dosis_json_t *rows, *row;
    const model_dossier_t *d;
    size_t i;
    dosis_slice_t id, na;

    if (run->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&run->http.answer), &json, NULL)
            != DOSIS_OK) {
        return false;
    }
    rows = dosis_json_get(json, list);
    for (i = 0; i < dosis_json_count(rows); i++) {
        row = dosis_json_at(rows, i);
        id = dosis_json_string(dosis_json_get(row,
            strcmp(list, "Dossiers") == 0 ? "DossierId" : "subject"));
        d = dossier_of(run, id);
        if (d == NULL) {
            run_differ(run, list, NULL, "a dossier nobody made");
        } else {
            seen[d - run->model.dossier] = true;
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
walk(run_t *run, const door_t *door, bool seen[MODEL_DOSSIERS])
{
    char next[2048] = "";
    char path[4096];
    run_text_t body;
    int page, limit = 1 + (int) model_choose(&run->model, 40);

    for (page = 0; page < DOORS_PAGES_MAX; page++) {
        (void) snprintf(path, sizeof(path), "%s%s%s%s", door->path,
            door->body ? "" : "?limiet=50",
            next[0] && !door->body ? "&na=" : "", door->body ? "" : next);
        run_text_begin(&body);
        dosis_buf_addf(&body.buf, "{\"Limiet\":%d", limit);
        if (next[0] != '\0') {
            dosis_buf_addf(&body.buf, ",\"Na\":\"%s\"", next);
        }
        dosis_buf_addf(&body.buf, "%s%s}", run->asker.user ? "" : ",",
            run->asker.user ? "" : run->body.text);
        if (!run_text_end(&body)
            || !run_ask(run, door->method, path, door->body ? body.text : NULL)
            || !take_page(run, door->list, seen, next)) {
            return false;
        }
        if (next[0] == '\0') {
            return true;
        }
    }
    return false;
}


static void
check_list(run_t *run, const door_t *door)
{
    bool seen[MODEL_DOSSIERS] = { false };
    char said[64];
    const model_dossier_t *d;
    int i;

    if (!walk(run, door, seen)) {
        (void) snprintf(said, sizeof(said), "status %ld", run->http.status);
        run_differ(run, door->name, NULL, said);
        return;
    }
    for (i = 0; i < MODEL_DOSSIERS; i++) {
        d = &run->model.dossier[i];
        if (seen[i] != sees(run, d, false)) {
            run_differ(run, door->name, d,
                seen[i] ? "shows it" : "does not show it");
        }
    }
}


static void
check_counts(run_t *run)
{
    dosis_json_t *json = NULL;
    int64_t wanted = 0, got = -1;
    char said[96];
    int i;

    for (i = 0; i < run->asker.count * MODEL_DOSSIERS; i++) {
        wanted += model_sees_one(&run->model, &run->asker, i / MODEL_DOSSIERS,
            &run->model.dossier[i % MODEL_DOSSIERS], false);
    }
    if (run_ask(run, "GET", V1 "/overzicht", NULL) && run->http.status == 200
        && dosis_json_parse(dosis_buf_slice(&run->http.answer), &json, NULL)
            == DOSIS_OK) {
        got = dosis_json_int(
            dosis_json_get(dosis_json_get(json, "Totaal"), "Aantal"));
        dosis_json_free(json);
    }
    if (got != wanted) {
        (void) snprintf(said, sizeof(said), "counts %lld, wanted %lld",
            (long long) got, (long long) wanted);
        run_differ(run, "overzicht", NULL, said);
    }
}


/* Both verdicts of the explanation; absent is neither. */
static void
check_explained(run_t *run, const model_dossier_t *d)
{
    run_text_t body;
    dosis_json_t *json = NULL;
    bool may = model_may_ask(&run->model, &run->asker);
    bool detail = may && sees(run, d, true);
    bool list = may && sees(run, d, false);

    run_text_begin(&body);
    dosis_buf_addf(
        &body.buf, "{\"DossierId\":\"%s\",%s", d->id, run->body.text);
    if (!run->asker.user) {
        dosis_buf_addf(&body.buf, ",\"Loket\":\"tt-%x-%d\"", run->model.run,
            run->asker.counter);
    } else if (run->asker.assured) {
        DOSIS_BUF_LIT(&body.buf, ",\"Zekerheid\":\"" RUN_ACR_HIGH "\"");
    }
    if (run->asker.mandataris >= 0) {
        dosis_buf_addf(&body.buf, ",\"Mandataris\":\"%s\"",
            run->model.agent[run->asker.mandataris].id);
    }
    DOSIS_BUF_LIT(&body.buf, "}");
    if (!run_text_end(&body)
        || !run_ask_as(run, &run->beheer, "POST", V1 "/uitleg", body.text)
        || run->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&run->http.answer), &json, NULL)
            != DOSIS_OK) {
        run_differ(run, "uitleg", d, "no explanation");
        return;
    }
    if (dosis_json_bool(dosis_json_get(json, "Zichtbaar")) != detail
        || dosis_json_bool(dosis_json_get(json, "InLijst")) != list) {
        run_differ(run, "uitleg", d, "explains another verdict");
    }
    dosis_json_free(json);
}


static void
check_detail(run_t *run, const model_dossier_t *d)
{
    static const char *const behind[] = { "", "/historiek", "?opDatum=" };
    char path[160], now[32], said[64];
    time_t at = time(NULL) + 2;
    struct tm utc;
    long wanted = sees(run, d, true) ? 200 : 404;
    size_t i;

    (void) gmtime_r(&at, &utc);
    (void) strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &utc);
    for (i = 0; i < 3; i++) {
        (void) snprintf(path, sizeof(path), V1 "/dossiers/%s%s%s", d->id,
            behind[i], i == 2 ? now : "");
        if (!run_ask(run, "GET", path, NULL) || run->http.status != wanted) {
            (void) snprintf(said, sizeof(said), "answers %ld, wanted %ld",
                run->http.status, wanted);
            run_differ(run, i == 0 ? "detail" : behind[i], d, said);
        }
    }
}


static bool
ask_address(run_t *run, const char *id)
{
    char path[160];

    (void) snprintf(
        path, sizeof(path), V1 "/dossiers/%s/doorverwijzing", id);
    return run_ask(run, "POST", path, NULL);
}


/* The refusal, without what is of one request. */
static void
take_refusal(run_t *run, char *to, size_t size)
{
    static const char *const members[] = { "type", "title", "detail", "code" };
    dosis_json_t *json = NULL;
    dosis_slice_t text;
    size_t i, at = 0;

    to[0] = '\0';
    if (dosis_json_parse(dosis_buf_slice(&run->http.answer), &json, NULL)
        != DOSIS_OK) {
        return;
    }
    for (i = 0; i < 4 && at < size; i++) {
        text = dosis_json_string(dosis_json_get(json, members[i]));
        at += (size_t) snprintf(
            to + at, size - at, "%.*s|", (int) text.len, text.data);
    }
    dosis_json_free(json);
}


/* Unseen and unknown are one answer. 429: seen, and asked too often. */
static void
check_address(run_t *run, const model_dossier_t *d)
{
    char said[64], hidden[1024], unknown[1024];
    bool seen = sees(run, d, true);
    bool asked = ask_address(run, d->id);
    long status = run->http.status;

    if (!asked || (seen ? status != 200 && status != 429 : status != 404)) {
        (void) snprintf(said, sizeof(said), "answers %ld, wanted %d", status,
            seen ? 200 : 404);
        run_differ(run, "doorverwijzing", d, said);
        return;
    }
    if (!seen) {
        take_refusal(run, hidden, sizeof(hidden));
        asked = ask_address(run, DOORS_UNKNOWN);
        take_refusal(run, unknown, sizeof(unknown));
        if (!asked || run->http.status != 404
            || strcmp(hidden, unknown) != 0) {
            run_differ(run, "doorverwijzing", d, "unknown is answered apart");
        }
    }
}


/* Who looked names nothing that whoever asks may not see now. */
static void
check_looks(run_t *run)
{
    dosis_json_t *json = NULL;
    const dosis_json_t *rows, *shown;
    const model_dossier_t *d;
    size_t i, k;
    long wanted = run->asker.count == 1 ? 200 : 400;

    if (!run_ask(run, "GET", V1 "/inzages?limiet=50", NULL)
        || run->http.status != wanted
        || dosis_json_parse(dosis_buf_slice(&run->http.answer), &json, NULL)
            != DOSIS_OK) {
        run_differ(run, "inzages", NULL, "another status");
        return;
    }
    rows = dosis_json_get(json, "Inzagen");
    for (i = 0; i < dosis_json_count(rows); i++) {
        shown = dosis_json_get(dosis_json_at(rows, i), "Dossiers");
        for (k = 0; k < dosis_json_count(shown); k++) {
            d = dossier_of(run, dosis_json_string(dosis_json_at(shown, k)));
            if (d == NULL || !sees(run, d, true)) {
                run_differ(run, "inzages", d, "names it");
            }
        }
    }
    dosis_json_free(json);
}


void
run_check_doors(run_t *run, bool may)
{
    size_t i;
    const model_dossier_t *d;

    for (i = 0; may && i < sizeof(doors) / sizeof(doors[0]); i++) {
        check_list(run, &doors[i]);
    }
    if (may) {
        check_counts(run);
        check_looks(run);
    }
    for (i = 0; i < DOORS_DETAILS; i++) {
        d = &run->model.dossier[model_choose(&run->model, MODEL_DOSSIERS)];
        if (d->stored && may) {
            check_detail(run, d);
            check_address(run, d);
        }
        if (d->stored) {
            check_explained(run, d);
        }
    }
}
