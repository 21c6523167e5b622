/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_instelling.h: rules and limits in force as JSON, from the tables that
 * the checks use: dosis_rule.h, dosis_veld.h, dosis_paar.h, dosis_limiet.h.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     adds to the buffer given
 * Errors     those of the buffer
 */

#ifndef DOSIS_DOMAIN_DOSIS_INSTELLING_H
#define DOSIS_DOMAIN_DOSIS_INSTELLING_H

#include "base/dosis_buf.h"
#include "domain/dosis_limiet.h"

/*
 * Adds {"Regels":[{"Code","Ernst","Omschrijving","Velden","Herkomst"}],
 * "Velden":[{"Veld","Soort","Plicht","Maximum","Eenheid","Codelijst",
 * "OokAls"}],"Paren":[{"Fase","Codes"}]}: the rules of a delivery.
 */
void dosis_instelling_add_regels(dosis_buf_t *buf);

/*
 * Adds {"Limieten":[{"Naam","Waarde","Eenheid","Omschrijving"}],
 * "Velden":[{"Veld","Maximum","Eenheid"}]}. set: as configured, or NULL.
 */
void dosis_instelling_add_limieten(dosis_buf_t *buf,
    const dosis_limiet_instelling_t *set);

#endif
