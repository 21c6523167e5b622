/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_digest.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/dosis_text.h"

#define DIGEST_BLOCK ((size_t) 1 << 20)

/* Looked up once: that takes longer than the digest of a few bytes. */
static EVP_MD *sha1_md;
static pthread_once_t sha1_md_once = PTHREAD_ONCE_INIT;


static dosis_rc_t
digest_rest(int fd, EVP_MD_CTX *ctx, uint8_t *block, uint64_t *bytes)
{
    ssize_t n;

    for (;;) {
        n = read(fd, block, DIGEST_BLOCK);
        if (n == 0) {
            return DOSIS_OK;
        }
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 || EVP_DigestUpdate(ctx, block, (size_t) n) != 1) {
            return DOSIS_EIO;
        }
        *bytes += (uint64_t) n;
    }
}


/* From the disk, as far as the system lets us: not what was just written. */
static dosis_rc_t
digest_open(int fd, uint8_t *to, uint64_t *bytes)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t *block = malloc(DIGEST_BLOCK);
    dosis_rc_t rc = DOSIS_ENOMEM;

    (void) posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    (void) posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    if (ctx != NULL && block != NULL
        && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1) {
        rc = digest_rest(fd, ctx, block, bytes);
        if (rc == DOSIS_OK && EVP_DigestFinal_ex(ctx, to, NULL) != 1) {
            rc = DOSIS_ENOMEM;
        }
    }
    free(block);
    EVP_MD_CTX_free(ctx);
    return rc;
}


dosis_rc_t
dosis_digest_file(const char *path, uint8_t to[32], uint64_t *ret_bytes)
{
    dosis_rc_t rc;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0) {
        return errno == ENOENT ? DOSIS_ENOTFOUND : DOSIS_EIO;
    }
    *ret_bytes = 0;
    rc = digest_open(fd, to, ret_bytes);
    (void) close(fd);
    return rc;
}


static void
sha1_md_init(void)
{
    sha1_md = EVP_MD_fetch(NULL, "SHA1", NULL);
}


dosis_rc_t
dosis_digest_upload_id(
    const uint8_t bestand[16], uint64_t lijn, char text[37])
{
    uint8_t named[24];
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t i;

    memcpy(named, bestand, 16);
    for (i = 0; i < 8; i++) {
        named[16 + i] = (uint8_t) (lijn >> (56 - 8 * i));
    }
    (void) pthread_once(&sha1_md_once, sha1_md_init);
    if (sha1_md == NULL
        || EVP_Digest(named, sizeof(named), digest, NULL, sha1_md, NULL) != 1) {
        return DOSIS_ENOMEM;
    }
    dosis_uuid_encode(text, digest);
    text[14] = '5';
    return DOSIS_OK;
}
