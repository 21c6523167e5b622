/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_file.c: small files, there completely or not at all. */
#include "base/dosis_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/tap.h"

static char dir[] = "/tmp/dosis-unit-XXXXXX";


static const char *
in_dir(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return path;
}


static bool
holds(const char *name, const char *text)
{
    char memory[256];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    return dosis_file_read(in_dir(name), sizeof(memory), &buf) == DOSIS_OK
        && dosis_slice_eq(dosis_buf_slice(&buf), dosis_slice_of(text));
}


static unsigned
mode_of(const char *name)
{
    struct stat st;

    return stat(in_dir(name), &st) == 0 ? st.st_mode & 07777 : 0;
}


static int
files(void)
{
    DIR *listing = opendir(dir);
    const struct dirent *entry;
    int count = 0;

    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(listing);
    return count;
}


static void
writing(void)
{
    (void) umask(077);
    CHECK(dosis_file_create(in_dir("a"), 0640, DOSIS_SLICE("een")) == DOSIS_OK,
        "a file is created");
    CHECK(holds("a", "een"), "with its bytes");
    CHECK(mode_of("a") == 0640, "with its mode, whatever the umask");
    CHECK(dosis_file_create(in_dir("a"), 0640, DOSIS_SLICE("twee"))
            == DOSIS_ECONFLICT,
        "creating it again is refused");
    CHECK(holds("a", "een"), "and leaves it as it was");
    CHECK(
        dosis_file_replace(in_dir("a"), 0644, DOSIS_SLICE("drie")) == DOSIS_OK,
        "replacing it is not");
    CHECK(holds("a", "drie") && mode_of("a") == 0644,
        "it has the new bytes and mode");
    CHECK(dosis_file_replace(in_dir("b"), 0600, DOSIS_SLICE("")) == DOSIS_OK
            && holds("b", ""),
        "replacing what is not there creates it, empty if need be");
    CHECK(files() == 2, "nothing is left beside them");
    CHECK(dosis_file_create(in_dir("no/c"), 0600, DOSIS_SLICE("x"))
            == DOSIS_ENOTFOUND,
        "no directory: not found");
}


static void
reading(void)
{
    char memory[8];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    CHECK(dosis_file_read(in_dir("none"), 8, &buf) == DOSIS_ENOTFOUND,
        "no file: not found");
    CHECK(dosis_file_read(in_dir("a"), 3, &buf) == DOSIS_ELIMIT,
        "a byte too many: refused");
    dosis_buf_reset(&buf);
    CHECK(dosis_file_read(in_dir("a"), 4, &buf) == DOSIS_OK && buf.len == 4,
        "exactly the ceiling: read");
    CHECK(dosis_file_read(in_dir("a"), 5, &buf) == DOSIS_OK && buf.len == 8,
        "bytes are added to what is there");
    CHECK(dosis_file_read(in_dir("a"), 5, &buf) == DOSIS_ELIMIT,
        "the buffer's own ceiling counts too");
    dosis_buf_reset(&buf);
    CHECK(dosis_file_read(dir, 8, &buf) == DOSIS_EIO, "a directory: refused");
    CHECK(mkfifo(in_dir("pipe"), 0600) == 0
            && dosis_file_read(in_dir("pipe"), 8, &buf) == DOSIS_EIO,
        "a pipe: refused, not waited for");
}


static void
places(void)
{
    char text[8];
    size_t got;
    int fd = open(in_dir("a"), O_RDWR | O_CLOEXEC);
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    CHECK(dosis_file_write_at(fd, 6, DOSIS_SLICE("vier")) == DOSIS_OK
            && dosis_file_read_at(fd, 4, text, 6, &got) == DOSIS_OK
            && got == 6 && memcmp(text, "\0\0vier", 6) == 0,
        "what is written at a place is read there");
    CHECK(dosis_file_read_at(fd, 8, text, 8, &got) == DOSIS_OK && got == 2
            && dosis_file_read_at(fd, 10, text, 8, &got) == DOSIS_OK
            && got == 0,
        "as much as there is before the end, which is no failure");
    CHECK(dosis_file_write_at(full, 0, DOSIS_SLICE("x")) == DOSIS_EFULL
            && dosis_file_read_at(full, 0, text, 1, &got) == DOSIS_EIO,
        "no room is told from what cannot be read");
    close(fd);
    close(full);
    CHECK(dosis_file_sync_dir(dir) == DOSIS_OK
            && dosis_file_sync_parent(in_dir("a")) == DOSIS_OK
            && dosis_file_sync_parent("a") == DOSIS_OK
            && dosis_file_sync_parent("/a") == DOSIS_OK,
        "the folder of a name is synced, wherever it is");
    CHECK(dosis_file_sync_parent(in_dir("no/a")) == DOSIS_ENOTFOUND,
        "one that is not there is not");
}


int
main(void)
{
    static const char *const made[] = { "a", "b", "pipe" };
    size_t i;

    if (!CHECK(mkdtemp(dir) != NULL, "a directory to work in")) {
        return tap_done();
    }
    writing();
    reading();
    places();
    for (i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        (void) unlink(in_dir(made[i]));
    }
    CHECK(rmdir(dir) == 0, "nothing else was left");
    return tap_done();
}
