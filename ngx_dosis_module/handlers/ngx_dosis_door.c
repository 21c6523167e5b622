/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET /door/{ticket}: a browser opens the address of a click-through.
 *
 *   door            is the ticket there? (a read: garbage costs no write)
 *   door_work       the writer's thread: takes it, so that one of all wins
 *   door_on_commit  the loop: taken, on disk; on to a thread that reads
 *   door_look       a thread, in one snapshot: who comes is judged anew, and
 *                   the answer of the source's method is made
 *   door_done       the loop: answered
 *
 * HEAD and prefetch take nothing. Used up, expired, unknown, of another
 * browser, access lost: one answer.
 */

#include "auth/ngx_dosis_transport.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "crypto/dosis_mint.h"
#include "domain/dosis_doorklik.h"
#include "domain/dosis_url.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_browser.h"
#include "http/ngx_dosis_cookie.h"
#include "http/ngx_dosis_page.h"
#include "ngx_dosis_worker.h"
#include "store/dosis_click.h"
#include "store/dosis_signing.h"
#include "store/dosis_ticket.h"
#include "writer/ngx_dosis_task.h"

#define DOOR_ARENA_BYTES ((size_t) 1 << 20)
#define DOOR_OUT_BYTES ((size_t) 256 << 10)
#define DOOR_HINT_MAX 512
#define DOOR_POLICY_MAX 2048

/* Lies in the arena of its task. */
typedef struct {
    char key[DOSIS_TICKET_KEY];
    bool has_cookie;
    uint8_t cookie[DOSIS_TICKET_COOKIE];
    dosis_rc_t rc;
    dosis_ticket_t ticket;
    dosis_slice_t base; /* our address; empty: none is configured */
    int64_t now_ns;
    dosis_arena_t *arena;
    dosis_buf_t out;
    ngx_dosis_reply_t reply;
} door_t;


/* --- the answers --------------------------------------------------------- */

static void
door_close(door_t *door, ngx_dosis_problem_t problem)
{
    door->reply = (ngx_dosis_reply_t){
        .problem = problem, .secret = true, .page = true
    };
}


static void
door_go(door_t *door, dosis_slice_t url, const dosis_url_param_t *params,
    size_t count)
{
    dosis_url_add(&door->out, url, params, count);
    if (door->out.rc != DOSIS_OK) {
        door_close(door, NGX_DOSIS_INTERNE_FOUT);
        return;
    }
    door->reply.location = dosis_buf_slice(&door->out);
}


static dosis_slice_t
door_hint(const door_t *door, char memory[DOOR_HINT_MAX])
{
    dosis_buf_t hint;
    const dosis_agent_t *agent = &door->ticket.subject.agent;

    dosis_buf_init_fixed(&hint, memory, DOOR_HINT_MAX);
    dosis_doorklik_hint(
        &hint, agent, dosis_doorklik_doelgroep(agent, door->ticket.doelgroep));
    return dosis_buf_slice(&hint);
}


static void
door_url(door_t *door, dosis_reader_t *reader, const dosis_click_t *click)
{
    (void) reader;
    door_go(door, click->url, NULL, 0);
}


static void
door_login_hint(
    door_t *door, dosis_reader_t *reader, const dosis_click_t *click)
{
    char memory[DOOR_HINT_MAX];
    const dosis_url_param_t param = { "login_hint", door_hint(door, memory) };

    (void) reader;
    door_go(door, click->url, &param, param.value.len > 0 ? 1 : 0);
}


static void
door_oidc(door_t *door, dosis_reader_t *reader, const dosis_click_t *click)
{
    char memory[DOOR_HINT_MAX];
    const dosis_bron_t *bron = click->bron;
    dosis_slice_t hint = door_hint(door, memory);
    dosis_url_param_t params[] = {
        { "iss", bron->login_issuer.len > 0 ? bron->login_issuer : door->base },
        { "target_link_uri", click->url },
        { "login_hint", hint },
    };

    (void) reader;
    if (params[0].value.len == 0
        || !dosis_url_may_open(
            bron->login_uri, bron->hosten, bron->hosten_count)) {
        door_close(door, NGX_DOSIS_GEEN_DOORVERWIJZING);
        return;
    }
    door_go(door, bron->login_uri, params, hint.len > 0 ? 3 : 2);
}


static void
door_add_rights(dosis_buf_t *claims, const dosis_subject_t *subject)
{
    size_t i;

    DOSIS_BUF_LIT(claims, ",\"rechten\":[");
    for (i = 0; i < subject->rechten_count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(claims, ',');
        }
        dosis_json_add_string(claims, subject->rechten[i]);
    }
    dosis_buf_add_byte(claims, ']');
}


static dosis_rc_t
door_add_claims(
    dosis_buf_t *claims, const door_t *door, const dosis_click_t *click)
{
    char jti[DOSIS_UUID_TEXT + 1], id[DOSIS_ID_TEXT + 1];
    uint8_t random[16];
    int64_t now_s = door->now_ns / DOSIS_NS_PER_S;
    const dosis_bron_t *bron = click->bron;
    const dosis_agent_t *agent = &door->ticket.subject.agent;
    dosis_rc_t rc = dosis_random(random, sizeof(random));

    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_uuid_encode(jti, random);
    dosis_id_encode(id, door->ticket.dossier);
    dosis_buf_add_byte(claims, '{');
    dosis_json_add_member(claims, "iss", door->base);
    dosis_buf_add_byte(claims, ',');
    dosis_json_add_member(
        claims, "aud", bron->audience.len > 0 ? bron->audience : bron->bron);
    dosis_buf_add_byte(claims, ',');
    dosis_json_add_member(claims, "sub", dosis_agent_id(agent));
    dosis_buf_addf(claims, ",\"soort\":\"%s\",",
        dosis_agent_soort_name(agent->soort));
    dosis_json_add_member(claims, "doelgroep",
        dosis_doorklik_doelgroep(agent, door->ticket.doelgroep));
    door_add_rights(claims, &door->ticket.subject);
    DOSIS_BUF_LIT(claims, ",\"dossier\":{\"Bron\":");
    dosis_json_add_string(claims, bron->bron);
    dosis_buf_addf(claims,
        ",\"DossierId\":\"%s\",\"DossierNummer\":\"%.*s\"},\"jti\":\"%s\","
        "\"iat\":%lld,\"exp\":%lld}",
        id, (int) click->nummer.len, click->nummer.data, jti, (long long) now_s,
        (long long) now_s + DOSIS_TICKET_TTL_S);
    return claims->rc;
}


/* Adds the signed assertion. */
static dosis_rc_t
door_sign(dosis_buf_t *token, const door_t *door, dosis_reader_t *reader,
    const dosis_click_t *click)
{
    char kid[DOSIS_SIGNING_KID + 1], memory[DOSIS_SIGNING_PEM_MAX];
    dosis_mint_t mint = { .alg = DOSIS_SIGNING_ALG, .kid = kid };
    dosis_buf_t claims, pem;
    dosis_rc_t rc;

    dosis_buf_init(&claims, DOSIS_MINT_CLAIMS_MAX);
    dosis_buf_init_fixed(&pem, memory, sizeof(memory));
    rc = door_add_claims(&claims, door, click);
    if (rc == DOSIS_OK) {
        rc = dosis_signing_active(reader, kid, &pem);
    }
    if (rc == DOSIS_OK) {
        mint.pem = dosis_buf_slice(&pem);
        rc = dosis_mint(token, &mint, dosis_buf_slice(&claims));
    }
    explicit_bzero(memory, sizeof(memory));
    dosis_buf_done(&claims);
    return rc;
}


static void
door_assertie(door_t *door, dosis_reader_t *reader, const dosis_click_t *click)
{
    char *memory = dosis_arena_alloc(door->arena, DOOR_POLICY_MAX);
    dosis_buf_t token, address, policy;
    dosis_rc_t rc = (memory == NULL) ? DOSIS_ENOMEM : DOSIS_OK;

    if (door->base.len == 0) {
        door_close(door, NGX_DOSIS_GEEN_DOORVERWIJZING);
        return;
    }
    dosis_buf_init(&token, 2 * DOSIS_MINT_CLAIMS_MAX);
    dosis_buf_init(&address, DOOR_POLICY_MAX * 2);
    dosis_buf_init_fixed(&policy, memory, memory ? DOOR_POLICY_MAX : 0);
    if (rc == DOSIS_OK) {
        rc = door_sign(&token, door, reader, click);
    }
    dosis_url_add(&address, click->url, NULL, 0);
    ngx_dosis_page_policy_post(&policy, dosis_url_origin(click->url));
    if (rc == DOSIS_OK && address.rc == DOSIS_OK && policy.rc == DOSIS_OK) {
        ngx_dosis_page_post(
            &door->out, dosis_buf_slice(&address), dosis_buf_slice(&token));
        rc = door->out.rc;
    } else {
        rc = (rc == DOSIS_OK) ? DOSIS_ENOMEM : rc;
    }
    door->reply.body = dosis_buf_slice(&door->out);
    door->reply.type = NGX_DOSIS_PAGE_TYPE;
    door->reply.policy = dosis_buf_slice(&policy);
    if (rc != DOSIS_OK) {
        door_close(door, NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR);
    }
    dosis_buf_done(&address);
    dosis_buf_done(&token);
}


static void (*const door_methods[])(
    door_t *door, dosis_reader_t *reader, const dosis_click_t *click) = {
    [DOSIS_DOORKLIK_URL] = door_url,
    [DOSIS_DOORKLIK_LOGIN_HINT] = door_login_hint,
    [DOSIS_DOORKLIK_OIDC] = door_oidc,
    [DOSIS_DOORKLIK_ASSERTIE] = door_assertie,
};


/* --- judged anew --------------------------------------------------------- */

/* A counter is what its registration says now; false: no more. */
static bool
door_counter(door_t *door, dosis_reader_t *reader, dosis_question_t *question)
{
    dosis_subject_t *subject = &door->ticket.subject;
    const dosis_client_t *client =
        dosis_ref_client(dosis_reader_ref(reader), door->ticket.client);

    if (!door->ticket.loket) {
        return client == NULL || client->actief;
    }
    if (client == NULL || !client->actief || !client->is_loket
        || !dosis_client_asks(client, subject->agent.soort)) {
        return false;
    }
    subject->vertrouwelijk = client->vertrouwelijk;
    question->loket = client;
    return true;
}


static void
door_look(ngx_dosis_task_t *task, dosis_reader_t *reader)
{
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    dosis_click_t click;
    door_t *door = task->data;
    dosis_question_t question = {
        .subject = &door->ticket.subject,
        .subjects = 1,
        .now_ns = door->now_ns,
    };

    if (door_counter(door, reader, &question)) {
        rc = dosis_click(reader, &question, door->ticket.dossier, &click);
    }
    if (rc == DOSIS_OK && click.url.len > 0) {
        door_methods[click.bron->doorklik](door, reader, &click);
    } else if (rc == DOSIS_OK || rc == DOSIS_ENOTFOUND) {
        door_close(door, NGX_DOSIS_DOORVERWIJZING_VERVALLEN);
    } else {
        door_close(door, ngx_dosis_problem_of_rc(dosis_store_trouble(rc)));
    }
}


static void
door_free(ngx_dosis_task_t *task)
{
    door_t *door = task->data;

    dosis_buf_done(&door->out);
    ngx_dosis_task_free(task);
}


static void
door_done(ngx_dosis_task_t *task)
{
    door_t *door = task->data;

    if (task->rc != DOSIS_OK) {
        door_close(
            door, ngx_dosis_problem_of_rc(dosis_store_trouble(task->rc)));
    }
    ngx_dosis_listener_answer(&task->listener, &door->reply);
    door_free(task);
}


/* --- taken --------------------------------------------------------------- */

static void
door_work(dosis_txn_t *txn, ngx_dosis_job_t *job)
{
    ngx_dosis_task_t *task = job->owner;
    door_t *door = task->data;

    door->rc = dosis_ticket_take(txn, door->key,
        door->has_cookie ? door->cookie : NULL, door->arena, &door->ticket);
}


static void
door_on_drop(ngx_dosis_job_t *job)
{
    ngx_dosis_task_t *task = job->owner;

    ngx_dosis_job_free(job);
    door_free(task);
}


/* The request goes on to wait for the thread. */
static void
door_on_commit(ngx_dosis_job_t *job)
{
    ngx_dosis_task_t *task = job->owner;
    door_t *door = task->data;
    ngx_http_request_t *r = job->listener.r;
    dosis_rc_t rc = (job->rc != DOSIS_OK) ? job->rc : door->rc;

    ngx_dosis_job_free(job);
    if (r == NULL) {
        door_free(task);
        return;
    }
    ngx_dosis_listen(r, &task->listener);
    if (rc == DOSIS_OK) {
        rc = ngx_dosis_task_post(task);
        if (rc == DOSIS_OK) {
            return;
        }
    }
    door_close(door,
        rc == DOSIS_ENOTFOUND ? NGX_DOSIS_DOORVERWIJZING_VERVALLEN
                              : ngx_dosis_problem_of_rc(rc));
    ngx_dosis_listener_answer(&task->listener, &door->reply);
    door_free(task);
}


/* --- asked --------------------------------------------------------------- */

/* NULL when memory is out. */
static ngx_dosis_task_t *
door_create(ngx_dosis_call_t *call)
{
    door_t *door;
    ngx_dosis_task_t *task = ngx_dosis_task_create(DOOR_ARENA_BYTES);

    door = (task == NULL) ? NULL
                          : dosis_arena_zalloc(task->arena, sizeof(*door));
    if (door == NULL) {
        ngx_dosis_task_free(task);
        return NULL;
    }
    task->data = door;
    task->work = door_look;
    task->done = door_done;
    door->arena = task->arena;
    door->now_ns = call->now_ns;
    door->reply.secret = true;
    dosis_buf_init(&door->out, DOOR_OUT_BYTES);
    door->base = dosis_arena_copy(task->arena, call->base);
    if (call->base.len > 0 && door->base.data == NULL) {
        door_free(task);
        return NULL;
    }
    return task;
}


static ngx_int_t
door_submit(ngx_dosis_call_t *call, ngx_dosis_task_t *task)
{
    dosis_rc_t rc;
    ngx_dosis_job_t *job = ngx_dosis_job_create(door_on_commit);

    if (job == NULL) {
        door_free(task);
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    job->owner = task;
    job->work = door_work;
    job->on_drop = door_on_drop;
    rc = ngx_dosis_writer_submit(ngx_dosis_worker()->writer, job);
    if (rc != DOSIS_OK) {
        door_on_drop(job);
        return ngx_dosis_refuse_rc(call, rc);
    }
    ngx_dosis_listen(call->r, &job->listener);
    return NGX_DONE;
}


/* Which ticket, of which browser, and is it there? */
static dosis_rc_t
door_find(ngx_dosis_call_t *call, bool tls, door_t *door)
{
    dosis_crypt_t *crypt = dosis_reader_crypt(call->reader);
    dosis_slice_t cookie = ngx_dosis_cookie_sent(call->r, tls);

    if (!dosis_ticket_key(crypt, call->segment, door->key)) {
        return DOSIS_ENOTFOUND;
    }
    door->has_cookie = cookie.len > 0;
    dosis_ticket_cookie(crypt, cookie, door->cookie);
    return dosis_ticket_look(call->reader, door->key, call->now_ns,
        door->has_cookie ? door->cookie : NULL);
}


static ngx_int_t
door_open(ngx_dosis_call_t *call, bool tls)
{
    dosis_rc_t rc = DOSIS_ENOMEM;
    ngx_dosis_task_t *task = door_create(call);

    if (task != NULL) {
        rc = door_find(call, tls, task->data);
    }
    if (rc == DOSIS_OK) {
        return door_submit(call, task);
    }
    if (task != NULL) {
        door_free(task);
    }
    return (rc == DOSIS_ENOTFOUND)
        ? ngx_dosis_refuse(call, NGX_DOSIS_DOORVERWIJZING_VERVALLEN)
        : ngx_dosis_refuse_rc(call, dosis_store_trouble(rc));
}


ngx_int_t
ngx_dosis_door(ngx_dosis_call_t *call)
{
    ngx_http_request_t *r = call->r;
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(r);
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_dosis_module);
    if (conf->require_tls && !ngx_dosis_transport_is_private(r, ctx, conf)) {
        return ngx_dosis_refuse(call, NGX_DOSIS_TLS_VEREIST);
    }
    if (r->method == NGX_HTTP_HEAD) {
        call->reply.empty = true;
        return NGX_OK;
    }
    if (ngx_dosis_browser_prefetches(r)) {
        return ngx_dosis_refuse(call, NGX_DOSIS_TE_VROEG);
    }
    return door_open(call, ngx_dosis_transport_is_tls(r, ctx, conf));
}
