/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_state_json.h"

#include <inttypes.h>


void
dosis_state_add_json(dosis_buf_t *buf, const dosis_store_state_t *state)
{
    size_t i;

    dosis_buf_addf(buf,
        "{\"generation\":%" PRIu32 ",\"format\":%" PRIu32 ",\"site\":%u"
        ",\"used_bytes\":%" PRIu64 ",\"map_bytes\":%" PRIu64
        ",\"last_txn\":%" PRIu64 ",\"readers\":%" PRIu32 ",\"log_seq\":%" PRIu64
        ",\"journal\":{\"checkpoint\":%" PRIu64 ",\"until_ns\":%" PRId64
        ",\"bytes\":%" PRIu64 ",\"broken\":%s},\"databases\":[",
        state->generation, state->format, (unsigned) state->site,
        state->used_bytes, state->map_bytes, state->last_txn, state->readers,
        state->log_seq, state->journal.checkpoint, state->journal.clock_ns,
        state->journal.bytes, state->journal.broken ? "true" : "false");
    for (i = 0; i < state->databases; i++) {
        dosis_buf_addf(buf,
            "%s{\"name\":\"%s\",\"entries\":%" PRIu64 ",\"pages\":%" PRIu64 "}",
            i > 0 ? "," : "", state->database[i].name,
            state->database[i].entries, state->database[i].pages);
    }
    DOSIS_BUF_LIT(buf, "]}");
}
