/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/domain_setting.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/dosis_text.h"

#define NAME_MAX_BYTES 100 /* of a name that a source gives itself */
#define EXPECTED_MAX 120   /* of what a problem says was expected */


static const dosis_setting_t *
row_of(const domain_reader_t *reader, const domain_member_t *member)
{
    const dosis_settings_t *settings = reader->context;

    return &settings->rows[member->arg];
}


static void
keep(void *target, const dosis_setting_t *row, unsigned value)
{
    uint8_t byte = (uint8_t) value;

    memcpy((char *) target + row->offset,
        row->size == 1 ? (const void *) &byte : (const void *) &value,
        row->size);
}


/* The place of a word in "a|b|c", or -1. */
static int
word_place(const char *words, dosis_slice_t word)
{
    int place = 0;

    for (;;) {
        size_t len = strcspn(words, "|");

        if (dosis_text_ieq(dosis_slice(words, len), word)) {
            return place;
        }
        if (words[len] == '\0') {
            return -1;
        }
        words += len + 1;
        place++;
    }
}


/* "a|b|c" -> "a, b of c" */
static void
report_words(domain_reader_t *reader, const domain_place_t *place,
    const dosis_setting_t *row)
{
    char expected[EXPECTED_MAX];
    const char *last = strrchr(row->words, '|');
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, expected, sizeof(expected) - 1);
    for (const char *c = row->words; *c != '\0'; c++) {
        if (c == last) {
            DOSIS_BUF_LIT(&buf, " of ");
        } else if (*c == '|') {
            DOSIS_BUF_LIT(&buf, ", ");
        } else {
            dosis_buf_add_byte(&buf, *c);
        }
    }
    expected[buf.len] = '\0';
    domain_reader_report(reader, DOSIS_RULE_WAARDE_ONBEKEND, place, expected);
}


static bool
read_text(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_setting_t *row = row_of(reader, member);
    dosis_slice_t kept;
    bool given = domain_member_text(reader, place, value, member, target);

    memcpy(&kept, (char *) target + member->offset, sizeof(kept));
    if (kept.len > 0 && row->fits != NULL && !row->fits(kept)) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, row->form);
    }

    return given;
}


static bool
read_choice(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_setting_t *row = row_of(reader, member);
    int word =
        word_place(row->words, domain_member_strip(dosis_json_string(value)));

    if (word < 0) {
        report_words(reader, place, row);
    } else {
        keep(target, row, row->first + (unsigned) word);
    }

    return true;
}


/* false, and reported: no number within its range. */
static bool
number_fits(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const dosis_setting_t *row)
{
    char expected[EXPECTED_MAX];
    int64_t number = dosis_json_int(value);

    if (dosis_json_kind(value) == DOSIS_JSON_INT && number >= row->min
        && number <= row->max) {
        return true;
    }

    (void) snprintf(expected, sizeof(expected),
        "een geheel getal van %u tot %u", row->min, row->max);
    domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, expected);

    return false;
}


static bool
read_number(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_setting_t *row = row_of(reader, member);

    if (number_fits(reader, place, value, row)) {
        keep(target, row, (unsigned) dosis_json_int(value));
    }

    return true;
}


/* A pointer and a count in the target, at the places the row gives. */
static bool
read_texts(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_setting_t *row = row_of(reader, member);
    domain_member_t element = *member;
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };
    dosis_slice_t *list;

    if (!domain_member_is_list(
            reader, place, value, row->entries, DOSIS_RULE_TE_VEEL_WAARDEN)) {
        return true;
    }

    list = dosis_arena_zalloc(reader->arena, count * sizeof(*list));
    if (list == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return true;
    }

    element.offset = 0;
    for (at.index = 0; at.index < count; at.index++) {
        if (!read_text(reader, &at, dosis_json_at(value, at.index), &element,
                &list[at.index])) {
            domain_reader_report(reader, DOSIS_RULE_VELD_ONTBREEKT, &at, NULL);
        }
    }

    memcpy((char *) target + row->offset, &list, sizeof(list));
    memcpy((char *) target + row->count, &count, sizeof(count));

    return true;
}


static bool
read_choices(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_setting_t *row = row_of(reader, member);
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };
    unsigned bits = 0;

    if (!domain_member_is_list(
            reader, place, value, row->entries, DOSIS_RULE_TE_VEEL_WAARDEN)) {
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        int word = word_place(row->words,
            domain_member_strip(
                dosis_json_string(dosis_json_at(value, at.index))));

        if (word < 0) {
            report_words(reader, &at, row);
        } else {
            bits |= 1u << (row->first + (unsigned) word);
        }
    }
    keep(target, row, bits);

    return true;
}


/* One entry of an object of the sender's own names. */
static void
read_pair(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const dosis_setting_t *row, dosis_pair_t *pair)
{
    const domain_member_t element = { .max = row->max };
    dosis_slice_t from = domain_member_strip(dosis_slice_of(place->name));

    if (from.len == 0 || from.len > NAME_MAX_BYTES) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place,
            "een naam van 1 tot 100 bytes");
        return;
    }

    pair->from = dosis_arena_copy(reader->arena, from);
    if (pair->from.data == NULL) {
        reader->rc = DOSIS_ENOMEM;
    }

    if (row->type == DOSIS_SETTING_NUMBERS) {
        if (number_fits(reader, place, value, row)) {
            pair->number = (uint32_t) dosis_json_int(value);
        }
    } else if (!domain_member_text(reader, place, value, &element, &pair->to)) {
        domain_reader_report(reader, DOSIS_RULE_VELD_ONTBREEKT, place, NULL);
    }
}


static void
refuse_doubles(domain_reader_t *reader, const domain_place_t *place,
    const dosis_pairs_t *pairs)
{
    for (size_t i = 1; i < pairs->count; i++) {
        const dosis_pairs_t before = { &pairs->pair[i - 1], 1 };

        if (dosis_pairs_find(&before, pairs->pair[i].from) != NULL) {
            domain_place_t at = { place, pairs->pair[i].from.data, 0 };

            domain_reader_report(reader, DOSIS_RULE_WAARDE_DUBBEL, &at, NULL);
        }
    }
}


static bool
pairs_fit(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const dosis_setting_t *row)
{
    char ceiling[24];

    if (dosis_json_kind(value) != DOSIS_JSON_OBJECT) {
        domain_reader_report(
            reader, DOSIS_RULE_VELD_SOORT, place, "een object");
        return false;
    }

    if (dosis_json_count(value) > row->entries) {
        (void) snprintf(ceiling, sizeof(ceiling), "%u", row->entries);
        domain_reader_report(
            reader, DOSIS_RULE_TE_VEEL_WAARDEN, place, ceiling);
        return false;
    }

    return true;
}


static bool
read_pairs(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_setting_t *row = row_of(reader, member);
    domain_place_t at = { .up = place };
    const dosis_json_t *found;
    void *cursor = NULL;
    dosis_pair_t *list;
    dosis_pairs_t pairs = { NULL, 0 };

    if (!pairs_fit(reader, place, value, row)) {
        return true;
    }

    list = dosis_arena_zalloc(
        reader->arena, (dosis_json_count(value) + 1) * sizeof(*list));
    if (list == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return true;
    }

    while (
        (cursor = dosis_json_next(value, cursor, &at.name, &found)) != NULL) {
        if (dosis_json_kind(found) != DOSIS_JSON_NULL) {
            read_pair(reader, &at, found, row, &list[pairs.count++]);
        }
    }

    if (reader->rc == DOSIS_OK) {
        dosis_pairs_sort(list, pairs.count);
        pairs.pair = list;
        refuse_doubles(reader, place, &pairs);
        memcpy((char *) target + row->offset, &pairs, sizeof(pairs));
    }

    return true;
}


static bool read_group(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target);

static const domain_member_pt readers[] = {
    [DOSIS_SETTING_TEXT] = read_text,
    [DOSIS_SETTING_BOOL] = domain_member_bool,
    [DOSIS_SETTING_CHOICE] = read_choice,
    [DOSIS_SETTING_NUMBER] = read_number,
    [DOSIS_SETTING_TEXTS] = read_texts,
    [DOSIS_SETTING_CHOICES] = read_choices,
    [DOSIS_SETTING_NAMES] = read_pairs,
    [DOSIS_SETTING_NUMBERS] = read_pairs,
    [DOSIS_SETTING_GROUP] = read_group,
};


static bool
same_group(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}


/* The rows of one level as members. */
static void
read_level(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const char *group, void *target)
{
    const dosis_settings_t *settings = reader->context;
    domain_member_t members[DOMAIN_SETTINGS_LEVEL_MAX];
    size_t count = 0;

    for (size_t i = 0; i < settings->count && count < DOMAIN_SETTINGS_LEVEL_MAX;
         i++) {
        const dosis_setting_t *row = &settings->rows[i];

        if (same_group(row->group, group)) {
            members[count] = (domain_member_t){
                .name = dosis_slice_of(row->name),
                .slot = (uint8_t) count,
                .required = row->fallback == NULL,
                .read = readers[row->type],
                .offset = row->offset,
                .max = row->max,
                .arg = i,
            };
            count++;
        }
    }

    (void) domain_shape_read(
        reader, place, value, (domain_shape_t){ members, count }, target);
}


static bool
read_group(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_setting_t *row = row_of(reader, member);

    if (row->size > 0) {
        keep(target, row, 1);
    }
    read_level(reader, place, value, row->name, target);

    return true;
}


static void
set_default(const dosis_setting_t *row, void *target)
{
    switch (row->type) {
    case DOSIS_SETTING_BOOL:
        keep(target, row, strcmp(row->fallback, "true") == 0);
        return;
    case DOSIS_SETTING_CHOICE:
        keep(target, row,
            row->first
                + (unsigned) word_place(
                    row->words, dosis_slice_of(row->fallback)));
        return;
    case DOSIS_SETTING_NUMBER:
        keep(target, row, (unsigned) strtoul(row->fallback, NULL, 10));
        return;
    default:
        return; /* empty, and it is */
    }
}


void
domain_settings_read(domain_reader_t *reader, const dosis_settings_t *settings,
    const dosis_json_t *json, void *target)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (settings->rows[i].fallback != NULL) {
            set_default(&settings->rows[i], target);
        }
    }

    reader->context = (void *) settings;
    read_level(reader, NULL, json, NULL, target);
}
