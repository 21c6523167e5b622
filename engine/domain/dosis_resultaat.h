/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_resultaat.h: the verdict on one delivery, and its name on the wire.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     static
 * Errors     none
 */

#ifndef DOSIS_DOMAIN_DOSIS_RESULTAAT_H
#define DOSIS_DOMAIN_DOSIS_RESULTAAT_H

typedef enum {
    DOSIS_GEWEIGERD = 0,     /* refused; has Fouten */
    DOSIS_NIEUW = 1,
    DOSIS_GEWIJZIGD = 2,
    DOSIS_ONGEWIJZIGD = 3,
    DOSIS_VEROUDERD = 4,
    DOSIS_HERSTELD = 5,
    DOSIS_INGETROKKEN = 6,
    DOSIS_ONBEKEND = 7,
    DOSIS_PROEF = 8
} dosis_resultaat_t;         /* stored: never change a number */

/* "Nieuw", "Gewijzigd", ...; never NULL. */
const char *dosis_resultaat_name(dosis_resultaat_t resultaat);

#endif
