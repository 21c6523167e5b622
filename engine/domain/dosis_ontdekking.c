/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_ontdekking.h"

#include "domain/dosis_dossier.h"
#include "domain/dosis_uitgever.h"

#define WELL_KNOWN "/.well-known/openid-configuration"


void
dosis_ontdekking_add_address(dosis_buf_t *to, dosis_slice_t iss)
{
    if (iss.len > 0 && iss.data[iss.len - 1] == '/') {
        iss.len--;
    }
    dosis_buf_add_slice(to, iss);
    DOSIS_BUF_LIT(to, WELL_KNOWN);
}


static bool
is_https(dosis_slice_t text)
{
    return text.len > 8 && memcmp(text.data, "https://", 8) == 0;
}


/* What lies outside may not send us around inside. */
static dosis_slice_t
address(const dosis_json_t *value, dosis_slice_t iss)
{
    dosis_slice_t text = dosis_json_string(value);

    if (text.len == 0 || text.len > DOSIS_URL_MAX
        || !dosis_uitgever_address(text)
        || (is_https(iss) && !is_https(text))) {
        return dosis_slice(NULL, 0);
    }

    return text;
}


static dosis_rc_t
read_root(const dosis_json_t *root, dosis_slice_t iss, dosis_arena_t *arena,
    dosis_ontdekking_t *ret)
{
    dosis_slice_t keys = address(dosis_json_get(root, "jwks_uri"), iss);
    dosis_slice_t ask =
        address(dosis_json_get(root, "introspection_endpoint"), iss);

    if (dosis_json_kind(root) != DOSIS_JSON_OBJECT) {
        return DOSIS_EFORMAT;
    }

    if (!dosis_slice_eq(dosis_json_string(dosis_json_get(root, "issuer")), iss)
        || iss.len == 0) {
        return DOSIS_EDENIED;
    }

    if (keys.len == 0) {
        return DOSIS_EFORMAT;
    }

    ret->sleutels = dosis_arena_copy(arena, keys);
    ret->introspectie = dosis_arena_copy(arena, ask);

    return ret->sleutels.data == NULL
            || (ask.len > 0 && ret->introspectie.data == NULL)
        ? DOSIS_ENOMEM
        : DOSIS_OK;
}


dosis_rc_t
dosis_ontdekking_read(dosis_slice_t json, dosis_slice_t iss,
    dosis_arena_t *arena, dosis_ontdekking_t *ret)
{
    dosis_json_t *root;
    dosis_rc_t rc;

    memset(ret, 0, sizeof(*ret));
    if (json.len > DOSIS_ONTDEKKING_TEXT_MAX) {
        return DOSIS_EFORMAT;
    }

    rc = dosis_json_parse(json, &root, NULL);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOMEM ? rc : DOSIS_EFORMAT;
    }

    rc = read_root(root, iss, arena, ret);
    dosis_json_free(root);

    return rc;
}
