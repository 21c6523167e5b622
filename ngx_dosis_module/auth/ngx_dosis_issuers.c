/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_issuers.h"

#include <limits.h>
#include <time.h>

#include "base/dosis_hash.h"
#include "crypto/dosis_keyset.h"
#include "ngx_dosis_worker.h"
#include "store/dosis_notice.h"

#define ISSUERS_ARENA_BYTES ((size_t) 256 << 10)
#define ISSUERS_KEYS_BYTES (DOSIS_KEYSET_TEXT_MAX + 1024)
#define ISSUERS_BOARD_MS 1000 /* between two attempts to map the board */
#define ISSUERS_FOREVER ((time_t) (INT64_MAX / 2))

/* A key set as it was published, and what it became. */
typedef struct {
    dosis_arena_t *arena; /* holds the text; NULL: no set */
    dosis_slice_t text;
    dosis_jwks_t *keys; /* may be NULL: not one that counts */
    int64_t until_s;
} issuers_set_t;

static struct {
    ngx_dosis_issuers_t known;
    dosis_jwt_issuer_t *issuer; /* of the configuration first */
    dosis_identity_rules_t *rules;
    size_t fixed;         /* those */
    dosis_arena_t *arena; /* texts of the registered ones */
    uint64_t print;       /* of all that was registered */
    issuers_set_t set[DOSIS_UITGEVERS_MAX];
    uint32_t number[DOSIS_UITGEVERS_MAX]; /* 0: nobody fetches its keys */
    dosis_notice_t *board;
    ngx_msec_t tried_at;
} issuers;


const ngx_dosis_issuers_t *
ngx_dosis_issuers(void)
{
    return &issuers.known;
}


ngx_int_t
ngx_dosis_issuers_init(ngx_cycle_t *cycle)
{
    const ngx_dosis_main_conf_t *conf = ngx_dosis_worker()->conf;
    size_t room = conf->issuers.nelts + DOSIS_UITGEVERS_MAX;

    ngx_memzero(&issuers, sizeof(issuers));
    issuers.fixed = conf->issuers.nelts;
    issuers.issuer =
        ngx_pcalloc(cycle->pool, room * sizeof(issuers.issuer[0]));
    issuers.rules = ngx_pcalloc(cycle->pool, room * sizeof(issuers.rules[0]));
    if (issuers.issuer == NULL || issuers.rules == NULL) {
        return NGX_ERROR;
    }
    ngx_memcpy(issuers.issuer, conf->issuers.elts,
        issuers.fixed * sizeof(issuers.issuer[0]));
    ngx_memcpy(issuers.rules, conf->rules.elts,
        issuers.fixed * sizeof(issuers.rules[0]));
    issuers.known.issuers = issuers.issuer;
    issuers.known.rules = issuers.rules;
    issuers.known.count = issuers.fixed;
    issuers.known.generation = 1;
    issuers.known.version = UINT64_MAX; /* nothing was looked at */
    issuers.known.until = ISSUERS_FOREVER;
    return NGX_OK;
}


static void
set_free(issuers_set_t *set)
{
    dosis_jwks_free(set->keys);
    dosis_arena_free(set->arena);
    ngx_memzero(set, sizeof(*set));
}


static void
issuers_clear(void)
{
    size_t i;

    for (i = 0; i < DOSIS_UITGEVERS_MAX; i++) {
        set_free(&issuers.set[i]);
    }
    dosis_arena_free(issuers.arena);
    issuers.arena = NULL;
    issuers.known.count = issuers.fixed;
    issuers.known.until = ISSUERS_FOREVER;
}


void
ngx_dosis_issuers_exit(void)
{
    issuers_clear();
    dosis_notice_close(issuers.board);
    ngx_memzero(&issuers, sizeof(issuers));
}


/* --- what is registered -------------------------------------------------- */

/* Each text of the rules; all its members are one. */
#define RULES (sizeof(dosis_identity_rules_t) / sizeof(dosis_slice_t))

static uint64_t
mix(uint64_t print, dosis_slice_t text)
{
    print = dosis_hash_mix(print, &text.len, sizeof(text.len));
    return dosis_hash_mix(print, text.data, text.len);
}


static uint64_t
print_all(const dosis_ref_t *ref)
{
    const dosis_uitgever_t *row;
    const dosis_slice_t *rule;
    uint64_t print = DOSIS_HASH_BEGIN;
    size_t i, k;
    bool fetches;

    for (i = 0; (row = dosis_ref_uitgever_at(ref, i)) != NULL; i++) {
        print = dosis_hash_mix(print, &row->actief, sizeof(row->actief));
        print = dosis_hash_mix(print, &row->nummer, sizeof(row->nummer));
        print = mix(mix(print, row->iss), row->audience);
        fetches = dosis_uitgever_fetches(row);
        print = dosis_hash_mix(print, &fetches, sizeof(fetches));
        rule = (const dosis_slice_t *) &row->rules;
        for (k = 0; k < RULES; k++) {
            print = mix(print, rule[k]);
        }
        print = mix(print, dosis_ref_sleutels(ref, row->iss));
    }
    return print;
}


/* The set of that text: the one there was, or parsed now. */
static bool
set_make(issuers_set_t *old, size_t count, dosis_slice_t text,
    issuers_set_t *ret_set)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (old[i].arena != NULL && dosis_slice_eq(old[i].text, text)
            && old[i].until_s > ngx_time()) {
            *ret_set = old[i];
            ngx_memzero(&old[i], sizeof(old[i]));
            return true;
        }
    }
    ret_set->arena = dosis_arena_create(ISSUERS_KEYS_BYTES);
    if (ret_set->arena == NULL) {
        return false;
    }
    ret_set->text = dosis_arena_copy(ret_set->arena, text);
    return ret_set->text.data != NULL
        && dosis_keyset_read(
               text, ngx_time(), &ret_set->keys, &ret_set->until_s)
        != DOSIS_ENOMEM;
}


static bool
copy(dosis_slice_t from, dosis_slice_t *to)
{
    *to = dosis_arena_copy(issuers.arena, from);
    return from.len == 0 || to->data != NULL;
}


/* false: no memory. */
static bool
add_row(const dosis_ref_t *ref, const dosis_uitgever_t *row,
    issuers_set_t old[DOSIS_UITGEVERS_MAX])
{
    size_t at = issuers.known.count, place = at - issuers.fixed, k;
    dosis_jwt_issuer_t *issuer = &issuers.issuer[at];
    issuers_set_t *set = &issuers.set[place];
    const dosis_slice_t *from = (const dosis_slice_t *) &row->rules;
    dosis_slice_t *to = (dosis_slice_t *) &issuers.rules[at];
    dosis_slice_t text = dosis_ref_sleutels(ref, row->iss);
    bool whole = copy(row->iss, &issuer->issuer)
        && copy(row->audience, &issuer->audience);

    for (k = 0; whole && k < RULES; k++) {
        whole = copy(from[k], &to[k]);
    }
    if (!whole
        || (text.len > 0
            && !set_make(old, DOSIS_UITGEVERS_MAX, text, set))) {
        return false;
    }
    issuer->keys = set->keys;
    issuers.number[place] = dosis_uitgever_fetches(row) ? row->nummer : 0;
    if (text.len > 0 && set->until_s < (int64_t) issuers.known.until) {
        issuers.known.until = (time_t) set->until_s;
    }
    issuers.known.count++;
    return true;
}


static bool
is_fixed(dosis_slice_t iss)
{
    size_t i;

    for (i = 0; i < issuers.fixed; i++) {
        if (dosis_slice_eq(issuers.issuer[i].issuer, iss)) {
            return true;
        }
    }
    return false;
}


static bool
build(const dosis_ref_t *ref, issuers_set_t old[DOSIS_UITGEVERS_MAX])
{
    const dosis_uitgever_t *row;
    size_t i;

    issuers.arena = dosis_arena_create(ISSUERS_ARENA_BYTES);
    if (issuers.arena == NULL) {
        return false;
    }
    for (i = 0; (row = dosis_ref_uitgever_at(ref, i)) != NULL; i++) {
        if (row->actief && !is_fixed(row->iss) && !add_row(ref, row, old)) {
            return false;
        }
    }
    return true;
}


void
ngx_dosis_issuers_look_slowly(const dosis_ref_t *ref)
{
    issuers_set_t old[DOSIS_UITGEVERS_MAX];
    uint64_t print = print_all(ref);
    bool whole;
    size_t i;

    issuers.known.version = dosis_ref_version(ref);
    if (print == issuers.print && issuers.known.until > ngx_time()) {
        return;
    }
    ngx_memcpy(old, issuers.set, sizeof(old));
    ngx_memzero(issuers.set, sizeof(issuers.set));
    issuers_clear();
    whole = build(ref, old);
    for (i = 0; i < DOSIS_UITGEVERS_MAX; i++) {
        set_free(&old[i]);
    }
    issuers.print = print;
    issuers.known.generation++;
    if (!whole) {
        issuers_clear();
        issuers.print = 0;
        issuers.known.version = UINT64_MAX;
    }
    ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
        "dosis issuers registered: in_use=%uz%s",
        issuers.known.count - issuers.fixed,
        whole ? "" : ", others left out: no memory");
}


bool
ngx_dosis_issuers_look_now(void)
{
    uint64_t before = issuers.known.generation;
    dosis_reader_t *reader = ngx_dosis_worker_reader();
    dosis_rc_t rc;

    if (reader == NULL) {
        return false;
    }
    rc = dosis_reader_begin(reader);
    ngx_dosis_worker_saw(rc);
    if (rc != DOSIS_OK) {
        return false;
    }
    ngx_dosis_issuers_look(dosis_reader_ref(reader));
    dosis_reader_end(reader);
    return issuers.known.generation != before;
}


/* --- a key that may come ------------------------------------------------- */

static dosis_notice_t *
board(void)
{
    dosis_rc_t rc;

    if (issuers.board == NULL
        && (issuers.tried_at == 0
            || ngx_current_msec - issuers.tried_at >= ISSUERS_BOARD_MS)) {
        issuers.tried_at = ngx_current_msec;
        rc = dosis_notice_open(
            (const char *) ngx_dosis_worker()->conf->store.data,
            &issuers.board);
        if (rc != DOSIS_OK) {
            issuers.board = NULL;
            ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                "dosis engine cannot be asked for a key: rc=%s",
                dosis_rc_name(rc));
        }
    }
    return issuers.board;
}


static int64_t
monotonic_ms(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}


bool
ngx_dosis_issuers_may_come(dosis_slice_t token)
{
    dosis_jwt_names_t names;
    size_t i;

    if (!dosis_jwt_names(token, &names) || names.exp_s <= ngx_time()) {
        return false;
    }
    for (i = issuers.fixed; i < issuers.known.count; i++) {
        const dosis_jwt_issuer_t *issuer = &issuers.issuer[i];
        const dosis_notice_ask_t ask = {
            .issuer = issuers.number[i - issuers.fixed],
            .kid = dosis_slice(names.kid, names.kid_len),
            .version = issuers.known.version,
            .now_ms = monotonic_ms(),
        };

        if (ask.issuer == 0
            || !dosis_slice_eq(
                issuer->issuer, dosis_slice(names.iss, names.iss_len))) {
            continue;
        }
        if (issuer->keys != NULL && dosis_jwks_has(issuer->keys, ask.kid)) {
            return false;
        }
        return board() == NULL || !dosis_notice_ask(board(), &ask);
    }
    return false;
}
