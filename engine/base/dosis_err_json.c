/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_err_json.h"

#include <stdbool.h>

#include "base/dosis_json.h"


/* Warnings have no line: what is warned of is a whole delivery, or a header. */
static void
add_item(dosis_buf_t *to, const dosis_problem_t *item, bool with_line)
{
    dosis_slice_t text = dosis_slice_of(item->text);

    dosis_buf_add_byte(to, '{');
    dosis_json_add_member(to, "code", dosis_slice_of(item->code));
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "message", text);
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "description", text);
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "field", dosis_slice_of(item->field));
    if (with_line && item->line > 0) {
        DOSIS_BUF_LIT(to, ",\"line\":");
        dosis_buf_add_uint(to, item->line);
    } else if (with_line) {
        DOSIS_BUF_LIT(to, ",\"line\":null");
    }
    dosis_buf_add_byte(to, '}');
}


static void
add_list(dosis_buf_t *to, const dosis_err_t *err, bool with_line)
{
    uint32_t i;

    dosis_buf_add_byte(to, '[');
    for (i = 0; i < err->count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(to, ',');
        }
        add_item(to, &err->item[i], with_line);
    }
    dosis_buf_add_byte(to, ']');
}


void
dosis_err_json_list(dosis_buf_t *to, const dosis_err_t *err)
{
    add_list(to, err, true);
}


void
dosis_err_json_warnings(dosis_buf_t *to, const dosis_err_t *warnings)
{
    DOSIS_BUF_LIT(to, ",\"Waarschuwingen\":");
    add_list(to, warnings, false);
}
