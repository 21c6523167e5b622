/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl: finds the word in the table and runs it. */
#include <stdio.h>
#include <string.h>

#include "base/dosis_json.h"
#include "crypto/dosis_secret.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"

#ifndef DOSIS_VERSION
#define DOSIS_VERSION "0" /* the build sets it */
#endif

static const ctl_command_t *const commands[] = {
    &ctl_status,
    &ctl_verify,
    &ctl_inzage,
    &ctl_backup,
    &ctl_bron,
    &ctl_client,
    &ctl_pauze,
    &ctl_uitgever,
    &ctl_token,
    &ctl_keys,
    &ctl_regels,
    &ctl_csv,
    &ctl_import,
    &ctl_opladingen,
    &ctl_export,
    &ctl_toegang,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))


static void
print_help(FILE *to)
{
    size_t i;

    fputs("usage: dosisctl COMMAND [OPTION...]\n\n", to);
    for (i = 0; i < COMMANDS; i++) {
        fprintf(to, "  %-10s  %s\n", commands[i]->word, commands[i]->summary);
    }
    fputs("\n"
          "'dosisctl COMMAND --help' tells more; so does dosisctl(8).\n"
          "The instance is found through DOSIS_HOME; without it, .run in the\n"
          "current directory, or .run beside the directory of this program.\n"
          "Exit codes: 0 fine, 1 something is wrong, 2 could not look.\n",
        to);
}


int
main(int argc, char **argv)
{
    size_t i;

    if (argc < 2) {
        print_help(stderr);
        return CTL_FAILED;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return CTL_FINE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("dosisctl %s\n", DOSIS_VERSION);
        return CTL_FINE;
    }
    dosis_secret_guard();
    dosis_json_init();
    for (i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i]->word) == 0) {
            return commands[i]->run(commands[i], argc - 1, argv + 1);
        }
    }
    ctl_say("unknown command '%s'; 'dosisctl --help' lists them", argv[1]);
    return CTL_FAILED;
}
