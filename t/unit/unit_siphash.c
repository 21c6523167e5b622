/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_siphash.c: SipHash-1-3, against values of another implementation;
 * its long form by what it must tell apart. */
#include "base/dosis_siphash.h"

#include "../lib/tap.h"

/* Of the bytes 0, 1, 2, ... under the key 0, 1, 2, ... */
static const struct {
    size_t len;
    uint64_t hash;
} known[] = {
    { 0, UINT64_C(0xabac0158050fc4dc) },
    { 1, UINT64_C(0xc9f49bf37d57ca93) },
    { 7, UINT64_C(0xd3927d989bb11140) },
    { 8, UINT64_C(0x369095118d299a8e) },
    { 63, UINT64_C(0x9d199062b7bbb3a8) },
};


/*
 * The long form: each bit of a text of over two blocks, its length and its key
 * count.
 */
static void
check_long(void)
{
    dosis_siphash_long_t key;
    char text[600];
    uint64_t hash;
    size_t i, same = 0;

    memset(text, 'a', sizeof(text));
    for (i = 0; i < sizeof(key); i++) {
        ((uint8_t *) &key)[i] = (uint8_t) (i * 37 + 11);
    }
    hash = dosis_siphash_long(&key, dosis_slice(text, sizeof(text)));
    CHECK(hash == dosis_siphash_long(&key, dosis_slice(text, sizeof(text))),
        "the same text, the same value");
    for (i = 0; i < 8 * sizeof(text); i++) {
        text[i / 8] ^= (char) (1 << i % 8);
        same += hash
                == dosis_siphash_long(&key, dosis_slice(text, sizeof(text)));
        text[i / 8] ^= (char) (1 << i % 8);
    }
    CHECK(same == 0, "each bit of a long text counts");
    for (i = 0; i < sizeof(text); i++) {
        same += hash == dosis_siphash_long(&key, dosis_slice(text, i));
    }
    CHECK(same == 0, "so does its length");
    memset(text, 0, sizeof(text));
    for (i = 0; i + 1 < sizeof(text); i++) {
        same += dosis_siphash_long(&key, dosis_slice(text, i))
                == dosis_siphash_long(&key, dosis_slice(text, i + 1));
    }
    CHECK(same == 0, "also where only zeros are added");
    for (i = 0; i < 8 * sizeof(key); i++) {
        memset(text, 'a', sizeof(text));
        ((uint8_t *) &key)[i / 8] ^= (uint8_t) (1 << i % 8);
        same += hash
                == dosis_siphash_long(&key, dosis_slice(text, sizeof(text)));
        ((uint8_t *) &key)[i / 8] ^= (uint8_t) (1 << i % 8);
    }
    CHECK(same == 0, "each bit of the key counts");
}


int
main(void)
{
    uint8_t key[DOSIS_SIPHASH_KEY];
    char text[64];
    size_t i;

    for (i = 0; i < sizeof(text); i++) {
        text[i] = (char) i;
    }
    for (i = 0; i < sizeof(key); i++) {
        key[i] = (uint8_t) i;
    }
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        CHECK(dosis_siphash(key, dosis_slice(text, known[i].len))
                == known[i].hash,
            "bytes are hashed as elsewhere");
    }
    key[0] = 1;
    CHECK(dosis_siphash(key, dosis_slice(NULL, 0)) != known[0].hash,
        "another key, another value");
    check_long();
    return tap_done();
}
