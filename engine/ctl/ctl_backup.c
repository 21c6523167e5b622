/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisctl backup */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/dosis_time.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"
#include "ctl/ctl_options.h"
#include "store/dosis_backup.h"

#define BACKUP_LINE_MAX 16384


static int64_t
now_ns(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t) now.tv_sec * DOSIS_NS_PER_S + now.tv_nsec;
}


static void
print(const char *done, const char *dir, const dosis_backup_t *backup,
    bool as_json)
{
    char memory[BACKUP_LINE_MAX];
    dosis_buf_t text;

    if (!as_json) {
        printf("%s: %s: %" PRIu64 " bytes, %" PRIu64 " operations, transaction"
               " %" PRIu64 ", key %s\n",
            done, dir, backup->bytes, backup->log_seq, backup->txn,
            backup->kek);
        return;
    }
    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    dosis_backup_add_json(&text, backup);
    if (text.rc == DOSIS_OK) {
        printf("%.*s", (int) text.len, text.data);
    }
}


/* What it means of a backup, where the code's own text is about requests. */
static const char *
meaning(dosis_rc_t rc)
{
    switch (rc) {
    case DOSIS_ECONFLICT:
        return "it is there already, and nothing is overwritten";
    case DOSIS_ENOTFOUND:
        return "make the directory above it first";
    case DOSIS_EBUSY:
        return "it is a store, which the engine keeps";
    case DOSIS_EKEY:
        return "it was made under another key-encryption key";
    default:
        return dosis_rc_text(rc);
    }
}


static int
make(const ctl_home_t *home, const dosis_secret_t *kek, const char *dir,
    bool as_json)
{
    dosis_store_t *store;
    dosis_backup_t backup;
    uint64_t room = 0;
    dosis_rc_t rc;

    if (ctl_home_open_store(home, &store) != DOSIS_OK) {
        return CTL_FAILED;
    }
    rc = dosis_backup_write(store, kek, dir, now_ns(), &backup);
    if (rc == DOSIS_EFULL && dosis_backup_room(store, &room) == DOSIS_OK) {
        ctl_say("no backup made: %s: it needs %" PRIu64 " bytes there", dir,
            room);
    } else if (rc != DOSIS_OK) {
        ctl_say("no backup made: %s: %s (%s)", dir, meaning(rc),
            dosis_rc_name(rc));
    }
    dosis_store_close(store);
    if (rc != DOSIS_OK) {
        return CTL_FAILED;
    }
    print("backup made", dir, &backup, as_json);
    return CTL_FINE;
}


static int
check(const dosis_secret_t *kek, const char *dir, bool as_json)
{
    dosis_backup_t backup;
    dosis_rc_t rc = dosis_backup_check(dir, kek, &backup);

    if (rc == DOSIS_OK) {
        print("backup is whole", dir, &backup, as_json);
        return CTL_FINE;
    }
    if (rc == DOSIS_EFORMAT) {
        ctl_say("BACKUP IS DAMAGED: %s: not the bytes that were written", dir);
        return CTL_FOUND;
    }
    ctl_say("not checked: %s: %s (%s)", dir,
        rc == DOSIS_ENOTFOUND ? "it is no finished backup" : meaning(rc),
        dosis_rc_name(rc));
    return CTL_FAILED;
}


static int
run(const ctl_command_t *command, int argc, char **argv)
{
    bool as_json = false, checked = false;
    const char *dir, *store = NULL, *key_file = NULL;
    const ctl_option_t options[] = {
        { .name = "json", .flag = &as_json },
        { .name = "check", .flag = &checked },
        { .name = "store", .text = &store },
        { .name = "key-file", .text = &key_file },
        { .name = NULL },
    };
    ctl_options_verdict_t verdict;
    dosis_secret_t *kek;
    ctl_home_t home;
    int code;

    verdict = ctl_options_parse(command, argc, argv, options, &dir);
    if (verdict != CTL_OPTIONS_FINE) {
        return verdict == CTL_OPTIONS_HELPED ? CTL_FINE : CTL_FAILED;
    }
    if (dir == NULL || dir[0] == '\0') {
        ctl_say("backup needs a directory that is not there yet");
        return CTL_FAILED;
    }
    if (!ctl_home_given(&home, store, key_file)
        || ctl_home_load_key(&home, &kek) != DOSIS_OK) {
        return CTL_FAILED;
    }
    code = checked ? check(kek, dir, as_json) : make(&home, kek, dir, as_json);
    dosis_secret_free(kek);
    return code;
}


const ctl_command_t ctl_backup = {
    .word = "backup",
    .summary = "a copy of the store while it is in use",
    .help =
        "usage: dosisctl backup DIR [--json] [--store S] [--key-file F]\n"
        "       dosisctl backup DIR --check [--json] [--key-file F]\n"
        "\n"
        "Makes DIR, which must not be there yet, with a copy of the store of\n"
        "one moment: engine and workers may be up and deliveries go on. It is\n"
        "on disk, opened once and read back when this ends with 0. What is in\n"
        "it is sealed; the key-encryption key is NOT in it: keep that apart.\n"
        "\n"
        "  --check        whether a backup is still what was written, and\n"
        "                 opens\n"
        "  --store S      another store than DOSIS_HOME/store\n"
        "  --key-file F   another key than DOSIS_HOME/keys/kek.hex\n"
        "\n"
        "To restore: stop engine and nginx, put the files of DIR in an empty\n"
        "store directory, start; see dosisctl(8).\n"
        "Exit codes: 0 fine, 1 the backup is damaged, 2 not made or not\n"
        "checked.\n",
    .run = run,
};
