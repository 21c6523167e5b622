/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tool_store.h: a store that a tool of the tests has open: a step that fails
 * ends the program and says which it was.
 *
 * Layer      tests
 * Threads    one
 * Blocking   as the store
 * Memory     open gives, close takes
 * Errors     exit code 1
 */

#ifndef DOSIS_T_TOOLS_TOOL_STORE_H
#define DOSIS_T_TOOLS_TOOL_STORE_H

#include "base/dosis_json.h"
#include "store/dosis_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    dosis_secret_t *kek;
    dosis_store_t *store;
} tool_t;


static inline void
must(dosis_rc_t rc, const char *what)
{
    if (rc != DOSIS_OK) {
        fprintf(stderr, "%s: %s\n", what, dosis_rc_name(rc));
        exit(1);
    }
}


static inline void
tool_open(tool_t *tool, const char *dir, const char *key_file)
{
    dosis_store_options_t options = { .dir = dir };

    dosis_json_init();
    must(dosis_secret_load(key_file, &tool->kek), "key");
    options.kek = tool->kek;
    must(dosis_store_open(&options, &tool->store), "store");
}


static inline void
tool_close(tool_t *tool)
{
    dosis_store_close(tool->store);
    dosis_secret_free(tool->kek);
}


/* Says that it is held, and comes back at the end of the input. */
static inline void
tool_hold(void)
{
    char byte;

    puts("held");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
        continue;
    }
}

#endif
