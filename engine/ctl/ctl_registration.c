/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_registration.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/dosis_json_value.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"

#define TEXT_MAX (1024 * 1024)


/* The first letter may have either case. */
static const dosis_json_t *
member(const dosis_json_t *object, const char *name)
{
    char lower[64];
    const dosis_json_t *found = dosis_json_get(object, name);

    if (found == NULL) {
        (void) snprintf(lower, sizeof(lower), "%c%s", name[0] | 0x20, name + 1);
        found = dosis_json_get(object, lower);
    }
    return found;
}


static void
print_value(const dosis_json_t *value)
{
    dosis_slice_t text = dosis_json_string(value);
    dosis_buf_t json;

    if (dosis_json_kind(value) == DOSIS_JSON_STRING) {
        (void) fwrite(text.data, 1, text.len, stdout);
        return;
    }
    dosis_buf_init(&json, TEXT_MAX);
    if (dosis_json_add_value(&json, value)) {
        (void) fwrite(json.data, 1, json.len, stdout);
    }
    dosis_buf_done(&json);
}


static void
print_row(const dosis_json_t *registration, const dosis_setting_t *row)
{
    char path[64];
    const dosis_json_t *value;

    /* its members say it, unless being there says something by itself */
    if (row->type == DOSIS_SETTING_GROUP && row->size == 0) {
        return;
    }
    value = registration;
    if (row->group != NULL) {
        value = member(registration, row->group);
    }
    value = member(value, row->name);
    (void) snprintf(path, sizeof(path), "%s%s%s",
        row->group == NULL ? "" : row->group, row->group == NULL ? "" : ".",
        row->name);
    printf("%-28s ", path);
    if (dosis_json_kind(value) == DOSIS_JSON_NULL) {
        printf("(%s)\n",
            row->fallback == NULL || row->fallback[0] == '\0' ? "none"
                                                              : row->fallback);
        return;
    }
    print_value(value);
    putchar('\n');
}


void
ctl_registration_print(
    const dosis_json_t *answer, const dosis_settings_t *settings)
{
    const dosis_json_t *registration = dosis_json_get(answer, "Registratie");
    size_t i;

    printf("%-28s %" PRId64 "\n", "number",
        dosis_json_int(dosis_json_get(answer, "Nummer")));
    for (i = 0; i < settings->count; i++) {
        print_row(registration, &settings->rows[i]);
    }
}


static void
print_line(const dosis_json_t *item, const dosis_settings_t *settings)
{
    const dosis_json_t *registration = dosis_json_get(item, "Registratie");
    const dosis_json_t *active = member(registration, "Actief");
    dosis_slice_t name =
        dosis_json_string(member(registration, settings->rows[0].name));
    dosis_slice_t naam = dosis_json_string(member(registration, "Naam"));
    bool off =
        dosis_json_kind(active) == DOSIS_JSON_BOOL && !dosis_json_bool(active);

    printf("%6" PRId64 "  %-3s  %-40.*s  %.*s\n",
        dosis_json_int(dosis_json_get(item, "Nummer")), off ? "off" : "on",
        (int) name.len, name.data, (int) naam.len, naam.data);
}


void
ctl_registration_list(const dosis_json_t *page,
    const dosis_settings_t *settings, bool as_json, bool *first)
{
    const dosis_json_t *list = dosis_json_get(page, "Registraties");
    size_t i;

    for (i = 0; i < dosis_json_count(list); i++) {
        if (as_json) {
            fputs(*first ? "\n" : ",\n", stdout);
            print_value(dosis_json_at(list, i));
        } else {
            print_line(dosis_json_at(list, i), settings);
        }
        *first = false;
    }
}


static void
say_problem(const dosis_json_t *problem)
{
    int64_t item = dosis_json_int(dosis_json_get(problem, "item"));
    dosis_slice_t field = dosis_json_string(dosis_json_get(problem, "field"));
    dosis_slice_t code = dosis_json_string(dosis_json_get(problem, "code"));
    dosis_slice_t text = dosis_json_string(dosis_json_get(problem, "message"));
    char place[32] = "";

    if (item > 0) {
        (void) snprintf(place, sizeof(place), "element %" PRId64 ": ", item);
    }
    ctl_say("%s%.*s%s%.*s (%.*s)", place, (int) field.len, field.data,
        field.len > 0 ? ": " : "", (int) text.len, text.data, (int) code.len,
        code.data);
}


void
ctl_registration_say_problems(dosis_slice_t answer, long status)
{
    dosis_json_t *json = NULL;
    const dosis_json_t *problems;
    int64_t more;
    size_t i;

    if (dosis_json_parse(answer, &json, NULL) != DOSIS_OK) {
        ctl_say("the engine answers %ld", status);
        return;
    }
    problems = dosis_json_get(json, "problems");
    for (i = 0; i < dosis_json_count(problems); i++) {
        say_problem(dosis_json_at(problems, i));
    }
    more = dosis_json_int(dosis_json_get(json, "more"));
    if (more > 0) {
        ctl_say("and %" PRId64 " more", more);
    }
    if (i == 0) {
        dosis_slice_t rc = dosis_json_string(dosis_json_get(json, "rc"));

        ctl_say("the engine answers %ld %.*s", status, (int) rc.len, rc.data);
    }
    dosis_json_free(json);
}


int
ctl_registration_ask(const ctl_registrations_t *which, ctl_engine_call_t *call,
    dosis_buf_t *answer)
{
    dosis_rc_t rc;

    call->path = which->path;
    rc = ctl_engine_call(which->socket, call, answer);
    if (rc != DOSIS_OK) {
        ctl_say("the engine does not answer on %s: %s", which->socket,
            dosis_rc_text(rc));
        return CTL_FAILED;
    }
    if (call->status < 300) {
        return CTL_FINE;
    }
    ctl_registration_say_problems(dosis_buf_slice(answer), call->status);
    return call->status >= 500 ? CTL_FAILED : CTL_FOUND;
}


static void
print_page(
    const ctl_registrations_t *which, const dosis_json_t *page, bool *first)
{
    const dosis_json_t *list = dosis_json_get(page, "Registraties");
    size_t i;

    if (which->json || which->print == NULL) {
        ctl_registration_list(page, which->settings, which->json, first);
        return;
    }
    for (i = 0; i < dosis_json_count(list); i++) {
        which->print(dosis_json_get(dosis_json_at(list, i), "Registratie"));
    }
}


/* One page; *after: the number to go on after, then of the next, or 0. */
static int
next_page(const ctl_registrations_t *which, int64_t *after, bool *first)
{
    char number[24];
    ctl_engine_call_t call = { .method = "GET", .key = "na", .value = number };
    dosis_json_t *json = NULL;
    dosis_buf_t answer;
    int code;

    (void) snprintf(number, sizeof(number), "%" PRId64, *after);
    *after = 0;
    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ctl_registration_ask(which, &call, &answer);
    if (code == CTL_FINE
        && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
            != DOSIS_OK) {
        ctl_say("the engine's answer cannot be read");
        code = CTL_FAILED;
    }
    if (code == CTL_FINE) {
        print_page(which, json, first);
        *after = dosis_json_int(dosis_json_get(json, "Volgende"));
    }
    dosis_json_free(json);
    dosis_buf_done(&answer);
    return code;
}


int
ctl_registration_pages(const ctl_registrations_t *which)
{
    int64_t after = 0;
    bool first = true;
    int code;

    if (which->json) {
        fputs("[", stdout);
    }
    do {
        code = next_page(which, &after, &first);
    } while (code == CTL_FINE && after > 0);
    if (which->json) {
        fputs("\n]\n", stdout);
    }
    return code;
}
