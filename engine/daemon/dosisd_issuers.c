/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_issuers.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/dosis_keyset.h"

#define ISSUERS_BYTES ((size_t) 1 << 20)

struct dosisd_issuers_s {
    dosis_reader_t *reader;
    dosis_arena_t *arena;
    uint64_t turn;
    uint64_t version; /* of the reference data that were read */
    int64_t until_s;  /* the first key that counts no more */
    bool read;
    dosisd_issuer_t issuer[DOSIS_UITGEVERS_MAX];
    dosis_jwks_t *keys[DOSIS_UITGEVERS_MAX];
    size_t count;
};


dosisd_issuers_t *
dosisd_issuers_open(dosis_reader_t *reader)
{
    dosisd_issuers_t *issuers = calloc(1, sizeof(*issuers));

    if (issuers == NULL) {
        return NULL;
    }
    issuers->reader = reader;
    issuers->arena = dosis_arena_create(ISSUERS_BYTES);
    if (issuers->arena == NULL) {
        free(issuers);
        return NULL;
    }
    return issuers;
}


static void
forget(dosisd_issuers_t *issuers)
{
    size_t i;

    for (i = 0; i < issuers->count; i++) {
        dosis_jwks_free(issuers->keys[i]);
        issuers->keys[i] = NULL;
    }
    issuers->count = 0;
    dosis_arena_reset(issuers->arena);
}


void
dosisd_issuers_close(dosisd_issuers_t *issuers)
{
    if (issuers != NULL) {
        forget(issuers);
        dosis_arena_free(issuers->arena);
        free(issuers);
    }
}


/* NULL for an empty one. */
static const char *
text_of(dosisd_issuers_t *issuers, dosis_slice_t text)
{
    return dosis_arena_copy(issuers->arena, text).data;
}


/* Of the keys that count now; none: nothing that is signed counts. */
static void
take_keys(dosisd_issuers_t *issuers, dosis_slice_t published, int64_t now_s)
{
    dosis_jwks_t **keys = &issuers->keys[issuers->count];
    int64_t until_s = INT64_MAX;

    if (published.len > 0
        && dosis_keyset_read(published, now_s, keys, &until_s) != DOSIS_OK) {
        *keys = NULL;
    }
    if (until_s < issuers->until_s) {
        issuers->until_s = until_s;
    }
}


static void
take(dosisd_issuers_t *issuers, const dosis_uitgever_t *uitgever,
    dosis_slice_t published, int64_t now_s)
{
    const dosis_introspectie_t *how = &uitgever->introspectie;
    dosisd_issuer_t *issuer = &issuers->issuer[issuers->count];

    take_keys(issuers, published, now_s);
    *issuer = (dosisd_issuer_t){
        .issuer = {
            .issuer = dosis_arena_copy(issuers->arena, uitgever->iss),
            .audience = dosis_arena_copy(issuers->arena, uitgever->audience),
            .keys = issuers->keys[issuers->count],
        },
        .number = uitgever->nummer,
        .address = text_of(issuers, how->adres),
        .client = dosis_arena_copy(issuers->arena, how->client_id),
        .assertion = how->methode == DOSIS_INTROSPECTIE_ASSERTIE,
        .file = text_of(issuers, how->bestand),
        .kid = text_of(issuers, how->sleutel_id),
        .audience = dosis_arena_copy(issuers->arena, how->audience),
        .ca_file = text_of(issuers, uitgever->ca_bestand),
        .wait_ms = how->wacht_ms,
        .prefix = dosis_arena_copy(issuers->arena, how->voorvoegsel),
        .max_s = how->max_s,
        .negative_s = how->negatief_s,
    };
    issuers->count++;
}


static void
take_all(dosisd_issuers_t *issuers, const dosis_ref_t *ref, int64_t now_s)
{
    const dosis_uitgever_t *uitgever;
    size_t i;

    forget(issuers);
    issuers->until_s = INT64_MAX;
    for (i = 0; (uitgever = dosis_ref_uitgever_at(ref, i)) != NULL; i++) {
        if (uitgever->actief && uitgever->is_introspectie) {
            take(issuers, uitgever, dosis_ref_sleutels(ref, uitgever->iss),
                now_s);
        }
    }
}


uint64_t
dosisd_issuers_look(dosisd_issuers_t *issuers, int64_t now_s)
{
    const dosis_ref_t *ref;

    if (dosis_reader_begin(issuers->reader) != DOSIS_OK) {
        return issuers->turn;
    }
    ref = dosis_reader_ref(issuers->reader);
    if (!issuers->read || issuers->version != dosis_ref_version(ref)
        || now_s >= issuers->until_s) {
        take_all(issuers, ref, now_s);
        issuers->read = true;
        issuers->version = dosis_ref_version(ref);
        issuers->turn++;
    }
    dosis_reader_end(issuers->reader);
    return issuers->turn;
}


const dosisd_issuer_t *
dosisd_issuers_at(const dosisd_issuers_t *issuers, size_t place)
{
    return place < issuers->count ? &issuers->issuer[place] : NULL;
}
