/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_fixture.h: a store in a temporary folder, with code lists and one
 * source, for unit programs. Everything it takes is released at exit.
 */

#ifndef DOSIS_T_LIB_STORE_FIXTURE_H
#define DOSIS_T_LIB_STORE_FIXTURE_H

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "domain/dosis_dossier_json.h"
#include "store/dosis_deliver.h"
#include "store/dosis_verify.h"

#define FIXTURE_BRON "urn://proef/bron"
#define FIXTURE_NOW  (INT64_C(1790000000) * DOSIS_NS_PER_S)

typedef struct {
    char dir[64];
    dosis_secret_t *kek;
    dosis_store_t *store;
    dosis_reader_t *reader;
    dosis_writer_t *writer;
    dosis_arena_t *arena;
    dosis_err_t problems;
    dosis_err_t warnings;
    unsigned clock;
    size_t map_bytes;             /* 0 = 1 GiB */
} fixture_t;


static inline void
fixture_must(dosis_rc_t rc, const char *what)
{
    if (rc != DOSIS_OK) {
        printf("Bail out! %s: %s\n", what, dosis_rc_name(rc));
        exit(1);
    }
}


static inline void
fixture_put(fixture_t *f, dosis_ref_kind_t kind, dosis_slice_t json)
{
    dosis_txn_t *txn;
    dosis_err_t err = { 0 };

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    fixture_must(dosis_ref_put(txn, kind, json, &err), "ref_put");
    fixture_must(dosis_txn_commit(txn), "commit");
}


static inline void
fixture_lijst(fixture_t *f, const char *name)
{
    char path[128];
    FILE *file;
    static char text[65536];
    size_t len;

    (void) snprintf(path, sizeof(path), "conf/codelijsten/%s.json", name);
    file = fopen(path, "r");
    if (file == NULL) {
        printf("Bail out! %s is not there\n", path);
        exit(1);
    }
    len = fread(text, 1, sizeof(text), file);
    (void) fclose(file);
    fixture_put(f, DOSIS_REF_CODELIJST, dosis_slice(text, len));
}


static inline void
fixture_open(fixture_t *f)
{
    dosis_store_options_t options = { .dir = f->dir, .kek = f->kek,
        .map_bytes = f->map_bytes > 0 ? f->map_bytes : (size_t) 1 << 30 };

    fixture_must(dosis_store_open(&options, &f->store), "open");
    fixture_must(dosis_reader_create(f->store, &f->reader), "reader");
    fixture_must(dosis_writer_create(f->store, &f->writer), "writer");
}


static inline void
fixture_close(fixture_t *f)
{
    dosis_reader_free(f->reader);
    dosis_writer_free(f->writer);
    dosis_store_close(f->store);
}


static inline void
fixture_begin(fixture_t *f)
{
    dosis_store_options_t options = { .map_bytes = (size_t) 1 << 30 };

    memset(f, 0, sizeof(*f));
    (void) snprintf(f->dir, sizeof(f->dir), "/tmp/dosis-unit-XXXXXX");
    if (mkdtemp(f->dir) == NULL) {
        printf("Bail out! no temporary folder\n");
        exit(1);
    }
    dosis_json_init();
    fixture_must(dosis_secret_generate(&f->kek), "kek");
    options.dir = f->dir;
    options.kek = f->kek;
    fixture_must(dosis_store_create(&options, 1), "create");
    fixture_open(f);
    f->arena = dosis_arena_create((size_t) 64 << 20);
    fixture_lijst(f, "StatusVlaamsFase");
    fixture_lijst(f, "StatusVlaamsCode");
    fixture_lijst(f, "StatusEDRL");
    fixture_lijst(f, "TypeDossier");
    fixture_lijst(f, "ParticipatieRol");
    fixture_put(f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"" FIXTURE_BRON "\",\"Naam\":\"Proef\","
                    "\"Actief\":true}"));
}


static inline void
fixture_end(fixture_t *f)
{
    static const char *const names[] = { "CURRENT", "g1.mdb", "g1.mdb-lock",
        "g1.jrnl", "g2.jrnl",
        "g2.mdb", "g2.mdb-lock" };
    char path[128];
    size_t i;

    fixture_close(f);
    dosis_secret_free(f->kek);
    dosis_arena_free(f->arena);
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void) snprintf(path, sizeof(path), "%s/%s", f->dir, names[i]);
        (void) unlink(path);
    }
    (void) rmdir(f->dir);
}


/* A delivery from JSON, prepared; its memory lives in the fixture's arena. */
static inline dosis_delivery_t
fixture_delivery(fixture_t *f, const char *json)
{
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_delivery_t d = { .problems = &f->problems,
        .warnings = &f->warnings, .client = DOSIS_SLICE("proef") };
    dosis_dossier_rules_t rules = { .now_ns = FIXTURE_NOW,
        .future_ns = 86400 * DOSIS_NS_PER_S };

    memset(&f->problems, 0, sizeof(f->problems));
    memset(&f->warnings, 0, sizeof(f->warnings));
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    rules.lijsten = dosis_ref_lijsten(dosis_reader_ref(f->reader));
    fixture_must(dosis_json_parse(dosis_slice_of(json), &root, NULL), "json");
    rc = dosis_dossier_from_json(root, &rules, f->arena, &d.dossier,
        &f->warnings, &f->problems);
    d.refused = rc == DOSIS_EINPUT;
    dosis_json_free(root);
    fixture_must(dosis_delivery_prepare(f->reader, &d, f->arena), "prepare");
    dosis_reader_end(f->reader);
    return d;
}


static inline void
fixture_deliver(fixture_t *f, dosis_delivery_t *d)
{
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer,
        FIXTURE_NOW + (int64_t) ++f->clock * DOSIS_NS_PER_MS, &txn), "begin");
    dosis_deliver(txn, d);
    fixture_must(dosis_txn_commit(txn), "commit");
}


static inline dosis_delivery_t
fixture_push(fixture_t *f, const char *json)
{
    dosis_delivery_t d = fixture_delivery(f, json);

    fixture_deliver(f, &d);
    return d;
}


static inline dosis_delivery_t
fixture_withdraw(fixture_t *f, const char *nummer, int64_t date_ns)
{
    dosis_delivery_t d = { .withdraw = true, .problems = &f->problems,
        .warnings = &f->warnings, .client = DOSIS_SLICE("proef") };

    d.dossier.bron = DOSIS_SLICE(FIXTURE_BRON);
    d.dossier.nummer = dosis_slice_of(nummer);
    d.dossier.has_wijziging = date_ns != 0;
    d.dossier.wijziging_ns = date_ns;
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(dosis_delivery_prepare(f->reader, &d, f->arena), "prepare");
    dosis_reader_end(f->reader);
    fixture_deliver(f, &d);
    return d;
}


/* The list of one agent that holds the right `Lezer`, into body. */
static inline dosis_rc_t
fixture_list(fixture_t *f, const char *agent, dosis_question_t *q,
    dosis_buf_t *body, dosis_answer_t *answer)
{
    dosis_rc_t rc;
    static const dosis_slice_t recht[] = { { "Lezer", 5 } };
    dosis_subject_t subject = { .rechten = recht, .rechten_count = 1 };

    if (dosis_agent_parse(dosis_slice_of(agent), DOSIS_STRENG, &subject.agent)
        != NULL) {
        printf("Bail out! %s is no agent\n", agent);
        exit(1);
    }
    q->subject = &subject;
    q->subjects = 1;
    q->now_ns = q->now_ns != 0 ? q->now_ns : FIXTURE_NOW;
    q->limit = q->limit != 0 ? q->limit : DOSIS_PAGE_ROWS_MAX;
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    rc = dosis_list(f->reader, q, body, answer);
    dosis_reader_end(f->reader);
    return rc;
}


static void
fixture_print(const char *text, void *payload)
{
    (void) payload;
    printf("# %s\n", text);
}


static inline bool
fixture_is_whole(fixture_t *f, dosis_verify_t *report)
{
    return dosis_verify(f->store, fixture_print, NULL, report) == DOSIS_OK
           && report->findings == 0;
}


/* A valid enterprise number, the n-th. */
static inline void
fixture_kbo(unsigned n, char to[11])
{
    unsigned head = 1000000 + n;

    (void) snprintf(to, 11, "%08u%02u", head, 97 - head % 97);
}


/* A checkpoint that is made on a thread, while the caller writes. */
typedef struct {
    dosis_store_t *store;
    pthread_t thread;
    atomic_bool over;
} fixture_beside_t;


static inline void *
fixture_beside_run(void *payload)
{
    fixture_beside_t *b = payload;

    fixture_must(dosis_store_checkpoint(b->store), "checkpoint");
    b->over = true;
    return NULL;
}


/* What the journal says of one under way (store-format.md). */
static inline bool
fixture_comes(const fixture_t *f)
{
    char path[128], bytes[8] = { 0 };
    int fd;
    ssize_t n;
    static const char none[8];

    (void) snprintf(path, sizeof(path), "%s/g1.jrnl", f->dir);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    n = pread(fd, bytes, sizeof(bytes), (32 << 10) + 8);
    (void) close(fd);
    return n == sizeof(bytes) && memcmp(bytes, none, sizeof(bytes)) != 0;
}


/* Returns once it is under way: what is committed now comes after it. */
static inline void
fixture_beside_begin(fixture_t *f, fixture_beside_t *b)
{
    b->store = f->store;
    b->over = false;
    (void) pthread_create(&b->thread, NULL, fixture_beside_run, b);
    while (!b->over && !fixture_comes(f)) {
        continue;
    }
}


static inline void
fixture_beside_end(fixture_beside_t *b)
{
    (void) pthread_join(b->thread, NULL);
}

#endif
