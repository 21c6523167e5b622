/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_ledger: a block of the access ledger, and each consultation in it. What
 * reads keeps its ceilings, walks to its end, and is JSON to the auditor.
 *
 * Input: the block as it is opened.
 */

#include "base/dosis_json.h"
#include "fuzz.h"
#include "store/store_ledger.h"

#define OUT_MAX ((size_t) 4 << 20)


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_json_init();

    return 0;
}


static void
consultation(dosis_slice_t bytes)
{
    size_t i;
    dosis_inzage_view_t view;
    dosis_slice_t rest;
    dosis_agent_t agent;
    dosis_buf_t out;
    dosis_rc_t rc = dosis_inzage_read(bytes, &view);

    MUST(rc == DOSIS_OK || rc == DOSIS_EFORMAT);
    if (rc != DOSIS_OK) {
        return;
    }
    MUST(view.subjects <= DOSIS_SUBJECTS_MAX);
    MUST(view.dossiers <= DOSIS_INZAGE_SHOWN_MAX);
    rest = view.subject_bytes;
    for (i = 0; i < view.subjects; i++) {
        MUST(dosis_inzage_subject(&rest, &agent));
        MUST(agent.len > 0 && agent.len <= DOSIS_AGENT_ID_MAX);
    }
    MUST(rest.len == 0);
    (void) dosis_inzage_shows(&view, NULL, INT64_MAX);
    dosis_buf_init(&out, OUT_MAX);
    dosis_inzage_add_json(&out, &view, 1, 0);
    MUST(out.rc == DOSIS_OK || out.rc == DOSIS_ELIMIT);
    dosis_buf_done(&out);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    store_ledger_block_t block;
    dosis_slice_t bytes;
    dosis_rc_t rc;
    unsigned left;

    rc = store_ledger_read(dosis_slice(data, size), &block);
    while (rc == DOSIS_OK) {
        left = block.count;
        rc = store_ledger_next(&block, &bytes);
        if (rc == DOSIS_OK) {
            MUST(block.count == left - 1);
            consultation(bytes);
        }
    }
    MUST(rc == DOSIS_ENOTFOUND || rc == DOSIS_EFORMAT);

    return 0;
}
