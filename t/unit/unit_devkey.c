/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_devkey.c: development keys: kept, found again, published. */
#include "crypto/dosis_devkey.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_text.h"
#include "crypto/dosis_jwks.h"

#include "../lib/tap.h"

static char dir[] = "/tmp/dosis-unit-XXXXXX";
static char path[256];

static const struct {
    dosis_devkey_kind_t kind;
    dosis_devkey_kind_t other;
    const char *says;
} kinds[] = {
    { DOSIS_DEVKEY_RS256, DOSIS_DEVKEY_ES256, "\"alg\":\"RS256\"" },
    { DOSIS_DEVKEY_ES256, DOSIS_DEVKEY_RS256, "\"alg\":\"ES256\"" },
    { DOSIS_DEVKEY_PS256, DOSIS_DEVKEY_EDDSA, "\"alg\":\"PS256\"" },
    { DOSIS_DEVKEY_EDDSA, DOSIS_DEVKEY_PS256, "\"alg\":\"EdDSA\"" },
};


/* {"keys":[...]} of one key, NUL behind it. */
static bool
publish(dosis_buf_t *set, const dosis_devkey_t *key)
{
    dosis_buf_reset(set);
    DOSIS_BUF_LIT(set, "{\"keys\":[");
    if (dosis_devkey_add_jwk(set, key, "kid-1") != DOSIS_OK) {
        return false;
    }
    dosis_buf_add(set, "]}", 3);
    return set->rc == DOSIS_OK;
}


static bool
has_private_part(const char *set)
{
    static const char *const members[] = {
        "\"d\":", "\"p\":", "\"q\":", "\"dp\":", "\"dq\":", "\"qi\":"
    };
    size_t i;

    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (strstr(set, members[i]) != NULL) {
            return true;
        }
    }
    return false;
}


static void
published(const dosis_buf_t *set, const char *says)
{
    dosis_jwks_t *parsed = NULL;

    CHECK(strstr(set->data, says) != NULL, "it names its algorithm");
    CHECK(!has_private_part(set->data), "no private part is published");
    CHECK(dosis_jwks_parse(dosis_slice(set->data, set->len - 1), &parsed)
                == DOSIS_OK
            && dosis_jwks_has(parsed, DOSIS_SLICE("kid-1")),
        "the verifier takes the set");
    dosis_jwks_free(parsed);
}


/* What it signs, the verifier takes; what it does not sign, it says. */
static void
signs(const dosis_buf_t *set, const dosis_devkey_t *key, bool can)
{
    char text_memory[1024], bytes_memory[1024];
    dosis_slice_t message = DOSIS_SLICE("a.b");
    dosis_buf_t text, bytes;
    dosis_jwks_t *parsed = NULL;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&text, text_memory, sizeof(text_memory));
    dosis_buf_init_fixed(&bytes, bytes_memory, sizeof(bytes_memory));
    rc = dosis_devkey_sign(&text, key, message);
    if (!can) {
        CHECK(rc == DOSIS_EINPUT && text.len == 0, "this one it does not sign");
        return;
    }
    CHECK(rc == DOSIS_OK
            && dosis_base64url_decode(&bytes, dosis_buf_slice(&text))
                == DOSIS_OK
            && dosis_jwks_parse(dosis_slice(set->data, set->len - 1), &parsed)
                == DOSIS_OK
            && dosis_jwks_verify(parsed, DOSIS_SLICE("kid-1"), message,
                   dosis_buf_slice(&bytes))
                == DOSIS_OK,
        "what it signs is verified with the published key");
    dosis_jwks_free(parsed);
}


static void
one_kind(size_t i)
{
    char first_memory[2048], again_memory[2048];
    dosis_devkey_t *key = NULL, *again = NULL;
    dosis_buf_t first, second;
    struct stat st;

    dosis_buf_init_fixed(&first, first_memory, sizeof(first_memory));
    dosis_buf_init_fixed(&second, again_memory, sizeof(again_memory));
    CHECK(dosis_devkey_load(path, kinds[i].kind, &key) == DOSIS_ENOTFOUND,
        "no file: not found");
    CHECK(dosis_devkey_generate(kinds[i].kind, &key) == DOSIS_OK,
        "a key is made");
    CHECK(dosis_devkey_save(path, key) == DOSIS_OK, "and kept");
    CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600,
        "for its owner only");
    CHECK(dosis_devkey_save(path, key) == DOSIS_ECONFLICT,
        "one that is there is not replaced");
    CHECK(dosis_devkey_load(path, kinds[i].other, &again) == DOSIS_EFORMAT,
        "it is no key of the other kind");
    CHECK(dosis_devkey_load(path, kinds[i].kind, &again) == DOSIS_OK,
        "it is found again");
    if (CHECK(publish(&first, key) && publish(&second, again),
            "both are published")) {
        CHECK(dosis_slice_eq(dosis_buf_slice(&first), dosis_buf_slice(&second)),
            "as the same key");
        published(&first, kinds[i].says);
        signs(&first, key, i >= 2);
    }
    dosis_devkey_free(key);
    dosis_devkey_free(again);
    (void) unlink(path);
}


static void
broken_files(void)
{
    static const char *const texts[] = { "", "no key\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" };
    dosis_devkey_t *key = NULL;
    size_t i;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        CHECK(
            dosis_file_replace(path, 0600, dosis_slice_of(texts[i])) == DOSIS_OK
                && dosis_devkey_load(path, DOSIS_DEVKEY_RS256, &key)
                    == DOSIS_EFORMAT,
            "a broken file is no key");
    }
    dosis_devkey_free(NULL);
    (void) unlink(path);
}


int
main(void)
{
    size_t i;

    if (!CHECK(mkdtemp(dir) != NULL, "a directory to work in")) {
        return tap_done();
    }
    snprintf(path, sizeof(path), "%s/key.pem", dir);
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        one_kind(i);
    }
    broken_files();
    CHECK(rmdir(dir) == 0, "nothing else was left");
    return tap_done();
}
