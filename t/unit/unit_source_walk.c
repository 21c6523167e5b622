/* SPDX-License-Identifier: EUPL-1.2 */
/* dosis_source_walk.c: each dossier of a source comes by once, in parts too. */
#include "store/dosis_source.h"
#include "t/lib/store_fixture.h"
#include "t/lib/tap.h"

#define DOSSIERS 40

typedef struct {
    unsigned told;
    unsigned refuse;    /* from that one on */
    bool every_second;
    unsigned asked;
    int64_t newest_ns;
} seen_t;


static dosis_rc_t
wanted(const uint8_t id[16], void *payload)
{
    seen_t *seen = payload;

    (void) id;
    return seen->every_second && seen->asked++ % 2 ? DOSIS_ENOTFOUND
                                                   : DOSIS_OK;
}


static dosis_rc_t
on_dossier(const dosis_source_dossier_t *dossier, void *payload)
{
    seen_t *seen = payload;

    if (seen->refuse > 0 && seen->told == seen->refuse) {
        return DOSIS_ELIMIT;
    }
    seen->told += dossier->nummer.len > 0;
    if (dossier->ontvangen_ns > seen->newest_ns) {
        seen->newest_ns = dossier->ontvangen_ns;
    }
    return DOSIS_OK;
}


static uint64_t
walk(fixture_t *f, uint64_t from, uint64_t until, seen_t *seen, bool *ret_more)
{
    dosis_source_walk_t it = { .wanted = wanted, .on_dossier = on_dossier,
        .payload = seen, .until = until };

    fixture_must(dosis_reader_begin(f->reader), "begin");
    it.bron = dosis_ref_bron(
        dosis_reader_ref(f->reader), DOSIS_SLICE(FIXTURE_BRON));
    dosis_source_walk_from(f->reader, &it, from);
    fixture_must(dosis_source_walk(f->reader, &it, ret_more), "walk");
    if (*ret_more && seen->refuse > 0) {
        seen->refuse = 0;
        fixture_must(dosis_source_walk(f->reader, &it, ret_more), "on");
    }
    dosis_reader_end(f->reader);
    return it.seen;
}


int
main(void)
{
    fixture_t f;
    dosis_delivery_t d;
    seen_t seen = { 0 };
    bool more;
    char text[512];
    unsigned i;
    uint64_t half = UINT64_MAX / 2, low, high;

    fixture_begin(&f);
    for (i = 0; i <= DOSSIERS; i++) {
        (void) snprintf(text, sizeof(text),
            "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
            "\"DossierNummer\":\"N-%u\"},\"Naam\":\"n\","
            "\"TypeDossierCode\":\"DossierStatus\","
            "\"WijzigingsDatum\":\"2026-03-01T10:00:00\","
            "\"Status\":{\"VlaamsFase\":\"Behandeling\","
            "\"VlaamsCode\":\"InBehandeling\"},"
            "\"Agenten\":[{\"Identificatie\":\"0123456749\"}]}", i);
        (void) fixture_push(&f, text);
    }
    d = fixture_withdraw(&f, "N-3", 0);
    CHECK(d.rc == DOSIS_OK, "one more is withdrawn, before");
    CHECK(walk(&f, 0, UINT64_MAX, &seen, &more) == DOSSIERS && !more
            && seen.told == DOSSIERS,
        "all come by, each is told");
    low = walk(&f, 0, half, &(seen_t) { 0 }, &more);
    high = walk(&f, half + 1, UINT64_MAX, &(seen_t) { 0 }, &more);
    CHECK(low > 0 && high > 0 && low + high == DOSSIERS,
        "in two parts, each in one of them");
    seen = (seen_t) { .every_second = true };
    CHECK(walk(&f, 0, UINT64_MAX, &seen, &more) == DOSSIERS
            && seen.told == DOSSIERS / 2,
        "what is not wanted is counted and not told");
    seen = (seen_t) { .refuse = 7 };
    CHECK(walk(&f, 0, UINT64_MAX, &seen, &more) == DOSSIERS
            && seen.told == DOSSIERS && !more,
        "what was refused comes again, and nothing else");
    d = fixture_delivery(&f, text);
    d.before_ns = FIXTURE_NOW;
    fixture_deliver(&f, &d);
    CHECK(d.rc == DOSIS_EPRECOND, "what came in later is not of before");
    d = fixture_delivery(&f, text);
    d.before_ns = FIXTURE_NOW + DOSIS_NS_PER_S;
    fixture_deliver(&f, &d);
    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_ONGEWIJZIGD,
        "of before a later moment it is");
    fixture_end(&f);
    return tap_done();
}
