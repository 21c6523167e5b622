/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <stdlib.h>

#include "base/dosis_arena.h"
#include "base/dosis_hash.h"
#include "base/dosis_wire.h"
#include "store/store_intern.h"

#define SLOTS        8192                    /* power of two */
#define ARENA_MAX    ((size_t) 64 << 20)
#define ARENA_TRIM   ((size_t) 8 << 20)
#define TEXT_MAX     ((size_t) 64 << 10)

typedef struct {
    uint8_t kind;          /* 0: free */
    uint32_t scope;
    uint32_t number;
    dosis_slice_t text;
} slot_t;

/* Two direct-mapped tables: a collision overwrites, nothing is searched. */
struct store_intern_s {
    dosis_arena_t *arena;
    size_t used;
    slot_t by_number[SLOTS];
    slot_t by_text[SLOTS];
};


dosis_rc_t
store_intern_create(store_intern_t **ret_intern)
{
    store_intern_t *intern = calloc(1, sizeof(*intern));

    if (intern == NULL) {
        return DOSIS_ENOMEM;
    }
    intern->arena = dosis_arena_create(ARENA_MAX);
    if (intern->arena == NULL) {
        free(intern);
        return DOSIS_ENOMEM;
    }
    *ret_intern = intern;
    return DOSIS_OK;
}


void
store_intern_free(store_intern_t *intern)
{
    if (intern != NULL) {
        dosis_arena_free(intern->arena);
        free(intern);
    }
}


void
store_intern_clear(store_intern_t *intern)
{
    memset(intern->by_number, 0, sizeof(intern->by_number));
    memset(intern->by_text, 0, sizeof(intern->by_text));
    dosis_arena_reset(intern->arena);
    intern->used = 0;
}


void
store_intern_trim(store_intern_t *intern)
{
    if (intern->used > ARENA_TRIM) {
        store_intern_clear(intern);
    }
}


size_t
store_intern_number_key(char key[INTERN_KEY_MAX], uint8_t kind,
    uint32_t number)
{
    key[0] = (char) kind;
    key[1] = 'n';
    dosis_be32(key + 2, number);
    return 6;
}


static size_t
text_key(const store_snap_t *snap, const store_term_t *term,
    char key[INTERN_KEY_MAX])
{
    char scope[5];
    dosis_slice_t parts[2] = { { scope, sizeof(scope) }, term->text };

    scope[0] = (char) term->kind;
    dosis_be32(scope + 1, term->scope);
    key[0] = (char) term->kind;
    key[1] = 't';
    dosis_blind(snap->crypt, DOSIS_BLIND_REFERENCE, parts, 2,
        (uint8_t *) key + 2);
    return INTERN_KEY_MAX;
}


static slot_t *
slot_of_number(store_intern_t *intern, uint8_t kind, uint32_t number)
{
    return &intern->by_number[(number * 31u + kind) & (SLOTS - 1)];
}


/* Quick: the texts are those that registered sources deliver. */
static slot_t *
slot_of_text(store_intern_t *intern, const store_term_t *term)
{
    uint64_t h = dosis_hash_mix(DOSIS_HASH_BEGIN ^ term->kind ^ term->scope,
        term->text.data, term->text.len);

    return &intern->by_text[(h ^ (h >> 29)) & (SLOTS - 1)];
}


static dosis_rc_t
keep(store_intern_t *intern, slot_t *slot, const store_term_t *term,
    uint32_t number)
{
    dosis_slice_t copy = dosis_arena_copy(intern->arena, term->text);

    if (copy.data == NULL && term->text.len > 0) {
        return DOSIS_ENOMEM;
    }
    intern->used += term->text.len + 1;
    *slot = (slot_t) { term->kind, term->scope, number, copy };
    return DOSIS_OK;
}


dosis_rc_t
store_intern_text(store_intern_t *intern, const store_snap_t *snap,
    uint8_t kind, uint32_t number, dosis_slice_t *ret_text)
{
    char key[INTERN_KEY_MAX];
    size_t len;
    slot_t *slot = slot_of_number(intern, kind, number);
    dosis_rc_t rc;
    dosis_buf_t text;
    store_term_t term = { .kind = kind };

    if (slot->kind == kind && slot->number == number) {
        *ret_text = slot->text;
        return DOSIS_OK;
    }
    len = store_intern_number_key(key, kind, number);
    dosis_buf_init(&text, TEXT_MAX);
    rc = store_get(snap, DB_REFERENTIE, dosis_slice(key, len), &text);
    if (rc == DOSIS_OK) {
        term.text = dosis_buf_slice(&text);
        rc = keep(intern, slot, &term, number);
        *ret_text = slot->text;
    }
    dosis_buf_done(&text);
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}


dosis_rc_t
store_intern_find(store_intern_t *intern, const store_snap_t *snap,
    const store_term_t *term, uint32_t *ret_number)
{
    char key[INTERN_KEY_MAX], bytes[8];
    size_t len;
    slot_t *slot = slot_of_text(intern, term);
    dosis_rc_t rc;
    dosis_buf_t value;

    if (slot->kind == term->kind && slot->scope == term->scope
        && dosis_slice_eq(slot->text, term->text)) {
        *ret_number = slot->number;
        return DOSIS_OK;
    }
    len = text_key(snap, term, key);
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(snap, DB_REFERENTIE, dosis_slice(key, len), &value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (value.len != 4) {
        return DOSIS_EFORMAT;
    }
    *ret_number = dosis_be32_get(value.data);
    return keep(intern, slot, term, *ret_number);
}


static dosis_rc_t
next_number(store_snap_t *snap, uint8_t kind, uint32_t *ret_number)
{
    char name[24];
    uint64_t number;
    dosis_rc_t rc;

    (void) snprintf(name, sizeof(name), "teller/%u", kind);
    rc = store_meta_get(snap, name, &number);
    if (rc != DOSIS_OK) {
        return rc;
    }
    number++;
    if (number > UINT32_MAX) {
        return DOSIS_ELIMIT;
    }
    *ret_number = (uint32_t) number;
    return store_meta_put(snap, name, number);
}


dosis_rc_t
store_intern_give(store_intern_t *intern, store_snap_t *snap,
    const store_term_t *term, uint32_t *ret_number)
{
    char key[INTERN_KEY_MAX], bytes[4];
    size_t len;
    dosis_rc_t rc;

    rc = store_intern_find(intern, snap, term, ret_number);
    if (rc != DOSIS_ENOTFOUND) {
        return rc;
    }
    rc = next_number(snap, term->kind, ret_number);
    if (rc != DOSIS_OK) {
        return rc;
    }
    len = store_intern_number_key(key, term->kind, *ret_number);
    rc = store_put(snap, DB_REFERENTIE, dosis_slice(key, len), term->text);
    if (rc != DOSIS_OK) {
        return rc;
    }
    len = text_key(snap, term, key);
    dosis_be32(bytes, *ret_number);
    return store_put(snap, DB_REFERENTIE, dosis_slice(key, len),
        dosis_slice(bytes, sizeof(bytes)));
}
