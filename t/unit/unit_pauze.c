/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_pauze.c: what an operator paused, until when, and why. */
#include "domain/dosis_pauze.h"

#include "../lib/tap.h"
#include "base/dosis_time.h"

#define S DOSIS_NS_PER_S

static dosis_arena_t *arena;


static dosis_rc_t
pauze_read(const char *text, dosis_pauze_t *pauze, dosis_err_t *err)
{
    dosis_json_t *json = NULL;
    dosis_rc_t rc = dosis_json_parse(dosis_slice_of(text), &json, err);

    rc = rc == DOSIS_OK ? dosis_pauze_from_json(json, arena, pauze, err) : rc;
    dosis_json_free(json);

    return rc;
}


static void
check_time(void)
{
    dosis_pauze_t p;
    int64_t tot;

    CHECK(pauze_read("{\"Bron\":\"*\"}", &p, NULL) == DOSIS_OK
            && p.stand == DOSIS_PAUZE_LEZEN && dosis_pauze_is_alles(&p)
            && p.tot_ns == INT64_MAX,
        "only to read, of the register, until it is lifted");
    CHECK(dosis_pauze_geldt(&p, INT64_MAX - 1)
            && dosis_pauze_retry_s(&p, 7) == DOSIS_PAUZE_RETRY_S,
        "come back in a minute");
    CHECK(!dosis_pauze_geldt(NULL, 7), "no pause does not hold");
    CHECK(pauze_read("{\"Bron\":\"urn://x\",\"Tot\":\"2026-03-01T10:00:00Z\"}",
              &p, NULL)
                == DOSIS_OK
            && !dosis_pauze_is_alles(&p)
            && dosis_time_parse(DOSIS_SLICE("2026-03-01T11:00:00"), &tot)
            && p.tot_ns == tot,
        "of a source, until a moment");
    CHECK(dosis_pauze_geldt(&p, tot - 1) && !dosis_pauze_geldt(&p, tot),
        "at that moment it is over");
    CHECK(dosis_pauze_retry_s(&p, tot - 1) == 1
            && dosis_pauze_retry_s(&p, tot - 90 * S) == 91
            && dosis_pauze_retry_s(&p, tot - 90000 * S)
                == DOSIS_PAUZE_RETRY_MAX_S
            && dosis_pauze_retry_s(&p, tot + 9 * S) == 1,
        "come back then, within the hour");
}


static void
check_refused(void)
{
    static const char *const wrong[] = {
        "{}",
        "{\"Bron\":\"*\",\"Stand\":\"traag\"}",
        "{\"Bron\":\"urn://x\",\"Stand\":\"stil\"}",
        "{\"Bron\":\"*\",\"Tot\":\"straks\"}",
        "{\"Bron\":\"*\",\"Reden\":\"van 00 01 01 001 05\"}",
        "{\"Bron\":\"*\",\"Reden\":\"een\\nregel\"}",
        "{\"Bron\":\"*\",\"Waarom\":\"x\"}",
    };
    dosis_pauze_t p;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        dosis_err_t err = { 0 };

        CHECK(pauze_read(wrong[i], &p, &err) == DOSIS_EINPUT && err.count == 1,
            wrong[i]);
    }
    CHECK(pauze_read("{\"Bron\":\"*\",\"Stand\":\"stil\"}", &p, NULL)
                == DOSIS_OK
            && p.stand == DOSIS_PAUZE_STIL,
        "the register may be stopped");
}


static void
check_told(void)
{
    char text[256];
    dosis_buf_t buf;
    dosis_pauze_t p;
    dosis_err_t err = { 0 };

    CHECK(pauze_read("{\"Bron\":\"*\",\"Tot\":\"2026-03-01T10:00:00Z\","
                     "\"Reden\":\"Een \\\"pauze\\\"\"}",
              &p, NULL)
            == DOSIS_OK,
        "with a reason");
    dosis_pauze_tell(&p, "AlleenLezen", &err);
    CHECK(err.count == 1
            && strcmp(err.item[0].text,
                   "Gepauzeerd tot 2026-03-01T10:00:00.000Z: Een \"pauze\"")
                == 0,
        "a client is told why and until when");
    dosis_buf_init_fixed(&buf, text, sizeof(text));
    dosis_pauze_add(&buf, &p, 3);
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf),
              DOSIS_SLICE("{\"stand\":\"lezen\",\"tot\":"
                          "\"2026-03-01T10:00:00.000Z\",\"reden\":"
                          "\"Een \\\"pauze\\\"\",\"bronnen\":3}")),
        "and so is who watches");
    dosis_buf_reset(&buf);
    dosis_pauze_add(&buf, NULL, 0);
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf),
              DOSIS_SLICE("{\"stand\":null,\"tot\":null,\"reden\":null,"
                          "\"bronnen\":0}")),
        "nothing is paused");
}


int
main(void)
{
    dosis_json_init();
    arena = dosis_arena_create(1 << 16);
    check_time();
    check_refused();
    check_told();
    dosis_arena_free(arena);
    return tap_done();
}
