/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisctl toegang test: random sources, counters, dossiers and subjects; each
 * subject asks every door, and every door must say what the model says.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/dosis_json.h"
#include "crypto/dosis_secret.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_toegang.h"
#include "ctl/ctl_toegang_run.h"

#define TEST_SWITCH 8 /* once in so many rounds */


/* --- one asker ----------------------------------------------------------- */

static bool
get_handle(run_t *run)
{
    run_text_t body;
    dosis_json_t *json = NULL;
    dosis_slice_t handle;
    long wanted = model_may_ask(&run->model, &run->asker) ? 200 : 403;

    run_text_begin(&body);
    dosis_buf_addf(&body.buf, "{%s}", run->body.text);
    if (!run_text_end(&body)
        || !run_ask_as(run, &run->token, "POST", V1 "/namens", body.text)) {
        return false;
    }
    if (run->http.status != wanted) {
        run_differ(run, "namens", NULL, "another status");
    }
    if (run->http.status != 200
        || dosis_json_parse(dosis_buf_slice(&run->http.answer), &json, NULL)
            != DOSIS_OK) {
        return false;
    }
    handle = dosis_json_string(dosis_json_get(json, "Namens"));
    (void) snprintf(run->handle.text, sizeof(run->handle.text), "%.*s",
        (int) handle.len, handle.data);
    dosis_json_free(json);
    return true;
}


/* true: it has a token, and may ask. */
static bool
meet(run_t *run)
{
    char client[32];
    int i;

    model_ask(&run->model, &run->asker);
    run_text_begin(&run->body);
    DOSIS_BUF_LIT(&run->body.buf, "\"Agenten\":[");
    for (i = 0; i < run->asker.count; i++) {
        dosis_buf_addf(&run->body.buf,
            "%s{\"Identificatie\":\"%s\",\"Rechten\":[", i > 0 ? "," : "",
            run->model.agent[run->asker.asked[i].agent].id);
        run_add_rights(run, &run->body.buf, &run->asker.asked[i]);
        DOSIS_BUF_LIT(&run->body.buf, "]}");
    }
    dosis_buf_add_byte(&run->body.buf, ']');
    if (!run_text_end(&run->body) || run->asker.user) {
        return run_mint_user(run);
    }
    (void) snprintf(
        client, sizeof(client), "tt-%x-%d", run->model.run, run->asker.counter);
    return run_mint(run, client, ",\"scope\":\"DosisRaadpleging\"", &run->token)
        && get_handle(run);
}


static bool
begin(run_t *run, const ctl_home_t *home, const ctl_toegang_test_t *asked)
{
    unsigned number;
    ctl_path_t path = ctl_home_path(home, "keys/issuer-eddsa.pem");

    run->seed = asked->seed;
    run->socket = ctl_home_path(home, "run/dosisd.sock");
    if (dosis_devkey_load(path.path, DOSIS_DEVKEY_EDDSA, &run->key)
        != DOSIS_OK) {
        ctl_say("no development key at %s: this is for development only",
            path.path);
        return false;
    }
    if (dosis_random(&number, sizeof(number)) != DOSIS_OK
        || ctl_http_open(&run->http, asked->url) != DOSIS_OK) {
        return false;
    }
    model_init(&run->model, run->seed, number);
    return true;
}


/* Their tokens outlive no long run. */
static bool
mint_own(run_t *run)
{
    char client[32];

    (void) snprintf(client, sizeof(client), "tt-%x", run->model.run);
    return run_mint(run, client, ",\"scope\":\"DosisImport\"", &run->importer)
        && run_mint(run, client, ",\"scope\":\"DosisBeheer\"", &run->beheer);
}


/* One subject at every door, then one change; all of it chosen by the seed. */
static bool
play_round(run_t *run)
{
    run->round++;
    if (!mint_own(run)) {
        return false;
    }
    run_check_doors(run, meet(run));
    return run_change(run)
        && (model_choose(&run->model, TEST_SWITCH) > 0 || run_switch(run));
}


/* The clock ends it between two rounds, and decides nothing else. */
static bool
play(run_t *run, const ctl_toegang_test_t *asked)
{
    time_t until = time(NULL) + asked->seconds;
    bool going = mint_own(run) && run_register(run);
    int i;

    for (i = 0; going && i < MODEL_DOSSIERS / 2; i++) {
        going = run_push(run, &run->model.dossier[i]);
    }
    while (going && run->failed == 0 && time(NULL) < until
           && (asked->rounds == 0 || run->round < asked->rounds)) {
        going = play_round(run);
    }
    return going || run->failed > 0;
}


int
ctl_toegang_test(const ctl_home_t *home, const ctl_toegang_test_t *asked)
{
    static run_t only; /* too large for a stack */
    run_t *run = &only;
    int code = CTL_FAILED;

    printf("seed=%llu\n", (unsigned long long) asked->seed);
    if (begin(run, home, asked) && play(run, asked)) {
        printf("rounds=%u choices=%016llx answers=%u differences=%u\n",
            run->round, (unsigned long long) run->model.random, run->checks,
            run->failed);
        code = run->failed == 0 && run->round > 0 ? CTL_FINE : CTL_FOUND;
    }
    if (run->http.curl != NULL) {
        if (!run_clean(run)) {
            ctl_say("not all of toegang %x was taken away", run->model.run);
            code = code == CTL_FINE ? CTL_FAILED : code;
        }
        ctl_http_close(&run->http);
    }
    dosis_devkey_free(run->key);
    return code;
}
