/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisctl opladingen: the files that were delivered, how one is, what was
 * warned of in it, and how it is ended
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "ctl/ctl_registration.h"
#include "ctl/ctl_upload.h"

#define CURSOR_MAX 1024
#define CLIENT_MAX 256

/* One run of the program. */
typedef struct {
    const char *client;
    const char *id;    /* of the one that is looked for, or NULL */
    bool json;
    ctl_path_t socket;
    bool first;        /* nothing has been printed yet */
    char found[CLIENT_MAX];    /* whose that one is; empty: nobody's */
} run_t;


static dosis_slice_t
text(const dosis_json_t *item, const char *name)
{
    return dosis_json_string(dosis_json_get(item, name));
}


static void
print_line(const dosis_json_t *item)
{
    const dosis_json_t *percent = dosis_json_get(item, "Percentage");
    dosis_slice_t id = text(item, "UploadId");
    dosis_slice_t state = text(item, "Toestand");
    dosis_slice_t when = text(item, "Ontvangen");
    dosis_slice_t client = text(item, "Client");
    dosis_slice_t name = text(item, "Bestand");

    printf("%.*s  %.*s  %-11.*s %5.1f %%  %9" PRId64 " rows  %7" PRId64
           " refused  %.*s  %.*s%s\n",
        (int) id.len, id.data, (int) when.len, when.data, (int) state.len,
        state.data,
        dosis_json_kind(percent) == DOSIS_JSON_INT
            ? (double) dosis_json_int(percent)
            : dosis_json_real(percent),
        dosis_json_int(dosis_json_get(item, "Verwerkt")),
        dosis_json_int(dosis_json_get(item, "Fouten")), (int) client.len,
        client.len > 0 ? client.data : "", name.len > 0 ? (int) name.len : 1,
        name.len > 0 ? name.data : "-",
        dosis_json_bool(dosis_json_get(item, "Proef"))
            ? "  (proef: nothing is stored)"
            : "");
}


static void
take_item(run_t *run, const dosis_json_t *item)
{
    dosis_slice_t client = text(item, "Client");

    if (run->id == NULL) {
        print_line(item);
    } else if (dosis_slice_eq(text(item, "UploadId"), dosis_slice_of(run->id))
               && run->found[0] == '\0') {
        (void) snprintf(run->found, sizeof(run->found), "%.*s",
            (int) client.len, client.data);
    }
}


/* Of the next page, or empty. */
static void
set_cursor(char cursor[CURSOR_MAX], const dosis_json_t *json)
{
    dosis_slice_t next = text(json, "Volgende");

    (void) snprintf(cursor, CURSOR_MAX, "%.*s", (int) next.len,
        next.len > 0 ? next.data : "");
}


/* One page; cursor: of it, then of the next, or empty. */
static int
next_page(run_t *run, char cursor[CURSOR_MAX])
{
    const ctl_engine_param_t more[] = {
        { "client", run->client },
        { "na", cursor[0] == '\0' ? NULL : cursor },
    };
    const ctl_registrations_t which = { .socket = run->socket.path,
        .path = CTL_UPLOAD_PATH };
    ctl_engine_call_t call = { .method = "GET", .more = more,
        .more_count = sizeof(more) / sizeof(more[0]) };
    dosis_json_t *json = NULL;
    dosis_buf_t answer;
    int code;
    size_t i;

    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ctl_registration_ask(&which, &call, &answer);
    if (code == CTL_FINE
        && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
            != DOSIS_OK) {
        ctl_say("the engine's answer cannot be read");
        code = CTL_FAILED;
    }
    if (code == CTL_FINE && run->json && run->id == NULL) {
        printf("%s%.*s", run->first ? "" : ",", (int) answer.len, answer.data);
        run->first = false;
    } else if (code == CTL_FINE) {
        const dosis_json_t *list = dosis_json_get(json, "Uploads");

        for (i = 0; i < dosis_json_count(list); i++) {
            take_item(run, dosis_json_at(list, i));
        }
    }
    set_cursor(cursor, json);
    dosis_json_free(json);
    dosis_buf_done(&answer);
    return code;
}


static int
each_page(run_t *run)
{
    char cursor[CURSOR_MAX] = "";
    int code;

    do {
        code = next_page(run, cursor);
    } while (code == CTL_FINE && cursor[0] != '\0' && run->found[0] == '\0');
    return code;
}


/* An array of the engine's pages. */
static int
list(run_t *run)
{
    int code;

    if (run->json) {
        fputs("[", stdout);
    }
    run->first = true;
    code = each_page(run);
    if (run->json) {
        fputs("]\n", stdout);
    }
    return code;
}


/* Whose it is when that was not said: who has the newest of that UploadId. */
static int
find(run_t *run, const char *id, ctl_upload_t *ret_upload)
{
    int code = CTL_FINE;

    *ret_upload = (ctl_upload_t) { .socket = run->socket.path,
        .client = run->client, .name = id };
    (void) snprintf(ret_upload->id, sizeof(ret_upload->id), "%s", id);
    if (run->client == NULL) {
        run->id = id;
        code = each_page(run);
        ret_upload->client = run->found;
    }
    return code;
}


/* method: GET to see how it is, DELETE to end it. */
static int
ask_one(run_t *run, const char *method, const char *id)
{
    ctl_upload_t upload;
    ctl_engine_call_t call = { .method = method };
    dosis_json_t *json = NULL;
    dosis_buf_t answer;
    int code = find(run, id, &upload);

    if (code != CTL_FINE) {
        return code;
    }
    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ctl_upload_ask(&upload, "", &call, &answer);
    if (code == CTL_FAILED) {
        ctl_say("the engine does not answer on %s", upload.socket);
    } else if (code == CTL_FINE && run->json) {
        printf("%.*s", (int) answer.len, answer.data);
    } else if (code == CTL_FINE
               && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
                   == DOSIS_OK) {
        ctl_upload_print(&upload, json);
    }
    dosis_json_free(json);
    dosis_buf_done(&answer);
    return code;
}


/* --- warnings ------------------------------------------------------------ */

static void
print_warnings(const dosis_json_t *item)
{
    const dosis_json_t *all = dosis_json_get(item, "Waarschuwingen");
    dosis_slice_t number = text(item, "DossierNummer");
    size_t i;

    for (i = 0; i < dosis_json_count(all); i++) {
        const dosis_json_t *one = dosis_json_at(all, i);
        dosis_slice_t column = text(one, "Veld");
        dosis_slice_t why = text(one, "Omschrijving");
        dosis_slice_t code = text(one, "Code");

        printf("line %" PRId64 "  %.*s  %.*s%s%.*s (%.*s)\n",
            dosis_json_int(dosis_json_get(item, "LijnNummer")),
            number.len > 0 ? (int) number.len : 1,
            number.len > 0 ? number.data : "-", (int) column.len,
            column.len > 0 ? column.data : "", column.len > 0 ? ": " : "",
            (int) why.len, why.data, (int) code.len, code.data);
    }
}


static void
print_page(run_t *run, const dosis_json_t *json, dosis_slice_t answer)
{
    const dosis_json_t *list = dosis_json_get(json, "Waarschuwingen");
    size_t i;

    if (run->json) {
        printf("%s%.*s", run->first ? "" : ",", (int) answer.len, answer.data);
    }
    for (i = 0; !run->json && i < dosis_json_count(list); i++) {
        print_warnings(dosis_json_at(list, i));
    }
    run->first = false;
}


/* A page of them; cursor: as of next_page. */
static int
next_warnings(run_t *run, const ctl_upload_t *upload, char cursor[CURSOR_MAX])
{
    const ctl_engine_param_t more[] = {
        { "na", cursor[0] == '\0' ? NULL : cursor },
    };
    ctl_engine_call_t call = { .method = "GET", .more = more,
        .more_count = sizeof(more) / sizeof(more[0]) };
    dosis_json_t *json = NULL;
    dosis_buf_t answer;
    int code;

    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ctl_upload_ask(upload, "/waarschuwingen", &call, &answer);
    if (code == CTL_FAILED) {
        ctl_say("the engine does not answer on %s", upload->socket);
    } else if (code == CTL_FINE
               && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
                   != DOSIS_OK) {
        ctl_say("the engine's answer cannot be read");
        code = CTL_FAILED;
    } else if (code == CTL_FINE) {
        print_page(run, json, dosis_buf_slice(&answer));
    }
    set_cursor(cursor, json);
    dosis_json_free(json);
    dosis_buf_done(&answer);
    return code;
}


static int
warnings(run_t *run, const char *id)
{
    char cursor[CURSOR_MAX] = "";
    ctl_upload_t upload;
    int code = find(run, id, &upload);

    if (code != CTL_FINE) {
        return code;
    }
    fputs(run->json ? "[" : "", stdout);
    run->first = true;
    do {
        code = next_warnings(run, &upload, cursor);
    } while (code == CTL_FINE && cursor[0] != '\0');
    fputs(run->json ? "]\n" : "", stdout);
    return code;
}


/* --- the command --------------------------------------------------------- */

static int
refuse(const char *word, size_t count)
{
    if (count == 0
        && (strcmp(word, "toon") == 0 || strcmp(word, "waarschuwingen") == 0
            || strcmp(word, "stop") == 0)) {
        ctl_say("'dosisctl opladingen %s' needs an UPLOADID;"
                " 'dosisctl opladingen' lists them",
            word);
    } else {
        ctl_say("'dosisctl opladingen [list]', and 'dosisctl opladingen"
                " toon|waarschuwingen|stop UPLOADID' is what it can do");
    }
    return CTL_FAILED;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    run_t run = { .first = true };
    const char *word, *id = NULL;
    size_t count = 0;
    const ctl_option_t options[] = {
        { .name = "client", .text = &run.client },
        { .name = "json", .flag = &run.json },
        { .name = "", .list = &id, .list_count = &count, .list_max = 1 },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    ctl_home_t home;

    verdict = ctl_options_parse(command, argc, argv, options, &word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (!ctl_home_find(&home)) {
        return CTL_FAILED;
    }
    run.socket = ctl_home_path(&home, "run/dosisd.sock");
    if (count == 0 && (word == NULL || strcmp(word, "list") == 0)) {
        return list(&run);
    }
    if (count == 1 && strcmp(word, "stop") == 0) {
        return ask_one(&run, "DELETE", id);
    }
    if (count == 1 && strcmp(word, "toon") == 0) {
        return ask_one(&run, "GET", id);
    }
    if (count == 1 && strcmp(word, "waarschuwingen") == 0) {
        return warnings(&run, id);
    }
    return refuse(word, count);
}


const ctl_command_t ctl_opladingen = {
    .word = "opladingen",
    .summary = "the files that were delivered",
    .help = "usage: dosisctl opladingen [list] [--client NAME] [--json]\n"
            "       dosisctl opladingen toon|waarschuwingen|stop UPLOADID\n"
            "                                [--client NAME] [--json]\n"
            "\n"
            "Lists the files that were delivered, newest first: UploadId,\n"
            "when it came, Wachtend, Bezig, Klaar, Mislukt or Geannuleerd,\n"
            "how far, client and name. toon tells how one is: each verdict\n"
            "and how often. waarschuwingen lists what was warned of in one:\n"
            "line, dossier, column, text and code. stop ends one that waits\n"
            "or runs; what is stored of it stays. --client NAME: of that one\n"
            "only.\n"
            "\n"
            "Exit codes: 0 done, 1 there is no such file, 2 no engine, or\n"
            "wrong use.\n",
    .run = run,
};
