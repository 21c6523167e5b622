/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_options.h: the options of one command, as a table.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   never
 * Memory     values are borrowed from argv
 * Errors     said on standard error
 */

#ifndef DOSIS_CTL_CTL_OPTIONS_H
#define DOSIS_CTL_CTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/ctl_commands.h"

/* One of the three places to put it is set. */
typedef struct {
    const char *name;  /* without -- */
    bool *flag;        /* takes no value */
    const char **text; /* takes one; given twice is an error */
    const char **list; /* may be given list_max times */
    size_t *list_count;
    size_t list_max;
} ctl_option_t;

typedef enum {
    CTL_OPTIONS_FINE,
    CTL_OPTIONS_HELPED, /* --help was asked for and given */
    CTL_OPTIONS_WRONG
} ctl_options_verdict_t;

/*
 * argv[0] is the command's word. ret_word: the one argument that is no
 * option, or NULL; when the pointer itself is NULL none is allowed. A row with
 * the name "" takes the arguments after it.
 */
ctl_options_verdict_t ctl_options_parse(const ctl_command_t *command, int argc,
    char **argv, const ctl_option_t *options, const char **ret_word);

#endif
