/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_options.h"

#include <stdio.h>
#include <string.h>

#include "ctl/ctl_home.h"


static const ctl_option_t *
find(const ctl_option_t *options, const char *name, size_t len)
{
    for (; options->name != NULL; options++) {
        if (strlen(options->name) == len
            && memcmp(options->name, name, len) == 0) {
            return options;
        }
    }
    return NULL;
}


static bool
store_value(const ctl_option_t *option, const char *value)
{
    if (option->text != NULL) {
        if (*option->text != NULL) {
            ctl_say("--%s is given twice", option->name);
            return false;
        }
        *option->text = value;
        return true;
    }
    if (*option->list_count == option->list_max) {
        ctl_say("--%s is given more than %zu times", option->name,
            option->list_max);
        return false;
    }
    option->list[(*option->list_count)++] = value;
    return true;
}


/* An argument that is no option. */
static bool
take_word(const char *word, int place, const ctl_option_t *options,
    const char **ret_word)
{
    const ctl_option_t *more = find(options, "", 0);

    if (ret_word != NULL && *ret_word == NULL) {
        *ret_word = word;
        return true;
    }
    if (more != NULL && *more->list_count < more->list_max) {
        more->list[(*more->list_count)++] = word;
        return true;
    }
    /* not repeated in full: it may be a person's number */
    ctl_say("unexpected argument at place %d", place);
    return false;
}


/* Moves *at to the last argument it has used. */
static bool
take_option(int argc, char **argv, int *at, const ctl_option_t *options)
{
    const char *name = argv[*at] + 2;
    const char *equals = strchr(name, '=');
    const char *value = equals == NULL ? NULL : equals + 1;
    size_t len = equals == NULL ? strlen(name) : (size_t) (equals - name);
    const ctl_option_t *option = find(options, name, len);

    if (option == NULL) {
        ctl_say("unknown option '--%.*s'", (int) len, name);
        return false;
    }
    if (option->flag != NULL) {
        if (value != NULL) {
            ctl_say("--%s takes no value", option->name);
            return false;
        }
        *option->flag = true;
        return true;
    }
    if (value == NULL && *at + 1 < argc) {
        value = argv[++*at];
    }
    if (value == NULL) {
        ctl_say("--%s needs a value", option->name);
        return false;
    }
    return store_value(option, value);
}


ctl_options_verdict_t
ctl_options_parse(const ctl_command_t *command, int argc, char **argv,
    const ctl_option_t *options, const char **ret_word)
{
    bool fine = true;
    int i;

    if (ret_word != NULL) {
        *ret_word = NULL;
    }
    for (i = 1; fine && i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(command->help, stdout);
            return CTL_OPTIONS_HELPED;
        }
        if (strncmp(argv[i], "--", 2) == 0 && argv[i][2] != '\0') {
            fine = take_option(argc, argv, &i, options);
        } else {
            fine = take_word(argv[i], i, options, ret_word);
        }
    }
    if (!fine) {
        ctl_say("'dosisctl %s --help' shows the options", command->word);
        return CTL_OPTIONS_WRONG;
    }
    return CTL_OPTIONS_FINE;
}
