/* SPDX-License-Identifier: EUPL-1.2 */

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/dosis_text.h"
#include "crypto/dosis_secret.h"
#include "t/lib/tap.h"

#define HEX64                                                                  \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char dir[] = "/tmp/unit_secret_XXXXXX";


static const char *
in_dir(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return path;
}


static void
write_file(const char *path, const char *text, size_t len, mode_t mode)
{
    FILE *file = fopen(path, "w");

    if (file == NULL || fwrite(text, 1, len, file) != len) {
        abort();
    }
    fclose(file);
    if (chmod(path, mode) != 0) {
        abort();
    }
}


static dosis_rc_t
load_rc(const char *path)
{
    dosis_secret_t *secret = NULL;
    dosis_rc_t rc = dosis_secret_load(path, &secret);

    dosis_secret_free(secret);
    return rc;
}


static void
test_modes(void)
{
    static const struct {
        mode_t mode;
        dosis_rc_t rc;
        const char *fact;
    } rows[] = {
        { 0400, DOSIS_OK, "a key file of mode 0400 loads" },
        { 0600, DOSIS_OK, "a key file of mode 0600 loads" },
        { 0440, DOSIS_OK, "a key file of mode 0440 loads" },
        { 0640, DOSIS_OK, "a key file of mode 0640 loads" },
        { 0660, DOSIS_EDENIED, "write for the group is refused" },
        { 0620, DOSIS_EDENIED, "write alone for the group is refused" },
        { 0644, DOSIS_EDENIED, "read for others is refused" },
        { 0642, DOSIS_EDENIED, "write for others is refused" },
        { 0641, DOSIS_EDENIED, "execute for others is refused" },
        { 0777, DOSIS_EDENIED, "everything for everybody is refused" },
    };
    const char *path = in_dir("mode");
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        write_file(path, HEX64 "\n", 65, rows[i].mode);
        CHECK(load_rc(path) == rows[i].rc, rows[i].fact);
    }
}


static void
test_forms(void)
{
    static const struct {
        const char *text;
        size_t len;
        dosis_rc_t rc;
        const char *fact;
    } rows[] = {
        { HEX64 "\n", 65, DOSIS_OK, "64 hex digits and a newline load" },
        { HEX64, 64, DOSIS_EFORMAT, "without the newline is refused" },
        { HEX64 "\n\n", 66, DOSIS_EFORMAT, "a second newline is refused" },
        { HEX64 "\n#", 66, DOSIS_EFORMAT, "anything behind is refused" },
        { HEX64 "0\n", 66, DOSIS_EFORMAT, "65 digits are refused" },
        { HEX64, 63, DOSIS_EFORMAT, "63 digits are refused" },
        { " " HEX64, 65, DOSIS_EFORMAT, "a leading blank is refused" },
        { "g" HEX64 "\n", 65, DOSIS_EFORMAT, "a letter g is refused" },
        { "", 0, DOSIS_EFORMAT, "an empty file is refused" },
        { HEX64 "\r\n", 66, DOSIS_EFORMAT, "a carriage return is refused" },
    };
    const char *path = in_dir("form");
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        write_file(path, rows[i].text, rows[i].len, 0600);
        CHECK(load_rc(path) == rows[i].rc, rows[i].fact);
    }
    CHECK(load_rc(in_dir("absent")) == DOSIS_EIO, "no file is EIO");
    CHECK(load_rc(dir) == DOSIS_EFORMAT, "a directory is no key file");
    CHECK(mkfifo(in_dir("pipe"), 0600) == 0
            && load_rc(in_dir("pipe")) == DOSIS_EFORMAT,
        "a pipe is no key file, and is not waited for");
    unlink(in_dir("pipe"));
}


static void
test_save(void)
{
    dosis_secret_t *secret = NULL, *again = NULL;
    struct stat st;
    mode_t old;

    CHECK(dosis_secret_generate(&secret) == DOSIS_OK, "a secret is generated");
    old = umask(0077);
    CHECK(dosis_secret_save(in_dir("saved"), secret) == DOSIS_OK,
        "a secret is saved");
    umask(old);
    CHECK(stat(in_dir("saved"), &st) == 0 && (st.st_mode & 07777) == 0640,
        "its file has mode 0640 whatever the umask");
    CHECK(dosis_secret_load(in_dir("saved"), &again) == DOSIS_OK
            && memcmp(dosis_secret_bytes(secret), dosis_secret_bytes(again), 32)
                == 0,
        "what was saved loads as the same bytes");
    CHECK(dosis_secret_save(in_dir("saved"), again) == DOSIS_ECONFLICT,
        "a key file is never overwritten");
    CHECK(dosis_secret_save(in_dir("no/dir"), again) == DOSIS_EIO,
        "saving in a directory that is not there is EIO");
    if (chdir(dir) != 0) {
        abort();
    }
    CHECK(dosis_secret_save("relative", again) == DOSIS_OK
            && load_rc(in_dir("relative")) == DOSIS_OK,
        "a path without a directory is saved here");
    dosis_secret_free(secret);
    dosis_secret_free(again);
    dosis_secret_free(NULL);
}


/* The flags of the mapping that holds this address, " wr dd ", or "". */
static void
mapping_flags(const void *address, char to[256])
{
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[256];
    unsigned long from, end;
    bool here = false;

    to[0] = '\0';
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "%lx-%lx ", &from, &end) == 2) {
            here = (unsigned long) address >= from
                && (unsigned long) address < end;
        } else if (here && strncmp(line, "VmFlags:", 8) == 0) {
            memcpy(to, line + 8, strlen(line + 8) + 1);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}


static void
test_memory(void)
{
    static const uint8_t bytes[32] = { 1, 2, 3 };
    dosis_secret_t *secret;
    char flags[256];

    if (dosis_secret_create(bytes, &secret) != DOSIS_OK) {
        abort();
    }
    CHECK(memcmp(dosis_secret_bytes(secret), bytes, 32) == 0,
        "a secret holds the bytes given");
    mapping_flags(dosis_secret_bytes(secret), flags);
    CHECK(strstr(flags, " rd ") != NULL && strstr(flags, " wr ") == NULL,
        "the page of a secret is read-only");
    CHECK(strstr(flags, " dd ") != NULL,
        "the page of a secret stays out of core dumps");
    dosis_secret_free(secret);
}


/* RFC 4231; HMAC pads a short key with zeros, so 32 bytes express it. */
static void
test_derive(void)
{
    static const struct {
        uint8_t key[32];
        const char *label;
        const char *hex;
        const char *fact;
    } rows[] = {
        { { 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b,
              0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b, 0x0b },
            "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "RFC 4231 test case 1 holds" },
        { "Jefe", "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "RFC 4231 test case 2 holds" },
    };
    dosis_secret_t *secret, *derived;
    char hex[65];
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (dosis_secret_create(rows[i].key, &secret) != DOSIS_OK
            || dosis_secret_derive(secret, rows[i].label, &derived)
                != DOSIS_OK) {
            abort();
        }
        dosis_hex_encode(hex, dosis_slice(dosis_secret_bytes(derived), 32));
        CHECK(strcmp(hex, rows[i].hex) == 0, rows[i].fact);
        dosis_secret_free(secret);
        dosis_secret_free(derived);
    }
}


static void
test_sha256(void)
{
    static const struct {
        const char *text;
        const char *hex;
        const char *fact;
    } rows[] = {
        { "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "SHA-256 of nothing" },
        { "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "SHA-256 of abc (FIPS 180-2)" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            "SHA-256 of two blocks (FIPS 180-2)" },
    };
    uint8_t digest[32];
    char hex[65];
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        dosis_sha256(digest, rows[i].text, strlen(rows[i].text));
        dosis_hex_encode(hex, dosis_slice(digest, 32));
        CHECK(strcmp(hex, rows[i].hex) == 0, rows[i].fact);
    }
    dosis_sha256(digest, NULL, 0);
    dosis_hex_encode(hex, dosis_slice(digest, 32));
    CHECK(strcmp(hex, rows[0].hex) == 0, "no pointer is as good as no bytes");
}


#define DRAWS 20000
static uint8_t draws[4][DRAWS][16];


static void *
draw(void *payload)
{
    uint8_t(*to)[16] = payload;
    size_t i;

    for (i = 0; i < DRAWS; i++) {
        if (dosis_random(to[i], 16) != DOSIS_OK) {
            abort();
        }
    }
    return NULL;
}


static int
compare_draws(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}


static bool
all_differ(uint8_t (*list)[16], size_t count)
{
    size_t i;

    qsort(list, count, 16, compare_draws);
    for (i = 1; i < count; i++) {
        if (memcmp(list[i - 1], list[i], 16) == 0) {
            return false;
        }
    }
    return true;
}


static void
test_random_threads(void)
{
    pthread_t thread[4];
    size_t i;

    for (i = 0; i < 4; i++) {
        if (pthread_create(&thread[i], NULL, draw, draws[i]) != 0) {
            abort();
        }
    }
    for (i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
    }
    CHECK(all_differ(draws[0], (size_t) 4 * DRAWS),
        "four threads never draw the same bytes");
}


/* Draws in a child of its own and hands the bytes back. */
static void
draw_in_child(uint8_t (*to)[16], size_t count)
{
    int pipes[2];
    pid_t pid;
    size_t i;

    if (pipe(pipes) != 0) {
        abort();
    }
    pid = fork();
    if (pid == 0) {
        for (i = 0; i < count; i++) {
            if (dosis_random(to[i], 16) != DOSIS_OK) {
                _exit(1);
            }
        }
        _exit(write(pipes[1], to, count * 16) == (ssize_t) (count * 16) ? 0
                                                                        : 1);
    }
    close(pipes[1]);
    if (read(pipes[0], to, count * 16) != (ssize_t) (count * 16)) {
        abort();
    }
    close(pipes[0]);
    waitpid(pid, NULL, 0);
}


static void
test_random_fork(void)
{
    uint8_t (*list)[16] = draws[0];
    size_t i;

    /* a pool in use before each fork */
    for (i = 0; i < 3; i++) {
        if (dosis_random(list[300 + i], 16) != DOSIS_OK) {
            abort();
        }
        draw_in_child(list + 100 * i, 100);
    }
    for (i = 303; i < 603; i++) {
        if (dosis_random(list[i], 16) != DOSIS_OK) {
            abort();
        }
    }
    CHECK(all_differ(list, 603),
        "neither children nor parent repeat each other's bytes");
}


static void
test_random_lengths(void)
{
    static const size_t lengths[] = { 1, 24, 4095, 4096, 4097, 20000 };
    static uint8_t bytes[20001];
    static const uint8_t zero[32];
    bool kept = true, filled = true;
    size_t i, len;

    for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        len = lengths[i];
        memset(bytes, 0, sizeof(bytes));
        if (dosis_random(bytes, len) != DOSIS_OK) {
            abort();
        }
        kept = kept && bytes[len] == 0;
        if (len > 64) {
            filled = filled && memcmp(bytes, zero, 32) != 0
                && memcmp(bytes + len - 32, zero, 32) != 0;
        }
    }
    CHECK(filled, "random bytes fill the whole length, pool or not");
    CHECK(kept, "random bytes never go beyond the length");
    CHECK(dosis_random(bytes, 0) == DOSIS_OK, "no bytes may be asked for");
}


int
main(void)
{
    static const char *const names[] = { "mode", "form", "saved", "relative" };
    size_t i;

    if (mkdtemp(dir) == NULL) {
        abort();
    }
    test_modes();
    test_forms();
    test_save();
    test_memory();
    test_derive();
    test_sha256();
    test_random_threads();
    test_random_fork();
    test_random_lengths();
    for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
        unlink(in_dir(names[i]));
    }
    rmdir(dir);
    return tap_done();
}
