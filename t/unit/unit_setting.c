/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>

#include "../lib/tap.h"
#include "base/dosis_text.h"
#include "domain/dosis_registratie.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))


static bool
has_word(const char *words, const char *word)
{
    size_t len;

    for (;; words += len + 1) {
        len = strcspn(words, "|");
        if (dosis_text_ieq(dosis_slice(words, len), dosis_slice_of(word))) {
            return true;
        }
        if (words[len] == '\0') {
            return false;
        }
    }
}


static bool
default_fits(const dosis_setting_t *row)
{
    char *end;
    unsigned long number;

    switch (row->type) {
    case DOSIS_SETTING_BOOL:
        return has_word("true|false", row->fallback);
    case DOSIS_SETTING_CHOICE:
        return has_word(row->words, row->fallback);
    case DOSIS_SETTING_NUMBER:
        number = strtoul(row->fallback, &end, 10);
        return *end == '\0' && number >= row->min && number <= row->max;
    default:
        return row->fallback[0] == '\0';
    }
}


static size_t
size_of(const dosis_setting_t *row)
{
    switch (row->type) {
    case DOSIS_SETTING_TEXT:
        return sizeof(dosis_slice_t);
    case DOSIS_SETTING_BOOL:
        return sizeof(bool);
    case DOSIS_SETTING_NUMBER:
    case DOSIS_SETTING_CHOICES:
        return sizeof(uint32_t);
    case DOSIS_SETTING_TEXTS:
        return sizeof(dosis_slice_t *);
    case DOSIS_SETTING_NAMES:
    case DOSIS_SETTING_NUMBERS:
        return sizeof(dosis_pairs_t);
    default:
        return row->size; /* one byte or four, see below */
    }
}


static bool
has_ceiling(const dosis_setting_t *row)
{
    switch (row->type) {
    case DOSIS_SETTING_TEXT:
        return row->max > 0;
    case DOSIS_SETTING_TEXTS:
    case DOSIS_SETTING_NAMES:
        return row->max > 0 && row->entries > 0;
    case DOSIS_SETTING_NUMBERS:
    case DOSIS_SETTING_CHOICES:
        return row->entries > 0;
    case DOSIS_SETTING_NUMBER:
        return row->max > row->min;
    default:
        return true;
    }
}


static void
check_row(const dosis_settings_t *settings, const dosis_setting_t *row)
{
    char path[100];
    dosis_slice_t rest;
    bool small =
        row->type == DOSIS_SETTING_CHOICE || row->type == DOSIS_SETTING_GROUP;

    (void) snprintf(path, sizeof(path), "%s%s%s",
        row->group == NULL ? "" : row->group, row->group == NULL ? "" : ".",
        row->name);
    CHECK(dosis_setting_find(settings, dosis_slice_of(path), &rest) == row
            && rest.len == 0,
        path);
    CHECK(row->fallback == NULL || default_fits(row),
        "its default is a value of its type and range");
    CHECK(row->size == size_of(row)
            && (!small || row->size <= 1 || row->size == 4),
        "its value fits where it is kept");
    CHECK(has_ceiling(row), "it has a ceiling");
    CHECK(row->text != NULL && row->text[strlen(row->text) - 1] == '.'
            && row->used != NULL && row->used[0] != '\0'
            && strchr(row->text, '|') == NULL
            && (row->fits == NULL) == (row->form == NULL),
        "it says what it is and who uses it");
}


static void
check_tables(void)
{
    static const dosis_settings_t *const tables[] = { &dosis_bron_settings,
        &dosis_client_settings };

    for (size_t t = 0; t < ROWS(tables); t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            check_row(tables[t], &tables[t]->rows[i]);
        }
    }
}


static void
check_find(void)
{
    static const struct {
        const char *path;
        const char *name; /* NULL: there is none */
        const char *rest;
    } rows[] = {
        { "Naam", "Naam", "" },
        { "naam", NULL, "" },
        { "Naam.x", NULL, "" },
        { "Naamloos", NULL, "" },
        { "", NULL, "" },
        { "Doorklik", "Doorklik", "" },
        { "Doorklik.", NULL, "" },
        { "Doorklik.Methode", "Methode", "" },
        { "Methode", NULL, "" },
        { "Mapping.Fase", "Fase", "" },
        { "Mapping.Fase.", NULL, "" },
        { "Mapping.Fase.x", "Fase", "x" },
        { "Mapping.Fase.a.b c", "Fase", "a.b c" },
        { "Bewaring.PerFase.Afgerond", "PerFase", "Afgerond" },
        { "Doorklik.Hosten.0", NULL, "" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_slice_t rest = { NULL, 0 };
        const dosis_setting_t *row = dosis_setting_find(
            &dosis_bron_settings, dosis_slice_of(rows[i].path), &rest);

        CHECK(rows[i].name == NULL
                ? row == NULL
                : row != NULL && strcmp(row->name, rows[i].name) == 0
                    && dosis_slice_eq(rest, dosis_slice_of(rows[i].rest)),
            rows[i].path);
    }
}


static void
check_range(void)
{
    static const struct {
        const char *path;
        const char *range;
    } rows[] = {
        { "Actief", "`true`, `false`" },
        { "ZonderRecht", "`niemand`, `iedereen`" },
        { "RitmeUren", "0 to 8784" },
        { "Doorklik.Hosten", "at most 50, each at most 253 bytes" },
        { "Mapping.Fase", "at most 500 names, each at most 100 bytes" },
        { "Bewaring.PerFase", "at most 500 names; 0 to 36500" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[200];
        dosis_slice_t rest;
        dosis_buf_t buf;

        dosis_buf_init_fixed(&buf, text, sizeof(text));
        dosis_setting_add_range(&buf,
            dosis_setting_find(
                &dosis_bron_settings, dosis_slice_of(rows[i].path), &rest));
        CHECK(dosis_slice_eq(
                  dosis_buf_slice(&buf), dosis_slice_of(rows[i].range)),
            rows[i].path);
    }
}


int
main(void)
{
    check_tables();
    check_find();
    check_range();

    return tap_done();
}
