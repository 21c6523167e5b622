/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl toegang: who sees what, shown and put to the test */
#include <stdio.h>
#include <string.h>

#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "ctl/ctl_toegang.h"


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    bool markdown = false; /* the only form there is, and so said or not */
    const char *word;
    ctl_options_verdict_t verdict;
    const ctl_option_t options[] = {
        { .name = "markdown", .flag = &markdown },
        { .name = NULL },
    };

    verdict = ctl_options_parse(command, argc, argv, options, &word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (word != NULL && strcmp(word, "matrix") == 0) {
        return ctl_toegang_matrix();
    }
    ctl_say("'dosisctl toegang matrix' is what it can do");
    return CTL_FAILED;
}


const ctl_command_t ctl_toegang = {
    .word = "toegang",
    .summary = "who sees what",
    .help = "usage: dosisctl toegang matrix [--markdown]\n"
            "\n"
            "matrix prints the rules of access and what follows from them,\n"
            "from the table that judges each request: the page\n"
            "engine/doc/toegang-matrix.md.\n",
    .run = run,
};
