/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json.h"
#include "store/store_txn.h"

#define TEXT_MAX ((size_t) 1 << 20)

/* The name under which a registration is known, once it has been checked. */
typedef dosis_rc_t (*check_pt)(const dosis_ref_t *ref, dosis_slice_t text,
    dosis_arena_t *arena, dosis_slice_t *ret_name, dosis_err_t *err);


static dosis_rc_t
check_bron(const dosis_ref_t *ref, dosis_slice_t text, dosis_arena_t *arena,
    dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_bron_t bron;
    dosis_json_t *json;

    (void) ref;
    rc = dosis_json_parse(text, &json, err);
    if (rc == DOSIS_OK) {
        rc = dosis_bron_from_json(json, arena, &bron, err);
        *ret_name = bron.bron;
        dosis_json_free(json);
    }
    return rc;
}


static dosis_rc_t
check_client(const dosis_ref_t *ref, dosis_slice_t text, dosis_arena_t *arena,
    dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_client_t client;
    dosis_json_t *json;

    (void) ref;
    rc = dosis_json_parse(text, &json, err);
    if (rc == DOSIS_OK) {
        rc = dosis_client_from_json(json, arena, &client, err);
        *ret_name = client.client;
        dosis_json_free(json);
    }
    return rc;
}


static dosis_rc_t
check_product(const dosis_ref_t *ref, dosis_slice_t text, dosis_arena_t *arena,
    dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_slice_t id;
    dosis_json_t *json;

    (void) ref;
    rc = dosis_json_parse(text, &json, err);
    if (rc != DOSIS_OK) {
        return rc;
    }
    id = dosis_json_string(dosis_json_get(json, "Id"));
    *ret_name = dosis_arena_copy(arena, id);
    if (id.len == 0 || id.len > DOSIS_PRODUCT_ID_MAX) {
        dosis_err_add(err, "VeldOngeldig", "/Id",
            "Id moet een tekst van 1 tot %d tekens zijn.",
            DOSIS_PRODUCT_ID_MAX);
        rc = DOSIS_EINPUT;
    }
    if (dosis_json_string(dosis_json_get(json, "Naam")).len == 0) {
        dosis_err_add(err, "VeldOntbreekt", "/Naam", "Naam ontbreekt.");
        rc = DOSIS_EINPUT;
    }
    dosis_json_free(json);
    return rc;
}


/* Records hold numbers: what a number means may never change. */
static dosis_rc_t
check_numbers_stay(const dosis_codelijst_t *held,
    const dosis_codelijst_t *lijst, dosis_err_t *err)
{
    size_t i;
    dosis_rc_t rc = DOSIS_OK;

    for (i = 0; held != NULL && i < dosis_codelijst_count(held); i++) {
        const dosis_codewaarde_t *w = dosis_codelijst_at(held, i);

        if (!dosis_slice_eq(w->code, dosis_codelijst_code(lijst, w->nummer))) {
            dosis_err_add(err, "NummerGewijzigd", "/Waarden",
                "Nummer %u is in gebruik voor %.*s en moet dat blijven.",
                w->nummer, (int) w->code.len, w->code.data);
            rc = DOSIS_EINPUT;
        }
    }
    return rc;
}


static dosis_rc_t
check_codelijst(const dosis_ref_t *ref, dosis_slice_t text,
    dosis_arena_t *arena, dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_codelijst_t *lijst;

    rc = dosis_codelijst_parse(text, &lijst, err);
    if (rc != DOSIS_OK) {
        return rc;
    }
    *ret_name = dosis_arena_copy(arena, dosis_codelijst_naam(lijst));
    rc = check_numbers_stay(dosis_ref_lijst(ref, *ret_name), lijst, err);
    dosis_codelijst_free(lijst);
    return rc;
}


static const check_pt checks[] = {
    [DOSIS_REF_BRON] = check_bron,
    [DOSIS_REF_CLIENT] = check_client,
    [DOSIS_REF_CODELIJST] = check_codelijst,
    [DOSIS_REF_PRODUCT] = check_product,
};


/* A registration keeps its number for ever; only its text is replaced. */
static dosis_rc_t
put(dosis_txn_t *txn, uint8_t kind, dosis_slice_t name, dosis_slice_t text)
{
    char key[INTERN_KEY_MAX];
    uint32_t number;
    uint64_t version;
    size_t len;
    dosis_rc_t rc;
    dosis_buf_t held;
    store_term_t term = { kind, 0, name };

    rc = store_intern_give(txn->writer->intern, &txn->snap, &term, &number);
    if (rc != DOSIS_OK) {
        return rc;
    }
    len = store_intern_number_key(key, kind, number);
    dosis_buf_init(&held, TEXT_MAX);
    rc = store_get(&txn->snap, DB_REFERENTIE, dosis_slice(key, len), &held);
    if (rc == DOSIS_OK && dosis_slice_eq(dosis_buf_slice(&held), text)) {
        dosis_buf_done(&held);
        return DOSIS_OK;
    }
    dosis_buf_done(&held);
    if (rc == DOSIS_OK || rc == DOSIS_ENOTFOUND) {
        rc = store_put(&txn->snap, DB_REFERENTIE, dosis_slice(key, len), text);
    }
    if (rc == DOSIS_OK) {
        rc = store_meta_get(&txn->snap, "referentie", &version);
    }
    return rc == DOSIS_OK
               ? store_meta_put(&txn->snap, "referentie", version + 1)
               : rc;
}


dosis_rc_t
dosis_ref_put(dosis_txn_t *txn, dosis_ref_kind_t kind, dosis_slice_t json,
    dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_slice_t name = { NULL, 0 };
    dosis_arena_t *arena;

    if (txn->rc != DOSIS_OK) {
        return txn->rc;
    }
    if (json.len > TEXT_MAX) {
        dosis_err_add(err, "TeGroot", "", "Een registratie mag 1 MiB zijn.");
        return DOSIS_EINPUT;
    }
    arena = dosis_arena_create(TEXT_MAX * 4);
    if (arena == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = checks[kind](txn->writer->ref, json, arena, &name, err);
    if (rc == DOSIS_OK) {
        rc = put(txn, (uint8_t) kind, name, json);
        (void) store_txn_ok(txn, rc);
    }
    dosis_arena_free(arena);
    return rc;
}
