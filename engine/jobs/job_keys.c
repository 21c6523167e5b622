/* SPDX-License-Identifier: EUPL-1.2 */
/* The heap: see the header. */
#include "jobs/job_keys.h"

#include <stdlib.h>

#include "base/dosis_wire.h"
#include "domain/dosis_csv_dossier.h"
#include "jobs/job_file.h"

#define ID_AT     4 /* behind what all of a source share */
#define ROOM_STEP ((size_t) 1 << 16)

typedef struct {
    job_t *job;
    const dosis_oplading_t *oplading;
    job_keys_t *keys;
} reading_t;


static uint64_t
key_of(const uint8_t id[16])
{
    return dosis_be64_get((const char *) id + ID_AT);
}


static int
compare(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *) a, other = *(const uint64_t *) b;

    return one < other ? -1 : one > other;
}


bool
job_keys_hold(const job_keys_t *keys, const uint8_t id[16])
{
    uint64_t key = key_of(id);

    return keys->count > 0
        && bsearch(&key, keys->key, keys->count, sizeof(key), compare) != NULL;
}


static dosis_rc_t
add(job_keys_t *keys, uint64_t key)
{
    size_t room;
    uint64_t *more;

    if (keys->count == JOB_KEYS_MAX) {
        return DOSIS_ELIMIT;
    }
    if (keys->count == keys->room) {
        room = keys->room + ROOM_STEP;
        more = realloc(keys->key, room * sizeof(*more));
        if (more == NULL) {
            return DOSIS_ENOMEM;
        }
        keys->key = more;
        keys->room = room;
    }
    keys->key[keys->count++] = key;
    return DOSIS_OK;
}


static dosis_rc_t
on_dossier(const dosis_csv_dossier_t *dossier, void *payload)
{
    uint8_t id[16];
    uint64_t key;
    reading_t *reading = payload;
    job_keys_t *keys = reading->keys;

    if (dossier->nummer.len == 0 || dossier->bron.len == 0
        || dossier->nummer.len > DOSIS_NUMMER_MAX) {
        keys->unreadable += dossier->rijen + dossier->rijen_meer;
        return DOSIS_OK;
    }
    if (!dosis_slice_eq(dossier->bron, reading->oplading->bron)) {
        keys->foreign += dossier->rijen + dossier->rijen_meer;
        return DOSIS_OK;
    }
    dosis_blind_dossier(dosis_reader_crypt(reading->job->reader),
        dossier->bron, dossier->nummer, id);
    key = key_of(id);
    return key >= keys->first && key <= keys->last ? add(keys, key) : DOSIS_OK;
}


static dosis_rc_t
read_rows(reading_t *reading, job_file_t *file)
{
    bool last = false;
    dosis_rc_t rc;
    dosis_slice_t text;
    dosis_csv_kop_t kop;
    dosis_err_t err;
    dosis_csv_lezer_t *lezer = NULL;

    dosis_err_init(&err);
    rc = job_file_next(file, &text, &last);
    if (rc == DOSIS_OK) {
        rc = dosis_csv_kop_read(text, &kop, &err, &err);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_csv_lezer_create(&kop, 0, 0, &lezer);
    }
    while (rc == DOSIS_OK) {
        rc = dosis_csv_lezer_add(lezer, text, last, on_dossier, reading);
        if (rc != DOSIS_OK || last) {
            break;
        }
        rc = job_stopping(reading->job) ? DOSIS_EBUSY
                                        : job_file_next(file, &text, &last);
    }
    dosis_csv_lezer_free(lezer);
    return rc;
}


dosis_rc_t
job_keys_read(job_t *job, const dosis_oplading_t *oplading, uint64_t first,
    uint64_t last, job_keys_t *keys)
{
    dosis_rc_t rc;
    job_file_t *file;
    reading_t reading = { job, oplading, keys };

    if (keys->last == last && keys->first == first && last != 0) {
        return DOSIS_OK;
    }
    keys->count = 0;
    keys->unreadable = keys->foreign = 0;
    keys->first = first;
    keys->last = last;
    rc = job_file_open(
        job->dir, oplading, dosis_reader_crypt(job->reader), &file);
    if (rc == DOSIS_OK) {
        rc = read_rows(&reading, file);
        job_file_close(file);
    }
    if (rc == DOSIS_OK && keys->count > 0) {
        qsort(keys->key, keys->count, sizeof(*keys->key), compare);
    }
    if (rc != DOSIS_OK) {
        keys->last = 0; /* nothing is held */
    }
    return rc;
}


void
job_keys_done(job_keys_t *keys)
{
    free(keys->key);
    memset(keys, 0, sizeof(*keys));
}
