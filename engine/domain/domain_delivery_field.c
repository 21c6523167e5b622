/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/domain_delivery.h"

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/dosis_url.h"

#define DATE_PARTS_MAX 7
#define CODE_MAX 100 /* bytes of a code that is looked up */


static void
target_set(void *target, size_t offset, const void *value, size_t size)
{
    memcpy((char *) target + offset, value, size);
}


/* The array form: local time in 3 to 7 numbers. */
static bool
moment_from_array(const dosis_json_t *value, int64_t *ret_ns)
{
    int64_t parts[DATE_PARTS_MAX];
    size_t count = dosis_json_count(value);

    if (count > DATE_PARTS_MAX) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        const dosis_json_t *part = dosis_json_at(value, i);

        if (dosis_json_kind(part) != DOSIS_JSON_INT) {
            return false;
        }
        parts[i] = dosis_json_int(part);
    }

    return dosis_time_from_parts(parts, count, ret_ns);
}


/* false: blank. *ret_ok tells whether there is a moment. */
static bool
moment_read(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, int64_t *ret_ns, bool *ret_ok)
{
    dosis_json_kind_t kind = dosis_json_kind(value);
    dosis_slice_t text = domain_member_strip(dosis_json_string(value));

    *ret_ok = false;
    if (kind == DOSIS_JSON_STRING && text.len == 0) {
        return false;
    }

    if (kind == DOSIS_JSON_STRING) {
        *ret_ok = dosis_time_parse(text, ret_ns);
    } else if (kind == DOSIS_JSON_ARRAY) {
        *ret_ok = moment_from_array(value, ret_ns);
    } else {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, "een datum");
        return true;
    }

    if (!*ret_ok) {
        domain_reader_report(reader, DOSIS_RULE_DATUM_ONGELDIG, place, NULL);
    }

    return true;
}


/* An int64_t at the offset, and a flag where arg says. */
bool
domain_delivery_moment(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    int64_t ns = 0;
    bool ok;
    bool given = moment_read(reader, place, value, &ns, &ok);

    target_set(target, member->offset, &ns, sizeof(ns));
    target_set(target, member->arg, &ok, sizeof(ok));

    return given;
}


bool
domain_delivery_wijziging(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_dossier_t *dossier = target;
    const dosis_dossier_rules_t *rules = domain_delivery(reader)->rules;
    bool given = domain_delivery_moment(reader, place, value, member, target);

    /* Moments lie between 1900 and 2100: the difference cannot wrap. */
    if (dossier->has_wijziging
        && dossier->wijziging_ns - rules->now_ns > rules->future_ns) {
        domain_reader_report(reader, DOSIS_RULE_DATUM_IN_TOEKOMST, place, NULL);
    }

    return given;
}


static int32_t
brussels_day(int64_t ns)
{
    const int64_t day_ns = INT64_C(86400) * DOSIS_NS_PER_S;
    int64_t local = ns + dosis_time_brussels_offset(ns) * DOSIS_NS_PER_S;
    int64_t day = local / day_ns;

    return (int32_t) (local % day_ns < 0 ? day - 1 : day);
}


bool
domain_delivery_voor(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_dossier_t *dossier = target;
    int64_t ns = 0;
    bool given = moment_read(reader, place, value, &ns, &dossier->has_voor);

    (void) member;
    dossier->voor_dag = dossier->has_voor ? brussels_day(ns) : 0;

    return given;
}


/* The source's own word for it, when the list does not know it. */
static uint16_t
code_nummer(const dosis_codelijst_t *lijst, const dosis_pairs_t *mapping,
    dosis_slice_t code)
{
    uint16_t nummer = dosis_codelijst_nummer(lijst, code);
    const dosis_pair_t *pair;

    if (nummer != 0 || mapping == NULL) {
        return nummer;
    }

    pair = dosis_pairs_find(mapping, code);

    return pair == NULL ? 0 : dosis_codelijst_nummer(lijst, pair->to);
}


bool
domain_delivery_code(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_dossier_rules_t *rules = domain_delivery(reader)->rules;
    const dosis_codelijsten_t *lijsten = rules->lijsten;
    const dosis_bron_t *bron = rules->bron;
    const struct {
        const dosis_codelijst_t *lijst;
        const dosis_pairs_t *mapping;
        dosis_rule_id_t unknown;
    } kinds[] = {
        [DOMAIN_CODE_FASE] = { lijsten->fase,
            bron == NULL ? NULL : &bron->fasen, DOSIS_RULE_FASE_ONBEKEND },
        [DOMAIN_CODE_CODE] = { lijsten->code,
            bron == NULL ? NULL : &bron->codes, DOSIS_RULE_CODE_ONBEKEND },
        [DOMAIN_CODE_EDRL] = { lijsten->edrl, NULL, DOSIS_RULE_EDRL_ONBEKEND },
        [DOMAIN_CODE_ROL] = { lijsten->rol, NULL, DOSIS_RULE_ROL_ONBEKEND },
    };
    dosis_slice_t code = domain_member_strip(dosis_json_string(value));
    uint16_t nummer = 0;

    if (dosis_json_kind(value) != DOSIS_JSON_STRING) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, "een tekst");
        return true;
    }

    if (code.len == 0) {
        return false;
    }

    if (code.len <= CODE_MAX) {
        nummer = code_nummer(
            kinds[member->arg].lijst, kinds[member->arg].mapping, code);
    }

    if (nummer == 0) {
        domain_reader_report(reader, kinds[member->arg].unknown, place, NULL);
    }
    target_set(target, member->offset, &nummer, sizeof(nummer));

    return true;
}


bool
domain_delivery_nummer(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_dossier_t *dossier = target;
    dosis_agent_t agent;
    bool given = domain_member_key(reader, place, value, member, target);

    /* The number stands in addresses: it may not be a person's. */
    if (dossier->nummer.len > 0
        && dosis_agent_parse(dossier->nummer, DOSIS_STRENG, &agent) == NULL
        && agent.soort == DOSIS_AGENT_INSZ) {
        domain_reader_report(reader, DOSIS_RULE_INSZ_ALS_NUMMER, place, NULL);
        dossier->nummer = dosis_slice(NULL, 0);
    }

    return given;
}


bool
domain_delivery_upload_id(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    dosis_slice_t text = domain_member_strip(dosis_json_string(value));
    char *lower;

    if (dosis_json_kind(value) != DOSIS_JSON_STRING) {
        domain_reader_report(reader, DOSIS_RULE_VELD_SOORT, place, "een tekst");
        return true;
    }

    if (text.len == 0) {
        return false;
    }

    if (!dosis_uuid_valid(text)) {
        domain_reader_report(
            reader, DOSIS_RULE_UPLOAD_ID_ONGELDIG, place, NULL);
        return true;
    }

    lower = dosis_arena_alloc(reader->arena, DOSIS_UUID_TEXT + 1);
    if (lower == NULL) {
        reader->rc = DOSIS_ENOMEM;
        return true;
    }

    for (size_t i = 0; i < DOSIS_UUID_TEXT; i++) {
        char c = text.data[i];

        lower[i] = c >= 'A' && c <= 'F' ? (char) (c | 0x20) : c;
    }
    lower[DOSIS_UUID_TEXT] = '\0';
    text.data = lower;
    target_set(target, member->offset, &text, sizeof(text));

    return true;
}


bool
domain_delivery_url(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target)
{
    const dosis_dossier_t *dossier = target;
    bool given = domain_member_text(reader, place, value, member, target);

    if (dossier->doorverwijzing.len == 0) {
        return given;
    }

    if (!dosis_url_valid(dossier->doorverwijzing)) {
        domain_reader_report(reader, DOSIS_RULE_URL_ONGELDIG, place, NULL);
    }

    if (dosis_url_holds_insz(dossier->doorverwijzing)) {
        domain_reader_report(reader, DOSIS_RULE_INSZ_IN_URL, place, NULL);
    }

    return given;
}
