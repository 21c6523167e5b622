/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_intern.h: texts that many dossiers share, kept once in `referentie`
 * under a number that is never changed and never reused. Private.
 *
 * Layer      store
 * Threads    belongs to one reader or writer
 * Blocking   page faults only
 * Memory     texts are borrowed from the cache until the next trim or clear
 * Errors     DOSIS_EFORMAT an unknown number: corruption, never guessed
 *
 * Keys of `referentie`: kind 1 B | 'n' | number 4 B -> text, and
 * kind 1 B | 't' | blinded (kind, scope, text) 16 B -> number 4 B.
 */

#ifndef DOSIS_STORE_STORE_INTERN_H
#define DOSIS_STORE_STORE_INTERN_H

#include "store/store_lmdb.h"

enum {
    INTERN_BRON = 1,        /* 1-4: registrations, see dosis_ref_kind_t */
    INTERN_CLIENT = 2,
    INTERN_CODELIJST = 3,
    INTERN_PRODUCT = 4,
    INTERN_RECHT = 5,
    INTERN_CONTACT = 6,     /* scope: the number of the source */
    INTERN_UITGEVER = 7,    /* 7-9: registrations too */
    INTERN_SLEUTELS = 8,
    INTERN_PAUZE = 9
};

#define INTERN_KEY_MAX 18

/* How a text is asked for. */
typedef struct {
    uint8_t kind;
    uint32_t scope;
    dosis_slice_t text;
} store_term_t;

typedef struct store_intern_s store_intern_t;

DOSIS_CHECK dosis_rc_t store_intern_create(store_intern_t **ret_intern);
void store_intern_free(store_intern_t *intern);

/* Forgets all: after an abort, a number may never have been given. */
void store_intern_clear(store_intern_t *intern);

/* Between snapshots: forgets all when the cache has grown large. */
void store_intern_trim(store_intern_t *intern);

DOSIS_CHECK dosis_rc_t store_intern_text(store_intern_t *intern,
    const store_snap_t *snap, uint8_t kind, uint32_t number,
    dosis_slice_t *ret_text);

/* The number of a text; DOSIS_ENOTFOUND when it has none. */
DOSIS_CHECK dosis_rc_t store_intern_find(store_intern_t *intern,
    const store_snap_t *snap, const store_term_t *term, uint32_t *ret_number);

/* The same, giving the next number when it has none. Needs a writing snap. */
DOSIS_CHECK dosis_rc_t store_intern_give(store_intern_t *intern,
    store_snap_t *snap, const store_term_t *term, uint32_t *ret_number);

size_t store_intern_number_key(char key[INTERN_KEY_MAX], uint8_t kind,
    uint32_t number);

#endif
