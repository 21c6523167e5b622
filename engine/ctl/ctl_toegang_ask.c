/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl toegang test, asking: tokens, one call, and what differs */
#include "ctl/ctl_toegang_run.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/dosis_text.h"
#include "ctl/ctl_issuer.h"


void
run_text_begin(run_text_t *t)
{
    dosis_buf_init_fixed(&t->buf, t->text, sizeof(t->text) - 1);
}


bool
run_text_end(run_text_t *t)
{
    t->text[t->buf.len] = '\0';
    return t->buf.rc == DOSIS_OK;
}


/* --- tokens -------------------------------------------------------------- */

bool
run_mint(run_t *run, const char *client, const char *claims, run_text_t *ret)
{
    static const char header[] =
        "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"dev-eddsa\"}";
    run_text_t said;
    long long now = (long long) time(NULL);
    dosis_slice_t message;

    run_text_begin(&said);
    dosis_buf_addf(&said.buf,
        "{\"iss\":\"%s\",\"aud\":\"%s\",\"client_id\":\"%s\",\"iat\":%lld,"
        "\"exp\":%lld%s}",
        CTL_ISSUER, CTL_AUDIENCE, client, now, now + 3600, claims);
    run_text_begin(ret);
    dosis_base64url_encode(&ret->buf, dosis_slice_of(header));
    dosis_buf_add_byte(&ret->buf, '.');
    dosis_base64url_encode(&ret->buf, dosis_buf_slice(&said.buf));
    message = dosis_buf_slice(&ret->buf);
    dosis_buf_add_byte(&ret->buf, '.');
    return said.buf.rc == DOSIS_OK
        && dosis_devkey_sign(&ret->buf, run->key, message) == DOSIS_OK
        && run_text_end(ret);
}


void
run_add_rights(run_t *run, dosis_buf_t *out, const model_asked_t *asked)
{
    const char *own = run->model.agent[asked->agent].id;
    const char *other = run->model.agent[(asked->agent + 1) % MODEL_AGENTS].id;
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


bool
run_mint_user(run_t *run)
{
    const model_asked_t *asked = &run->asker.asked[0];
    int by = run->asker.mandataris >= 0 ? run->asker.mandataris : asked->agent;
    const model_agent_t *who = &run->model.agent[by];
    run_text_t claims;

    run_text_begin(&claims);
    dosis_buf_addf(&claims.buf,
        ",\"sub\":\"x\",\"scope\":\"DosisGebruiker\",\"vo_doelgroepcode\":"
        "\"%s\",\"%s\":\"%s\",\"acr\":\"%s\",\"%s\":[",
        run->asker.doelgroep,
        strcmp(run->asker.doelgroep, "BUR") == 0 ? "rrn" : "vo_orgcode",
        who->id,
        run->asker.assured ? RUN_ACR_HIGH : "urn:dosis:acr:laag", CTL_RIGHTS);
    run_add_rights(run, &claims.buf, asked);
    dosis_buf_add_byte(&claims.buf, ']');
    if (run->asker.mandataris >= 0) {
        dosis_buf_addf(&claims.buf, ",\"ssm_mandaatgever\":\"%s\"",
            run->model.agent[asked->agent].id);
    }
    return run_text_end(&claims)
        && run_mint(run, CTL_PORTAL, claims.text, &run->token);
}


/* --- asking -------------------------------------------------------------- */

bool
run_ask(run_t *run, const char *method, const char *path, const char *body)
{
    bool header = !run->asker.user && body == NULL;
    const ctl_http_call_t call = { method, path, run->token.text,
        header ? run->handle.text : NULL,
        body == NULL ? dosis_slice(NULL, 0) : dosis_slice_of(body) };

    run->checks++;
    return ctl_http_ask(&run->http, &call) == DOSIS_OK;
}


bool
run_ask_as(run_t *run, const run_text_t *token, const char *method,
    const char *path, const char *body)
{
    const ctl_http_call_t call = { method, path, token->text, NULL,
        dosis_slice_of(body) };

    run->checks++;
    return ctl_http_ask(&run->http, &call) == DOSIS_OK;
}


void
run_differ(
    run_t *run, const char *door, const model_dossier_t *d, const char *said)
{
    int i, j;
    const model_counter_t *counter = &run->model.counter[run->asker.counter];

    run->failed++;
    printf("difference: seed=%llu round=%u door=%s %s\n",
        (unsigned long long) run->seed, run->round, door, said);
    printf("  who asks: %s %s assured=%d mandate=%d %s\n",
        run->asker.user ? "user" : "counter", run->asker.doelgroep,
        run->asker.assured, run->asker.mandataris >= 0, run->body.text);
    if (!run->asker.user) {
        printf("  counter: confidential=%d kinds=%x sources=%x products=%x\n",
            counter->vertrouwelijk, counter->kinds, counter->sources,
            counter->products);
    }
    if (d == NULL) {
        return;
    }
    printf("  dossier: %s source=%d %s product=%d public=%d confidential=%d"
           " withdrawn=%d\n",
        d->id, d->source,
        run->model.source[d->source].iedereen ? "iedereen" : "niemand",
        d->product, d->publiek,
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
