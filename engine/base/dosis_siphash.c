/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_siphash.h"

#include <endian.h>

#define SIP_FINAL_ROUNDS 3
#define NH_PAIR_BYTES 16

__extension__ typedef unsigned __int128 nh_sum_t;


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


static inline void
sip_begin(uint64_t v[4], const uint8_t key[DOSIS_SIPHASH_KEY])
{
    uint64_t k0 = sip_word(key);
    uint64_t k1 = sip_word(key + 8);

    v[0] = k0 ^ UINT64_C(0x736f6d6570736575);
    v[1] = k1 ^ UINT64_C(0x646f72616e646f6d);
    v[2] = k0 ^ UINT64_C(0x6c7967656e657261);
    v[3] = k1 ^ UINT64_C(0x7465646279746573);
}


static inline uint64_t
sip_end(uint64_t v[4])
{
    int i;

    v[2] ^= 0xff;
    for (i = 0; i < SIP_FINAL_ROUNDS; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}


uint64_t
dosis_siphash(const uint8_t key[DOSIS_SIPHASH_KEY], dosis_slice_t text)
{
    uint64_t v[4];
    uint8_t last[8] = { 0 };
    size_t at;

    sip_begin(v, key);
    for (at = 0; text.len - at >= 8; at += 8) {
        sip_mix(v, sip_word(text.data + at));
    }
    if (text.len > at) {
        memcpy(last, text.data + at, text.len - at);
    }
    last[7] = (uint8_t) text.len;
    sip_mix(v, sip_word(last));
    return sip_end(v);
}


/* Two words of a text under two of the key. */
static inline nh_sum_t
nh_pair(const uint64_t *key, const char *text)
{
    return (nh_sum_t) (sip_word(text) + key[0]) * (sip_word(text + 8) + key[1]);
}


/* A block, or what is left of a text, padded with zeros. */
static inline nh_sum_t
nh_fold(const uint64_t *key, const char *text, size_t len)
{
    char last[NH_PAIR_BYTES] = { 0 };
    size_t at;
    nh_sum_t sum = 0;

    for (at = 0; len - at >= NH_PAIR_BYTES; at += NH_PAIR_BYTES) {
        sum += nh_pair(key + at / 8, text + at);
    }
    if (len > at) {
        memcpy(last, text + at, len - at);
        sum += nh_pair(key + at / 8, last);
    }
    return sum;
}


uint64_t
dosis_siphash_long(const dosis_siphash_long_t *key, dosis_slice_t text)
{
    uint64_t v[4];
    size_t at;
    size_t len;
    nh_sum_t sum;

    sip_begin(v, key->sip);
    for (at = 0; at < text.len; at += len) {
        len = text.len - at;
        if (len > sizeof(key->word)) {
            len = sizeof(key->word);
        }
        sum = nh_fold(key->word, text.data + at, len);
        sip_mix(v, (uint64_t) sum);
        sip_mix(v, (uint64_t) (sum >> 64));
    }
    sip_mix(v, text.len);
    return sip_end(v);
}
