/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A list sorted by action that is longer than one block: what is kept, what is
 * not, and what happens when the list grows while it is paged through.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "base/dosis_text.h"

#define ROWS_FIRST 4400      /* one block is 4,000 */
#define ROWS_MAX   (ROWS_FIRST + 1200)
#define BATCH      50
#define FIRST_NS   (INT64_C(20454) * 86400 * DOSIS_NS_PER_S)    /* 2026-01-01 */

static struct {
    uint8_t id[16];
    int phase;
    int deadline;            /* day of January 2027, or 0 */
    int found;
} row[ROWS_MAX];

static int rows;
static char kbo[11];
static dosis_filter_t by_action = { .sorteer_actie = true };

/* One walk: where it is, and what it saw. */
static struct {
    char after[512];
    bool more;
    bool cut;
    bool rising;             /* phases never fall */
    bool within;
    int phase;
    int deadline;
    int blocks;              /* 1 + how often a deadline falls */
} walk;


/* --- writing -------------------------------------------------------------- */

static const char *
json_of(int at)
{
    char date[32], voor[40] = "";
    static char text[1024];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, date, sizeof(date));
    dosis_time_add_utc(&buf, FIRST_NS + (int64_t) at * 60 * DOSIS_NS_PER_S);
    if (row[at].deadline > 0) {
        (void) snprintf(voor, sizeof(voor), ",\"Voor\":\"2027-01-%02d\"",
            row[at].deadline);
    }
    (void) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"n%d\"},\"Naam\":\"N\","
        "\"WijzigingsDatum\":\"%.*s\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\",\"Actie\":{"
        "\"ActieNodig\":%s%s}},\"Agenten\":[{\"Identificatie\":\"%s\","
        "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}",
        at, (int) buf.len, date, row[at].phase < 2 ? "true" : "false", voor,
        kbo);
    return text;
}


static void
store_batch(fixture_t *f, dosis_delivery_t *d, int count)
{
    int i;
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer,
        FIXTURE_NOW + (int64_t) ++f->clock * DOSIS_NS_PER_MS, &txn), "begin");
    for (i = 0; i < count; i++) {
        dosis_deliver(txn, &d[i]);
        fixture_must(d[i].rc, "deliver");
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    dosis_arena_reset(f->arena);
}


/* Each newer than the one before; one in eight needs action. */
static void
grow(fixture_t *f, int to)
{
    int n = 0;
    static dosis_delivery_t d[BATCH];

    while (rows < to) {
        row[rows].phase = rows % 8 != 0 ? 2 : rows % 32 == 0 ? 1 : 0;
        row[rows].deadline = row[rows].phase == 0 ? 1 + rows * 7 % 31 : 0;
        d[n] = fixture_delivery(f, json_of(rows));
        memcpy(row[rows++].id, d[n++].id, 16);
        if (n == BATCH || rows == to) {
            store_batch(f, d, n);
            n = 0;
        }
    }
}


/* --- asking --------------------------------------------------------------- */

static int
row_at(dosis_slice_t text)
{
    int i;
    uint8_t id[16];

    if (!dosis_id_decode(id, text)) {
        return -1;
    }
    for (i = 0; i < rows && memcmp(row[i].id, id, 16) != 0; i++) {
        continue;
    }
    return i < rows ? i : -1;
}


static void
see(const dosis_json_t *list)
{
    size_t i;
    int at;

    for (i = 0; i < dosis_json_count(list); i++) {
        at = row_at(dosis_json_string(
            dosis_json_get(dosis_json_at(list, i), "DossierId")));
        if (at < 0) {
            printf("Bail out! a row that nobody stored\n");
            exit(1);
        }
        row[at].found++;
        walk.rising = walk.rising && row[at].phase >= walk.phase;
        walk.blocks += walk.phase == 0 && row[at].phase == 0
                       && row[at].deadline < walk.deadline;
        walk.phase = row[at].phase;
        walk.deadline = row[at].deadline;
    }
}


static dosis_rc_t
next_page(fixture_t *f, uint32_t limit, uint32_t examine)
{
    dosis_rc_t rc;
    dosis_buf_t body;
    dosis_json_t *json;
    dosis_slice_t next;
    dosis_answer_t answer;
    dosis_question_t q = { .limit = limit, .examine = examine,
        .filter = &by_action, .after = dosis_slice_of(walk.after) };

    dosis_buf_init(&body, (size_t) 4 << 20);
    rc = fixture_list(f, kbo, &q, &body, &answer);
    walk.cut = rc == DOSIS_OK && answer.cut;
    if (rc == DOSIS_OK && !walk.cut) {
        fixture_must(dosis_json_parse(dosis_buf_slice(&body), &json, NULL),
            "the answer is JSON");
        see(dosis_json_get(json, "Dossiers"));
        next = dosis_json_string(dosis_json_get(json, "Volgende"));
        walk.more = next.len > 0;
        walk.within = walk.within && answer.examined <= DOSIS_EXAMINED_MAX;
        (void) snprintf(walk.after, sizeof(walk.after), "%.*s",
            (int) next.len, next.len > 0 ? next.data : "");
        dosis_json_free(json);
    }
    dosis_buf_done(&body);
    return rc;
}


static void
begin(void)
{
    int i;

    memset(&walk, 0, sizeof(walk));
    walk.rising = true;
    walk.within = true;
    walk.blocks = 1;
    for (i = 0; i < ROWS_MAX; i++) {
        row[i].found = 0;
    }
}


static int
found_once(int to)
{
    int i, n = 0;

    for (i = 0; i < to; i++) {
        n += row[i].found == 1;
    }
    return n;
}


static void
walk_all(fixture_t *f, uint32_t limit)
{
    int pages = 0;

    begin();
    do {
        fixture_must(next_page(f, limit, 0), "list");
    } while (walk.more && ++pages < 2 * ROWS_MAX);
}


static void
test_one_block(fixture_t *f)
{
    walk_all(f, 100);
    CHECK(found_once(rows) == rows, "a list within a block: each row once");
    CHECK(walk.rising && walk.blocks == 1,
        "in exact order: by deadline, without one, the rest");
    CHECK(walk.within, "within the ceiling of each call");
}


static void
test_two_blocks(fixture_t *f)
{
    walk_all(f, 100);
    CHECK(found_once(rows) == rows, "a longer one: each row once");
    CHECK(walk.rising, "those with a deadline first, then those without");
    CHECK(walk.blocks == 2, "by deadline within each of two blocks");
    CHECK(walk.within, "within the ceiling of each call");
    walk_all(f, DOSIS_PAGE_ROWS_MAX);
    CHECK(found_once(rows) == rows && walk.blocks == 2,
        "pages of another size: the same");
}


static void
test_budget(fixture_t *f)
{
    begin();
    CHECK(next_page(f, 10, 1000) == DOSIS_OK && walk.cut,
        "a call that may look at less says that it was cut");
    CHECK(next_page(f, 10, 0) == DOSIS_OK && !walk.cut && walk.more,
        "and is answered when it may look at more");
}


/* A block holds 1,000 rows more than it began with, not 1,200. */
static void
test_growth(fixture_t *f)
{
    begin();
    fixture_must(next_page(f, 5, 0), "list");
    grow(f, ROWS_FIRST + 900);
    CHECK(next_page(f, 5, 0) == DOSIS_OK,
        "a cursor outlives 900 rows that come into its block");
    CHECK(found_once(rows) == 10, "and shows nothing twice");
    grow(f, ROWS_FIRST + 1200);
    CHECK(next_page(f, 5, 0) == DOSIS_EEXPIRED,
        "not 1,200: begin again, it says");
    walk_all(f, 500);
    CHECK(found_once(rows) == rows, "and then all is there");
}


int
main(void)
{
    dosis_verify_t report;
    static fixture_t f;

    fixture_begin(&f);
    fixture_kbo(9999, kbo);
    grow(&f, 3000);
    test_one_block(&f);
    grow(&f, ROWS_FIRST);
    test_two_blocks(&f);
    test_budget(&f);
    test_growth(&f);
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    fixture_end(&f);
    return tap_done();
}
