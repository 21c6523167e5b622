/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/dosis_text.h"
#include "crypto/dosis_crypt.h"
#include "t/lib/tap.h"

#define SOURCE DOSIS_SLICE("urn://test/bron")
#define NUMBER DOSIS_SLICE("2024-0001")


static bool
hex_is(const void *bytes, size_t len, const char *hex)
{
    char text[2 * 64 + 1];

    dosis_hex_encode(text, dosis_slice(bytes, len));
    return strcmp(text, hex) == 0;
}


/* The shared secret is 00 01 .. 1f; each data key is 32 times its id. */
static dosis_keyring_t *
ring_of(const uint8_t *ids, size_t count, bool shared)
{
    dosis_keyring_t *ring;
    dosis_secret_t *secret;
    uint8_t bytes[32];
    size_t i;

    if (dosis_keyring_create(&ring) != DOSIS_OK) {
        abort();
    }
    for (i = 0; i < count; i++) {
        memset(bytes, ids[i], sizeof(bytes));
        if (dosis_secret_create(bytes, &secret) != DOSIS_OK
            || dosis_keyring_add(ring, ids[i], secret) != DOSIS_OK) {
            abort();
        }
    }
    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t) i;
    }
    if (shared
        && (dosis_secret_create(bytes, &secret) != DOSIS_OK
            || dosis_keyring_set_shared(ring, secret) != DOSIS_OK)) {
        abort();
    }
    return ring;
}


static dosis_crypt_t *
crypt_of(const dosis_keyring_t *ring)
{
    dosis_crypt_t *crypt;

    if (dosis_crypt_create(ring, &crypt) != DOSIS_OK) {
        abort();
    }
    return crypt;
}


/* The vectors published with the specification (C2SP). */
static void
test_vectors(void)
{
    static const struct {
        uint8_t key;
        const char *aad;
        const char *hex;
        const char *fact;
    } rows[] = {
        { 1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271",
            "the C2SP vector whose L has its top bit clear" },
        { 3, "c2sp.org/XAES-256-GCM",
            "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
            "the C2SP vector whose L has its top bit set" },
    };
    const uint8_t *nonce = (const uint8_t *) "ABCDEFGHIJKLMNOPQRSTUVWX";
    dosis_slice_t plain = DOSIS_SLICE("XAES-256-GCM"), aad;
    uint8_t key[32], sealed[28], open[12];
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        memset(key, rows[i].key, sizeof(key));
        aad = dosis_slice_of(rows[i].aad);
        CHECK(dosis_xaes_seal(key, nonce, aad, plain, sealed) == DOSIS_OK
                && hex_is(sealed, sizeof(sealed), rows[i].hex),
            rows[i].fact);
        CHECK(dosis_xaes_open(key, nonce, aad,
                  dosis_slice(sealed, sizeof(sealed)), open)
                    == DOSIS_OK
                && memcmp(open, plain.data, plain.len) == 0,
            "it opens again");
    }
}


/* One round of the accumulated test; returns how many bytes it used. */
static size_t
accumulate_one(const uint8_t *from, EVP_MD_CTX *digest)
{
    uint8_t sealed[255 + 16], open[255];
    const uint8_t *key = from, *nonce = from + 32;
    dosis_slice_t plain = dosis_slice(from + 57, from[56]);
    const uint8_t *next = from + 57 + plain.len;
    dosis_slice_t aad = dosis_slice(next + 1, next[0]);
    dosis_slice_t text = dosis_slice(sealed, plain.len + 16);

    if (dosis_xaes_seal(key, nonce, aad, plain, sealed) != DOSIS_OK
        || dosis_xaes_open(key, nonce, aad, text, open) != DOSIS_OK
        || memcmp(open, plain.data, plain.len) != 0
        || EVP_DigestUpdate(digest, sealed, text.len) != 1) {
        abort();
    }
    return 58 + plain.len + aad.len;
}


/* 10,000 inputs drawn from SHAKE128, outputs hashed to one published value. */
static void
test_accumulated(void)
{
    const size_t all = (size_t) 10000 * (58 + 2 * 255);
    uint8_t *stream = malloc(all), sum[32];
    EVP_MD_CTX *source = EVP_MD_CTX_new(), *digest = EVP_MD_CTX_new();
    size_t i, at = 0;

    if (stream == NULL || !EVP_DigestInit(source, EVP_shake128())
        || !EVP_DigestFinalXOF(source, stream, all)
        || !EVP_DigestInit(digest, EVP_shake128())) {
        abort();
    }
    for (i = 0; i < 10000; i++) {
        at += accumulate_one(stream + at, digest);
    }
    if (!EVP_DigestFinalXOF(digest, sum, sizeof(sum))) {
        abort();
    }
    CHECK(hex_is(sum, 32,
              "e6b9edf2df6cec60c8cbd864e2211b59"
              "7fb69a529160cd040d56c0c210081939"),
        "the accumulated C2SP vector of 10,000 inputs");
    EVP_MD_CTX_free(source);
    EVP_MD_CTX_free(digest);
    free(stream);
}


static void
test_create(void)
{
    static const struct {
        size_t keys;
        bool shared;
        dosis_rc_t rc;
        const char *fact;
    } rows[] = {
        { 0, false, DOSIS_EKEY, "an empty ring gives no context" },
        { 0, true, DOSIS_EKEY, "a ring without data key gives no context" },
        { 1, false, DOSIS_EKEY, "a ring without secret gives no context" },
        { 1, true, DOSIS_OK, "a ring with both gives a context" },
        { 3, true, DOSIS_OK, "so does one with more keys" },
    };
    static const uint8_t ids[] = { 1, 2, 3 };
    dosis_keyring_t *ring;
    dosis_crypt_t *crypt;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        crypt = NULL;
        ring = ring_of(ids, rows[i].keys, rows[i].shared);
        CHECK(dosis_crypt_create(ring, &crypt) == rows[i].rc, rows[i].fact);
        dosis_crypt_free(crypt);
        dosis_keyring_free(ring);
    }
}


static bool
round_trip(dosis_crypt_t *seal, dosis_crypt_t *open, size_t len)
{
    dosis_place_t place = { 3, 1, DOSIS_SLICE("a key") };
    uint8_t *plain = calloc(1, len + 1);
    uint8_t *sealed = calloc(1, len + DOSIS_SEAL_OVERHEAD + 1);
    uint8_t *back = calloc(1, len + 1);
    size_t got = 1;
    bool ok;

    if (dosis_random(plain, len) != DOSIS_OK) {
        abort();
    }
    ok = dosis_seal(seal, place, dosis_slice(plain, len), sealed) == DOSIS_OK
        && sealed[len + DOSIS_SEAL_OVERHEAD] == 0
        && dosis_open(open, place,
               dosis_slice(sealed, len + DOSIS_SEAL_OVERHEAD), back, &got)
            == DOSIS_OK
        && got == len && memcmp(plain, back, len) == 0 && back[len] == 0;
    free(plain);
    free(sealed);
    free(back);
    return ok;
}


static void
test_round_trip(dosis_crypt_t *crypt, dosis_crypt_t *other)
{
    static const size_t lengths[] = { 0, 1, 15, 16, 17, 600, 1990, 70000 };
    dosis_place_t place = { 1, 1, { NULL, 0 } };
    uint8_t sealed[DOSIS_SEAL_OVERHEAD];
    size_t i, got = 1;
    bool ok = true;

    for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        ok = ok && round_trip(crypt, crypt, lengths[i]);
    }
    CHECK(ok, "what is sealed opens, at every length");
    CHECK(round_trip(crypt, other, 600), "another context opens it");
    CHECK(dosis_seal(crypt, place, dosis_slice(NULL, 0), sealed) == DOSIS_OK
            && dosis_open(crypt, place, dosis_slice(sealed, sizeof(sealed)),
                   NULL, &got)
                == DOSIS_OK
            && got == 0,
        "nothing can be sealed, under no key, and opens as nothing");
}


/* The bytes on disk, read by the construction's own test door. */
static void
test_format(dosis_crypt_t *crypt)
{
    dosis_place_t place = { 9, 4, DOSIS_SLICE("index") };
    dosis_slice_t plain = DOSIS_SLICE("plain text");
    uint8_t sealed[10 + DOSIS_SEAL_OVERHEAD], key[32], open[10];

    if (dosis_seal(crypt, place, plain, sealed) != DOSIS_OK) {
        abort();
    }
    CHECK(hex_is(sealed, 4, "00000003"), "the key id comes first, big-endian");
    memset(key, 3, sizeof(key));
    CHECK(dosis_xaes_open(key, sealed + 4, DOSIS_SLICE("\0\0\0\3\x09\4index"),
              dosis_slice(sealed + 28, sizeof(sealed) - 28), open)
                == DOSIS_OK
            && memcmp(open, plain.data, 10) == 0,
        "nonce, ciphertext, tag; AAD is key id, database, version, key");
}


static bool
is_wiped(const uint8_t *bytes, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}


static void
test_place(dosis_crypt_t *crypt)
{
    static const struct {
        uint8_t database;
        uint8_t version;
        const char *key;
        const char *fact;
    } rows[] = {
        { 4, 1, "key", "a value does not open in another database" },
        { 3, 2, "key", "nor under another version" },
        { 3, 1, "kez", "nor under another key" },
        { 3, 1, "keyX", "nor under a longer key" },
        { 3, 1, "ke", "nor under a shorter key" },
        { 3, 1, NULL, "nor under no key" },
    };
    dosis_place_t other;
    dosis_place_t place = { 3, 1, { "key", 3 } };
    uint8_t sealed[100 + DOSIS_SEAL_OVERHEAD], plain[100], open[100];
    dosis_slice_t value = dosis_slice(sealed, sizeof(sealed));
    size_t i, got = 77;

    memset(plain, 'p', sizeof(plain));
    if (dosis_seal(crypt, place, dosis_slice(plain, 100), sealed)
        != DOSIS_OK) {
        abort();
    }
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        memset(open, 'x', sizeof(open));
        other = (dosis_place_t) { rows[i].database, rows[i].version,
            dosis_slice_of(rows[i].key) };
        CHECK(dosis_open(crypt, other, value, open, &got)
                    == DOSIS_EFORMAT
                && is_wiped(open, sizeof(open)) && got == 77,
            rows[i].fact);
    }
    CHECK(dosis_open(crypt, place, value, open, &got) == DOSIS_OK && got == 100,
        "in its place it opens, after all failures");
}


/* Changes each bit of a sealed value; the key id has an answer of its own. */
static void
test_bits(dosis_crypt_t *crypt)
{
    dosis_place_t place = { 3, 1, DOSIS_SLICE("key") };
    uint8_t sealed[20 + DOSIS_SEAL_OVERHEAD], open[20 + 1];
    dosis_slice_t value = dosis_slice(sealed, sizeof(sealed));
    size_t bit, len, got;
    bool ids = true, rest = true, lengths = true;
    dosis_rc_t rc;

    if (dosis_seal(crypt, place, DOSIS_SLICE("twenty bytes of text"), sealed)
        != DOSIS_OK) {
        abort();
    }
    for (bit = 0; bit < 8 * sizeof(sealed); bit++) {
        sealed[bit / 8] ^= (uint8_t) (1 << bit % 8);
        memset(open, 'x', sizeof(open));
        rc = dosis_open(crypt, place, value, open, &got);
        sealed[bit / 8] ^= (uint8_t) (1 << bit % 8);
        /* keys 1, 2 and 3 are in the ring: id 3 has two neighbours in it */
        if (bit < 32 && bit != 24 && bit != 25) {
            ids = ids && rc == DOSIS_EKEY && is_wiped(open, 20);
        } else {
            rest = rest && rc == DOSIS_EFORMAT && is_wiped(open, 20);
        }
    }
    CHECK(ids, "an unknown key id is EKEY, and nothing comes out");
    CHECK(rest, "any other changed bit is EFORMAT, and nothing comes out");
    for (len = 0; len < sizeof(sealed); len++) {
        rc = dosis_open(crypt, place, dosis_slice(sealed, len), open, &got);
        lengths = lengths && rc == DOSIS_EFORMAT;
    }
    CHECK(lengths, "a cut value is EFORMAT at every length");
    CHECK(dosis_open(crypt, place, value, open, &got) == DOSIS_OK,
        "unchanged it opens");
    CHECK(ERR_peek_error() == 0, "no failure is left in the error queue");
}


static void
test_rotation(void)
{
    static const uint8_t ids[] = { 1, 2 };
    dosis_place_t place = { 3, 1, DOSIS_SLICE("key") };
    dosis_keyring_t *old_ring = ring_of(ids, 1, true);
    dosis_keyring_t *new_ring = ring_of(ids, 2, true);
    dosis_crypt_t *old_crypt = crypt_of(old_ring);
    dosis_crypt_t *new_crypt = crypt_of(new_ring);
    uint8_t sealed[5 + DOSIS_SEAL_OVERHEAD], open[5];
    dosis_slice_t value = dosis_slice(sealed, sizeof(sealed));
    size_t got;

    if (dosis_seal(old_crypt, place, DOSIS_SLICE("value"), sealed)
        != DOSIS_OK) {
        abort();
    }
    CHECK(sealed[3] == 1
            && dosis_open(new_crypt, place, value, open, &got) == DOSIS_OK,
        "a value under an older key opens after rotation");
    if (dosis_seal(new_crypt, place, DOSIS_SLICE("value"), sealed)
        != DOSIS_OK) {
        abort();
    }
    CHECK(sealed[3] == 2, "the last key added seals");
    CHECK(dosis_open(old_crypt, place, value, open, &got) == DOSIS_EKEY,
        "who lacks the new key is told so");
    dosis_crypt_free(old_crypt);
    dosis_crypt_free(new_crypt);
    dosis_keyring_free(old_ring);
    dosis_keyring_free(new_ring);
}


static int
compare_nonces(const void *a, const void *b)
{
    return memcmp(a, b, 24);
}


static void
test_nonces(dosis_crypt_t *crypt)
{
    static uint8_t nonces[20000][24];
    dosis_place_t place = { 3, 1, DOSIS_SLICE("key") };
    uint8_t sealed[1 + DOSIS_SEAL_OVERHEAD];
    size_t i, count = sizeof(nonces) / sizeof(*nonces);
    bool differ = true;

    for (i = 0; i < count; i++) {
        if (dosis_seal(crypt, place, DOSIS_SLICE("x"), sealed) != DOSIS_OK) {
            abort();
        }
        memcpy(nonces[i], sealed + 4, 24);
    }
    qsort(nonces, count, sizeof(*nonces), compare_nonces);
    for (i = 1; i < count; i++) {
        differ = differ && memcmp(nonces[i - 1], nonces[i], 24) != 0;
    }
    CHECK(differ, "no nonce comes twice");
}


/* Reckoned apart, with another implementation of HMAC: the store format. */
static void
test_blind(dosis_crypt_t *crypt)
{
    static const struct {
        dosis_blind_t purpose;
        const char *hex;
        const char *fact;
    } rows[] = {
        { DOSIS_BLIND_AGENT, "3a88bfcfa48650d06265f035e95d5aa6",
            "blinded as an agent" },
        { DOSIS_BLIND_UPLOAD, "f9bf7e8f4183657467f554e15059c0a4",
            "blinded as an upload" },
        { DOSIS_BLIND_BRON, "e9538b57cca0a192f021f79626244ba8",
            "blinded as a source" },
        { DOSIS_BLIND_DOSSIER, "6c6413a6eb2d816217c9af345eb142f2",
            "blinded as a dossier" },
        { DOSIS_BLIND_CONTENT, "e5da02c135deb53980ba7cf48268dc5e",
            "blinded as content" },
        { DOSIS_BLIND_REFERENCE, "94c8b197ae20d373de821b00402bf55d",
            "blinded as reference" },
    };
    dosis_slice_t parts[2] = { SOURCE, NUMBER };
    dosis_slice_t none[1] = { { NULL, 0 } };
    uint8_t to[DOSIS_BLIND_BYTES];
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        dosis_blind(crypt, rows[i].purpose, parts, 2, to);
        CHECK(hex_is(to, sizeof(to), rows[i].hex), rows[i].fact);
    }
    dosis_blind(crypt, DOSIS_BLIND_AGENT, NULL, 0, to);
    CHECK(hex_is(to, sizeof(to), "3cb3fb6fa1979b3fc987ff7cee2f3e25"),
        "no parts at all are blinded");
    dosis_blind(crypt, DOSIS_BLIND_AGENT, none, 1, to);
    CHECK(hex_is(to, sizeof(to), "555162c6696f3f081f91f55755e3d74c"),
        "one empty part is not no part");
    dosis_blind_dossier(crypt, SOURCE, NUMBER, to);
    CHECK(hex_is(to, sizeof(to), "dd8e8e096c6413a6eb2d816217c9af34"),
        "a DossierId is 4 bytes of its source and 12 of both");
}


/* The source blinded last is kept: another one must not get its bytes. */
static void
test_blind_sources(dosis_crypt_t *crypt, dosis_crypt_t *other)
{
    static char large[2][300] = { "a", "b" };
    dosis_slice_t source[] = { DOSIS_SLICE("urn:a"), DOSIS_SLICE("urn:b"),
        DOSIS_SLICE("urn:a"), DOSIS_SLICE("urn:ab"), { NULL, 0 },
        { large[0], sizeof(large[0]) }, { large[1], sizeof(large[1]) },
        DOSIS_SLICE("urn:a") };
    uint8_t one[DOSIS_BLIND_BYTES], two[DOSIS_BLIND_BYTES];
    size_t i;
    bool right = true;

    for (i = 0; i < sizeof(source) / sizeof(source[0]); i++) {
        dosis_blind_dossier(crypt, source[i], NUMBER, one);
        dosis_blind(other, DOSIS_BLIND_BRON, &source[i], 1, two);
        right = right && memcmp(one, two, 4) == 0;
        dosis_blind_dossier(crypt, source[i], NUMBER, two);
        right = right && memcmp(one, two, sizeof(one)) == 0;
    }
    CHECK(right, "each source keeps its own 4 bytes, in any order");
}


static void
test_blind_parts(dosis_crypt_t *crypt, dosis_crypt_t *other)
{
    dosis_slice_t ab_c[2] = { DOSIS_SLICE("ab"), DOSIS_SLICE("c") };
    dosis_slice_t a_bc[2] = { DOSIS_SLICE("a"), DOSIS_SLICE("bc") };
    static char large[70000];
    dosis_slice_t big[1] = { { large, sizeof(large) } };
    uint8_t one[DOSIS_BLIND_BYTES], two[DOSIS_BLIND_BYTES];

    dosis_blind(crypt, DOSIS_BLIND_UPLOAD, ab_c, 2, one);
    dosis_blind(crypt, DOSIS_BLIND_UPLOAD, a_bc, 2, two);
    CHECK(memcmp(one, two, sizeof(one)) != 0,
        "the border between two parts counts");
    dosis_blind(crypt, DOSIS_BLIND_CONTENT, big, 1, one);
    dosis_blind(other, DOSIS_BLIND_CONTENT, big, 1, two);
    CHECK(memcmp(one, two, sizeof(one)) == 0,
        "another context with other data keys blinds the same");
}


int
main(void)
{
    static const uint8_t ids[] = { 1, 2, 3 };
    dosis_keyring_t *ring = ring_of(ids, 3, true);
    dosis_keyring_t *ring3 = ring_of(ids + 2, 1, true);
    dosis_crypt_t *crypt = crypt_of(ring), *other = crypt_of(ring3);

    test_vectors();
    test_accumulated();
    test_create();
    test_round_trip(crypt, other);
    test_format(crypt);
    test_place(crypt);
    test_bits(crypt);
    test_rotation();
    test_nonces(crypt);
    test_blind(crypt);
    test_blind_sources(crypt, other);
    test_blind_parts(crypt, other);
    dosis_crypt_free(crypt);
    dosis_crypt_free(other);
    dosis_crypt_free(NULL);
    dosis_keyring_free(ring);
    dosis_keyring_free(ring3);
    return tap_done();
}
