/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "base/dosis_hash.h"
#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_wire.h"
#include "store/store_intern.h"
#include "store/store_ref.h"

#define ARENA_MAX      ((size_t) 256 << 20)
#define TEXT_MAX       ((size_t) 1 << 20)
#define LIJSTEN_MAX    32
#define ENTRIES_MAX    ((size_t) 1 << 20)

typedef struct {
    dosis_slice_t id;
    dosis_slice_t json;      /* {"Id":"...","Naam":"..."} */
} product_t;

typedef struct {
    dosis_slice_t iss;
    dosis_slice_t text;
} sleutels_t;

/* A growing table of fixed-size rows in the arena. */
typedef struct {
    void *rows;
    size_t count;
    size_t cap;
} table_t;

struct dosis_ref_s {
    uint64_t version;
    dosis_arena_t *arena;
    table_t bronnen;           /* dosis_bron_t, by nummer */
    table_t bron_names;        /* dosis_bron_t *, by bron */
    table_t clients;           /* dosis_client_t, by client */
    table_t producten;         /* product_t */
    uint32_t *product_slot;    /* 1 + its row, where the hash of its id says */
    size_t product_mask;       /* slots - 1; half of them or more are empty */
    table_t pauzes;            /* dosis_pauze_t, of one source each */
    dosis_pauze_t *pauze;      /* of the register, or NULL */
    table_t uitgevers;         /* dosis_uitgever_t, by iss */
    table_t sleutels;          /* sleutels_t */
    dosis_codelijst_t *lijst[LIJSTEN_MAX];
    size_t lijsten_count;
    dosis_codelijsten_t lijsten;
};


static int
slice_cmp(dosis_slice_t a, dosis_slice_t b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int d = n == 0 ? 0 : memcmp(a.data, b.data, n);

    if (d != 0) {
        return d;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}


static void *
table_add(dosis_arena_t *arena, table_t *table, size_t row)
{
    void *rows;
    size_t cap;

    if (table->count == table->cap) {
        cap = table->cap == 0 ? 64 : table->cap * 2;
        if (cap > ENTRIES_MAX) {
            return NULL;
        }
        rows = dosis_arena_zalloc(arena, cap * row);
        if (rows == NULL) {
            return NULL;
        }
        if (table->count > 0) {
            memcpy(rows, table->rows, table->count * row);
        }
        table->rows = rows;
        table->cap = cap;
    }
    return (char *) table->rows + row * table->count++;
}


/* --- one registration each ----------------------------------------------- */

/* As inside a JSON string: rows are shown far more often than this is read. */
static dosis_rc_t
keep_escaped(dosis_ref_t *ref, dosis_slice_t text, dosis_slice_t *ret_kept)
{
    dosis_rc_t rc;
    dosis_buf_t escaped;

    dosis_buf_init(&escaped, TEXT_MAX);
    dosis_json_escape(&escaped, text);
    *ret_kept = dosis_arena_copy(ref->arena, dosis_buf_slice(&escaped));
    rc = escaped.rc;
    dosis_buf_done(&escaped);
    return rc == DOSIS_OK && text.len > 0 && ret_kept->data == NULL
               ? DOSIS_ENOMEM
               : rc;
}


/* As every row shows it, made once. */
static dosis_rc_t
keep_product(dosis_ref_t *ref, const dosis_json_t *json, product_t *product)
{
    dosis_rc_t rc;
    dosis_buf_t text;
    dosis_slice_t naam = dosis_json_string(dosis_json_get(json, "Naam"));

    product->id = dosis_arena_copy(ref->arena,
        dosis_json_string(dosis_json_get(json, "Id")));
    dosis_buf_init(&text, 2 * TEXT_MAX);
    dosis_buf_add_byte(&text, '{');
    dosis_json_add_member(&text, "Id", product->id);
    if (naam.len > 0) {
        dosis_buf_add_byte(&text, ',');
        dosis_json_add_member(&text, "Naam", naam);
    }
    dosis_buf_add_byte(&text, '}');
    product->json = dosis_arena_copy(ref->arena, dosis_buf_slice(&text));
    rc = text.rc;
    dosis_buf_done(&text);
    return rc == DOSIS_OK && product->json.data == NULL ? DOSIS_ENOMEM : rc;
}


/* A removed one is found by its number only. */
static dosis_rc_t
add_bron(dosis_ref_t *ref, const dosis_json_t *json, uint32_t nummer,
    bool removed)
{
    dosis_bron_t *bron = table_add(ref->arena, &ref->bronnen, sizeof(*bron));
    dosis_rc_t rc;

    if (bron == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = dosis_bron_from_json(json, ref->arena, bron, NULL);
    if (rc == DOSIS_OK) {
        rc = keep_escaped(ref, bron->bron, &bron->bron_json);
    }
    bron->nummer = nummer;
    bron->actief = bron->actief && !removed;
    bron->verwijderd = removed;
    return rc;
}


static dosis_rc_t
add_client(dosis_ref_t *ref, const dosis_json_t *json)
{
    dosis_client_t *client;

    client = table_add(ref->arena, &ref->clients, sizeof(*client));
    if (client == NULL) {
        return DOSIS_ENOMEM;
    }
    return dosis_client_from_json(json, ref->arena, client, NULL);
}


static dosis_rc_t
add_product(dosis_ref_t *ref, const dosis_json_t *json)
{
    product_t *product;

    product = table_add(ref->arena, &ref->producten, sizeof(*product));
    if (product == NULL) {
        return DOSIS_ENOMEM;
    }
    return keep_product(ref, json, product);
}


static dosis_rc_t
add_pauze(dosis_ref_t *ref, const dosis_json_t *json)
{
    dosis_pauze_t pauze, *kept;
    dosis_rc_t rc = dosis_pauze_from_json(json, ref->arena, &pauze, NULL);

    if (rc != DOSIS_OK) {
        return rc;
    }
    kept = dosis_pauze_is_alles(&pauze)
               ? dosis_arena_alloc(ref->arena, sizeof(*kept))
               : table_add(ref->arena, &ref->pauzes, sizeof(*kept));
    if (kept == NULL) {
        return DOSIS_ENOMEM;
    }
    *kept = pauze;
    if (dosis_pauze_is_alles(&pauze)) {
        ref->pauze = kept;
    }
    return DOSIS_OK;
}


static dosis_rc_t
add_uitgever(dosis_ref_t *ref, const dosis_json_t *json, uint32_t nummer)
{
    dosis_uitgever_t *uitgever;
    dosis_rc_t rc;

    if (ref->uitgevers.count == DOSIS_UITGEVERS_MAX) {
        return DOSIS_ELIMIT;
    }
    uitgever = table_add(ref->arena, &ref->uitgevers, sizeof(*uitgever));
    if (uitgever == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = dosis_uitgever_from_json(json, ref->arena, uitgever, NULL);
    uitgever->nummer = nummer;
    return rc;
}


static dosis_rc_t
add_sleutels(dosis_ref_t *ref, const dosis_json_t *json, dosis_slice_t text)
{
    sleutels_t *row = table_add(ref->arena, &ref->sleutels, sizeof(*row));

    if (row == NULL) {
        return DOSIS_ENOMEM;
    }
    row->iss = dosis_arena_copy(ref->arena,
        dosis_json_string(dosis_json_get(json, "Iss")));
    row->text = dosis_arena_copy(ref->arena, text);
    return row->iss.data == NULL || row->text.data == NULL ? DOSIS_ENOMEM
                                                           : DOSIS_OK;
}


static dosis_rc_t
add_lijst(dosis_ref_t *ref, dosis_slice_t text)
{
    dosis_rc_t rc;

    if (ref->lijsten_count == LIJSTEN_MAX) {
        return DOSIS_ELIMIT;
    }
    rc = dosis_codelijst_parse(text, &ref->lijst[ref->lijsten_count], NULL);
    if (rc == DOSIS_OK) {
        ref->lijsten_count++;
    }
    return rc;
}


static dosis_rc_t
add_entry(dosis_ref_t *ref, uint8_t kind, uint32_t nummer, dosis_slice_t text)
{
    dosis_rc_t rc;
    dosis_json_t *json;
    bool removed = kind == INTERN_BRON && store_ref_is_removed(text);

    if (kind == INTERN_CODELIJST) {
        return add_lijst(ref, text);
    }
    if (removed) {
        text = dosis_slice(text.data + 1, text.len - 1);
    }
    rc = dosis_json_parse(text, &json, NULL);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (kind == INTERN_BRON) {
        rc = add_bron(ref, json, nummer, removed);
    } else if (kind == INTERN_CLIENT) {
        rc = add_client(ref, json);
    } else if (kind == INTERN_PAUZE) {
        rc = add_pauze(ref, json);
    } else if (kind == INTERN_UITGEVER) {
        rc = add_uitgever(ref, json, nummer);
    } else if (kind == INTERN_SLEUTELS) {
        rc = add_sleutels(ref, json, text);
    } else {
        rc = add_product(ref, json);
    }
    dosis_json_free(json);
    return rc;
}


/* --- loading ------------------------------------------------------------- */

static dosis_rc_t
load_kind(const store_snap_t *snap, dosis_ref_t *ref, uint8_t kind)
{
    char key[INTERN_KEY_MAX];
    size_t len = store_intern_number_key(key, kind, 0);
    dosis_rc_t rc;
    dosis_buf_t text;
    store_cursor_t c;

    rc = store_cursor_open(snap, DB_REFERENTIE, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init(&text, TEXT_MAX + 1);
    for (rc = store_cursor_seek(&c, dosis_slice(key, len)); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        if (c.key.len != len || memcmp(c.key.data, key, 2) != 0) {
            break;
        }
        dosis_buf_reset(&text);
        rc = store_open_value(snap, DB_REFERENTIE, c.key, c.value, &text);
        if (rc == DOSIS_OK) {
            rc = add_entry(ref, kind, dosis_be32_get(c.key.data + 2),
                dosis_buf_slice(&text));
        }
        if (rc != DOSIS_OK) {
            rc = rc == DOSIS_EINPUT ? DOSIS_EFORMAT : rc;
            break;
        }
    }
    dosis_buf_done(&text);
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static int
cmp_bron_names(const void *a, const void *b)
{
    return slice_cmp((*(dosis_bron_t *const *) a)->bron,
        (*(dosis_bron_t *const *) b)->bron);
}


static int
cmp_clients(const void *a, const void *b)
{
    return slice_cmp(((const dosis_client_t *) a)->client,
        ((const dosis_client_t *) b)->client);
}


static int
cmp_pauzes(const void *a, const void *b)
{
    return slice_cmp(((const dosis_pauze_t *) a)->bron,
        ((const dosis_pauze_t *) b)->bron);
}


static int
cmp_uitgevers(const void *a, const void *b)
{
    return slice_cmp(((const dosis_uitgever_t *) a)->iss,
        ((const dosis_uitgever_t *) b)->iss);
}


static void
table_sort(table_t *table, size_t row, int (*cmp)(const void *, const void *))
{
    if (table->count > 1) {
        qsort(table->rows, table->count, row, cmp);
    }
}


/* The slot of the product with that id, or the empty one for it. */
static uint32_t *
product_slot(const dosis_ref_t *ref, dosis_slice_t id)
{
    const product_t *rows = ref->producten.rows;
    size_t at = dosis_hash_mix(DOSIS_HASH_BEGIN, id.data, id.len);

    for (at &= ref->product_mask; ref->product_slot[at] != 0;
         at = (at + 1) & ref->product_mask) {
        if (dosis_slice_eq(rows[ref->product_slot[at] - 1].id, id)) {
            break;
        }
    }
    return &ref->product_slot[at];
}


static dosis_rc_t
index_producten(dosis_ref_t *ref)
{
    size_t slots = 1;
    uint32_t i;
    const product_t *rows = ref->producten.rows;

    while (slots <= 2 * ref->producten.count) {
        slots *= 2;
    }
    ref->product_mask = slots - 1;
    ref->product_slot = dosis_arena_zalloc(ref->arena,
        slots * sizeof(*ref->product_slot));
    if (ref->product_slot == NULL) {
        return DOSIS_ENOMEM;
    }
    for (i = 0; i < ref->producten.count; i++) {
        *product_slot(ref, rows[i].id) = i + 1;
    }
    return DOSIS_OK;
}


static dosis_rc_t
index_all(dosis_ref_t *ref)
{
    size_t i;
    dosis_bron_t **name, *bronnen = ref->bronnen.rows;

    for (i = 0; i < ref->bronnen.count; i++) {
        if (bronnen[i].verwijderd) {
            continue;
        }
        name = table_add(ref->arena, &ref->bron_names, sizeof(*name));
        if (name == NULL) {
            return DOSIS_ENOMEM;
        }
        *name = &bronnen[i];
    }
    table_sort(&ref->bron_names, sizeof(dosis_bron_t *), cmp_bron_names);
    table_sort(&ref->clients, sizeof(dosis_client_t), cmp_clients);
    table_sort(&ref->pauzes, sizeof(dosis_pauze_t), cmp_pauzes);
    table_sort(&ref->uitgevers, sizeof(dosis_uitgever_t), cmp_uitgevers);
    ref->lijsten.fase = dosis_ref_lijst(ref, DOSIS_SLICE("StatusVlaamsFase"));
    ref->lijsten.code = dosis_ref_lijst(ref, DOSIS_SLICE("StatusVlaamsCode"));
    ref->lijsten.edrl = dosis_ref_lijst(ref, DOSIS_SLICE("StatusEDRL"));
    ref->lijsten.type = dosis_ref_lijst(ref, DOSIS_SLICE("TypeDossier"));
    ref->lijsten.rol = dosis_ref_lijst(ref, DOSIS_SLICE("ParticipatieRol"));
    return index_producten(ref);
}


/* All that are registered. */
static const uint8_t kinds[] = { INTERN_BRON, INTERN_CLIENT, INTERN_CODELIJST,
    INTERN_PRODUCT, INTERN_UITGEVER, INTERN_SLEUTELS, INTERN_PAUZE };


static dosis_rc_t
load(const store_snap_t *snap, uint64_t version, dosis_ref_t **ret_ref)
{
    size_t i;
    dosis_rc_t rc = DOSIS_OK;
    dosis_ref_t *ref = calloc(1, sizeof(*ref));

    if (ref == NULL) {
        return DOSIS_ENOMEM;
    }
    ref->version = version;
    ref->arena = dosis_arena_create(ARENA_MAX);
    if (ref->arena == NULL) {
        rc = DOSIS_ENOMEM;
    }
    for (i = 0; rc == DOSIS_OK && i < sizeof(kinds); i++) {
        rc = load_kind(snap, ref, kinds[i]);
    }
    if (rc == DOSIS_OK) {
        rc = index_all(ref);
    }
    if (rc != DOSIS_OK) {
        store_ref_free(ref);
        return rc;
    }
    *ret_ref = ref;
    return DOSIS_OK;
}


dosis_rc_t
store_ref_refresh(const store_snap_t *snap, dosis_ref_t **ref)
{
    uint64_t version;
    dosis_rc_t rc;
    dosis_ref_t *fresh;

    rc = store_meta_get(snap, "referentie", &version);
    if (rc != DOSIS_OK || (*ref != NULL && (*ref)->version == version)) {
        return rc;
    }
    rc = load(snap, version, &fresh);
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_ref_free(*ref);
    *ref = fresh;
    return DOSIS_OK;
}


void
store_ref_free(dosis_ref_t *ref)
{
    size_t i;

    if (ref == NULL) {
        return;
    }
    for (i = 0; i < ref->lijsten_count; i++) {
        dosis_codelijst_free(ref->lijst[i]);
    }
    dosis_arena_free(ref->arena);
    free(ref);
}


/* --- looking up ---------------------------------------------------------- */

uint64_t
dosis_ref_version(const dosis_ref_t *ref)
{
    return ref->version;
}


const dosis_bron_t *
dosis_ref_bron(const dosis_ref_t *ref, dosis_slice_t bron)
{
    dosis_bron_t wanted = { .bron = bron }, *key = &wanted;
    dosis_bron_t **found;

    if (ref->bron_names.count == 0) {
        return NULL;
    }
    found = bsearch(&key, ref->bron_names.rows, ref->bron_names.count,
        sizeof(key), cmp_bron_names);
    return found == NULL ? NULL : *found;
}


uint64_t
store_ref_open(const dosis_ref_t *ref)
{
    size_t i;
    uint64_t print = DOSIS_HASH_BEGIN;
    const dosis_bron_t *bronnen = ref->bronnen.rows;

    for (i = 0; i < ref->bronnen.count; i++) {
        if (bronnen[i].zonder_recht_iedereen) {
            print = dosis_hash_mix(print, &bronnen[i].nummer,
                sizeof(bronnen[i].nummer));
        }
    }
    return print;
}


/* Numbers start at 1 and are given in order: row n - 1, as a rule. */
const dosis_bron_t *
dosis_ref_bron_nummer(const dosis_ref_t *ref, uint32_t nummer)
{
    size_t i;
    const dosis_bron_t *bronnen = ref->bronnen.rows;

    if (nummer >= 1 && nummer <= ref->bronnen.count
        && bronnen[nummer - 1].nummer == nummer) {
        return &bronnen[nummer - 1];
    }
    for (i = 0; i < ref->bronnen.count; i++) {
        if (bronnen[i].nummer == nummer) {
            return &bronnen[i];
        }
    }
    return NULL;
}


const dosis_client_t *
dosis_ref_client(const dosis_ref_t *ref, dosis_slice_t client)
{
    dosis_client_t wanted = { .client = client };

    if (ref->clients.count == 0) {
        return NULL;
    }
    return bsearch(&wanted, ref->clients.rows, ref->clients.count,
        sizeof(wanted), cmp_clients);
}


/* How many rows of a sorted table are at or before that one. */
static size_t
table_upto(const table_t *table, size_t row, const void *wanted,
    int (*cmp)(const void *, const void *))
{
    size_t mid, from = 0, to = table->count;

    while (from < to) {
        mid = from + (to - from) / 2;
        if (cmp((const char *) table->rows + mid * row, wanted) <= 0) {
            from = mid + 1;
        } else {
            to = mid;
        }
    }
    return from;
}


const dosis_bron_t *
dosis_ref_bron_after(const dosis_ref_t *ref, dosis_slice_t bron)
{
    const dosis_bron_t wanted = { .bron = bron }, *key = &wanted;
    dosis_bron_t *const *rows = ref->bron_names.rows;
    size_t i = table_upto(&ref->bron_names, sizeof(key), &key, cmp_bron_names);

    return i < ref->bron_names.count ? rows[i] : NULL;
}


const dosis_client_t *
dosis_ref_client_after(const dosis_ref_t *ref, dosis_slice_t client)
{
    const dosis_client_t wanted = { .client = client };
    const dosis_client_t *rows = ref->clients.rows;
    size_t i = table_upto(&ref->clients, sizeof(wanted), &wanted, cmp_clients);

    return i < ref->clients.count ? &rows[i] : NULL;
}


const dosis_pauze_t *
dosis_ref_pauze(const dosis_ref_t *ref, int64_t now_ns)
{
    return dosis_pauze_geldt(ref->pauze, now_ns) ? ref->pauze : NULL;
}


const dosis_pauze_t *
dosis_ref_pauze_bron(const dosis_ref_t *ref, dosis_slice_t bron, int64_t now_ns)
{
    const dosis_pauze_t wanted = { .bron = bron };
    const dosis_pauze_t *found = NULL;

    if (ref->pauzes.count > 0) {
        found = bsearch(&wanted, ref->pauzes.rows, ref->pauzes.count,
            sizeof(wanted), cmp_pauzes);
    }
    return dosis_pauze_geldt(found, now_ns) ? found
                                            : dosis_ref_pauze(ref, now_ns);
}


size_t
dosis_ref_pauzes(const dosis_ref_t *ref, int64_t now_ns)
{
    size_t i, count = 0;
    const dosis_pauze_t *pauzes = ref->pauzes.rows;

    for (i = 0; i < ref->pauzes.count; i++) {
        count += dosis_pauze_geldt(&pauzes[i], now_ns);
    }
    return count;
}


const dosis_uitgever_t *
dosis_ref_uitgever_at(const dosis_ref_t *ref, size_t i)
{
    const dosis_uitgever_t *rows = ref->uitgevers.rows;

    return i < ref->uitgevers.count ? &rows[i] : NULL;
}


dosis_slice_t
dosis_ref_sleutels(const dosis_ref_t *ref, dosis_slice_t iss)
{
    const sleutels_t *rows = ref->sleutels.rows;
    size_t i;

    for (i = 0; i < ref->sleutels.count; i++) {
        if (dosis_slice_eq(rows[i].iss, iss)) {
            return rows[i].text;
        }
    }
    return dosis_slice(NULL, 0);
}


bool
dosis_ref_delivers(const dosis_ref_t *ref, dosis_slice_t client,
    const dosis_bron_t *bron)
{
    const dosis_client_t *known = dosis_ref_client(ref, client);

    return known != NULL && bron != NULL && bron->actief
           && dosis_client_delivers(known, bron->bron);
}


const dosis_codelijsten_t *
dosis_ref_lijsten(const dosis_ref_t *ref)
{
    return &ref->lijsten;
}


const dosis_codelijst_t *
dosis_ref_lijst(const dosis_ref_t *ref, dosis_slice_t naam)
{
    size_t i;

    for (i = 0; i < ref->lijsten_count; i++) {
        if (dosis_text_ieq(dosis_codelijst_naam(ref->lijst[i]), naam)) {
            return ref->lijst[i];
        }
    }
    return NULL;
}


dosis_slice_t
dosis_ref_product(const dosis_ref_t *ref, dosis_slice_t id)
{
    uint32_t row = *product_slot(ref, id);

    return row == 0 ? dosis_slice(NULL, 0)
                    : ((const product_t *) ref->producten.rows)[row - 1].json;
}


bool
dosis_ref_ready(const dosis_ref_t *ref)
{
    const dosis_codelijsten_t *l = &ref->lijsten;

    return l->fase != NULL && l->code != NULL && l->edrl != NULL
           && l->type != NULL && l->rol != NULL;
}
