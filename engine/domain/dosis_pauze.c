/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_pauze.h"

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/domain_setting.h"
#include "domain/dosis_dossier.h"

#define AT(member) DOMAIN_SETTING_AT(dosis_pauze_t, member)

#define TOT_MAX 40 /* bytes */
#define PUSH "a delivery"
#define EVERY "every request"
#define SHOWN "answers, health and `dosisctl status`"


static bool
is_moment(dosis_slice_t text)
{
    int64_t ns;

    return dosis_time_parse(text, &ns);
}


/* It is shown to everybody: no number of a person, nothing that a line ends. */
static bool
is_reason(dosis_slice_t text)
{
    char copy[DOSIS_PAUZE_REDEN_MAX];

    if (text.len > sizeof(copy)) {
        return true; /* reported as too long */
    }
    memcpy(copy, text.data, text.len);
    return dosis_text_blank_numbers(copy, text.len) == 0;
}


static const dosis_setting_t rows[] = {
    { NULL, "Bron", DOSIS_SETTING_TEXT, NULL, AT(bron), .max = DOSIS_BRON_MAX,
        .text = "The source, or * for the whole register.", .used = EVERY },
    { NULL, "Stand", DOSIS_SETTING_CHOICE, "lezen", .words = "lezen|stil",
        .first = DOSIS_PAUZE_LEZEN, AT(stand),
        .text = "lezen: nothing is delivered (503), all can be read; stil: "
                "nothing is answered (503), of the whole register only.",
        .used = EVERY },
    { NULL, "Tot", DOSIS_SETTING_TEXT, "", AT(tot), .max = TOT_MAX,
        .fits = is_moment, .form = "een tijdstip (ISO 8601)",
        .text = "The moment from which it no longer holds; none: until it is "
                "lifted.",
        .used = EVERY },
    { NULL, "Reden", DOSIS_SETTING_TEXT, "", AT(reden),
        .max = DOSIS_PAUZE_REDEN_MAX, .fits = is_reason,
        .form = "een tekst zonder rijksregisternummer",
        .text = "Why, for everybody to read.", .used = SHOWN },
};

const dosis_settings_t dosis_pauze_settings = { "a pause (pauze)", rows,
    sizeof(rows) / sizeof(rows[0]) };


dosis_rc_t
dosis_pauze_from_json(const dosis_json_t *json, dosis_arena_t *arena,
    dosis_pauze_t *ret_pauze, dosis_err_t *err)
{
    domain_reader_t reader = {
        .arena = arena, .err = err, .unknown = DOSIS_RULE_VELD_BESTAAT_NIET
    };
    const domain_place_t stand = { .name = "Stand" };

    memset(ret_pauze, 0, sizeof(*ret_pauze));
    domain_settings_read(&reader, &dosis_pauze_settings, json, ret_pauze);
    if (!reader.refused && ret_pauze->stand == DOSIS_PAUZE_STIL
        && !dosis_pauze_is_alles(ret_pauze)) {
        domain_reader_report(
            &reader, DOSIS_RULE_WAARDE_ONBEKEND, &stand, "lezen");
    }
    ret_pauze->tot_ns = INT64_MAX;
    if (!reader.refused && ret_pauze->tot.len > 0) {
        (void) dosis_time_parse(ret_pauze->tot, &ret_pauze->tot_ns);
    }

    return domain_reader_rc(&reader);
}


bool
dosis_pauze_is_alles(const dosis_pauze_t *pauze)
{
    return dosis_slice_eq(pauze->bron, DOSIS_SLICE(DOSIS_PAUZE_ALLES));
}


bool
dosis_pauze_geldt(const dosis_pauze_t *pauze, int64_t now_ns)
{
    return pauze != NULL && now_ns < pauze->tot_ns;
}


uint32_t
dosis_pauze_retry_s(const dosis_pauze_t *pauze, int64_t now_ns)
{
    int64_t left_s;

    if (pauze->tot_ns == INT64_MAX) {
        return DOSIS_PAUZE_RETRY_S;
    }
    left_s = (pauze->tot_ns - now_ns) / DOSIS_NS_PER_S + 1;
    if (left_s < 1) {
        return 1;
    }
    return left_s < DOSIS_PAUZE_RETRY_MAX_S ? (uint32_t) left_s
                                            : DOSIS_PAUZE_RETRY_MAX_S;
}


static void
add_tot(dosis_buf_t *buf, const dosis_pauze_t *pauze)
{
    dosis_time_add_utc(buf, pauze->tot_ns);
}


void
dosis_pauze_tell(const dosis_pauze_t *pauze, const char *code, dosis_err_t *err)
{
    char text[DOSIS_ERR_TEXT_MAX];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, text, sizeof(text));
    DOSIS_BUF_LIT(&buf, "Gepauzeerd");
    if (pauze->tot_ns != INT64_MAX) {
        DOSIS_BUF_LIT(&buf, " tot ");
        add_tot(&buf, pauze);
    }
    if (pauze->reden.len > 0) {
        DOSIS_BUF_LIT(&buf, ": ");
        dosis_buf_add_slice(&buf, pauze->reden);
    }
    dosis_err_add(err, code, "", "%.*s", (int) buf.len, buf.data);
}


void
dosis_pauze_add(dosis_buf_t *buf, const dosis_pauze_t *pauze, size_t bronnen)
{
    DOSIS_BUF_LIT(buf, "{\"stand\":");
    if (pauze == NULL) {
        DOSIS_BUF_LIT(buf, "null");
    } else {
        dosis_buf_addf(buf, "\"%s\"",
            pauze->stand == DOSIS_PAUZE_STIL ? "stil" : "lezen");
    }
    DOSIS_BUF_LIT(buf, ",\"tot\":");
    if (pauze == NULL || pauze->tot_ns == INT64_MAX) {
        DOSIS_BUF_LIT(buf, "null");
    } else {
        dosis_buf_add_byte(buf, '"');
        add_tot(buf, pauze);
        dosis_buf_add_byte(buf, '"');
    }
    dosis_buf_add_byte(buf, ',');
    dosis_json_add_member(buf, "reden",
        pauze == NULL || pauze->reden.len == 0 ? dosis_slice(NULL, 0)
                                               : pauze->reden);
    dosis_buf_addf(buf, ",\"bronnen\":%zu}", bronnen);
}
