/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_file.h: the life of a delivered file in one transaction, for programs
 * that need a store in which there are some.
 */

#ifndef DOSIS_T_LIB_STORE_FILE_H
#define DOSIS_T_LIB_STORE_FILE_H

#include <stdio.h>

#include "store/dosis_oplading.h"

/* It has a row refused and a warning, and ends; each third goes on waiting. */
static inline void
file_live(dosis_txn_t *txn, unsigned n)
{
    char uuid[40];
    bool ignored;
    const dosis_afkeuring_t row = { .lijn = 2,
        .tekst = DOSIS_SLICE("een;rij"),
        .problems = &dosis_err_none };
    const dosis_waarschuwing_t warning = { .lijn = 3,
        .nummer = DOSIS_SLICE("d"),
        .warnings = &dosis_err_none };
    dosis_oplading_t o = { .client = DOSIS_SLICE("proef"),
        .bestand = DOSIS_SLICE("a.csv"),
        .bytes = n };

    (void) snprintf(uuid, sizeof(uuid), "00000000-0000-4000-9000-%012u", n);
    o.upload_id = dosis_slice_of(uuid);
    if (dosis_oplading_put(txn, &o, &ignored) != DOSIS_OK) {
        return;
    }
    dosis_oplading_refuse(txn, &o, &row);
    dosis_oplading_warn(txn, &o, &warning);
    o.waarschuwingen++;
    o.toestand = n % 3 == 0 ? DOSIS_OPLADING_BEZIG : DOSIS_OPLADING_KLAAR;
    (void) !dosis_oplading_note(txn, &o, &ignored);
}

#endif
