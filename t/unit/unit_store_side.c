/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The side rows of a big agent as the store keeps them: in order, found wrong
 * by verify when they are, made bit by bit for an older store, and nothing at
 * all for a small agent.
 */

#include "../lib/counted.h"
#include "../lib/tap.h"
#include "store/dosis_side.h"
#include "store/store_side.h"
#include "store/store_txn.h"

#define ROWS 420

static char kbo[11];
static uint8_t blinded[STORE_AGENT_BYTES];


/* --- the store under test ------------------------------------------------ */

static const char *
row_json(const char *id, unsigned n, const char *datum)
{
    static char text[1024];

    (void) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"%.4s-%u\"},\"Naam\":\"Rij\","
        "\"WijzigingsDatum\":\"%s\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\",\"Actie\":"
        "{\"ActieNodig\":true%s%u%s}},\"Agenten\":[{\"Identificatie\":"
        "\"%s\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}", id, n, datum,
        n % 3 == 0 ? ",\"Actie\":\"" : ",\"Voor\":\"2027-01-1",
        n % 3 == 0 ? n : n % 10, "\"", id);
    return text;
}


static void
push_row(fixture_t *f, const char *id, unsigned n, const char *datum)
{
    dosis_delivery_t d = fixture_push(f, row_json(id, n, datum));

    if (d.rc != DOSIS_OK) {
        printf("Bail out! %s\n", f->problems.item[0].text);
        exit(1);
    }
    dosis_arena_reset(f->arena);
}


static dosis_subject_t
subject_of(const char *id)
{
    static const dosis_slice_t recht[] = { { "Lezer", 5 } };
    dosis_subject_t subject = { .rechten = recht, .rechten_count = 1 };

    if (dosis_agent_parse(dosis_slice_of(id), DOSIS_STRENG, &subject.agent)
        != NULL) {
        printf("Bail out! %s is no agent\n", id);
        exit(1);
    }
    return subject;
}


static bool
agree(fixture_t *f)
{
    dosis_subject_t subject = subject_of(kbo);
    dosis_question_t q = { .subject = &subject, .subjects = 1,
        .now_ns = FIXTURE_NOW,
        .limit = DOSIS_PAGE_ROWS_MAX };

    return counted_agree(f, &q);
}


/* Runs change inside one writing transaction. */
static void
in_txn(fixture_t *f, void (*change)(dosis_txn_t *txn))
{
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    change(txn);
    fixture_must(dosis_txn_commit(txn), "commit");
}


static unsigned
head_flags(fixture_t *f)
{
    unsigned flags;
    dosis_buf_t page;

    dosis_buf_init(&page, 4096);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(store_get(&f->reader->snap, DB_AGENT,
        dosis_slice(blinded, sizeof(blinded)), &page), "head");
    dosis_reader_end(f->reader);
    flags = (unsigned char) page.data[1];
    dosis_buf_done(&page);
    return flags;
}


/* --- order --------------------------------------------------------------- */

static void
test_changes(fixture_t *f)
{
    unsigned n = 0;
    uint64_t before = 0, middle = 0;
    bool ordered = true;
    store_change_t change;
    store_side_walk_t walk;

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(store_changes_open(&f->reader->snap, blinded, 0, &walk),
        "open");
    while (store_changes_next(&walk, &change) == DOSIS_OK) {
        ordered = ordered && change.seq > before;
        before = change.seq;
        middle = ++n == ROWS / 2 ? change.seq : middle;
    }
    store_side_close(&walk);
    CHECK(n == ROWS && ordered, "a change per row, in order");
    fixture_must(store_changes_open(&f->reader->snap, blinded, middle, &walk),
        "open");
    CHECK(store_changes_next(&walk, &change) == DOSIS_OK
              && change.seq > middle,
        "from a sequence on, the next one");
    store_side_close(&walk);
    fixture_must(store_changes_open(&f->reader->snap, blinded, before, &walk),
        "open");
    CHECK(store_changes_next(&walk, &change) == DOSIS_ENOTFOUND,
        "behind the last there is none");
    store_side_close(&walk);
    dosis_reader_end(f->reader);
}


static void
test_deadlines(fixture_t *f)
{
    unsigned n = 0, more = 0;
    bool ordered = true;
    store_termijn_t termijn, before = { 0 }, middle = { 0 };
    store_side_walk_t walk;

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(store_termijnen_open(&f->reader->snap, blinded, NULL, &walk),
        "open");
    while (store_termijnen_next(&walk, &termijn) == DOSIS_OK) {
        ordered = ordered && termijn.deadline >= before.deadline;
        before = termijn;
        if (++n == ROWS / 2) {
            middle = termijn;
        }
    }
    store_side_close(&walk);
    CHECK(n == ROWS && ordered && before.deadline == STORE_NO_DEADLINE,
        "every action in order of its deadline, those without at the end");
    fixture_must(store_termijnen_open(&f->reader->snap, blinded, &middle,
        &walk), "open");
    while (store_termijnen_next(&walk, &termijn) == DOSIS_OK) {
        more++;
    }
    store_side_close(&walk);
    dosis_reader_end(f->reader);
    CHECK(n == ROWS / 2 + more, "behind one of them, the others");
    CHECK(store_deadline(-1) < store_deadline(0)
              && store_deadline_day(store_deadline(-40000)) == -40000,
        "days before 1970 sort before the others");
}


/* --- damage -------------------------------------------------------------- */

/* The first row of that agent in a side database, opened. */
static size_t
first_row(dosis_txn_t *txn, store_db_t db, char key[STORE_KEY_MAX],
    dosis_buf_t *value)
{
    size_t len;
    store_cursor_t c;

    memcpy(key, blinded, sizeof(blinded));
    fixture_must(store_cursor_open(&txn->snap, db, &c), "cursor");
    fixture_must(store_cursor_seek(&c, dosis_slice(key, sizeof(blinded))),
        "seek");
    len = c.key.len;
    memcpy(key, c.key.data, len);
    fixture_must(store_open_value(&txn->snap, db, c.key, c.value, value),
        "value");
    store_cursor_close(&c);
    return len;
}


static struct {
    const char *fact;
    store_db_t db;
    size_t at;           /* this byte of the value is changed; or: */
    bool gone;
    bool moved;          /* a row too many, under another key */
} damage[] = {
    { "a change that lacks", DB_VOLG, 0, true, false },
    { "a change of another dossier", DB_VOLG, 3, false, false },
    { "a change too many", DB_VOLG, 0, false, true },
    { "a deadline that lacks", DB_TERMIJN, 0, true, false },
    { "a deadline of another class", DB_TERMIJN, 3, false, false },
    { "a deadline too many", DB_TERMIJN, 0, false, true },
    { "a count that lacks", DB_TELLING, 0, true, false },
    { "a count of another source", DB_TELLING, 3, false, false },
    { "a count one too high", DB_TELLING, 7, false, false },
    { "a count too many", DB_TELLING, 0, false, true },
}, *now;

static char damaged_key[STORE_KEY_MAX];
static size_t damaged_len;
static char kept[STORE_TALLY_MAX];
static size_t kept_len;


static void
do_damage(dosis_txn_t *txn)
{
    char bytes[STORE_TALLY_MAX];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    damaged_len = first_row(txn, now->db, damaged_key, &value);
    memcpy(kept, bytes, value.len);
    kept_len = value.len;
    if (now->gone) {
        store_txn_del(txn, now->db, dosis_slice(damaged_key, damaged_len));
        return;
    }
    if (now->moved) {
        damaged_key[STORE_AGENT_BYTES] ^= 0x55;
    } else {
        bytes[now->at]++;
    }
    store_txn_put(txn, now->db, dosis_slice(damaged_key, damaged_len),
        dosis_slice(bytes, value.len));
}


static void
undo_damage(dosis_txn_t *txn)
{
    dosis_slice_t key = dosis_slice(damaged_key, damaged_len);

    if (now->moved) {
        store_txn_del(txn, now->db, key);
    } else {
        store_txn_put(txn, now->db, key, dosis_slice(kept, kept_len));
    }
}


static void
test_damage(fixture_t *f)
{
    size_t i;
    dosis_verify_t report;

    for (i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
        now = &damage[i];
        in_txn(f, do_damage);
        CHECK(dosis_verify(f->store, NULL, NULL, &report) == DOSIS_OK
                  && report.findings > 0,
            now->fact);
        in_txn(f, undo_damage);
    }
    CHECK(fixture_is_whole(f, &report), "mended: verify finds nothing");
}


/* --- an older store ------------------------------------------------------ */

static void
strip(dosis_txn_t *txn)
{
    char bytes[4096], key[STORE_KEY_MAX];
    size_t len;
    store_db_t db;
    dosis_buf_t page;
    store_cursor_t c;

    dosis_buf_init_fixed(&page, bytes, sizeof(bytes));
    fixture_must(store_get(&txn->snap, DB_AGENT,
        dosis_slice(blinded, sizeof(blinded)), &page), "head");
    bytes[1] = PAGE_GROOT;
    fixture_must(store_meta_put(&txn->snap, STORE_META_SIDE, 0), "meta");
    store_txn_put(txn, DB_AGENT, dosis_slice(blinded, sizeof(blinded)),
        dosis_buf_slice(&page));
    for (db = DB_TELLING; db < STORE_DBS; db++) {
        for (;;) {
            fixture_must(store_cursor_open(&txn->snap, db, &c), "cursor");
            len = store_cursor_seek(&c, dosis_slice(NULL, 0)) == DOSIS_OK
                      ? c.key.len
                      : 0;
            if (len > 0) {
                memcpy(key, c.key.data, len);
            }
            store_cursor_close(&c);
            if (len == 0) {
                break;
            }
            store_txn_del(txn, db, dosis_slice(key, len));
        }
    }
}


static void
drop_databases(dosis_txn_t *txn)
{
    store_db_t db;

    for (db = DB_TELLING; db < STORE_DBS; db++) {
        (void) mdb_drop(txn->snap.txn, txn->snap.env->dbi[db], 1);
    }
}


static void
test_lacking(fixture_t *f)
{
    dosis_verify_t report;
    dosis_store_options_t options = { .dir = f->dir, .kek = f->kek,
        .map_bytes = (size_t) 1 << 30, .read_only = true };
    dosis_store_state_t state;

    in_txn(f, strip);
    in_txn(f, drop_databases);
    fixture_close(f);
    fixture_must(dosis_store_open(&options, &f->store), "open read-only");
    fixture_must(dosis_reader_create(f->store, &f->reader), "reader");
    f->writer = NULL;
    CHECK(agree(f), "a store of before them opens read-only, and counts");
    CHECK(fixture_is_whole(f, &report), "and is whole");
    dosis_reader_free(f->reader);
    dosis_store_close(f->store);
    fixture_open(f);
    fixture_must(dosis_store_state(f->store, &state), "state");
    CHECK(state.databases == STORE_DBS, "opened for writing, it gets them");
    CHECK(agree(f) && fixture_is_whole(f, &report), "and counts as before");
}


static void
must_step(fixture_t *f, dosis_side_t *side)
{
    fixture_must(dosis_side_step(f->writer, FIXTURE_NOW, side), "step");
}


/* The engine's steps, with deliveries in between, before and behind them. */
static void
test_catch_up(fixture_t *f)
{
    unsigned n, wrong = 0;
    char datum[32];
    dosis_side_t side = { 0 };
    dosis_verify_t report;

    CHECK(!(head_flags(f) & PAGE_ZIJ), "its big agent has no side rows");
    for (n = 0; n < 40 && !side.done; n++) {
        must_step(f, &side);
        wrong += !agree(f) || !fixture_is_whole(f, &report);
        (void) snprintf(datum, sizeof(datum), "2026-0%u-1%uT10:00:00",
            1 + n * 5 % 8, n % 10);
        push_row(f, kbo, n * 37 % ROWS, datum);
        push_row(f, kbo, ROWS - 1 - n, datum);
        wrong += !agree(f) || !fixture_is_whole(f, &report);
        if (n == 2) {
            side = (dosis_side_t) { 0 };    /* the engine was started again */
        }
    }
    CHECK(n > 3 && n < 20 && (head_flags(f) & PAGE_ZIJ),
        "some steps later it has them all");
    CHECK(wrong == 0, "and at each of them all agreed");
    push_row(f, kbo, 7, "2026-08-30");
    CHECK(agree(f) && fixture_is_whole(f, &report), "and later ones too");
    side = (dosis_side_t) { 0 };
    must_step(f, &side);
    CHECK(side.done && !side.begun, "it is not looked for again");
}


/* --- a small agent ------------------------------------------------------- */

static void
begin_trail(dosis_txn_t *txn)
{
    fixture_must(store_meta_put(&txn->snap, "herschrijf", 1), "meta");
}


static void
end_trail(dosis_txn_t *txn)
{
    fixture_must(store_meta_put(&txn->snap, "herschrijf", 0), "meta");
}


/* What one more status of a small agent puts, by database. */
static void
count_puts(fixture_t *f, unsigned puts[STORE_DBS])
{
    dosis_rc_t rc;
    store_cursor_t c;

    memset(puts, 0, STORE_DBS * sizeof(puts[0]));
    in_txn(f, begin_trail);
    push_row(f, "0123456749", 1, "2026-06-01");
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(store_cursor_open(&f->reader->snap, DB_SPOOR, &c), "cursor");
    for (rc = store_cursor_seek(&c, dosis_slice(NULL, 0)); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        puts[(unsigned char) c.value.data[0]]++;
    }
    store_cursor_close(&c);
    dosis_reader_end(f->reader);
    in_txn(f, end_trail);
}


static void
test_small(fixture_t *f)
{
    unsigned i, others = 0, puts[STORE_DBS];

    push_row(f, "0123456749", 1, "2026-05-01");
    push_row(f, "0123456749", 2, "2026-05-02");
    count_puts(f, puts);
    for (i = 0; i < STORE_DBS; i++) {
        others += i != DB_AGENT && i != DB_META ? puts[i] : 0;
    }
    CHECK(puts[DB_AGENT] == 1 && others == 0,
        "a status of a small agent puts its one page, and no side row");
}


int
main(void)
{
    unsigned n;
    char datum[32];
    dosis_agent_t who;
    fixture_t f;

    fixture_begin(&f);
    fixture_kbo(60, kbo);
    who = subject_of(kbo).agent;
    store_agent_blind(f.reader->crypt, &who, blinded);
    test_small(&f);
    for (n = 0; n < ROWS; n++) {
        (void) snprintf(datum, sizeof(datum), "2025-%02u-%02uT10:00:00",
            1 + n % 12, 1 + n * 7 % 28);
        push_row(&f, kbo, n, datum);
    }
    test_changes(&f);
    test_deadlines(&f);
    test_damage(&f);
    test_lacking(&f);
    test_catch_up(&f);
    fixture_end(&f);
    return tap_done();
}
