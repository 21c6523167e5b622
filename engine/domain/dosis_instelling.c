/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_instelling.h"

#include "base/dosis_json.h"
#include "domain/dosis_paar.h"
#include "domain/dosis_rule.h"
#include "domain/dosis_veld.h"

#define RULE_TEXT_MAX 512

/* A list on its way into a buffer. */
typedef struct {
    dosis_buf_t *buf;
    bool started;
} list_t;


static void
list_next(list_t *list)
{
    if (list->started) {
        dosis_buf_add_byte(list->buf, ',');
    }
    list->started = true;
}


/* ,"name":"text", or null. */
static void
add_text(dosis_buf_t *buf, const char *name, const char *text)
{
    dosis_buf_add_byte(buf, ',');
    dosis_json_add_member(
        buf, name, text == NULL ? dosis_slice(NULL, 0) : dosis_slice_of(text));
}


/* Words with a blank between them, as a list. */
static void
add_words(dosis_buf_t *buf, const char *words)
{
    list_t list = { .buf = buf };

    dosis_buf_add_byte(buf, '[');
    while (*words != '\0') {
        size_t len = strcspn(words, " ");

        list_next(&list);
        dosis_json_add_string(buf, dosis_slice(words, len));
        words += len + strspn(words + len, " ");
    }
    dosis_buf_add_byte(buf, ']');
}


static void
add_rule(dosis_buf_t *buf, const dosis_rule_t *rule)
{
    char text[RULE_TEXT_MAX];
    dosis_buf_t filled;

    dosis_buf_init_fixed(&filled, text, sizeof(text));
    dosis_rule_add_text(&filled, rule, rule->gat);

    dosis_buf_add_byte(buf, '{');
    dosis_json_add_member(buf, "Code", dosis_slice_of(rule->code));
    add_text(buf, "Ernst", rule->ernst);
    dosis_buf_add_byte(buf, ',');
    dosis_json_add_member(buf, "Omschrijving", dosis_buf_slice(&filled));
    DOSIS_BUF_LIT(buf, ",\"Velden\":");
    add_words(buf, rule->velden);
    add_text(buf, "Herkomst", rule->herkomst);
    dosis_buf_add_byte(buf, '}');
}


/* ,"Maximum":n,"Eenheid":"bytes"|"elementen", both null without one. */
static void
add_maximum(dosis_buf_t *buf, const dosis_veld_t *veld)
{
    DOSIS_BUF_LIT(buf, ",\"Maximum\":");
    if (veld->max == 0) {
        DOSIS_BUF_LIT(buf, "null,\"Eenheid\":null");
        return;
    }
    dosis_buf_add_uint(buf, veld->max);
    add_text(buf, "Eenheid",
        veld->soort == DOSIS_VELD_LIJST ? "elementen" : "bytes");
}


static void
add_field(const dosis_veld_t *veld, void *payload)
{
    list_t *list = payload;
    dosis_buf_t *buf = list->buf;
    list_t names = { .buf = buf };

    list_next(list);
    dosis_buf_add_byte(buf, '{');
    dosis_json_add_member(buf, "Veld", dosis_slice_of(veld->pad));
    add_text(buf, "Soort", dosis_veld_soort_name(veld->soort));
    add_text(buf, "Plicht", dosis_veld_plicht_name(veld->plicht));
    add_maximum(buf, veld);
    add_text(buf, "Codelijst", veld->lijst);
    DOSIS_BUF_LIT(buf, ",\"OokAls\":[");
    for (size_t i = 0; i < veld->namen; i++) {
        list_next(&names);
        dosis_json_add_string(buf, dosis_slice_of(veld->naam[i]));
    }
    DOSIS_BUF_LIT(buf, "]}");
}


static void
add_pairs(dosis_buf_t *buf)
{
    list_t rows = { .buf = buf };

    for (size_t i = 0; i < dosis_paar_count(); i++) {
        list_t codes = { .buf = buf };
        const char *code;

        list_next(&rows);
        dosis_buf_add_byte(buf, '{');
        dosis_json_add_member(buf, "Fase", dosis_slice_of(dosis_paar_fase(i)));
        DOSIS_BUF_LIT(buf, ",\"Codes\":[");
        for (size_t j = 0; (code = dosis_paar_code(i, j)) != NULL; j++) {
            list_next(&codes);
            dosis_json_add_string(buf, dosis_slice_of(code));
        }
        DOSIS_BUF_LIT(buf, "]}");
    }
}


void
dosis_instelling_add_regels(dosis_buf_t *buf)
{
    list_t rules = { .buf = buf };
    list_t fields = { .buf = buf };

    DOSIS_BUF_LIT(buf, "{\"Regels\":[");
    for (int id = 0; id < DOSIS_RULE_DELIVERY_END; id++) {
        list_next(&rules);
        add_rule(buf, dosis_rule((dosis_rule_id_t) id));
    }
    DOSIS_BUF_LIT(buf, "],\"Velden\":[");
    dosis_veld_each(add_field, &fields);
    DOSIS_BUF_LIT(buf, "],\"Paren\":[");
    add_pairs(buf);
    DOSIS_BUF_LIT(buf, "]}");
}


static void
add_limit(dosis_buf_t *buf, const dosis_limiet_t *limiet,
    const dosis_limiet_instelling_t *set)
{
    dosis_buf_add_byte(buf, '{');
    dosis_json_add_member(buf, "Naam", dosis_slice_of(limiet->naam));
    DOSIS_BUF_LIT(buf, ",\"Waarde\":");
    dosis_buf_add_uint(buf, dosis_limiet_waarde(limiet, set));
    add_text(buf, "Eenheid", limiet->eenheid);
    add_text(buf, "Omschrijving", limiet->omschrijving);
    dosis_buf_add_byte(buf, '}');
}


static void
add_field_limit(const dosis_veld_t *veld, void *payload)
{
    list_t *list = payload;

    if (veld->max == 0) {
        return;
    }

    list_next(list);
    dosis_buf_add_byte(list->buf, '{');
    dosis_json_add_member(list->buf, "Veld", dosis_slice_of(veld->pad));
    add_maximum(list->buf, veld);
    dosis_buf_add_byte(list->buf, '}');
}


void
dosis_instelling_add_limieten(
    dosis_buf_t *buf, const dosis_limiet_instelling_t *set)
{
    list_t limits = { .buf = buf };
    list_t fields = { .buf = buf };

    DOSIS_BUF_LIT(buf, "{\"Limieten\":[");
    for (size_t i = 0; i < dosis_limiet_count(); i++) {
        list_next(&limits);
        add_limit(buf, dosis_limiet_at(i), set);
    }
    DOSIS_BUF_LIT(buf, "],\"Velden\":[");
    dosis_veld_each(add_field_limit, &fields);
    DOSIS_BUF_LIT(buf, "]}");
}
