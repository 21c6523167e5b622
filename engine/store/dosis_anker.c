/* SPDX-License-Identifier: EUPL-1.2 */
#include <inttypes.h>

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "crypto/dosis_jwt.h"
#include "crypto/dosis_mint.h"
#include "store/dosis_signing.h"
#include "store/store_anker.h"

#define ANKER_MARK 'a'    /* in `doorklik`: a, kid: time 8 B | JWK */
#define ANKER_KEY (1 + DOSIS_SIGNING_KID)
#define ANKER_JWK_MAX 1024
#define ANKER_VALUE_MAX (8 + ANKER_JWK_MAX)
#define ANKER_HASH_TEXT (2 * LEDGER_HASH_BYTES)
#define ANKER_CLAIMS_MAX 512
#define ANKER_HEADER_MAX 512


/* --- what one says ------------------------------------------------------- */

static void
add_at(dosis_buf_t *to, const char *name, const dosis_ledger_at_t *at)
{
    char hash[ANKER_HASH_TEXT + 1];

    dosis_hex_encode(hash, dosis_slice(at->hash, sizeof(at->hash)));
    dosis_buf_addf(to, ",\"%s\":{\"blok\":%" PRIu64 ",\"hash\":\"%.*s\"}",
        name, at->seq, ANKER_HASH_TEXT, hash);
}


static bool
read_at(const dosis_json_t *from, dosis_ledger_at_t *ret_at)
{
    const dosis_json_t *blok = dosis_json_get(from, "blok");
    dosis_slice_t hash = dosis_json_string(dosis_json_get(from, "hash"));

    if (dosis_json_kind(blok) != DOSIS_JSON_INT || dosis_json_int(blok) < 0
        || hash.len != ANKER_HASH_TEXT) {
        return false;
    }
    ret_at->seq = (uint64_t) dosis_json_int(blok);
    return dosis_hex_decode(ret_at->hash, sizeof(ret_at->hash), hash);
}


static dosis_rc_t
read_payload(dosis_slice_t payload, dosis_anker_t *ret_anker)
{
    bool fine;
    dosis_rc_t rc;
    dosis_json_t *json = NULL;
    const dosis_json_t *iat;

    rc = dosis_json_parse(payload, &json, NULL);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOMEM ? rc : DOSIS_EFORMAT;
    }
    iat = dosis_json_get(json, "iat");
    fine = dosis_slice_eq(dosis_json_string(dosis_json_get(json, "aud")),
               DOSIS_SLICE(DOSIS_ANKER_AUD))
        && dosis_json_kind(iat) == DOSIS_JSON_INT
        && read_at(dosis_json_get(json, "kop"), &ret_anker->kop)
        && read_at(dosis_json_get(json, "begin"), &ret_anker->begin)
        && ret_anker->begin.seq <= ret_anker->kop.seq;
    ret_anker->time_s = fine ? dosis_json_int(iat) : 0;
    dosis_json_free(json);
    return fine ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
dosis_anker_open(
    dosis_slice_t jws, const dosis_jwks_t *keys, dosis_anker_t *ret_anker)
{
    char memory[DOSIS_ANKER_MAX];
    dosis_buf_t payload;
    dosis_jwt_reason_t reason;
    dosis_rc_t rc;

    memset(ret_anker, 0, sizeof(*ret_anker));
    dosis_buf_init_fixed(&payload, memory, sizeof(memory));
    if (jws.len > DOSIS_ANKER_MAX) {
        return DOSIS_EFORMAT;
    }
    rc = dosis_jwt_open(jws, NULL, keys, &payload, &reason);
    if (rc == DOSIS_EDENIED && reason == DOSIS_JWT_MALFORMED) {
        return DOSIS_EFORMAT;
    }
    return rc == DOSIS_OK ? read_payload(dosis_buf_slice(&payload), ret_anker)
                          : rc;
}


/* --- keys that signed ----------------------------------------------------- */

static dosis_slice_t
key_name(char to[ANKER_KEY], const char *kid)
{
    to[0] = ANKER_MARK;
    memcpy(to + 1, kid, DOSIS_SIGNING_KID);
    return dosis_slice(to, ANKER_KEY);
}


static void
key_put(dosis_txn_t *txn, const char *kid, dosis_slice_t jwk)
{
    char name[ANKER_KEY], memory[ANKER_VALUE_MAX];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, memory, sizeof(memory));
    dosis_wire_put_u64(&value, (uint64_t) txn->now_ns);
    dosis_buf_add_slice(&value, jwk);
    if (store_txn_ok(txn, value.rc)) {
        store_txn_put(
            txn, DB_DOORKLIK, key_name(name, kid), dosis_buf_slice(&value));
    }
}


/* The one the cursor stands on; DOSIS_ENOTFOUND: behind the last. */
static dosis_rc_t
key_at(const store_snap_t *snap, const store_cursor_t *c, dosis_buf_t *value)
{
    dosis_rc_t rc;

    if (c->key.len != ANKER_KEY || c->key.data[0] != ANKER_MARK) {
        return DOSIS_ENOTFOUND;
    }
    dosis_buf_reset(value);
    rc = store_open_value(snap, DB_DOORKLIK, c->key, c->value, value);
    return rc == DOSIS_OK && value->len <= 8 ? DOSIS_EFORMAT : rc;
}


/* How many there are, and which signed longest ago. */
typedef struct {
    size_t count;
    int64_t oldest_ns;
    char oldest[ANKER_KEY];
} keys_t;


static dosis_rc_t
keys_look(const store_snap_t *snap, keys_t *keys)
{
    char mark = ANKER_MARK, memory[ANKER_VALUE_MAX];
    int64_t time_ns;
    dosis_buf_t value;
    dosis_rc_t rc;
    store_cursor_t c;

    *keys = (keys_t) { .oldest_ns = INT64_MAX };
    dosis_buf_init_fixed(&value, memory, sizeof(memory));
    rc = store_cursor_open(snap, DB_DOORKLIK, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (rc = store_cursor_seek(&c, dosis_slice(&mark, 1)); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        rc = key_at(snap, &c, &value);
        if (rc != DOSIS_OK) {
            break;
        }
        keys->count++;
        time_ns = (int64_t) dosis_be64_get(value.data);
        if (time_ns < keys->oldest_ns) {
            keys->oldest_ns = time_ns;
            memcpy(keys->oldest, c.key.data, ANKER_KEY);
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* One an anchor: there are never many more than may be. */
static void
keys_trim(dosis_txn_t *txn, int64_t keep_ns)
{
    keys_t keys;

    if (store_txn_ok(txn, keys_look(&txn->snap, &keys)) && keys.count > 1
        && (keys.count > DOSIS_ANKER_KEYS_MAX
            || (keep_ns > 0 && keys.oldest_ns < txn->now_ns - keep_ns))) {
        store_txn_del(
            txn, DB_DOORKLIK, dosis_slice(keys.oldest, sizeof(keys.oldest)));
    }
}


dosis_rc_t
dosis_anker_jwks(dosis_reader_t *reader, dosis_buf_t *json)
{
    char mark = ANKER_MARK, memory[ANKER_VALUE_MAX];
    const char *between = "";
    dosis_buf_t value;
    dosis_rc_t rc;
    store_cursor_t c;

    DOSIS_BUF_LIT(json, "{\"keys\":[");
    dosis_buf_init_fixed(&value, memory, sizeof(memory));
    rc = store_cursor_open(&reader->snap, DB_DOORKLIK, &c);
    if (rc == DOSIS_OK) {
        rc = store_cursor_seek(&c, dosis_slice(&mark, 1));
        while (rc == DOSIS_OK) {
            rc = key_at(&reader->snap, &c, &value);
            if (rc == DOSIS_OK) {
                dosis_buf_add(json, between, strlen(between));
                dosis_buf_add(json, value.data + 8, value.len - 8);
                between = ",";
                rc = store_cursor_next(&c);
            }
        }
        store_cursor_close(&c);
    }
    DOSIS_BUF_LIT(json, "]}");
    return rc == DOSIS_ENOTFOUND ? json->rc : rc;
}


/* --- with the keys of the store ------------------------------------------- */

/* The kid, read from a header that nobody has verified yet. */
static bool
kid_of(dosis_slice_t jws, char ret_kid[DOSIS_SIGNING_KID])
{
    char memory[ANKER_HEADER_MAX];
    const char *dot = jws.len == 0 ? NULL : memchr(jws.data, '.', jws.len);
    bool fine = false;
    dosis_buf_t header;
    dosis_json_t *json = NULL;
    dosis_slice_t kid;

    dosis_buf_init_fixed(&header, memory, sizeof(memory));
    if (dot == NULL
        || dosis_base64url_decode(&header,
               dosis_slice(jws.data, (size_t) (dot - jws.data))) != DOSIS_OK
        || dosis_json_parse(dosis_buf_slice(&header), &json, NULL)
               != DOSIS_OK) {
        return false;
    }
    kid = dosis_json_string(dosis_json_get(json, "kid"));
    if (kid.len == DOSIS_SIGNING_KID) {
        memcpy(ret_kid, kid.data, DOSIS_SIGNING_KID);
        fine = true;
    }
    dosis_json_free(json);
    return fine;
}


static dosis_rc_t
anker_check(
    const store_snap_t *snap, dosis_slice_t jws, dosis_anker_t *ret_anker)
{
    char kid[DOSIS_SIGNING_KID], name[ANKER_KEY];
    char memory[ANKER_VALUE_MAX], text[ANKER_VALUE_MAX];
    dosis_buf_t value, set;
    dosis_jwks_t *keys = NULL;
    dosis_rc_t rc;

    if (!kid_of(jws, kid)) {
        return DOSIS_EFORMAT;
    }
    dosis_buf_init_fixed(&value, memory, sizeof(memory));
    dosis_buf_init_fixed(&set, text, sizeof(text));
    rc = store_get(snap, DB_DOORKLIK, key_name(name, kid), &value);
    if (rc != DOSIS_OK || value.len <= 8) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_EDENIED
            : rc == DOSIS_OK         ? DOSIS_EFORMAT
                                     : rc;
    }
    DOSIS_BUF_LIT(&set, "{\"keys\":[");
    dosis_buf_add(&set, value.data + 8, value.len - 8);
    DOSIS_BUF_LIT(&set, "]}");
    rc = set.rc == DOSIS_OK ? dosis_jwks_parse(dosis_buf_slice(&set), &keys)
                            : set.rc;
    if (rc == DOSIS_OK) {
        rc = dosis_anker_open(jws, keys, ret_anker);
    }
    dosis_jwks_free(keys);
    return rc;
}


dosis_rc_t
dosis_anker_check(
    dosis_reader_t *reader, dosis_slice_t jws, dosis_anker_t *ret_anker)
{
    return anker_check(&reader->snap, jws, ret_anker);
}


dosis_rc_t
dosis_anker_newest(dosis_reader_t *reader, dosis_buf_t *jws)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    rc = store_get_raw(
        &reader->snap, DB_META, dosis_slice_of(ANKER_META), &value);
    if (rc == DOSIS_OK) {
        dosis_buf_add_slice(jws, value);
        rc = jws->rc;
    }
    return rc;
}


dosis_rc_t
store_anker_get(const store_snap_t *snap, dosis_anker_t *ret_anker)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    memset(ret_anker, 0, sizeof(*ret_anker));
    rc = store_get_raw(snap, DB_META, dosis_slice_of(ANKER_META), &value);
    if (rc == DOSIS_OK) {
        rc = anker_check(snap, value, ret_anker);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* --- signing -------------------------------------------------------------- */

static dosis_rc_t
anker_sign(const dosis_anker_t *anker, const char *kid, dosis_slice_t pem,
    dosis_buf_t *jws)
{
    char memory[ANKER_CLAIMS_MAX];
    dosis_buf_t claims;
    const dosis_mint_t mint = { .alg = DOSIS_SIGNING_ALG, .kid = kid,
        .pem = pem };

    dosis_buf_init_fixed(&claims, memory, sizeof(memory));
    dosis_buf_addf(&claims, "{\"aud\":\"%s\",\"iat\":%" PRId64,
        DOSIS_ANKER_AUD, anker->time_s);
    add_at(&claims, "kop", &anker->kop);
    add_at(&claims, "begin", &anker->begin);
    dosis_buf_add_byte(&claims, '}');
    return claims.rc == DOSIS_OK
        ? dosis_mint(jws, &mint, dosis_buf_slice(&claims))
        : claims.rc;
}


void
store_anker_put(dosis_txn_t *txn, const dosis_anker_t *anker, int64_t keep_ns)
{
    char kid[DOSIS_SIGNING_KID + 1], signed_memory[DOSIS_ANKER_MAX];
    char pem_memory[DOSIS_SIGNING_PEM_MAX], jwk_memory[ANKER_JWK_MAX];
    dosis_buf_t pem, jwk, jws;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&pem, pem_memory, sizeof(pem_memory));
    dosis_buf_init_fixed(&jwk, jwk_memory, sizeof(jwk_memory));
    dosis_buf_init_fixed(&jws, signed_memory, sizeof(signed_memory));
    rc = dosis_signing_signer(txn, kid, &jwk, &pem);
    if (rc == DOSIS_OK) {
        rc = anker_sign(anker, kid, dosis_buf_slice(&pem), &jws);
    }
    explicit_bzero(pem_memory, sizeof(pem_memory));
    if (rc == DOSIS_ENOTFOUND || !store_txn_ok(txn, rc)) {
        return;
    }
    store_txn_put(
        txn, DB_META, dosis_slice_of(ANKER_META), dosis_buf_slice(&jws));
    key_put(txn, kid, dosis_buf_slice(&jwk));
    keys_trim(txn, keep_ns);
}
