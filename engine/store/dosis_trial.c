/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_deliver.h"
#include "store/store_find.h"
#include "store/store_judge.h"


static void
set_etag(dosis_reader_t *reader, dosis_delivery_t *d, const uint8_t content[16])
{
    store_judge_etag(d, content, dosis_ref_version(reader->ref));
}


/* What would be held afterwards. */
static void
foresee(dosis_reader_t *reader, dosis_delivery_t *d, const store_held_t *held)
{
    bool live = held->state == HELD_LIVE;

    d->versie = held->head.versie;
    switch (d->expected) {
    case DOSIS_NIEUW:
    case DOSIS_GEWIJZIGD:
    case DOSIS_HERSTELD:
        d->versie++;
        set_etag(reader, d, d->content);
        break;
    case DOSIS_INGETROKKEN:
        d->versie += live ? 1 : 0;
        break;
    default:
        if (live) {
            set_etag(reader, d, held->head.content);
        }
        break;
    }
}


/* true: decided by its UploadId. */
static bool
is_repeat(dosis_reader_t *reader, int64_t now_ns, dosis_delivery_t *d)
{
    uint8_t content[16];
    store_upload_t upload;

    d->rc = store_upload_find(&reader->snap, d, now_ns, &upload);
    if (d->rc == DOSIS_ENOTFOUND || (d->rc == DOSIS_OK && !upload.accepted)) {
        d->rc = DOSIS_OK;
        return false;
    }
    if (d->rc == DOSIS_OK && !store_upload_repeats(&upload, d)) {
        d->rc = DOSIS_ECONFLICT;
    }
    if (d->rc == DOSIS_OK) {
        d->rc = store_upload_answer(&reader->snap, d, upload.result_seq,
            content);
        d->expected = d->resultaat;
    }
    if (d->rc == DOSIS_OK) {
        set_etag(reader, d, content);
    }
    return true;
}


/* The receipt it would have: never one that was given before. */
static uint64_t
receipt(const store_held_t *held, int64_t now_ns)
{
    uint64_t now = (uint64_t) now_ns;

    return now > held->head.stamp.hlc ? now : held->head.stamp.hlc + 1;
}


static void
judge(dosis_reader_t *reader, int64_t now_ns, dosis_delivery_t *d)
{
    store_held_t held;
    store_op_t op;

    d->rc = store_find_held(reader, d->id, &held);
    if (d->rc != DOSIS_OK) {
        return;
    }
    if (!store_preconditions_hold(d, &held)) {
        d->rc = DOSIS_EPRECOND;
        return;
    }
    if (d->withdraw && held.state == HELD_NOTHING) {
        d->expected = DOSIS_ONBEKEND;
        return;
    }
    op = store_judge_op(d, receipt(&held, now_ns), UINT16_MAX, &held);
    d->expected = store_outcome(&op, &held);
    foresee(reader, d, &held);
}


void
dosis_deliver_trial(dosis_reader_t *reader, int64_t now_ns, dosis_delivery_t *d)
{
    if (!is_repeat(reader, now_ns, d)) {
        if (d->refused) {
            d->rc = DOSIS_EINPUT;
        } else {
            judge(reader, now_ns, d);
        }
    }
    d->resultaat = DOSIS_PROEF;
}
