/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * threads_writer: the hand-over of the module's writer, from its own source:
 * jobs pushed on the stack by a loop, taken late by the thread that commits,
 * given back oldest first. Other writers of the store contend for its lock,
 * as other workers do, and a reader reads.
 *
 * The loop and the pool of one thread are here, and what nginx has for them is
 * replaced by as little as the writer needs. Under ThreadSanitizer it says
 * whether loop and thread share what they may not.
 *
 *   threads_writer [JOBS]   2000
 */

#include <pthread.h>
#include <stdatomic.h>

#include "ngx_dosis_module/writer/ngx_dosis_writer.h"
#include "t/lib/store_fixture.h"
#include "t/lib/tap.h"

#define AGENT "0123456749"
#define QUEUE_MAX 64
#define BATCH_MAX 16
#define BURST_MAX 24

/* --- in the place of nginx ------------------------------------------------ */

volatile ngx_cycle_t *ngx_cycle;
volatile ngx_time_t *ngx_cached_time;
volatile ngx_msec_t ngx_current_msec;
ngx_queue_t ngx_posted_events;
ngx_rbtree_t ngx_event_timer_rbtree;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    ngx_thread_task_t *posted;
    ngx_thread_task_t *done;
    bool ends;
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
    .wake = PTHREAD_COND_INITIALIZER };


/* The timer of a task never fires here. */
void
ngx_rbtree_insert(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    (void) tree;
    (void) node;
}


void
ngx_rbtree_delete(ngx_rbtree_t *tree, ngx_rbtree_node_t *node)
{
    (void) tree;
    (void) node;
}


void *
ngx_pcalloc(ngx_pool_t *from, size_t size)
{
    (void) from;
    return calloc(1, size);
}


ngx_thread_task_t *
ngx_thread_task_alloc(ngx_pool_t *from, size_t size)
{
    ngx_thread_task_t *task = calloc(1, sizeof(*task) + size);

    (void) from;
    if (task != NULL) {
        task->ctx = task + 1;
    }
    return task;
}


ngx_int_t
ngx_thread_task_post(ngx_thread_pool_t *threads, ngx_thread_task_t *task)
{
    (void) threads;
    (void) pthread_mutex_lock(&pool.lock);
    pool.posted = task;
    (void) pthread_cond_signal(&pool.wake);
    (void) pthread_mutex_unlock(&pool.lock);
    return NGX_OK;
}


void
ngx_log_error_core(
    ngx_uint_t level, ngx_log_t *log, ngx_err_t err, const char *format, ...)
{
    (void) level;
    (void) log;
    (void) err;
    printf("# logged: %s\n", format);
}


/* Nobody listens: there are no requests. */
void
ngx_dosis_listen_end(ngx_dosis_listener_t *listener)
{
    listener->r = NULL;
}


static void *
run_pool(void *data)
{
    ngx_thread_task_t *task;

    (void) data;
    (void) pthread_mutex_lock(&pool.lock);
    while (!pool.ends || pool.posted != NULL) {
        task = pool.posted;
        if (task == NULL) {
            (void) pthread_cond_wait(&pool.wake, &pool.lock);
            continue;
        }
        pool.posted = NULL;
        (void) pthread_mutex_unlock(&pool.lock);
        task->handler(task->ctx, NULL);
        (void) pthread_mutex_lock(&pool.lock);
        pool.done = task;
    }
    (void) pthread_mutex_unlock(&pool.lock);
    return NULL;
}


/* --- the loop ------------------------------------------------------------- */

static fixture_t fixture;
static fixture_t other;
static unsigned jobs = 2000;
static unsigned submitted;
static unsigned refused;
static unsigned committed;
static unsigned failed;
static unsigned last;
static bool ordered = true;
static atomic_bool ending;


static void
on_commit(ngx_dosis_job_t *job)
{
    unsigned number = (unsigned) (uintptr_t) job->owner;

    ordered = ordered && number == last + 1;
    last = number;
    committed++;
    if (ngx_dosis_job_rc(job, job->items[0]) != DOSIS_OK) {
        failed++;
    }
    ngx_dosis_job_free(job);
}


static void
deliver_json(char *to, size_t size, const char *series, unsigned number)
{
    (void) snprintf(to, size,
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON
        "\",\"DossierNummer\":\"%s-%u\"},\"Naam\":\"Dossier\","
        "\"WijzigingsDatum\":\"2026-03-01\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":"
        "[{\"Identificatie\":\"" AGENT
        "\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}",
        series, number);
}


/* As the push door does: all of it in the job's own arena. */
static ngx_dosis_job_t *
job_make(unsigned number)
{
    char json[1024];
    fixture_t in_job = fixture;
    ngx_dosis_job_t *job = ngx_dosis_job_create(on_commit);

    if (job == NULL) {
        printf("Bail out! no job\n");
        exit(1);
    }
    in_job.arena = job->arena;
    deliver_json(json, sizeof(json), "taak", number);
    *job->items[0] = fixture_delivery(&in_job, json);
    job->items[0]->problems = &dosis_err_none;
    job->items[0]->warnings = &dosis_err_none;
    job->owner = (void *) (uintptr_t) number;
    return job;
}


static void
submit_some(ngx_dosis_writer_t *writer)
{
    unsigned count = 1 + submitted % BURST_MAX;
    ngx_dosis_job_t *job;

    while (count-- > 0 && submitted < jobs) {
        job = job_make(submitted + 1);
        if (ngx_dosis_writer_submit(writer, job) != DOSIS_OK) {
            refused++;
            ngx_dosis_job_free(job);
            return;
        }
        submitted++;
    }
}


static void
run_posted(void)
{
    ngx_queue_t *first;
    ngx_event_t *ev;

    while (!ngx_queue_empty(&ngx_posted_events)) {
        first = ngx_queue_head(&ngx_posted_events);
        ev = ngx_queue_data(first, ngx_event_t, queue);
        ngx_delete_posted_event(ev);
        ev->handler(ev);
    }
}


static void
run_done(void)
{
    ngx_thread_task_t *task;

    (void) pthread_mutex_lock(&pool.lock);
    task = pool.done;
    pool.done = NULL;
    (void) pthread_mutex_unlock(&pool.lock);
    if (task != NULL) {
        task->event.complete = 1;
        task->event.handler(&task->event);
    }
}


static void
run_loop(ngx_dosis_writer_t *writer)
{
    while (committed < jobs) {
        submit_some(writer);
        run_posted();
        run_done();
        (void) sched_yield();
    }
}


/* --- the others ----------------------------------------------------------- */

/* Another worker, and the engine: a writer of the library. */
static void *
run_other(void *data)
{
    unsigned i;
    char json[1024];

    (void) data;
    for (i = 0; !atomic_load(&ending); i++) {
        deliver_json(json, sizeof(json), "ander", i % 50);
        (void) fixture_push(&other, json);
        dosis_arena_reset(other.arena);
    }
    return NULL;
}


static void
other_begin(void)
{
    other.store = fixture.store;
    other.arena = dosis_arena_create((size_t) 16 << 20);
    fixture_must(dosis_reader_create(other.store, &other.reader), "reader");
    fixture_must(dosis_writer_create(other.store, &other.writer), "writer");
}


static void
other_end(void)
{
    dosis_reader_free(other.reader);
    dosis_writer_free(other.writer);
    dosis_arena_free(other.arena);
}


/* The worker ends while jobs wait: each is dropped, none is lost or told. */
static void
end_with_jobs(ngx_dosis_writer_t *writer, pthread_t thread)
{
    unsigned told = committed;

    jobs += 10;
    submit_some(writer);
    (void) pthread_mutex_lock(&pool.lock);
    pool.ends = true;
    (void) pthread_cond_signal(&pool.wake);
    (void) pthread_mutex_unlock(&pool.lock);
    (void) pthread_join(thread, NULL);
    ngx_dosis_writer_free(writer);
    CHECK(committed == told, "jobs that wait at the end are told nothing");
}


int
main(int argc, char **argv)
{
    static ngx_log_t log;
    static ngx_cycle_t cycle = { .log = &log };
    static ngx_time_t now;
    ngx_dosis_writer_t *writer;
    pthread_t thread, contender;
    dosis_verify_t report;

    jobs = argc > 1 ? (unsigned) strtoul(argv[1], NULL, 10) : jobs;
    ngx_cycle = &cycle;
    ngx_cached_time = &now;
    ngx_queue_init(&ngx_posted_events);
    fixture_begin(&fixture);
    other_begin();
    writer = ngx_dosis_writer_create(&cycle, NULL, QUEUE_MAX, BATCH_MAX);
    ngx_dosis_writer_attach(writer, fixture.store);
    (void) pthread_create(&thread, NULL, run_pool, NULL);
    (void) pthread_create(&contender, NULL, run_other, NULL);

    run_loop(writer);
    atomic_store(&ending, true);
    (void) pthread_join(contender, NULL);
    CHECK(submitted == jobs && committed == jobs, "each job is given back");
    CHECK(failed == 0, "each is stored");
    CHECK(ordered, "in the order in which they came");
    printf("# refused for a full queue: %u\n", refused);
    end_with_jobs(writer, thread);

    other_end();
    CHECK(fixture_is_whole(&fixture, &report), "the store is whole");
    CHECK(report.dossiers >= jobs - 10, "no delivery is lost");
    fixture_end(&fixture);

    return tap_done();
}
