/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json.h"
#include "base/dosis_wire.h"
#include "crypto/dosis_keyset.h"
#include "store/dosis_ref_put.h"
#include "store/store_ref.h"
#include "store/store_txn.h"

#define TEXT_MAX DOSIS_REF_TEXT_MAX
#define COUNT_MAX 1000 /* dossiers of a source that is to be removed */
#define BRON_BYTES 4   /* of a DossierId: its source */

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

    rc = dosis_json_parse(text, &json, err);
    if (rc == DOSIS_OK) {
        rc = dosis_bron_from_json(json, arena, &bron, err);
        *ret_name = bron.bron;
        dosis_json_free(json);
    }
    return rc == DOSIS_OK
               ? dosis_bron_judge(&bron, dosis_ref_lijsten(ref), err)
               : rc;
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
check_pauze(const dosis_ref_t *ref, dosis_slice_t text, dosis_arena_t *arena,
    dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_pauze_t pauze;
    dosis_json_t *json;

    rc = dosis_json_parse(text, &json, err);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_pauze_from_json(json, arena, &pauze, err);
    *ret_name = pauze.bron;
    dosis_json_free(json);
    if (rc == DOSIS_OK && !dosis_pauze_is_alles(&pauze)
        && dosis_ref_bron(ref, pauze.bron) == NULL) {
        dosis_err_add(err, "BronOnbekend", "/Bron",
            "Deze bron is niet geregistreerd.");
        rc = DOSIS_EINPUT;
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


static dosis_rc_t
check_uitgever(const dosis_ref_t *ref, dosis_slice_t text, dosis_arena_t *arena,
    dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_uitgever_t uitgever;
    dosis_json_t *json;

    (void) ref;
    rc = dosis_json_parse(text, &json, err);
    if (rc == DOSIS_OK) {
        rc = dosis_uitgever_from_json(json, arena, &uitgever, err);
        *ret_name = uitgever.iss;
        dosis_json_free(json);
    }
    return rc;
}


/* The engine's own work: what is wrong with it is no news to a person. */
static dosis_rc_t
check_sleutels(const dosis_ref_t *ref, dosis_slice_t text, dosis_arena_t *arena,
    dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_json_t *json;

    (void) ref;
    rc = text.len > DOSIS_KEYSET_TEXT_MAX ? DOSIS_EINPUT
                                          : dosis_json_parse(text, &json, err);
    if (rc == DOSIS_OK) {
        *ret_name = dosis_arena_copy(
            arena, dosis_json_string(dosis_json_get(json, "Iss")));
        rc = ret_name->len == 0 ? DOSIS_EINPUT : DOSIS_OK;
        dosis_json_free(json);
    }
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
    [DOSIS_REF_PAUZE] = check_pauze,
    [DOSIS_REF_UITGEVER] = check_uitgever,
    [DOSIS_REF_SLEUTELS] = check_sleutels,
};


static dosis_rc_t
raise_version(dosis_txn_t *txn)
{
    uint64_t version;
    dosis_rc_t rc;

    rc = store_meta_get(&txn->snap, "referentie", &version);
    return rc == DOSIS_OK
               ? store_meta_put(&txn->snap, "referentie", version + 1)
               : rc;
}


static dosis_rc_t
count_kind(dosis_txn_t *txn, uint8_t kind, unsigned *ret_count)
{
    char key[INTERN_KEY_MAX];
    size_t len = store_intern_number_key(key, kind, 0);
    dosis_rc_t rc;
    store_cursor_t c;

    *ret_count = 0;
    rc = store_cursor_open(&txn->snap, DB_REFERENTIE, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (rc = store_cursor_seek(&c, dosis_slice(key, len));
         rc == DOSIS_OK && c.key.len == len && memcmp(c.key.data, key, 2) == 0;
         rc = store_cursor_next(&c)) {
        ++*ret_count;
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* Of issuers there is room for so many; who is there already keeps its place */
static dosis_rc_t
check_room(dosis_txn_t *txn, uint8_t kind, dosis_slice_t name, dosis_err_t *err)
{
    dosis_buf_t held;
    uint32_t number;
    unsigned count = 0;
    dosis_rc_t rc;

    if (kind != DOSIS_REF_UITGEVER) {
        return DOSIS_OK;
    }
    dosis_buf_init(&held, TEXT_MAX + 1);
    rc = dosis_ref_find(txn, DOSIS_REF_UITGEVER, name, &number, &held);
    dosis_buf_done(&held);
    if (rc != DOSIS_ENOTFOUND) {
        return rc;
    }
    rc = count_kind(txn, kind, &count);
    if (rc == DOSIS_OK && count >= DOSIS_UITGEVERS_MAX) {
        dosis_err_add(err, "TeVeelWaarden", "", "Hoogstens %d uitgevers.",
            DOSIS_UITGEVERS_MAX);
        return DOSIS_EINPUT;
    }
    return rc;
}


/* A registration keeps its number for ever; only its text is replaced. */
static dosis_rc_t
put(dosis_txn_t *txn, uint8_t kind, dosis_slice_t name, dosis_slice_t text)
{
    char key[INTERN_KEY_MAX];
    uint32_t number;
    size_t len;
    dosis_rc_t rc;
    dosis_buf_t held;
    store_term_t term = { kind, 0, name };

    rc = store_intern_give(txn->writer->intern, &txn->snap, &term, &number);
    if (rc != DOSIS_OK) {
        return rc;
    }
    len = store_intern_number_key(key, kind, number);
    dosis_buf_init(&held, TEXT_MAX + 1);
    rc = store_get(&txn->snap, DB_REFERENTIE, dosis_slice(key, len), &held);
    if (rc == DOSIS_OK && dosis_slice_eq(dosis_buf_slice(&held), text)) {
        dosis_buf_done(&held);
        return DOSIS_OK;
    }
    dosis_buf_done(&held);
    if (rc == DOSIS_OK || rc == DOSIS_ENOTFOUND) {
        rc = store_put(&txn->snap, DB_REFERENTIE, dosis_slice(key, len), text);
    }
    return rc == DOSIS_OK ? raise_version(txn) : rc;
}


/* --- from a file --------------------------------------------------------- */

#define FILE_BYTES DOSIS_BLIND_BYTES

static void
file_print(const dosis_txn_t *txn, uint8_t kind, dosis_slice_t json,
    uint8_t print[FILE_BYTES])
{
    char purpose[2] = { (char) kind, 'f' };
    dosis_slice_t parts[2] = { { purpose, sizeof(purpose) }, json };

    dosis_blind(txn->snap.crypt, DOSIS_BLIND_REFERENCE, parts, 2, print);
}


/* What a file said last stands beside the registration, under 'f'. */
static size_t
file_key(char key[INTERN_KEY_MAX], uint8_t kind, uint32_t number)
{
    size_t len = store_intern_number_key(key, kind, number);

    key[1] = 'f';
    return len;
}


static dosis_rc_t
file_says_the_same(dosis_txn_t *txn, const store_term_t *term,
    const uint8_t print[FILE_BYTES], bool *ret_same)
{
    char key[INTERN_KEY_MAX], bytes[FILE_BYTES];
    uint32_t number;
    size_t len;
    dosis_rc_t rc;
    dosis_buf_t held;

    *ret_same = false;
    rc = store_intern_find(txn->writer->intern, &txn->snap, term, &number);
    if (rc == DOSIS_OK) {
        len = file_key(key, term->kind, number);
        dosis_buf_init_fixed(&held, bytes, sizeof(bytes));
        rc = store_get(&txn->snap, DB_REFERENTIE, dosis_slice(key, len), &held);
        *ret_same = rc == DOSIS_OK && held.len == FILE_BYTES
                    && memcmp(bytes, print, FILE_BYTES) == 0;
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
put_file(dosis_txn_t *txn, uint8_t kind, dosis_slice_t name, dosis_slice_t json)
{
    char key[INTERN_KEY_MAX];
    uint8_t print[FILE_BYTES];
    const store_term_t term = { kind, 0, name };
    uint32_t number;
    size_t len;
    bool same;
    dosis_rc_t rc;

    file_print(txn, kind, json, print);
    rc = file_says_the_same(txn, &term, print, &same);
    if (rc != DOSIS_OK || same) {
        return rc;
    }
    rc = put(txn, kind, name, json);
    if (rc == DOSIS_OK) {
        rc = store_intern_find(txn->writer->intern, &txn->snap, &term, &number);
    }
    if (rc == DOSIS_OK) {
        len = file_key(key, kind, number);
        rc = store_put(&txn->snap, DB_REFERENTIE, dosis_slice(key, len),
            dosis_slice(print, sizeof(print)));
    }
    return rc;
}


typedef dosis_rc_t (*put_pt)(
    dosis_txn_t *txn, uint8_t kind, dosis_slice_t name, dosis_slice_t json);


static dosis_rc_t
check_and_put(dosis_txn_t *txn, dosis_ref_kind_t kind, dosis_slice_t json,
    put_pt how, dosis_err_t *err)
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
        rc = check_room(txn, (uint8_t) kind, name, err);
    }
    if (rc == DOSIS_OK) {
        rc = how(txn, (uint8_t) kind, name, json);
        (void) store_txn_ok(txn, rc);
    }
    dosis_arena_free(arena);
    return rc;
}


dosis_rc_t
dosis_ref_put(dosis_txn_t *txn, dosis_ref_kind_t kind, dosis_slice_t json,
    dosis_err_t *err)
{
    return check_and_put(txn, kind, json, put, err);
}


dosis_rc_t
dosis_ref_put_file(dosis_txn_t *txn, dosis_ref_kind_t kind, dosis_slice_t json,
    dosis_err_t *err)
{
    return check_and_put(txn, kind, json, put_file, err);
}


/* --- one by one ---------------------------------------------------------- */

static dosis_rc_t
find(const store_snap_t *snap, store_intern_t *intern, const store_term_t *term,
    uint32_t *ret_nummer, dosis_buf_t *json)
{
    char key[INTERN_KEY_MAX];
    size_t len, before = json->len;
    dosis_rc_t rc;

    rc = store_intern_find(intern, snap, term, ret_nummer);
    if (rc == DOSIS_OK) {
        len = store_intern_number_key(key, term->kind, *ret_nummer);
        rc = store_get(snap, DB_REFERENTIE, dosis_slice(key, len), json);
    }
    if (rc == DOSIS_OK
        && store_ref_is_removed(
            dosis_slice(json->data + before, json->len - before))) {
        json->len = before;
        rc = DOSIS_ENOTFOUND;
    }
    return rc;
}


dosis_rc_t
dosis_ref_find(dosis_txn_t *txn, dosis_ref_kind_t kind, dosis_slice_t name,
    uint32_t *ret_nummer, dosis_buf_t *json)
{
    const store_term_t term = { (uint8_t) kind, 0, name };

    if (txn->rc != DOSIS_OK) {
        return txn->rc;
    }
    return find(&txn->snap, txn->writer->intern, &term, ret_nummer, json);
}


dosis_rc_t
dosis_ref_read(dosis_reader_t *reader, dosis_ref_kind_t kind,
    dosis_slice_t name, uint32_t *ret_nummer, dosis_buf_t *json)
{
    const store_term_t term = { (uint8_t) kind, 0, name };

    return find(&reader->snap, reader->intern, &term, ret_nummer, json);
}


dosis_rc_t
dosis_ref_each(dosis_reader_t *reader, dosis_ref_kind_t kind, uint32_t after,
    dosis_ref_each_pt each, void *payload)
{
    char key[INTERN_KEY_MAX];
    size_t len = store_intern_number_key(key, (uint8_t) kind, after + 1);
    bool more = after < UINT32_MAX;
    dosis_rc_t rc;
    dosis_buf_t text;
    store_cursor_t c;

    rc = store_cursor_open(&reader->snap, DB_REFERENTIE, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init(&text, TEXT_MAX + 1);
    for (rc = store_cursor_seek(&c, dosis_slice(key, len));
         rc == DOSIS_OK && more; rc = store_cursor_next(&c)) {
        if (c.key.len != len || memcmp(c.key.data, key, 2) != 0) {
            break;
        }
        dosis_buf_reset(&text);
        rc = store_open_value(
            &reader->snap, DB_REFERENTIE, c.key, c.value, &text);
        if (rc != DOSIS_OK) {
            break;
        }
        if (!store_ref_is_removed(dosis_buf_slice(&text))) {
            more = each(payload, dosis_be32_get(c.key.data + 2),
                dosis_buf_slice(&text));
        }
    }
    dosis_buf_done(&text);
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* --- removing ------------------------------------------------------------ */

/* A DossierId begins with its source. At most COUNT_MAX are counted. */
static dosis_rc_t
count_dossiers(dosis_txn_t *txn, dosis_slice_t bron, unsigned *ret_count)
{
    uint8_t id[DOSIS_BLIND_BYTES];
    unsigned count = 0;
    dosis_rc_t rc;
    store_cursor_t c;

    dosis_blind_dossier(txn->snap.crypt, bron, dosis_slice(NULL, 0), id);
    rc = store_cursor_open(&txn->snap, DB_SLEUTEL, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (rc = store_cursor_seek(&c, dosis_slice(id, BRON_BYTES));
         rc == DOSIS_OK && count < COUNT_MAX
         && memcmp(c.key.data, id, BRON_BYTES) == 0;
         rc = store_cursor_next(&c)) {
        count++;
    }
    store_cursor_close(&c);
    *ret_count = count;
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* What is left of a source: results refer to its number. */
static dosis_rc_t
bury(dosis_txn_t *txn, dosis_slice_t key, dosis_slice_t json)
{
    dosis_buf_t text;
    dosis_rc_t rc;

    dosis_buf_init(&text, TEXT_MAX + 1);
    dosis_buf_add_byte(&text, STORE_REF_REMOVED);
    dosis_buf_add_slice(&text, json);
    rc = text.rc != DOSIS_OK
             ? text.rc
             : store_put(
                   &txn->snap, DB_REFERENTIE, key, dosis_buf_slice(&text));
    dosis_buf_done(&text);
    return rc;
}


static dosis_rc_t
remove_one(dosis_txn_t *txn, dosis_ref_kind_t kind, uint32_t number,
    dosis_slice_t json)
{
    char key[INTERN_KEY_MAX];
    size_t len = store_intern_number_key(key, (uint8_t) kind, number);
    dosis_rc_t rc;

    rc = kind == DOSIS_REF_BRON
             ? bury(txn, dosis_slice(key, len), json)
             : store_del(&txn->snap, DB_REFERENTIE, dosis_slice(key, len));
    return rc == DOSIS_OK ? raise_version(txn) : rc;
}


dosis_rc_t
dosis_ref_remove(dosis_txn_t *txn, dosis_ref_kind_t kind, dosis_slice_t name,
    dosis_err_t *err)
{
    uint32_t number;
    unsigned dossiers = 0;
    dosis_rc_t rc;
    dosis_buf_t held;

    dosis_buf_init(&held, TEXT_MAX + 1);
    rc = dosis_ref_find(txn, kind, name, &number, &held);
    if (rc == DOSIS_OK && kind == DOSIS_REF_BRON) {
        rc = count_dossiers(txn, name, &dossiers);
    }
    if (rc == DOSIS_OK && dossiers > 0) {
        dosis_err_add(err, "BronInGebruik", "",
            "De bron heeft %s%u dossiers; zet ze uit in plaats van ze te "
            "verwijderen.",
            dossiers == COUNT_MAX ? "minstens " : "", dossiers);
        dosis_buf_done(&held);
        return DOSIS_ECONFLICT;
    }
    if (rc == DOSIS_OK) {
        rc = remove_one(txn, kind, number, dosis_buf_slice(&held));
    }
    if (rc != DOSIS_ENOTFOUND) {
        (void) store_txn_ok(txn, rc);
    }
    dosis_buf_done(&held);
    return rc;
}
