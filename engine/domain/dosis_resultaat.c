/* SPDX-License-Identifier: EUPL-1.2 */
#include "domain/dosis_resultaat.h"

#include <stddef.h>

static const char *const names[] = {
    [DOSIS_GEWEIGERD] = "Geweigerd",
    [DOSIS_NIEUW] = "Nieuw",
    [DOSIS_GEWIJZIGD] = "Gewijzigd",
    [DOSIS_ONGEWIJZIGD] = "Ongewijzigd",
    [DOSIS_VEROUDERD] = "Verouderd",
    [DOSIS_HERSTELD] = "Hersteld",
    [DOSIS_INGETROKKEN] = "Ingetrokken",
    [DOSIS_ONBEKEND] = "Onbekend",
    [DOSIS_PROEF] = "Proef",
};

const char *
dosis_resultaat_name(dosis_resultaat_t resultaat)
{
    size_t index = (size_t) resultaat;

    /* A number read from disk may be one that a later version wrote. */
    return index < sizeof(names) / sizeof(names[0]) ? names[index] : "Onbekend";
}
