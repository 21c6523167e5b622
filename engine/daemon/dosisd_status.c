/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_status.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "daemon/dosisd_introspect.h"
#include "store/dosis_ledger_read.h"
#include "store/dosis_oplading.h"
#include "store/dosis_state_json.h"


#define OPLADINGEN_BYTES ((size_t) 64 << 10) /* of one of them, decoded */


static const char *
word(bool value)
{
    return value ? "true" : "false";
}


static void
add_engine(dosis_buf_t *buf, const dosisd_t *dosisd)
{
    int64_t up_ms = dosisd_monotonic_ms() - dosisd->started_ms;

    dosis_buf_addf(buf,
        "{\"answers\":true,\"version\":\"%s\",\"pid\":%ld,\"started\":\"",
        DOSIS_VERSION, (long) getpid());
    dosis_time_add_utc(buf, dosisd->started_ns);
    dosis_buf_addf(buf,
        "\",\"uptime_s\":%" PRId64 ",\"heartbeat\":%s,\"dead_readers\":%" PRIu64
        "}",
        up_ms / 1000, word(!dosisd->store.heartbeat_fails),
        dosisd->store.dead_readers);
}


static void
add_reference(dosis_buf_t *buf, const dosisd_load_t *load)
{
    const char *state = load->busy ? "loading" : "loaded";

    if (load->busy && load->rc != DOSIS_OK) {
        state = "waiting"; /* for the store */
    } else if (!load->busy && load->rc != DOSIS_OK) {
        state = "refused";
    }
    dosis_buf_addf(buf,
        "{\"state\":\"%s\",\"items\":%" PRIu64 ",\"problems\":%" PRIu64
        ",\"loads\":%" PRIu64 ",\"loaded\":",
        state, load->items, load->problems, load->loads);
    dosis_time_add_json(buf, load->loaded_ns);
    dosis_buf_add_byte(buf, '}');
}


static void
add_pause(dosis_buf_t *buf, dosisd_t *dosisd)
{
    dosis_reader_t *reader = dosisd->store.reader;
    const int64_t now_ns = dosisd_now_ns();
    const dosis_ref_t *ref;

    if (dosis_reader_begin(reader) != DOSIS_OK) {
        dosis_pauze_add(buf, NULL, 0);
        return;
    }
    ref = dosis_reader_ref(reader);
    dosis_pauze_add(
        buf, dosis_ref_pauze(ref, now_ns), dosis_ref_pauzes(ref, now_ns));
    dosis_reader_end(reader);
}


static void
add_ledger(dosis_buf_t *buf, dosisd_t *dosisd)
{
    dosis_ledger_state_t state;
    dosis_reader_t *reader = dosisd->store.reader;
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc == DOSIS_OK) {
        rc = dosis_ledger_state(reader, &state);
        dosis_reader_end(reader);
    }
    if (rc == DOSIS_OK) {
        dosis_ledger_state_add(buf, &state);
    } else {
        DOSIS_BUF_LIT(buf, "null");
    }
}


/* The file that runs, as its uploader sees it, or null; how many wait; whether
   nobody else writes; how often a transaction ended for who wanted to. */
static void
add_import(dosis_buf_t *buf, dosisd_t *dosisd)
{
    uint64_t waiting = 0;
    bool first = true;
    dosis_oplading_t oplading = { .nummer = 0 };
    dosis_reader_t *reader = dosisd->store.reader;
    dosis_arena_t *arena = dosis_arena_create(OPLADINGEN_BYTES);

    DOSIS_BUF_LIT(buf, "{\"running\":");
    if (arena != NULL && dosis_reader_begin(reader) == DOSIS_OK) {
        while (dosis_oplading_next(reader, oplading.nummer, arena, &oplading)
            == DOSIS_OK) {
            if (first && oplading.toestand == DOSIS_OPLADING_BEZIG) {
                dosis_oplading_json(buf, &oplading, dosisd_now_ns());
            } else if (first) {
                DOSIS_BUF_LIT(buf, "null");
            }
            waiting += oplading.toestand != DOSIS_OPLADING_BEZIG;
            first = false;
            dosis_arena_reset(arena);
        }
        dosis_reader_end(reader);
    }
    dosis_arena_free(arena);
    dosis_buf_addf(buf,
        "%s,\"waiting\":%" PRIu64 ",\"alone\":%s,\"gave_way\":%" PRIuFAST64 "}",
        first ? "null" : "", waiting,
        atomic_load(&dosisd->jobs.job.alone) ? "true" : "false",
        atomic_load(&dosisd->jobs.job.gave_way));
}


void
dosisd_status_add(dosis_buf_t *buf, dosisd_t *dosisd)
{
    dosis_store_state_t state;

    DOSIS_BUF_LIT(buf, "{\"engine\":");
    add_engine(buf, dosisd);
    DOSIS_BUF_LIT(buf, ",\"store\":");
    if (dosis_store_state(dosisd->store.store, &state) == DOSIS_OK) {
        dosis_state_add_json(buf, &state);
    } else {
        DOSIS_BUF_LIT(buf, "null");
    }
    DOSIS_BUF_LIT(buf, ",\"reference\":");
    add_reference(buf, &dosisd->load);
    DOSIS_BUF_LIT(buf, ",\"pauze\":");
    add_pause(buf, dosisd);
    DOSIS_BUF_LIT(buf, ",\"inzage\":");
    add_ledger(buf, dosisd);
    DOSIS_BUF_LIT(buf, ",\"import\":");
    add_import(buf, dosisd);
    DOSIS_BUF_LIT(buf, ",\"issuers\":");
    dosisd_sleutels_add(buf, dosisd->sleutels);
    if (dosisd->introspect != NULL) {
        DOSIS_BUF_LIT(buf, ",\"introspection\":");
        dosisd_introspect_add(buf, dosisd->introspect);
    }
    DOSIS_BUF_LIT(buf, "}\n");
}


bool
dosisd_health_add(dosis_buf_t *buf, dosisd_t *dosisd)
{
    dosis_store_state_t state;
    const char *status = "UP";

    if (dosis_store_state(dosisd->store.store, &state) != DOSIS_OK) {
        DOSIS_BUF_LIT(buf, "{\"status\":\"DOWN\"}\n");
        return false;
    }
    if (dosisd->load.rc != DOSIS_OK || dosisd->load.problems > 0
        || dosisd->load.loads == 0
        || dosisd->store.heartbeat_fails || dosisd->store.readers_fail) {
        status = "DEGRADED";
    }
    dosis_buf_addf(buf, "{\"status\":\"%s\"}\n", status);
    return true;
}


void
dosisd_load_add(dosis_buf_t *buf, const dosisd_load_t *load)
{
    dosis_buf_addf(buf, "{\"loaded\":%s,\"items\":%" PRIu64 ",\"rc\":\"%s\"",
        word(!load->busy && load->rc == DOSIS_OK), load->items,
        dosis_rc_name(load->rc));
    dosis_buf_addf(buf, ",\"problems\":[");
    dosis_buf_add_slice(buf, dosis_buf_slice(&load->set.report));
    DOSIS_BUF_LIT(buf, "]}\n");
}
