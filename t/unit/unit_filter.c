/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a filter takes, what it says to the rest, and where in the order of a
 * list its rows can stand.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/store_filter.h"

#define DAY(n) ((INT64_C(20454) + (n)) * 86400 * DOSIS_NS_PER_S)

static const struct {
    dosis_filter_kind_t kind;
    const char *text;
    bool taken;
} values[] = {
    { DOSIS_FILTER_FASE, "Behandeling", true },
    { DOSIS_FILTER_FASE, "behandeling", true },
    { DOSIS_FILTER_FASE, "Behandelin", false },
    { DOSIS_FILTER_FASE, "", false },
    { DOSIS_FILTER_CODE, "InBehandeling", true },
    { DOSIS_FILTER_CODE, "Behandeling", false },
    { DOSIS_FILTER_ROL, "Aanvrager", true },
    { DOSIS_FILTER_ROL, "Aanvragers", false },
    { DOSIS_FILTER_BRON, FIXTURE_BRON, true },
    { DOSIS_FILTER_BRON, "urn://nooit/gehoord", true },
    { DOSIS_FILTER_PRODUCT, "1984", true },
    { DOSIS_FILTER_PRODUCT, "", false },
    { DOSIS_FILTER_ACTIE_NODIG, "true", true },
    { DOSIS_FILTER_ACTIE_NODIG, "False", true },
    { DOSIS_FILTER_ACTIE_NODIG, "1", false },
    { DOSIS_FILTER_OPEN, "FALSE", true },
    { DOSIS_FILTER_OPEN, "ja", false },
    { DOSIS_FILTER_SINDS, "2026-01-01", true },
    { DOSIS_FILTER_SINDS, "2026-01-01T10:00:00.123456789+02:00", true },
    { DOSIS_FILTER_SINDS, "2026-02-30", false },
    { DOSIS_FILTER_TOT, "2026-03-29T02:30:00", false },
    { DOSIS_FILTER_TOT, "2026-03-29T02:30:00Z", true },
    { DOSIS_FILTER_SORTEER, "actie", true },
    { DOSIS_FILTER_SORTEER, "-WIJZIGINGSDATUM", true },
    { DOSIS_FILTER_SORTEER, "wijzigingsDatum", false },
};


static void
test_values(fixture_t *f)
{
    size_t i;
    char fact[128];
    const char *said;
    dosis_filter_t filter;

    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        memset(&filter, 0, sizeof(filter));
        said = dosis_filter_take(&filter, dosis_reader_ref(f->reader),
            f->arena, values[i].kind, dosis_slice_of(values[i].text));
        (void) snprintf(fact, sizeof(fact), "kind %d, \"%s\": %s",
            (int) values[i].kind, values[i].text,
            values[i].taken ? "taken" : "refused");
        CHECK((said == NULL) == values[i].taken
                  && (filter.given != 0) == values[i].taken,
            fact);
    }
}


static void
test_counts(fixture_t *f)
{
    int i;
    dosis_filter_t filter = { 0 };
    const dosis_ref_t *ref = dosis_reader_ref(f->reader);

    for (i = 0; i < DOSIS_FILTER_MAX; i++) {
        if (dosis_filter_take(&filter, ref, f->arena, DOSIS_FILTER_BRON,
                DOSIS_SLICE("urn://x/y")) != NULL) {
            break;
        }
    }
    CHECK(i == DOSIS_FILTER_MAX, "fifty values of one kind");
    CHECK(dosis_filter_take(&filter, ref, f->arena, DOSIS_FILTER_BRON,
              DOSIS_SLICE("urn://x/y")) != NULL,
        "and no more");
    CHECK(dosis_filter_take(&filter, ref, f->arena, DOSIS_FILTER_OPEN,
              DOSIS_SLICE("true")) == NULL
              && dosis_filter_take(&filter, ref, f->arena, DOSIS_FILTER_OPEN,
                     DOSIS_SLICE("true")) != NULL,
        "open once");
    CHECK(dosis_filter_take_moment(&filter, DOSIS_FILTER_SINDS, DAY(2)) == NULL
              && dosis_filter_take_moment(&filter, DOSIS_FILTER_SINDS, DAY(2))
                     != NULL,
        "sinds once");
    CHECK(dosis_filter_take_moment(&filter, DOSIS_FILTER_TOT, DAY(2)) == NULL
              && dosis_filter_check(&filter) == NULL,
        "sinds and tot may be one moment");
    filter.tot_ns = DAY(1);
    CHECK(dosis_filter_check(&filter) != NULL, "tot may not come before");
}


static bool
holds(const store_range_t *range, unsigned count, int64_t ns, bool has_status)
{
    unsigned i;
    uint64_t order = store_order(ns, has_status);

    for (i = 0; i < count; i++) {
        if (range[i].first <= order && order <= range[i].last) {
            return true;
        }
    }
    return false;
}


static void
test_ranges(void)
{
    unsigned n;
    store_range_t range[STORE_RANGES_MAX];
    dosis_filter_t filter = { 0 };

    n = store_filter_ranges(NULL, range);
    CHECK(n == 1 && holds(range, n, DAY(0), true)
              && holds(range, n, DAY(0), false),
        "no filter: everywhere, in one piece");
    filter.given = DOSIS_FILTER(DOSIS_FILTER_SINDS)
                   | DOSIS_FILTER(DOSIS_FILTER_TOT);
    filter.sinds_ns = DAY(1);
    filter.tot_ns = DAY(3);
    n = store_filter_ranges(&filter, range);
    CHECK(n == 2 && range[0].last < range[1].first,
        "dates: dossiers, then references");
    CHECK(holds(range, n, DAY(1), true) && holds(range, n, DAY(3) - 1, true)
              && holds(range, n, DAY(2), false),
        "sinds is in, and what comes just before tot");
    CHECK(!holds(range, n, DAY(1) - 1, true) && !holds(range, n, DAY(3), true)
              && !holds(range, n, DAY(3), false),
        "what comes just before sinds is out, and tot");
    filter.given |= DOSIS_FILTER(DOSIS_FILTER_FASE);
    n = store_filter_ranges(&filter, range);
    CHECK(n == 1 && !holds(range, n, DAY(2), false),
        "a phase: no references");
    filter.given = DOSIS_FILTER(DOSIS_FILTER_OPEN);
    filter.open = true;
    n = store_filter_ranges(&filter, range);
    CHECK(n == 1 && holds(range, n, DAY(2), true)
              && !holds(range, n, DAY(2), false),
        "open: none either");
    filter.open = false;
    n = store_filter_ranges(&filter, range);
    CHECK(n == 1 && holds(range, n, DAY(2), false),
        "not open: those as well");
    filter.given = DOSIS_FILTER(DOSIS_FILTER_TOT);
    filter.tot_ns = DOSIS_TIME_MIN;
    n = store_filter_ranges(&filter, range);
    CHECK(n == 2 && !holds(range, n, DOSIS_TIME_MIN - 1, true)
              && range[0].last < range[1].first,
        "before the first moment there is nothing, and nothing breaks");
}


int
main(void)
{
    static fixture_t f;

    fixture_begin(&f);
    fixture_must(dosis_reader_begin(f.reader), "begin");
    test_values(&f);
    test_counts(&f);
    dosis_reader_end(f.reader);
    test_ranges();
    fixture_end(&f);
    return tap_done();
}
