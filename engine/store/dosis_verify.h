/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_verify.h: is the store whole? As list-layout defines it: every value
 * opens under its place; each live `sleutel` entry names exactly the agents
 * whose pages hold the dossier, once each, and the reverse; all copies equal
 * but for the part per agent; rows ordered, page key = newest row; `plaats`
 * and `lang` match; history chains end; every `upload` points to its result.
 *
 * Layer      store
 * Threads    one thread; works with the engine down and under load
 * Blocking   reads the whole store, in snapshots of at most 5,000 values
 * Memory     the caller's; findings are lent for the call
 * Errors     DOSIS_OK: looked at everything (ret->findings says what it
 *            found); else it could not look
 *
 * A mismatch is judged again in one fresh snapshot before it is reported.
 */

#ifndef DOSIS_STORE_DOSIS_VERIFY_H
#define DOSIS_STORE_DOSIS_VERIFY_H

#include "store/dosis_store.h"

typedef struct {
    uint64_t values;       /* opened */
    uint64_t dossiers;     /* live */
    uint64_t withdrawn;
    uint64_t rows;         /* in agents' pages, markers included */
    uint64_t pages;
    uint64_t history;
    uint64_t uploads;
    uint64_t findings;
} dosis_verify_t;

/* text: English, names databases and DossierIds, never a person. */
typedef void (*dosis_verify_pt)(const char *text, void *payload);

DOSIS_CHECK dosis_rc_t dosis_verify(dosis_store_t *store,
    dosis_verify_pt on_finding, void *payload, dosis_verify_t *ret_verify);

#endif
