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
#include "ctl/ctl_signing.h"

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
make_keys(const ctl_home_t *home)
{
    if (!make_dir(home->dir) || !make_dir(ctl_home_path(home, "keys").path)
        || make_kek(ctl_home_path(home, "keys/kek.hex").path) != DOSIS_OK
        || make_issuer(home) != DOSIS_OK) {
        return CTL_FAILED;
    }
    return CTL_FINE;
}


/* Which words go with which; an option elsewhere is a mistake. */
static bool
words_fit(const ctl_signing_t *asked, size_t named)
{
    const char *word = asked->word == NULL ? "" : asked->word;
    bool init = strcmp(word, "init") == 0;

    if ((!init && !ctl_signing_knows(word))
        || (named == 1) != (strcmp(word, "drop") == 0)
        || (asked->now && strcmp(word, "rotate") != 0)
        || (asked->json && init)) {
        ctl_say("'dosisctl keys --help' shows the words and what follows them");
        return false;
    }
    return true;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    ctl_signing_t asked = { .word = NULL };
    const char *kid[1] = { NULL };
    size_t named = 0;
    const ctl_option_t options[] = {
        { .name = "json", .flag = &asked.json },
        { .name = "now", .flag = &asked.now },
        { .name = "", .list = kid, .list_count = &named, .list_max = 1 },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    ctl_path_t socket;
    ctl_home_t home;

    verdict = ctl_options_parse(command, argc, argv, options, &asked.word);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (!words_fit(&asked, named) || !ctl_home_find(&home)) {
        return CTL_FAILED;
    }
    if (strcmp(asked.word, "init") == 0) {
        return make_keys(&home);
    }
    socket = ctl_home_path(&home, "run/dosisd.sock");
    asked.socket = socket.path;
    asked.kid = kid[0];
    return ctl_signing(&asked);
}


const ctl_command_t ctl_keys = {
    .word = "keys",
    .summary = "the keys DOSIS signs with; those of a development instance",
    .help =
        "usage: dosisctl keys list [--json]\n"
        "       dosisctl keys rotate [--now] [--json]\n"
        "       dosisctl keys drop KID [--json]\n"
        "       dosisctl keys init\n"
        "\n"
        "DOSIS signs click-through assertions with a key of its own, sealed\n"
        "in the store; verifiers read the public halves at\n"
        "/.well-known/jwks.json. The engine makes an active and a next key at\n"
        "its first start. rotate: the next key signs from here on, the active\n"
        "one retires and stays published for a day, a new one comes next. A\n"
        "next key younger than ten minutes may not be known to verifiers yet;\n"
        "--now turns all the same. drop: a retired key is published no more,\n"
        "so what it signed is worth nothing: for a key that was stolen.\n"
        "\n"
        "init makes what is missing below DOSIS_HOME/keys, and leaves what is\n"
        "there as it is: the key-encryption key (kek.hex), the private keys\n"
        "of the development issuer (issuer-*.pem, one for each algorithm) and\n"
        "the key set with their public halves (jwks.json). For development: a\n"
        "production machine has the first only, and trusts issuers of its\n"
        "own.\n"
        "\n"
        "Exit codes: 0 done, 1 refused, 2 wrong words or no engine.\n",
    .run = run,
};
