/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * threads_store: readers and writers of one store, each on a thread of its
 * own, all at once. Under ThreadSanitizer it says whether they share what they
 * may not; alone, that nothing is lost and each reader sees a whole store.
 *
 *   threads_store [DELIVERIES]   of each writer; 200
 */

#include <pthread.h>
#include <stdatomic.h>

#include "store/dosis_feed.h"
#include "store/dosis_overview.h"
#include "t/lib/store_fixture.h"
#include "t/lib/tap.h"

#define WRITERS 2
#define READERS 3
#define BODY_MAX ((size_t) 8 << 20)
#define AGENT "0123456749"

/* A thread with a reader, a writer and an arena of its own. */
typedef struct {
    pthread_t thread;
    fixture_t own;
    unsigned number;
    unsigned rounds;
    unsigned rows; /* most seen in one answer */
    bool fine;
} worker_t;

static unsigned deliveries = 200;
static atomic_uint writing;


static void
worker_init(worker_t *worker, const fixture_t *shared, unsigned number)
{
    memset(worker, 0, sizeof(*worker));
    worker->number = number;
    worker->fine = true;
    worker->own.store = shared->store;
    worker->own.arena = dosis_arena_create((size_t) 64 << 20);
    fixture_must(
        dosis_reader_create(shared->store, &worker->own.reader), "reader");
    fixture_must(
        dosis_writer_create(shared->store, &worker->own.writer), "writer");
}


static void
worker_done(worker_t *worker)
{
    dosis_reader_free(worker->own.reader);
    dosis_writer_free(worker->own.writer);
    dosis_arena_free(worker->own.arena);
}


static void *
run_writer(void *data)
{
    worker_t *worker = data;
    char json[1024];

    for (unsigned i = 0; i < deliveries; i++) {
        dosis_delivery_t d;

        (void) snprintf(json, sizeof(json),
            "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON
            "\",\"DossierNummer\":\"%u-%u\"},\"Naam\":\"Dossier\","
            "\"WijzigingsDatum\":\"2026-03-01T10:%02u:00\",\"Status\":"
            "{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},"
            "\"Agenten\":[{\"Identificatie\":\"" AGENT
            "\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}",
            worker->number, i, i % 60);
        d = fixture_push(&worker->own, json);
        worker->fine = worker->fine && d.rc == DOSIS_OK;
        dosis_arena_reset(worker->own.arena);
    }
    (void) atomic_fetch_sub(&writing, 1);

    return NULL;
}


static dosis_rc_t
ask(worker_t *worker, const dosis_question_t *q, dosis_buf_t *body)
{
    dosis_reader_t *reader = worker->own.reader;
    dosis_answer_t answer = { 0 };
    dosis_feed_t feed;
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc != DOSIS_OK) {
        return rc;
    }
    switch (worker->rounds % 3) {
    case 0:
        rc = dosis_list(reader, q, body, &answer);
        break;
    case 1:
        rc = dosis_feed(reader, q, DOSIS_FEED_JSON, body, &feed);
        answer.rows = feed.items;
        break;
    default:
        rc = dosis_overview(reader, q, body, &answer);
        break;
    }
    dosis_reader_end(reader);
    worker->rows = answer.rows > worker->rows ? answer.rows : worker->rows;

    return rc;
}


static void *
run_reader(void *data)
{
    static const dosis_slice_t recht[] = { { "Lezer", 5 } };
    worker_t *worker = data;
    dosis_subject_t subject = { .rechten = recht, .rechten_count = 1 };
    static const dosis_filter_t all;
    dosis_question_t q = { .subject = &subject,
        .subjects = 1,
        .binding = DOSIS_SLICE("draad"),
        .limit = DOSIS_PAGE_ROWS_MAX,
        .now_ns = FIXTURE_NOW };
    dosis_buf_t body;

    worker->fine = dosis_agent_parse(
                       DOSIS_SLICE(AGENT), DOSIS_STRENG, &subject.agent)
        == NULL;
    dosis_buf_init(&body, BODY_MAX);
    while (atomic_load(&writing) > 0 || worker->rounds < 3) {
        q.filter = worker->rounds % 3 == 0 ? &all : NULL;
        dosis_buf_reset(&body);
        worker->fine = worker->fine && ask(worker, &q, &body) == DOSIS_OK;
        worker->rounds++;
    }
    dosis_buf_done(&body);

    return NULL;
}


static void
start(worker_t *worker, void *(*run)(void *) )
{
    if (pthread_create(&worker->thread, NULL, run, worker) != 0) {
        printf("Bail out! no thread\n");
        exit(1);
    }
}


int
main(int argc, char **argv)
{
    static fixture_t shared;
    static worker_t worker[WRITERS + READERS];
    dosis_verify_t report;

    deliveries = argc > 1 ? (unsigned) strtoul(argv[1], NULL, 10) : deliveries;
    fixture_begin(&shared);
    atomic_store(&writing, WRITERS);
    for (unsigned i = 0; i < WRITERS + READERS; i++) {
        worker_init(&worker[i], &shared, i);
    }
    for (unsigned i = 0; i < WRITERS + READERS; i++) {
        start(&worker[i], i < WRITERS ? run_writer : run_reader);
    }
    for (unsigned i = 0; i < WRITERS + READERS; i++) {
        (void) pthread_join(worker[i].thread, NULL);
        CHECK(worker[i].fine,
            i < WRITERS ? "a writer stored each delivery"
                        : "a reader was answered each time");
        printf("# rounds %u, rows %u\n", worker[i].rounds, worker[i].rows);
        worker_done(&worker[i]);
    }
    CHECK(fixture_is_whole(&shared, &report), "the store is whole");
    CHECK(report.dossiers == WRITERS * deliveries, "no delivery is lost");
    fixture_end(&shared);

    return tap_done();
}
