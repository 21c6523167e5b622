/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/domain_member.h"

#include "base/dosis_text.h"

#include <stdio.h>

#define PLACE_DEPTH_MAX 8
#define PLACE_TEXT_MAX 512
#define PLACE_NAME_MAX 120

/* One step of a JSON pointer. */
static void
place_add(dosis_buf_t *buf, const domain_place_t *place)
{
    size_t len;

    dosis_buf_add_byte(buf, '/');
    if (place->name == NULL) {
        dosis_buf_add_uint(buf, place->index);
        return;
    }

    len = strnlen(place->name, PLACE_NAME_MAX);
    for (size_t i = 0; i < len; i++) {
        char c = place->name[i];

        if (c == '~' || c == '/') {
            dosis_buf_add_byte(buf, '~');
            c = c == '~' ? '0' : '1';
        }
        dosis_buf_add_byte(buf, c);
    }
}


/* A name as sent may hold a national number: it is blanked. */
static void
place_text(const domain_place_t *place, char to[PLACE_TEXT_MAX + 1])
{
    const domain_place_t *steps[PLACE_DEPTH_MAX];
    size_t depth = 0;
    dosis_buf_t buf;

    for (; place != NULL && depth < PLACE_DEPTH_MAX; place = place->up) {
        steps[depth++] = place;
    }

    dosis_buf_init_fixed(&buf, to, PLACE_TEXT_MAX);
    while (depth > 0) {
        place_add(&buf, steps[--depth]);
    }

    to[buf.len] = '\0';
    dosis_text_blank_numbers(to, buf.len);

    /* Where the field will be cut, a longer row of digits may become one. */
    if (buf.len > DOSIS_ERR_FIELD_MAX) {
        dosis_text_blank_numbers(to, DOSIS_ERR_FIELD_MAX);
    }
}


void
domain_reader_report(domain_reader_t *reader, dosis_rule_id_t rule,
    const domain_place_t *place, const char *detail)
{
    bool warns = dosis_rule_warns(rule);
    dosis_err_t *err = warns ? reader->warnings : reader->err;
    char field[PLACE_TEXT_MAX + 1] = "";

    reader->refused = reader->refused || !warns;

    /* Beyond its ceiling a problem is only counted: no text is made. */
    if (err != NULL && err->count < DOSIS_ERR_MAX) {
        place_text(place, field);
    }

    dosis_rule_broken(err, rule, field, detail);
}


void
domain_reader_report_member(domain_reader_t *reader, dosis_rule_id_t rule,
    const domain_place_t *place, const char *name)
{
    domain_place_t at = { .up = place, .name = name };

    domain_reader_report(reader, rule, &at, NULL);
}


dosis_rc_t
domain_reader_rc(const domain_reader_t *reader)
{
    if (reader->rc != DOSIS_OK) {
        return reader->rc;
    }

    return reader->refused ? DOSIS_EINPUT : DOSIS_OK;
}


static bool
name_is(const char *name, size_t len, dosis_slice_t wanted)
{
    return len == wanted.len && len > 0
        && (name[0] | 0x20) == (wanted.data[0] | 0x20)
        && memcmp(name + 1, wanted.data + 1, len - 1) == 0;
}


static const domain_member_t *
shape_member(domain_shape_t shape, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < shape.count; i++) {
        if (name_is(name, len, shape.members[i].name)) {
            return &shape.members[i];
        }
    }

    return NULL;
}


static void
shape_require(domain_reader_t *reader, const domain_place_t *place,
    domain_shape_t shape, uint32_t given)
{
    for (size_t i = 0; i < shape.count; i++) {
        const domain_member_t *member = &shape.members[i];

        if (member->required && (given & DOMAIN_SLOT(member->slot)) == 0) {
            domain_reader_report_member(
                reader, member->missing, place, member->name.data);
        }
    }
}


uint32_t
domain_shape_read(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, domain_shape_t shape, void *target)
{
    uint32_t given = 0;
    void *cursor = NULL;
    const dosis_json_t *found;
    domain_place_t at = { .up = place };

    if (dosis_json_kind(value) != DOSIS_JSON_OBJECT) {
        domain_reader_report(
            reader, DOSIS_RULE_VELD_SOORT, place, "een object");
        return UINT32_MAX;
    }

    while (
        (cursor = dosis_json_next(value, cursor, &at.name, &found)) != NULL) {
        const domain_member_t *member = shape_member(shape, at.name);

        if (member == NULL) {
            domain_reader_report(reader, reader->unknown, &at, NULL);
        } else if (dosis_json_kind(found) == DOSIS_JSON_NULL) {
            continue;
        } else if ((given & DOMAIN_SLOT(member->slot)) != 0) {
            domain_reader_report(reader, DOSIS_RULE_DUBBEL_VELD, &at, NULL);
        } else if (member->read(reader, &at, found, member, target)) {
            given |= DOMAIN_SLOT(member->slot);
        }
    }

    shape_require(reader, place, shape, given);

    return given;
}


const dosis_json_t *
domain_shape_find(const dosis_json_t *object, dosis_slice_t name)
{
    void *cursor = NULL;
    const char *found_name;
    const dosis_json_t *found;

    while ((cursor = dosis_json_next(object, cursor, &found_name, &found))
        != NULL) {
        if (dosis_json_kind(found) != DOSIS_JSON_NULL
            && name_is(found_name, strlen(found_name), name)) {
            return found;
        }
    }

    return NULL;
}


static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}


dosis_slice_t
domain_member_strip(dosis_slice_t text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }

    while (text.len > 0 && is_blank(text.data[text.len - 1])) {
        text.len--;
    }

    return text;
}


/* C0, DEL and C1. */
static bool
has_control(dosis_slice_t text, bool line_ends)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char) text.data[i];

        if (c < ' ' && !(line_ends && is_blank((char) c))) {
            return true;
        }

        if (c == 0x7f
            || (c == 0xc2 && i + 1 < text.len
                && (unsigned char) text.data[i + 1] < 0xa0)) {
            return true;
        }
    }

    return false;
}


static bool
text_keep(domain_reader_t *reader, const domain_place_t *place,
    dosis_slice_t text, const domain_member_t *member, void *target)
{
    char ceiling[24];
    dosis_slice_t kept;

    text = domain_member_strip(text);
    if (text.len == 0) {
        return false;
    }

    if (text.len > member->max) {
        (void) snprintf(ceiling, sizeof(ceiling), "%zu", member->max);
        domain_reader_report(reader, DOSIS_RULE_VELD_TE_LANG, place, ceiling);
        return true;
    }

    if (has_control(text, member->line_ends)) {
        domain_reader_report(reader, DOSIS_RULE_VELD_TEKENS, place, NULL);
        return true;
    }

    kept = dosis_arena_copy(reader->arena, text);
    if (kept.data == NULL) {
        reader->rc = DOSIS_ENOMEM;
    }
    memcpy((char *) target + member->offset, &kept, sizeof(kept));

    return true;
}


bool
domain_member_text(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    if (dosis_json_kind(value) != DOSIS_JSON_STRING) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, "een tekst");
        return true;
    }

    return text_keep(reader, place, dosis_json_string(value), member, target);
}


bool
domain_member_key(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    char digits[24];

    if (dosis_json_kind(value) != DOSIS_JSON_INT) {
        return domain_member_text(reader, place, value, member, target);
    }

    (void) snprintf(
        digits, sizeof(digits), "%lld", (long long) dosis_json_int(value));

    return text_keep(reader, place, dosis_slice_of(digits), member, target);
}


bool
domain_member_bool(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    bool is;

    if (dosis_json_kind(value) != DOSIS_JSON_BOOL) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place,
            "true of false (zonder aanhalingstekens; in CSV ook ja of nee)");
        return true;
    }

    is = dosis_json_bool(value);
    memcpy((char *) target + member->offset, &is, sizeof(is));

    return true;
}


bool
domain_member_object(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    (void) domain_shape_read(reader, place, value, member->shape, target);

    return true;
}


bool
domain_member_is_list(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, size_t max, dosis_rule_id_t too_many)
{
    char ceiling[24];

    if (dosis_json_kind(value) != DOSIS_JSON_ARRAY) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, "een lijst");
        return false;
    }

    if (dosis_json_count(value) > max) {
        (void) snprintf(ceiling, sizeof(ceiling), "%zu", max);
        domain_reader_report(reader, too_many, place, ceiling);
        return false;
    }

    return true;
}
