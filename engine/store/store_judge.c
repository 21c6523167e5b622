/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_text.h"
#include "store/store_judge.h"
#include "store/store_view.h"


dosis_rc_t
store_upload_find(const store_snap_t *snap, const dosis_delivery_t *d,
    int64_t now_ns, store_upload_t *ret_upload)
{
    char bytes[STORE_UPLOAD_BYTES];
    dosis_rc_t rc;
    dosis_buf_t value;

    if (d->dossier.upload_id.len == 0 || d->unasked) {
        return DOSIS_ENOTFOUND;
    }
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(snap, DB_UPLOAD,
        dosis_slice(d->upload_key, sizeof(d->upload_key)), &value);
    if (rc == DOSIS_OK) {
        rc = store_upload_read(dosis_buf_slice(&value), ret_upload);
    }
    if (rc == DOSIS_OK && ret_upload->oplading == 0
        && now_ns - ret_upload->received_ns >= STORE_UPLOAD_TTL_NS) {
        rc = DOSIS_ENOTFOUND;
    }
    return rc;
}


bool
store_upload_repeats(const store_upload_t *upload, const dosis_delivery_t *d)
{
    return !d->refused && upload->oplading == 0
           && memcmp(upload->repeat, d->repeat, 16) == 0;
}


dosis_rc_t
store_upload_answer(const store_snap_t *snap, dosis_delivery_t *d,
    uint64_t result_seq, uint8_t ret_content[16])
{
    dosis_rc_t rc;
    dosis_buf_t value;
    store_result_t result;

    dosis_buf_init(&value, STORE_RESULT_MAX);
    rc = store_result_load(snap, result_seq, &value, &result);
    dosis_buf_done(&value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    d->repeated = true;
    d->resultaat = result.resultaat;
    d->versie = result.versie;
    d->warnings = dosis_delivery_keep(d, &result.warnings);
    memcpy(ret_content, result.content, 16);
    return d->warnings == NULL ? DOSIS_ENOMEM : DOSIS_OK;
}


void
store_judge_etag(
    dosis_delivery_t *d, const uint8_t content[16], uint64_t version)
{
    static const uint8_t nothing[16];

    d->etag[0] = '\0';
    if (memcmp(content, nothing, sizeof(nothing)) != 0) {
        store_view_etag(d->etag, sizeof(d->etag), content, version);
    }
}


/* --- preconditions ------------------------------------------------------- */

/* One entity tag against what is held: the part before the dot counts. */
static bool
tag_matches(dosis_slice_t tag, const char *held)
{
    tag = dosis_text_trim(tag);
    if (tag.len >= 2 && tag.data[0] == 'W' && tag.data[1] == '/') {
        tag = dosis_slice(tag.data + 2, tag.len - 2);
    }
    if (tag.len < 34 || tag.data[0] != '"' || tag.data[tag.len - 1] != '"'
        || memcmp(tag.data + 1, held, 32) != 0) {
        return false;
    }
    return tag.len == 34
           || (tag.data[33] == '.'
               && memchr(tag.data + 1, '"', tag.len - 2) == NULL);
}


static bool
if_match_holds(dosis_slice_t header, const store_held_t *held)
{
    char hex[33];
    size_t at, end;
    dosis_slice_t all = dosis_text_trim(header);

    if (held->state != HELD_LIVE) {
        return false;
    }
    if (all.len == 1 && all.data[0] == '*') {
        return true;
    }
    dosis_hex_encode(hex, dosis_slice(held->head.content, 16));
    for (at = 0; at < all.len; at = end + 1) {
        for (end = at; end < all.len && all.data[end] != ','; end++) {
            continue;
        }
        if (tag_matches(dosis_slice(all.data + at, end - at), hex)) {
            return true;
        }
    }
    return false;
}


static bool
is_of_before(const store_held_t *held, int64_t moment_ns)
{
    return held->state == HELD_LIVE && held->head.stamp.date_ns < moment_ns
           && (int64_t) held->head.stamp.hlc < moment_ns;
}


bool
store_preconditions_hold(const dosis_delivery_t *d, const store_held_t *held)
{
    if (d->before_ns != 0 && !is_of_before(held, d->before_ns)) {
        return false;
    }
    if (d->if_match.len > 0 && !if_match_holds(d->if_match, held)) {
        return false;
    }
    return !d->if_none_match_any || held->state != HELD_LIVE;
}


/* --- stamp --------------------------------------------------------------- */

store_op_t
store_judge_op(const dosis_delivery_t *d, uint64_t receipt, uint16_t site,
    const store_held_t *held)
{
    store_op_t op = {
        .withdraw = d->withdraw,
        .stamp = { (int64_t) receipt, receipt, site },
        .receipt_ns = (int64_t) receipt,
        .dossier = &d->dossier,
        .agents = (const uint8_t (*)[STORE_AGENT_BYTES]) d->agents,
    };

    memcpy(op.id, d->id, sizeof(op.id));
    memcpy(op.content, d->content, sizeof(op.content));
    if (d->dossier.has_wijziging) {
        op.stamp.date_ns = d->dossier.wijziging_ns;
    } else if (d->withdraw) {
        op.stamp.date_ns = held->head.stamp.date_ns;
    }
    return op;
}
