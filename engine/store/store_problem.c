/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_problem.h"

#include "base/dosis_json.h"
#include "domain/dosis_rule.h"


/* Codes are static texts everywhere: find ours again. */
static const char *
static_code(dosis_slice_t code)
{
    int i;

    for (i = 0; i < DOSIS_RULE_MAX; i++) {
        const char *known = dosis_rule(i)->code;

        if (dosis_slice_eq(dosis_slice_of(known), code)) {
            return known;
        }
    }
    return "Onbekend";
}


void
store_problems_write(dosis_buf_t *buf, const dosis_err_t *problems)
{
    uint32_t i;

    dosis_buf_add_byte(buf, (char) problems->count);
    dosis_wire_put_varint(buf, problems->more);
    for (i = 0; i < problems->count; i++) {
        const dosis_problem_t *p = &problems->item[i];

        dosis_wire_put_slice(buf, dosis_slice_of(p->code));
        dosis_wire_put_slice(buf, dosis_slice_of(p->field));
        dosis_wire_put_slice(buf, dosis_slice_of(p->text));
        dosis_wire_put_varint(buf, p->line);
    }
}


static void
copy_text(char *to, size_t size, dosis_slice_t from)
{
    size_t n = from.len < size - 1 ? from.len : size - 1;

    if (n > 0) {
        memcpy(to, from.data, n);
    }
    to[n] = '\0';
}


void
store_problems_read(dosis_wire_t *wire, dosis_err_t *problems)
{
    uint32_t i, count = dosis_wire_u8(wire);

    problems->more = (uint32_t) dosis_wire_varint(wire);
    if (count > DOSIS_ERR_MAX) {
        wire->ok = false;
        count = 0;
    }
    problems->count = count;
    for (i = 0; i < count; i++) {
        dosis_problem_t *p = &problems->item[i];

        p->code = static_code(dosis_wire_slice(wire));
        copy_text(p->field, sizeof(p->field), dosis_wire_slice(wire));
        copy_text(p->text, sizeof(p->text), dosis_wire_slice(wire));
        p->line = (uint32_t) dosis_wire_varint(wire);
    }
}


void
store_problem_json(
    dosis_buf_t *body, const dosis_problem_t *problem, uint64_t line)
{
    DOSIS_BUF_LIT(body, "{\"Omschrijving\":\"");
    if (problem->field[0] != '\0') {
        dosis_json_escape(body, dosis_slice_of(problem->field));
        DOSIS_BUF_LIT(body, ": ");
    }
    dosis_json_escape(body, dosis_slice_of(problem->text));
    DOSIS_BUF_LIT(body, "\",\"LijnNummer\":");
    line = problem->line > 0 ? problem->line : line;
    if (line > 0) {
        dosis_buf_add_uint(body, line);
    } else {
        DOSIS_BUF_LIT(body, "null");
    }
    dosis_buf_add_byte(body, '}');
}


void
store_problem_place(
    dosis_buf_t *buf, const dosis_problem_t *problem, uint64_t lijn)
{
    if (problem->line != 0 && problem->line != lijn) {
        dosis_buf_addf(buf, "(lijn %u) ", (unsigned) problem->line);
    }
}
