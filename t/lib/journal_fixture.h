/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * journal_fixture.h: a store's files as they were at a moment, and one opened
 * from such files, for unit programs. Loss of power is played: of each sector
 * written since, the old or the new.
 */

#ifndef DOSIS_T_LIB_JOURNAL_FIXTURE_H
#define DOSIS_T_LIB_JOURNAL_FIXTURE_H

#include <fcntl.h>

#include "base/dosis_hash.h"
#include "store/store_txn.h"
#include "t/lib/store_fixture.h"

#define FILE_MAX  ((size_t) 256 << 20)
#define SECTOR    512

/* A file, as it was at a moment. */
typedef struct {
    char *bytes;
    size_t len;
} image_t;

static uint64_t drawn = 11;


static inline uint64_t
draw(uint64_t below)
{
    drawn ^= drawn << 13;
    drawn ^= drawn >> 7;
    drawn ^= drawn << 17;
    return drawn % below;
}


/* --- files --------------------------------------------------------------- */

static inline const char *
path_of(const char *dir, const char *name)
{
    static char path[2][128];
    static unsigned turn;

    turn ^= 1;
    (void) snprintf(path[turn], sizeof(path[0]), "%s/%s", dir, name);
    return path[turn];
}


static inline image_t
take_image(const fixture_t *f, const char *name)
{
    image_t image = { calloc(1, FILE_MAX), 0 };
    int fd = open(path_of(f->dir, name), O_RDONLY);
    ssize_t n = pread(fd, image.bytes, FILE_MAX, 0);

    if (fd < 0 || n < 0 || (size_t) n == FILE_MAX) {
        printf("Bail out! no image of %s\n", name);
        exit(1);
    }
    image.len = (size_t) n;
    (void) close(fd);
    return image;
}


static inline void
put_image(const char *dir, const char *name, const image_t *image)
{
    int fd = open(path_of(dir, name), O_RDWR | O_CREAT | O_TRUNC, 0660);

    if (fd < 0 || pwrite(fd, image->bytes, image->len, 0) < 0) {
        printf("Bail out! no copy of %s\n", name);
        exit(1);
    }
    (void) close(fd);
}


/* What the disk may hold: of each sector, what it was or what it became. */
static inline image_t
lose_power(const image_t *before, const image_t *after)
{
    size_t at, len = before->len > after->len ? before->len : after->len;
    image_t image = { calloc(1, FILE_MAX), len };

    for (at = 0; at < len; at += SECTOR) {
        memcpy(image.bytes + at,
            (draw(2) != 0 ? before : after)->bytes + at, SECTOR);
    }
    return image;
}


/* --- stores -------------------------------------------------------------- */

/* Another folder with these files. */
static inline fixture_t
other_store(const fixture_t *f, const image_t *data, const image_t *journal)
{
    fixture_t other = { .kek = f->kek, .arena = f->arena };

    (void) snprintf(other.dir, sizeof(other.dir), "/tmp/dosis-unit-XXXXXX");
    if (mkdtemp(other.dir) == NULL
        || symlink("g1.mdb", path_of(other.dir, "CURRENT")) != 0) {
        printf("Bail out! no other folder\n");
        exit(1);
    }
    put_image(other.dir, "g1.mdb", data);
    if (journal != NULL) {
        put_image(other.dir, "g1.jrnl", journal);
    }
    return other;
}


static inline dosis_rc_t
try_open(fixture_t *f, bool hurry)
{
    dosis_store_options_t options = { .dir = f->dir, .kek = f->kek,
        .hurry = hurry, .map_bytes = (size_t) 1 << 30 };

    return dosis_store_open(&options, &f->store);
}


static inline void
remove_store(fixture_t *f)
{
    static const char *const names[] = { "CURRENT", "g1.mdb", "g1.mdb-lock",
        "g1.jrnl" };
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void) unlink(path_of(f->dir, names[i]));
    }
    (void) rmdir(f->dir);
}


/* Of every byte in it, but where the journal is. */
static inline uint64_t
print_of(fixture_t *f)
{
    int db;
    uint64_t print = DOSIS_HASH_BEGIN;
    store_cursor_t c;
    dosis_rc_t rc;

    fixture_must(dosis_reader_begin(f->reader), "read");
    for (db = 0; db < STORE_DBS; db++) {
        fixture_must(store_cursor_open(&f->reader->snap, db, &c), "cursor");
        for (rc = store_cursor_seek(&c, dosis_slice(NULL, 0)); rc == DOSIS_OK;
             rc = store_cursor_next(&c)) {
            if (!dosis_slice_eq(c.key, DOSIS_SLICE("journaal"))) {
                print = dosis_hash_mix(print, c.key.data, c.key.len);
                print = dosis_hash_mix(print, c.value.data, c.value.len);
            }
        }
        store_cursor_close(&c);
    }
    dosis_reader_end(f->reader);
    return print;
}


/* Opened from these files, is it whole, and what it was? */
static inline bool
comes_back(const fixture_t *f, const image_t *data, const image_t *journal,
    uint64_t print)
{
    bool same;
    dosis_verify_t report;
    fixture_t other = other_store(f, data, journal);

    fixture_open(&other);
    same = fixture_is_whole(&other, &report) && print_of(&other) == print;
    fixture_close(&other);
    remove_store(&other);
    return same;
}


/* A dossier of agent `who`. */
static inline dosis_delivery_t
delivery_of(fixture_t *f, unsigned n, unsigned who)
{
    char kbo[11];
    static char text[1024];

    fixture_kbo(who, kbo);
    (void) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"n%u\"},\"Naam\":\"Journaal\",\"WijzigingsDatum\":"
        "\"2026-01-02T10:00:00\",\"Status\":{\"VlaamsFase\":\"Behandeling\","
        "\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":[{\"Identificatie\":"
        "\"%s\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}",
        n, kbo);
    return fixture_delivery(f, text);
}


/* `count` of them, in one commit. */
static inline dosis_rc_t
push_together(fixture_t *f, unsigned n, unsigned count)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    dosis_delivery_t d;
    unsigned i;

    dosis_arena_reset(f->arena);
    rc = dosis_txn_begin(f->writer, FIXTURE_NOW + (int64_t) n, &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (i = 0; i < count; i++) {
        d = delivery_of(f, n + i, (n + i) % 37);
        dosis_deliver(txn, &d);
    }
    return dosis_txn_commit(txn);
}


/* In a commit of its own. */
static inline dosis_rc_t
push(fixture_t *f, unsigned n, unsigned who)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    dosis_delivery_t d;

    dosis_arena_reset(f->arena);
    d = delivery_of(f, n, who);
    rc = dosis_txn_begin(f->writer, FIXTURE_NOW + (int64_t) n, &txn);
    if (rc == DOSIS_OK) {
        dosis_deliver(txn, &d);
        rc = dosis_txn_commit(txn);
    }
    return rc;
}


static inline void
push_many(fixture_t *f, unsigned from, unsigned to)
{
    for (; from < to; from++) {
        fixture_must(push(f, from, from % 37), "push");
    }
}


/* --- scenes -------------------------------------------------------------- */

typedef struct {
    image_t data;       /* at the checkpoint */
    image_t after;      /* and once all was committed */
    image_t journal;
    uint64_t print;
} scene_t;


static inline void
scene_done(scene_t *s)
{
    free(s->data.bytes);
    free(s->after.bytes);
    free(s->journal.bytes);
}

#endif
