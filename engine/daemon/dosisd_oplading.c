/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_oplading.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/dosis_json.h"
#include "daemon/dosisd_log.h"
#include "domain/dosis_csv_begin.h"

#define ARENA_MAX ((size_t) 64 << 10)
#define ANSWER_MAX 16384
#define ROOM_LEFT (UINT64_C(256) << 20) /* for the store, on the same disk */

enum {
    TAKEN = 202,
    BAD = 400,
    FORBIDDEN = 403,
    CONFLICT = 409,
    TOO_LARGE = 413,
    UNAVAILABLE = 503,
    FULL = 507
};

struct dosisd_oplading_s {
    dosisd_oplading_t *next;
    dosisd_opladingen_t *board;
    dosis_arena_t *arena; /* holds the texts of the record */
    dosis_oplading_t record;
    dosis_spool_t *spool;
    char start[DOSIS_CSV_BEGIN_MAX];
    size_t start_len;
    bool judged;
    dosis_rc_t rc; /* sticky */
    dosis_err_t warnings; /* of its header */
    dosis_err_t err;
    dosisd_waiter_t *waiter; /* NULL: nobody */

    /* from end on */
    pthread_t thread;
    bool threaded; /* it has one, to be joined */
    bool unwanted; /* it is on disk, and should not be */
    bool ended;    /* guarded by board->lock */
};

struct dosisd_opladingen_s {
    dosisd_t *dosisd;
    int event_fd;
    pthread_mutex_t lock;
    dosisd_oplading_t *first;
    unsigned count;
};


/* --- answers ------------------------------------------------------------- */

static unsigned
status_of(dosis_rc_t rc)
{
    switch (rc) {
    case DOSIS_OK:
        return TAKEN;
    case DOSIS_EINPUT:
        return BAD;
    case DOSIS_EDENIED:
        return FORBIDDEN;
    case DOSIS_ECONFLICT:
        return CONFLICT;
    case DOSIS_EFULL:
        return FULL;
    default:
        return UNAVAILABLE;
    }
}


/* What the code does not say by itself. */
static void
explain(dosis_rc_t rc, dosis_err_t *err)
{
    static const struct {
        dosis_rc_t rc;
        const char *code;
        const char *text;
    } rows[] = {
        { DOSIS_EDENIED, "BronNietToegelaten",
            "Deze client bestaat niet, of mag hiervoor niet leveren." },
        { DOSIS_ECONFLICT, "UploadIdHergebruikt",
            "Deze UploadId is al gebruikt voor een andere levering." },
        { DOSIS_ELIMIT, "TeVeelUploads",
            "Er wachten al te veel bestanden; probeer het later opnieuw." },
        { DOSIS_EFULL, "OpslagVol",
            "Er is geen plaats op de schijf voor dit bestand." },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].rc == rc && !dosis_err_any(err)) {
            dosis_err_add(err, rows[i].code, "", "%s", rows[i].text);
        }
    }
}


static void
add_problem(dosis_buf_t *to, const dosis_problem_t *problem)
{
    dosis_buf_addf(to, "{\"item\":0,\"line\":%u,", (unsigned) problem->line);
    dosis_json_add_member(to, "field", dosis_slice_of(problem->field));
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "code", dosis_slice_of(problem->code));
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "message", dosis_slice_of(problem->text));
    dosis_buf_add_byte(to, '}');
}


static unsigned
refuse(dosis_rc_t rc, unsigned status, dosis_err_t *err, dosis_buf_t *answer)
{
    uint32_t i;

    explain(rc, err);
    dosis_buf_addf(answer, "{\"status\":%u,\"rc\":\"%s\",\"problems\":[",
        status, dosis_rc_name(rc));
    for (i = 0; i < err->count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(answer, ',');
        }
        add_problem(answer, &err->item[i]);
    }
    dosis_buf_addf(answer, "],\"more\":%u}\n", (unsigned) err->more);
    return status;
}


static void
tell(dosisd_oplading_t *o, unsigned status, dosis_slice_t answer)
{
    dosisd_waiter_t *waiter = o->waiter;

    o->waiter = NULL;
    if (waiter != NULL) {
        waiter->told(waiter, status, answer);
    }
}


static void
tell_taken(dosisd_oplading_t *o)
{
    char memory[ANSWER_MAX];
    dosis_buf_t answer;

    dosis_buf_init_fixed(&answer, memory, sizeof(memory));
    dosis_oplading_json_taken(&answer, &o->record, &o->warnings);
    dosis_buf_add_byte(&answer, '\n');
    tell(o, TAKEN, dosis_buf_slice(&answer));
}


static void
tell_refused(dosisd_oplading_t *o)
{
    char memory[ANSWER_MAX];
    unsigned status =
        o->record.bytes > DOSIS_CSV_BYTES_MAX ? TOO_LARGE : status_of(o->rc);
    dosis_buf_t answer;

    if (o->waiter == NULL) {
        return;
    }
    if (status >= UNAVAILABLE && o->rc != DOSIS_ELIMIT) {
        dosisd_log(DOSISD_ERROR, "file not taken: rc=%s why=%s",
            dosis_rc_name(o->rc), dosis_rc_text(o->rc));
    }
    dosis_buf_init_fixed(&answer, memory, sizeof(memory));
    (void) refuse(o->rc, status, &o->err, &answer);
    tell(o, status, dosis_buf_slice(&answer));
}


/* --- the end of a file --------------------------------------------------- */

static void
forget(dosisd_oplading_t *o)
{
    dosisd_oplading_t **at = &o->board->first;

    while (*at != o) {
        at = &(*at)->next;
    }
    *at = o->next;
    o->board->count--;
    dosis_spool_free(o->spool);
    dosis_arena_free(o->arena);
    explicit_bzero(o->start, sizeof(o->start));
    free(o);
}


/* What waits for the file system. */
static void *
on_thread(void *payload)
{
    static const uint64_t one = 1;
    dosisd_oplading_t *o = payload;
    dosisd_opladingen_t *board = o->board;

    if (o->unwanted
        && dosis_spool_remove(
               board->dosisd->options.store_dir, o->record.spool)
            != DOSIS_OK) {
        dosisd_log(DOSISD_WARN, "spool file not removed, the sweep will");
    } else if (!o->unwanted && o->rc == DOSIS_OK) {
        o->rc = dosis_spool_keep(o->spool);
    }
    dosis_spool_free(o->spool);
    o->spool = NULL;
    (void) pthread_mutex_lock(&board->lock);
    o->ended = true;
    (void) pthread_mutex_unlock(&board->lock);
    if (write(board->event_fd, &one, sizeof(one)) < 0) {
        dosisd_log(DOSISD_ERROR, "loop not woken: why=%s", strerror(errno));
    }
    return NULL;
}


/* Without a thread it is done here: late, but done. */
static void
start_thread(dosisd_oplading_t *o)
{
    sigset_t all, before;

    o->ended = false;
    (void) sigfillset(&all); /* signals are the loop's */
    (void) pthread_sigmask(SIG_SETMASK, &all, &before);
    o->threaded = pthread_create(&o->thread, NULL, on_thread, o) == 0;
    (void) pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!o->threaded) {
        (void) on_thread(o);
    }
}


/* The file is on disk: its record is what makes it a delivery. */
static void
commit(dosisd_oplading_t *o)
{
    dosisd_t *dosisd = o->board->dosisd;
    bool again = false;
    dosis_txn_t *txn;

    o->rc = dosis_txn_begin(dosisd->store.writer, dosisd_now_ns(), &txn);
    if (o->rc != DOSIS_OK) {
        return;
    }
    o->rc = dosis_oplading_put(txn, &o->record, &again);
    if (o->rc == DOSIS_OK && !again) {
        o->rc = dosis_txn_commit(txn);
    } else {
        dosis_txn_abort(txn);
    }
    o->unwanted = again || o->rc != DOSIS_OK;
    if (o->rc == DOSIS_OK && !again) {
        dosisd_log(DOSISD_NOTICE, "file taken: number=%llu bytes=%llu",
            (unsigned long long) o->record.nummer,
            (unsigned long long) o->record.bytes);
    }
}


/* A thread has done its work: what comes next? */
static void
on_ended(dosisd_oplading_t *o)
{
    if (o->threaded) {
        (void) pthread_join(o->thread, NULL);
        o->threaded = false;
    }
    if (o->unwanted) {
        forget(o);
        return;
    }
    if (o->rc == DOSIS_OK && o->waiter != NULL) {
        commit(o);
    } else {
        o->unwanted = o->rc == DOSIS_OK; /* kept, but nobody waits */
    }
    if (o->rc == DOSIS_OK) {
        tell_taken(o);
    } else {
        tell_refused(o);
    }
    if (o->unwanted) {
        start_thread(o);
    } else {
        forget(o);
    }
}


/* One that has ended, or NULL. */
static dosisd_oplading_t *
next_ended(dosisd_opladingen_t *board)
{
    dosisd_oplading_t *o;

    (void) pthread_mutex_lock(&board->lock);
    for (o = board->first; o != NULL && !o->ended; o = o->next) {
        continue;
    }
    if (o != NULL) {
        o->ended = false;
    }
    (void) pthread_mutex_unlock(&board->lock);
    return o;
}


static void
on_event(void *payload)
{
    dosisd_opladingen_t *board = payload;
    dosisd_oplading_t *o;
    uint64_t count;

    if (read(board->event_fd, &count, sizeof(count)) < 0) {
        return;
    }
    while ((o = next_ended(board)) != NULL) {
        on_ended(o);
    }
}


/* --- coming in ----------------------------------------------------------- */

/* Is there such a client, and may another file of it come in? */
static dosis_rc_t
admit(dosisd_opladingen_t *board, const dosis_oplading_vraag_t *vraag,
    uint64_t bytes)
{
    dosis_reader_t *reader = board->dosisd->store.reader;
    const dosis_client_t *client =
        dosis_ref_client(dosis_reader_ref(reader), vraag->client);
    uint64_t room = 0;
    dosis_rc_t rc;

    if (client == NULL || !client->actief || client->bronnen_count == 0) {
        return DOSIS_EDENIED;
    }
    if (board->count > DOSISD_OPLADINGEN_MAX) {
        return DOSIS_ELIMIT;
    }
    rc = dosis_oplading_admit(reader, vraag->client, bytes);
    if (rc == DOSIS_OK) {
        rc = dosis_spool_room(board->dosisd->options.store_dir, &room);
    }
    return rc == DOSIS_OK && room < bytes + ROOM_LEFT ? DOSIS_EFULL : rc;
}


static dosis_rc_t
judge(dosisd_oplading_t *o, const dosis_oplading_vraag_t *vraag,
    uint64_t bytes)
{
    dosis_reader_t *reader = o->board->dosisd->store.reader;
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = admit(o->board, vraag, bytes);
    if (rc == DOSIS_OK) {
        rc = dosis_oplading_vraag(
            reader, vraag, o->arena, &o->record, &o->err);
    }
    dosis_reader_end(reader);
    return rc;
}


static dosisd_oplading_t *
create(dosisd_opladingen_t *board)
{
    dosisd_oplading_t *o = calloc(1, sizeof(*o));

    if (o == NULL) {
        return NULL;
    }
    o->board = board;
    o->arena = dosis_arena_create(ARENA_MAX);
    o->next = board->first;
    board->first = o;
    board->count++;
    if (o->arena == NULL) {
        forget(o);
        return NULL;
    }
    return o;
}


unsigned
dosisd_oplading_begin(dosisd_opladingen_t *board,
    const dosis_oplading_vraag_t *vraag, uint64_t bytes,
    dosisd_oplading_t **ret_oplading, dosis_buf_t *answer)
{
    unsigned status;
    dosisd_oplading_t *o = create(board);
    dosis_err_t none = { 0 };

    if (o == NULL) {
        return refuse(DOSIS_ENOMEM, UNAVAILABLE, &none, answer);
    }
    o->rc = judge(o, vraag, bytes);
    if (o->rc == DOSIS_OK) {
        o->rc =
            dosis_spool_create(board->dosisd->options.store_dir, &o->spool);
    }
    if (o->rc == DOSIS_OK) {
        *ret_oplading = o;
        return 0;
    }
    status = refuse(o->rc, status_of(o->rc), &o->err, answer);
    forget(o);
    return status;
}


/* Its beginning, when there is enough of it, or no more. */
static void
judge_start(dosisd_oplading_t *o, bool whole)
{
    if (o->rc != DOSIS_OK || o->judged
        || (!whole && o->start_len < sizeof(o->start))) {
        return;
    }
    o->judged = true;
    o->rc = dosis_csv_begin(dosis_slice(o->start, o->start_len), whole,
        &o->record.gzip, &o->warnings, &o->err);
}


void
dosisd_oplading_add(dosisd_oplading_t *o, dosis_slice_t bytes)
{
    dosis_crypt_t *crypt =
        dosis_reader_crypt(o->board->dosisd->store.reader);
    size_t take = sizeof(o->start) - o->start_len;

    take = take < bytes.len ? take : bytes.len;
    if (take > 0) {
        memcpy(o->start + o->start_len, bytes.data, take);
        o->start_len += take;
    }
    o->record.bytes += bytes.len;
    judge_start(o, false);
    if (o->rc == DOSIS_OK && o->record.bytes > DOSIS_CSV_BYTES_MAX) {
        dosis_err_add(&o->err, "BodyTeGroot", "",
            "Een bestand is hoogstens %llu bytes groot.",
            (unsigned long long) DOSIS_CSV_BYTES_MAX);
        o->rc = DOSIS_ELIMIT;
    }
    if (o->rc == DOSIS_OK) {
        o->rc = dosis_spool_add(o->spool, crypt, bytes);
    }
}


void
dosisd_oplading_end(dosisd_oplading_t *o, dosisd_waiter_t *waiter)
{
    dosis_crypt_t *crypt =
        dosis_reader_crypt(o->board->dosisd->store.reader);

    o->waiter = waiter;
    judge_start(o, true);
    if (o->rc == DOSIS_OK) {
        o->rc = dosis_spool_finish(o->spool, crypt);
    }
    if (o->rc == DOSIS_OK) {
        memcpy(o->record.spool, dosis_spool_id(o->spool),
            sizeof(o->record.spool));
        o->record.print = dosis_spool_print(o->spool);
    }
    start_thread(o);
}


void
dosisd_oplading_free(dosisd_oplading_t *o)
{
    if (o != NULL) {
        o->rc = DOSIS_EBUSY;
        start_thread(o);
    }
}


/* Without memory the sweep takes it. */
void
dosisd_oplading_remove(dosisd_opladingen_t *board,
    const uint8_t spool[DOSIS_SPOOL_ID])
{
    dosisd_oplading_t *o = create(board);

    if (o != NULL) {
        memcpy(o->record.spool, spool, sizeof(o->record.spool));
        o->unwanted = true;
        start_thread(o);
    }
}


/* --- all of them --------------------------------------------------------- */

dosisd_opladingen_t *
dosisd_opladingen_open(dosisd_t *dosisd)
{
    dosisd_opladingen_t *board = calloc(1, sizeof(*board));

    if (board == NULL) {
        return NULL;
    }
    board->dosisd = dosisd;
    (void) pthread_mutex_init(&board->lock, NULL);
    board->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (board->event_fd < 0
        || !dosisd_loop_watch(
            &dosisd->loop, board->event_fd, on_event, board)) {
        dosisd_opladingen_close(board);
        return NULL;
    }
    return board;
}


/* One whose thread works, or has. */
static dosisd_oplading_t *
next_busy(dosisd_opladingen_t *board)
{
    dosisd_oplading_t *o = board->first;

    while (o != NULL && !o->threaded) {
        o = o->next;
    }
    return o;
}


void
dosisd_opladingen_rest(dosisd_opladingen_t *board)
{
    dosisd_oplading_t *o;

    if (board == NULL) {
        return;
    }
    on_event(board);
    while ((o = next_busy(board)) != NULL) {
        on_ended(o);
    }
}


void
dosisd_opladingen_close(dosisd_opladingen_t *board)
{
    if (board == NULL) {
        return;
    }
    dosisd_opladingen_rest(board);
    while (board->first != NULL) {
        forget(board->first);
    }
    if (board->event_fd >= 0) {
        (void) close(board->event_fd);
    }
    (void) pthread_mutex_destroy(&board->lock);
    free(board);
}
