/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "crypto/dosis_crypt.h"
#include "crypto/dosis_keyring.h"
#include "t/lib/tap.h"


static dosis_secret_t *
secret_of(uint8_t byte)
{
    uint8_t bytes[32];
    dosis_secret_t *secret;

    memset(bytes, byte, sizeof(bytes));
    if (dosis_secret_create(bytes, &secret) != DOSIS_OK) {
        abort();
    }
    return secret;
}


static void
test_add(void)
{
    static const struct {
        uint32_t id;
        dosis_rc_t rc;
        const char *fact;
    } rows[] = {
        { 0, DOSIS_EFORMAT, "id 0 is refused" },
        { 1, DOSIS_OK, "id 1 is added" },
        { 1, DOSIS_ECONFLICT, "id 1 is not added again" },
        { UINT32_MAX, DOSIS_OK, "the highest id is added" },
        { 7, DOSIS_OK, "ids need no order" },
        { UINT32_MAX, DOSIS_ECONFLICT, "the highest id is not added again" },
    };
    dosis_keyring_t *ring;
    uint32_t id;
    size_t i;
    bool ok = true;

    if (dosis_keyring_create(&ring) != DOSIS_OK) {
        abort();
    }
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(dosis_keyring_add(ring, rows[i].id, secret_of(1)) == rows[i].rc,
            rows[i].fact);
    }
    for (id = 100; id < 100 + DOSIS_KEYRING_MAX - 3; id++) {
        ok = ok && dosis_keyring_add(ring, id, secret_of(2)) == DOSIS_OK;
    }
    CHECK(ok, "the ring takes 64 keys");
    CHECK(dosis_keyring_add(ring, 5000, secret_of(3)) == DOSIS_ELIMIT,
        "the ring refuses a 65th key");
    CHECK(dosis_keyring_set_shared(ring, secret_of(4)) == DOSIS_OK,
        "the shared secret is set");
    CHECK(dosis_keyring_set_shared(ring, secret_of(5)) == DOSIS_ECONFLICT,
        "the shared secret is never replaced");
    dosis_keyring_free(ring);
    dosis_keyring_free(NULL);
}


static dosis_rc_t
unwrap_rc(const dosis_secret_t *kek, const char *label, const uint8_t *wrapped,
    size_t len)
{
    dosis_secret_t *secret = NULL;
    dosis_rc_t rc =
        dosis_key_unwrap(kek, label, dosis_slice(wrapped, len), &secret);

    dosis_secret_free(secret);
    return rc;
}


/* Every bit of a wrapped key counts. */
static bool
every_bit_counts(
    const dosis_secret_t *kek, const uint8_t wrapped[DOSIS_WRAPPED_BYTES])
{
    uint8_t changed[DOSIS_WRAPPED_BYTES];
    dosis_rc_t want;
    size_t bit;
    bool ok = true;

    for (bit = 0; bit < 8 * sizeof(changed); bit++) {
        memcpy(changed, wrapped, sizeof(changed));
        changed[bit / 8] ^= (uint8_t) (1 << bit % 8);
        want = bit < 8 ? DOSIS_EFORMAT : DOSIS_EKEY;
        ok = ok
            && unwrap_rc(kek, "data key", changed, sizeof(changed)) == want;
    }
    return ok;
}


static void
test_wrap(void)
{
    dosis_secret_t *kek = secret_of(1), *other = secret_of(2);
    dosis_secret_t *secret = secret_of(3), *back = NULL;
    uint8_t wrapped[DOSIS_WRAPPED_BYTES + 1] = { 0 };
    uint8_t again[DOSIS_WRAPPED_BYTES], plain[32];
    size_t len;
    bool ok = true;

    CHECK(dosis_key_wrap(kek, "data key", secret, wrapped) == DOSIS_OK,
        "a secret is wrapped");
    CHECK(dosis_key_unwrap(kek, "data key",
              dosis_slice(wrapped, DOSIS_WRAPPED_BYTES), &back)
                == DOSIS_OK
            && memcmp(dosis_secret_bytes(back), dosis_secret_bytes(secret), 32)
                == 0,
        "it opens as the same secret");
    CHECK(wrapped[0] == 1, "a wrapped key starts with its version");
    CHECK(dosis_xaes_open(dosis_secret_bytes(kek), wrapped + 1,
              DOSIS_SLICE("data key"), dosis_slice(wrapped + 25, 48), plain)
                == DOSIS_OK
            && memcmp(plain, dosis_secret_bytes(secret), 32) == 0,
        "it is nonce, ciphertext, tag; AAD is the label");
    CHECK(dosis_key_wrap(kek, "data key", secret, again) == DOSIS_OK
            && memcmp(wrapped, again, sizeof(again)) != 0,
        "wrapped twice gives other bytes");
    CHECK(unwrap_rc(other, "data key", wrapped, DOSIS_WRAPPED_BYTES)
            == DOSIS_EKEY,
        "another key-encryption key does not open it");
    CHECK(unwrap_rc(kek, "data keys", wrapped, DOSIS_WRAPPED_BYTES)
            == DOSIS_EKEY,
        "another label does not open it");
    CHECK(every_bit_counts(kek, wrapped), "no bit of it can be changed");
    for (len = 0; len <= DOSIS_WRAPPED_BYTES + 1; len++) {
        ok = ok
            && (len == DOSIS_WRAPPED_BYTES
                || unwrap_rc(kek, "data key", wrapped, len) == DOSIS_EFORMAT);
    }
    CHECK(ok, "no other length is a wrapped key");
    CHECK(ERR_peek_error() == 0, "no failure is left in the error queue");
    dosis_secret_free(kek);
    dosis_secret_free(other);
    dosis_secret_free(secret);
    dosis_secret_free(back);
}


int
main(void)
{
    test_add();
    test_wrap();
    return tap_done();
}
