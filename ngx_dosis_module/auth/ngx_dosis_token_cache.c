/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_token_cache.h"

#include "auth/ngx_dosis_issuers.h"
#include "base/dosis_siphash.h"
#include "crypto/dosis_secret.h"

#define TOKEN_ARENA_BYTES ((size_t) 128 << 10)
#define TOKEN_WAYS 4

struct ngx_dosis_token_cache_s {
    uint8_t key[DOSIS_SIPHASH_KEY];
    ngx_uint_t sets;          /* a power of two, or 0 */
    ngx_dosis_token_t **slot; /* sets * TOKEN_WAYS */
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
    if (dosis_random(cache->key, sizeof(cache->key)) != DOSIS_OK) {
        return NULL;
    }
    while (sets * TOKEN_WAYS < entries) {
        sets *= 2;
    }
    cache->slot = ngx_pcalloc(pool, sets * TOKEN_WAYS * sizeof(cache->slot[0]));
    if (cache->slot == NULL) {
        return NULL;
    }
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
        ngx_dosis_token_release(cache->slot[i]);
    }
    cache->sets = 0;
}


static ngx_dosis_token_t **
cache_set(ngx_dosis_token_cache_t *cache, uint64_t hash)
{
    return &cache->slot[(hash & (cache->sets - 1)) * TOKEN_WAYS];
}


static void
slot_clear(ngx_dosis_token_t **slot)
{
    ngx_dosis_token_release(*slot);
    *slot = NULL;
}


ngx_dosis_token_t *
ngx_dosis_token_cache_get(
    ngx_dosis_token_cache_t *cache, dosis_slice_t text, time_t now)
{
    ngx_uint_t i;
    uint64_t hash;
    ngx_dosis_token_t **set;

    if (cache->sets == 0) {
        return NULL;
    }
    hash = dosis_siphash(cache->key, text);
    set = cache_set(cache, hash);
    for (i = 0; i < TOKEN_WAYS; i++) {
        if (set[i] == NULL || set[i]->hash != hash
            || !dosis_slice_eq(set[i]->text, text)) {
            continue;
        }
        /* more than its time ahead: the clock was set back since */
        if (set[i]->expires <= now
            || set[i]->generation != ngx_dosis_issuers()->generation
            || set[i]->expires > now + NGX_DOSIS_TOKEN_TTL_S) {
            slot_clear(&set[i]);
            return NULL;
        }
        set[i]->holders++;
        return set[i];
    }
    return NULL;
}


void
ngx_dosis_token_cache_put(
    ngx_dosis_token_cache_t *cache, ngx_dosis_token_t *token, time_t now)
{
    ngx_uint_t i;
    ngx_dosis_token_t **set;
    ngx_dosis_token_t **room;

    if (cache->sets == 0 || token->expires <= now) {
        return;
    }
    token->hash = dosis_siphash(cache->key, token->text);
    set = cache_set(cache, token->hash);
    room = &set[0];
    for (i = 0; i < TOKEN_WAYS && *room != NULL; i++) {
        if (set[i] == NULL || set[i]->expires < (*room)->expires) {
            room = &set[i];
        }
    }
    slot_clear(room);
    *room = token;
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
