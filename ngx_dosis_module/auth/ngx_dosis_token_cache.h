/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_token_cache.h: tokens that were verified a moment ago: all bytes of
 * a token are compared. What the cache says is who a token names, never what it
 * may see.
 *
 * Layer      module
 * Threads    the event loop of one worker; each worker has its own
 * Blocking   never
 * Memory     a token is counted: the cache and each request that uses it hold
 *            it once; the last one to release it gives its arena back
 * Errors     NULL when memory is out; a token that is not put is verified
 *            again next time
 *
 * Fixed slots, four to a set; the one that expires first makes room. Of refused
 * tokens only opaque ones are kept, for a moment: their issuer was asked. Where
 * to look is told by a hash under a key of this worker's own, so only the same
 * token ever gets as far as the comparison: how long it takes tells nothing.
 * A token that was judged by other issuers, keys or names than those of now is
 * not found.
 */

#ifndef NGX_DOSIS_TOKEN_CACHE_H
#define NGX_DOSIS_TOKEN_CACHE_H

#include "base/dosis_arena.h"
#include "crypto/dosis_jwt.h"
#include "domain/dosis_identity.h"
#include "ngx_dosis_module.h"
#include "store/dosis_read.h"

#define NGX_DOSIS_TOKEN_TTL_S 60

typedef struct {
    dosis_arena_t *arena; /* holds the token too */
    ngx_uint_t holders;
    time_t since;
    time_t expires; /* of the entry; never behind exp */
    uint64_t generation; /* of the issuers that it was judged by */
    dosis_slice_t text; /* in the arena */
    dosis_slice_t issuer; /* that was asked about it; empty: it is signed */
    dosis_jwt_reason_t refused; /* by its issuer; OK: it is good */
    const char *denied; /* static: it is good, and says nothing we accept */
    dosis_jwt_binding_t binding; /* to be judged at each use */
    dosis_identity_t identity;
    dosis_blinded_t blinded; /* of its subject */
} ngx_dosis_token_t;

typedef struct ngx_dosis_token_cache_s ngx_dosis_token_cache_t;

/* entries: rounded up to a power of two; 0 = nothing is kept. */
ngx_dosis_token_cache_t *ngx_dosis_token_cache_create(
    ngx_pool_t *pool, ngx_uint_t entries);

/* NULL is fine. */
void ngx_dosis_token_cache_free(ngx_dosis_token_cache_t *cache);

/* Held once more for the caller, or NULL. */
ngx_dosis_token_t *ngx_dosis_token_cache_get(
    ngx_dosis_token_cache_t *cache, dosis_slice_t text, time_t now);

/* The cache holds it too, until it expires or makes room. */
void ngx_dosis_token_cache_put(
    ngx_dosis_token_cache_t *cache, ngx_dosis_token_t *token, time_t now);

/* A token that says nothing yet, held once, for the caller; text is copied. */
ngx_dosis_token_t *ngx_dosis_token_create(dosis_slice_t text);

/* NULL is fine. */
void ngx_dosis_token_release(ngx_dosis_token_t *token);

#endif
