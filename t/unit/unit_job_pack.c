/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A packed delivery comes back as it was, every member of it, in as many words
 * as it has that are not zero.
 */

#include <stddef.h>
#include <string.h>

#include "../lib/tap.h"
#include "jobs/job_pack.h"

#define BYTES   sizeof(dosis_delivery_t)
#define WORD    sizeof(uint64_t)
#define WORDS   (BYTES / WORD)
#define ROUND   16 /* of an arena */
#define ROOM    ((size_t) 16 << 20)
#define LARGEST (BYTES + BYTES / 64 + WORD)

#define MEMBER(name) { #name, offsetof(dosis_delivery_t, name), \
    sizeof(((dosis_delivery_t *) NULL)->name) }

/* What the door and prepare set: what a window has to keep. */
static const struct {
    const char *name;
    size_t at;
    size_t len;
} members[] = {
    MEMBER(withdraw),
    MEMBER(refused),
    MEMBER(client),
    MEMBER(dossier.bron),
    MEMBER(dossier.nummer),
    MEMBER(dossier.upload_id),
    MEMBER(dossier.has_wijziging),
    MEMBER(dossier.wijziging_ns),
    MEMBER(dossier.naam),
    MEMBER(dossier.type),
    MEMBER(dossier.type_nummer),
    MEMBER(dossier.has_status),
    MEMBER(dossier.fase),
    MEMBER(dossier.code),
    MEMBER(dossier.edrl),
    MEMBER(dossier.detail1),
    MEMBER(dossier.detail2),
    MEMBER(dossier.has_status_streef),
    MEMBER(dossier.status_streef_ns),
    MEMBER(dossier.has_actie_nodig),
    MEMBER(dossier.actie_nodig),
    MEMBER(dossier.actie),
    MEMBER(dossier.has_voor),
    MEMBER(dossier.voor_dag),
    MEMBER(dossier.doorverwijzing),
    MEMBER(dossier.producten_count),
    MEMBER(dossier.producten),
    MEMBER(dossier.has_beheerder),
    MEMBER(dossier.beheerder),
    MEMBER(dossier.agenten_count),
    MEMBER(dossier.agenten),
    MEMBER(dossier.is_publiek),
    MEMBER(dossier.is_vertrouwelijk),
    MEMBER(dossier.has_streef),
    MEMBER(dossier.streef_ns),
    MEMBER(dossier.update_frequentie),
    MEMBER(dossier.fasen_count),
    MEMBER(dossier.fasen),
    MEMBER(problems),
    MEMBER(warnings),
    MEMBER(if_match),
    MEMBER(if_none_match_any),
    MEMBER(before_ns),
    MEMBER(oplading),
    MEMBER(unasked),
    MEMBER(retry_s),
    MEMBER(arena),
    MEMBER(id),
    MEMBER(content),
    MEMBER(upload_key),
    MEMBER(repeat),
    MEMBER(agents),
    MEMBER(rc),
    MEMBER(resultaat),
    MEMBER(expected),
    MEMBER(versie),
    MEMBER(replaces),
    MEMBER(repeated),
    MEMBER(etag),
};

static dosis_arena_t *arena;


/* There and back, into memory that held something else. */
static bool
comes_back(const uint8_t bytes[BYTES])
{
    static dosis_delivery_t there, back;
    job_pack_t *pack;
    bool same;

    memcpy(&there, bytes, BYTES);
    memset(&back, 0x5A, BYTES);
    pack = job_pack(arena, &there);
    if (pack == NULL) {
        return false;
    }
    memset(&there, 0xA5, BYTES); /* a window goes on with the next one */
    job_unpack(pack, &back);
    same = memcmp(&back, bytes, BYTES) == 0;
    dosis_arena_reset(arena);
    return same;
}


static void
each_member(void)
{
    size_t i, lost = 0;
    uint8_t bytes[BYTES];

    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        memset(bytes, 0, sizeof(bytes));
        memset(bytes + members[i].at, 0xFF, members[i].len);
        if (!comes_back(bytes)) {
            printf("# %s does not come back\n", members[i].name);
            lost++;
        }
    }
    CHECK(lost == 0, "each member alone, with all its bits");
}


/* Also of members that nobody has thought of here. */
static void
each_byte(void)
{
    size_t i, lost = 0;
    uint8_t bytes[BYTES] = { 0 };

    for (i = 0; i < BYTES; i++) {
        bytes[i] = 0x80;
        lost += !comes_back(bytes);
        bytes[i] = 0;
    }
    CHECK(lost == 0, "each byte alone");
    for (i = 0; i < BYTES; i++) {
        bytes[i] = (uint8_t) (i % 251 + 1);
        lost += !comes_back(bytes);
    }
    CHECK(lost == 0, "from one byte to all of them");
    for (i = 0; i < BYTES; i++) {
        bytes[i] = 0;
        lost += !comes_back(bytes);
    }
    CHECK(lost == 0, "and from all of them to none: an empty one");
    for (i = 0; i < BYTES; i += 2 * WORD) {
        memset(bytes + i, 0xFF, WORD);
    }
    CHECK(comes_back(bytes), "every other word");
}


/* --- a real one ---------------------------------------------------------- */

static void
fill_dossier(dosis_dossier_t *dossier, dosis_agent_rechten_t *agenten)
{
    static char text[DOSIS_URL_MAX];
    size_t i;

    memset(text, 'x', sizeof(text));
    dossier->bron = dosis_slice(text, DOSIS_BRON_MAX);
    dossier->nummer = dosis_slice(text, DOSIS_NUMMER_MAX);
    dossier->naam = dosis_slice(text, DOSIS_NAAM_MAX);
    dossier->doorverwijzing = dosis_slice(text, DOSIS_URL_MAX);
    dossier->has_wijziging = true;
    dossier->wijziging_ns = INT64_MIN;
    dossier->has_voor = true;
    dossier->voor_dag = INT32_MIN;
    dossier->producten_count = DOSIS_PRODUCTEN_MAX;
    for (i = 0; i < DOSIS_PRODUCTEN_MAX; i++) {
        dossier->producten[i] = dosis_slice(text + i, DOSIS_PRODUCT_MAX);
    }
    for (i = 0; i < DOSIS_CONTACT_FIELDS; i++) {
        dossier->beheerder.field[i] = dosis_slice(text + i, DOSIS_CONTACT_MAX);
    }
    dossier->fasen_count = DOSIS_FASEN_MAX;
    for (i = 0; i < DOSIS_FASEN_MAX; i++) {
        dossier->fasen[i] = (uint16_t) (UINT16_MAX - i);
    }
    dossier->agenten_count = DOSIS_AGENTEN_MAX;
    dossier->agenten = agenten;
}


static bool
is_full(const dosis_dossier_t *dossier, const dosis_agent_rechten_t *agenten)
{
    size_t i;
    bool full = dossier->nummer.len == DOSIS_NUMMER_MAX
        && dossier->doorverwijzing.len == DOSIS_URL_MAX
        && dossier->wijziging_ns == INT64_MIN && dossier->has_voor
        && dossier->voor_dag == INT32_MIN
        && dossier->producten_count == DOSIS_PRODUCTEN_MAX
        && dossier->fasen_count == DOSIS_FASEN_MAX
        && dossier->agenten_count == DOSIS_AGENTEN_MAX
        && dossier->agenten == agenten && dossier->detail1.data == NULL;

    for (i = 1; i < DOSIS_PRODUCTEN_MAX; i++) {
        full = full
            && dossier->producten[i].data == dossier->producten[0].data + i;
    }
    for (i = 0; i < DOSIS_FASEN_MAX; i++) {
        full = full && dossier->fasen[i] == UINT16_MAX - i;
    }
    return full;
}


static void
the_fullest(void)
{
    static dosis_agent_rechten_t agenten[DOSIS_AGENTEN_MAX];
    dosis_delivery_t d, back;
    job_pack_t *pack;

    memset(&d, 0, sizeof(d));
    fill_dossier(&d.dossier, agenten);
    d.problems = d.warnings = &dosis_err_none;
    d.rc = DOSIS_EFULL;
    d.oplading = UINT64_MAX;
    memset(d.etag, 'e', sizeof(d.etag));
    pack = job_pack(arena, &d);
    CHECK(pack != NULL, "one with as much as a delivery may have");
    memset(&back, 0x5A, sizeof(back));
    if (pack != NULL) {
        job_unpack(pack, &back);
    }
    CHECK(is_full(&back.dossier, agenten),
        "has all of it again, and what it points to where it was");
    CHECK(back.problems == &dosis_err_none && back.warnings == d.warnings
            && back.rc == DOSIS_EFULL && back.oplading == UINT64_MAX
            && back.etag[sizeof(back.etag) - 1] == 'e' && !back.refused,
        "and what stands around the dossier");
    dosis_arena_reset(arena);
}


/* --- how much it takes --------------------------------------------------- */

/* Bytes of one, by how many have room. */
static size_t
size_of(const dosis_delivery_t *d)
{
    size_t n = 0;

    dosis_arena_reset(arena);
    while (job_pack(arena, d) != NULL) {
        n++;
    }
    dosis_arena_reset(arena);
    return n == 0 ? SIZE_MAX : ROOM / n;
}


static void
sizes(void)
{
    static dosis_delivery_t d;
    size_t none = size_of(&d), one, all;
    dosis_arena_t *small = dosis_arena_create(none);

    CHECK(none <= ROUND + WORD * ((WORDS + 63) / 64),
        "an empty one takes no more than the map of its words");
    CHECK(job_pack(small, &d) != NULL && job_pack(small, &d) == NULL,
        "NULL when the arena is full");
    dosis_arena_free(small);
    d.versie = 1;
    one = size_of(&d);
    CHECK(one >= none && one <= none + ROUND,
        "one member takes a word");
    memset(&d, 0xFF, sizeof(d));
    all = size_of(&d);
    CHECK(all >= BYTES && all <= LARGEST + ROUND,
        "the fullest takes what it is and that map, never more");
    CHECK(none * 20 < all, "so most of it costs nothing while it is not there");
}


int
main(void)
{
    arena = dosis_arena_create(ROOM);
    each_member();
    each_byte();
    the_fullest();
    sizes();
    dosis_arena_free(arena);
    return tap_done();
}
