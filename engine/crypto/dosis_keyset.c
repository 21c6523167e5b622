/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_keyset.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/dosis_json_value.h"

static const char *const public_members[] = { "alg", "crv", "e", "key_ops",
    "kid", "kty", "n", "use", "x", "y" };

#define PUBLIC_MEMBERS (sizeof(public_members) / sizeof(public_members[0]))

/* A key on its way into the text. */
typedef struct {
    const dosis_json_t *jwk;
    int64_t until_s; /* 0: a key of now */
} keyset_key_t;

typedef struct {
    keyset_key_t key[DOSIS_JWKS_MAX];
    size_t count;
} keyset_list_t;


static dosis_slice_t
kid_of(const dosis_json_t *jwk)
{
    return dosis_json_string(dosis_json_get(jwk, "kid"));
}


static bool
list_has(const keyset_list_t *list, dosis_slice_t kid)
{
    size_t i;

    for (i = 0; i < list->count; i++) {
        if (dosis_slice_eq(kid_of(list->key[i].jwk), kid)) {
            return true;
        }
    }
    return false;
}


/* Beyond the ceiling it is left out: of old keys, so they count no more. */
static void
list_add(keyset_list_t *list, const dosis_json_t *jwk, int64_t until_s)
{
    if (list->count < DOSIS_JWKS_MAX) {
        list->key[list->count].jwk = jwk;
        list->key[list->count].until_s = until_s;
        list->count++;
    }
}


static int
compare_kids(const void *left, const void *right)
{
    dosis_slice_t a = kid_of(((const keyset_key_t *) left)->jwk);
    dosis_slice_t b = kid_of(((const keyset_key_t *) right)->jwk);
    int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}


static void
list_sort(keyset_list_t *list)
{
    if (list->count > 1) {
        qsort(list->key, list->count, sizeof(list->key[0]), compare_kids);
    }
}


static void
add_jwk(dosis_buf_t *out, const dosis_json_t *jwk)
{
    const dosis_json_t *value;
    bool first = true;
    size_t i;

    dosis_buf_add_byte(out, '{');
    for (i = 0; i < PUBLIC_MEMBERS; i++) {
        value = dosis_json_get(jwk, public_members[i]);
        if (value == NULL) {
            continue;
        }
        dosis_buf_addf(out, "%s\"%s\":", first ? "" : ",", public_members[i]);
        first = false;
        if (!dosis_json_add_value(out, value) && out->rc == DOSIS_OK) {
            out->rc = DOSIS_EFORMAT;
        }
    }
    dosis_buf_add_byte(out, '}');
}


static void
add_list(dosis_buf_t *out, const keyset_list_t *list)
{
    size_t i;

    dosis_buf_add_byte(out, '[');
    for (i = 0; i < list->count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(out, ',');
        }
        if (list->key[i].until_s == 0) {
            add_jwk(out, list->key[i].jwk);
            continue;
        }
        dosis_buf_addf(out, "{\"Tot\":%" PRId64 ",\"Sleutel\":",
            list->key[i].until_s);
        add_jwk(out, list->key[i].jwk);
        dosis_buf_add_byte(out, '}');
    }
    dosis_buf_add_byte(out, ']');
}


/* --- making -------------------------------------------------------------- */

/* Those of a document that are of use. */
static dosis_rc_t
take_fetched(
    dosis_slice_t text, const dosis_json_t *root, keyset_list_t *current)
{
    const dosis_json_t *keys = dosis_json_get(root, "keys"), *jwk;
    dosis_jwks_t *set;
    size_t i;
    dosis_rc_t rc = dosis_jwks_parse(text, &set);

    if (rc != DOSIS_OK) {
        return rc;
    }
    for (i = 0; i < dosis_json_count(keys); i++) {
        jwk = dosis_json_at(keys, i);
        if (dosis_jwks_has(set, kid_of(jwk))) {
            list_add(current, jwk, 0);
        }
    }
    dosis_jwks_free(set);
    return DOSIS_OK;
}


static void
take_held(const dosis_json_t *held, keyset_list_t *current)
{
    const dosis_json_t *keys = dosis_json_get(held, "Sleutels");
    size_t i;

    for (i = 0; i < dosis_json_count(keys); i++) {
        list_add(current, dosis_json_at(keys, i), 0);
    }
}


/* Of what was held, what is not current and not yet expired. */
static void
take_old(const dosis_keyset_news_t *news, const dosis_json_t *held,
    const keyset_list_t *current, keyset_list_t *old)
{
    const dosis_json_t *keys = dosis_json_get(held, "Sleutels"), *item;
    const dosis_json_t *gone = dosis_json_get(held, "Vervallen"), *jwk;
    int64_t until;
    size_t i;

    for (i = 0; i < dosis_json_count(keys); i++) {
        jwk = dosis_json_at(keys, i);
        if (news->overlap_s > 0 && !list_has(current, kid_of(jwk))) {
            list_add(old, jwk, news->now_s + news->overlap_s);
        }
    }
    for (i = 0; i < dosis_json_count(gone); i++) {
        item = dosis_json_at(gone, i);
        jwk = dosis_json_get(item, "Sleutel");
        until = dosis_json_int(dosis_json_get(item, "Tot"));
        if (until > news->now_s && !list_has(current, kid_of(jwk))
            && !list_has(old, kid_of(jwk))
            && current->count + old->count < DOSIS_JWKS_MAX) {
            list_add(old, jwk, until);
        }
    }
    if (current->count + old->count > DOSIS_JWKS_MAX) {
        old->count = DOSIS_JWKS_MAX - current->count;
    }
}


static dosis_rc_t
make(const dosis_keyset_news_t *news, const dosis_json_t *fetched,
    const dosis_json_t *held, dosis_buf_t *out)
{
    keyset_list_t current = { .count = 0 }, old = { .count = 0 };
    dosis_rc_t rc = DOSIS_OK;

    if (news->fetched.len > 0) {
        rc = take_fetched(news->fetched, fetched, &current);
    } else {
        take_held(held, &current);
    }
    if (rc != DOSIS_OK || current.count == 0) {
        return rc != DOSIS_OK ? rc : DOSIS_EFORMAT;
    }
    take_old(news, held, &current, &old);
    list_sort(&current);
    list_sort(&old);
    DOSIS_BUF_LIT(out, "{");
    dosis_json_add_member(out, "Iss", news->iss);
    DOSIS_BUF_LIT(out, ",\"Sleutels\":");
    add_list(out, &current);
    DOSIS_BUF_LIT(out, ",\"Vervallen\":");
    add_list(out, &old);
    DOSIS_BUF_LIT(out, "}");
    return out->rc;
}


static dosis_rc_t
parse(dosis_slice_t text, size_t max, dosis_json_t **ret)
{
    dosis_rc_t rc;

    *ret = NULL;
    if (text.len == 0) {
        return DOSIS_OK;
    }
    if (text.len > max) {
        return DOSIS_ELIMIT;
    }
    rc = dosis_json_parse(text, ret, NULL);
    return rc == DOSIS_EINPUT ? DOSIS_EFORMAT : rc;
}


dosis_rc_t
dosis_keyset_make(const dosis_keyset_news_t *news, dosis_buf_t *out)
{
    dosis_json_t *fetched = NULL, *held = NULL;
    dosis_rc_t rc = parse(news->fetched, DOSIS_JWKS_TEXT_MAX, &fetched);

    if (rc == DOSIS_OK) {
        rc = parse(news->held, DOSIS_KEYSET_TEXT_MAX, &held);
    }
    if (rc == DOSIS_OK) {
        rc = make(news, fetched, held, out);
    }
    dosis_json_free(fetched);
    dosis_json_free(held);
    return rc;
}


/* --- reading ------------------------------------------------------------- */

static void
add_counting(const dosis_json_t *root, int64_t now_s, dosis_buf_t *jwks,
    int64_t *until_s)
{
    const dosis_json_t *gone = dosis_json_get(root, "Vervallen"), *item;
    keyset_list_t list = { .count = 0 };
    int64_t until;
    size_t i;

    take_held(root, &list);
    for (i = 0; i < dosis_json_count(gone); i++) {
        item = dosis_json_at(gone, i);
        until = dosis_json_int(dosis_json_get(item, "Tot"));
        if (until > now_s) {
            list_add(&list, dosis_json_get(item, "Sleutel"), 0);
            *until_s = until < *until_s ? until : *until_s;
        }
    }
    DOSIS_BUF_LIT(jwks, "{\"keys\":");
    add_list(jwks, &list);
    DOSIS_BUF_LIT(jwks, "}");
}


dosis_rc_t
dosis_keyset_read(dosis_slice_t text, int64_t now_s, dosis_jwks_t **ret_set,
    int64_t *ret_until_s)
{
    dosis_json_t *root = NULL;
    dosis_buf_t jwks;
    dosis_rc_t rc = text.len == 0
        ? DOSIS_EFORMAT
        : parse(text, DOSIS_KEYSET_TEXT_MAX, &root);

    *ret_until_s = INT64_MAX;
    dosis_buf_init(&jwks, DOSIS_JWKS_TEXT_MAX);
    if (rc == DOSIS_OK) {
        add_counting(root, now_s, &jwks, ret_until_s);
        rc = jwks.rc != DOSIS_OK
            ? jwks.rc
            : dosis_jwks_parse(dosis_buf_slice(&jwks), ret_set);
    }
    dosis_buf_done(&jwks);
    dosis_json_free(root);
    return rc;
}
