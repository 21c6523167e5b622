/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_paar.h"

#include "base/dosis_text.h"

#define CODES_MAX 12

typedef struct {
    const char *fase;
    const char *codes[CODES_MAX + 1]; /* NULL behind the last */
} paren_t;

/* In each row the older codes first, behind them the newer generation. */
static const paren_t table[] = {
    { "Samenstelling",
        { "Geinitieerd", "Aangevraagd", "Ingediend", "Ontvangen" } },
    { "Behandeling",
        { "DossierOnvolledig", "DossierVolledig", "Ontvankelijk",
            "OnOntvankelijk", "InBehandeling", "KlaarVoorBeslissing",
            "Ontvangen", "InVerwerking" } },
    { "Beslissing",
        { "InWacht", "Beslist", "Goedgekeurd", "Stopgezet", "Stopzetting",
            "Geweigerd", "BeslissingGepubliceerd" } },
    { "Beroep",
        { "InWacht", "Beslist", "Goedgekeurd", "Stopgezet", "Stopzetting",
            "Geweigerd", "Beroep", "Bezwaar", "BeslissingGepubliceerd" } },
    { "Uitvoering",
        { "KlaarVoorBetaling", "Betaald", "DeelsUitbetaald", "Uitgevoerd",
            "TerugvorderingBetaling", "Terugbetaald" } },
    { "Afgerond",
        { "ErkendVergund", "DeelsGoedgekeurd", "ErkendOfVergund",
            "ErkenningOfVergunningIngetrokken", "Terugbetaald" } },
};


static bool
row_holds(const paren_t *row, dosis_slice_t code)
{
    for (size_t i = 0; row->codes[i] != NULL; i++) {
        if (dosis_text_ieq(dosis_slice_of(row->codes[i]), code)) {
            return true;
        }
    }

    return false;
}


const char *
dosis_paar_unusual(dosis_slice_t fase, dosis_slice_t code)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (dosis_text_ieq(dosis_slice_of(table[i].fase), fase)) {
            return row_holds(&table[i], code) ? NULL : table[i].fase;
        }
    }

    return NULL;
}


size_t
dosis_paar_count(void)
{
    return sizeof(table) / sizeof(table[0]);
}


const char *
dosis_paar_fase(size_t fase)
{
    return fase < dosis_paar_count() ? table[fase].fase : NULL;
}


const char *
dosis_paar_code(size_t fase, size_t code)
{
    return fase < dosis_paar_count() && code < CODES_MAX
        ? table[fase].codes[code]
        : NULL;
}
