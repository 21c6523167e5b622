/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_json.h: JSON in and out. The only user of the JSON library.
 *
 * Layer      base
 * Threads    a value belongs to one thread at a time; call
 *            dosis_json_init() once per process before the first parse
 * Blocking   never
 * Memory     parse gives a tree, free takes it; everything reached through
 *            it is borrowed and lives as long as the root
 * Errors     DOSIS_EINPUT with one problem in err (code "JsonOngeldig",
 *            field "", text with the line); duplicate member names are
 *            refused, depth is limited by the library (2048)
 */

#ifndef DOSIS_BASE_DOSIS_JSON_H
#define DOSIS_BASE_DOSIS_JSON_H

#include "base/dosis_buf.h"
#include "base/dosis_err.h"

typedef struct dosis_json_s dosis_json_t;

typedef enum {
    DOSIS_JSON_NULL,    /* also for an absent value (NULL pointer) */
    DOSIS_JSON_BOOL,
    DOSIS_JSON_INT,
    DOSIS_JSON_REAL,
    DOSIS_JSON_STRING,
    DOSIS_JSON_ARRAY,
    DOSIS_JSON_OBJECT
} dosis_json_kind_t;

/* Seeds the hash of the library; idempotent. */
void dosis_json_init(void);

/* Any value is accepted at the top. err may be NULL. */
DOSIS_CHECK dosis_rc_t dosis_json_parse(dosis_slice_t text,
    dosis_json_t **ret_root, dosis_err_t *err);

/* NULL is fine. */
void dosis_json_free(dosis_json_t *root);

dosis_json_kind_t dosis_json_kind(const dosis_json_t *value);

/* By exact name; NULL when value is no object or has no such member. */
const dosis_json_t *dosis_json_get(const dosis_json_t *value,
    const char *name);

/* Element of an array, or NULL. */
const dosis_json_t *dosis_json_at(const dosis_json_t *value, size_t index);

/* Elements of an array or members of an object, else 0. */
size_t dosis_json_count(const dosis_json_t *value);

/*
 * Walks the members of an object in the order given.
 * cursor: NULL to start; the return value carries on; NULL at the end.
 */
void *dosis_json_next(const dosis_json_t *object, void *cursor,
    const char **ret_name, const dosis_json_t **ret_value);

/* The string's bytes (may hold NUL), or the empty slice for other kinds. */
dosis_slice_t dosis_json_string(const dosis_json_t *value);

/* false for other kinds. */
bool dosis_json_bool(const dosis_json_t *value);

/* 0 for other kinds. */
int64_t dosis_json_int(const dosis_json_t *value);

/* 0 for other kinds, an integer included. */
double dosis_json_real(const dosis_json_t *value);

/* Adds text with JSON escapes, without the quotes. */
void dosis_json_escape(dosis_buf_t *buf, dosis_slice_t text);

/* Adds "text" with quotes and escapes. */
void dosis_json_add_string(dosis_buf_t *buf, dosis_slice_t text);

/*
 * Adds `"name":"text"`, or `"name":null` when text.data is NULL. name is a
 * literal that needs no escapes. No comma.
 */
void dosis_json_add_member(dosis_buf_t *buf, const char *name,
    dosis_slice_t text);

/* Undoes dosis_json_escape into buf; DOSIS_EFORMAT when it is no escape. */
DOSIS_CHECK dosis_rc_t dosis_json_unescape(dosis_buf_t *buf,
    dosis_slice_t escaped);

#endif
