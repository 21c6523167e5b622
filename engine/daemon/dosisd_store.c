/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/dosisd_log.h"
#include "daemon/dosisd_loop.h"
#include "store/dosis_oplading.h"
#include "store/dosis_spool.h"
#include "store/dosis_ticket.h"

#define STORE_DIR_MODE 02770 /* files get the group of the directory */


static dosis_rc_t
make_dir(const char *dir)
{
    if (mkdir(dir, 0770) != 0) {
        dosisd_log(DOSISD_ERROR, "store directory not made: dir=%s why=%s", dir,
            strerror(errno));
        return DOSIS_EIO;
    }
    /* refused under a strict service manager; then our own group has to do */
    (void) chmod(dir, STORE_DIR_MODE);
    return DOSIS_OK;
}


static dosis_rc_t
check_dir(const dosisd_options_t *options)
{
    const char *dir = options->store_dir;
    struct stat st;

    if (stat(dir, &st) != 0) {
        if (errno == ENOENT && options->init) {
            return make_dir(dir);
        }
        dosisd_log(DOSISD_ERROR, "no store directory: dir=%s why=%s%s", dir,
            strerror(errno), errno == ENOENT ? " (--init makes one)" : "");
        return errno == ENOENT ? DOSIS_ENOTFOUND : DOSIS_EIO;
    }
    if (!S_ISDIR(st.st_mode)) {
        dosisd_log(DOSISD_ERROR, "store is no directory: dir=%s", dir);
        return DOSIS_EINPUT;
    }
    if ((st.st_mode & S_IRWXO) != 0) {
        dosisd_log(DOSISD_ERROR,
            "store directory open to others, refused: dir=%s mode=%04o"
            " allowed=0770",
            dir, (unsigned) (st.st_mode & 07777));
        return DOSIS_EDENIED;
    }
    return DOSIS_OK;
}


static dosis_rc_t
take_lock(dosisd_store_t *store, const char *dir)
{
    char path[PATH_MAX];
    int n;

    n = snprintf(path, sizeof(path), "%s/dosisd.lock", dir);
    if (n < 0 || (size_t) n >= sizeof(path)) {
        dosisd_log(DOSISD_ERROR, "store path too long");
        return DOSIS_EINPUT;
    }
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (store->lock_fd < 0) {
        dosisd_log(DOSISD_ERROR, "lock not opened: file=%s why=%s", path,
            strerror(errno));
        return DOSIS_EIO;
    }
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        dosisd_log(
            DOSISD_ERROR, "another dosisd keeps this store: dir=%s", dir);
        return DOSIS_EBUSY;
    }
    return DOSIS_OK;
}


static dosis_rc_t
make_spool(const char *dir)
{
    dosis_rc_t rc = dosis_spool_prepare(dir);

    if (rc != DOSIS_OK) {
        dosisd_log(DOSISD_ERROR, "spool not made: dir=%s/%s rc=%s why=%s %s",
            dir, DOSIS_SPOOL_DIR, dosis_rc_name(rc), dosis_rc_text(rc),
            rc == DOSIS_EDENIED ? "no mode wider than 0770" : "");
    }
    return rc;
}


/* What DOSIS_EDENIED most often means, for whoever reads the log. */
static const char *
hint(dosis_rc_t rc, const char *text)
{
    return rc == DOSIS_EDENIED ? text : "";
}


static dosis_rc_t
open_or_create(dosisd_store_t *store, const dosisd_options_t *options,
    const dosis_secret_t *kek)
{
    const dosis_store_options_t how = {
        .dir = options->store_dir,
        .kek = kek,
        .map_bytes = (size_t) options->map_bytes,
    };
    dosis_rc_t rc;
    char why[DOSIS_STORE_WHY];

    rc = dosis_store_open(&how, &store->store);
    if (rc == DOSIS_ENOTFOUND && options->init) {
        rc = dosis_store_create(&how, options->site);
        if (rc == DOSIS_OK) {
            dosisd_log(DOSISD_NOTICE, "store created: dir=%s site=%u",
                options->store_dir, (unsigned) options->site);
            rc = dosis_store_open(&how, &store->store);
        }
    }
    if (rc == DOSIS_OK) {
        rc = dosis_writer_create(store->store, &store->writer);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_reader_create(store->store, &store->reader);
    }
    if (rc != DOSIS_OK) {
        dosisd_log(DOSISD_ERROR, "store not opened: dir=%s rc=%s why=%s %s",
            options->store_dir, dosis_rc_name(rc),
            dosis_store_why(options->store_dir, rc, why),
            rc == DOSIS_ENOTFOUND ? "(--init makes one)"
                                  : hint(rc, "no mode wider than 0660"));
    }
    return rc;
}


dosis_rc_t
dosisd_store_open(dosisd_store_t *to, const dosisd_options_t *options)
{
    dosis_secret_t *kek = NULL;
    dosis_rc_t rc;

    memset(to, 0, sizeof(*to));
    to->lock_fd = -1;
    rc = check_dir(options);
    if (rc == DOSIS_OK) {
        rc = take_lock(to, options->store_dir);
    }
    if (rc == DOSIS_OK) {
        rc = make_spool(options->store_dir);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    /* shorter than the lock's path, which fitted */
    (void) snprintf(to->heartbeat, sizeof(to->heartbeat), "%s/%s",
        options->store_dir, DOSISD_HEARTBEAT);
    rc = dosis_secret_load(options->key_file, &kek);
    if (rc != DOSIS_OK) {
        dosisd_log(DOSISD_ERROR, "key not loaded: file=%s rc=%s why=%s %s",
            options->key_file, dosis_rc_name(rc), dosis_rc_text(rc),
            hint(rc, "no mode wider than 0640"));
        return rc;
    }
    rc = open_or_create(to, options, kek);
    dosis_secret_free(kek);
    return rc;
}


void
dosisd_store_close(dosisd_store_t *store)
{
    dosis_writer_free(store->writer);
    dosis_reader_free(store->reader);
    store->writer = NULL;
    store->reader = NULL;
    if (store->store != NULL) {
        dosis_store_close(store->store);
        store->store = NULL;
    }
    if (store->heartbeat[0] != '\0' && store->lock_fd >= 0) {
        close(store->lock_fd);
        store->lock_fd = -1;
    }
}


static bool
beat(const char *path)
{
    int fd;
    bool done;

    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) {
        return false;
    }
    done = futimens(fd, NULL) == 0;
    close(fd);
    return done;
}


/* Said when there was something to do, not for a store that has them all. */
static void
make_side_rows(dosisd_store_t *store)
{
    bool begun = store->side.begun;
    dosis_rc_t rc;

    if (store->side.done) {
        return;
    }
    rc = dosis_side_step(store->writer, dosisd_now_ns(), &store->side);
    if ((rc != DOSIS_OK) != store->side_fails) {
        store->side_fails = rc != DOSIS_OK;
        dosisd_log(dosisd_log_level(rc),
            store->side_fails ? "side rows not made, trying on: rc=%s"
                              : "side rows made again: rc=%s",
            dosis_rc_name(rc));
    }
    if (!begun && store->side.begun) {
        dosisd_log(DOSISD_NOTICE, "store of an older version: making side rows"
                                  " of its big agents");
    }
    if (store->side.done && store->side.begun) {
        dosisd_log(DOSISD_NOTICE, "side rows of big agents complete");
    }
}


/* What is over, bit by bit. What fails is tried again. */
static const struct {
    const char *what;
    bool (*stale)(dosis_reader_t *reader, int64_t now_ns);
    void (*sweep)(dosis_txn_t *txn);
} swept[] = {
    { "tickets", dosis_ticket_stale, dosis_ticket_sweep },
    { "uploaded files", dosis_oplading_stale, dosis_oplading_sweep },
};


static void
sweep(dosisd_store_t *store, size_t i)
{
    int64_t now_ns = dosisd_now_ns();
    dosis_txn_t *txn;
    bool stale;

    if (dosis_reader_begin(store->reader) != DOSIS_OK) {
        return;
    }
    stale = swept[i].stale(store->reader, now_ns);
    dosis_reader_end(store->reader);
    if (stale && dosis_txn_begin(store->writer, now_ns, &txn) == DOSIS_OK) {
        swept[i].sweep(txn);
        if (dosis_txn_commit(txn) != DOSIS_OK) {
            dosisd_log(DOSISD_WARN,
                "expired %s not removed, trying on", swept[i].what);
        }
    }
}


void
dosisd_store_tick(dosisd_store_t *store)
{
    unsigned dead = 0;
    size_t i;
    dosis_rc_t rc;
    bool fails;

    fails = !beat(store->heartbeat);
    if (fails != store->heartbeat_fails) {
        dosisd_log(fails ? DOSISD_ERROR : DOSISD_NOTICE,
            fails ? "heartbeat not written, trying on: file=%s why=%s"
                  : "heartbeat written again: file=%s why=%s",
            store->heartbeat, fails ? strerror(errno) : "recovered");
        store->heartbeat_fails = fails;
    }
    rc = dosis_store_check_readers(store->store, &dead);
    fails = rc != DOSIS_OK;
    if (fails != store->readers_fail) {
        dosisd_log(fails ? DOSISD_ERROR : DOSISD_NOTICE,
            fails ? "readers not checked, trying on: rc=%s"
                  : "readers checked again: rc=%s",
            dosis_rc_name(rc));
        store->readers_fail = fails;
    }
    if (dead > 0) {
        store->dead_readers += dead;
        dosisd_log(DOSISD_WARN, "slots of dead readers freed: count=%u", dead);
    }
    make_side_rows(store);
    for (i = 0; i < sizeof(swept) / sizeof(swept[0]); i++) {
        sweep(store, i);
    }
}
