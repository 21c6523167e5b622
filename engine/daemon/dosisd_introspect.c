/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_introspect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "crypto/dosis_introspectie.h"
#include "daemon/dosisd_answers.h"
#include "daemon/dosisd_issuers.h"
#include "daemon/dosisd_log.h"

#define LEEWAY_S 30
#define NEGATIVE_S 10 /* when there is no issuer to ask */
#define LEFT_MIN_MS 20
#define STATUS_OK 200
#define STATUS_BAD 400
#define STATUS_UNAVAILABLE 503
#define ACCEPT "application/json, application/" DOSIS_INTROSPECTIE_TYP ";q=0.5"

typedef struct question_s question_t;

struct question_s {
    dosisd_introspect_t *introspect;
    question_t *next;
    dosisd_waiter_t *waiting;
    dosisd_fetch_call_t *call;
    uint8_t hash[DOSISD_TOKEN_HASH];
    int64_t due_ms;     /* monotonic: no longer than this */
    size_t place;       /* of the issuer that is asked */
    uint64_t turn;      /* of the registrations: place is of these */
    bool named;         /* some issuer claims its prefix */
    bool unknown;       /* one of those asked could not tell */
    int64_t negative_s; /* the least of those asked */
    size_t token_len;
    char token[DOSIS_JWT_MAX];
};

struct dosisd_introspect_s {
    dosisd_t *dosisd;
    dosisd_answers_t *answers;
    dosisd_issuers_t *issuers;
    uint64_t turn; /* of the registrations that the answers are of */
    question_t *questions;
    size_t under_way;
    size_t waiting;
    const char *failing[DOSIS_UITGEVERS_MAX]; /* static: why, by place */
    bool closing;
    uint64_t asked;      /* by workers */
    uint64_t remembered; /* of those */
    uint64_t sent;       /* to issuers */
    uint64_t failed;     /* of those */
};


/* --- who waits ----------------------------------------------------------- */

static void
tell(dosisd_introspect_t *introspect, dosisd_waiter_t *waiter, unsigned status,
    dosis_slice_t answer)
{
    introspect->waiting--;
    waiter->told(waiter, status, answer);
}


/* Out of the list, wiped; then everybody is told. */
static void
question_end(question_t *question, unsigned status, dosis_slice_t answer)
{
    dosisd_introspect_t *introspect = question->introspect;
    dosisd_waiter_t *waiter = question->waiting, *next;
    question_t **at = &introspect->questions;

    while (*at != question) {
        at = &(*at)->next;
    }
    *at = question->next;
    introspect->under_way--;
    dosisd_fetch_cancel(question->call);
    explicit_bzero(question, sizeof(*question));
    free(question);
    for (; waiter != NULL; waiter = next) {
        next = waiter->next;
        tell(introspect, waiter, status, answer);
    }
}


static void
question_fail(question_t *question)
{
    question_end(question, STATUS_UNAVAILABLE, dosis_slice(NULL, 0));
}


static int64_t
now_s(void)
{
    return dosisd_now_ns() / DOSIS_NS_PER_S;
}


/* Remembered, and told. */
static void
question_answer(question_t *question, dosis_buf_t *answer, int64_t until_s)
{
    dosisd_answers_t *answers = question->introspect->answers;

    if (answer->rc != DOSIS_OK) {
        question_fail(question);
        return;
    }
    dosisd_answers_put(answers, question->hash, dosis_buf_slice(answer),
        now_s(), until_s);
    question_end(question, STATUS_OK, dosis_buf_slice(answer));
}


static void
answer_no(question_t *question, dosis_jwt_reason_t reason)
{
    char memory[512];
    int64_t until_s = now_s()
        + (question->negative_s < INT64_MAX ? question->negative_s
                                            : NEGATIVE_S);
    dosis_buf_t answer;

    dosis_buf_init_fixed(&answer, memory, sizeof(memory));
    dosis_buf_addf(&answer,
        "{\"Actief\":false,\"Reden\":\"%s\",\"Tot\":%" PRId64 "}\n",
        dosis_jwt_reason_text(reason), until_s);
    question_answer(question, &answer, until_s);
}


static void
answer_yes(question_t *question, const dosisd_issuer_t *issuer,
    dosis_slice_t claims, int64_t exp_s)
{
    dosis_buf_t answer;
    int64_t until_s = now_s() + issuer->max_s;

    until_s = until_s < exp_s ? until_s : exp_s;
    dosis_buf_init(&answer, DOSISD_INTROSPECT_ANSWER_MAX);
    DOSIS_BUF_LIT(&answer, "{\"Actief\":true,");
    dosis_json_add_member(&answer, "Uitgever", issuer->issuer.issuer);
    dosis_buf_addf(&answer, ",\"Tot\":%" PRId64 ",\"Claims\":", until_s);
    dosis_buf_add_slice(&answer, claims);
    DOSIS_BUF_LIT(&answer, "}\n");
    question_answer(question, &answer, until_s);
    if (answer.data != NULL) {
        explicit_bzero(answer.data, answer.len);
    }
    dosis_buf_done(&answer);
}


/* --- issuers ------------------------------------------------------------- */

static bool
has_prefix(const question_t *question, dosis_slice_t prefix)
{
    return prefix.len > 0 && prefix.len <= question->token_len
        && memcmp(question->token, prefix.data, prefix.len) == 0;
}


/* Whether the issuer may have given it out. */
static bool
may_ask(const question_t *question, const dosisd_issuer_t *issuer)
{
    return question->named ? has_prefix(question, issuer->prefix)
                           : issuer->prefix.len == 0;
}


static void
find_named(question_t *question)
{
    const dosisd_issuer_t *issuer;
    size_t place;

    for (place = 0; (issuer = dosisd_issuers_at(
                         question->introspect->issuers, place))
         != NULL;
         place++) {
        question->named |= has_prefix(question, issuer->prefix);
    }
}


/* A line when that changes, not at every question. */
static void
say_failing(const question_t *question, dosis_slice_t issuer, const char *why,
    unsigned status)
{
    dosisd_introspect_t *introspect = question->introspect;
    const char **failing =
        &introspect->failing[question->place % DOSIS_UITGEVERS_MAX];

    introspect->failed += why != NULL;
    if (why == *failing) {
        return;
    }
    *failing = why;
    if (why == NULL) {
        dosisd_log(DOSISD_NOTICE, "introspection answers again: uitgever=%.*s",
            (int) issuer.len, issuer.data);
    } else {
        dosisd_log(DOSISD_WARN,
            "introspection gives no answer, opaque tokens get 503:"
            " uitgever=%.*s why=%s status=%u",
            (int) issuer.len, issuer.data, why, status);
    }
}


static void on_fetched(void *payload, const dosisd_fetched_t *got);


static dosis_rc_t
issuer_post(question_t *question, const dosisd_issuer_t *issuer,
    const dosis_buf_t *form, const char *authorization)
{
    const int64_t left_ms = question->due_ms - dosisd_monotonic_ms();
    const dosisd_fetch_ask_t ask = {
        .url = issuer->address,
        .ca_file = issuer->ca_file,
        .accept = ACCEPT,
        .authorization = authorization,
        .type = "application/x-www-form-urlencoded",
        .body = dosis_buf_slice(form),
        .max_bytes = DOSIS_INTROSPECTIE_MAX,
        .max_ms = left_ms < issuer->wait_ms ? left_ms : issuer->wait_ms,
        .handler = on_fetched,
        .payload = question,
    };

    if (left_ms < LEFT_MIN_MS) {
        return DOSIS_EEXPIRED;
    }
    return dosisd_fetch_start(
        question->introspect->dosisd->fetch, &ask, &question->call);
}


static dosis_rc_t
issuer_ask(question_t *question, const dosisd_issuer_t *issuer)
{
    dosis_buf_t form, authorization;
    dosis_rc_t rc;

    if (issuer->address == NULL) {
        return DOSIS_ENOTFOUND; /* not discovered yet */
    }
    dosis_buf_init(&form, DOSISD_ISSUER_FORM_MAX);
    dosis_buf_init(&authorization, DOSISD_ISSUER_FORM_MAX);
    rc = dosisd_issuer_form(issuer,
        dosis_slice(question->token, question->token_len), now_s(), &form,
        &authorization);
    dosis_buf_add_byte(&authorization, '\0');
    if (rc == DOSIS_OK) {
        rc = issuer_post(question, issuer, &form,
            authorization.len > 1 ? authorization.data : NULL);
    }
    if (form.data != NULL) {
        explicit_bzero(form.data, form.len);
    }
    if (authorization.data != NULL) {
        explicit_bzero(authorization.data, authorization.len);
    }
    dosis_buf_done(&form);
    dosis_buf_done(&authorization);
    return rc;
}


/* With what only discovery tells. */
static dosisd_issuer_t
with_address(const question_t *question, const dosisd_issuer_t *issuer)
{
    dosisd_issuer_t whole = *issuer;

    if (whole.address == NULL) {
        whole.address = dosisd_sleutels_introspectie(
            question->introspect->dosisd->sleutels, whole.number);
    }
    if (whole.audience.len == 0 && whole.address != NULL) {
        whole.audience = dosis_slice_of(whole.address);
    }
    return whole;
}


/* From question->place on; the question may be over when it returns. */
static void
ask_next(question_t *question)
{
    dosisd_introspect_t *introspect = question->introspect;
    const dosisd_issuer_t *issuer;
    dosisd_issuer_t whole;
    dosis_rc_t rc;

    for (; (issuer = dosisd_issuers_at(introspect->issuers, question->place))
         != NULL;
         question->place++) {
        if (!may_ask(question, issuer)) {
            continue;
        }
        if (issuer->negative_s < question->negative_s) {
            question->negative_s = issuer->negative_s;
        }
        introspect->sent++;
        whole = with_address(question, issuer);
        rc = issuer_ask(question, &whole);
        if (rc == DOSIS_OK) {
            return; /* on_fetched goes on */
        }
        say_failing(question, issuer->issuer.issuer, dosis_rc_name(rc), 0);
        question->unknown = true;
    }
    if (question->unknown) {
        question_fail(question);
    } else {
        answer_no(question, DOSIS_JWT_INACTIVE);
    }
}


/* What was remembered was said by issuers as they were registered then. */
static void
look(dosisd_introspect_t *introspect)
{
    uint64_t turn = dosisd_issuers_look(introspect->issuers, now_s());

    if (turn != introspect->turn) {
        introspect->turn = turn;
        memset(introspect->failing, 0, sizeof(introspect->failing));
        dosisd_answers_clear(introspect->answers);
    }
}


/* What an issuer has said; why: it has said nothing. */
typedef struct {
    const char *why;
    dosis_rc_t rc;
    dosis_introspectie_said_t what;
    dosis_buf_t claims;
} said_t;


static void
fetched_read(const dosisd_issuer_t *issuer, const dosisd_fetched_t *got,
    said_t *said)
{
    const dosis_introspectie_asked_t asked = {
        .issuer = &issuer->issuer,
        .client = issuer->client,
        .now_s = now_s(),
        .leeway_s = LEEWAY_S,
        .max_s = issuer->max_s,
    };

    if (got->failure != NULL) {
        said->why = got->failure;
        return;
    }
    if (got->status != STATUS_OK) {
        said->why = "status";
        return;
    }
    said->rc = dosis_introspectie_read(
        &asked, got->type, got->body, &said->what);
    if (said->rc != DOSIS_OK && said->rc != DOSIS_EDENIED) {
        said->why = "antwoord";
    }
}


static void
question_judge(question_t *question, const dosisd_issuer_t *issuer,
    const dosisd_fetched_t *got, said_t *said)
{
    fetched_read(issuer, got, said);
    say_failing(question, issuer->issuer.issuer, said->why, got->status);
    if (said->why == NULL && said->rc == DOSIS_OK) {
        answer_yes(
            question, issuer, dosis_buf_slice(&said->claims), said->what.exp_s);
    } else if (said->why == NULL && said->what.reason != DOSIS_JWT_INACTIVE) {
        answer_no(question, said->what.reason); /* it is theirs, none for us */
    } else {
        question->unknown |= said->why != NULL;
        question->place++;
        ask_next(question);
    }
}


static void
on_fetched(void *payload, const dosisd_fetched_t *got)
{
    question_t *question = payload;
    const dosisd_issuer_t *issuer;
    said_t said = { .rc = DOSIS_EFORMAT, .what = { .claims = &said.claims } };

    question->call = NULL;
    look(question->introspect);
    issuer = dosisd_issuers_at(question->introspect->issuers, question->place);
    if (question->turn != question->introspect->turn || issuer == NULL) {
        question_fail(question); /* registrations changed meanwhile */
        return;
    }
    dosis_buf_init(&said.claims, DOSISD_INTROSPECT_ANSWER_MAX);
    question_judge(question, issuer, got, &said);
    if (said.claims.data != NULL) {
        explicit_bzero(said.claims.data, said.claims.len);
    }
    dosis_buf_done(&said.claims);
}


/* --- a worker asks ------------------------------------------------------- */

static void
join(question_t *question, dosisd_waiter_t *waiter)
{
    waiter->next = question->waiting;
    question->waiting = waiter;
}


static question_t *
question_find(const dosisd_introspect_t *introspect,
    const uint8_t hash[DOSISD_TOKEN_HASH])
{
    question_t *question;

    for (question = introspect->questions; question != NULL;
         question = question->next) {
        if (memcmp(question->hash, hash, DOSISD_TOKEN_HASH) == 0) {
            break;
        }
    }
    return question;
}


static question_t *
question_create(dosisd_introspect_t *introspect, dosis_slice_t token)
{
    question_t *question;

    if (introspect->closing
        || introspect->under_way >= DOSISD_INTROSPECT_QUESTIONS) {
        return NULL;
    }
    question = calloc(1, sizeof(*question));
    if (question == NULL) {
        return NULL;
    }
    question->introspect = introspect;
    question->due_ms = dosisd_monotonic_ms() + DOSISD_INTROSPECT_MS;
    question->turn = introspect->turn;
    question->negative_s = INT64_MAX;
    memcpy(question->token, token.data, token.len);
    question->token_len = token.len;
    question->next = introspect->questions;
    introspect->questions = question;
    introspect->under_way++;
    return question;
}


static void
ask_issuers(dosisd_introspect_t *introspect, dosis_slice_t token,
    const uint8_t hash[DOSISD_TOKEN_HASH], dosisd_waiter_t *waiter)
{
    question_t *question = question_find(introspect, hash);

    if (question != NULL) {
        join(question, waiter);
        return;
    }
    question = question_create(introspect, token);
    if (question == NULL) {
        tell(introspect, waiter, STATUS_UNAVAILABLE, dosis_slice(NULL, 0));
        return;
    }
    memcpy(question->hash, hash, DOSISD_TOKEN_HASH);
    join(question, waiter);
    find_named(question);
    ask_next(question);
}


void
dosisd_introspect_ask(dosisd_introspect_t *introspect, dosis_slice_t token,
    dosisd_waiter_t *waiter)
{
    uint8_t hash[DOSISD_TOKEN_HASH];
    dosis_slice_t answer;

    introspect->asked++;
    introspect->waiting++;
    if (!dosis_introspectie_is_opaque(token)) {
        tell(introspect, waiter, STATUS_BAD, dosis_slice(NULL, 0));
        return;
    }
    look(introspect);
    dosisd_answers_hash(introspect->answers, token, hash);
    answer = dosisd_answers_get(introspect->answers, hash, now_s());
    if (answer.len > 0) {
        introspect->remembered++;
        tell(introspect, waiter, STATUS_OK, answer);
    } else if (introspect->waiting > DOSISD_INTROSPECT_WAITING) {
        tell(introspect, waiter, STATUS_UNAVAILABLE, dosis_slice(NULL, 0));
    } else {
        ask_issuers(introspect, token, hash, waiter);
    }
}


void
dosisd_introspect_add(dosis_buf_t *buf, const dosisd_introspect_t *introspect)
{
    dosis_buf_addf(buf,
        "{\"asked\":%" PRIu64 ",\"remembered\":%" PRIu64 ",\"sent\":%" PRIu64
        ",\"failed\":%" PRIu64 ",\"under_way\":%zu,\"kept\":%zu}",
        introspect->asked, introspect->remembered, introspect->sent,
        introspect->failed, introspect->under_way,
        dosisd_answers_count(introspect->answers));
}


dosisd_introspect_t *
dosisd_introspect_open(dosisd_t *dosisd)
{
    dosisd_introspect_t *introspect = calloc(1, sizeof(*introspect));

    if (introspect == NULL) {
        return NULL;
    }
    introspect->dosisd = dosisd;
    introspect->answers = dosisd_answers_open();
    introspect->issuers = dosisd_issuers_open(dosisd->store.reader);
    if (introspect->answers == NULL || introspect->issuers == NULL) {
        dosisd_introspect_close(introspect);
        return NULL;
    }
    return introspect;
}


void
dosisd_introspect_close(dosisd_introspect_t *introspect)
{
    if (introspect == NULL) {
        return;
    }
    introspect->closing = true;
    while (introspect->questions != NULL) {
        question_fail(introspect->questions);
    }
    dosisd_answers_close(introspect->answers);
    dosisd_issuers_close(introspect->issuers);
    free(introspect);
}
