/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/shown.h"
#include "../lib/tap.h"
#include "domain/dosis_dossier.h"
#include "domain/dosis_recht.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))


static void
check_normalise(dosis_arena_t *arena)
{
    static const struct {
        const char *text;
        const char *recht; /* NULL: refused */
    } rows[] = {
        { "Raadpleger", "Raadpleger" },
        { "  Raadpleger\t", "Raadpleger" },
        { "recht - context", "recht-context" },
        { "recht-context", "recht-context" },
        { "recht  -\tcontext", "recht-context" },
        { "recht- context", "recht-context" },
        { "recht -context", "recht-context" },
        { "a - b - c", "a-b-c" },
        { "a -- b", "a--b" },
        { "a - - b", "a--b" },
        { "- a -", "-a-" },
        { "Recht Met Blanco", "Recht Met Blanco" },
        { "RAADPLEGER", "RAADPLEGER" },
        { "", NULL },
        { "  ", NULL },
        { "\xC3\xA9\xC3\xA9n", "\xC3\xA9\xC3\xA9n" },
        { "\xFF", NULL },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_slice_t recht = { NULL, 0 };
        bool ok =
            dosis_recht_normalise(dosis_slice_of(rows[i].text), arena, &recht);

        CHECK(rows[i].recht == NULL
                ? !ok
                : ok && dosis_slice_eq(recht, dosis_slice_of(rows[i].recht))
                    && recht.data[recht.len] == '\0',
            shown(rows[i].text));
    }
}


static void
check_held(dosis_arena_t *arena)
{
    static const struct {
        const char *text;
        const char *subject;
        const char *recht; /* NULL: does not count */
    } rows[] = {
        { "Lezer", "0123456749", "Lezer" },
        { "Lezer - kmo", "0123456749", "Lezer-kmo" },
        { "Lezer:0123456749", "0123456749", "Lezer" },
        { "Lezer-kmo:0123456749", "0123456749", "Lezer-kmo" },
        { "Lezer - kmo : 0123.456.749", "0123456749", "Lezer-kmo" },
        { "Lezer:BE0123456749", "0123456749", "Lezer" },
        { "Lezer:123456749", "0123456749", "Lezer" },
        { "Lezer:0848270242", "0848270242", "Lezer" },
        { "Lezer:OVO002949, OVO002950, 0123456749", "0123456749", "Lezer" },
        { "Lezer:ovo002949", "OVO002949", "Lezer" },
        { "Lezer:85073000754", "85073000754", "Lezer" },
        { "Lezer:OVO002949", "0123456749", NULL },
        { "Lezer:OVO002949,OVO002950", "0123456749", NULL },
        { "Lezer:", "0123456749", NULL },
        { "Lezer:,", "0123456749", NULL },
        { ":0123456749", "0123456749", NULL },
        { "Lezer:0123456749:extra", "0123456749", NULL },
        { "", "0123456749", NULL },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_slice_t recht = { NULL, 0 };
        bool held = dosis_recht_held(dosis_slice_of(rows[i].text),
            dosis_slice_of(rows[i].subject), arena, &recht);

        CHECK(rows[i].recht == NULL
                ? !held
                : held && dosis_slice_eq(recht, dosis_slice_of(rows[i].recht)),
            shown(rows[i].text));
    }
}


int
main(void)
{
    dosis_arena_t *arena = dosis_arena_create(65536);
    dosis_arena_t *none = dosis_arena_create(16);
    char text[DOSIS_RECHT_MAX + 1];
    dosis_slice_t recht;

    check_normalise(arena);
    check_held(arena);

    memset(text, 'x', sizeof(text));
    CHECK(dosis_recht_normalise(
              dosis_slice(text, DOSIS_RECHT_MAX), arena, &recht),
        "a right of 200 bytes fits");
    CHECK(!dosis_recht_normalise(
              dosis_slice(text, DOSIS_RECHT_MAX + 1), arena, &recht),
        "a right of 201 bytes is refused");
    CHECK(!dosis_recht_normalise(dosis_slice(text, 100), none, &recht),
        "without memory there is no right");

    dosis_arena_free(none);
    dosis_arena_free(arena);

    return tap_done();
}
