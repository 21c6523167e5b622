/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_siphash.c: SipHash-1-3, against values of another implementation. */
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
    return tap_done();
}
