/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_err_json.h"

#include "base/dosis_json.h"


static void
add_warning(dosis_buf_t *to, const dosis_problem_t *warning)
{
    dosis_slice_t text = dosis_slice_of(warning->text);

    dosis_buf_add_byte(to, '{');
    dosis_json_add_member(to, "code", dosis_slice_of(warning->code));
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "message", text);
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "description", text);
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "field", dosis_slice_of(warning->field));
    dosis_buf_add_byte(to, '}');
}


void
dosis_err_json_warnings(dosis_buf_t *to, const dosis_err_t *warnings)
{
    uint32_t i;

    DOSIS_BUF_LIT(to, ",\"Waarschuwingen\":[");
    for (i = 0; i < warnings->count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(to, ',');
        }
        add_warning(to, &warnings->item[i]);
    }
    dosis_buf_add_byte(to, ']');
}
