/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_codelijst.h"

#include "base/dosis_arena.h"
#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/domain_member.h"

#define LIJST_BYTES_MAX (4u * 1024 * 1024)
#define LIJST_CODE_MAX 100
#define LIJST_TEXT_MAX 500
#define LIJST_DATUM_MAX 10

struct dosis_codelijst_s {
    dosis_arena_t *arena; /* holds this too */
    dosis_slice_t naam;
    dosis_slice_t herkomst;
    dosis_slice_t datum;
    dosis_codewaarde_t *waarden;
    size_t count;
    uint16_t *by_nummer; /* index + 1, or 0; nummer_max + 1 of them */
    size_t nummer_max;
    uint16_t *by_code; /* index + 1, or 0; slots, a power of two */
    size_t slots;
};

/* A value as it stands in the file. */
typedef struct {
    int64_t nummer;
    dosis_slice_t code;
    dosis_slice_t omschrijving;
    dosis_slice_t als_in;
} file_value_t;


static bool
read_nummer(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    int64_t nummer = dosis_json_int(value);

    (void) member;
    if (nummer < 1 || nummer > UINT16_MAX) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place,
            "een geheel getal van 1 tot 65535");
        nummer = 0;
    }
    ((file_value_t *) target)->nummer = nummer;

    return true;
}


static bool
read_datum(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    int32_t day;

    if (dosis_json_kind(value) == DOSIS_JSON_STRING
        && !dosis_date_parse(dosis_json_string(value), &day)) {
        domain_reader_report(reader, DOSIS_RULE_DATUM_ONGELDIG, place, NULL);
        return true;
    }

    return domain_member_text(reader, place, value, member, target);
}


static const domain_member_t value_members[] = {
    { .name = { "Nummer", 6 },
        .slot = 0,
        .required = true,
        .read = read_nummer },
    { .name = { "Code", 4 },
        .slot = 1,
        .required = true,
        .read = domain_member_text,
        .max = LIJST_CODE_MAX,
        .offset = offsetof(file_value_t, code) },
    { .name = { "Omschrijving", 12 },
        .slot = 2,
        .required = true,
        .read = domain_member_text,
        .max = LIJST_TEXT_MAX,
        .offset = offsetof(file_value_t, omschrijving) },
    { .name = { "AlsIn", 5 },
        .slot = 3,
        .read = domain_member_text,
        .max = LIJST_CODE_MAX,
        .offset = offsetof(file_value_t, als_in) },
};


/* FNV-1a over the text in lower case. */
static uint32_t
code_hash(dosis_slice_t code)
{
    uint32_t hash = UINT32_C(2166136261);

    for (size_t i = 0; i < code.len; i++) {
        unsigned char c = (unsigned char) code.data[i];

        if (c >= 'A' && c <= 'Z') {
            c |= 0x20;
        }
        hash = (hash ^ c) * UINT32_C(16777619);
    }

    return hash;
}


/* The slot that holds the code, or the free one where it belongs. */
static uint16_t *
code_slot(const dosis_codelijst_t *lijst, dosis_slice_t code)
{
    size_t slot = code_hash(code) & (lijst->slots - 1);

    while (lijst->by_code[slot] != 0
        && !dosis_text_ieq(
            lijst->waarden[lijst->by_code[slot] - 1].code, code)) {
        slot = (slot + 1) & (lijst->slots - 1);
    }

    return &lijst->by_code[slot];
}


static void
read_value(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, dosis_codelijst_t *lijst)
{
    file_value_t read = { 0 };
    dosis_codewaarde_t *waarde = &lijst->waarden[lijst->count++];

    (void) domain_shape_read(
        reader, place, value, DOMAIN_SHAPE(value_members), &read);

    waarde->nummer = (uint16_t) read.nummer;
    waarde->code = read.code;
    waarde->omschrijving = read.omschrijving;
    waarde->als_in = read.als_in;

    if (waarde->nummer > lijst->nummer_max) {
        lijst->nummer_max = waarde->nummer;
    }
}


static bool
read_values(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_codelijst_t *lijst = target;
    size_t count = dosis_json_count(value);
    domain_place_t at = { .up = place };

    (void) member;
    if (!domain_member_is_list(reader, place, value, DOSIS_CODELIJST_MAX,
            DOSIS_RULE_TE_VEEL_WAARDEN)) {
        return true;
    }

    lijst->waarden =
        dosis_arena_zalloc(reader->arena, count * sizeof(*lijst->waarden));
    if (lijst->waarden == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return true;
    }

    for (at.index = 0; at.index < count; at.index++) {
        read_value(reader, &at, dosis_json_at(value, at.index), lijst);
    }

    return true;
}


static const domain_member_t lijst_members[] = {
    { .name = { "Naam", 4 },
        .slot = 0,
        .required = true,
        .read = domain_member_text,
        .max = LIJST_CODE_MAX,
        .offset = offsetof(dosis_codelijst_t, naam) },
    { .name = { "Herkomst", 8 },
        .slot = 1,
        .required = true,
        .read = domain_member_text,
        .max = LIJST_TEXT_MAX,
        .offset = offsetof(dosis_codelijst_t, herkomst) },
    { .name = { "Datum", 5 },
        .slot = 2,
        .required = true,
        .read = read_datum,
        .max = LIJST_DATUM_MAX,
        .offset = offsetof(dosis_codelijst_t, datum) },
    { .name = { "Waarden", 7 },
        .slot = 3,
        .required = true,
        .read = read_values },
};


/* The place of one value in the file, for a problem found afterwards. */
static void
report_value(domain_reader_t *reader, dosis_rule_id_t rule, size_t index,
    const char *name)
{
    domain_place_t waarden = { .name = "Waarden" };
    domain_place_t element = { .up = &waarden, .index = index };
    domain_place_t at = { .up = &element, .name = name };

    domain_reader_report(reader, rule, &at, "een code van deze lijst");
}


static void
index_value(domain_reader_t *reader, dosis_codelijst_t *lijst, size_t index)
{
    const dosis_codewaarde_t *waarde = &lijst->waarden[index];
    uint16_t *slot = code_slot(lijst, waarde->code);

    if (lijst->by_nummer[waarde->nummer] != 0) {
        report_value(reader, DOSIS_RULE_WAARDE_DUBBEL, index, "Nummer");
    }

    if (*slot != 0) {
        report_value(reader, DOSIS_RULE_WAARDE_DUBBEL, index, "Code");
    }

    lijst->by_nummer[waarde->nummer] = (uint16_t) (index + 1);
    *slot = (uint16_t) (index + 1);
}


static void
index_all(domain_reader_t *reader, dosis_codelijst_t *lijst)
{
    lijst->slots = 8;
    while (lijst->slots < 2 * lijst->count) {
        lijst->slots *= 2;
    }

    lijst->by_nummer = dosis_arena_zalloc(
        reader->arena, (lijst->nummer_max + 1) * sizeof(*lijst->by_nummer));
    lijst->by_code = dosis_arena_zalloc(
        reader->arena, lijst->slots * sizeof(*lijst->by_code));
    if (lijst->by_nummer == NULL || lijst->by_code == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return;
    }

    for (size_t i = 0; i < lijst->count; i++) {
        index_value(reader, lijst, i);
    }

    for (size_t i = 0; i < lijst->count; i++) {
        dosis_slice_t als_in = lijst->waarden[i].als_in;

        if (als_in.len > 0 && *code_slot(lijst, als_in) == 0) {
            report_value(reader, DOSIS_RULE_WAARDE_ONBEKEND, i, "AlsIn");
        }
    }
}


dosis_rc_t
dosis_codelijst_parse(
    dosis_slice_t json, dosis_codelijst_t **ret_lijst, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_json_t *root = NULL;
    dosis_codelijst_t *lijst = NULL;
    dosis_arena_t *arena = dosis_arena_create(LIJST_BYTES_MAX);
    domain_reader_t reader = {
        .arena = arena, .err = err, .unknown = DOSIS_RULE_VELD_BESTAAT_NIET
    };

    if (arena != NULL) {
        lijst = dosis_arena_zalloc(arena, sizeof(*lijst));
    }

    if (lijst == NULL) {
        rc = DOSIS_ENOMEM;
        goto done;
    }

    rc = dosis_json_parse(json, &root, err);
    if (rc != DOSIS_OK) {
        goto done;
    }

    lijst->arena = arena;
    (void) domain_shape_read(
        &reader, NULL, root, DOMAIN_SHAPE(lijst_members), lijst);
    if (!reader.refused && reader.rc == DOSIS_OK) {
        index_all(&reader, lijst);
    }
    rc = domain_reader_rc(&reader);

done:

    dosis_json_free(root);
    if (rc == DOSIS_OK) {
        *ret_lijst = lijst;
    } else {
        dosis_arena_free(arena);
    }

    return rc;
}


void
dosis_codelijst_free(dosis_codelijst_t *lijst)
{
    if (lijst != NULL) {
        dosis_arena_free(lijst->arena);
    }
}


dosis_slice_t
dosis_codelijst_naam(const dosis_codelijst_t *lijst)
{
    return lijst->naam;
}


size_t
dosis_codelijst_count(const dosis_codelijst_t *lijst)
{
    return lijst->count;
}


const dosis_codewaarde_t *
dosis_codelijst_at(const dosis_codelijst_t *lijst, size_t index)
{
    return index < lijst->count ? &lijst->waarden[index] : NULL;
}


uint16_t
dosis_codelijst_nummer(const dosis_codelijst_t *lijst, dosis_slice_t code)
{
    uint16_t index = *code_slot(lijst, code);

    return index == 0 ? 0 : lijst->waarden[index - 1].nummer;
}


dosis_slice_t
dosis_codelijst_code(const dosis_codelijst_t *lijst, uint16_t nummer)
{
    uint16_t index = nummer <= lijst->nummer_max ? lijst->by_nummer[nummer] : 0;

    return index == 0 ? dosis_slice(NULL, 0) : lijst->waarden[index - 1].code;
}


static void
add_value(dosis_buf_t *buf, const dosis_codewaarde_t *waarde)
{
    dosis_buf_add_byte(buf, '{');
    dosis_json_add_member(buf, "Code", waarde->code);
    dosis_buf_add_byte(buf, ',');
    dosis_json_add_member(buf, "Omschrijving", waarde->omschrijving);
    dosis_buf_addf(buf, ",\"Nummer\":%u,", waarde->nummer);
    dosis_json_add_member(buf, "AlsIn",
        waarde->als_in.len > 0 ? waarde->als_in : dosis_slice(NULL, 0));
    dosis_buf_add_byte(buf, '}');
}


void
dosis_codelijst_add(dosis_buf_t *buf, const dosis_codelijst_t *lijst)
{
    bool first = true;

    dosis_buf_add_byte(buf, '{');
    dosis_json_add_member(buf, "Naam", lijst->naam);
    dosis_buf_add_byte(buf, ',');
    dosis_json_add_member(buf, "Herkomst", lijst->herkomst);
    dosis_buf_add_byte(buf, ',');
    dosis_json_add_member(buf, "Datum", lijst->datum);
    DOSIS_BUF_LIT(buf, ",\"Waarden\":[");

    for (size_t nummer = 1; nummer <= lijst->nummer_max; nummer++) {
        if (lijst->by_nummer[nummer] == 0) {
            continue;
        }
        if (!first) {
            dosis_buf_add_byte(buf, ',');
        }
        add_value(buf, &lijst->waarden[lijst->by_nummer[nummer] - 1]);
        first = false;
    }
    DOSIS_BUF_LIT(buf, "]}");
}
