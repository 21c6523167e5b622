/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_export.h: all dossiers of a source, as they were delivered.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults; a call looks at DOSIS_EXAMINED_MAX dossiers at most
 * Memory     a dossier lies in the arena given, which is emptied before each
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY a damaged value; DOSIS_ENOMEM; what
 *            on_dossier returns
 *
 * Each call is a snapshot of its own, so that a long export keeps no pages
 * from reuse: a dossier is as it is when its turn comes.
 */

#ifndef DOSIS_STORE_DOSIS_EXPORT_H
#define DOSIS_STORE_DOSIS_EXPORT_H

#include "domain/dosis_dossier.h"
#include "store/dosis_read.h"

typedef dosis_rc_t (*dosis_export_pt)(
    const dosis_dossier_t *dossier, void *payload);

typedef struct {
    dosis_slice_t bron;          /* set these, zero the rest */
    dosis_arena_t *arena;
    dosis_export_pt on_dossier;
    void *payload;

    bool begun;                  /* where it is */
    uint8_t at[16];
} dosis_export_t;

/*
 * The next ones. *ret_more: call again, in another snapshot. DOSIS_ENOTFOUND:
 * nobody knows that source. The reader must be between begin and end.
 */
DOSIS_CHECK dosis_rc_t dosis_export_next(
    dosis_reader_t *reader, dosis_export_t *export, bool *ret_more);

#endif
