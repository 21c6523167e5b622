/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"

#include <stdbool.h>
#include <string.h>

#include "domain/dosis_limiet.h"


static bool
is_once(const dosis_limiet_t *limiet)
{
    size_t seen = 0;

    for (size_t i = 0; i < dosis_limiet_count(); i++) {
        seen += strcmp(dosis_limiet_at(i)->naam, limiet->naam) == 0;
    }

    return seen == 1;
}


static void
check_rows(void)
{
    for (size_t i = 0; i < dosis_limiet_count(); i++) {
        const dosis_limiet_t *limiet = dosis_limiet_at(i);

        CHECK(is_once(limiet), limiet->naam);
        CHECK(limiet->waarde > 0 && limiet->omschrijving[0] != '\0',
            "with a value and a meaning");
        CHECK(strcmp(limiet->eenheid, "bytes") == 0
                || strcmp(limiet->eenheid, "seconden") == 0
                || strcmp(limiet->eenheid, "aantal") == 0,
            "in a unit that is known");
    }
    CHECK(dosis_limiet_at(dosis_limiet_count()) == NULL, "the table ends");
}


static void
check_values(void)
{
    static const struct {
        const char *naam;
        uint64_t as_is;
        uint64_t configured;
    } rows[] = {
        { "DossierBytes", 65536, 1000 },
        { "LijstBytes", 4194304, 2000 },
        { "LijstDossiers", 1000, 1000 },
        { "WijzigingsDatumVooruit", 86400, 60 },
        { "UploadIdOnthouden", 2592000, 2592000 },
        { "FoutenPerBron", 10000, 10000 },
        { "LimietMaximum", 500, 500 },
        { "BekekenPerAanvraag", 5000, 5000 },
        { "CursorGeldig", 86400, 86400 },
        { "VolgpuntGeldig", 2592000, 2592000 },
    };
    const dosis_limiet_instelling_t set = {
        .body_max = 1000, .batch_body_max = 2000, .future_s = 60
    };
    size_t found = 0;

    for (size_t i = 0; i < dosis_limiet_count(); i++) {
        const dosis_limiet_t *limiet = dosis_limiet_at(i);

        for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
            if (strcmp(limiet->naam, rows[j].naam) != 0) {
                continue;
            }
            found++;
            CHECK(dosis_limiet_waarde(limiet, NULL) == rows[j].as_is
                    && dosis_limiet_waarde(limiet, &set) == rows[j].configured,
                rows[j].naam);
        }
    }
    CHECK(found == sizeof(rows) / sizeof(rows[0]), "each of them is there");
}


int
main(void)
{
    check_rows();
    check_values();

    return tap_done();
}
