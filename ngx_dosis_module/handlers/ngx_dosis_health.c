/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET health/live: this process answers.
 * GET health/ready: it can do its work; DEGRADED while it still does, but
 * somebody must look.
 */

#include "base/dosis_json.h"
#include "handlers/ngx_dosis_handlers.h"
#include "ngx_dosis_worker.h"

#ifndef DOSIS_VERSION
#define DOSIS_VERSION "0"
#endif
#ifndef DOSIS_BUILD_ID
#define DOSIS_BUILD_ID "unknown"
#endif

#define HEALTH_MARK_PERCENT 90
#define HEALTH_PAUSE_MAX 1024 /* bytes, every byte of a reason escaped */

typedef enum { HEALTH_UP, HEALTH_DEGRADED, HEALTH_DOWN, HEALTH_MAX } health_t;

typedef struct {
    const char *name;
    health_t state;
} health_check_t;

static const char *const health_names[HEALTH_MAX] = { "UP", "DEGRADED",
    "DOWN" };


/* Full is no reason to be DOWN: what is there can still be read. */
static health_t
health_of_room(unsigned percent)
{
    return (percent >= HEALTH_MARK_PERCENT) ? HEALTH_DEGRADED : HEALTH_UP;
}


/* An open reader has its keys: a store does not open without them. */
static health_t
health_of_store(void)
{
    dosis_reader_t *reader = ngx_dosis_worker_reader();

    if (reader == NULL || dosis_reader_begin(reader) != DOSIS_OK) {
        return HEALTH_DOWN;
    }
    dosis_reader_end(reader);
    return ngx_dosis_worker()->read_only ? HEALTH_DEGRADED : HEALTH_UP;
}


static health_t
health_of_reference(void)
{
    health_t state;
    dosis_reader_t *reader = ngx_dosis_worker_reader();

    if (reader == NULL || dosis_reader_begin(reader) != DOSIS_OK) {
        return HEALTH_DOWN;
    }
    state = dosis_ref_ready(dosis_reader_ref(reader)) ? HEALTH_UP : HEALTH_DOWN;
    dosis_reader_end(reader);
    return state;
}


/* What an operator paused; nothing when there is no store to tell. */
static health_t
health_of_pause(dosis_buf_t *out)
{
    size_t bronnen = 0;
    const dosis_pauze_t *pauze = NULL;
    dosis_reader_t *reader = ngx_dosis_worker_reader();
    const int64_t now_ns = ngx_dosis_now_ns();

    if (reader == NULL || dosis_reader_begin(reader) != DOSIS_OK) {
        dosis_pauze_add(out, NULL, 0);
        return HEALTH_UP;
    }
    pauze = dosis_ref_pauze(dosis_reader_ref(reader), now_ns);
    bronnen = dosis_ref_pauzes(dosis_reader_ref(reader), now_ns);
    dosis_pauze_add(out, pauze, bronnen);
    dosis_reader_end(reader);
    return (pauze != NULL || bronnen > 0) ? HEALTH_DEGRADED : HEALTH_UP;
}


static health_t
health_render(dosis_buf_t *out, const health_check_t *checks, size_t count,
    dosis_slice_t pause)
{
    size_t i;
    health_t worst = HEALTH_UP;

    for (i = 0; i < count; i++) {
        worst = ngx_max(worst, checks[i].state);
    }
    dosis_buf_addf(out,
        "{\"status\":\"%s\",\"version\":\"%s\",\"build\":\"%s\","
        "\"checks\":{",
        health_names[worst], DOSIS_VERSION, DOSIS_BUILD_ID);
    for (i = 0; i < count; i++) {
        dosis_buf_addf(out, "%s\"%s\":\"%s\"", (i > 0) ? "," : "",
            checks[i].name, health_names[checks[i].state]);
    }
    DOSIS_BUF_LIT(out, "},\"pauze\":");
    dosis_buf_add_slice(out, pause);
    dosis_buf_add_byte(out, '}');
    return worst;
}


ngx_int_t
ngx_dosis_health_ready(ngx_dosis_call_t *call)
{
    char text[HEALTH_PAUSE_MAX];
    dosis_buf_t pause;
    health_t worst;
    const ngx_dosis_health_t *seen = ngx_dosis_worker_health();
    health_check_t checks[] = {
        { "opslag", health_of_store() },
        { "referentie", health_of_reference() },
        { "engine", seen->engine ? HEALTH_UP : HEALTH_DEGRADED },
        { "schijf", health_of_room(seen->disk_percent) },
        { "map", health_of_room(seen->map_percent) },
        { "pauze", HEALTH_UP },
    };
    const size_t count = sizeof(checks) / sizeof(checks[0]);

    dosis_buf_init_fixed(&pause, text, sizeof(text));
    checks[count - 1].state = health_of_pause(&pause);
    worst = health_render(call->out, checks, count, dosis_buf_slice(&pause));
    call->reply.unavailable = (worst == HEALTH_DOWN);
    return ngx_dosis_answer(call);
}


ngx_int_t
ngx_dosis_health_live(ngx_dosis_call_t *call)
{
    DOSIS_BUF_LIT(call->out, "{\"status\":\"UP\"}");
    return ngx_dosis_answer(call);
}
