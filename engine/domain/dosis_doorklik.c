/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_doorklik.h"

#include "base/dosis_json.h"
#include "base/dosis_text.h"

#define HINT_MAX 256 /* bytes of JSON */

/* By kind of agent: its audience, and whether its id is a code there. */
static const struct {
    const char *doelgroep;
    bool has_code;
} soorten[] = {
    [DOSIS_AGENT_KBO] = { "EA", true },
    [DOSIS_AGENT_VESTIGING] = { "EA", false },
    [DOSIS_AGENT_INSZ] = { "BUR", false },
    [DOSIS_AGENT_VERENIGING] = { "VER", true },
    [DOSIS_AGENT_OVO] = { "GID", true },
    [DOSIS_AGENT_VREEMD] = { "", false },
};

static const char *const names[] = {
    [DOSIS_DOORKLIK_URL] = "url",
    [DOSIS_DOORKLIK_LOGIN_HINT] = "login_hint",
    [DOSIS_DOORKLIK_OIDC] = "oidc",
    [DOSIS_DOORKLIK_ASSERTIE] = "assertie",
};


const char *
dosis_doorklik_name(dosis_doorklik_t methode)
{
    return names[methode];
}


dosis_slice_t
dosis_doorklik_doelgroep(const dosis_agent_t *agent, dosis_slice_t given)
{
    return given.len > 0 ? given
                         : dosis_slice_of(soorten[agent->soort].doelgroep);
}


/* As RFC 4648 section 4 has it: + and /, and = behind it. */
static void
add_base64(dosis_buf_t *to, dosis_slice_t text)
{
    size_t from = to->len;

    dosis_base64url_encode(to, text);
    for (size_t i = from; to->rc == DOSIS_OK && i < to->len; i++) {
        if (to->data[i] == '-') {
            to->data[i] = '+';
        } else if (to->data[i] == '_') {
            to->data[i] = '/';
        }
    }

    for (size_t i = text.len % 3; i > 0 && i < 3; i++) {
        dosis_buf_add_byte(to, '=');
    }
}


void
dosis_doorklik_hint(
    dosis_buf_t *to, const dosis_agent_t *agent, dosis_slice_t doelgroep)
{
    char memory[HINT_MAX];
    dosis_buf_t json;

    if (doelgroep.len == 0) {
        return;
    }

    dosis_buf_init_fixed(&json, memory, sizeof(memory));
    dosis_buf_add_byte(&json, '{');
    dosis_json_add_member(&json, "cap_hint", doelgroep);
    if (soorten[agent->soort].has_code) {
        dosis_buf_add_byte(&json, ',');
        dosis_json_add_member(&json, "code_hint", dosis_agent_id(agent));
    }

    dosis_buf_add_byte(&json, '}');
    if (json.rc == DOSIS_OK) {
        add_base64(to, dosis_buf_slice(&json));
    }
}
