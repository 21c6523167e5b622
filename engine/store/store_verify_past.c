/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_failure.h"
#include "store/store_oplading_check.h"
#include "store/store_result.h"
#include "store/store_verify.h"


const char *
store_verify_history(store_verify_t *v, dosis_slice_t key)
{
    store_history_t entry;
    store_content_t content = { 0 };

    if (store_history_read(dosis_buf_slice(&v->value), &entry) != DOSIS_OK
        || store_content_read(entry.content, &content) != DOSIS_OK) {
        return "a history entry that does not read";
    }
    store_verify_count(v, &v->report->history, 1);
    if (entry.previous == 0) {
        return NULL;
    }
    return entry.previous < dosis_be64_get(key.data)
                   && store_verify_history_is_of(v, entry.previous, entry.id)
               ? NULL
               : "a history chain that does not end";
}


const char *
store_verify_log(store_verify_t *v, dosis_slice_t key)
{
    uint64_t seq = dosis_be64_get(key.data);
    const char *problem = NULL;
    store_log_t entry;

    if (store_log_read(dosis_buf_slice(&v->value), &entry) != DOSIS_OK) {
        return "an op-log entry that does not read";
    }
    if (!v->again) {
        v->log_gap = v->log_seq != 0 && seq != v->log_seq + 1;
        v->log_seq = seq;
    }
    if (v->log_gap) {
        problem = "a gap in the op-log";
    }
    if (problem == NULL && entry.history != 0
        && !store_verify_history_is_of(v, entry.history, entry.id)) {
        problem = "an op-log entry whose history entry is not there";
    }
    return problem;
}


const char *
store_verify_result(store_verify_t *v, dosis_slice_t key)
{
    store_result_t result;

    (void) key;
    return store_result_read(dosis_buf_slice(&v->value), &result) == DOSIS_OK
               ? NULL
               : "a result that does not read";
}


static bool
has_result(store_verify_t *v, uint64_t seq)
{
    char key[8];

    dosis_be64(key, seq);
    return store_verify_fetch(
        v, DB_RESULTAAT, dosis_slice(key, sizeof(key)), &v->other);
}


const char *
store_verify_upload(store_verify_t *v, dosis_slice_t key)
{
    store_upload_t upload;

    (void) key;
    store_verify_count(v, &v->report->uploads, 1);
    if (store_upload_read(dosis_buf_slice(&v->value), &upload) != DOSIS_OK) {
        return "an upload that does not read";
    }
    if (upload.oplading != 0) {
        return store_oplading_is_there(store_verify_snap(v), upload.oplading)
                   ? NULL
                   : "an upload without its file";
    }
    return has_result(v, upload.result_seq) ? NULL
                                            : "an upload without its result";
}


/* Once per source: the counter that keeps the ceiling. 0: never counted. */
static bool
failures_are_counted(store_verify_t *v, uint32_t bron)
{
    uint64_t counted, found;

    if (!v->again && v->failures_of == bron) {
        return true;
    }
    v->failures_of = bron;
    return store_failure_counted(store_verify_snap(v), bron, &counted)
               == DOSIS_OK
           && store_failure_count(store_verify_snap(v), bron, &found)
                  == DOSIS_OK
           && (counted == 0 || counted == found);
}


const char *
store_verify_refusal(store_verify_t *v, dosis_slice_t key)
{
    if (key.len != STORE_FAILURE_KEY
        || !has_result(v, dosis_be64_get(key.data + 4))) {
        return "a refusal without its result";
    }
    return failures_are_counted(v, dosis_be32_get(key.data))
               ? NULL
               : "a source whose refusals are not counted right";
}


const char *
store_verify_last(store_verify_t *v, dosis_slice_t key)
{
    (void) key;
    return v->value.len == 8 && has_result(v, dosis_be64_get(v->value.data))
               ? NULL
               : "a last result that is not there";
}


/* Agent 16 B, block 8 B, place 2 B: that block is there. */
const char *
store_verify_betrokken(store_verify_t *v, dosis_slice_t key)
{
    dosis_slice_t block;

    return key.len == STORE_AGENT_BYTES + 10
                   && store_get_raw(store_verify_snap(v), DB_INZAGE,
                          dosis_slice(key.data + STORE_AGENT_BYTES, 8), &block)
                          == DOSIS_OK
               ? NULL
               : "an index entry of the access ledger without its block";
}
