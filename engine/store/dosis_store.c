/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_wire.h"
#include "store/store_checkpoint.h"
#include "store/store_env.h"
#include "store/store_recover.h"

/* Keys of `meta` that open needs before anything can be unsealed. */
#define META_SHARED   "gedeeld"
#define META_DATA_KEY "sleutel/"

struct dosis_store_s {
    dosis_store_options_t options;
    char dir[PATH_MAX];
    dosis_secret_t *kek;          /* a copy: later generations need it too */
    pthread_mutex_t lock;
    store_env_t *current;
};


static dosis_rc_t
path_of(char *to, size_t size, const char *dir, uint32_t generation)
{
    int n = snprintf(to, size, "%s/g%u.mdb", dir, generation);

    return n > 0 && (size_t) n < size ? DOSIS_OK : DOSIS_ELIMIT;
}


/* --- keys ---------------------------------------------------------------- */

static dosis_rc_t
put_wrapped(store_snap_t *snap, const dosis_secret_t *kek, const char *name)
{
    dosis_rc_t rc;
    uint8_t wrapped[DOSIS_WRAPPED_BYTES];
    dosis_secret_t *secret;

    rc = dosis_secret_generate(&secret);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_key_wrap(kek, name, secret, wrapped);
    dosis_secret_free(secret);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return store_put(snap, DB_META, dosis_slice_of(name),
        dosis_slice(wrapped, sizeof(wrapped)));
}


static dosis_rc_t
unwrap(const dosis_secret_t *kek, dosis_slice_t name, dosis_slice_t wrapped,
    dosis_secret_t **ret_secret)
{
    char label[STORE_KEY_MAX + 1];

    if (name.len > STORE_KEY_MAX) {
        return DOSIS_EFORMAT;
    }
    memcpy(label, name.data, name.len);
    label[name.len] = '\0';
    return dosis_key_unwrap(kek, label, wrapped, ret_secret);
}


static dosis_rc_t
load_data_keys(const store_snap_t *snap, const dosis_secret_t *kek,
    dosis_keyring_t *ring)
{
    uint32_t id;
    dosis_rc_t rc;
    dosis_slice_t prefix = DOSIS_SLICE(META_DATA_KEY);
    store_cursor_t c;
    dosis_secret_t *secret;

    rc = store_cursor_open(snap, DB_META, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (rc = store_cursor_seek(&c, prefix); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        if (c.key.len != prefix.len + 8
            || memcmp(c.key.data, prefix.data, prefix.len) != 0) {
            break;
        }
        rc = unwrap(kek, c.key, c.value, &secret);
        if (rc != DOSIS_OK) {
            break;
        }
        id = (uint32_t) strtoul(c.key.data + prefix.len, NULL, 16);
        rc = dosis_keyring_add(ring, id, secret);
        if (rc != DOSIS_OK) {
            break;
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
load_keys(const store_snap_t *snap, const dosis_secret_t *kek,
    dosis_keyring_t *ring)
{
    dosis_rc_t rc;
    dosis_slice_t wrapped;
    dosis_secret_t *secret;

    rc = store_get_raw(snap, DB_META, DOSIS_SLICE(META_SHARED), &wrapped);
    if (rc != DOSIS_OK) {
        return DOSIS_EFORMAT;
    }
    rc = unwrap(kek, DOSIS_SLICE(META_SHARED), wrapped, &secret);
    if (rc == DOSIS_OK) {
        rc = dosis_keyring_set_shared(ring, secret);
    }
    return rc == DOSIS_OK ? load_data_keys(snap, kek, ring) : rc;
}


/* --- create -------------------------------------------------------------- */

/* CURRENT is a hint only: written last, replaced by rename. */
dosis_rc_t
store_env_point(const char *dir, uint32_t generation)
{
    char target[32], from[PATH_MAX], to[PATH_MAX];
    int a, b;

    (void) snprintf(target, sizeof(target), "g%u.mdb", generation);
    a = snprintf(from, sizeof(from), "%s/CURRENT.new", dir);
    b = snprintf(to, sizeof(to), "%s/CURRENT", dir);
    if (a < 0 || (size_t) a >= sizeof(from) || b < 0
        || (size_t) b >= sizeof(to)) {
        return DOSIS_ELIMIT;
    }
    (void) unlink(from);
    if (symlink(target, from) != 0 || rename(from, to) != 0) {
        return DOSIS_EIO;
    }
    return dosis_file_sync_dir(dir);
}


static dosis_rc_t
fill_meta(store_snap_t *snap, const dosis_secret_t *kek, uint16_t site)
{
    dosis_rc_t rc;

    rc = put_wrapped(snap, kek, META_SHARED);
    if (rc == DOSIS_OK) {
        rc = put_wrapped(snap, kek, META_DATA_KEY "00000001");
    }
    if (rc == DOSIS_OK) {
        rc = store_meta_put(snap, "formaat", STORE_FORMAT_PLAIN);
    }
    if (rc == DOSIS_OK) {
        rc = store_meta_put(snap, "site", site);
    }
    if (rc == DOSIS_OK) {
        rc = store_meta_put(snap, STORE_META_SIDE, 1);
    }
    return rc;
}


/* Too short for LMDB's two roots, so never a store. */
static bool
is_stump(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_size < STORE_ROOTS_BYTES;
}


/*
 * A file without CURRENT: the machine stopped while the store was made, and
 * nobody was told that there is one. It is finished when it is whole. Else it
 * is put aside: CURRENT may be gone for another reason.
 */
static dosis_rc_t
begin_anew(const dosis_store_options_t *options, const char *path,
    bool *ret_whole)
{
    char current[PATH_MAX], aside[PATH_MAX + 8];
    dosis_rc_t rc;
    dosis_store_t *store;

    *ret_whole = false;
    (void) snprintf(current, sizeof(current), "%s/CURRENT", options->dir);
    if (faccessat(AT_FDCWD, current, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        return DOSIS_ECONFLICT;
    }
    if (access(path, F_OK) != 0) {
        return DOSIS_OK;
    }
    rc = is_stump(path) ? DOSIS_EFORMAT : store_env_point(options->dir, 1);
    if (rc == DOSIS_OK) {
        rc = dosis_store_open(options, &store);
    }
    if (rc == DOSIS_OK) {
        dosis_store_close(store);
        *ret_whole = true;
        return DOSIS_OK;
    }
    (void) unlink(current);
    (void) snprintf(aside, sizeof(aside), "%s.half", path);
    if (rc == DOSIS_EFORMAT && rename(path, aside) == 0) {
        rc = DOSIS_OK;
    }
    return rc;
}


dosis_rc_t
dosis_store_create(const dosis_store_options_t *options, uint16_t site)
{
    char path[PATH_MAX];
    bool whole;
    dosis_rc_t rc;
    store_env_t env;
    store_snap_t snap = { .env = &env };

    rc = path_of(path, sizeof(path), options->dir, 1);
    if (rc == DOSIS_OK) {
        rc = begin_anew(options, path, &whole);
    }
    if (rc != DOSIS_OK || whole) {
        return rc;
    }
    rc = store_lmdb_open(path, options, true, &env);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_lmdb_begin(&env, true, &snap.txn);
    if (rc == DOSIS_OK) {
        rc = fill_meta(&snap, options->kek, site);
        if (rc == DOSIS_OK) {
            rc = store_lmdb_rc(mdb_txn_commit(snap.txn));
        } else {
            mdb_txn_abort(snap.txn);
        }
    }
    store_lmdb_close(&env);
    if (rc != DOSIS_OK) {
        (void) unlink(path);
        return rc;
    }
    return store_env_point(options->dir, 1);
}


/* --- open ---------------------------------------------------------------- */

static uint32_t
current_generation(const char *dir)
{
    char path[PATH_MAX], target[64];
    long n;
    unsigned generation = 0;

    (void) snprintf(path, sizeof(path), "%s/CURRENT", dir);
    n = readlink(path, target, sizeof(target) - 1);
    if (n <= 0) {
        return 0;
    }
    target[n] = '\0';
    return sscanf(target, "g%u.mdb", &generation) == 1 ? generation : 0;
}


/* Opens one generation; ret_next: the one that took over from it, or 0. */
static dosis_rc_t
open_generation(dosis_store_t *store, uint32_t generation,
    store_env_t **ret_env, uint32_t *ret_next)
{
    char path[PATH_MAX];
    uint64_t next = 0;
    dosis_rc_t rc;
    store_env_t *env;
    store_snap_t snap = { 0 };

    rc = path_of(path, sizeof(path), store->dir, generation);
    env = calloc(1, sizeof(*env));
    if (env == NULL || rc != DOSIS_OK) {
        free(env);
        return rc != DOSIS_OK ? rc : DOSIS_ENOMEM;
    }
    rc = store_recover_open(path, &store->options, env);
    if (rc != DOSIS_OK) {
        free(env);
        return rc;
    }
    env->generation = generation;
    env->refs = 1;
    snap.env = env;
    rc = dosis_keyring_create(&env->ring);
    if (rc == DOSIS_OK) {
        rc = store_lmdb_begin(env, false, &snap.txn);
    }
    if (rc == DOSIS_OK) {
        rc = load_keys(&snap, store->kek, env->ring);
        if (rc == DOSIS_OK) {
            rc = store_meta_get(&snap, "next", &next);
        }
        mdb_txn_abort(snap.txn);
    }
    if (rc != DOSIS_OK) {
        store_checkpoint_close(env);
        free(env);
        return rc;
    }
    *ret_env = env;
    *ret_next = (uint32_t) next;
    return DOSIS_OK;
}


/* From generation on, over every marker, to the one that is current. */
static dosis_rc_t
open_newest(dosis_store_t *store, uint32_t generation, store_env_t **ret_env)
{
    unsigned hops;
    uint32_t next;
    dosis_rc_t rc;
    store_env_t *env;

    for (hops = 0; hops < STORE_FOLLOW_MAX; hops++) {
        rc = open_generation(store, generation, &env, &next);
        if (rc != DOSIS_OK) {
            return rc;
        }
        if (next == 0) {
            *ret_env = env;
            return DOSIS_OK;
        }
        store_checkpoint_close(env);
        free(env);
        generation = next;
    }
    return DOSIS_EFORMAT;
}


static bool
lmdb_is_known_good(void)
{
    int major, minor, patch;

    (void) mdb_version(&major, &minor, &patch);
    return major == 0 && minor == 9 && patch >= 24;
}


dosis_rc_t
dosis_store_open(const dosis_store_options_t *options,
    dosis_store_t **ret_store)
{
    uint32_t generation;
    dosis_rc_t rc;
    dosis_store_t *store;

    if (!lmdb_is_known_good()) {
        return DOSIS_EFORMAT;
    }
    generation = current_generation(options->dir);
    if (generation == 0) {
        return DOSIS_ENOTFOUND;
    }
    store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return DOSIS_ENOMEM;
    }
    store->options = *options;
    (void) snprintf(store->dir, sizeof(store->dir), "%s", options->dir);
    store->options.dir = store->dir;
    store->options.kek = NULL;
    (void) pthread_mutex_init(&store->lock, NULL);
    rc = dosis_secret_create(dosis_secret_bytes(options->kek), &store->kek);
    if (rc == DOSIS_OK) {
        rc = open_newest(store, generation, &store->current);
    }
    if (rc != DOSIS_OK) {
        dosis_store_close(store);
        return rc;
    }
    *ret_store = store;
    return DOSIS_OK;
}


const char *
dosis_store_why(const char *dir, dosis_rc_t rc, char memory[DOSIS_STORE_WHY])
{
    uint64_t format;
    char path[PATH_MAX];
    uint32_t generation = current_generation(dir);

    if (rc != DOSIS_EFORMAT || generation == 0 || !lmdb_is_known_good()
        || path_of(path, sizeof(path), dir, generation) != DOSIS_OK
        || store_recover_peek(path, &format) != DOSIS_OK
        || format <= DOSIS_STORE_FORMAT) {
        return dosis_rc_text(rc);
    }
    (void) snprintf(memory, DOSIS_STORE_WHY,
        "It is of format %" PRIu64 ", of a later version; this one knows 1 to "
        "format %d.", format, DOSIS_STORE_FORMAT);
    return memory;
}


void
dosis_store_close(dosis_store_t *store)
{
    if (store == NULL) {
        return;
    }
    if (store->current != NULL) {
        store_env_give(store, store->current);
    }
    dosis_secret_free(store->kek);
    (void) pthread_mutex_destroy(&store->lock);
    free(store);
}


/* --- generations --------------------------------------------------------- */

bool
store_env_read_only(const dosis_store_t *store)
{
    return store->options.read_only;
}


store_env_t *
store_env_take(dosis_store_t *store)
{
    store_env_t *env;

    (void) pthread_mutex_lock(&store->lock);
    env = store->current;
    env->refs++;
    (void) pthread_mutex_unlock(&store->lock);
    return env;
}


void
store_env_give(dosis_store_t *store, store_env_t *env)
{
    bool last;

    (void) pthread_mutex_lock(&store->lock);
    last = --env->refs == 0;
    (void) pthread_mutex_unlock(&store->lock);
    if (last) {
        store_checkpoint_close(env);
        free(env);
    }
}


dosis_rc_t
store_env_follow(dosis_store_t *store, uint32_t generation,
    store_env_t **ret_env)
{
    dosis_rc_t rc = DOSIS_OK;
    store_env_t *env, *old = NULL;

    (void) pthread_mutex_lock(&store->lock);
    if (store->current->generation < generation) {
        rc = open_newest(store, generation, &env);
        if (rc == DOSIS_OK) {
            old = store->current;
            store->current = env;
        }
    }
    if (rc == DOSIS_OK) {
        store->current->refs++;
        *ret_env = store->current;
    }
    (void) pthread_mutex_unlock(&store->lock);
    if (old != NULL) {
        store_env_give(store, old);
    }
    return rc == DOSIS_OK ? DOSIS_OK : DOSIS_EBUSY;
}
