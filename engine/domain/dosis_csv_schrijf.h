/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_csv_schrijf.h: a dossier as rows of a CSV file, in the columns of a
 * delivery: what is written so can be delivered as it is.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     adds to the buffer given
 * Errors     sticky in the buffer
 *
 * UTF-8 with a mark, ';' between, CRLF behind. A row for each agent.
 */

#ifndef DOSIS_DOMAIN_DOSIS_CSV_SCHRIJF_H
#define DOSIS_DOMAIN_DOSIS_CSV_SCHRIJF_H

#include "domain/dosis_csv_kop.h"
#include "domain/dosis_dossier.h"

/* What a dossier may hold and the columns do not. */
typedef enum {
    DOSIS_CSV_MIST_ADRES,          /* of the manager */
    DOSIS_CSV_MIST_PRODUCTEN,      /* from the second on */
    DOSIS_CSV_MIST_FASEN,          /* MogelijkeVlaamseFases */
    DOSIS_CSV_MIST_FREQUENTIE,     /* UpdateFrequentieCode */
    DOSIS_CSV_MIST_STREEF,         /* Status.StreefDatum */
    DOSIS_CSV_MIST_RECHT,          /* one with the sign between rights in it */
    DOSIS_CSV_MIST_MAX
} dosis_csv_mist_t;

/* The member, as people know it; never NULL. */
const char *dosis_csv_mist_naam(dosis_csv_mist_t mist);

/* The mark and the header. */
void dosis_csv_schrijf_kop(dosis_buf_t *to);

/* Its rows; tells what is not in them: bits 1 << DOSIS_CSV_MIST_... */
unsigned dosis_csv_schrijf(dosis_buf_t *to, const dosis_dossier_t *dossier,
    const dosis_codelijsten_t *lijsten);

#endif
