/* SPDX-License-Identifier: EUPL-1.2 */
#include "t/disk/replay_model.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX  256
#define NAMES_MAX  64
#define WAITING_MAX 1024

/* A piece of a write within one sector, or a new size. */
typedef struct {
    uint64_t number;         /* of its step */
    uint64_t at;             /* byte, or the size */
    const uint8_t *data;     /* NULL: zeros */
    uint32_t bytes;
    bool is_size;
} op_t;

typedef struct {
    uint64_t inode;          /* 0: not opened yet */
    uint8_t *disk;
    uint64_t size;           /* on disk */
    uint64_t cached;         /* as the programs see it */
    uint64_t room;           /* of disk; what lies behind size is zero */
    op_t *op;
    size_t ops, ops_room;
} file_t;

typedef struct {
    char name[DISK_NAME_MAX];
    char target[DISK_NAME_MAX];    /* of a symbolic link; else "" */
    int file;
} name_t;

typedef struct {
    name_t name[NAMES_MAX];
    int names;
} names_t;

/* What happened to names since the directory was synced. */
typedef struct {
    uint64_t number;
    name_t before;           /* its name goes, when it is not "" */
    name_t after;            /* comes, when it is not "" */
} change_t;

static file_t file[FILES_MAX];
static int files;
static names_t on_disk, seen;
static change_t change[WAITING_MAX];
static int changes;
static struct {
    uint64_t token, number;
} begun[WAITING_MAX];
static int begins;
static unsigned deaf_to;
static uint64_t chance;

const char *const model_mode_name[MODEL_MODES] = { "none", "all", "sectors",
    "writes", "newest", "oldest", "but one" };


void
model_die(const char *what, const char *which)
{
    fprintf(stderr, "disk_replay: %s: %s\n", what, which);
    exit(2);
}


uint64_t
model_hash(uint64_t seed, uint64_t a, uint64_t b)
{
    uint64_t x = seed ^ (a * UINT64_C(0x9e3779b97f4a7c15))
                 ^ (b * UINT64_C(0xc2b2ae3d27d4eb4f));

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}


static void *
more(void *old, size_t bytes)
{
    void *new = realloc(old, bytes);

    if (new == NULL) {
        model_die("memory", "out");
    }
    return new;
}


/* --- names --------------------------------------------------------------- */

static name_t *
find_name(names_t *names, const char *wanted)
{
    int i;

    for (i = 0; i < names->names; i++) {
        if (strcmp(names->name[i].name, wanted) == 0) {
            return &names->name[i];
        }
    }
    return NULL;
}


static void
apply_change(names_t *names, const change_t *c)
{
    name_t *at;

    if (c->before.name[0] != '\0') {
        at = find_name(names, c->before.name);
        if (at != NULL) {
            *at = names->name[--names->names];
        }
    }
    if (c->after.name[0] != '\0') {
        at = find_name(names, c->after.name);
        if (at == NULL) {
            if (names->names == NAMES_MAX) {
                model_die("too many names", c->after.name);
            }
            at = &names->name[names->names++];
        }
        *at = c->after;
    }
}


static void
add_change(const name_t *before, const name_t *after, uint64_t number)
{
    change_t c = { .number = number };

    if (before != NULL) {
        c.before = *before;
    }
    if (after != NULL) {
        c.after = *after;
    }
    if (changes == WAITING_MAX) {
        model_die("too many changes", "of names");
    }
    change[changes++] = c;
    apply_change(&seen, &c);
}


static name_t
name_of(const char *text, int index)
{
    name_t name = { .file = index };

    (void) snprintf(name.name, sizeof(name.name), "%.*s", DISK_NAME_MAX - 1,
        text);
    return name;
}


/* --- one file ------------------------------------------------------------ */

static int
new_file(uint64_t inode)
{
    if (files == FILES_MAX) {
        model_die("too many", "files");
    }
    file[files].inode = inode;
    return files++;
}


static file_t *
file_of(uint64_t inode)
{
    int i;

    for (i = files - 1; i >= 0; i--) {
        if (file[i].inode == inode) {
            return &file[i];
        }
    }
    return NULL;
}


static void
room_for(file_t *f, uint64_t size)
{
    if (size > f->room) {
        uint64_t room = size * 2 + 65536;

        f->disk = more(f->disk, room);
        memset(f->disk + f->room, 0, room - f->room);
        f->room = room;
    }
}


static void
add_op(file_t *f, op_t op)
{
    if (f->ops == f->ops_room) {
        f->ops_room = f->ops_room * 2 + 1024;
        f->op = more(f->op, f->ops_room * sizeof(*f->op));
    }
    f->op[f->ops++] = op;
}


static void
add_size(file_t *f, uint64_t size, uint64_t number)
{
    f->cached = size;
    add_op(f, (op_t) { .number = number, .at = size, .is_size = true });
}


/* data NULL: zeros. */
static void
add_write(file_t *f, uint64_t at, const uint8_t *data, uint64_t bytes,
    uint64_t number)
{
    uint64_t part, end = at + bytes;

    room_for(f, end);
    if (end > f->cached) {
        add_size(f, end, number);
    }
    for (; at < end; at += part) {
        part = MODEL_SECTOR - at % MODEL_SECTOR;
        if (part > end - at) {
            part = end - at;
        }
        add_op(f, (op_t) { .number = number, .at = at, .data = data,
            .bytes = (uint32_t) part });
        if (data != NULL) {
            data += part;
        }
    }
}


static void
set_size(file_t *f, uint64_t size, uint64_t number)
{
    uint64_t old = f->cached;

    if (size < old) {
        add_write(f, size, NULL, old - size, number);
    }
    room_for(f, size);
    add_size(f, size, number);
}


static void
apply_op(uint8_t *to, uint64_t *size, const op_t *op)
{
    if (op->is_size) {
        *size = op->at;
    } else if (op->data != NULL) {
        memcpy(to + op->at, op->data, op->bytes);
    } else {
        memset(to + op->at, 0, op->bytes);
    }
}


/* Bytes of a file that a sync is of, and whether it failed. */
typedef struct {
    uint64_t from;
    uint64_t end;
    bool lossy;
} settled_t;


/* Of sizes as of writes, since the files that parts are synced of only grow. */
static bool
is_within(const settled_t *part, const op_t *op)
{
    return op->is_size ? op->at <= part->end
                       : op->at >= part->from && op->at < part->end;
}


/*
 * What lay before step number is on disk; lossy: or lost, each as drawn. With
 * the bytes of a write comes the size they need, also when that was lost once.
 */
static void
settle_all(file_t *f, uint64_t number, settled_t part)
{
    size_t i, kept = 0;
    uint64_t end;
    const bool lossy = part.lossy;

    for (i = 0; i < f->ops; i++) {
        if (f->op[i].number >= number || !is_within(&part, &f->op[i])) {
            f->op[kept++] = f->op[i];
        } else if (!lossy || model_hash(chance, f->op[i].number, 7) & 1) {
            apply_op(f->disk, &f->size, &f->op[i]);
            end = f->op[i].at + f->op[i].bytes;
            if (f->op[i].data != NULL && f->size < end) {
                f->size = end;
            }
        }
    }
    f->ops = kept;
}


/* As that, for the range of one durable write, and the size it needs. */
static void
settle_range(file_t *f, uint64_t at, uint64_t bytes)
{
    uint64_t from = at / MODEL_SECTOR, to = (at + bytes - 1) / MODEL_SECTOR;
    size_t i, kept = 0;
    op_t *op;

    for (i = 0; i < f->ops; i++) {
        op = &f->op[i];
        if (op->is_size ? op->at <= at + bytes
                        : op->at / MODEL_SECTOR >= from
                              && op->at / MODEL_SECTOR <= to) {
            apply_op(f->disk, &f->size, op);
        } else {
            f->op[kept++] = *op;
        }
    }
    f->ops = kept;
    if (f->size < at + bytes) {
        f->size = at + bytes;
    }
}


/* --- steps --------------------------------------------------------------- */

static void
step_open(const model_step_t *step, uint64_t number)
{
    char text[DISK_NAME_MAX];
    name_t name, *there;

    (void) snprintf(text, sizeof(text), "%.*s", (int) step->head->name_bytes,
        step->names);
    there = find_name(&seen, text);
    if (there != NULL && file[there->file].inode == step->head->inode) {
        return;
    }
    if (there != NULL && file[there->file].inode == 0) {
        file[there->file].inode = step->head->inode;
        return;
    }
    name = name_of(text, new_file(step->head->inode));
    if (!(step->head->flags & DISK_MADE) && step->head->at > 0) {
        model_die("neither recorded nor in the directory before", text);
    }
    add_change(NULL, &name, number);
}


static void
step_names(const model_step_t *step, uint64_t number)
{
    char from[PATH_MAX], to[DISK_NAME_MAX];
    size_t len = strnlen(step->names, step->head->name_bytes);
    name_t before, after, *there;

    (void) snprintf(from, sizeof(from), "%.*s", (int) len, step->names);
    (void) snprintf(to, sizeof(to), "%.*s",
        len < step->head->name_bytes
            ? (int) (step->head->name_bytes - len - 1) : 0,
        step->names + len + 1);
    if (step->head->kind == DISK_SYMLINK) {
        after = name_of(to, -1);
        (void) snprintf(after.target, sizeof(after.target), "%.*s",
            DISK_NAME_MAX - 1, from);
        add_change(NULL, &after, number);
        return;
    }
    there = find_name(&seen, from);
    if (there == NULL) {
        return;                 /* came from a program without the shim */
    }
    before = *there;
    after = before;
    (void) snprintf(after.name, sizeof(after.name), "%.*s", DISK_NAME_MAX - 1,
        to);
    add_change(step->head->kind == DISK_LINK ? NULL : &before,
        step->head->kind == DISK_UNLINK ? NULL : &after, number);
}


static void
end_names(uint64_t number)
{
    int i, kept = 0;

    for (i = 0; i < changes; i++) {
        if (change[i].number < number) {
            apply_change(&on_disk, &change[i]);
        } else {
            change[kept++] = change[i];
        }
    }
    changes = kept;
}


/* Of the whole file, or of a part: whole pages. */
static settled_t
part_of(const model_step_t *step)
{
    uint64_t bytes;
    settled_t part = { .end = UINT64_MAX,
        .lossy = (step->head->flags & DISK_FAILED) != 0 };

    if (step->head->flags & DISK_PART) {
        if (step->data_bytes != sizeof(bytes)) {
            model_die("a sync of a part", "of how many bytes");
        }
        memcpy(&bytes, step->data, sizeof(bytes));
        part.from = step->head->at;
        part.end = step->head->at + bytes;
    }
    return part;
}


static void
step_end(const model_step_t *step)
{
    int i;
    uint64_t number;
    unsigned deaf = step->head->flags & DISK_PART
                        ? MODEL_DEAF_SYNC | MODEL_DEAF_PART : MODEL_DEAF_SYNC;
    file_t *f = file_of(step->head->inode);
    bool failed = (step->head->flags & DISK_FAILED) != 0;

    for (i = 0; i < begins && begun[i].token != step->head->token; i++) {
        continue;
    }
    if (i == begins) {
        model_die("a sync ends that never began", "");
    }
    number = begun[i].number;
    begun[i] = begun[--begins];
    if (f == NULL) {            /* the directory */
        if (!failed && !(deaf_to & MODEL_DEAF_NAMES)) {
            end_names(number);
        }
    } else if (failed || !(deaf_to & deaf)) {
        settle_all(f, number, part_of(step));
    }
}


static void
step_write(const model_step_t *step, uint64_t number)
{
    file_t *f = file_of(step->head->inode);

    if (f == NULL) {
        model_die("a write to a file", "never opened");
    }
    if (step->head->kind == DISK_SIZE) {
        set_size(f, step->head->at, number);
    } else if (!step->settle) {
        add_write(f, step->head->at, step->data, step->data_bytes, number);
    } else if (!(deaf_to & MODEL_DEAF_DURABLE)) {
        settle_range(f, step->head->at, step->data_bytes);
    }
}


void
model_step(const model_step_t *step, uint64_t number)
{
    switch (step->head->kind) {
    case DISK_OPEN:
        step_open(step, number);
        break;
    case DISK_WRITE:
    case DISK_SIZE:
        step_write(step, number);
        break;
    case DISK_BEGIN:
        if (begins == WAITING_MAX) {
            model_die("too many syncs", "at once");
        }
        begun[begins].token = step->head->token;
        begun[begins++].number = number;
        break;
    case DISK_END:
        step_end(step);
        break;
    case DISK_RENAME:
    case DISK_LINK:
    case DISK_SYMLINK:
    case DISK_UNLINK:
        step_names(step, number);
        break;
    case DISK_MARK:
        break;
    default:
        model_die("a call without a model", step->names);
    }
}


uint64_t
model_pending(uint64_t drawn)
{
    int i;
    uint64_t ops = 0;

    for (i = 0; i < files; i++) {
        ops += file[i].ops;
    }
    drawn = ops > 0 ? drawn % ops : 0;
    for (i = 0; i < files; i++) {
        if (drawn < file[i].ops) {
            return file[i].op[drawn].number;
        }
        drawn -= file[i].ops;
    }
    return 0;
}


/* --- the directory before ------------------------------------------------ */

static void
read_file(const char *path, file_t *f)
{
    int fd = open(path, O_RDONLY);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0) {
        model_die(path, strerror(errno));
    }
    room_for(f, (uint64_t) st.st_size);
    if (read(fd, f->disk, (size_t) st.st_size) != st.st_size) {
        model_die(path, "not read");
    }
    f->size = f->cached = (uint64_t) st.st_size;
    (void) close(fd);
}


static void
read_base(const char *base)
{
    char path[PATH_MAX];
    ssize_t n;
    struct stat st;
    struct dirent *entry;
    change_t c;
    DIR *dir = opendir(base);

    if (dir == NULL) {
        model_die(base, strerror(errno));
    }
    while ((entry = readdir(dir)) != NULL) {
        (void) snprintf(path, sizeof(path), "%s/%s", base, entry->d_name);
        if (lstat(path, &st) != 0 || S_ISDIR(st.st_mode)) {
            continue;
        }
        memset(&c, 0, sizeof(c));
        c.after = name_of(entry->d_name, -1);
        if (S_ISLNK(st.st_mode)) {
            n = readlink(path, c.after.target, DISK_NAME_MAX - 1);
            c.after.target[n < 0 ? 0 : n] = '\0';
        } else {
            c.after.file = new_file(0);
            read_file(path, &file[c.after.file]);
        }
        apply_change(&on_disk, &c);
        apply_change(&seen, &c);
    }
    (void) closedir(dir);
}


void
model_begin(const char *base, unsigned deaf, uint64_t seed)
{
    deaf_to = deaf;
    chance = seed;
    read_base(base);
}


/* --- the image ----------------------------------------------------------- */

static bool
is_kept(const model_draw_t *draw, const op_t *op)
{
    uint64_t sector = op->is_size ? UINT64_MAX : op->at / MODEL_SECTOR;

    switch (draw->mode) {
    case MODEL_NONE:
        return false;
    case MODEL_SECTORS:
        return model_hash(draw->seed, op->number, sector) & 1;
    case MODEL_WRITES:
        return model_hash(draw->seed, op->number, 0) & 1;
    case MODEL_NEWEST:
        return op->number >= draw->pivot;
    case MODEL_OLDEST:
        return op->number < draw->pivot
               || (op->number == draw->pivot
                   && model_hash(draw->seed, op->number, sector) & 1);
    case MODEL_BUT_ONE:
        return op->number != draw->pivot;
    default:
        return true;
    }
}


/*
 * The state of a sector is that of one moment: what was kept of it last, with
 * all that went before. Returns the size; content has room for all.
 */
static uint64_t
draw_file(const file_t *f, const model_draw_t *draw, uint8_t *content)
{
    size_t i;
    uint64_t size = f->size;
    uint64_t *last = calloc(f->room / MODEL_SECTOR + 1, sizeof(*last));

    if (last == NULL) {
        model_die("memory", "out");
    }
    memcpy(content, f->disk, f->room);
    for (i = 0; i < f->ops; i++) {
        if (is_kept(draw, &f->op[i])) {
            if (f->op[i].is_size) {
                size = f->op[i].at;
            } else {
                last[f->op[i].at / MODEL_SECTOR] = i + 1;
            }
        }
    }
    for (i = 0; i < f->ops; i++) {
        if (!f->op[i].is_size && i < last[f->op[i].at / MODEL_SECTOR]) {
            uint64_t unused;

            apply_op(content, &unused, &f->op[i]);
        }
    }
    free(last);
    return size;
}


static void
write_file(const char *path, const uint8_t *content, uint64_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0660);

    if (fd < 0 || fchmod(fd, 0660) != 0
        || write(fd, content, size) != (ssize_t) size) {
        model_die(path, strerror(errno));
    }
    (void) close(fd);
}


/* Written through a map, so anything may be in it. */
static bool
draw_lock(const model_draw_t *draw, uint8_t *content, uint64_t size)
{
    uint64_t i, which = model_hash(draw->seed, 1, 1) % 3;

    for (i = 0; i < size; i++) {
        content[i] = which == 1 ? 0 : (uint8_t) model_hash(draw->seed, i, 2);
    }
    return which > 0;
}


static void
image_file(const char *path, const name_t *name, const model_draw_t *draw)
{
    const file_t *f = &file[name->file];
    uint8_t *content = more(NULL, f->room + 1);
    uint64_t size = 0;

    if (f->room > 0) {
        size = draw_file(f, draw, content);
    }
    if (strstr(name->name, "-lock") == NULL
        || draw_lock(draw, content, size)) {
        write_file(path, content, size);
    }
    free(content);
}


static void
empty_dir(const char *path)
{
    char inner[PATH_MAX];
    struct dirent *entry;
    DIR *dir = opendir(path);

    if (dir == NULL) {
        if (mkdir(path, 0770) != 0) {
            model_die(path, strerror(errno));
        }
        return;
    }
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            (void) snprintf(inner, sizeof(inner), "%s/%s", path,
                entry->d_name);
            (void) unlink(inner);
        }
    }
    (void) closedir(dir);
}


void
model_image(const char *dir, const model_draw_t *draw)
{
    int i, names = 0;
    char path[PATH_MAX];
    names_t drawn = on_disk;

    if (draw->mode == MODEL_ALL) {
        names = changes;
    } else if (draw->mode != MODEL_NONE) {
        names = (int) (model_hash(draw->seed, 3, 3)
                       % ((unsigned) changes + 1));
    }
    for (i = 0; i < names; i++) {
        apply_change(&drawn, &change[i]);
    }
    empty_dir(dir);
    for (i = 0; i < drawn.names; i++) {
        (void) snprintf(path, sizeof(path), "%s/%s", dir, drawn.name[i].name);
        if (drawn.name[i].file < 0) {
            if (symlink(drawn.name[i].target, path) != 0) {
                model_die(path, strerror(errno));
            }
        } else {
            image_file(path, &drawn.name[i], draw);
        }
    }
}
