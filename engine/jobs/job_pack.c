/* SPDX-License-Identifier: EUPL-1.2 */
#include "jobs/job_pack.h"

#define WORDS (sizeof(dosis_delivery_t) / sizeof(uint64_t))
#define MAPS  ((WORDS + 63) / 64)

_Static_assert(sizeof(dosis_delivery_t) % sizeof(uint64_t) == 0,
    "a delivery is whole words");

struct job_pack_s {
    uint64_t map[MAPS]; /* a bit for each word that follows */
    uint64_t word[];
};


job_pack_t *
job_pack(dosis_arena_t *arena, const dosis_delivery_t *delivery)
{
    size_t i, n = 0;
    uint64_t map[MAPS] = { 0 }, word[WORDS];
    job_pack_t *pack;

    memcpy(word, delivery, sizeof(word));
    for (i = 0; i < WORDS; i++) {
        if (word[i] != 0) {
            map[i / 64] |= UINT64_C(1) << i % 64;
            word[n++] = word[i];
        }
    }
    pack = dosis_arena_alloc(arena, sizeof(*pack) + n * sizeof(word[0]));
    if (pack != NULL) {
        memcpy(pack->map, map, sizeof(map));
        memcpy(pack->word, word, n * sizeof(word[0]));
    }
    return pack;
}


void
job_unpack(const job_pack_t *pack, dosis_delivery_t *ret_delivery)
{
    size_t i, n = 0;
    uint64_t word[WORDS];

    for (i = 0; i < WORDS; i++) {
        word[i] = pack->map[i / 64] >> i % 64 & 1 ? pack->word[n++] : 0;
    }
    memcpy(ret_delivery, word, sizeof(word));
}
