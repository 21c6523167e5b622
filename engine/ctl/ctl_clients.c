/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_clients.h"

#include <inttypes.h>
#include <stdio.h>

#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_registration.h"

#define NAMES_MAX 400    /* bytes of those that are told */

typedef struct {
    unsigned count;
    char *name;          /* of the first one */
    char names[NAMES_MAX];
} search_t;


static void
look_at(const dosis_json_t *client, search_t *search)
{
    const dosis_json_t *active = dosis_json_get(client, "Actief");
    dosis_slice_t name = dosis_json_string(dosis_json_get(client, "Client"));
    size_t len;

    if ((dosis_json_kind(active) == DOSIS_JSON_BOOL && !dosis_json_bool(active))
        || dosis_json_count(dosis_json_get(client, "Bronnen")) == 0) {
        return;
    }
    if (search->count++ == 0) {
        (void) snprintf(search->name, CTL_CLIENT_MAX, "%.*s", (int) name.len,
            name.data);
    }
    len = strlen(search->names);
    (void) snprintf(search->names + len, sizeof(search->names) - len, " %.*s",
        (int) name.len, name.data);
}


/* The number to go on after, or 0; negative: said. */
static int64_t
look_at_page(const char *socket_path, int64_t after, search_t *search)
{
    char number[24];
    const ctl_registrations_t which = { .socket = socket_path,
        .path = "/clients" };
    ctl_engine_call_t call = { .method = "GET", .key = "na", .value = number };
    dosis_json_t *json = NULL;
    const dosis_json_t *list;
    dosis_buf_t answer;
    int64_t next = -1;
    size_t i;

    (void) snprintf(number, sizeof(number), "%" PRId64, after);
    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    if (ctl_registration_ask(&which, &call, &answer) == CTL_FINE
        && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
            == DOSIS_OK) {
        list = dosis_json_get(json, "Registraties");
        for (i = 0; i < dosis_json_count(list); i++) {
            look_at(
                dosis_json_get(dosis_json_at(list, i), "Registratie"), search);
        }
        next = dosis_json_int(dosis_json_get(json, "Volgende"));
    }
    dosis_json_free(json);
    dosis_buf_done(&answer);
    return next;
}


bool
ctl_client_only(const char *socket_path, char name[CTL_CLIENT_MAX])
{
    search_t search = { .name = name };
    int64_t after = 0;

    do {
        after = look_at_page(socket_path, after, &search);
    } while (after > 0);
    if (after == 0 && search.count == 0) {
        ctl_say("no client delivers: 'dosisctl client add' makes one");
    } else if (after == 0 && search.count > 1) {
        ctl_say("--client NAME says who delivers; one of:%s%s", search.names,
            strlen(search.names) + 1 == sizeof(search.names) ? "..." : "");
    }
    return after == 0 && search.count == 1;
}
