/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_args: the query of an address: its pairs, each decoded, and each value
 * where it would go: a filter, a moment, an agent.
 */

#include "../lib/store_fixture.h"
#include "base/dosis_args.h"
#include "fuzz.h"
#include "store/dosis_filter.h"

#define ARENA_MAX (1 << 20)

static fixture_t fixture;


static void
end(void)
{
    dosis_reader_end(fixture.reader);
    fixture_end(&fixture);
}


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    fixture_begin(&fixture);
    MUST(dosis_reader_begin(fixture.reader) == DOSIS_OK);
    (void) atexit(end);

    return 0;
}


/* Escaped as a whole it decodes to the same. */
static void
decoded_check(dosis_slice_t text)
{
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_buf_t escaped;
    dosis_slice_t again;

    MUST(text.data != NULL && dosis_utf8_valid(text)
        && memchr(text.data, '\0', text.len) == NULL);
    dosis_buf_init(&escaped, ARENA_MAX);
    for (size_t i = 0; i < text.len; i++) {
        dosis_buf_addf(&escaped, "%%%02X", (uint8_t) text.data[i]);
    }
    MUST(dosis_args_decode(arena, dosis_buf_slice(&escaped), &again)
            == DOSIS_OK
        && dosis_slice_eq(text, again));
    dosis_buf_done(&escaped);
    dosis_arena_free(arena);
}


/* Read once and written, a moment is the same to the millisecond. */
static void
moment_check(dosis_slice_t text)
{
    int64_t ns, again;
    char bytes[64];
    dosis_buf_t out;

    if (!dosis_time_parse(text, &ns)) {
        return;
    }
    dosis_buf_init_fixed(&out, bytes, sizeof(bytes));
    dosis_time_add_utc(&out, ns);
    MUST(out.rc == DOSIS_OK);
    MUST(!dosis_time_parse(dosis_buf_slice(&out), &again)
        || (again <= ns && ns - again < DOSIS_NS_PER_MS));
}


static void
agent_check(dosis_slice_t text)
{
    dosis_agent_t agent, again;

    for (int hard = 0; hard < 2; hard++) {
        dosis_strengheid_t strengheid = hard ? DOSIS_STRENG : DOSIS_VORM;

        if (dosis_agent_parse(text, strengheid, &agent) == NULL) {
            MUST(dosis_agent_parse(dosis_agent_id(&agent), strengheid, &again)
                    == NULL
                && agent.soort == again.soort
                && dosis_slice_eq(
                    dosis_agent_id(&agent), dosis_agent_id(&again)));
        }
    }
}


/* As every kind of filter; the name only says with which one to begin. */
static void
filter_check(dosis_arena_t *arena, dosis_filter_t *filter, dosis_slice_t name,
    dosis_slice_t value)
{
    const dosis_ref_t *ref = dosis_reader_ref(fixture.reader);
    unsigned first = name.len == 0 ? 0 : (uint8_t) name.data[0];

    for (unsigned i = 0; i < DOSIS_FILTER_KINDS; i++) {
        dosis_filter_kind_t kind =
            (dosis_filter_kind_t) ((first + i) % DOSIS_FILTER_KINDS);
        const char *wrong = dosis_filter_take(filter, ref, arena, kind, value);

        MUST(wrong == NULL ? dosis_filter_has(filter, kind)
                           : wrong[0] != '\0');
        MUST(kind > DOSIS_FILTER_PRODUCT
            || filter->count[kind] <= DOSIS_FILTER_MAX);
    }
    (void) !dosis_filter_check(filter);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t query = dosis_slice(data, size);
    const dosis_slice_t whole = query;
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_filter_t filter = { 0 };
    dosis_slice_t name, value, text;
    dosis_rc_t rc;

    while (dosis_args_next(&query, &name, &value)) {
        MUST(fuzz_inside(name, whole) && fuzz_inside(value, whole));
        MUST(name.len == 0 || memchr(name.data, '=', name.len) == NULL);
        MUST(value.len == 0 || memchr(value.data, '&', value.len) == NULL);
        rc = dosis_args_decode(arena, value, &text);
        MUST(rc == DOSIS_OK || rc == DOSIS_EFORMAT || rc == DOSIS_ENOMEM);
        if (rc != DOSIS_OK) {
            continue;
        }
        decoded_check(text);
        moment_check(text);
        agent_check(text);
        filter_check(arena, &filter, name, text);
    }
    MUST(query.len == 0);
    dosis_arena_free(arena);

    return 0;
}
