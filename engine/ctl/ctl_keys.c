/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl keys */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/dosis_file.h"
#include "crypto/dosis_secret.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_issuer.h"
#include "ctl/ctl_options.h"

#define KEYS_SET_MAX 8192
#define KEYS_SET_MODE 0644 /* public */
#define KEYS_DIR_MODE 0750

const ctl_issuer_key_t ctl_issuer_keys[CTL_ISSUER_KEYS] = {
    { "RS256", "dev-rs256", "keys/issuer-rs256.pem", DOSIS_DEVKEY_RS256 },
    { "ES256", "dev-es256", "keys/issuer-es256.pem", DOSIS_DEVKEY_ES256 },
    { "PS256", "dev-ps256", "keys/issuer-ps256.pem", DOSIS_DEVKEY_PS256 },
    { "EdDSA", "dev-eddsa", "keys/issuer-eddsa.pem", DOSIS_DEVKEY_EDDSA },
};


static bool
make_dir(const char *path)
{
    if (mkdir(path, KEYS_DIR_MODE) == 0 || errno == EEXIST) {
        return true;
    }
    ctl_say("directory not made: %s: %s", path, strerror(errno));
    return false;
}


static bool
there(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}


/* Once made it stays: another one would not open the store. */
static dosis_rc_t
make_kek(const char *path)
{
    dosis_secret_t *kek = NULL;
    dosis_rc_t rc;

    if (there(path)) {
        rc = dosis_secret_load(path, &kek);
    } else {
        rc = dosis_secret_generate(&kek);
        if (rc == DOSIS_OK) {
            rc = dosis_secret_save(path, kek);
        }
    }
    dosis_secret_free(kek);
    if (rc != DOSIS_OK) {
        ctl_say("key-encryption key: %s: %s", path, dosis_rc_text(rc));
    }
    return rc;
}


/* Makes the key when there is none; adds its public half to the set. */
static dosis_rc_t
make_issuer_key(
    const ctl_home_t *home, const ctl_issuer_key_t *row, dosis_buf_t *set)
{
    ctl_path_t path = ctl_home_path(home, row->file);
    dosis_devkey_t *key = NULL;
    dosis_rc_t rc;

    rc = dosis_devkey_load(path.path, row->kind, &key);
    if (rc == DOSIS_ENOTFOUND) {
        rc = dosis_devkey_generate(row->kind, &key);
        if (rc == DOSIS_OK) {
            rc = dosis_devkey_save(path.path, key);
        }
    }
    if (rc == DOSIS_OK) {
        rc = dosis_devkey_add_jwk(set, key, row->kid);
    }
    dosis_devkey_free(key);
    if (rc != DOSIS_OK) {
        ctl_say("issuer key: %s: %s", path.path, dosis_rc_text(rc));
    }
    return rc;
}


static dosis_rc_t
make_issuer(const ctl_home_t *home)
{
    ctl_path_t path = ctl_home_path(home, "keys/jwks.json");
    char memory[KEYS_SET_MAX];
    dosis_buf_t set;
    dosis_rc_t rc = DOSIS_OK;
    size_t i;

    dosis_buf_init_fixed(&set, memory, sizeof(memory));
    DOSIS_BUF_LIT(&set, "{\"keys\":[\n");
    for (i = 0; rc == DOSIS_OK && i < CTL_ISSUER_KEYS; i++) {
        if (i > 0) {
            DOSIS_BUF_LIT(&set, ",\n");
        }
        rc = make_issuer_key(home, &ctl_issuer_keys[i], &set);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(&set, "\n]}\n");
    rc = set.rc;
    if (rc == DOSIS_OK) {
        rc =
            dosis_file_replace(path.path, KEYS_SET_MODE, dosis_buf_slice(&set));
    }
    if (rc != DOSIS_OK) {
        ctl_say("key set: %s: %s", path.path, dosis_rc_text(rc));
    }
    return rc;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    const ctl_option_t options[] = { { .name = NULL } };
    ctl_options_verdict_t verdict;
    const char *word;
    ctl_home_t home;

    verdict = ctl_options_parse(command, argc, argv, options, &word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (word == NULL || strcmp(word, "init") != 0) {
        ctl_say("'dosisctl keys init' is what it can do");
        return CTL_FAILED;
    }
    if (!ctl_home_find(&home) || !make_dir(home.dir)
        || !make_dir(ctl_home_path(&home, "keys").path)
        || make_kek(ctl_home_path(&home, "keys/kek.hex").path) != DOSIS_OK
        || make_issuer(&home) != DOSIS_OK) {
        return CTL_FAILED;
    }
    return CTL_FINE;
}


const ctl_command_t ctl_keys = {
    .word = "keys",
    .summary = "make the keys of a development instance",
    .help = "usage: dosisctl keys init\n"
            "\n"
            "Makes what is missing below DOSIS_HOME/keys, and changes nothing\n"
            "that is there: the key-encryption key (kek.hex), the private\n"
            "keys of the development issuer (issuer-*.pem, one for each\n"
            "algorithm) and the key set with their public halves\n"
            "(jwks.json). For development: a production machine has the\n"
            "first only, and trusts issuers of its own.\n",
    .run = run,
};
