/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/lijsten.h"
#include "../lib/tap.h"
#include "domain/dosis_paar.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))


static bool
unusual(const char *fase, const char *code)
{
    return dosis_paar_unusual(dosis_slice_of(fase), dosis_slice_of(code))
        != NULL;
}


static void
check_pairs(void)
{
    static const struct {
        const char *fase;
        const char *code;
        bool unusual;
    } rows[] = {
        { "Samenstelling", "Geinitieerd", false },
        { "Samenstelling", "Ontvangen", false },
        { "Samenstelling", "Betaald", true },
        { "Behandeling", "InBehandeling", false },
        { "Behandeling", "InVerwerking", false },
        { "behandeling", "inverwerking", false },
        { "Behandeling", "Goedgekeurd", true },
        { "Beslissing", "Geweigerd", false },
        { "Beslissing", "BeslissingGepubliceerd", false },
        { "Beslissing", "Ingediend", true },
        { "Beroep", "Geweigerd", false },
        { "Beroep", "Bezwaar", false },
        { "Beroep", "Betaald", true },
        { "Uitvoering", "DeelsUitbetaald", false },
        { "Uitvoering", "TerugvorderingBetaling", false },
        { "Uitvoering", "Ingediend", true },
        { "Afgerond", "ErkendVergund", false },
        { "Afgerond", "ErkendOfVergund", false },
        { "Afgerond", "Goedgekeurd", true },
        { "EenNieuweFase", "Goedgekeurd", false },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        CHECK(unusual(rows[i].fase, rows[i].code) == rows[i].unusual,
            rows[i].code);
    }
}


/* A code that is nowhere usual would always warn: none is forgotten. */
static void
check_every_code(void)
{
    dosis_codelijsten_t lijsten = lijsten_load();

    for (size_t i = 0; i < dosis_codelijst_count(lijsten.code); i++) {
        dosis_slice_t code = dosis_codelijst_at(lijsten.code, i)->code;
        bool somewhere = false;

        for (size_t j = 0; j < dosis_codelijst_count(lijsten.fase); j++) {
            somewhere = somewhere
                || dosis_paar_unusual(
                       dosis_codelijst_at(lijsten.fase, j)->code, code)
                    == NULL;
        }
        CHECK(somewhere, code.data);
    }
    lijsten_free(&lijsten);
}


int
main(void)
{
    dosis_json_init();
    check_pairs();
    check_every_code();

    return tap_done();
}
