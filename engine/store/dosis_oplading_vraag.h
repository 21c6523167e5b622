/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_oplading_vraag.h: what is asked with a file that is delivered: the
 * parameters, judged the same at each door.
 *
 * Layer      store
 * Threads    the thread of the reader
 * Blocking   never
 * Memory     what is kept is copied into the arena
 * Errors     DOSIS_EINPUT: err names each parameter that is wrong, all at
 *            once. DOSIS_EDENIED: a source that this client may not deliver
 *            for, or that nobody knows: one answer. DOSIS_EIO no randomness;
 *            DOSIS_ENOMEM
 */

#ifndef DOSIS_STORE_DOSIS_OPLADING_VRAAG_H
#define DOSIS_STORE_DOSIS_OPLADING_VRAAG_H

#include "store/dosis_oplading.h"

/* Who asks, and the query, decoded; data NULL: not there. */
typedef struct {
    dosis_slice_t client;       /* registered */
    int64_t now_ns;
    dosis_slice_t proef;
    dosis_slice_t upload_id;    /* none: one is made */
    dosis_slice_t bestand;      /* or the name of Content-Disposition */
    dosis_slice_t volledig;
    dosis_slice_t bron;
    dosis_slice_t peildatum;
    dosis_slice_t ontbrekend;   /* "intrekken" or "melden" */
} dosis_oplading_vraag_t;

#define DOSIS_PARAMETER_ONGELDIG  "ParameterOngeldig"
#define DOSIS_PARAMETER_ONTBREEKT "ParameterOntbreekt"

/*
 * Sets what was asked of ret_oplading, and client, toestand and ontvangen_ns;
 * the rest is zero. Of a name with a path the last part is taken, without
 * control characters. reader: between begin and end.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_vraag(dosis_reader_t *reader,
    const dosis_oplading_vraag_t *vraag, dosis_arena_t *arena,
    dosis_oplading_t *ret_oplading, dosis_err_t *err);

#endif
