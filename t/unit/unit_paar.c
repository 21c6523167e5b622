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


/* The data says what the check does. */
static void
check_data(void)
{
    dosis_codelijsten_t lijsten = lijsten_load();
    bool same = true;

    CHECK(dosis_paar_count() == dosis_codelijst_count(lijsten.fase),
        "every phase has its codes");
    for (size_t i = 0; i < dosis_paar_count(); i++) {
        dosis_slice_t fase = dosis_slice_of(dosis_paar_fase(i));
        const char *code;
        size_t count = 0;

        CHECK(dosis_codelijst_nummer(lijsten.fase, fase) != 0, fase.data);
        while ((code = dosis_paar_code(i, count)) != NULL) {
            same = same && !unusual(fase.data, code)
                && dosis_codelijst_nummer(lijsten.code, dosis_slice_of(code))
                    != 0;
            count++;
        }
        same = same && count > 0;
    }
    CHECK(same, "each code stands in the list and is usual there");
    CHECK(dosis_paar_fase(dosis_paar_count()) == NULL
            && dosis_paar_code(dosis_paar_count(), 0) == NULL,
        "the table ends");
    lijsten_free(&lijsten);
}


int
main(void)
{
    dosis_json_init();
    check_pairs();
    check_every_code();
    check_data();

    return tap_done();
}
