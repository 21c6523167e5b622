/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl verify */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/dosis_json.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "store/dosis_verify.h"

#define VERIFY_LINE_MAX 4096

typedef struct {
    bool as_json;
    uint64_t findings;
} verify_print_t;

/* What the progress line shows: seconds gone by. */
static volatile sig_atomic_t seconds;


/* Once a second, on a terminal. Only what a signal handler may do. */
static void
on_second(int signo)
{
    char line[] = "\rverifying, ....... s";
    int left = seconds = seconds + 1;
    size_t at = sizeof(line) - 4;

    (void) signo;
    for (; line[at] == '.'; at--) {
        line[at] = left > 0 ? (char) ('0' + left % 10) : ' ';
        left /= 10;
    }
    if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0) {
        return;
    }
}


static void
progress(bool on)
{
    struct sigaction action = { .sa_flags = SA_RESTART };
    struct itimerval each = { { 0, 0 }, { 0, 0 } };

    action.sa_handler = on ? on_second : SIG_IGN;
    sigemptyset(&action.sa_mask);
    each.it_interval.tv_sec = each.it_value.tv_sec = on ? 1 : 0;
    if (sigaction(SIGALRM, &action, NULL) != 0) {
        return;
    }
    (void) setitimer(ITIMER_REAL, &each, NULL);
    if (!on && seconds > 0) {
        fputs("\r\033[K", stderr);
    }
}


static void
on_finding(const char *text, void *payload)
{
    verify_print_t *print = payload;
    char memory[VERIFY_LINE_MAX];
    dosis_buf_t line;

    print->findings++;
    if (!print->as_json) {
        puts(text);
        return;
    }
    dosis_buf_init_fixed(&line, memory, sizeof(memory));
    dosis_json_add_string(&line, dosis_slice_of(text));
    if (line.rc == DOSIS_OK) {
        printf("%s\n  %.*s", print->findings > 1 ? "," : "", (int) line.len,
            line.data);
    }
}


static void
print_end(
    const verify_print_t *print, const dosis_verify_t *seen, dosis_rc_t rc)
{
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        { "values", seen->values },
        { "dossiers", seen->dossiers },
        { "withdrawn", seen->withdrawn },
        { "rows", seen->rows },
        { "pages", seen->pages },
        { "history", seen->history },
        { "uploads", seen->uploads },
    };
    size_t i;

    if (print->as_json) {
        printf("],\"complete\":%s,\"count\":%" PRIu64,
            rc == DOSIS_OK ? "true" : "false", print->findings);
    } else {
        printf("%s: %" PRIu64 " findings;",
            rc == DOSIS_OK ? "store looked at" : "STORE NOT LOOKED AT IN FULL",
            print->findings);
    }
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        printf(print->as_json ? ",\"%s\":%" PRIu64 : " %s %" PRIu64,
            rows[i].name, rows[i].value);
    }
    puts(print->as_json ? "}" : "");
}


static int
verify(dosis_store_t *store, bool as_json)
{
    verify_print_t print = { .as_json = as_json };
    dosis_verify_t seen;
    bool terminal = isatty(STDERR_FILENO) == 1;
    dosis_rc_t rc;

    memset(&seen, 0, sizeof(seen));
    if (as_json) {
        printf("{\"findings\":[");
    }
    if (terminal) {
        progress(true);
    }
    rc = dosis_verify(store, on_finding, &print, &seen);
    if (terminal) {
        progress(false);
    }
    print_end(&print, &seen, rc);
    if (rc != DOSIS_OK) {
        ctl_say("store not looked at in full: %s (%s)", dosis_rc_text(rc),
            dosis_rc_name(rc));
        return CTL_FAILED;
    }
    return print.findings > 0 || seen.findings > 0 ? CTL_FOUND : CTL_FINE;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    bool as_json = false;
    const char *dir = NULL, *key_file = NULL;
    const ctl_option_t options[] = {
        { .name = "json", .flag = &as_json },
        { .name = "store", .text = &dir },
        { .name = "key-file", .text = &key_file },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    dosis_store_t *store;
    int code;

    verdict = ctl_options_parse(command, argc, argv, options, NULL);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (ctl_home_open_given(dir, key_file, &store) != DOSIS_OK) {
        return CTL_FAILED;
    }
    code = verify(store, as_json);
    dosis_store_close(store);
    return code;
}


const ctl_command_t ctl_verify = {
    .word = "verify",
    .summary = "whether the store is whole",
    .help = "usage: dosisctl verify [--json] [--store DIR] [--key-file FILE]\n"
            "\n"
            "Opens the store itself, read-only, with the engine up or down,\n"
            "and looks at every value: does it open in its place, does every\n"
            "index entry have its record and the reverse, are all copies\n"
            "equal. One finding per line.\n"
            "\n"
            "Exit codes: 0 clean, 1 findings, 2 could not look.\n",
    .run = run,
};
