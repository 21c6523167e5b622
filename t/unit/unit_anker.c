/* SPDX-License-Identifier: EUPL-1.2 */
/* Signed anchors of the access ledger: who has the key set can tell. */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "crypto/dosis_jwt.h"
#include "crypto/dosis_mint.h"
#include "store/dosis_ledger_read.h"
#include "store/dosis_signing.h"
#include "store/store_anker.h"

#define DAY_NS (INT64_C(86400) * DOSIS_NS_PER_S)

static char newest_memory[DOSIS_ANKER_MAX];
static char other_memory[DOSIS_ANKER_MAX];
static char set_memory[16384];
static dosis_ledger_check_t check;


/* --- making -------------------------------------------------------------- */

static dosis_txn_t *
begin(fixture_t *f, int64_t now_ns)
{
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, now_ns, &txn), "begin");
    return txn;
}


static void
ensure(fixture_t *f)
{
    dosis_txn_t *txn = begin(f, FIXTURE_NOW);

    (void) dosis_signing_ensure(txn);
    fixture_must(dosis_txn_commit(txn), "commit");
}


static void
rotate(fixture_t *f, int64_t now_ns)
{
    dosis_txn_t *txn = begin(f, now_ns);

    fixture_must(dosis_signing_rotate(txn, true), "rotate");
    fixture_must(dosis_txn_commit(txn), "commit");
}


/* A look, and what the engine does then. */
static void
look(fixture_t *f, int64_t now_ns, int64_t keep_ns)
{
    char memory[1024], text[1024], kbo[11];
    dosis_buf_t bytes, one;
    dosis_subject_t who = { 0 };
    dosis_ledger_work_t todo = { .keep_ns = keep_ns };
    const dosis_inzage_t inzage = {
        .time_ns = now_ns,
        .deur = DOSIS_DEUR_OVERZICHT,
        .client = DOSIS_SLICE("loket"),
        .subject = &who,
        .subjects = 1,
    };
    dosis_txn_t *txn;

    fixture_kbo(1, kbo);
    (void) dosis_agent_parse(dosis_slice_of(kbo), DOSIS_VORM, &who.agent);
    dosis_buf_init_fixed(&one, text, sizeof(text));
    dosis_buf_init_fixed(&bytes, memory, sizeof(memory));
    dosis_inzage_add(&one, &inzage);
    dosis_wire_put_slice(&bytes, dosis_buf_slice(&one));
    txn = begin(f, now_ns);
    dosis_ledger_append(txn, dosis_buf_slice(&bytes));
    fixture_must(dosis_txn_commit(txn), "commit");
    do {
        fixture_must(dosis_ledger_step(f->writer, now_ns, &todo), "step");
    } while (todo.more);
}


/* --- asking -------------------------------------------------------------- */

static dosis_slice_t
newest(fixture_t *f, char memory[DOSIS_ANKER_MAX])
{
    dosis_buf_t jws;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&jws, memory, DOSIS_ANKER_MAX);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    rc = dosis_anker_newest(f->reader, &jws);
    dosis_reader_end(f->reader);
    fixture_must(rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc, "newest");
    return dosis_buf_slice(&jws);
}


typedef dosis_rc_t (*set_pt)(dosis_reader_t *reader, dosis_buf_t *json);


static dosis_jwks_t *
keys_of(fixture_t *f, set_pt set)
{
    dosis_buf_t json;
    dosis_jwks_t *keys = NULL;

    dosis_buf_init_fixed(&json, set_memory, sizeof(set_memory));
    fixture_must(dosis_reader_begin(f->reader), "begin");
    fixture_must(set(f->reader, &json), "set");
    dosis_reader_end(f->reader);
    fixture_must(dosis_jwks_parse(dosis_buf_slice(&json), &keys), "parse");
    return keys;
}


static dosis_rc_t
by_set(fixture_t *f, dosis_slice_t jws, set_pt set, dosis_anker_t *anker)
{
    dosis_jwks_t *keys = keys_of(f, set);
    dosis_rc_t rc = dosis_anker_open(jws, keys, anker);

    dosis_jwks_free(keys);
    return rc;
}


static dosis_rc_t
by_store(fixture_t *f, dosis_slice_t jws)
{
    dosis_anker_t anker;
    dosis_rc_t rc;

    fixture_must(dosis_reader_begin(f->reader), "begin");
    rc = dosis_anker_check(f->reader, jws, &anker);
    dosis_reader_end(f->reader);
    return rc;
}


static void
verify(fixture_t *f)
{
    fixture_must(dosis_ledger_check(f->store, NULL, 0, &check), "check");
}


/* --- facts --------------------------------------------------------------- */

static void
test_signed(void)
{
    fixture_t f;
    dosis_anker_t anker;
    dosis_ledger_at_t head;
    dosis_slice_t jws;

    fixture_begin(&f);
    look(&f, FIXTURE_NOW, 0);
    CHECK(newest(&f, newest_memory).len == 0,
        "without a signing key nothing is signed, and the ledger goes on");
    ensure(&f);
    look(&f, FIXTURE_NOW, 0);
    jws = newest(&f, newest_memory);
    fixture_must(dosis_ledger_head(f.store, &head), "head");
    CHECK(by_set(&f, jws, dosis_signing_jwks, &anker) == DOSIS_OK
            && anker.kop.seq == head.seq && anker.begin.seq == 0
            && memcmp(anker.kop.hash, head.hash, 32) == 0
            && anker.time_s == FIXTURE_NOW / DOSIS_NS_PER_S,
        "the published key set verifies it: the head, and when");
    CHECK(by_set(&f, jws, dosis_anker_jwks, &anker) == DOSIS_OK
            && by_store(&f, jws) == DOSIS_OK,
        "so do the keys kept with the store");
    memcpy(other_memory, jws.data, jws.len);
    other_memory[jws.len / 2] ^= 1;
    CHECK(by_store(&f, dosis_slice(other_memory, jws.len)) != DOSIS_OK,
        "a character changed: refused");
    CHECK(by_store(&f, DOSIS_SLICE("x.y.z")) == DOSIS_EFORMAT
            && by_store(&f, dosis_slice(NULL, 0)) == DOSIS_EFORMAT,
        "what is no anchor is told apart");
    verify(&f);
    CHECK(check.fault == DOSIS_LEDGER_WHOLE && check.anker.kop.seq == head.seq,
        "verify holds the chain against it");
    fixture_end(&f);
}


/* Of the same key: neither passes for the other. */
static void
test_no_token(void)
{
    char kid[DOSIS_SIGNING_KID + 1], pem_memory[DOSIS_SIGNING_PEM_MAX];
    fixture_t f;
    dosis_anker_t anker;
    dosis_buf_t pem, out;
    dosis_jwks_t *keys;
    dosis_jwt_t jwt;
    dosis_jwt_reason_t reason;
    dosis_mint_t mint = { .alg = DOSIS_SIGNING_ALG, .kid = kid };
    dosis_jwt_issuer_t issuer = { DOSIS_SLICE("x"),
        DOSIS_SLICE(DOSIS_ANKER_AUD), NULL };
    const dosis_jwt_policy_t policy = { &issuer, 1, 1790000000, 0 };

    fixture_begin(&f);
    ensure(&f);
    look(&f, FIXTURE_NOW, 0);
    keys = keys_of(&f, dosis_signing_jwks);
    issuer.keys = keys;
    CHECK(dosis_jwt_verify(newest(&f, newest_memory), &policy, &jwt, &reason)
                == DOSIS_EDENIED
            && reason == DOSIS_JWT_ISSUER,
        "an anchor is no token: it has no issuer");
    dosis_buf_init_fixed(&pem, pem_memory, sizeof(pem_memory));
    dosis_buf_init_fixed(&out, other_memory, sizeof(other_memory));
    fixture_must(dosis_reader_begin(f.reader), "begin");
    fixture_must(dosis_signing_active(f.reader, kid, &pem), "active");
    dosis_reader_end(f.reader);
    mint.pem = dosis_buf_slice(&pem);
    fixture_must(dosis_mint(&out, &mint,
                     DOSIS_SLICE("{\"aud\":\"" DOSIS_ANKER_AUD "\"}")), "mint");
    CHECK(dosis_anker_open(dosis_buf_slice(&out), keys, &anker)
            == DOSIS_EFORMAT,
        "nor is a token an anchor");
    dosis_jwks_free(keys);
    fixture_end(&f);
}


static void
test_retired(void)
{
    fixture_t f;
    dosis_anker_t anker;
    dosis_slice_t old;

    fixture_begin(&f);
    ensure(&f);
    look(&f, FIXTURE_NOW, 0);
    old = newest(&f, newest_memory);
    rotate(&f, FIXTURE_NOW + DAY_NS);
    look(&f, FIXTURE_NOW + DAY_NS, 100 * DAY_NS);
    rotate(&f, FIXTURE_NOW + 3 * DAY_NS);
    look(&f, FIXTURE_NOW + 3 * DAY_NS, 100 * DAY_NS);
    CHECK(by_set(&f, old, dosis_signing_jwks, &anker) == DOSIS_EDENIED,
        "a key that retired is not published any more");
    CHECK(by_store(&f, old) == DOSIS_OK
            && by_set(&f, old, dosis_anker_jwks, &anker) == DOSIS_OK,
        "and what it anchored stays verifiable");
    CHECK(by_store(&f, newest(&f, other_memory)) == DOSIS_OK,
        "as does what the next one signed");
    look(&f, FIXTURE_NOW + 104 * DAY_NS, 100 * DAY_NS);
    CHECK(by_store(&f, old) == DOSIS_EDENIED,
        "when all of its time has ended, its key goes");
    verify(&f);
    CHECK(check.fault == DOSIS_LEDGER_WHOLE && check.anker.begin.seq > 0
            && check.anker.begin.seq == check.begin.at.seq,
        "an anchor tells what retention removed");
    fixture_end(&f);
}


/* By one who has the store's key: the seals are right, the end is not. */
static void
test_cut(void)
{
    char value[8 + 32] = { 0 }, key[8];
    fixture_t f;
    dosis_ledger_anchor_t first;
    dosis_ledger_at_t head;
    dosis_txn_t *txn;

    fixture_begin(&f);
    ensure(&f);
    look(&f, FIXTURE_NOW, 0);
    fixture_must(dosis_ledger_head(f.store, &head), "head");
    first = (dosis_ledger_anchor_t) { head, FIXTURE_NOW, true };
    look(&f, FIXTURE_NOW + DAY_NS, 0);
    txn = begin(&f, FIXTURE_NOW + DAY_NS);
    dosis_be64(value, head.seq);
    memcpy(value + 8, head.hash, 32);
    dosis_be64(key, head.seq + 1);
    store_txn_del(txn, DB_INZAGE, dosis_slice(key, sizeof(key)));
    store_txn_put(txn, DB_META, DOSIS_SLICE(LEDGER_META_HEAD),
        dosis_slice(value, sizeof(value)));
    store_ledger_put_anchor(txn, LEDGER_META_SIGNED, &first);
    fixture_must(dosis_txn_commit(txn), "commit");
    verify(&f);
    CHECK(check.fault == DOSIS_LEDGER_REWRITTEN && check.seq == head.seq + 1,
        "cut off before the newest signed anchor, head and seal moved: found");
    txn = begin(&f, FIXTURE_NOW + DAY_NS);
    store_txn_put(txn, DB_META, DOSIS_SLICE(ANKER_META),
        dosis_slice(newest_memory, newest(&f, newest_memory).len - 4));
    fixture_must(dosis_txn_commit(txn), "commit");
    verify(&f);
    CHECK(check.fault == DOSIS_LEDGER_SIGNATURE,
        "a signed anchor that was changed: named");
    fixture_end(&f);
}


int
main(void)
{
    test_signed();
    test_no_token();
    test_retired();
    test_cut();
    return tap_done();
}
