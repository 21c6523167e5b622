/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl pauze */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_engine.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "ctl/ctl_registration.h"
#include "domain/dosis_pauze.h"

#define PAUZE_PATH "/pauzes"
#define PAUZE_BODY_MAX 8192
#define PAUZE_WORDS_MAX 2

/* One run of the program. */
typedef struct {
    const char *stand; /* behind set, else NULL */
    const char *bron;
    const char *tot;
    const char *reden;
    bool json;
    ctl_path_t socket;
} pauze_run_t;


static int64_t
now_ns(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t) now.tv_sec * DOSIS_NS_PER_S + now.tv_nsec;
}


static void print_one(const dosis_json_t *json);


static ctl_registrations_t
pauses(const pauze_run_t *run)
{
    return (ctl_registrations_t){ .socket = run->socket.path,
        .path = PAUZE_PATH,
        .settings = &dosis_pauze_settings,
        .json = run->json,
        .print = print_one };
}


static int
ask(const pauze_run_t *run, ctl_engine_call_t *call, dosis_buf_t *answer)
{
    const ctl_registrations_t which = pauses(run);

    return ctl_registration_ask(&which, call, answer);
}


/* --- set, lift ----------------------------------------------------------- */

/* One that is over before it begins is a mistake. */
static bool
lies_ahead(const char *tot)
{
    int64_t ns;

    if (tot == NULL || !dosis_time_parse(dosis_slice_of(tot), &ns)
        || ns > now_ns()) {
        return true;
    }
    ctl_say("--tot %s has passed", tot);
    return false;
}


static void
add_member(dosis_buf_t *body, const char *name, const char *value)
{
    if (value != NULL) {
        dosis_buf_add_byte(body, ',');
        dosis_json_add_member(body, name, dosis_slice_of(value));
    }
}


static int
on_set(const pauze_run_t *run)
{
    ctl_engine_call_t call = {
        .method = "PUT", .key = "bron", .value = run->bron
    };
    dosis_buf_t body, answer;
    int code = CTL_FAILED;

    if (!lies_ahead(run->tot)) {
        return CTL_FAILED;
    }
    dosis_buf_init(&body, PAUZE_BODY_MAX);
    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    dosis_buf_add_byte(&body, '{');
    dosis_json_add_member(&body, "Bron", dosis_slice_of(run->bron));
    add_member(&body, "Stand", run->stand);
    add_member(&body, "Tot", run->tot);
    add_member(&body, "Reden", run->reden);
    dosis_buf_add_byte(&body, '}');
    if (body.rc == DOSIS_OK) {
        call.body = dosis_buf_slice(&body);
        code = ask(run, &call, &answer);
    } else {
        ctl_say("too long");
    }
    dosis_buf_done(&answer);
    dosis_buf_done(&body);
    return code;
}


static int
on_lift(const pauze_run_t *run)
{
    ctl_engine_call_t call = {
        .method = "DELETE", .key = "bron", .value = run->bron
    };
    dosis_buf_t answer;
    int code;

    dosis_buf_init(&answer, CTL_REGISTRATION_ANSWER_MAX);
    code = ask(run, &call, &answer);
    dosis_buf_done(&answer);
    return code;
}


/* --- list ---------------------------------------------------------------- */

static void
print_one(const dosis_json_t *json)
{
    dosis_pauze_t pauze;
    dosis_arena_t *arena = dosis_arena_create(PAUZE_BODY_MAX);

    if (arena != NULL
        && dosis_pauze_from_json(json, arena, &pauze, NULL) == DOSIS_OK) {
        printf("%-40.*s  %-5s  %-7s  %-24.*s  %.*s\n", (int) pauze.bron.len,
            pauze.bron.data, pauze.stand == DOSIS_PAUZE_STIL ? "stil" : "lezen",
            dosis_pauze_geldt(&pauze, now_ns()) ? "geldt" : "voorbij",
            pauze.tot.len > 0 ? (int) pauze.tot.len : 1,
            pauze.tot.len > 0 ? pauze.tot.data : "-", (int) pauze.reden.len,
            pauze.reden.len > 0 ? pauze.reden.data : "");
    }
    dosis_arena_free(arena);
}


static int
on_list(const pauze_run_t *run)
{
    const ctl_registrations_t which = pauses(run);

    return ctl_registration_pages(&which);
}


/* --- the words ----------------------------------------------------------- */

static const struct {
    const char *word;
    bool stand; /* a word follows */
    int (*handler)(const pauze_run_t *run);
} verbs[] = {
    { "list", false, on_list },
    { "set", true, on_set },
    { "lift", false, on_lift },
};


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    pauze_run_t pauze = { .bron = DOSIS_PAUZE_ALLES };
    const char *word = NULL, *more[PAUZE_WORDS_MAX], *bron = NULL;
    size_t i, count = 0;
    const ctl_option_t options[] = {
        { .name = "bron", .text = &bron },
        { .name = "tot", .text = &pauze.tot },
        { .name = "reden", .text = &pauze.reden },
        { .name = "json", .flag = &pauze.json },
        { .name = "",
            .list = more,
            .list_count = &count,
            .list_max = PAUZE_WORDS_MAX },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    ctl_home_t home;

    verdict = ctl_options_parse(command, argc, argv, options, &word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    pauze.bron = bron == NULL ? DOSIS_PAUZE_ALLES : bron;
    pauze.stand = count > 0 ? more[0] : NULL;
    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (word == NULL || strcmp(word, verbs[i].word) != 0
            || count != (verbs[i].stand ? 1 : 0)) {
            continue;
        }
        if (!ctl_home_find(&home)) {
            return CTL_FAILED;
        }
        pauze.socket = ctl_home_path(&home, "run/dosisd.sock");
        return verbs[i].handler(&pauze);
    }
    ctl_say("'dosisctl pauze --help' shows the words and what follows them");
    return CTL_FAILED;
}


const ctl_command_t ctl_pauze = {
    .word = "pauze",
    .summary = "deliveries paused, or the whole register stopped",
    .help = "usage: dosisctl pauze list [--json]\n"
            "       dosisctl pauze set lezen|stil [--bron URI] [--tot TIME]\n"
            "           [--reden TEXT]\n"
            "       dosisctl pauze lift [--bron URI]\n"
            "\n"
            "lezen: deliveries get 503 with Retry-After, nothing of them is\n"
            "kept; what there is can be read. stil: every door gets it, the\n"
            "click-through too, but health, the documents and jwks.json.\n"
            "Without --bron of the whole register; of a source only lezen:\n"
            "its dossiers stay visible, Toestand in Bronnen is Gepauzeerd.\n"
            "\n"
            "--tot is a moment (ISO 8601; Brussels time without a zone): then\n"
            "it no longer holds. --reden, at most 100 bytes, is shown to\n"
            "clients: no names, no numbers of persons.\n"
            "\n"
            "The engine writes it; it holds for the next request, everywhere,\n"
            "and outlives restarts.\n"
            "\n"
            "Exit codes: 0 done, 1 refused, with each problem named, 2 wrong\n"
            "words or no engine.\n",
    .run = run,
};
