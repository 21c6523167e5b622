/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_home.h: where the instance lives: $DOSIS_HOME, else .run in the current
 * directory, else .run beside the directory of the program.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   looks at the file system
 * Memory     in place
 * Errors     false, said on standard error
 */

#ifndef DOSIS_CTL_CTL_HOME_H
#define DOSIS_CTL_CTL_HOME_H

#include <limits.h>
#include <stdbool.h>

#include "store/dosis_store.h"

typedef struct {
    char dir[PATH_MAX];
    const char *store;    /* --store, or NULL: below dir */
    const char *key_file; /* --key-file, or NULL: below dir */
} ctl_home_t;

typedef struct {
    char path[PATH_MAX + 64];
} ctl_path_t;

/* Nothing given besides it. */
bool ctl_home_find(ctl_home_t *home);

/* As options said; a NULL is none. */
bool ctl_home_given(
    ctl_home_t *home, const char *store, const char *key_file);

/* below: a literal of at most 60 characters. */
ctl_path_t ctl_home_path(const ctl_home_t *home, const char *below);

/* The key-encryption key. */
DOSIS_CHECK dosis_rc_t ctl_home_load_key(
    const ctl_home_t *home, dosis_secret_t **ret_kek);

/* The instance's store with its key, read-only. */
DOSIS_CHECK dosis_rc_t ctl_home_open_store(
    const ctl_home_t *home, dosis_store_t **ret_store);

/* The store that options said, in the same way. */
DOSIS_CHECK dosis_rc_t ctl_home_open_given(
    const char *store, const char *key_file, dosis_store_t **ret_store);

/* "dosisctl: ..." on standard error. */
void ctl_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
