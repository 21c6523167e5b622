/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl toegang: who sees what, shown and put to the test */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "ctl/ctl_toegang.h"


#define TEST_SECONDS 10
#define TEST_SECONDS_MAX 86400


static int
run_test(const char *url, const char *seed, const char *seconds)
{
    ctl_home_t home;
    ctl_toegang_test_t asked = { "http://127.0.0.1:8480",
        (uint64_t) time(NULL), TEST_SECONDS };

    if (url != NULL) {
        asked.url = url;
    }
    if (seed != NULL) {
        asked.seed = strtoull(seed, NULL, 10);
    }
    if (seconds != NULL) {
        asked.seconds = strtol(seconds, NULL, 10);
    }
    if (asked.seconds < 1 || asked.seconds > TEST_SECONDS_MAX) {
        ctl_say("--seconds is a number from 1 to %d", TEST_SECONDS_MAX);
        return CTL_FAILED;
    }
    return ctl_home_find(&home) ? ctl_toegang_test(&home, &asked) : CTL_FAILED;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    bool markdown = false; /* the only form there is, and so said or not */
    const char *word;
    const char *url = NULL, *seed = NULL, *seconds = NULL;
    ctl_options_verdict_t verdict;
    const ctl_option_t options[] = {
        { .name = "markdown", .flag = &markdown },
        { .name = "url", .text = &url },
        { .name = "seed", .text = &seed },
        { .name = "seconds", .text = &seconds },
        { .name = NULL },
    };

    verdict = ctl_options_parse(command, argc, argv, options, &word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (word != NULL && strcmp(word, "matrix") == 0) {
        return ctl_toegang_matrix();
    }
    if (word != NULL && strcmp(word, "test") == 0) {
        return run_test(url, seed, seconds);
    }
    ctl_say("'dosisctl toegang matrix' or 'test' is what it can do");
    return CTL_FAILED;
}


const ctl_command_t ctl_toegang = {
    .word = "toegang",
    .summary = "who sees what",
    .help = "usage: dosisctl toegang matrix [--markdown]\n"
            "       dosisctl toegang test [--url U] [--seconds N] [--seed N]\n"
            "\n"
            "matrix prints the rules of access and what follows from them,\n"
            "from the table that judges each request: the page\n"
            "engine/doc/toegang-matrix.md.\n"
            "\n"
            "test asks a development instance: random sources, counters and\n"
            "dossiers, random subjects at every door, against a model that\n"
            "shares no code with those rules. It prints the first difference\n"
            "and exits with 1. What it makes stays there.\n"
            "\n"
            "  --url U      of its server (http://127.0.0.1:8480)\n"
            "  --seconds N  how long (10)\n"
            "  --seed N     the same choices again\n",
    .run = run,
};
