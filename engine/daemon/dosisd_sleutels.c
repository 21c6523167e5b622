/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * on_look: take_seats when registrations moved -> drop_orphans -> per seat:
 * expire_old, or begin -> [on_document -> ask_keys] -> on_keys -> publish ->
 * succeed, or fail.
 */
#include "daemon/dosisd_sleutels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dosis_hash.h"
#include "base/dosis_time.h"
#include "crypto/dosis_keyset.h"
#include "daemon/dosisd_log.h"
#include "daemon/dosisd_seat.h"
#include "domain/dosis_ontdekking.h"
#include "store/dosis_ref_put.h"

#define ARENA_BYTES ((size_t) 64 << 10)
#define DOUBLINGS_MAX 6


/* A tenth more or less, so that not all come at once. */
static int64_t
jitter(int64_t ms)
{
    uint32_t random = 0;

    (void) !dosis_random(&random, sizeof(random));
    return ms - ms / 10 + (int64_t) (random % (uint32_t) (ms / 5 + 1));
}


static void
plan(seat_t *seat, int64_t ms)
{
    int64_t pause = (int64_t) seat->pause_s * 1000;

    seat->due_ms = dosisd_monotonic_ms() + (ms < pause ? pause : ms);
}


/* --- how a fetch ends ---------------------------------------------------- */

static void
fail(seat_t *seat, const char *why)
{
    unsigned doublings =
        seat->failures < DOUBLINGS_MAX ? seat->failures : DOUBLINGS_MAX;
    int64_t wait = (int64_t) DOSISD_SLEUTELS_RETRY_MS << doublings;

    if (strcmp(seat->failure, why) != 0) {
        dosisd_log(DOSISD_ERROR,
            "key set not fetched, keeping what is held: issuer=%u why=%s",
            (unsigned) seat->issuer, why);
        (void) snprintf(seat->failure, sizeof(seat->failure), "%s", why);
    }
    seat->failures++;
    if (wait > DOSISD_SLEUTELS_RETRY_MAX_MS) {
        wait = DOSISD_SLEUTELS_RETRY_MAX_MS;
    }
    plan(seat, jitter(wait));
}


/* What is fresh for a shorter time is fetched again sooner. */
static void
succeed(seat_t *seat, int64_t max_age_s)
{
    int64_t wait_s = seat->refresh_s;

    if (seat->failure[0] != '\0') {
        dosisd_log(DOSISD_NOTICE, "key set fetched again: issuer=%u",
            (unsigned) seat->issuer);
    }
    seat->failure[0] = '\0';
    seat->failures = 0;
    seat->last_good_ns = dosisd_now_ns();
    if (max_age_s > 0 && max_age_s < wait_s) {
        wait_s = max_age_s < 60 && wait_s > 60 ? 60 : max_age_s;
    }
    plan(seat, jitter(wait_s * 1000));
}


/* --- publishing ---------------------------------------------------------- */

static dosis_rc_t
make_text(seat_t *seat, const dosis_ref_t *ref, dosis_slice_t fetched,
    dosis_buf_t *text)
{
    const dosis_keyset_news_t news = {
        .iss = seat->iss,
        .held = dosis_ref_sleutels(ref, seat->iss),
        .fetched = fetched,
        .now_s = dosisd_now_ns() / DOSIS_NS_PER_S,
        .overlap_s = seat->overlap_s,
    };

    return dosis_keyset_make(&news, text);
}


static dosis_rc_t
write_text(dosis_writer_t *writer, dosis_slice_t text)
{
    dosis_txn_t *txn;
    dosis_err_t err = { 0 };
    dosis_rc_t rc = dosis_txn_begin(writer, dosisd_now_ns(), &txn);

    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_ref_put(txn, DOSIS_REF_SLEUTELS, text, &err);
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
        return rc;
    }
    return dosis_txn_commit(txn);
}


/* Until when what is published stays as it is. */
static void
note_expiry(seat_t *seat, dosis_slice_t text)
{
    dosis_jwks_t *set;
    int64_t until = INT64_MAX;

    seat->expires_s = INT64_MAX;
    if (dosis_keyset_read(
            text, dosisd_now_ns() / DOSIS_NS_PER_S, &set, &until)
        == DOSIS_OK) {
        seat->expires_s = until;
        dosis_jwks_free(set);
    }
}


/* What a reader of now sees. */
static dosis_rc_t
read_version(dosis_reader_t *reader, uint64_t *ret_version)
{
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc == DOSIS_OK) {
        *ret_version = dosis_ref_version(dosis_reader_ref(reader));
        dosis_reader_end(reader);
    }
    return rc;
}


/* Writes only what differs from what is held; nobody else writes it. */
static dosis_rc_t
publish(seat_t *seat, dosis_slice_t fetched, uint64_t *ret_version)
{
    dosisd_store_t *store = seat->sleutels->store;
    dosis_buf_t text;
    bool same = false;
    dosis_rc_t rc = dosis_reader_begin(store->reader);

    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init(&text, DOSIS_KEYSET_TEXT_MAX);
    rc = make_text(seat, dosis_reader_ref(store->reader), fetched, &text);
    if (rc == DOSIS_OK) {
        same = dosis_slice_eq(dosis_buf_slice(&text),
            dosis_ref_sleutels(dosis_reader_ref(store->reader), seat->iss));
        note_expiry(seat, dosis_buf_slice(&text));
    }
    dosis_reader_end(store->reader);
    if (rc == DOSIS_OK && !same) {
        rc = write_text(store->writer, dosis_buf_slice(&text));
        if (rc == DOSIS_OK) {
            dosisd_log(DOSISD_NOTICE, "key set published: issuer=%u",
                (unsigned) seat->issuer);
        }
    }
    dosis_buf_done(&text);
    return rc == DOSIS_OK ? read_version(store->reader, ret_version) : rc;
}


/* --- the two documents --------------------------------------------------- */

static bool
is_answer(seat_t *seat, const dosisd_fetched_t *got)
{
    char why[DOSISD_FAILURE_MAX];

    if (got->failure == NULL && got->status == 200) {
        return true;
    }
    (void) snprintf(why, sizeof(why), "%s",
        got->failure != NULL ? got->failure : "status");
    if (got->failure == NULL) {
        (void) snprintf(why, sizeof(why), "status-%u", got->status);
    }
    fail(seat, why);
    return false;
}


static void
on_keys(void *payload, const dosisd_fetched_t *got)
{
    seat_t *seat = payload;
    uint64_t version = 0;
    dosis_rc_t rc;

    seat->call = NULL;
    if (!is_answer(seat, got)) {
        return;
    }
    if (got->body.len == 0) {
        fail(seat, "geen-sleutels");
        return;
    }
    rc = publish(seat, got->body, &version);
    if (rc == DOSIS_EFORMAT || rc == DOSIS_ELIMIT) {
        fail(seat, rc == DOSIS_ELIMIT ? "te-veel" : "geen-sleutels");
        return;
    }
    if (rc != DOSIS_OK) {
        fail(seat, "opslag");
        return;
    }
    dosis_notice_fetched(
        seat->sleutels->notice, seat->place, seat->begun_ms, version);
    succeed(seat, got->max_age_s);
}


static void
ask(seat_t *seat, const char *url, dosisd_fetched_pt handler)
{
    const dosisd_fetch_ask_t what = {
        .url = url,
        .ca_file = seat->ca_file,
        .accept = "application/json",
        .max_bytes = DOSISD_SLEUTELS_BYTES,
        .max_ms = seat->wait_ms,
        .handler = handler,
        .payload = seat,
    };
    dosis_rc_t rc;

    rc = dosisd_fetch_start(seat->sleutels->fetch, &what, &seat->call);
    if (rc != DOSIS_OK) {
        fail(seat, rc == DOSIS_EINPUT ? "adres" : "druk");
    }
}


static void
keep_introspection(seat_t *seat, dosis_slice_t address)
{
    dosis_slice_t kept;

    if (address.len == 0) {
        seat->introspection = NULL;
    } else if (seat->introspection == NULL
        || !dosis_slice_eq(dosis_slice_of(seat->introspection), address)) {
        kept = dosis_arena_copy(seat->arena, address);
        seat->introspection = kept.data;
    }
}


static void
on_document(void *payload, const dosisd_fetched_t *got)
{
    seat_t *seat = payload;
    dosis_ontdekking_t found;
    dosis_arena_t *arena;
    dosis_rc_t rc;

    seat->call = NULL;
    if (!is_answer(seat, got)) {
        return;
    }
    arena = dosis_arena_create(ARENA_BYTES);
    rc = arena == NULL
        ? DOSIS_ENOMEM
        : dosis_ontdekking_read(got->body, seat->iss, arena, &found);
    if (rc == DOSIS_OK) {
        keep_introspection(seat, found.introspectie);
        ask(seat, found.sleutels.data, on_keys);
    } else {
        fail(seat, rc == DOSIS_EDENIED ? "andere-uitgever"
                : rc == DOSIS_ENOMEM   ? "geheugen"
                                       : "ontdekking");
    }
    dosis_arena_free(arena);
}


static void
begin(seat_t *seat, int64_t now_ms)
{
    seat->begun_ms = now_ms;
    seat->last_try_ns = dosisd_now_ns();
    seat->due_ms = now_ms + DOSISD_SLEUTELS_RETRY_MS;
    ask(seat, seat->url, seat->discovers ? on_document : on_keys);
}


/* --- who has a seat ------------------------------------------------------ */

static void
seat_free(seat_t *seat)
{
    dosisd_sleutels_t *sleutels = seat->sleutels;
    size_t place = seat->place;

    dosisd_fetch_cancel(seat->call);
    dosis_arena_free(seat->arena);
    memset(seat, 0, sizeof(*seat));
    seat->sleutels = sleutels;
    seat->place = place;
    dosis_notice_seat(sleutels->notice, place, 0);
}


static uint64_t
print_of(const dosis_uitgever_t *issuer)
{
    const dosis_slice_t text[] = { issuer->iss, issuer->sleutels,
        issuer->ca_bestand };
    uint64_t print = issuer->ontdekking ? 1 : 2;
    size_t i;

    for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
        print = dosis_hash_mix(print, &text[i].len, sizeof(text[i].len));
        print = dosis_hash_mix(print, text[i].data, text[i].len);
    }
    return print;
}


static bool
copy_address(seat_t *seat, const dosis_uitgever_t *issuer)
{
    dosis_slice_t url = { NULL, 0 };
    dosis_buf_t text;

    dosis_buf_init(&text, DOSISD_FETCH_URL_MAX);
    if (issuer->ontdekking) {
        dosis_ontdekking_add_address(&text, issuer->iss);
    } else {
        dosis_buf_add_slice(&text, issuer->sleutels);
    }
    if (text.rc == DOSIS_OK) {
        url = dosis_arena_copy(seat->arena, dosis_buf_slice(&text));
    }
    dosis_buf_done(&text);
    seat->url = url.data;
    return url.data != NULL;
}


/* The keys are fetched anew when something says that they are elsewhere. */
static void
seat_fill(seat_t *seat, const dosis_uitgever_t *issuer)
{
    uint64_t print = print_of(issuer);

    if (seat->issuer == 0 || seat->print != print) {
        seat_free(seat);
        seat->arena = dosis_arena_create(ARENA_BYTES);
        if (seat->arena == NULL || !copy_address(seat, issuer)) {
            seat_free(seat);
            return;
        }
        seat->iss = dosis_arena_copy(seat->arena, issuer->iss);
        seat->ca_file = dosis_arena_copy(seat->arena, issuer->ca_bestand).data;
        seat->print = print;
        seat->issuer = issuer->nummer;
        seat->discovers = issuer->ontdekking;
        seat->expires_s = 0;
        seat->due_ms = dosisd_monotonic_ms();
        dosis_notice_seat(
            seat->sleutels->notice, seat->place, issuer->nummer);
    }
    if (seat->refresh_s > issuer->ververs_s && seat->failures == 0) {
        seat->due_ms = dosisd_monotonic_ms();
    }
    seat->refresh_s = issuer->ververs_s;
    seat->pause_s = issuer->pauze_s;
    seat->overlap_s = issuer->overlap_s;
    seat->wait_ms = issuer->wacht_ms;
}


seat_t *
dosisd_seat_of(dosisd_sleutels_t *sleutels, uint32_t issuer)
{
    size_t i;

    for (i = 0; i < DOSIS_NOTICE_SEATS; i++) {
        if (sleutels->seat[i].issuer == issuer) {
            return &sleutels->seat[i];
        }
    }
    return NULL;
}


static const dosis_uitgever_t *
issuer_of(const dosis_ref_t *ref, uint32_t number)
{
    const dosis_uitgever_t *issuer;
    size_t i;

    for (i = 0; (issuer = dosis_ref_uitgever_at(ref, i)) != NULL; i++) {
        if (issuer->nummer == number && issuer->actief
            && dosis_uitgever_fetches(issuer)) {
            return issuer;
        }
    }
    return NULL;
}


/* As the registrations are now. */
static void
take_seats(dosisd_sleutels_t *sleutels, const dosis_ref_t *ref)
{
    const dosis_uitgever_t *issuer;
    seat_t *seat;
    size_t i;

    for (i = 0; i < DOSIS_NOTICE_SEATS; i++) {
        seat = &sleutels->seat[i];
        if (seat->issuer != 0 && issuer_of(ref, seat->issuer) == NULL) {
            seat_free(seat);
        }
    }
    for (i = 0; (issuer = dosis_ref_uitgever_at(ref, i)) != NULL; i++) {
        if (issuer_of(ref, issuer->nummer) == NULL) {
            continue;
        }
        seat = dosisd_seat_of(sleutels, issuer->nummer);
        seat = seat != NULL ? seat : dosisd_seat_of(sleutels, 0);
        if (seat != NULL) {
            seat_fill(seat, issuer);
        }
    }
}


/* --- keys of who is no more ---------------------------------------------- */

typedef struct {
    const dosis_ref_t *ref;
    dosis_buf_t iss; /* of the one that is found */
} orphan_t;


static bool
find_orphan(void *payload, uint32_t nummer, dosis_slice_t json)
{
    orphan_t *orphan = payload;
    const dosis_uitgever_t *issuer;
    dosis_json_t *root;
    dosis_slice_t iss;
    size_t i;

    (void) nummer;
    if (dosis_json_parse(json, &root, NULL) != DOSIS_OK) {
        return true;
    }
    iss = dosis_json_string(dosis_json_get(root, "Iss"));
    for (i = 0; (issuer = dosis_ref_uitgever_at(orphan->ref, i)) != NULL
         && !dosis_slice_eq(issuer->iss, iss);
         i++) {
    }
    if (issuer == NULL) {
        dosis_buf_add_slice(&orphan->iss, iss);
    }
    dosis_json_free(root);
    return issuer != NULL;
}


static void
remove_keys(dosisd_sleutels_t *sleutels, dosis_slice_t iss)
{
    dosis_txn_t *txn;
    dosis_err_t err = { 0 };
    dosis_rc_t rc;

    rc = dosis_txn_begin(sleutels->store->writer, dosisd_now_ns(), &txn);
    if (rc != DOSIS_OK) {
        return;
    }
    rc = dosis_ref_remove(txn, DOSIS_REF_SLEUTELS, iss, &err);
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
    } else if (dosis_txn_commit(txn) == DOSIS_OK) {
        dosisd_log(DOSISD_NOTICE, "key set of a removed issuer taken out");
    }
}


/* --- the look around ----------------------------------------------------- */

/* One orphan a look: what removes it moves the version once more. */
static void
look_at_store(dosisd_sleutels_t *sleutels)
{
    dosis_reader_t *reader = sleutels->store->reader;
    orphan_t orphan = { .ref = NULL };
    dosis_rc_t rc = dosis_reader_begin(reader);

    if ((rc != DOSIS_OK) != sleutels->fails) {
        sleutels->fails = rc != DOSIS_OK;
        dosisd_log(dosisd_log_level(rc),
            sleutels->fails
                ? "registrations of issuers not read, trying on: rc=%s"
                : "registrations of issuers read again: rc=%s",
            dosis_rc_name(rc));
    }
    if (rc != DOSIS_OK) {
        return;
    }
    dosis_buf_init(&orphan.iss, DOSIS_KEYSET_TEXT_MAX);
    orphan.ref = dosis_reader_ref(reader);
    if (dosis_ref_version(orphan.ref) != sleutels->version) {
        take_seats(sleutels, orphan.ref);
        if (dosis_ref_each(reader, DOSIS_REF_SLEUTELS, 0, find_orphan, &orphan)
            == DOSIS_OK) {
            sleutels->version = dosis_ref_version(orphan.ref);
        }
    }
    dosis_reader_end(reader);
    if (orphan.iss.len > 0) {
        remove_keys(sleutels, dosis_buf_slice(&orphan.iss));
    }
    dosis_buf_done(&orphan.iss);
}


static void
expire_old(seat_t *seat)
{
    uint64_t version;

    if (publish(seat, dosis_slice(NULL, 0), &version) != DOSIS_OK) {
        /* none held yet, or the store: the next fetch does it */
        seat->expires_s = INT64_MAX;
    }
}


static void
look_at_seat(seat_t *seat, int64_t now_ms)
{
    int64_t pause = (int64_t) seat->pause_s * 1000;
    int64_t asked;

    if (seat->issuer == 0 || seat->call != NULL) {
        return;
    }
    if (seat->expires_s <= dosisd_now_ns() / DOSIS_NS_PER_S) {
        expire_old(seat);
    }
    asked = dosis_notice_asked(seat->sleutels->notice, seat->place);
    if (seat->begun_ms != 0 && now_ms - seat->begun_ms < pause) {
        return;
    }
    if (seat->due_ms <= now_ms || (asked != 0 && asked >= seat->begun_ms)) {
        begin(seat, now_ms);
    }
}


static void
on_look(void *payload)
{
    dosisd_sleutels_t *sleutels = payload;
    size_t i;

    look_at_store(sleutels);
    for (i = 0; i < DOSIS_NOTICE_SEATS; i++) {
        look_at_seat(&sleutels->seat[i], dosisd_monotonic_ms());
    }
    (void) dosisd_loop_start(
        sleutels->loop, &sleutels->timer, DOSISD_SLEUTELS_LOOK_MS);
}


dosisd_sleutels_t *
dosisd_sleutels_open(dosisd_loop_t *loop, dosisd_fetch_t *fetch,
    dosisd_store_t *store, const char *dir)
{
    dosisd_sleutels_t *sleutels = calloc(1, sizeof(*sleutels));
    dosis_rc_t rc;
    size_t i;

    if (sleutels == NULL) {
        return NULL;
    }
    sleutels->loop = loop;
    sleutels->fetch = fetch;
    sleutels->store = store;
    sleutels->timer.handler = on_look;
    sleutels->timer.payload = sleutels;
    rc = dosis_notice_create(dir, &sleutels->notice);
    if (rc != DOSIS_OK
        || !dosisd_loop_start(loop, &sleutels->timer, 0)) {
        dosisd_log(DOSISD_ERROR, "no board for workers: file=%s/%s rc=%s", dir,
            DOSIS_NOTICE_FILE, dosis_rc_name(rc));
        dosis_notice_close(sleutels->notice);
        free(sleutels);
        return NULL;
    }
    for (i = 0; i < DOSIS_NOTICE_SEATS; i++) {
        sleutels->seat[i].sleutels = sleutels;
        sleutels->seat[i].place = i;
    }
    return sleutels;
}


void
dosisd_sleutels_close(dosisd_sleutels_t *sleutels)
{
    size_t i;

    if (sleutels == NULL) {
        return;
    }
    for (i = 0; i < DOSIS_NOTICE_SEATS; i++) {
        seat_free(&sleutels->seat[i]);
    }
    sleutels->timer.due_ms = 0;
    dosis_notice_close(sleutels->notice);
    free(sleutels);
}


const char *
dosisd_sleutels_introspectie(const dosisd_sleutels_t *sleutels, uint32_t issuer)
{
    size_t i;

    for (i = 0; i < DOSIS_NOTICE_SEATS; i++) {
        if (issuer != 0 && sleutels->seat[i].issuer == issuer) {
            return sleutels->seat[i].introspection;
        }
    }
    return NULL;
}
