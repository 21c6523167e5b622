/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_home.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


void
ctl_say(const char *format, ...)
{
    va_list args;

    fputs("dosisctl: ", stderr);
    va_start(args, format);
    (void) vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}


static bool
is_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}


/* <program's directory>/../.run */
static bool
beside_program(char *to, size_t cap)
{
    char self[PATH_MAX];
    ssize_t n;
    int up;
    char *slash;

    n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (n <= 0) {
        return false;
    }
    self[n] = '\0';
    for (up = 0; up < 2; up++) {
        slash = strrchr(self, '/');
        if (slash == NULL) {
            return false;
        }
        *slash = '\0';
    }
    n = snprintf(to, cap, "%s/.run", self);
    return n > 0 && (size_t) n < cap;
}


bool
ctl_home_find(ctl_home_t *home)
{
    const char *given = getenv("DOSIS_HOME");
    int n;

    home->store = home->key_file = NULL;
    if (given != NULL && given[0] != '\0') {
        n = snprintf(home->dir, sizeof(home->dir), "%s", given);
        if (n < 0 || (size_t) n >= sizeof(home->dir)) {
            ctl_say("DOSIS_HOME is too long");
            return false;
        }
        return true;
    }
    if (is_dir(".run") || !beside_program(home->dir, sizeof(home->dir))) {
        (void) snprintf(home->dir, sizeof(home->dir), ".run");
    }
    return true;
}


bool
ctl_home_given(ctl_home_t *home, const char *store, const char *key_file)
{
    if (!ctl_home_find(home)) {
        return false;
    }
    home->store = store;
    home->key_file = key_file;
    return true;
}


ctl_path_t
ctl_home_path(const ctl_home_t *home, const char *below)
{
    ctl_path_t path;

    (void) snprintf(path.path, sizeof(path.path), "%s/%s", home->dir, below);
    return path;
}


dosis_rc_t
ctl_home_load_key(const ctl_home_t *home, dosis_secret_t **ret_kek)
{
    ctl_path_t below = ctl_home_path(home, "keys/kek.hex");
    const char *path = home->key_file != NULL ? home->key_file : below.path;
    dosis_rc_t rc;

    rc = dosis_secret_load(path, ret_kek);
    if (rc != DOSIS_OK) {
        ctl_say("key not loaded: %s: %s", path,
            access(path, F_OK) == 0
                ? dosis_rc_text(rc)
                : "it is not there; does DOSIS_HOME name an instance?");
    }
    return rc;
}


dosis_rc_t
ctl_home_open_store(const ctl_home_t *home, dosis_store_t **ret_store)
{
    ctl_path_t below = ctl_home_path(home, "store");
    dosis_store_options_t options = {
        .dir = home->store != NULL ? home->store : below.path,
        .read_only = true,
    };
    dosis_secret_t *kek;
    dosis_rc_t rc;
    char why[DOSIS_STORE_WHY];

    rc = ctl_home_load_key(home, &kek);
    if (rc != DOSIS_OK) {
        return rc;
    }
    options.kek = kek;
    rc = dosis_store_open(&options, ret_store);
    dosis_secret_free(kek);
    if (rc != DOSIS_OK) {
        ctl_say("store not opened: %s: %s (%s)", options.dir,
            dosis_store_why(options.dir, rc, why), dosis_rc_name(rc));
    }
    return rc;
}


dosis_rc_t
ctl_home_open_given(
    const char *store, const char *key_file, dosis_store_t **ret_store)
{
    ctl_home_t home;

    return ctl_home_given(&home, store, key_file)
        ? ctl_home_open_store(&home, ret_store)
        : DOSIS_ENOTFOUND;
}
