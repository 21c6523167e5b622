/* SPDX-License-Identifier: EUPL-1.2 */
/* What is published reads as JSON, and holds every row of every table. */

#include "../lib/tap.h"

#include <string.h>

#include "base/dosis_json.h"
#include "domain/dosis_instelling.h"
#include "domain/dosis_paar.h"
#include "domain/dosis_rule.h"
#include "domain/dosis_veld.h"

#define BODY_MAX ((size_t) 1 << 20)

typedef struct {
    dosis_buf_t text;
    dosis_json_t *root;
} body_t;


static void
body_read(body_t *body)
{
    CHECK(body->text.rc == DOSIS_OK
            && dosis_json_parse(
                   dosis_buf_slice(&body->text), &body->root, NULL)
                == DOSIS_OK,
        "it is JSON");
}


static void
body_done(body_t *body)
{
    dosis_json_free(body->root);
    dosis_buf_done(&body->text);
}


static bool
is_text(const dosis_json_t *object, const char *name, const char *text)
{
    return dosis_slice_eq(dosis_json_string(dosis_json_get(object, name)),
        dosis_slice_of(text));
}


static void
count_field(const dosis_veld_t *veld, void *payload)
{
    (void) veld;
    (*(size_t *) payload)++;
}


static void
check_rules(void)
{
    body_t body = { .root = NULL };
    const dosis_json_t *rules;
    size_t fields = 0;
    bool same = true;

    dosis_buf_init(&body.text, BODY_MAX);
    dosis_instelling_add_regels(&body.text);
    body_read(&body);

    rules = dosis_json_get(body.root, "Regels");
    CHECK(dosis_json_count(rules) == DOSIS_RULE_DELIVERY_END,
        "every rule of a delivery is there");
    for (size_t i = 0; i < dosis_json_count(rules); i++) {
        const dosis_json_t *row = dosis_json_at(rules, i);
        const dosis_rule_t *rule = dosis_rule((dosis_rule_id_t) i);
        dosis_slice_t text =
            dosis_json_string(dosis_json_get(row, "Omschrijving"));

        same = same && is_text(row, "Code", rule->code)
            && is_text(row, "Ernst", rule->ernst)
            && is_text(row, "Herkomst", rule->herkomst) && text.len > 0
            && memchr(text.data, '%', text.len) == NULL
            && dosis_json_count(dosis_json_get(row, "Velden")) > 0;
    }
    CHECK(same, "as its row has it, with no hole in its text");

    dosis_veld_each(count_field, &fields);
    CHECK(dosis_json_count(dosis_json_get(body.root, "Velden")) == fields,
        "so is every member");
    CHECK(dosis_json_count(dosis_json_get(body.root, "Paren"))
            == dosis_paar_count(),
        "and every phase with its codes");
    body_done(&body);
}


static void
check_limits(void)
{
    body_t body = { .root = NULL };
    const dosis_limiet_instelling_t set = { .body_max = 77, .future_s = 88 };
    const dosis_json_t *limits;
    bool same = true;

    dosis_buf_init(&body.text, BODY_MAX);
    dosis_instelling_add_limieten(&body.text, &set);
    body_read(&body);

    limits = dosis_json_get(body.root, "Limieten");
    CHECK(dosis_json_count(limits) == dosis_limiet_count(),
        "every limit is there");
    for (size_t i = 0; i < dosis_limiet_count(); i++) {
        const dosis_json_t *row = dosis_json_at(limits, i);
        const dosis_limiet_t *limiet = dosis_limiet_at(i);

        same = same && is_text(row, "Naam", limiet->naam)
            && dosis_json_int(dosis_json_get(row, "Waarde"))
                == (int64_t) dosis_limiet_waarde(limiet, &set);
    }
    CHECK(same, "with its value as configured");
    CHECK(dosis_json_count(dosis_json_get(body.root, "Velden")) > 15,
        "and the length of each member that has one");
    body_done(&body);
}


int
main(void)
{
    dosis_json_init();
    check_rules();
    check_limits();

    return tap_done();
}
