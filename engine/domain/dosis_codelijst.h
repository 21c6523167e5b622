/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_codelijst.h: one code list: numbered codes, loaded from data.
 *
 * Layer      domain
 * Threads    read-only after parse
 * Blocking   never
 * Memory     parse gives, free takes; slices borrowed from the list
 * Errors     DOSIS_EINPUT with the problem in err
 *
 * File form (conf/codelijsten/<Naam>.json):
 *   {"Naam": "StatusVlaamsFase", "Herkomst": "...", "Datum": "2026-11-23",
 *    "Waarden": [{"Nummer": 1, "Code": "Samenstelling",
 *                 "Omschrijving": "...", "AlsIn": "..."}]}
 * Nummer (1 .. 65535) is what the store keeps: never changed, never reused.
 * "AlsIn" (optional) names the same value in the other generation.
 */

#ifndef DOSIS_DOMAIN_DOSIS_CODELIJST_H
#define DOSIS_DOMAIN_DOSIS_CODELIJST_H

#include <stdint.h>

#include "base/dosis_buf.h"
#include "base/dosis_err.h"
#include "base/dosis_rc.h"

#define DOSIS_CODELIJST_MAX 5000    /* values in one list */

typedef struct {
    uint16_t nummer;
    dosis_slice_t code;
    dosis_slice_t omschrijving;
    dosis_slice_t als_in;        /* a code of this list, or empty */
} dosis_codewaarde_t;

typedef struct dosis_codelijst_s dosis_codelijst_t;

DOSIS_CHECK dosis_rc_t dosis_codelijst_parse(dosis_slice_t json,
    dosis_codelijst_t **ret_lijst, dosis_err_t *err);

/* NULL is fine. */
void dosis_codelijst_free(dosis_codelijst_t *lijst);

dosis_slice_t dosis_codelijst_naam(const dosis_codelijst_t *lijst);

/* In the order of the file. */
size_t dosis_codelijst_count(const dosis_codelijst_t *lijst);
const dosis_codewaarde_t *dosis_codelijst_at(const dosis_codelijst_t *lijst,
    size_t index);

/* ASCII case-insensitive; 0 when unknown. */
uint16_t dosis_codelijst_nummer(const dosis_codelijst_t *lijst,
    dosis_slice_t code);

/* The empty slice when unknown. O(1). */
dosis_slice_t dosis_codelijst_code(const dosis_codelijst_t *lijst,
    uint16_t nummer);

/*
 * Adds {"Naam","Herkomst","Datum","Waarden":[{"Code","Omschrijving","Nummer",
 * "AlsIn"}]}, by Nummer; AlsIn is null when no other generation has the value.
 */
void dosis_codelijst_add(dosis_buf_t *buf, const dosis_codelijst_t *lijst);

/* The lists that the validation of a dossier needs; borrowed pointers. */
typedef struct {
    const dosis_codelijst_t *fase;       /* StatusVlaamsFase */
    const dosis_codelijst_t *code;       /* StatusVlaamsCode */
    const dosis_codelijst_t *edrl;       /* StatusEDRL */
    const dosis_codelijst_t *type;       /* TypeDossier */
    const dosis_codelijst_t *rol;        /* ParticipatieRol */
} dosis_codelijsten_t;

#endif
