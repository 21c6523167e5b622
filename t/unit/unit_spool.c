/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_spool.c: files that came in, sealed block by block. */
#include "store/dosis_spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "t/lib/tap.h"

#define BLOCK  DOSIS_SPOOL_BLOCK
#define SEALED (DOSIS_SPOOL_BLOCK + DOSIS_SEAL_OVERHEAD)
#define PLAIN  "geheim-stukje-tekst-dat-nergens-plain-staat;"

static char dir[] = "/tmp/dosis-unit-XXXXXX";
static dosis_crypt_t *seals;
static char bytes[4 * BLOCK];


static void
must(dosis_rc_t rc, const char *what)
{
    if (rc != DOSIS_OK) {
        printf("Bail out! %s: %s\n", what, dosis_rc_name(rc));
        exit(1);
    }
}


static dosis_keyring_t *
ring(void)
{
    dosis_keyring_t *made;
    dosis_secret_t *secret;

    must(dosis_keyring_create(&made), "ring");
    must(dosis_secret_generate(&secret), "secret");
    must(dosis_keyring_add(made, 1, secret), "add");
    must(dosis_secret_generate(&secret), "secret");
    must(dosis_keyring_set_shared(made, secret), "shared");
    return made;
}


static char *
path_of(const uint8_t *id)
{
    static char path[256];
    char name[2 * DOSIS_SPOOL_ID + 1];

    dosis_hex_encode(name, dosis_slice(id, DOSIS_SPOOL_ID));
    (void) snprintf(path, sizeof(path), "%s/spool/%s", dir, name);
    return path;
}


static int
files(void)
{
    char path[256];
    int count = 0;
    DIR *listing;
    const struct dirent *entry;

    (void) snprintf(path, sizeof(path), "%s/spool", dir);
    listing = opendir(path);
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(listing);
    return count;
}


/* A kept file of the first len of bytes, given in pieces; sets id. */
static void
keep(size_t len, size_t piece, uint8_t *id)
{
    size_t at, n;
    dosis_spool_t *spool;

    must(dosis_spool_create(dir, &spool), "create");
    for (at = 0; at < len; at += n) {
        n = len - at < piece ? len - at : piece;
        must(dosis_spool_add(spool, seals, dosis_slice(bytes + at, n)), "add");
    }
    must(dosis_spool_finish(spool, seals), "finish");
    must(dosis_spool_keep(spool), "keep");
    memcpy(id, dosis_spool_id(spool), DOSIS_SPOOL_ID);
    dosis_spool_free(spool);
}


/* Are the first len of bytes in it, and nothing more? */
static bool
holds(const uint8_t *id, size_t len)
{
    static char plain[BLOCK];
    bool last = false, same = true;
    size_t n = 0, at = 0;
    uint64_t block;
    dosis_spool_reader_t *reader;

    must(dosis_spool_open(dir, id, &reader), "open");
    for (block = 0; same && !last; block++) {
        same = dosis_spool_read(reader, seals, block, plain, &n)
                   == DOSIS_OK
            && at + n <= len && memcmp(plain, bytes + at, n) == 0;
        last = dosis_spool_is_last(reader, block);
        at += n;
    }
    same = same && at == len
        && dosis_spool_read(reader, seals, block, plain, &n)
               == DOSIS_ENOTFOUND;
    dosis_spool_close(reader);
    return same;
}


static void
test_round(void)
{
    size_t i;
    uint8_t id[DOSIS_SPOOL_ID];
    static const struct {
        size_t len, piece;
        const char *fact;
    } rows[] = {
        { 0, 1, "an empty file is one empty block" },
        { 1, 1, "one byte" },
        { BLOCK - 1, 1000, "a byte less than a block" },
        { BLOCK, 1000, "a whole block is the last" },
        { BLOCK + 1, BLOCK, "a byte more than a block" },
        { 3 * BLOCK, 4 * BLOCK, "three blocks at once" },
        { 3 * BLOCK + 77, 65535, "pieces that are no blocks" },
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        keep(rows[i].len, rows[i].piece, id);
        CHECK(holds(id, rows[i].len), rows[i].fact);
        must(dosis_spool_remove(dir, id), "remove");
    }
    CHECK(files() == 0, "removed files are gone");
    CHECK(dosis_spool_remove(dir, id) == DOSIS_OK,
        "removing what is not there is fine");
}


/* What the bytes up to len come to, given in such pieces. */
static uint64_t
print_of(size_t len, size_t piece)
{
    size_t at, n;
    uint64_t print;
    dosis_spool_t *spool;

    must(dosis_spool_create(dir, &spool), "create");
    for (at = 0; at < len; at += n) {
        n = len - at < piece ? len - at : piece;
        must(dosis_spool_add(spool, seals, dosis_slice(bytes + at, n)), "add");
    }
    must(dosis_spool_finish(spool, seals), "finish");
    print = dosis_spool_print(spool);
    dosis_spool_free(spool);
    return print;
}


static void
test_print(void)
{
    size_t i;
    uint64_t first = print_of(2 * BLOCK + 9, 1000);
    static const size_t places[] = { 0, BLOCK - 1, BLOCK, 2 * BLOCK + 8 };

    CHECK(print_of(2 * BLOCK + 9, BLOCK + 1) == first,
        "the same bytes come to the same, whatever the pieces");
    CHECK(print_of(2 * BLOCK, BLOCK) != print_of(BLOCK, BLOCK)
            && print_of(2 * BLOCK + 8, 1000) != first,
        "fewer of them do not");
    for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        bytes[places[i]] ^= 1;
        CHECK(print_of(2 * BLOCK + 9, 1000) != first,
            "nor do they with one other byte");
        bytes[places[i]] ^= 1;
    }
}


static void
test_sealed(void)
{
    struct stat st;
    uint8_t id[DOSIS_SPOOL_ID];
    static char raw[4 * SEALED];
    ssize_t n;
    int fd;

    keep(2 * BLOCK + 5, 999, id);
    fd = open(path_of(id), O_RDONLY);
    n = read(fd, raw, sizeof(raw));
    CHECK(n == 2 * BLOCK + 5 + 3 * DOSIS_SEAL_OVERHEAD
            && fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0660,
        "three sealed blocks, for owner and group only");
    CHECK(memmem(raw, (size_t) n, PLAIN, strlen(PLAIN)) == NULL,
        "nothing of it is plain");
    close(fd);
    must(dosis_spool_remove(dir, id), "remove");
}


/* What reading block `block` comes to after the file was harmed. */
static dosis_rc_t
read_of(const uint8_t *id, uint64_t block)
{
    static char plain[BLOCK];
    size_t n;
    dosis_rc_t rc;
    dosis_spool_reader_t *reader;

    must(dosis_spool_open(dir, id, &reader), "open");
    rc = dosis_spool_read(reader, seals, block, plain, &n);
    dosis_spool_close(reader);
    return rc;
}


static void
test_damage(void)
{
    uint8_t id[DOSIS_SPOOL_ID], other[DOSIS_SPOOL_ID];
    static char raw[SEALED];
    char from[256];
    int fd, fd2;

    keep(2 * BLOCK + 5, BLOCK, id);
    keep(2 * BLOCK + 5, BLOCK, other);
    (void) snprintf(from, sizeof(from), "%s", path_of(other));
    fd = open(path_of(id), O_RDWR);
    fd2 = open(from, O_RDWR);
    CHECK(pread(fd, raw, SEALED, 0) == SEALED
            && pwrite(fd, raw, SEALED, SEALED) == SEALED
            && read_of(id, 1) == DOSIS_EFORMAT && read_of(id, 0) == DOSIS_OK,
        "a block at another place does not open");
    CHECK(pwrite(fd2, raw, SEALED, 0) == SEALED
            && read_of(other, 0) == DOSIS_EFORMAT,
        "nor in another file");
    CHECK(ftruncate(fd2, 2 * SEALED) == 0
            && read_of(other, 1) == DOSIS_EFORMAT,
        "a file cut between two blocks has no last one");
    CHECK(ftruncate(fd2, 2 * SEALED - 1) == 0
            && read_of(other, 1) == DOSIS_EFORMAT,
        "nor one cut in a block");
    CHECK(ftruncate(fd2, 0) == 0 && read_of(other, 0) == DOSIS_EFORMAT,
        "an empty one is none of ours");
    close(fd);
    close(fd2);
    must(dosis_spool_remove(dir, id), "remove");
    must(dosis_spool_remove(dir, other), "remove");
}


static void
test_given_up(void)
{
    dosis_spool_t *spool;
    dosis_spool_reader_t *reader;
    uint8_t id[DOSIS_SPOOL_ID];

    must(dosis_spool_create(dir, &spool), "create");
    must(dosis_spool_add(spool, seals, dosis_slice(bytes, 3 * BLOCK)), "add");
    memcpy(id, dosis_spool_id(spool), DOSIS_SPOOL_ID);
    CHECK(files() == 0, "a file that comes in has no name");
    CHECK(dosis_spool_open(dir, id, &reader) == DOSIS_ENOTFOUND,
        "and cannot be opened");
    CHECK(dosis_spool_bytes(spool) == 3 * BLOCK, "its bytes are counted");
    dosis_spool_free(spool);
    CHECK(files() == 0, "one that was given up leaves nothing");
    dosis_spool_free(NULL);
}


static bool
wanted(const uint8_t id[DOSIS_SPOOL_ID], void *payload)
{
    return memcmp(id, payload, DOSIS_SPOOL_ID) == 0;
}


static void
test_sweep(void)
{
    int fd;
    uint8_t want[DOSIS_SPOOL_ID], left[DOSIS_SPOOL_ID];
    char path[256];
    dosis_spool_reader_t *reader;
    int64_t later = ((int64_t) time(NULL) + 60) * DOSIS_NS_PER_S;

    keep(10, 10, want);
    keep(10, 10, left);
    (void) snprintf(path, sizeof(path), "%s.part", path_of(left));
    fd = open(path, O_WRONLY | O_CREAT, 0660);
    close(fd);
    (void) snprintf(path, sizeof(path), "%s/spool/vreemd", dir);
    fd = open(path, O_WRONLY | O_CREAT, 0660);
    close(fd);
    CHECK(dosis_spool_sweep(dir, 0, wanted, want) == DOSIS_OK && files() == 4,
        "a young file is left alone");
    CHECK(dosis_spool_sweep(dir, later, wanted, want) == DOSIS_OK
            && files() == 2,
        "an old one that nobody wants goes, whole or not");
    CHECK(dosis_spool_open(dir, want, &reader) == DOSIS_OK
            && access(path, F_OK) == 0,
        "one that is wanted stays, and what is none of ours");
    dosis_spool_close(reader);
    (void) unlink(path);
    must(dosis_spool_remove(dir, want), "remove");
}


static void
test_dir(void)
{
    struct stat st;
    uint64_t room = 0;
    char path[256];
    dosis_spool_t *spool;

    (void) snprintf(path, sizeof(path), "%s/spool", dir);
    CHECK(dosis_spool_create(dir, &spool) == DOSIS_ENOTFOUND,
        "without its directory no file begins");
    CHECK(dosis_spool_prepare(dir) == DOSIS_OK && stat(path, &st) == 0
            && (st.st_mode & 0777) == 0770,
        "the directory is made, for owner and group");
    CHECK(dosis_spool_prepare(dir) == DOSIS_OK, "and is taken as it is");
    CHECK(dosis_spool_room(dir, &room) == DOSIS_OK && room > 0,
        "the file system has room");
    (void) chmod(path, 0775);
    CHECK(dosis_spool_prepare(dir) == DOSIS_EDENIED,
        "one that others may read is refused");
    (void) chmod(path, 0770);
}


int
main(void)
{
    size_t i;
    char path[256];
    dosis_keyring_t *keys = ring();

    if (mkdtemp(dir) == NULL) {
        printf("Bail out! no temporary folder\n");
        return 1;
    }
    must(dosis_crypt_create(keys, &seals), "crypt");
    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] =
            i % 1000 < strlen(PLAIN) ? PLAIN[i % 1000] : (char) (i % 251);
    }
    test_dir();
    test_round();
    test_print();
    test_sealed();
    test_damage();
    test_given_up();
    test_sweep();
    (void) snprintf(path, sizeof(path), "%s/spool", dir);
    (void) rmdir(path);
    CHECK(rmdir(dir) == 0, "nothing is left of all this");
    dosis_crypt_free(seals);
    dosis_keyring_free(keys);
    return tap_done();
}
