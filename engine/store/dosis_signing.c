/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/dosis_signing.h"

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "crypto/dosis_devkey.h"
#include "store/store_txn.h"

#define SIGNING_KEY (1 + DOSIS_SIGNING_KID)
#define SIGNING_MARK 'k'
#define SIGNING_VERSION 1
#define SIGNING_JWK_MAX 512
#define SIGNING_VALUE_MAX (DOSIS_SIGNING_PEM_MAX + SIGNING_JWK_MAX + 64)

typedef enum {
    SIGNING_NEXT = 1,
    SIGNING_ACTIVE = 2,
    SIGNING_RETIRED = 3
} signing_state_t;

typedef struct {
    char kid[DOSIS_SIGNING_KID];
    uint8_t state;
    int64_t made_ns;
    int64_t since_ns; /* in this state */
    size_t jwk_len;
    size_t pem_len;
    char jwk[SIGNING_JWK_MAX];
    char pem[DOSIS_SIGNING_PEM_MAX];
} signing_key_t;

/* All of them, oldest first. Holds private keys: wipe it. */
typedef struct {
    size_t count;
    signing_key_t key[DOSIS_SIGNING_MAX + 1];
} signing_set_t;


static dosis_slice_t
key_name(char to[SIGNING_KEY], const signing_key_t *key)
{
    to[0] = SIGNING_MARK;
    memcpy(to + 1, key->kid, DOSIS_SIGNING_KID);
    return dosis_slice(to, SIGNING_KEY);
}


/* --- reading ------------------------------------------------------------- */

static void
read_text(dosis_wire_t *wire, char *to, size_t max, size_t *ret_len)
{
    dosis_slice_t text = dosis_wire_slice(wire);

    wire->ok = wire->ok && text.len > 0 && text.len <= max;
    *ret_len = wire->ok ? text.len : 0;
    if (wire->ok) {
        memcpy(to, text.data, text.len);
    }
}


static dosis_rc_t
key_read(dosis_slice_t name, dosis_slice_t bytes, signing_key_t *key)
{
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    if (name.len != SIGNING_KEY || dosis_wire_u8(&wire) != SIGNING_VERSION) {
        return DOSIS_EFORMAT;
    }
    memcpy(key->kid, name.data + 1, DOSIS_SIGNING_KID);
    key->state = dosis_wire_u8(&wire);
    key->made_ns = (int64_t) dosis_wire_u64(&wire);
    key->since_ns = (int64_t) dosis_wire_u64(&wire);
    read_text(&wire, key->jwk, sizeof(key->jwk), &key->jwk_len);
    read_text(&wire, key->pem, sizeof(key->pem), &key->pem_len);
    return dosis_wire_done(&wire) && key->state >= SIGNING_NEXT
            && key->state <= SIGNING_RETIRED
        ? DOSIS_OK
        : DOSIS_EFORMAT;
}


/* The last one, into its place by age. */
static void
set_sort_last(signing_set_t *set)
{
    size_t at = set->count - 1;
    signing_key_t moved = set->key[at];

    while (at > 0 && moved.made_ns < set->key[at - 1].made_ns) {
        set->key[at] = set->key[at - 1];
        at--;
    }
    set->key[at] = moved;
    explicit_bzero(&moved, sizeof(moved));
}


static dosis_rc_t
set_add(signing_set_t *set, const store_snap_t *snap, const store_cursor_t *c)
{
    char memory[SIGNING_VALUE_MAX];
    dosis_buf_t value;
    dosis_rc_t rc;

    if (set->count == sizeof(set->key) / sizeof(set->key[0])) {
        return DOSIS_EFORMAT;
    }
    dosis_buf_init_fixed(&value, memory, sizeof(memory));
    rc = store_open_value(snap, DB_DOORKLIK, c->key, c->value, &value);
    if (rc == DOSIS_OK) {
        rc = key_read(c->key, dosis_buf_slice(&value), &set->key[set->count]);
    }
    explicit_bzero(memory, sizeof(memory));
    if (rc == DOSIS_OK) {
        set->count++;
        set_sort_last(set);
    }
    return rc;
}


static dosis_rc_t
set_load(const store_snap_t *snap, signing_set_t *set)
{
    char mark = SIGNING_MARK;
    store_cursor_t c;
    dosis_rc_t rc;

    set->count = 0;
    rc = store_cursor_open(snap, DB_DOORKLIK, &c);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
    }
    for (rc = store_cursor_seek(&c, dosis_slice(&mark, 1));
         rc == DOSIS_OK && c.key.len > 0 && c.key.data[0] == mark;
         rc = rc == DOSIS_OK ? store_cursor_next(&c) : rc) {
        rc = set_add(set, snap, &c);
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static signing_key_t *
set_find(signing_set_t *set, signing_state_t state)
{
    size_t i;

    for (i = 0; i < set->count; i++) {
        if (set->key[i].state == state) {
            return &set->key[i];
        }
    }
    return NULL;
}


/* --- writing ------------------------------------------------------------- */

static void
key_put(dosis_txn_t *txn, const signing_key_t *key)
{
    char name[SIGNING_KEY], memory[SIGNING_VALUE_MAX];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, memory, sizeof(memory));
    dosis_buf_add_byte(&value, SIGNING_VERSION);
    dosis_buf_add_byte(&value, (char) key->state);
    dosis_wire_put_u64(&value, (uint64_t) key->made_ns);
    dosis_wire_put_u64(&value, (uint64_t) key->since_ns);
    dosis_wire_put_slice(&value, dosis_slice(key->jwk, key->jwk_len));
    dosis_wire_put_slice(&value, dosis_slice(key->pem, key->pem_len));
    if (store_txn_ok(txn, value.rc)) {
        store_txn_put(
            txn, DB_DOORKLIK, key_name(name, key), dosis_buf_slice(&value));
    }
    explicit_bzero(memory, sizeof(memory));
}


static void
key_del(dosis_txn_t *txn, const signing_key_t *key)
{
    char name[SIGNING_KEY];

    store_txn_del(txn, DB_DOORKLIK, key_name(name, key));
}


static dosis_rc_t
key_generate(signing_key_t *key)
{
    uint8_t random[DOSIS_SIGNING_KID / 2];
    char kid[DOSIS_SIGNING_KID + 1];
    dosis_devkey_t *pair = NULL;
    dosis_buf_t jwk, pem;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&jwk, key->jwk, sizeof(key->jwk));
    dosis_buf_init_fixed(&pem, key->pem, sizeof(key->pem));
    rc = dosis_random(random, sizeof(random));
    if (rc == DOSIS_OK) {
        dosis_hex_encode(kid, dosis_slice(random, sizeof(random)));
        memcpy(key->kid, kid, DOSIS_SIGNING_KID);
        rc = dosis_devkey_generate(DOSIS_DEVKEY_ES256, &pair);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_devkey_add_jwk(&jwk, pair, kid);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_devkey_add_pem(&pem, pair);
    }
    dosis_devkey_free(pair);
    key->jwk_len = jwk.len;
    key->pem_len = pem.len;
    return rc;
}


static void
key_make(dosis_txn_t *txn, signing_state_t state)
{
    signing_key_t key = {
        .state = (uint8_t) state,
        .made_ns = txn->now_ns,
        .since_ns = txn->now_ns,
    };

    if (store_txn_ok(txn, key_generate(&key))) {
        key_put(txn, &key);
    }
    explicit_bzero(&key, sizeof(key));
}


static void
key_turn(dosis_txn_t *txn, signing_key_t *key, signing_state_t state)
{
    key->state = (uint8_t) state;
    key->since_ns = txn->now_ns;
    key_put(txn, key);
}


bool
dosis_signing_ensure(dosis_txn_t *txn)
{
    signing_set_t set;
    bool made = false;

    if (!store_txn_ok(txn, set_load(&txn->snap, &set))) {
        return false;
    }
    if (set_find(&set, SIGNING_ACTIVE) == NULL) {
        made = true;
        key_make(txn, SIGNING_ACTIVE);
    }
    if (set_find(&set, SIGNING_NEXT) == NULL) {
        made = true;
        key_make(txn, SIGNING_NEXT);
    }
    explicit_bzero(&set, sizeof(set));
    return made;
}


/* Retired ones go by age, and the oldest where there is no room. */
static void
set_trim(dosis_txn_t *txn, const signing_set_t *set)
{
    int64_t until_ns = txn->now_ns - DOSIS_SIGNING_RETIRED_S * DOSIS_NS_PER_S;
    size_t i, held = set->count;

    for (i = 0; i < set->count; i++) {
        const signing_key_t *key = &set->key[i];

        if (key->state == SIGNING_RETIRED
            && (key->since_ns < until_ns || held >= DOSIS_SIGNING_MAX)) {
            key_del(txn, key);
            held--;
        }
    }
}


static dosis_rc_t
rotate(dosis_txn_t *txn, signing_set_t *set, bool force)
{
    signing_key_t *next = set_find(set, SIGNING_NEXT);
    signing_key_t *active = set_find(set, SIGNING_ACTIVE);

    if (next != NULL && !force
        && txn->now_ns - next->since_ns
            < DOSIS_SIGNING_KNOWN_S * DOSIS_NS_PER_S) {
        return DOSIS_EBUSY;
    }
    set_trim(txn, set);
    if (active != NULL) {
        key_turn(txn, active, SIGNING_RETIRED);
    }
    if (next != NULL) {
        key_turn(txn, next, SIGNING_ACTIVE);
    } else {
        key_make(txn, SIGNING_ACTIVE);
    }
    key_make(txn, SIGNING_NEXT);
    return txn->rc;
}


dosis_rc_t
dosis_signing_rotate(dosis_txn_t *txn, bool force)
{
    signing_set_t set;
    dosis_rc_t rc = txn->rc;

    if (store_txn_ok(txn, set_load(&txn->snap, &set))) {
        rc = rotate(txn, &set, force);
    }
    explicit_bzero(&set, sizeof(set));
    return txn->rc != DOSIS_OK ? txn->rc : rc;
}


dosis_rc_t
dosis_signing_drop(dosis_txn_t *txn, dosis_slice_t kid)
{
    signing_set_t set;
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    size_t i;

    if (!store_txn_ok(txn, set_load(&txn->snap, &set))) {
        return txn->rc;
    }
    for (i = 0; i < set.count; i++) {
        if (set.key[i].state == SIGNING_RETIRED
            && dosis_slice_eq(
                kid, dosis_slice(set.key[i].kid, DOSIS_SIGNING_KID))) {
            key_del(txn, &set.key[i]);
            rc = txn->rc;
        }
    }
    explicit_bzero(&set, sizeof(set));
    return rc;
}


/* --- answers ------------------------------------------------------------- */

static void
add_jwk(dosis_buf_t *json, const signing_key_t *key)
{
    dosis_buf_add(json, key->jwk, key->jwk_len);
}


static void
add_state(dosis_buf_t *json, const signing_key_t *key)
{
    static const char *const states[] = { [SIGNING_NEXT] = "Volgende",
        [SIGNING_ACTIVE] = "Actief",
        [SIGNING_RETIRED] = "Uit dienst" };

    dosis_buf_addf(json, "{\"Kid\":\"%.*s\",\"Toestand\":\"%s\",\"Gemaakt\":\"",
        DOSIS_SIGNING_KID, key->kid, states[key->state]);
    dosis_time_add_utc(json, key->made_ns);
    DOSIS_BUF_LIT(json, "\",\"Sinds\":\"");
    dosis_time_add_utc(json, key->since_ns);
    DOSIS_BUF_LIT(json, "\"}");
}


static dosis_rc_t
add_all(dosis_reader_t *reader, dosis_buf_t *json,
    void (*add)(dosis_buf_t *json, const signing_key_t *key))
{
    /* what signs, what will, what did */
    static const signing_state_t order[] = { SIGNING_ACTIVE, SIGNING_NEXT,
        SIGNING_RETIRED };
    signing_set_t set;
    dosis_rc_t rc = set_load(&reader->snap, &set);
    size_t i, n;
    const char *apart = "";

    dosis_buf_add_byte(json, '[');
    for (n = 0; rc == DOSIS_OK && n < sizeof(order) / sizeof(order[0]); n++) {
        for (i = 0; i < set.count; i++) {
            if (set.key[i].state == order[n]) {
                dosis_buf_addf(json, "%s", apart);
                add(json, &set.key[i]);
                apart = ",";
            }
        }
    }
    dosis_buf_add_byte(json, ']');
    explicit_bzero(&set, sizeof(set));
    return rc == DOSIS_OK ? json->rc : rc;
}


dosis_rc_t
dosis_signing_jwks(dosis_reader_t *reader, dosis_buf_t *json)
{
    dosis_rc_t rc;

    DOSIS_BUF_LIT(json, "{\"keys\":");
    rc = add_all(reader, json, add_jwk);
    dosis_buf_add_byte(json, '}');
    return rc;
}


dosis_rc_t
dosis_signing_list(dosis_reader_t *reader, dosis_buf_t *json)
{
    return add_all(reader, json, add_state);
}


/* jwk: or NULL. */
static dosis_rc_t
add_active(const store_snap_t *snap, char ret_kid[DOSIS_SIGNING_KID + 1],
    dosis_buf_t *jwk, dosis_buf_t *pem)
{
    signing_set_t set;
    const signing_key_t *key = NULL;
    dosis_rc_t rc = set_load(snap, &set);

    if (rc == DOSIS_OK) {
        key = set_find(&set, SIGNING_ACTIVE);
        rc = key == NULL ? DOSIS_ENOTFOUND : DOSIS_OK;
    }
    if (rc == DOSIS_OK) {
        memcpy(ret_kid, key->kid, DOSIS_SIGNING_KID);
        ret_kid[DOSIS_SIGNING_KID] = '\0';
        dosis_buf_add(pem, key->pem, key->pem_len);
        rc = pem->rc;
    }
    if (rc == DOSIS_OK && jwk != NULL) {
        add_jwk(jwk, key);
        rc = jwk->rc;
    }
    explicit_bzero(&set, sizeof(set));
    return rc;
}


dosis_rc_t
dosis_signing_active(dosis_reader_t *reader,
    char ret_kid[DOSIS_SIGNING_KID + 1], dosis_buf_t *pem)
{
    return add_active(&reader->snap, ret_kid, NULL, pem);
}


dosis_rc_t
dosis_signing_signer(dosis_txn_t *txn, char ret_kid[DOSIS_SIGNING_KID + 1],
    dosis_buf_t *jwk, dosis_buf_t *pem)
{
    return add_active(&txn->snap, ret_kid, jwk, pem);
}
