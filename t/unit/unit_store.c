/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The store as its callers see it: verdicts, uploads, lists, big agents, long
 * members, the switch of generations, the trail of a rewrite.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/store_txn.h"

#define UUID "c30c0de7-f763-4648-b684-936162aa6a78"


static const char *
status_json(const char *nummer, const char *datum, const char *naam,
    const char *rest)
{
    static char text[65536];

    (void) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"%s\"},\"Naam\":\"%s\","
        "\"WijzigingsDatum\":\"%s\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"}%s}",
        nummer, naam, datum, rest);
    return text;
}


static const char *
agent_json(const char *agent)
{
    static char text[128];

    (void) snprintf(text, sizeof(text),
        ",\"Agenten\":[{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
        "[{\"Code\":\"Lezer\"}]}]", agent);
    return text;
}


static unsigned
rows_of(fixture_t *f, const char *agent)
{
    dosis_buf_t body;
    dosis_answer_t answer;
    dosis_question_t q = { 0 };

    dosis_buf_init(&body, (size_t) 4 << 20);
    fixture_must(fixture_list(f, agent, &q, &body, &answer), "list");
    dosis_buf_done(&body);
    return answer.rows;
}


static void
test_verdicts(fixture_t *f, const char *kbo)
{
    dosis_delivery_t d;
    const char *agents = agent_json(kbo);

    d = fixture_push(f, status_json("v1", "2026-01-02T10:00:00", "A", agents));
    CHECK(d.resultaat == DOSIS_NIEUW && d.versie == 1, "the first is Nieuw");
    d = fixture_push(f, status_json("v1", "2026-01-03T10:00:00", "A", agents));
    CHECK(d.resultaat == DOSIS_ONGEWIJZIGD && d.versie == 1,
        "the same content is Ongewijzigd and keeps its Versie");
    d = fixture_push(f, status_json("v1", "2026-01-02T12:00:00", "B", agents));
    CHECK(d.resultaat == DOSIS_VEROUDERD,
        "the stamp of an Ongewijzigd moved up: older than it is Verouderd");
    d = fixture_push(f, status_json("v1", "2026-01-03T10:00:00", "B", agents));
    CHECK(d.resultaat == DOSIS_GEWIJZIGD && d.versie == 2,
        "at an equal date the later arrival wins");
    d = fixture_withdraw(f, "v1", 0);
    CHECK(d.resultaat == DOSIS_INGETROKKEN && d.versie == 3,
        "a withdrawal counts a Versie");
    CHECK(rows_of(f, kbo) == 0, "a withdrawn dossier is in no list");
    d = fixture_withdraw(f, "v1", 0);
    CHECK(d.resultaat == DOSIS_INGETROKKEN && d.versie == 3,
        "a repeated withdrawal changes nothing");
    d = fixture_push(f, status_json("v1", "2026-01-02T10:00:00", "C", agents));
    CHECK(d.resultaat == DOSIS_VEROUDERD, "an older one revives nothing");
    d = fixture_push(f, status_json("v1", "2026-01-04T10:00:00", "C", agents));
    CHECK(d.resultaat == DOSIS_HERSTELD && d.versie == 4, "a newer one does");
    CHECK(rows_of(f, kbo) == 1, "and it is listed again");
    d = fixture_withdraw(f, "never-there", 0);
    CHECK(d.resultaat == DOSIS_ONBEKEND, "unknown is Onbekend");
}


static void
test_uploads(fixture_t *f, const char *kbo)
{
    char with_id[256], etag[64];
    dosis_delivery_t d;

    (void) snprintf(with_id, sizeof(with_id), ",\"UploadId\":\"" UUID "\"%s",
        agent_json(kbo));
    d = fixture_push(f, status_json("u1", "2026-02-30", "A", with_id));
    CHECK(d.rc == DOSIS_EINPUT, "a date that does not exist is refused");
    d = fixture_push(f, status_json("u1", "2026-02-03", "A", with_id));
    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_NIEUW,
        "a refused upload may be mended under its own UploadId");
    d = fixture_push(f, status_json("u1", "2026-02-03", "A", with_id));
    CHECK(d.rc == DOSIS_OK && d.repeated && d.resultaat == DOSIS_NIEUW,
        "a repeat answers as the first time");
    (void) snprintf(etag, sizeof(etag), "%s", d.etag);
    d = fixture_push(f, status_json("u1", "2026-02-04", "A", with_id));
    CHECK(d.rc == DOSIS_ECONFLICT, "other content under that UploadId: 409");
    d = fixture_delivery(f,
        status_json("u1", "2026-02-05", "Z", agent_json(kbo)));
    d.if_match = DOSIS_SLICE("W/\"00000000000000000000000000000000.1\"");
    fixture_deliver(f, &d);
    CHECK(d.rc == DOSIS_EPRECOND, "a wrong If-Match stores nothing");
    d.if_match = dosis_slice_of(etag);
    fixture_deliver(f, &d);
    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_GEWIJZIGD,
        "the tag given before is the one that matches");
    d = fixture_delivery(f,
        status_json("u1", "2026-02-06", "Y", agent_json(kbo)));
    d.if_none_match_any = true;
    fixture_deliver(f, &d);
    CHECK(d.rc == DOSIS_EPRECOND, "If-None-Match: * refuses what is held");
}


static void
test_big_agent(fixture_t *f, const char *kbo)
{
    unsigned i, rows = 0, calls = 0;
    char nummer[16], datum[32];
    static char after[512];
    dosis_buf_t body;
    dosis_answer_t answer;
    dosis_question_t q = { .limit = 77 };
    const char *next;

    for (i = 0; i < 700; i++) {
        (void) snprintf(nummer, sizeof(nummer), "big%u", i);
        (void) snprintf(datum, sizeof(datum), "2026-03-%02uT%02u:%02u:00",
            1 + i * 7 % 28, i % 24, i % 60);
        (void) fixture_push(f,
            status_json(nummer, datum, "Groot", agent_json(kbo)));
    }
    (void) fixture_push(f, status_json("big3", "2026-04-01", "Vooraan",
        agent_json(kbo)));
    (void) fixture_withdraw(f, "big4", 0);
    dosis_buf_init(&body, (size_t) 4 << 20);
    do {
        dosis_buf_reset(&body);
        fixture_must(fixture_list(f, kbo, &q, &body, &answer), "list");
        if (calls == 0) {
            CHECK(strncmp(body.data + strlen("{\"Dossiers\":[{"), "\"Dos", 4)
                          == 0
                      && strstr(body.data, "\"Vooraan\"")
                             < strstr(body.data, "\"Groot\""),
                "the newest of a big agent stands first");
        }
        rows += answer.rows;
        next = strstr(body.data, "\"Volgende\":\"");
        if (answer.more && next != NULL) {
            (void) snprintf(after, sizeof(after), "%.*s",
                (int) strcspn(next + 12, "\""), next + 12);
            q.after = dosis_slice_of(after);
        }
        calls++;
    } while (answer.more && calls < 50);
    dosis_buf_done(&body);
    CHECK(rows == 699, "pages of 77 list every row of a big agent once");
    CHECK(calls == 10, "in ten calls");
}


static void
test_long(fixture_t *f, const char *kbo)
{
    unsigned i;
    static char rest[32768], detail[501];
    char agent[11];
    size_t n;
    dosis_buf_t body;
    dosis_answer_t answer;
    dosis_question_t q = { 0 };
    dosis_delivery_t d;

    memset(detail, 'x', 500);
    n = (size_t) snprintf(rest, sizeof(rest),
        ",\"Doorverwijzing\":\"https://example.be/%s\",\"Agenten\":["
        "{\"Identificatie\":\"%s\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}",
        detail, kbo);
    for (i = 0; i < 49; i++) {
        fixture_kbo(5000 + i, agent);
        n += (size_t) snprintf(rest + n, sizeof(rest) - n,
            ",{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
            "[{\"Code\":\"Lezer\"}]}", agent);
    }
    (void) snprintf(rest + n, sizeof(rest) - n, "]");
    d = fixture_push(f, status_json("long", "2026-05-01", "Lang", rest));
    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_NIEUW,
        "fifty agents and a long address are stored");
    dosis_buf_init(&body, (size_t) 1 << 20);
    fixture_must(fixture_list(f, agent, &q, &body, &answer), "list");
    dosis_buf_add_byte(&body, '\0');
    CHECK(answer.rows == 1 && strstr(body.data, "/doorverwijzing\"") != NULL
            && strstr(body.data, detail) == NULL,
        "the fiftieth agent lists it: the long address opens, and is not told");
    dosis_buf_done(&body);
    d = fixture_push(f,
        status_json("long", "2026-05-02", "Kort", agent_json(kbo)));
    CHECK(d.resultaat == DOSIS_GEWIJZIGD, "it shrinks to one agent");
    CHECK(rows_of(f, agent) == 0, "an agent that left sees it no more");
    d = fixture_push(f, status_json("long", "2026-05-03", "Lang", rest));
    CHECK(rows_of(f, agent) == 1, "an agent that came back sees it again");
}


static void
set_meta(fixture_t *f, const char *name, uint64_t value)
{
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    fixture_must(store_meta_put(&txn->snap, name, value), "meta");
    fixture_must(dosis_txn_commit(txn), "commit");
}


static void
test_spoor(fixture_t *f, const char *kbo)
{
    unsigned seen[STORE_DBS] = { 0 };
    dosis_rc_t rc;
    store_cursor_t c;

    set_meta(f, "herschrijf", 1);
    (void) fixture_push(f,
        status_json("trail", "2026-06-01", "Spoor", agent_json(kbo)));
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(store_cursor_open(&f->reader->snap, DB_SPOOR, &c), "cursor");
    for (rc = store_cursor_seek(&c, dosis_slice(NULL, 0)); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        seen[(unsigned char) c.value.data[0]]++;
    }
    store_cursor_close(&c);
    dosis_reader_end(f->reader);
    CHECK(seen[DB_AGENT] > 0 && seen[DB_SLEUTEL] > 0 && seen[DB_META] > 0,
        "while a rewrite runs, each put leaves its key in spoor");
    CHECK(seen[DB_HISTORIE] == 0 && seen[DB_LOG] == 0,
        "append-only databases do not");
    set_meta(f, "herschrijf", 0);
}


static void
copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    static char block[65536];
    size_t n;

    while (in != NULL && out != NULL
           && (n = fread(block, 1, sizeof(block), in)) > 0) {
        (void) fwrite(block, 1, n, out);
    }
    (void) fclose(in);
    (void) fclose(out);
}


static void
test_generations(fixture_t *f, const char *kbo)
{
    char from[128], to[128];
    unsigned before = rows_of(f, kbo);
    dosis_store_state_t state;
    dosis_delivery_t d;

    (void) snprintf(from, sizeof(from), "%s/g1.mdb", f->dir);
    (void) snprintf(to, sizeof(to), "%s/g2.mdb", f->dir);
    copy_file(from, to);
    (void) chmod(to, 0660);
    (void) snprintf(from, sizeof(from), "%s/g1.jrnl", f->dir);
    (void) snprintf(to, sizeof(to), "%s/g2.jrnl", f->dir);
    copy_file(from, to);
    (void) chmod(to, 0660);
    set_meta(f, "next", 2);
    CHECK(rows_of(f, kbo) == before, "a reader follows the marker");
    fixture_must(dosis_store_state(f->store, &state), "state");
    CHECK(state.generation == 2, "into generation 2");
    d = fixture_push(f,
        status_json("second", "2026-07-01", "G2", agent_json(kbo)));
    CHECK(d.resultaat == DOSIS_NIEUW && rows_of(f, kbo) == before + 1,
        "and a writer writes there");
    fixture_close(f);
    fixture_open(f);
    CHECK(rows_of(f, kbo) == before + 1,
        "CURRENT is only a hint: opening follows the marker too");
}


/*
 * LMDB writes whole pages: what is not used of one must be no leftover of
 * this process's memory.
 */
static void
test_no_plain_text(fixture_t *f, const char *kbo)
{
    const char *const known[] = { kbo, "Vooraan", "Lezer", FIXTURE_BRON,
        "Behandeling", UUID };
    char path[128];
    size_t i, len, found = 0;
    FILE *file;
    static char bytes[64 << 20];

    (void) snprintf(path, sizeof(path), "%s/g1.mdb", f->dir);
    file = fopen(path, "r");
    len = file == NULL ? 0 : fread(bytes, 1, sizeof(bytes), file);
    CHECK(len > 100000 && len < sizeof(bytes), "the whole file was read");
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        found += memmem(bytes, len, known[i], strlen(known[i])) != NULL;
    }
    CHECK(found == 0, "nothing in the file is plain text");
    (void) fclose(file);
}


static void
test_keys(fixture_t *f)
{
    dosis_rc_t rc;
    dosis_secret_t *other;
    dosis_store_t *store = NULL;
    dosis_store_options_t options = { .dir = f->dir,
        .map_bytes = (size_t) 1 << 30 };

    fixture_close(f);     /* one process never opens a store twice */
    fixture_must(dosis_secret_generate(&other), "secret");
    options.kek = other;
    rc = dosis_store_open(&options, &store);
    CHECK(rc == DOSIS_EKEY, "another key-encryption key opens nothing");
    options.kek = f->kek;
    rc = dosis_store_create(&options, 1);
    CHECK(rc == DOSIS_ECONFLICT, "create never overwrites a store");
    dosis_secret_free(other);
    fixture_open(f);
}


int
main(void)
{
    char kbo[4][11];
    unsigned i;
    fixture_t f;
    dosis_verify_t report;

    for (i = 0; i < 4; i++) {
        fixture_kbo(i, kbo[i]);
    }
    fixture_begin(&f);
    test_verdicts(&f, kbo[0]);
    test_uploads(&f, kbo[1]);
    test_big_agent(&f, kbo[2]);
    test_long(&f, kbo[3]);
    CHECK(fixture_is_whole(&f, &report), "verify finds nothing");
    CHECK(report.dossiers > 690 && report.withdrawn == 1,
        "and has looked at everything");
    test_spoor(&f, kbo[0]);
    test_no_plain_text(&f, kbo[2]);
    test_keys(&f);
    test_generations(&f, kbo[0]);
    CHECK(fixture_is_whole(&f, &report), "verify still finds nothing");
    fixture_end(&f);
    return tap_done();
}
