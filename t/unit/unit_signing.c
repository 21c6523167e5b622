/* SPDX-License-Identifier: EUPL-1.2 */
/* The keys that DOSIS signs with: made, turned over, dropped. */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "base/dosis_text.h"
#include "crypto/dosis_jwks.h"
#include "crypto/dosis_mint.h"
#include "store/dosis_signing.h"

#define LATER (DOSIS_SIGNING_KNOWN_S * DOSIS_NS_PER_S)
#define CLAIMS "{\"sub\":\"0123456749\"}"

static char set_memory[16384];
static char token_memory[4096];


static dosis_rc_t
turn(fixture_t *f, int64_t now_ns, bool force)
{
    dosis_txn_t *txn;
    dosis_rc_t rc;

    fixture_must(dosis_txn_begin(f->writer, now_ns, &txn), "begin");
    rc = dosis_signing_rotate(txn, force);
    if (rc == DOSIS_OK) {
        return dosis_txn_commit(txn);
    }
    dosis_txn_abort(txn);
    return rc;
}


static bool
ensure(fixture_t *f)
{
    dosis_txn_t *txn;
    bool made;

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    made = dosis_signing_ensure(txn);
    fixture_must(dosis_txn_commit(txn), "commit");
    return made;
}


static dosis_rc_t
drop(fixture_t *f, const char *kid)
{
    dosis_txn_t *txn;
    dosis_rc_t rc;

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    rc = dosis_signing_drop(txn, dosis_slice_of(kid));
    fixture_must(dosis_txn_commit(txn), "commit");
    return rc;
}


/* NULL: an empty set. */
static dosis_jwks_t *
published(fixture_t *f)
{
    dosis_jwks_t *set = NULL;
    dosis_buf_t json;

    dosis_buf_init_fixed(&json, set_memory, sizeof(set_memory));
    fixture_must(dosis_reader_begin(f->reader), "snapshot");
    fixture_must(dosis_signing_jwks(f->reader, &json), "jwks");
    dosis_reader_end(f->reader);
    return dosis_jwks_parse(dosis_buf_slice(&json), &set) == DOSIS_OK ? set
                                                                     : NULL;
}


static size_t
held(fixture_t *f)
{
    dosis_jwks_t *set = published(f);
    size_t count = set == NULL ? 0 : dosis_jwks_count(set);

    dosis_jwks_free(set);
    return count;
}


/* Signs with the active key. */
static dosis_slice_t
sign(fixture_t *f, char kid[DOSIS_SIGNING_KID + 1])
{
    char memory[DOSIS_SIGNING_PEM_MAX];
    dosis_mint_t mint = { .alg = DOSIS_SIGNING_ALG, .kid = kid };
    dosis_buf_t pem, token;

    dosis_buf_init_fixed(&pem, memory, sizeof(memory));
    dosis_buf_init_fixed(&token, token_memory, sizeof(token_memory));
    fixture_must(dosis_reader_begin(f->reader), "snapshot");
    fixture_must(dosis_signing_active(f->reader, kid, &pem), "active");
    dosis_reader_end(f->reader);
    mint.pem = dosis_buf_slice(&pem);
    fixture_must(dosis_mint(&token, &mint, DOSIS_SLICE(CLAIMS)), "mint");
    return dosis_buf_slice(&token);
}


/* Does the published set verify it? */
static bool
verifies(fixture_t *f, dosis_slice_t token, const char *kid)
{
    char memory[256];
    const char *dot = memrchr(token.data, '.', token.len);
    size_t len = (size_t) (dot - token.data);
    dosis_jwks_t *set = published(f);
    dosis_buf_t signature;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&signature, memory, sizeof(memory));
    fixture_must(dosis_base64url_decode(
                     &signature, dosis_slice(dot + 1, token.len - len - 1)),
        "base64url");
    rc = dosis_jwks_verify(set, dosis_slice_of(kid),
        dosis_slice(token.data, len), dosis_buf_slice(&signature));
    dosis_jwks_free(set);
    return rc == DOSIS_OK;
}


static void
life(fixture_t *f)
{
    char first[DOSIS_SIGNING_KID + 1], second[DOSIS_SIGNING_KID + 1];
    dosis_slice_t token;

    CHECK(held(f) == 0, "a store without keys publishes an empty set");
    CHECK(ensure(f) && held(f) == 2, "an active and a next key are made");
    CHECK(!ensure(f) && held(f) == 2, "and not again");
    token = sign(f, first);
    CHECK(verifies(f, token, first), "what the active key signs is verified");
    CHECK(turn(f, FIXTURE_NOW + LATER - 1, false) == DOSIS_EBUSY
            && held(f) == 2,
        "a next key that is not known long enough does not sign");
    CHECK(turn(f, FIXTURE_NOW + LATER, false) == DOSIS_OK && held(f) == 3,
        "one that is known does");
    CHECK(verifies(f, token, first), "what the retired one signed still holds");
    token = sign(f, second);
    CHECK(strcmp(first, second) != 0 && verifies(f, token, second),
        "another key signs now");
    CHECK(drop(f, second) == DOSIS_ENOTFOUND
            && drop(f, "0000000000000000") == DOSIS_ENOTFOUND && held(f) == 3,
        "only a retired key can be dropped");
    CHECK(drop(f, first) == DOSIS_OK && held(f) == 2,
        "a dropped key is published no more");
}


static void
ceilings(fixture_t *f)
{
    int64_t now = FIXTURE_NOW + LATER;
    unsigned i;
    bool fine = true;

    for (i = 0; i < 20; i++) {
        now += DOSIS_NS_PER_S;
        fine = turn(f, now, true) == DOSIS_OK && fine;
    }
    CHECK(fine && held(f) == DOSIS_SIGNING_MAX,
        "twenty turns at once leave eight keys");
    now += (DOSIS_SIGNING_RETIRED_S + 20) * DOSIS_NS_PER_S;
    CHECK(turn(f, now, false) == DOSIS_OK && held(f) == 3,
        "after a day retired keys go");
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    life(&f);
    ceilings(&f);
    fixture_must(dosis_verify(f.store, NULL, NULL, &report), "verify");
    CHECK(report.findings == 0, "the store is whole");
    fixture_end(&f);
    return tap_done();
}
