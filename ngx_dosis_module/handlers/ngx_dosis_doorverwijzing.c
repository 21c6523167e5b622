/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * POST dossiers/{DossierId}/doorverwijzing: a one-time address that opens the
 * dossier at its source.
 *
 *   doorverwijzing   judges the dossier as the detail does, makes a ticket
 *   ask_work         the writer's thread: keeps the ticket, by its hash
 *   ask_on_commit    answered with the address, and noted in the access ledger
 *
 * A browser that asks gets a cookie too, and the ticket is bound to it.
 */

#include "auth/ngx_dosis_question.h"
#include "auth/ngx_dosis_transport.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/dosis_doorklik.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_browser.h"
#include "http/ngx_dosis_cookie.h"
#include "http/ngx_dosis_params.h"
#include "ngx_dosis_worker.h"
#include "store/dosis_click.h"
#include "store/dosis_ticket.h"
#include "writer/ngx_dosis_inzage.h"
#include "writer/ngx_dosis_job.h"
#include "writer/ngx_dosis_submit.h"

/* Lies in the arena of its job. */
typedef struct {
    dosis_ticket_t ticket;
    char key[DOSIS_TICKET_KEY];
    char text[DOSIS_TICKET_TEXT + 1];
    int64_t expires_s;
    dosis_rc_t rc;
    dosis_doorklik_t methode;
    dosis_slice_t base;
    char cookie[NGX_DOSIS_COOKIE_MAX];
    bool tls;
    dosis_inzage_t inzage; /* that it was given, of whom it is */
    dosis_agent_t mandataris;
    dosis_shown_t shown;
} ask_t;


static void
ask_work(dosis_txn_t *txn, ngx_dosis_job_t *job)
{
    ask_t *ask = job->owner;

    ask->rc = dosis_ticket_put(txn, ask->key, &ask->ticket);
}


static void
ask_answer(const ask_t *ask, dosis_buf_t *out)
{
    DOSIS_BUF_LIT(out, "{\"Url\":\"");
    dosis_buf_add_slice(out, ask->base);
    dosis_buf_addf(out, "/door/%s\",\"Methode\":\"%s\",\"VervaltOp\":\"",
        ask->text, dosis_doorklik_name(ask->methode));
    dosis_time_add_utc(out, ask->expires_s * DOSIS_NS_PER_S);
    DOSIS_BUF_LIT(out, "\"}");
}


static void
ask_on_commit(ngx_dosis_job_t *job)
{
    char memory[NGX_DOSIS_COOKIE_LINE];
    dosis_buf_t *out = ngx_dosis_worker_out();
    dosis_buf_t line;
    const ask_t *ask = job->owner;
    dosis_rc_t rc = (job->rc != DOSIS_OK) ? job->rc : ask->rc;
    ngx_dosis_reply_t reply = { .secret = true };

    dosis_buf_init_fixed(&line, memory, sizeof(memory));
    if (rc == DOSIS_OK) {
        ask_answer(ask, out);
        rc = out->rc;
    }
    if (rc == DOSIS_ELIMIT) {
        reply.problem = NGX_DOSIS_TE_VEEL_DOORVERWIJZINGEN;
    } else if (rc != DOSIS_OK) {
        reply.problem = ngx_dosis_problem_of_rc(rc);
    } else {
        reply.body = dosis_buf_slice(out);
    }
    if (rc == DOSIS_OK && ask->ticket.bound) {
        ngx_dosis_cookie_add(&line, ask->tls, ask->cookie);
        reply.cookie = dosis_buf_slice(&line);
    }
    ngx_dosis_inzage_answer(&job->listener, &reply, &ask->inzage);
    ngx_dosis_job_free(job);
}


static bool
ask_copy(dosis_arena_t *arena, dosis_slice_t from, dosis_slice_t *to)
{
    *to = dosis_arena_copy(arena, from);
    return from.len == 0 || to->data != NULL;
}


/* The token and its rights may be gone before the thread is done. */
static bool
ask_subject(
    dosis_arena_t *arena, const dosis_subject_t *from, dosis_subject_t *to)
{
    size_t i;
    bool whole = true;
    dosis_slice_t *held;

    held =
        dosis_arena_alloc(arena, (from->rechten_count + 1) * sizeof(held[0]));
    if (held == NULL) {
        return false;
    }
    for (i = 0; i < from->rechten_count; i++) {
        whole = ask_copy(arena, from->rechten[i], &held[i]) && whole;
    }
    *to = *from;
    to->rechten = held;
    return whole;
}


/* A copy: the answer comes after this turn of the event loop. */
static bool
ask_note(const ngx_dosis_call_t *call, dosis_arena_t *arena, ask_t *ask)
{
    const dosis_inzage_t *from = &call->inzage;
    dosis_inzage_t *to = &ask->inzage;

    *to = *from;
    to->client = ask->ticket.client;
    to->subject = &ask->ticket.subject;
    to->subjects = 1;
    to->shown = &ask->shown;
    dosis_shown_add(&ask->shown, ask->ticket.dossier);
    if (from->mandataris != NULL) {
        ask->mandataris = *from->mandataris;
        to->mandataris = &ask->mandataris;
    }
    return ask_copy(arena, from->gebruiker, &to->gebruiker)
        && ask_copy(arena, from->doel, &to->doel)
        && ask_copy(arena, from->zekerheid, &to->zekerheid);
}


static dosis_rc_t
ask_bind(ngx_dosis_call_t *call, ask_t *ask)
{
    dosis_rc_t rc;
    const ngx_dosis_loc_conf_t *conf;

    if (!ngx_dosis_browser_asks(call->r)) {
        return DOSIS_OK;
    }
    conf = ngx_http_get_module_loc_conf(call->r, ngx_dosis_module);
    ask->tls =
        ngx_dosis_transport_is_tls(call->r, ngx_dosis_ctx(call->r), conf);
    rc = ngx_dosis_cookie_give(call->r, ask->tls, ask->cookie);
    if (rc == DOSIS_OK) {
        ask->ticket.bound = true;
        dosis_ticket_cookie(dosis_reader_crypt(call->reader),
            dosis_slice_of(ask->cookie), ask->ticket.cookie);
    }
    return rc;
}


static dosis_rc_t
ask_fill(ngx_dosis_call_t *call, const uint8_t *id, const dosis_click_t *click,
    ngx_dosis_job_t *job)
{
    dosis_rc_t rc;
    ask_t *ask = dosis_arena_zalloc(job->arena, sizeof(*ask));

    if (ask == NULL
        || !ask_subject(job->arena, click->subject, &ask->ticket.subject)
        || !ask_copy(job->arena, ngx_dosis_call_door(call), &ask->base)
        || !ask_copy(
            job->arena, call->identity->client, &ask->ticket.client)) {
        return DOSIS_ENOMEM;
    }
    job->owner = ask;
    job->work = ask_work;
    memcpy(ask->ticket.dossier, id, DOSIS_ID_BYTES);
    if (!ask_note(call, job->arena, ask)) {
        return DOSIS_ENOMEM;
    }
    ask->ticket.loket = !call->identity->has_subject;
    ask->ticket.doelgroep = call->identity->doelgroep;
    ask->methode = click->bron->doorklik;
    ask->expires_s = call->now_ns / DOSIS_NS_PER_S + DOSIS_TICKET_TTL_S;
    rc = dosis_ticket_text(ask->expires_s, ask->text);
    if (rc == DOSIS_OK
        && !dosis_ticket_key(dosis_reader_crypt(call->reader),
            dosis_slice_of(ask->text), ask->key)) {
        rc = DOSIS_EIO;
    }
    return (rc == DOSIS_OK) ? ask_bind(call, ask) : rc;
}


static ngx_int_t
ask_submit(
    ngx_dosis_call_t *call, const uint8_t *id, const dosis_click_t *click)
{
    dosis_rc_t rc = DOSIS_ENOMEM;
    ngx_dosis_job_t *job = ngx_dosis_job_create(ask_on_commit);

    if (job != NULL) {
        rc = ask_fill(call, id, click, job);
    }
    return ngx_dosis_submit_made(call, job, rc);
}


ngx_int_t
ngx_dosis_doorverwijzing(ngx_dosis_call_t *call)
{
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    uint8_t id[DOSIS_ID_BYTES];
    dosis_click_t click;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)) {
        return NGX_OK;
    }
    if (dosis_id_decode(id, call->segment)) {
        rc = dosis_click(call->reader, &asked.question, id, &click);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    if (click.url.len == 0) {
        return ngx_dosis_refuse(call, NGX_DOSIS_GEEN_DOORVERWIJZING);
    }
    return ask_submit(call, id, &click);
}
