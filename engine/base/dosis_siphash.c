/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_siphash.h"

#include <endian.h>

#define SIP_FINAL_ROUNDS 3


static uint64_t
sip_word(const void *from)
{
    uint64_t word;

    memcpy(&word, from, sizeof(word));
    return le64toh(word);
}


static inline uint64_t
sip_rotate(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}


static inline void
sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = sip_rotate(v[1], 13) ^ v[0];
    v[3] = sip_rotate(v[3], 16) ^ v[2];
    v[0] = sip_rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = sip_rotate(v[1], 17) ^ v[2];
    v[3] = sip_rotate(v[3], 21) ^ v[0];
    v[2] = sip_rotate(v[2], 32);
}


static inline void
sip_mix(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    v[0] ^= word;
}


uint64_t
dosis_siphash(const uint8_t key[DOSIS_SIPHASH_KEY], dosis_slice_t text)
{
    uint64_t k0 = sip_word(key);
    uint64_t k1 = sip_word(key + 8);
    uint64_t v[4] = { k0 ^ UINT64_C(0x736f6d6570736575),
        k1 ^ UINT64_C(0x646f72616e646f6d), k0 ^ UINT64_C(0x6c7967656e657261),
        k1 ^ UINT64_C(0x7465646279746573) };
    uint8_t last[8] = { 0 };
    size_t at;
    int i;

    for (at = 0; text.len - at >= 8; at += 8) {
        sip_mix(v, sip_word(text.data + at));
    }
    if (text.len > at) {
        memcpy(last, text.data + at, text.len - at);
    }
    last[7] = (uint8_t) text.len;
    sip_mix(v, sip_word(last));

    v[2] ^= 0xff;
    for (i = 0; i < SIP_FINAL_ROUNDS; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
