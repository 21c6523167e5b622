/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_setting.h: the settings of a registration as a table. One row says
 * the name, type, default and range of a setting, where its value is kept,
 * and what it is for. Reading, defaults, error texts, help and the generated
 * page all come from the row.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     tables are static; texts that are read go to the caller's arena
 * Errors     per function
 */

#ifndef DOSIS_DOMAIN_DOSIS_SETTING_H
#define DOSIS_DOMAIN_DOSIS_SETTING_H

#include <stdint.h>

#include "base/dosis_buf.h"

typedef enum {
    DOSIS_SETTING_TEXT,    /* a dosis_slice_t */
    DOSIS_SETTING_BOOL,    /* a bool */
    DOSIS_SETTING_CHOICE,  /* one word: first + its place; 1 or 4 bytes */
    DOSIS_SETTING_NUMBER,  /* a uint32_t */
    DOSIS_SETTING_TEXTS,   /* a dosis_slice_t *, and a size_t count */
    DOSIS_SETTING_CHOICES, /* words: an unsigned with the bits 1 << (first+n) */
    DOSIS_SETTING_NAMES,   /* an object of texts: dosis_pairs_t */
    DOSIS_SETTING_NUMBERS, /* an object of numbers: dosis_pairs_t */
    DOSIS_SETTING_GROUP    /* an object of settings; its flag: given */
} dosis_setting_type_t;

/* What a source calls something, and what it stands for. */
typedef struct {
    dosis_slice_t from;
    dosis_slice_t to; /* of DOSIS_SETTING_NAMES */
    uint32_t number;  /* of DOSIS_SETTING_NUMBERS */
} dosis_pair_t;

typedef struct {
    const dosis_pair_t *pair; /* sorted by from, which has no case */
    size_t count;
} dosis_pairs_t;

typedef struct {
    const char *group; /* the group it stands in, or NULL */
    const char *name;  /* as in the JSON */
    dosis_setting_type_t type;
    const char *fallback; /* its default as text; NULL: it is required */
    const char *words;    /* of a choice: "niemand|iedereen" */
    unsigned first;       /* of a choice: the value of the first word */
    uint32_t min;         /* of a number */
    uint32_t max;         /* of a number; of a text: bytes */
    uint32_t entries;     /* ceiling of a list or object */
    size_t offset;        /* of the value in the registration */
    size_t count;         /* of a list: offset of its count */
    size_t size;          /* of the value */
    bool (*fits)(dosis_slice_t text); /* of a text, or NULL */
    const char *form; /* what fits wants, Dutch: it goes in a problem */
    const char *text; /* one English sentence */
    const char *used; /* by what */
} dosis_setting_t;

typedef struct {
    const char *title; /* "a source (bron)" */
    const dosis_setting_t *rows;
    size_t count;
} dosis_settings_t;

/*
 * The row of "Naam" or "Doorklik.Methode", case as in the table; NULL when
 * there is none. What stands behind a row that is an object of the sender's
 * own names goes to *ret_rest: of "Mapping.Fase.x" that is "x".
 */
const dosis_setting_t *dosis_setting_find(const dosis_settings_t *settings,
    dosis_slice_t path, dosis_slice_t *ret_rest);

/* "text", "yes or no", ...; never NULL. */
const char *dosis_setting_type_name(dosis_setting_type_t type);

/* What a value may be, in English: "`streng`, `vorm`", "0 to 8784". */
void dosis_setting_add_range(dosis_buf_t *buf, const dosis_setting_t *row);

/* Into the order that find needs. */
void dosis_pairs_sort(dosis_pair_t *pair, size_t count);

/* The pair with that name (ASCII, without case), or NULL. */
const dosis_pair_t *dosis_pairs_find(
    const dosis_pairs_t *pairs, dosis_slice_t from);

#endif
