/* SPDX-License-Identifier: EUPL-1.2 */
#include "jobs/job_read.h"

#include <unistd.h>

#include "base/dosis_siphash.h"
#include "base/dosis_text.h"
#include "crypto/dosis_digest.h"
#include "daemon/dosisd_loop.h"
#include "domain/dosis_rule.h"
#include "jobs/job_park.h"

#define FUTURE_NS (INT64_C(1000000000) * DOSIS_FUTURE_S)
#define READ_NICE 10
#define PAUSE_LOOK_MS 500

/* In a window, at most, besides texts: of a delivery, of each of its rows. */
#define DELIVERY_BYTES ((size_t) 32 << 10)
#define ROW_BYTES      ((size_t) 1 << 10)


/* --- the header ---------------------------------------------------------- */

static void
add_kop_text(
    const dosis_csv_kop_t *kop, dosis_slice_t text, dosis_buf_t *to)
{
    dosis_slice_t line =
        dosis_slice(text.data + kop->begin, kop->bytes - kop->begin);

    while (line.len > 0
        && (line.data[line.len - 1] == '\n'
            || line.data[line.len - 1] == '\r')) {
        line.len--;
    }
    if (kop->codering == DOSIS_CSV_WINDOWS_1252) {
        dosis_text_add_windows_1252(to, line);
        return;
    }
    dosis_buf_add_slice(to, line);
}


/* The header: how the file is read, and for the report its line. */
static dosis_rc_t
read_kop(job_read_t *read, job_file_t *file, dosis_err_t *why)
{
    bool last;
    dosis_rc_t rc;
    dosis_slice_t bytes;
    dosis_err_t warnings;
    dosis_buf_t text;

    dosis_err_init(&warnings);
    rc = job_file_next(file, &bytes, &last);
    if (rc == DOSIS_OK) {
        rc = dosis_csv_kop_read(bytes, &read->kop, &warnings, why);
    }
    if (rc == DOSIS_OK && read->at.bytes == 0) {
        dosis_buf_init(&text, 4 * DOSIS_CSV_KOP_MAX);
        add_kop_text(&read->kop, bytes, &text);
        read->window->kop
            = dosis_arena_copy(read->window->arena, dosis_buf_slice(&text));
        rc = text.rc;
        dosis_buf_done(&text);
    }
    return rc;
}


/* Twice: gzip does not go back. */
static dosis_rc_t
open_file(job_read_t *read, dosis_err_t *why)
{
    dosis_rc_t rc;
    job_file_t *file;
    const char *dir = read->job->dir;
    dosis_crypt_t *crypt = dosis_reader_crypt(read->reader);

    rc = job_file_open(dir, read->oplading, crypt, &file);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = read_kop(read, file, why);
    job_file_close(file);
    if (rc == DOSIS_OK) {
        rc = job_file_open(dir, read->oplading, crypt, &read->file);
    }
    return rc == DOSIS_OK ? job_file_seek(read->file, read->at.bytes) : rc;
}


/* --- one delivery -------------------------------------------------------- */

/* Its own dossier's; where that cannot be told, its own. */
static uint64_t
key_of(const job_read_t *read, const dosis_csv_dossier_t *dossier)
{
    uint64_t part[2];
    const uint8_t *secret = read->oplading->spool;

    part[0] = dosis_siphash(secret, dossier->bron);
    part[1] = dossier->nummer.len > 0
        ? dosis_siphash(secret, dossier->nummer)
        : dossier->rij[0].lijn;
    return dosis_siphash(secret, dosis_slice(part, sizeof(part)));
}


static dosis_slice_t
agent_of(const dosis_csv_dossier_t *dossier)
{
    return dosis_json_string(dosis_json_get(
        dosis_json_at(dosis_json_get(dossier->json, "Agenten"), 0),
        "Identificatie"));
}


static bool
keep_rows(job_item_t *item, const dosis_csv_dossier_t *dossier,
    dosis_arena_t *arena)
{
    size_t i;
    dosis_csv_rij_t *rij;

    rij = dosis_arena_alloc(arena, dossier->rijen * sizeof(*rij));
    if (rij == NULL) {
        return false;
    }
    for (i = 0; i < dossier->rijen; i++) {
        rij[i].lijn = dossier->rij[i].lijn;
        rij[i].tekst = dosis_arena_copy(arena, dossier->rij[i].tekst);
        if (rij[i].tekst.data == NULL && dossier->rij[i].tekst.len > 0) {
            return false;
        }
    }
    item->rij = rij;
    item->kept = dossier->rijen;
    item->rijen = dossier->rijen + dossier->rijen_meer;
    return true;
}


/*
 * Of what is no row a delivery cannot be made; when it can be told of which
 * dossier it is, that one has a refusal.
 */
static dosis_rc_t
refuse_unread(const dosis_intake_t *intake,
    const dosis_csv_dossier_t *dossier, dosis_delivery_t *d)
{
    const dosis_bron_t *bron = NULL;

    memset(d, 0, sizeof(*d));
    d->arena = intake->arena;
    d->problems = d->warnings = &dosis_err_none;
    d->client = intake->client;
    d->oplading = intake->oplading;
    if (dossier->nummer.len == 0 || dossier->nummer.len > DOSIS_NUMMER_MAX) {
        return DOSIS_EINPUT;
    }
    if (dossier->bron.len <= DOSIS_BRON_MAX) {
        bron = dosis_intake_bron(intake, dossier->bron);
    }
    if (bron == NULL) {
        return DOSIS_EDENIED;
    }
    d->refused = true;
    d->unasked = true;
    d->dossier.upload_id = intake->upload_id;
    d->dossier.bron = dosis_arena_copy(intake->arena, dossier->bron);
    d->dossier.nummer = dosis_arena_copy(intake->arena, dossier->nummer);
    if (d->dossier.nummer.data == NULL || d->dossier.bron.data == NULL) {
        return DOSIS_ENOMEM;
    }
    return dosis_delivery_prepare(intake->reader, d, intake->arena);
}


static dosis_rc_t
judge_once(const dosis_intake_t *intake, const dosis_csv_dossier_t *dossier,
    dosis_delivery_t *d)
{
    dosis_rc_t rc;

    if (dossier->json == NULL) {
        return refuse_unread(intake, dossier, d);
    }
    rc = dosis_intake_json(intake, dossier->json, d);
    d->refused = d->refused || (rc == DOSIS_OK && dossier->problems->count > 0);
    return rc;
}


/*
 * Waits while deliveries of that source are kept out. DOSIS_EPAUSED: another
 * file may run meanwhile.
 */
static dosis_rc_t
judge(job_read_t *read, dosis_intake_t *intake,
    const dosis_csv_dossier_t *dossier, dosis_delivery_t *d)
{
    dosis_rc_t rc;

    for (;;) {
        intake->now_ns = dosisd_now_ns();
        rc = judge_once(intake, dossier, d);
        if (rc != DOSIS_EPAUSED && rc != DOSIS_EBUSY) {
            return rc;
        }
        job_say(read->job, "import", rc);
        dosis_reader_end(read->reader);
        if (rc == DOSIS_EPAUSED
            && job_park(read->job, read->reader, read->oplading->nummer,
                dossier->bron)) {
            return rc;
        }
        if (!job_wait(read->job, PAUSE_LOOK_MS)
            || job_queue_ended(read->queue)) {
            return DOSIS_EBUSY;
        }
        rc = dosis_reader_begin(read->reader);
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
}


static void
add_all(dosis_err_t *to, const dosis_err_t *from)
{
    uint32_t i;

    for (i = 0; i < from->count && to->count < DOSIS_ERR_MAX; i++) {
        to->item[to->count++] = from->item[i];
    }
    to->more += from->more + (from->count - i);
}


/* A window of mistakes alone does not take all memory. */
static uint32_t
problems_max(const job_read_t *read)
{
    return read->window->told < JOB_WINDOW_TOLD ? DOSIS_ERR_MAX : 1;
}


/* What the rows say of themselves, and what the rules say, in their terms. */
static const dosis_err_t *
together(const job_read_t *read, const dosis_csv_dossier_t *dossier,
    const dosis_delivery_t *d, const dosis_err_t *rows,
    const dosis_err_t *rules)
{
    dosis_err_t all, placed;

    if (rows->count == 0 && rules->count == 0) {
        return &dosis_err_none;
    }
    dosis_err_init(&all);
    dosis_err_init(&placed);
    add_all(&all, rows);
    if (rules->count > 0) {
        add_all(&placed, rules);
        dosis_csv_dossier_place(dossier, &read->kop, &placed);
        add_all(&all, &placed);
    }
    dosis_err_cut(&all, problems_max(read));
    read->window->told += all.count * sizeof(all.item[0]);
    return dosis_delivery_keep(d, &all);
}


static bool
place_problems(const job_read_t *read, const dosis_csv_dossier_t *dossier,
    dosis_delivery_t *d)
{
    d->problems = together(
        read, dossier, d, dossier->problems, d->problems);
    d->warnings = together(
        read, dossier, d, dossier->warnings, d->warnings);
    return d->problems != NULL && d->warnings != NULL;
}


/* One answer for a source that is another's and one that nobody knows. */
static bool
deny(const dosis_csv_dossier_t *dossier, dosis_delivery_t *d)
{
    dosis_err_t why;

    dosis_err_init(&why);
    dosis_rule_broken(&why, DOSIS_RULE_RIJ_BRON, "Bron", NULL);
    why.item[0].line = (uint32_t) dossier->rij[0].lijn;
    d->problems = dosis_delivery_keep(d, &why);
    d->warnings = &dosis_err_none;
    return d->problems != NULL;
}


static dosis_rc_t
make_upload_id(const job_read_t *read, const dosis_csv_dossier_t *dossier,
    dosis_arena_t *arena, dosis_slice_t *ret_upload_id)
{
    char text[DOSIS_UUID_TEXT + 1];
    dosis_rc_t rc = dosis_digest_upload_id(
        read->oplading->spool, dossier->rij[0].lijn, text);

    *ret_upload_id
        = dosis_arena_copy(arena, dosis_slice(text, DOSIS_UUID_TEXT));
    return rc == DOSIS_OK && ret_upload_id->data == NULL ? DOSIS_ENOMEM : rc;
}


static dosis_rc_t
add(job_read_t *read, const dosis_csv_dossier_t *dossier)
{
    dosis_rc_t rc;
    job_window_t *window = read->window;
    job_item_t *item = dosis_arena_zalloc(window->arena, sizeof(*item));
    dosis_delivery_t d;
    dosis_intake_t intake = { .reader = read->reader,
        .client = read->oplading->client,
        .arena = window->arena,
        .future_ns = FUTURE_NS,
        .oplading = read->oplading->nummer,
        .problems_max = problems_max(read) };

    if (item == NULL || !keep_rows(item, dossier, window->arena)) {
        return DOSIS_ENOMEM;
    }
    memset(&d, 0, sizeof(d));
    item->place = (uint32_t) window->count;
    dosis_delivery_order(read->reader, agent_of(dossier), item->order);
    rc = make_upload_id(read, dossier, window->arena, &intake.upload_id);
    if (rc == DOSIS_OK) {
        rc = judge(read, &intake, dossier, &d);
    }
    if (rc != DOSIS_OK && rc != DOSIS_EDENIED && rc != DOSIS_EINPUT) {
        return rc;
    }
    if (rc == DOSIS_EDENIED ? !deny(dossier, &d)
                            : !place_problems(read, dossier, &d)) {
        return DOSIS_ENOMEM;
    }
    item->pack = job_pack(window->arena, &d);
    if (item->pack == NULL) {
        return DOSIS_ENOMEM;
    }
    item->verdict = rc;
    window->item[window->count++] = item;
    return DOSIS_OK;
}


/* --- windows ------------------------------------------------------------- */

/* No snapshot is held while the other thread is waited for. */
static dosis_rc_t
hand_over(job_read_t *read)
{
    read->window->to = read->at;
    if (!read->oplading->proef) {
        job_window_sort(read->window);
    }
    dosis_reader_end(read->reader);
    job_queue_give(read->queue, read->window);
    read->window = job_queue_take(read->queue);
    if (read->window != NULL) {
        job_window_reset(read->window, &read->at);
    }
    if (dosis_reader_begin(read->reader) != DOSIS_OK
        || read->window == NULL) {
        return DOSIS_EBUSY;
    }
    return DOSIS_OK;
}


/*
 * Of a window, at most: the rows once as text and once as what they say, which
 * is many small pieces, and what is told of them.
 */
static size_t
bytes_of(const dosis_csv_dossier_t *dossier)
{
    size_t i, bytes = DELIVERY_BYTES + dossier->rijen * ROW_BYTES;

    for (i = 0; i < dossier->rijen; i++) {
        bytes += 2 * dossier->rij[i].tekst.len;
    }
    return bytes;
}


/* One that was begun before a stop ends where it ended then. */
static bool
is_whole(
    const job_read_t *read, const dosis_csv_dossier_t *dossier, uint64_t key)
{
    if (read->first > 0) {
        return read->window->count == read->first;
    }
    return job_window_is_full(read->window, read->at.bytes)
        || !job_window_has_room(read->window, bytes_of(dossier))
        || job_window_holds(read->window, key);
}


static dosis_rc_t
on_dossier(const dosis_csv_dossier_t *dossier, void *payload)
{
    job_read_t *read = payload;
    uint64_t key = key_of(read, dossier);
    dosis_rc_t rc = DOSIS_OK;

    if (is_whole(read, dossier, key)) {
        read->first = 0;
        rc = hand_over(read);
        if (rc == DOSIS_OK) {
            (void) job_window_holds(read->window, key);
        }
    }
    if (rc == DOSIS_OK) {
        rc = add(read, dossier);
    }
    if (rc == DOSIS_OK) {
        read->at.bytes = dossier->einde;
        read->at.lijn = dossier->lijn_na;
        read->at.gelezen = job_file_read(read->file);
    }
    return rc;
}


static dosis_rc_t
read_all(job_read_t *read)
{
    bool last = false;
    dosis_rc_t rc;
    dosis_slice_t text;

    do {
        rc = job_queue_ended(read->queue)
            ? DOSIS_EBUSY
            : job_file_next(read->file, &text, &last);
        if (rc == DOSIS_OK) {
            rc = dosis_reader_begin(read->reader);
        }
        if (rc == DOSIS_OK) {
            rc = dosis_csv_lezer_add(read->lezer, text, last, on_dossier, read);
            dosis_reader_end(read->reader);
        }
    } while (rc == DOSIS_OK && !last);
    return rc;
}


static dosis_rc_t
open_at(job_read_t *read, dosis_err_t *why)
{
    dosis_rc_t rc;

    rc = open_file(read, why);
    if (rc == DOSIS_OK) {
        rc = dosis_csv_lezer_create(
            &read->kop, read->at.bytes, read->at.lijn, &read->lezer);
    }
    return rc;
}


static void *
run(void *payload)
{
    job_read_t *read = payload;
    job_window_t *window;
    dosis_err_t why;
    dosis_rc_t rc;

    /* it is windows ahead: others first. Of this thread, on Linux */
    (void) !nice(READ_NICE);
    dosis_err_init(&why);
    read->window = job_queue_take(read->queue);
    if (read->window == NULL) {
        return NULL;
    }
    job_window_reset(read->window, &read->at);
    rc = open_at(read, &why);
    if (rc == DOSIS_OK) {
        rc = read_all(read);
    }
    window = read->window;
    if (window != NULL) {
        window->to = read->at;
        window->last = true;
        window->rc = rc;
        window->why = why;
        if (!read->oplading->proef) {
            job_window_sort(window);
        }
        job_queue_give(read->queue, window);
    }
    return NULL;
}


dosis_rc_t
job_read_start(job_read_t *read)
{
    dosis_rc_t rc;

    rc = dosis_reader_create(read->job->store, &read->reader);
    if (rc == DOSIS_OK) {
        read->running = pthread_create(&read->thread, NULL, run, read) == 0;
        rc = read->running ? DOSIS_OK : DOSIS_ENOMEM;
    }
    if (rc == DOSIS_OK) {
        (void) pthread_setname_np(read->thread, "jobs-read");
    }
    return rc;
}


void
job_read_stop(job_read_t *read)
{
    if (read->running) {
        (void) pthread_join(read->thread, NULL);
    }
    dosis_csv_lezer_free(read->lezer);
    job_file_close(read->file);
    dosis_reader_free(read->reader);
}
