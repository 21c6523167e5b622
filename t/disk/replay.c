/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disk_replay: pulls the plug, many times, at moments of a recorded run.
 *
 *   disk_replay [--cuts N] [--seed S] [--deaf sync|part|durable|names]...
 *               [--only STEP,MODE,SEED] LOG BASE IMAGE CHECK [WORD...]
 *
 * LOG is what disk_shim.so recorded, BASE the directory before. At each cut
 * IMAGE is made to hold what the disk then may have had, and CHECK is run. It
 * finds in DISK_MARKS a file with all marks of the run, a line each, and in
 * DISK_MARKED how many of them had been made by then. Code 0: all is well.
 *
 * Cuts are drawn: two of three directly at a sync (before it, in the middle,
 * after it), the others anywhere. --deaf does as if syncs of that kind had
 * never been asked for: what must not go well. --only repeats one cut, as a
 * failure names it. Exit code 0 all was well, 1 not, 2 no verdict.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "t/disk/replay_model.h"

#define CHECK_SECONDS 120
#define TOLD_CUTS     6         /* failures that are told, the first ones */
#define TOLD_LINES    6

typedef struct {
    uint64_t cuts, seed, done, failed;
    uint64_t only, only_seed;
    const char *only_mode;
    unsigned deaf;
    const char *log, *base, *image;
    char **check;
} replay_t;

static model_step_t *steps;
static uint64_t count;
static bool *wanted;         /* a cut after so many steps */


static void
add_step(model_step_t step)
{
    static uint64_t room;

    if (count == room) {
        room = room * 2 + 4096;
        steps = realloc(steps, room * sizeof(*steps));
        if (steps == NULL) {
            model_die("memory", "out");
        }
    }
    steps[count++] = step;
}


static void
read_log(const char *path)
{
    int fd = open(path, O_RDONLY);
    size_t at = 0, end;
    const char *log;
    struct stat st;
    model_step_t step;

    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0) {
        model_die(path, "no log");
    }
    end = (size_t) st.st_size;
    log = mmap(NULL, end, PROT_READ, MAP_PRIVATE, fd, 0);
    if (log == MAP_FAILED) {
        model_die(path, strerror(errno));
    }
    while (at < end) {
        disk_record_t *head = malloc(sizeof(*head));

        if (head == NULL || end - at < sizeof(*head)) {
            model_die(path, "ends too early");
        }
        memcpy(head, log + at, sizeof(*head));
        at += sizeof(*head);
        if (head->magic != DISK_MAGIC || end - at < head->bytes) {
            model_die(path, "is no log");
        }
        step = (model_step_t) { .head = head, .names = log + at,
            .data = (const uint8_t *) log + at + head->name_bytes,
            .data_bytes = head->bytes - head->name_bytes };
        at += head->bytes;
        add_step(step);
        if (head->kind == DISK_WRITE && head->flags & DISK_DURABLE) {
            step.settle = true;
            add_step(step);
        }
    }
}


static bool
is_edge(uint64_t after)
{
    const disk_record_t *last = after > 0 ? steps[after - 1].head : NULL;
    const disk_record_t *next = after < count ? steps[after].head : NULL;

    return (last != NULL
               && (last->kind == DISK_END || last->flags & DISK_DURABLE))
           || (next != NULL
               && (next->kind == DISK_BEGIN || next->kind == DISK_END
                   || next->flags & DISK_DURABLE));
}


static void
draw_cuts(const replay_t *r)
{
    uint64_t i, n, at, edges = 0, tries = 0;
    uint64_t *edge = calloc(count + 1, sizeof(*edge));

    wanted = calloc(count + 1, sizeof(*wanted));
    if (edge == NULL || wanted == NULL) {
        model_die("memory", "out");
    }
    if (r->only > 0) {
        wanted[r->only < count ? r->only : count] = true;
        return;
    }
    for (i = 0; i <= count; i++) {
        if (is_edge(i)) {
            edge[edges++] = i;
        }
    }
    for (n = 0; n < r->cuts && tries < r->cuts * 50; tries++) {
        at = model_hash(r->seed, tries, 9);
        at = tries % 3 != 2 && edges > 0 ? edge[at % edges] : at % (count + 1);
        if (!wanted[at]) {
            wanted[at] = true;
            n++;
        }
    }
    free(edge);
}


/* A file of all marks, for the checks. */
static void
write_marks(const char *path)
{
    uint64_t i;
    FILE *f = fopen(path, "w");

    if (f == NULL) {
        model_die(path, strerror(errno));
    }
    for (i = 0; i < count; i++) {
        if (steps[i].head->kind == DISK_MARK) {
            fprintf(f, "%.*s\n", (int) steps[i].data_bytes,
                (const char *) steps[i].data);
        }
    }
    if (fclose(f) != 0) {
        model_die(path, strerror(errno));
    }
}


static int
run_check(const replay_t *r, const char *said, uint64_t marked)
{
    int fd, status;
    char number[32];
    pid_t pid = fork();

    if (pid == 0) {
        (void) snprintf(number, sizeof(number), "%" PRIu64, marked);
        (void) setenv("DISK_MARKED", number, 1);
        fd = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd >= 0 && dup2(fd, 1) == 1 && dup2(fd, 2) == 2) {
            (void) alarm(CHECK_SECONDS);
            (void) execv(r->check[0], r->check);
        }
        _exit(126);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        model_die("fork", strerror(errno));
    }
    return status;
}


static const char *
step_name(uint64_t after)
{
    static char text[64];
    const disk_record_t *head;

    if (after == 0) {
        return "the start";
    }
    head = steps[after - 1].head;
    (void) snprintf(text, sizeof(text), "%c%s of inode %" PRIu64, head->kind,
        head->flags & DISK_DURABLE
            ? (steps[after - 1].settle ? " (durable)" : " (not durable yet)")
            : "",
        head->inode);
    return text;
}


static void
tell(const char *said)
{
    int lines = 0;
    char line[160];
    FILE *f = fopen(said, "r");

    while (f != NULL && lines++ < TOLD_LINES
           && fgets(line, sizeof(line), f) != NULL) {
        printf("#   %.*s\n", (int) strcspn(line, "\n"), line);
    }
    if (f != NULL) {
        (void) fclose(f);
    }
}


static void
cut(replay_t *r, uint64_t after, uint64_t marked, const char *said)
{
    int i, status;
    model_draw_t draw = { .seed = model_hash(r->seed, after, 4) };

    draw.mode = (model_mode_t) (draw.seed % MODEL_MODES);
    for (i = 0; r->only > 0 && i < MODEL_MODES; i++) {
        if (strcmp(model_mode_name[i], r->only_mode) == 0) {
            draw.mode = (model_mode_t) i;
            draw.seed = r->only_seed;
        }
    }
    draw.pivot = model_pending(model_hash(draw.seed, 5, 5));
    model_image(r->image, &draw);
    status = run_check(r, said, marked);
    r->done++;
    if (status != 0 && r->failed++ < TOLD_CUTS) {
        printf("# cut %" PRIu64 ",%s,%" PRIu64 " after %s: %s %d\n", after,
            model_mode_name[draw.mode], draw.seed, step_name(after),
            WIFSIGNALED(status) ? "signal" : "code",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        tell(said);
    }
}


static unsigned
deaf_of(const char *word)
{
    return strcmp(word, "sync") == 0      ? MODEL_DEAF_SYNC
           : strcmp(word, "part") == 0    ? MODEL_DEAF_PART
           : strcmp(word, "durable") == 0 ? MODEL_DEAF_DURABLE
           : strcmp(word, "names") == 0   ? MODEL_DEAF_NAMES
                                          : 0;
}


static void
read_words(replay_t *r, int argc, char **argv)
{
    int i;
    char *rest;

    for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--cuts") == 0) {
            r->cuts = strtoull(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--seed") == 0) {
            r->seed = strtoull(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--deaf") == 0) {
            r->deaf |= deaf_of(argv[i + 1]);
        } else if (strcmp(argv[i], "--only") == 0) {
            r->only = strtoull(argv[i + 1], &rest, 10);
            r->only_mode = strtok_r(rest, ",", &rest);
            r->only_seed = rest != NULL ? strtoull(rest, NULL, 10) : 0;
        }
    }
    if (argc - i < 4) {
        model_die("usage", "see the head of t/disk/replay.c");
    }
    r->log = argv[i];
    r->base = argv[i + 1];
    r->image = argv[i + 2];
    r->check = argv + i + 3;
}


int
main(int argc, char **argv)
{
    replay_t r = { .cuts = 40, .seed = 1 };
    char marks[PATH_MAX], said[PATH_MAX];
    uint64_t i, marked = 0;

    read_words(&r, argc, argv);
    read_log(r.log);
    draw_cuts(&r);
    (void) snprintf(marks, sizeof(marks), "%s.marks", r.image);
    (void) snprintf(said, sizeof(said), "%s.said", r.image);
    write_marks(marks);
    (void) setenv("DISK_MARKS", marks, 1);
    model_begin(r.base, r.deaf, r.seed);
    for (i = 0; i <= count; i++) {
        if (wanted[i]) {
            cut(&r, i, marked, said);
        }
        if (i < count) {
            marked += steps[i].head->kind == DISK_MARK;
            model_step(&steps[i], i + 1);
        }
    }
    printf("# %" PRIu64 " cuts in %" PRIu64 " steps, %" PRIu64
           " went wrong, seed %" PRIu64 "\n",
        r.done, count, r.failed, r.seed);
    return r.failed == 0 && r.done > 0 ? 0 : 1;
}
