/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl toegang: who sees what, shown and put to the test */
#include <errno.h>
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
#define TEST_ROUNDS_MAX 1000000
#define TEST_HOST_MAX 253


/* Digits only, from low to high; unset when not given. */
static bool
read_number(const char *text, uint64_t low, uint64_t high, uint64_t *to)
{
    char *end;

    if (text == NULL) {
        return true;
    }
    errno = 0;
    *to = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0
        && *to >= low && *to <= high;
}


/* http(s)://host[:port], and nothing behind it: the paths are ours. */
static bool
url_fits(const char *url)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    uint64_t port = 1;
    size_t len;

    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        return false;
    }
    url = strstr(url, "//") + 2;
    if (url[0] == '[') {
        len = strspn(url + 1, "0123456789abcdefABCDEF:.");
        url += len + 1;
        len = len > 0 && *url++ == ']';
    } else {
        len = strspn(url, host);
        url += len;
    }
    if (len == 0 || len > TEST_HOST_MAX) {
        return false;
    }
    return *url == '\0'
        || (*url == ':' && strlen(url) <= 6
            && read_number(url + 1, 1, 65535, &port));
}


/* What was given; all that is wrong is said. */
typedef struct {
    const char *url;
    const char *seed;
    const char *seconds;
    const char *rounds;
} test_words_t;


static bool
read_words(const test_words_t *words, ctl_toegang_test_t *ret)
{
    uint64_t seconds = TEST_SECONDS, rounds = 0;
    bool fine = true;

    if (words->url != NULL && !url_fits(words->url)) {
        ctl_say("--url is http:// or https://, a host and maybe a port,"
                " without a path");
        fine = false;
    }
    if (!read_number(words->seed, 0, UINT64_MAX, &ret->seed)) {
        ctl_say("--seed is a whole number from 0 to 18446744073709551615");
        fine = false;
    }
    if (!read_number(words->seconds, 1, TEST_SECONDS_MAX, &seconds)) {
        ctl_say("--seconds is a number from 1 to %d", TEST_SECONDS_MAX);
        fine = false;
    }
    if (!read_number(words->rounds, 1, TEST_ROUNDS_MAX, &rounds)) {
        ctl_say("--rounds is a number from 1 to %d", TEST_ROUNDS_MAX);
        fine = false;
    }
    if (words->url != NULL) {
        ret->url = words->url;
    }
    ret->seconds = (long) seconds;
    ret->rounds = (unsigned) rounds;
    return fine;
}


static int
run_test(const test_words_t *words)
{
    ctl_home_t home;
    ctl_toegang_test_t asked = { .url = "http://127.0.0.1:8480",
        .seed = (uint64_t) time(NULL) };

    return read_words(words, &asked) && ctl_home_find(&home)
        ? ctl_toegang_test(&home, &asked)
        : CTL_FAILED;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    bool markdown = false; /* the only form there is, and so said or not */
    const char *word;
    test_words_t given = { NULL, NULL, NULL, NULL };
    ctl_options_verdict_t verdict;
    const ctl_option_t options[] = {
        { .name = "markdown", .flag = &markdown },
        { .name = "url", .text = &given.url },
        { .name = "seed", .text = &given.seed },
        { .name = "seconds", .text = &given.seconds },
        { .name = "rounds", .text = &given.rounds },
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
        return run_test(&given);
    }
    ctl_say("'dosisctl toegang matrix' or 'test' is what it can do");
    return CTL_FAILED;
}


const ctl_command_t ctl_toegang = {
    .word = "toegang",
    .summary = "who sees what",
    .help = "usage: dosisctl toegang matrix [--markdown]\n"
            "       dosisctl toegang test [--url U] [--seconds N] [--seed N]\n"
            "                             [--rounds N]\n"
            "\n"
            "matrix prints the rules of access and what follows from them,\n"
            "from the table that judges each request: the page\n"
            "engine/doc/toegang-matrix.md.\n"
            "\n"
            "test asks a development instance: random sources, counters and\n"
            "dossiers, random subjects at every door, against a model that\n"
            "shares no code with those rules. It prints the first difference\n"
            "and exits with 1. What it made it takes away: dossiers are\n"
            "withdrawn, registrations removed; a source that had a dossier\n"
            "stays, switched off.\n"
            "\n"
            "  --url U      of its server (http://127.0.0.1:8480)\n"
            "  --seconds N  how long (10)\n"
            "  --seed N     the same choices again, round by round\n"
            "  --rounds N   at most so many: one subject at every door each\n",
    .run = run,
};
