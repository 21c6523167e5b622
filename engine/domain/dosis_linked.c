/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_linked.h"

#include "base/dosis_json.h"
#include "base/dosis_text.h"

#define CONTEXT "/api/context.jsonld"
#define DOSSIERS "/api/v1/dosis/dossiers/"
#define DOSSIER_LEAD "{\"DossierId\":\""

/*
 * What comes in behind the brace of a lead. A lead holds quotes that are not
 * escaped, so it is never found inside a text.
 */
static const struct {
    const char *lead;
    const char *type;
} marks[] = {
    { "\"Identificatie\":{", "adms:Identifier" },
    { "\"Status\":{", "transactie:Status" },
    { "{\"Id\":", "cpsv:PublicService" },
    { "\"Agenten\":[{", "m8g:Participation" },
    { "\"DossierBeheerder\":{", "schema:ContactPoint" },
};


/* Does the text hold this lead, with its brace at that place? */
static bool
is_lead(dosis_slice_t body, size_t brace, const char *lead)
{
    size_t len = strlen(lead);
    size_t before = strcspn(lead, "{");

    return brace >= before && body.len - (brace - before) >= len
        && memcmp(body.data + (brace - before), lead, len) == 0;
}


static void
add_dossier(dosis_buf_t *out, dosis_slice_t id, dosis_slice_t base)
{
    DOSIS_BUF_LIT(out, "\"@id\":\"");
    dosis_json_escape(out, base);
    DOSIS_BUF_LIT(out, DOSSIERS);
    dosis_buf_add_slice(out, id);
    DOSIS_BUF_LIT(out, "\",\"@type\":\"PubliekeDienstverlening\",");
}


/* What this brace of the body begins with, if it is one of ours. */
static void
add_members(
    dosis_buf_t *out, dosis_slice_t body, size_t brace, dosis_slice_t base)
{
    size_t i;
    size_t id = brace + sizeof(DOSSIER_LEAD) - 1;

    if (is_lead(body, brace, DOSSIER_LEAD) && body.len - id >= DOSIS_ID_TEXT) {
        add_dossier(out, dosis_slice(body.data + id, DOSIS_ID_TEXT), base);
        return;
    }
    for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (is_lead(body, brace, marks[i].lead)) {
            dosis_buf_addf(out, "\"@type\":\"%s\"%s", marks[i].type,
                body.data[brace + 1] == '}' ? "" : ",");
            return;
        }
    }
}


void
dosis_linked_add(dosis_buf_t *out, dosis_slice_t body, dosis_slice_t base)
{
    size_t from = 0;
    size_t brace;
    const char *found;

    while (from < body.len
        && (found = memchr(body.data + from, '{', body.len - from)) != NULL) {
        brace = (size_t) (found - body.data);
        dosis_buf_add(out, body.data + from, brace + 1 - from);
        if (brace == 0) {
            DOSIS_BUF_LIT(out, "\"@context\":\"");
            dosis_json_escape(out, base);
            DOSIS_BUF_LIT(out, CONTEXT "\",");
        }
        add_members(out, body, brace, base);
        from = brace + 1;
    }
    dosis_buf_add_slice(out, dosis_slice(body.data + from, body.len - from));
}
