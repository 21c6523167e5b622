/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "crypto/dosis_digest.h"
#include "store/store_env.h"

#define BACKUP_JSON_MAX 16384
#define BACKUP_SPARE ((uint64_t) 1 << 20) /* besides the file itself */
#define BACKUP_KEK_LABEL "dosis backup: which key"
#define BACKUP_DATA_KEY "sleutel/"

typedef struct {
    char path[PATH_MAX];
} backup_path_t;


static dosis_rc_t
path_in(backup_path_t *to, const char *dir, const char *name)
{
    int n = snprintf(to->path, sizeof(to->path), "%s/%s", dir, name);

    return n > 0 && (size_t) n < sizeof(to->path) ? DOSIS_OK : DOSIS_ELIMIT;
}


/* g<N>.mdb, with what is behind it. */
static dosis_rc_t
file_in(backup_path_t *to, const char *dir, uint32_t generation,
    const char *behind)
{
    char name[64];

    (void) snprintf(name, sizeof(name), "g%" PRIu32 ".mdb%s", generation,
        behind);
    return path_in(to, dir, name);
}


static dosis_rc_t
mark_of(const dosis_secret_t *kek, char to[DOSIS_BACKUP_MARK + 1])
{
    dosis_secret_t *mark;
    dosis_rc_t rc = dosis_secret_derive(kek, BACKUP_KEK_LABEL, &mark);

    if (rc == DOSIS_OK) {
        dosis_hex_encode(to,
            dosis_slice(dosis_secret_bytes(mark), DOSIS_BACKUP_MARK / 2));
        dosis_secret_free(mark);
    }
    return rc;
}


/* --- the copy, looked at ------------------------------------------------- */

static dosis_rc_t
read_keys(const store_snap_t *snap, dosis_backup_t *backup)
{
    const dosis_slice_t prefix = DOSIS_SLICE(BACKUP_DATA_KEY);
    store_cursor_t c;
    dosis_rc_t rc;

    backup->keys = 0;
    rc = store_cursor_open(snap, DB_META, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (rc = store_cursor_seek(&c, prefix);
         rc == DOSIS_OK && backup->keys < DOSIS_BACKUP_KEYS;
         rc = store_cursor_next(&c)) {
        if (c.key.len <= prefix.len
            || memcmp(c.key.data, prefix.data, prefix.len) != 0) {
            break;
        }
        backup->key[backup->keys++] =
            (uint32_t) strtoul(c.key.data + prefix.len, NULL, 16);
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
read_copy(dosis_store_t *copy, dosis_backup_t *backup)
{
    store_env_t *env = store_env_take(copy);
    store_snap_t snap = { .env = env };
    dosis_store_state_t state;
    dosis_rc_t rc;

    rc = dosis_store_state(copy, &state);
    if (rc == DOSIS_OK) {
        backup->generation = state.generation;
        backup->format = state.format;
        backup->site = state.site;
        backup->txn = state.last_txn;
        backup->log_seq = state.log_seq;
        rc = store_lmdb_begin(env, false, &snap.txn);
    }
    if (rc == DOSIS_OK) {
        rc = read_keys(&snap, backup);
        store_snap_end(&snap);
    }
    store_env_give(copy, env);
    return rc;
}


/*
 * Opens it as anybody would, and leaves nothing behind. A lock file that was
 * there may be in use, and is never taken away: who held it would not be seen
 * by others any more.
 */
static dosis_rc_t
open_copy(const char *dir, const dosis_secret_t *kek, dosis_backup_t *backup)
{
    const dosis_store_options_t options = {
        .dir = dir,
        .kek = kek,
        .read_only = true,
    };
    backup_path_t lock;
    dosis_store_t *copy;
    bool ours;
    dosis_rc_t rc;

    rc = file_in(&lock, dir, backup->generation, "-lock");
    if (rc != DOSIS_OK) {
        return rc;
    }
    ours = access(lock.path, F_OK) != 0;
    rc = dosis_store_open(&options, &copy);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = read_copy(copy, backup);
    dosis_store_close(copy);
    if (ours) {
        (void) unlink(lock.path);
    }
    return rc;
}


/* The engine has kept it: a store that once came from a backup. */
static dosis_rc_t
check_unused(const char *dir)
{
    backup_path_t lock;
    dosis_rc_t rc = path_in(&lock, dir, "dosisd.lock");

    if (rc == DOSIS_OK && access(lock.path, F_OK) == 0) {
        rc = DOSIS_EBUSY;
    }
    return rc;
}


static dosis_rc_t
digest(const char *dir, dosis_backup_t *backup)
{
    backup_path_t file;
    uint8_t sha256[32];
    dosis_rc_t rc;

    rc = file_in(&file, dir, backup->generation, "");
    if (rc == DOSIS_OK) {
        rc = dosis_digest_file(file.path, sha256, &backup->bytes);
    }
    if (rc == DOSIS_OK) {
        dosis_hex_encode(backup->sha256, dosis_slice(sha256, sizeof(sha256)));
    }
    return rc;
}


/* --- backup.json --------------------------------------------------------- */

void
dosis_backup_add_json(dosis_buf_t *buf, const dosis_backup_t *backup)
{
    size_t i;

    dosis_buf_addf(buf,
        "{\"file\":\"g%" PRIu32 ".mdb\",\"bytes\":%" PRIu64
        ",\"sha256\":\"%s\",\"made_at\":\"",
        backup->generation, backup->bytes, backup->sha256);
    dosis_time_add_utc(buf, backup->made_ns);
    dosis_buf_addf(buf,
        "\",\"format\":%" PRIu32 ",\"generation\":%" PRIu32
        ",\"site\":%u,\"txn\":%" PRIu64 ",\"log_seq\":%" PRIu64
        ",\"kek\":\"%s\",\"data_keys\":[",
        backup->format, backup->generation, (unsigned) backup->site,
        backup->txn, backup->log_seq, backup->kek);
    for (i = 0; i < backup->keys; i++) {
        dosis_buf_addf(
            buf, "%s\"%08" PRIx32 "\"", i > 0 ? "," : "", backup->key[i]);
    }
    DOSIS_BUF_LIT(buf, "]}\n");
}


static dosis_rc_t
write_json(const char *dir, const dosis_backup_t *backup)
{
    char memory[BACKUP_JSON_MAX];
    backup_path_t path;
    dosis_buf_t text;
    dosis_rc_t rc;

    rc = path_in(&path, dir, "backup.json");
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    dosis_backup_add_json(&text, backup);
    return text.rc == DOSIS_OK
        ? dosis_file_create(path.path, 0600, dosis_buf_slice(&text))
        : text.rc;
}


/* Its numbers that can be compared; the rest is for people. */
static dosis_rc_t
parse_json(const dosis_json_t *root, dosis_backup_t *backup)
{
    dosis_slice_t sha256 = dosis_json_string(dosis_json_get(root, "sha256"));
    dosis_slice_t kek = dosis_json_string(dosis_json_get(root, "kek"));
    dosis_slice_t made = dosis_json_string(dosis_json_get(root, "made_at"));
    int64_t bytes = dosis_json_int(dosis_json_get(root, "bytes"));
    int64_t generation = dosis_json_int(dosis_json_get(root, "generation"));

    if (generation < 1 || generation > UINT32_MAX
        || sha256.len != sizeof(backup->sha256) - 1
        || kek.len != DOSIS_BACKUP_MARK || bytes <= 0
        || !dosis_time_parse(made, &backup->made_ns)) {
        return DOSIS_EFORMAT;
    }
    memcpy(backup->sha256, sha256.data, sha256.len);
    memcpy(backup->kek, kek.data, kek.len);
    backup->bytes = (uint64_t) bytes;
    backup->generation = (uint32_t) generation;
    return DOSIS_OK;
}


static dosis_rc_t
read_json(const char *dir, dosis_backup_t *backup)
{
    char memory[BACKUP_JSON_MAX];
    backup_path_t path;
    dosis_buf_t text;
    dosis_json_t *root = NULL;
    dosis_rc_t rc;

    rc = path_in(&path, dir, "backup.json");
    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    if (rc == DOSIS_OK) {
        rc = dosis_file_read(path.path, sizeof(memory), &text);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_json_parse(dosis_buf_slice(&text), &root, NULL);
    if (rc == DOSIS_OK) {
        rc = parse_json(root, backup);
    } else if (rc == DOSIS_EINPUT) {
        rc = DOSIS_EFORMAT;
    }
    dosis_json_free(root);
    return rc;
}


/* --- the two words ------------------------------------------------------- */

dosis_rc_t
dosis_backup_room(dosis_store_t *store, uint64_t *ret_bytes)
{
    dosis_store_state_t state;
    dosis_rc_t rc = dosis_store_state(store, &state);

    if (rc == DOSIS_OK) {
        *ret_bytes = state.used_bytes + BACKUP_SPARE;
    }
    return rc;
}


static dosis_rc_t
check_room(dosis_store_t *store, const char *dir)
{
    struct statvfs fs;
    uint64_t bytes;
    dosis_rc_t rc = dosis_backup_room(store, &bytes);

    if (rc != DOSIS_OK) {
        return rc;
    }
    if (statvfs(dir, &fs) != 0) {
        return DOSIS_EIO;
    }
    return (uint64_t) fs.f_bavail * fs.f_frsize < bytes ? DOSIS_EFULL
                                                         : DOSIS_OK;
}


static dosis_rc_t
copy_into(dosis_store_t *store, const char *dir)
{
    store_env_t *env = store_env_take(store);
    uint32_t generation = env->generation;
    backup_path_t file;
    dosis_rc_t rc;

    rc = file_in(&file, dir, generation, "");
    if (rc == DOSIS_OK) {
        rc = store_lmdb_copy(env, file.path);
    }
    store_env_give(store, env);
    return rc == DOSIS_OK ? store_env_point(dir, generation) : rc;
}


/* Whatever of it is there; dir was made here, so nothing else is. */
static void
take_away(const char *dir, uint32_t generation)
{
    static const char *const names[] = { "CURRENT", "backup.json" };
    static const char *const behind[] = { "", "-lock" };
    backup_path_t path;
    size_t i;

    for (i = 0; i < 2; i++) {
        if (path_in(&path, dir, names[i]) == DOSIS_OK) {
            (void) unlink(path.path);
        }
        if (file_in(&path, dir, generation, behind[i]) == DOSIS_OK) {
            (void) unlink(path.path);
        }
    }
    (void) rmdir(dir);
}


static dosis_rc_t
make_dir(const char *dir)
{
    if (mkdir(dir, 0700) == 0) {
        return chmod(dir, 0700) == 0 ? DOSIS_OK : DOSIS_EIO;
    }
    switch (errno) {
    case EEXIST:
        return DOSIS_ECONFLICT;
    case ENOENT:
        return DOSIS_ENOTFOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return DOSIS_EDENIED;
    default:
        return DOSIS_EIO;
    }
}


static dosis_rc_t
fill(dosis_store_t *store, const dosis_secret_t *kek, const char *dir,
    dosis_backup_t *backup)
{
    backup_path_t above;
    dosis_rc_t rc;

    rc = check_room(store, dir);
    if (rc == DOSIS_OK) {
        rc = copy_into(store, dir);
    }
    if (rc == DOSIS_OK) {
        rc = open_copy(dir, kek, backup);
    }
    if (rc == DOSIS_OK) {
        rc = digest(dir, backup);
    }
    if (rc == DOSIS_OK) {
        rc = write_json(dir, backup);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_file_sync_dir(dir);
    }
    if (rc == DOSIS_OK && path_in(&above, dir, "..") == DOSIS_OK) {
        rc = dosis_file_sync_dir(above.path);
    }
    return rc;
}


dosis_rc_t
dosis_backup_write(dosis_store_t *store, const dosis_secret_t *kek,
    const char *dir, int64_t now_ns, dosis_backup_t *ret_backup)
{
    dosis_backup_t backup = { .made_ns = now_ns };
    store_env_t *env = store_env_take(store);
    uint32_t generation = env->generation;
    dosis_rc_t rc;

    store_env_give(store, env);
    backup.generation = generation;
    rc = mark_of(kek, backup.kek);
    if (rc == DOSIS_OK) {
        rc = make_dir(dir);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = fill(store, kek, dir, &backup);
    if (rc != DOSIS_OK) {
        take_away(dir, generation);
        return rc;
    }
    *ret_backup = backup;
    return DOSIS_OK;
}


dosis_rc_t
dosis_backup_check(
    const char *dir, const dosis_secret_t *kek, dosis_backup_t *ret_backup)
{
    dosis_backup_t said = { 0 }, seen = { 0 };
    dosis_rc_t rc;

    rc = check_unused(dir);
    if (rc == DOSIS_OK) {
        rc = read_json(dir, &said);
    }
    if (rc == DOSIS_OK) {
        rc = mark_of(kek, seen.kek);
    }
    if (rc == DOSIS_OK && strcmp(said.kek, seen.kek) != 0) {
        rc = DOSIS_EKEY;
    }
    seen.generation = said.generation;
    if (rc == DOSIS_OK) {
        rc = open_copy(dir, kek, &seen);
    }
    if (rc == DOSIS_OK) {
        rc = digest(dir, &seen);
    }
    if (rc == DOSIS_OK
        && (said.bytes != seen.bytes
            || strcmp(said.sha256, seen.sha256) != 0)) {
        rc = DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK) {
        seen.made_ns = said.made_ns;
        *ret_backup = seen;
    }
    return rc;
}
