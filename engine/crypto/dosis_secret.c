/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/dosis_file.h"
#include "base/dosis_text.h"

#define SECRET_FILE_BYTES (2 * DOSIS_SECRET_BYTES + 1)
#define RANDOM_POOL_BYTES 4096

/* The bytes have a page of their own: locked, not in core dumps, read-only. */
struct dosis_secret_s {
    uint8_t *page;
    size_t page_bytes;
};

/*
 * The kernel zeroes these pages in a child: its pool is empty and its lock
 * is free, whoever held it at the fork. left: bytes[0 .. left) are unused.
 */
typedef struct {
    pthread_mutex_t lock;
    size_t left;
    uint8_t bytes[RANDOM_POOL_BYTES];
} random_pool_t;

/* Process-wide, made at first use, never freed. NULL: no pool to be had. */
static random_pool_t *random_pool;
static pthread_once_t random_pool_once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256_md;
static pthread_once_t sha256_md_once = PTHREAD_ONCE_INIT;

/* An empty secret, to be filled and then sealed. */
static dosis_rc_t
secret_alloc(dosis_secret_t **ret_secret)
{
    dosis_secret_t *secret;
    long page_bytes = sysconf(_SC_PAGESIZE);

    secret = calloc(1, sizeof(*secret));
    if (secret == NULL || page_bytes < DOSIS_SECRET_BYTES) {
        free(secret);
        return DOSIS_ENOMEM;
    }
    secret->page_bytes = (size_t) page_bytes;
    secret->page = mmap(NULL, secret->page_bytes, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (secret->page == MAP_FAILED) {
        free(secret);
        return DOSIS_ENOMEM;
    }
    /* best effort: a low RLIMIT_MEMLOCK must not stop the service */
    (void) mlock(secret->page, secret->page_bytes);
    (void) madvise(secret->page, secret->page_bytes, MADV_DONTDUMP);
    *ret_secret = secret;
    return DOSIS_OK;
}


static void
secret_seal(dosis_secret_t *secret)
{
    (void) mprotect(secret->page, secret->page_bytes, PROT_READ);
}


dosis_rc_t
dosis_secret_create(
    const uint8_t bytes[DOSIS_SECRET_BYTES], dosis_secret_t **ret_secret)
{
    dosis_secret_t *secret;
    dosis_rc_t rc;

    rc = secret_alloc(&secret);
    if (rc != DOSIS_OK) {
        return rc;
    }
    memcpy(secret->page, bytes, DOSIS_SECRET_BYTES);
    secret_seal(secret);
    *ret_secret = secret;
    return DOSIS_OK;
}


/* Past the pool: a key that lives for years shares nothing with a nonce. */
static dosis_rc_t
random_draw(void *to, size_t len)
{
    uint8_t *pos = to;
    ssize_t n;

    while (len > 0) {
        n = getrandom(pos, len, 0);
        if (n < 0 && errno != EINTR) {
            return DOSIS_EIO;
        }
        if (n > 0) {
            pos += n;
            len -= (size_t) n;
        }
    }
    return DOSIS_OK;
}


dosis_rc_t
dosis_secret_generate(dosis_secret_t **ret_secret)
{
    dosis_secret_t *secret;
    dosis_rc_t rc;

    rc = secret_alloc(&secret);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = random_draw(secret->page, DOSIS_SECRET_BYTES);
    if (rc != DOSIS_OK) {
        dosis_secret_free(secret);
        return rc;
    }
    secret_seal(secret);
    *ret_secret = secret;
    return DOSIS_OK;
}


/* Reads until len bytes or the end of the file; -1 on failure. */
static ssize_t
file_read(int fd, char *to, size_t len)
{
    size_t done = 0;
    ssize_t n = 1;

    while (done < len && n != 0) {
        n = read(fd, to + done, len - done);
        if (n < 0 && errno != EINTR) {
            return -1;
        }
        done += n > 0 ? (size_t) n : 0;
    }
    return (ssize_t) done;
}


static bool
file_write(int fd, const char *from, size_t len)
{
    ssize_t n;

    while (len > 0) {
        n = write(fd, from, len);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n > 0) {
            from += n;
            len -= (size_t) n;
        }
    }
    return true;
}


static dosis_rc_t
secret_read(int fd, dosis_secret_t **ret_secret)
{
    struct stat st;
    char text[SECRET_FILE_BYTES + 1]; /* one more, to see a longer file */
    uint8_t bytes[DOSIS_SECRET_BYTES];
    ssize_t n;
    dosis_rc_t rc = DOSIS_EFORMAT;

    if (fstat(fd, &st) != 0) {
        return DOSIS_EIO;
    }
    if (!S_ISREG(st.st_mode)) {
        return DOSIS_EFORMAT;
    }
    if ((st.st_mode & (S_IWGRP | S_IRWXO)) != 0) {
        return DOSIS_EDENIED;
    }
    n = file_read(fd, text, sizeof(text));
    if (n < 0) {
        rc = DOSIS_EIO;
    } else if (n == SECRET_FILE_BYTES && text[n - 1] == '\n'
        && dosis_hex_decode(
            bytes, sizeof(bytes), dosis_slice(text, SECRET_FILE_BYTES - 1))) {
        rc = dosis_secret_create(bytes, ret_secret);
    }
    OPENSSL_cleanse(text, sizeof(text));
    OPENSSL_cleanse(bytes, sizeof(bytes));
    return rc;
}


dosis_rc_t
dosis_secret_load(const char *path, dosis_secret_t **ret_secret)
{
    dosis_rc_t rc;
    int fd;

    /* not to wait for a writer when the path is a pipe */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return DOSIS_EIO;
    }
    rc = secret_read(fd, ret_secret);
    (void) close(fd);
    return rc;
}


dosis_rc_t
dosis_secret_save(const char *path, const dosis_secret_t *secret)
{
    char text[SECRET_FILE_BYTES + 1];
    bool ok;
    int fd;

    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return errno == EEXIST ? DOSIS_ECONFLICT : DOSIS_EIO;
    }
    dosis_hex_encode(text, dosis_slice(secret->page, DOSIS_SECRET_BYTES));
    text[SECRET_FILE_BYTES - 1] = '\n';
    /* fchmod, because the umask has cut the mode above */
    ok = file_write(fd, text, SECRET_FILE_BYTES) && fchmod(fd, 0640) == 0
        && fsync(fd) == 0;
    OPENSSL_cleanse(text, sizeof(text));
    ok = close(fd) == 0 && ok && dosis_file_sync_parent(path) == DOSIS_OK;
    if (!ok) {
        (void) unlink(path);
        return DOSIS_EIO;
    }
    return DOSIS_OK;
}


const uint8_t *
dosis_secret_bytes(const dosis_secret_t *secret)
{
    return secret->page;
}


void
dosis_secret_free(dosis_secret_t *secret)
{
    if (secret == NULL) {
        return;
    }
    if (mprotect(secret->page, secret->page_bytes, PROT_READ | PROT_WRITE)
        == 0) {
        OPENSSL_cleanse(secret->page, DOSIS_SECRET_BYTES);
    }
    (void) munmap(secret->page, secret->page_bytes);
    free(secret);
}


static void
random_pool_init(void)
{
    random_pool_t *pool;

    pool = mmap(NULL, sizeof(*pool), PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pool == MAP_FAILED) {
        return;
    }
    if (madvise(pool, sizeof(*pool), MADV_WIPEONFORK) != 0
        || pthread_mutex_init(&pool->lock, NULL) != 0) {
        (void) munmap(pool, sizeof(*pool));
        return;
    }
    (void) mlock(pool, sizeof(*pool));
    (void) madvise(pool, sizeof(*pool), MADV_DONTDUMP);
    random_pool = pool;
}


dosis_rc_t
dosis_random(void *to, size_t len)
{
    random_pool_t *pool;
    dosis_rc_t rc = DOSIS_OK;

    (void) pthread_once(&random_pool_once, random_pool_init);
    pool = random_pool;
    if (pool == NULL || len > RANDOM_POOL_BYTES) {
        return random_draw(to, len);
    }
    (void) pthread_mutex_lock(&pool->lock);
    if (pool->left < len) {
        pool->left = 0;
        rc = random_draw(pool->bytes, RANDOM_POOL_BYTES);
        pool->left = rc == DOSIS_OK ? RANDOM_POOL_BYTES : 0;
    }
    if (rc == DOSIS_OK && len > 0) {
        pool->left -= len;
        memcpy(to, pool->bytes + pool->left, len);
        OPENSSL_cleanse(pool->bytes + pool->left, len);
    }
    (void) pthread_mutex_unlock(&pool->lock);
    return rc;
}


dosis_rc_t
dosis_secret_derive(const dosis_secret_t *secret, const char *label,
    dosis_secret_t **ret_secret)
{
    dosis_secret_t *derived;
    size_t len = 0;
    dosis_rc_t rc;

    rc = secret_alloc(&derived);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, secret->page,
            DOSIS_SECRET_BYTES, (const unsigned char *) label, strlen(label),
            derived->page, DOSIS_SECRET_BYTES, &len)
            == NULL
        || len != DOSIS_SECRET_BYTES) {
        ERR_clear_error();
        dosis_secret_free(derived);
        return DOSIS_ENOMEM;
    }
    secret_seal(derived);
    *ret_secret = derived;
    return DOSIS_OK;
}


/* Not a limit of size: a core that goes to a pipe knows none. */
void
dosis_secret_guard(void)
{
#ifndef __SANITIZE_ADDRESS__
    (void) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}


static void
sha256_md_init(void)
{
    sha256_md = EVP_MD_fetch(NULL, "SHA256", NULL);
}


void
dosis_sha256(uint8_t to[32], const void *data, size_t len)
{
    (void) pthread_once(&sha256_md_once, sha256_md_init);
    /* only without memory; no other 32 bytes would be a safe answer */
    if (sha256_md == NULL
        || EVP_Digest(data, len, to, NULL, sha256_md, NULL) != 1) {
        abort();
    }
}
