/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_token_cache.h"

#include "auth/ngx_dosis_issuers.h"
#include "base/dosis_siphash.h"
#include "crypto/dosis_secret.h"

#define TOKEN_ARENA_BYTES ((size_t) 128 << 10)
#define TOKEN_WAYS 4

/* The hash stands here: to pass over a token is not to touch it. */
typedef struct {
    uint64_t hash;
    ngx_dosis_token_t *token; /* or NULL */
} token_slot_t;

/* One line of the processor's cache. */
#define TOKEN_SET_BYTES (TOKEN_WAYS * sizeof(token_slot_t))

struct ngx_dosis_token_cache_s {
    dosis_siphash_long_t key;
    ngx_uint_t sets;    /* a power of two, or 0 */
    token_slot_t *slot; /* sets * TOKEN_WAYS */
};


ngx_dosis_token_cache_t *
ngx_dosis_token_cache_create(ngx_pool_t *pool, ngx_uint_t entries)
{
    ngx_uint_t sets = 1;
    ngx_dosis_token_cache_t *cache;

    cache = ngx_pcalloc(pool, sizeof(*cache));
    if (cache == NULL || entries == 0) {
        return cache;
    }
    if (dosis_random(&cache->key, sizeof(cache->key)) != DOSIS_OK) {
        return NULL;
    }
    while (sets * TOKEN_WAYS < entries) {
        sets *= 2;
    }
    cache->slot = ngx_pmemalign(pool, sets * TOKEN_SET_BYTES, TOKEN_SET_BYTES);
    if (cache->slot == NULL) {
        return NULL;
    }
    ngx_memzero(cache->slot, sets * TOKEN_SET_BYTES);
    cache->sets = sets;
    return cache;
}


void
ngx_dosis_token_cache_free(ngx_dosis_token_cache_t *cache)
{
    ngx_uint_t i;

    if (cache == NULL) {
        return;
    }
    for (i = 0; i < cache->sets * TOKEN_WAYS; i++) {
        ngx_dosis_token_release(cache->slot[i].token);
    }
    cache->sets = 0;
}


static token_slot_t *
cache_set(ngx_dosis_token_cache_t *cache, uint64_t hash)
{
    return &cache->slot[(hash & (cache->sets - 1)) * TOKEN_WAYS];
}


static void
slot_clear(token_slot_t *slot)
{
    ngx_dosis_token_release(slot->token);
    slot->token = NULL;
}


ngx_dosis_token_t *
ngx_dosis_token_cache_get(
    ngx_dosis_token_cache_t *cache, dosis_slice_t text, time_t now)
{
    ngx_uint_t i;
    uint64_t hash;
    token_slot_t *set;
    ngx_dosis_token_t *token;

    if (cache->sets == 0) {
        return NULL;
    }
    hash = dosis_siphash_long(&cache->key, text);
    set = cache_set(cache, hash);
    for (i = 0; i < TOKEN_WAYS; i++) {
        token = set[i].token;
        if (token == NULL || set[i].hash != hash
            || !dosis_slice_eq(token->text, text)) {
            continue;
        }
        /* from later on: the clock was set back since */
        if (token->expires <= now || token->since > now
            || token->generation != ngx_dosis_issuers()->generation) {
            slot_clear(&set[i]);
            return NULL;
        }
        token->holders++;
        return token;
    }
    return NULL;
}


void
ngx_dosis_token_cache_put(
    ngx_dosis_token_cache_t *cache, ngx_dosis_token_t *token, time_t now)
{
    ngx_uint_t i;
    uint64_t hash;
    token_slot_t *set;
    token_slot_t *room;

    if (cache->sets == 0 || token->expires <= now) {
        return;
    }
    token->since = now;
    hash = dosis_siphash_long(&cache->key, token->text);
    set = cache_set(cache, hash);
    room = &set[0];
    for (i = 0; i < TOKEN_WAYS && room->token != NULL; i++) {
        if (set[i].token == NULL
            || set[i].token->expires < room->token->expires) {
            room = &set[i];
        }
    }
    slot_clear(room);
    *room = (token_slot_t){ hash, token };
    token->holders++;
}


ngx_dosis_token_t *
ngx_dosis_token_create(dosis_slice_t text)
{
    dosis_arena_t *arena;
    ngx_dosis_token_t *token;

    arena = dosis_arena_create(TOKEN_ARENA_BYTES);
    if (arena == NULL) {
        return NULL;
    }
    token = dosis_arena_zalloc(arena, sizeof(*token));
    if (token != NULL) {
        token->text = dosis_arena_copy(arena, text);
    }
    if (token == NULL || token->text.data == NULL) {
        dosis_arena_free(arena);
        return NULL;
    }
    token->arena = arena;
    token->generation = ngx_dosis_issuers()->generation;
    token->holders = 1;
    return token;
}


void
ngx_dosis_token_release(ngx_dosis_token_t *token)
{
    if (token != NULL && --token->holders == 0) {
        dosis_arena_free(token->arena);
    }
}
