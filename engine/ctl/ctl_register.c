/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl bron, dosisctl client, dosisctl uitgever */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/dosis_file.h"
#include "base/dosis_json_value.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_engine.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "ctl/ctl_patch.h"
#include "ctl/ctl_registration.h"
#include "ctl/ctl_schema.h"
#include "domain/dosis_registratie.h"
#include "domain/dosis_uitgever.h"

#define REGISTER_BODY_MAX (1024 * 1024)

/* What the words are about. */
typedef struct {
    const char *path; /* on the engine's socket */
    const char *key;  /* the parameter that names one */
    const dosis_settings_t *settings;
} register_kind_t;

/* One run of the program. */
typedef struct {
    const ctl_command_t *command;
    const register_kind_t *kind;
    const char *name; /* the first word after the verb, or NULL */
    const char *more[CTL_PATCH_MAX + 1];
    size_t more_count;
    const char *file;
    bool json;
    bool markdown;
    ctl_path_t socket;
} register_run_t;


/* --- asking -------------------------------------------------------------- */

static ctl_registrations_t
registrations(const register_run_t *run)
{
    return (ctl_registrations_t){ .socket = run->socket.path,
        .path = run->kind->path,
        .settings = run->kind->settings,
        .json = run->json };
}


static int
ask(const register_run_t *run, ctl_engine_call_t *call, dosis_buf_t *body)
{
    const ctl_registrations_t which = registrations(run);

    return ctl_registration_ask(&which, call, body);
}


static int
change(const register_run_t *run, const char *method, dosis_slice_t json)
{
    ctl_engine_call_t call = { .method = method, .body = json };
    dosis_buf_t answer;
    int code;

    if (run->name != NULL && strcmp(method, "POST") != 0) {
        call.key = run->kind->key;
        call.value = run->name;
    }
    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ask(run, &call, &answer);
    if (run->json && answer.len > 0) {
        (void) fwrite(answer.data, 1, answer.len, stdout);
    }
    dosis_buf_done(&answer);
    return code;
}


static bool
read_file(const char *path, dosis_buf_t *to)
{
    char bytes[4096];
    size_t got;
    dosis_rc_t rc = DOSIS_OK;

    if (strcmp(path, "-") != 0) {
        rc = dosis_file_read(path, REGISTER_BODY_MAX, to);
    } else {
        while ((got = fread(bytes, 1, sizeof(bytes), stdin)) > 0) {
            dosis_buf_add(to, bytes, got);
        }
        rc = ferror(stdin) ? DOSIS_EIO : to->rc;
    }
    if (rc != DOSIS_OK) {
        ctl_say("not read: %s: %s", path, dosis_rc_text(rc));
    }
    return rc == DOSIS_OK;
}


static int
send_file(const register_run_t *run, const char *method, const char *path)
{
    int code = CTL_FAILED;
    dosis_buf_t body;

    dosis_buf_init(&body, REGISTER_BODY_MAX);
    if (read_file(path, &body)) {
        code = change(run, method, dosis_buf_slice(&body));
    }
    dosis_buf_done(&body);
    return code;
}


/* --- the verbs ----------------------------------------------------------- */

static int
on_add(const register_run_t *run)
{
    return send_file(run, "POST", run->name);
}


static int
on_change(const register_run_t *run)
{
    int code = CTL_FAILED;
    dosis_buf_t patch;

    if (run->file != NULL && run->more_count == 0) {
        return send_file(run, "PUT", run->file);
    }
    if (run->file != NULL) {
        ctl_say("a file or KEY=VALUE, not both");
        return CTL_FAILED;
    }
    dosis_buf_init(&patch, REGISTER_BODY_MAX);
    if (ctl_patch_add(
            &patch, run->kind->settings, run->more, run->more_count)) {
        code = change(run, "PATCH", dosis_buf_slice(&patch));
    }
    dosis_buf_done(&patch);
    return code;
}


static int
on_off(const register_run_t *run)
{
    return change(run, "PATCH", DOSIS_SLICE("{\"Actief\":false}"));
}


static int
on_on(const register_run_t *run)
{
    return change(run, "PATCH", DOSIS_SLICE("{\"Actief\":true}"));
}


static int
on_remove(const register_run_t *run)
{
    return change(run, "DELETE", dosis_slice(NULL, 0));
}


static int
on_show(const register_run_t *run)
{
    ctl_engine_call_t call = {
        .method = "GET", .key = run->kind->key, .value = run->name
    };
    dosis_json_t *json = NULL;
    dosis_buf_t answer;
    int code;

    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ask(run, &call, &answer);
    if (code == CTL_FINE && run->json) {
        (void) fwrite(answer.data, 1, answer.len, stdout);
    } else if (code == CTL_FINE
        && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
            == DOSIS_OK) {
        ctl_registration_print(json, run->kind->settings);
    }
    dosis_json_free(json);
    dosis_buf_done(&answer);
    return code;
}


static int
on_list(const register_run_t *run)
{
    const ctl_registrations_t which = registrations(run);

    return ctl_registration_pages(&which);
}


static int
on_schema(const register_run_t *run)
{
    dosis_buf_t text;

    dosis_buf_init(&text, REGISTER_BODY_MAX);
    if (run->json) {
        ctl_schema_add_json(&text, run->kind->settings);
    } else if (run->markdown) {
        ctl_schema_add_page(&text, run->kind->settings, run->command->word);
    } else {
        ctl_schema_add_text(&text, run->kind->settings);
    }
    (void) fwrite(text.data, 1, text.len, stdout);
    dosis_buf_done(&text);
    return CTL_FINE;
}


/* --- how the key sets are ------------------------------------------------ */

static dosis_slice_t
text_of(const dosis_json_t *object, const char *name)
{
    dosis_slice_t text = dosis_json_string(dosis_json_get(object, name));

    return text.len == 0 ? DOSIS_SLICE("-") : text;
}


static void
print_kids(const char *what, const dosis_json_t *kids)
{
    dosis_slice_t kid;
    size_t i;

    for (i = 0; i < dosis_json_count(kids); i++) {
        kid = dosis_json_string(dosis_json_at(kids, i));
        printf("        %s %.*s\n", what, (int) kid.len, kid.data);
    }
}


static bool
print_issuer(const dosis_json_t *issuer)
{
    dosis_slice_t iss = text_of(issuer, "Iss");
    dosis_slice_t state = text_of(issuer, "Toestand");
    dosis_slice_t good = text_of(issuer, "LaatstGoed");
    dosis_slice_t tried = text_of(issuer, "LaatstGeprobeerd");
    dosis_slice_t failure = text_of(issuer, "Fout");

    printf("%.*s\n        %.*s, good %.*s, tried %.*s, failure %.*s\n",
        (int) iss.len, iss.data, (int) state.len, state.data, (int) good.len,
        good.data, (int) tried.len, tried.data, (int) failure.len,
        failure.data);
    print_kids("key", dosis_json_get(issuer, "Sleutels"));
    print_kids("old", dosis_json_get(issuer, "Vervallen"));
    return !dosis_slice_eq(state, DOSIS_SLICE("faalt"));
}


static int
print_issuers(const register_run_t *run, const dosis_json_t *issuers)
{
    int code = CTL_FINE;
    dosis_buf_t text;
    size_t i;

    if (run->json) {
        dosis_buf_init(&text, CTL_REGISTRATION_ANSWER_MAX);
        if (dosis_json_add_value(&text, issuers)) {
            (void) fwrite(text.data, 1, text.len, stdout);
            putchar('\n');
        }
        dosis_buf_done(&text);
        return CTL_FINE;
    }
    for (i = 0; i < dosis_json_count(issuers); i++) {
        if (!print_issuer(dosis_json_at(issuers, i))) {
            code = CTL_FOUND;
        }
    }
    return code;
}


static int
on_status(const register_run_t *run)
{
    const register_kind_t all = { "/status", NULL, NULL };
    register_run_t there = *run;
    ctl_engine_call_t call = { .method = "GET" };
    dosis_json_t *json = NULL;
    dosis_buf_t answer;
    int code;

    there.kind = &all;
    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ask(&there, &call, &answer);
    if (code == CTL_FINE
        && dosis_json_parse(dosis_buf_slice(&answer), &json, NULL)
            == DOSIS_OK) {
        code = print_issuers(run, dosis_json_get(json, "issuers"));
    }
    dosis_json_free(json);
    dosis_buf_done(&answer);
    return code;
}


typedef struct {
    const char *word;
    bool named; /* a name, or of add a file, follows */
    bool more;  /* and more words */
    int (*handler)(const register_run_t *run);
} register_verb_t;

static const register_verb_t verbs[] = {
    { "list", false, false, on_list },
    { "show", true, false, on_show },
    { "add", true, false, on_add },
    { "change", true, true, on_change },
    { "off", true, false, on_off },
    { "on", true, false, on_on },
    { "remove", true, false, on_remove },
    { "schema", false, false, on_schema },
    { "status", false, false, on_status },
};


/* --- the words ----------------------------------------------------------- */

static const register_verb_t *
find_verb(const register_run_t *run, const char *word)
{
    const register_verb_t *verb = NULL;
    size_t i;

    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (word != NULL && strcmp(word, verbs[i].word) == 0) {
            verb = &verbs[i];
        }
    }
    if (verb != NULL && verb->handler == on_status
        && run->kind->settings != &dosis_uitgever_settings) {
        verb = NULL;
    }
    if (verb == NULL || verb->named != (run->name != NULL)
        || (run->more_count > 0 && !verb->more)) {
        ctl_say("'dosisctl %s --help' shows the words and what follows them",
            run->command->word);
        return NULL;
    }
    return verb;
}


static bool
is_help(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            return true;
        }
    }
    return false;
}


static int
run_kind(const ctl_command_t *command, int argc, char **argv,
    const register_kind_t *kind)
{
    register_run_t run = { .command = command, .kind = kind };
    const char *word, *words[CTL_PATCH_MAX + 1];
    size_t count = 0;
    const ctl_option_t options[] = {
        { .name = "json", .flag = &run.json },
        { .name = "markdown", .flag = &run.markdown },
        { .name = "file", .text = &run.file },
        { .name = "",
            .list = words,
            .list_count = &count,
            .list_max = CTL_PATCH_MAX + 1 },
        { .name = NULL },
    };
    const register_verb_t *verb;
    ctl_home_t home;

    if (is_help(argc, argv)) {
        fputs(command->help, stdout);
        return on_schema(&(register_run_t){ .kind = kind });
    }
    if (ctl_options_parse(command, argc, argv, options, &word)
        != CTL_OPTIONS_FINE) {
        return CTL_FAILED;
    }
    if (count > 0) {
        run.name = words[0];
        run.more_count = count - 1;
        memcpy(run.more, words + 1, run.more_count * sizeof(words[0]));
    }
    verb = find_verb(&run, word);
    if (verb == NULL || !ctl_home_find(&home)) {
        return CTL_FAILED;
    }
    run.socket = ctl_home_path(&home, "run/dosisd.sock");
    return verb->handler(&run);
}


static int
run_bron(const ctl_command_t *command, int argc, char **argv)
{
    const register_kind_t kind = { "/bronnen", "bron", &dosis_bron_settings };

    return run_kind(command, argc, argv, &kind);
}


static int
run_client(const ctl_command_t *command, int argc, char **argv)
{
    const register_kind_t kind = { "/clients", "client",
        &dosis_client_settings };

    return run_kind(command, argc, argv, &kind);
}


static int
run_uitgever(const ctl_command_t *command, int argc, char **argv)
{
    const register_kind_t kind = { "/uitgevers", "iss",
        &dosis_uitgever_settings };

    return run_kind(command, argc, argv, &kind);
}


#define HELP(word, name)                                                       \
    "usage: dosisctl " word " list [--json]\n"                                 \
    "       dosisctl " word " show " name " [--json]\n"                        \
    "       dosisctl " word " add FILE|-\n"                                    \
    "       dosisctl " word " change " name " KEY=VALUE...\n"                  \
    "       dosisctl " word " change " name " --file FILE|-\n"                 \
    "       dosisctl " word " off|on|remove " name "\n"                        \
    "       dosisctl " word " schema [--json|--markdown]\n"                    \
    "\n"                                                                       \
    "The engine writes it; it holds for the next request, everywhere, and\n"   \
    "outlives restarts and reloads: the file below the engine's --reference\n" \
    "counts again only when its own entry there is changed.\n"                 \
    "\n"                                                                       \
    "add takes one JSON object or an array of at most 500: all of them, or\n"  \
    "none and every problem named. change takes KEY=VALUE (a dot before a\n"   \
    "member, an empty VALUE for the default), or puts a whole object in its\n" \
    "place. What is done is done silently.\n"                                  \
    "\n"                                                                       \
    "Exit codes: 0 done, 1 refused, with each problem named, 2 wrong words\n"  \
    "or no engine.\n"                                                          \
    "\n"

#define HELP_REMOVE                                                            \
    "off refuses deliveries and keeps the dossiers visible. remove takes a\n"  \
    "source that never delivered a dossier; dossiers refer to their source\n"  \
    "by a number that is not given again, so one that has any, withdrawn\n"    \
    "ones included, is refused: switch it off.\n"                              \
    "\n"

#define HELP_KEYS                                                              \
    "dosisctl uitgever status [--json] tells of each when its keys were last\n"\
    "fetched, what failed, and which keys count; exit code 1: one fails.\n"    \
    "\n"

const ctl_command_t ctl_bron = {
    .word = "bron",
    .summary = "the sources: list, add, change, switch off, remove",
    .help = HELP("bron", "URI") HELP_REMOVE,
    .run = run_bron,
};

const ctl_command_t ctl_client = {
    .word = "client",
    .summary = "the clients: list, add, change, switch off, remove",
    .help = HELP("client", "CLIENT"),
    .run = run_client,
};

const ctl_command_t ctl_uitgever = {
    .word = "uitgever",
    .summary = "the issuers of tokens: list, add, change, switch off, remove",
    .help = HELP("uitgever", "ISS") HELP_KEYS,
    .run = run_uitgever,
};
