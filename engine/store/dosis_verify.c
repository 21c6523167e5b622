/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_text.h"
#include "store/dosis_verify.h"
#include "store/store_apply.h"
#include "store/store_failure.h"
#include "store/store_oplading_check.h"
#include "store/store_result.h"
#include "store/store_side_check.h"

#define CHUNK        5000                /* values per snapshot */
#define VALUE_MAX    ((size_t) 256 << 10)
#define OTHER_PAGES  ((size_t) 4096)

typedef struct {
    dosis_reader_t *reader;
    dosis_verify_pt on_finding;
    void *payload;
    dosis_verify_t *report;
    dosis_buf_t value;                   /* the entry under judgement */
    dosis_buf_t other;                   /* what it is held against */
    dosis_buf_t copy;                    /* the first copy of a dossier */
    uint64_t log_seq;                    /* last seen: the log has no gaps */
    bool log_gap;                        /* before the entry last seen */
    bool again;                          /* a second look: count nothing */
    uint32_t failures_of;                /* the source last counted */
} verify_t;

/* NULL: it is whole. key and v->value are of one and the same snapshot. */
typedef const char *(*check_pt)(verify_t *v, dosis_slice_t key);


static const store_snap_t *
snap_of(const verify_t *v)
{
    return &v->reader->snap;
}


static void
count(const verify_t *v, uint64_t *counter, uint64_t n)
{
    if (!v->again) {
        *counter += n;
    }
}


/* The value under key in db, opened into buf. */
static bool
fetch(verify_t *v, store_db_t db, dosis_slice_t key, dosis_buf_t *buf)
{
    dosis_buf_reset(buf);
    return store_get(snap_of(v), db, key, buf) == DOSIS_OK;
}


static bool
fetch_held(verify_t *v, const uint8_t id[16], store_held_t *held)
{
    char bytes[STORE_SLEUTEL_MAX];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    return store_get(snap_of(v), DB_SLEUTEL, dosis_slice(id, STORE_ID_BYTES),
               &value) == DOSIS_OK
           && store_sleutel_read(dosis_buf_slice(&value), held) == DOSIS_OK;
}


/* --- agent pages --------------------------------------------------------- */

/* Of the head page: PAGE_GROOT, PAGE_ZIJ. */
static uint8_t
flags_of(verify_t *v, dosis_slice_t key)
{
    store_page_view_t head;

    return fetch(v, DB_AGENT, dosis_slice(key.data, STORE_AGENT_BYTES),
               &v->other)
                   && store_page_view(dosis_buf_slice(&v->other), &head)
                          == DOSIS_OK
               ? head.flags
               : 0;
}


static bool
plaats_agrees(verify_t *v, dosis_slice_t key, const store_head_t *head)
{
    char plaats[STORE_AGENT_BYTES + STORE_ID_BYTES];

    memcpy(plaats, key.data, STORE_AGENT_BYTES);
    memcpy(plaats + STORE_AGENT_BYTES, head->id, STORE_ID_BYTES);
    return fetch(v, DB_PLAATS, dosis_slice(plaats, sizeof(plaats)), &v->other)
           && v->other.len == 8
           && dosis_be64_get(v->other.data) == head->order;
}


static const char *
check_live_row(verify_t *v, dosis_slice_t key, const store_row_t *row)
{
    int i;
    store_held_t held;
    store_content_t content = { 0 };

    if (!fetch_held(v, row->head.id, &held) || held.state != HELD_LIVE) {
        return "a live row whose dossier sleutel does not hold";
    }
    for (i = 0; i < held.agents; i++) {
        if (memcmp(held.agent[i], key.data, STORE_AGENT_BYTES) == 0) {
            return store_content_read(row->content, &content) == DOSIS_OK
                       ? NULL
                       : "a row whose content does not read";
        }
    }
    return "a live row under an agent that sleutel does not name";
}


static const char *
check_row(verify_t *v, dosis_slice_t key, const store_row_t *row,
    uint8_t flags)
{
    store_part_t part;

    if (store_part_read(row->part, &part) != DOSIS_OK) {
        return "a row whose part of the agent does not read";
    }
    if ((flags & PAGE_GROOT) && !plaats_agrees(v, key, &row->head)) {
        return "a row of a big agent that plaats does not find";
    }
    return row->head.kind == ROW_LIVE ? check_live_row(v, key, row) : NULL;
}


static bool
is_newer(const store_head_t *a, const store_head_t *b)
{
    return a->order < b->order
           || (a->order == b->order
               && memcmp(a->id, b->id, STORE_ID_BYTES) < 0);
}


static bool
is_page_key(dosis_slice_t key, const store_head_t *newest)
{
    char expected[STORE_PAGE_KEY];
    store_position_t position = { newest->order, newest->id };

    if (key.len == STORE_AGENT_BYTES) {
        return true;
    }
    store_page_key(expected, (const uint8_t *) key.data, position);
    return dosis_slice_eq(key, dosis_slice(expected, sizeof(expected)));
}


static const char *
check_page(verify_t *v, dosis_slice_t key)
{
    uint8_t flags;
    unsigned n = 0;
    const char *problem = NULL;
    dosis_slice_t bytes;
    store_row_t row;
    store_head_t before = { 0 };
    store_page_view_t view;

    if (store_page_view(dosis_buf_slice(&v->value), &view) != DOSIS_OK) {
        return "a page of an unknown form";
    }
    flags = flags_of(v, key);
    if ((flags & PAGE_ZIJ) && key.len == STORE_AGENT_BYTES) {
        problem = store_side_check_counts(snap_of(v),
            (const uint8_t *) key.data);
    }
    while (problem == NULL && store_page_next(&view, &bytes)) {
        if (store_row_read(bytes, &row) != DOSIS_OK) {
            return "a row that does not read";
        }
        if (n == 0 ? !is_page_key(key, &row.head)
                   : !is_newer(&before, &row.head)) {
            return n == 0 ? "a page key that is not its newest row"
                          : "rows out of order";
        }
        before = row.head;
        problem = check_row(v, key, &row, flags);
        if (problem == NULL && (flags & PAGE_ZIJ)) {
            problem = store_side_check_row(snap_of(v),
                (const uint8_t *) key.data, bytes);
        }
        n++;
    }
    if (problem != NULL) {
        return problem;
    }
    count(v, &v->report->pages, 1);
    count(v, &v->report->rows, n);
    if (view.rows != 0 || view.rest.len != 0) {
        return "a page that is cut short or has bytes left";
    }
    return n == 0 && key.len != STORE_AGENT_BYTES ? "an empty page" : NULL;
}


/* --- sleutel ------------------------------------------------------------- */

/* Rows of this dossier in the page at the cursor; the last one is kept. */
static unsigned
count_in_page(verify_t *v, const store_cursor_t *c, const uint8_t id[16],
    dosis_buf_t *keep)
{
    unsigned n = 0;
    dosis_slice_t bytes;
    store_row_t row;
    store_page_view_t view;

    dosis_buf_reset(&v->other);
    if (store_open_value(snap_of(v), DB_AGENT, c->key, c->value, &v->other)
            != DOSIS_OK
        || store_page_view(dosis_buf_slice(&v->other), &view) != DOSIS_OK) {
        return 0;
    }
    while (store_page_next(&view, &bytes)) {
        if (store_row_read(bytes, &row) == DOSIS_OK
            && memcmp(row.head.id, id, STORE_ID_BYTES) == 0
            && row.head.kind == ROW_LIVE) {
            dosis_buf_reset(keep);
            dosis_buf_add_slice(keep, bytes);
            n++;
        }
    }
    return n;
}


/* A big agent's rows were each checked against `plaats`: find it there. */
static unsigned
count_big(verify_t *v, store_cursor_t *c, const uint8_t *agent,
    const uint8_t id[16], dosis_buf_t *keep)
{
    char plaats[STORE_AGENT_BYTES + STORE_ID_BYTES];
    store_position_t position = { 0, id };

    memcpy(plaats, agent, STORE_AGENT_BYTES);
    memcpy(plaats + STORE_AGENT_BYTES, id, STORE_ID_BYTES);
    if (!fetch(v, DB_PLAATS, dosis_slice(plaats, sizeof(plaats)), &v->other)
        || v->other.len != 8) {
        return 0;
    }
    position.order = dosis_be64_get(v->other.data);
    return store_page_seek(c, agent, position) == DOSIS_OK
               ? count_in_page(v, c, id, keep)
               : 0;
}


static unsigned
count_rows(verify_t *v, const uint8_t *agent, const uint8_t id[16],
    dosis_buf_t *keep)
{
    unsigned n = 0;
    dosis_rc_t rc;
    dosis_slice_t head = dosis_slice(agent, STORE_AGENT_BYTES);
    store_cursor_t c;

    if (store_cursor_open(snap_of(v), DB_AGENT, &c) != DOSIS_OK) {
        return 0;
    }
    if (flags_of(v, head) & PAGE_GROOT) {
        n = count_big(v, &c, agent, id, keep);
    } else {
        for (rc = store_cursor_seek(&c, head);
             rc == DOSIS_OK
             && memcmp(c.key.data, agent, STORE_AGENT_BYTES) == 0;
             rc = store_cursor_next(&c)) {
            n += count_in_page(v, &c, id, keep);
        }
    }
    store_cursor_close(&c);
    return n;
}


static bool
same_shared_part(dosis_slice_t a, dosis_slice_t b)
{
    store_row_t one, two;

    return store_row_read(a, &one) == DOSIS_OK
           && store_row_read(b, &two) == DOSIS_OK
           && memcmp(a.data, b.data, STORE_HEAD_BYTES) == 0
           && dosis_slice_eq(one.content, two.content);
}


/* Its newest history entry is there, and speaks of the same dossier. */
static bool
history_is_of(verify_t *v, uint64_t seq, const uint8_t id[16])
{
    char key[8];
    store_history_t entry;

    dosis_be64(key, seq);
    return fetch(v, DB_HISTORIE, dosis_slice(key, sizeof(key)), &v->other)
           && store_history_read(dosis_buf_slice(&v->other), &entry)
                  == DOSIS_OK
           && memcmp(entry.id, id, STORE_ID_BYTES) == 0;
}


static const char *
check_copies(verify_t *v, const uint8_t *id, const store_held_t *held)
{
    int i;
    bool has_lang;
    dosis_rc_t rc;
    store_row_t row;
    dosis_slice_t ignored;
    dosis_buf_t keep;
    const char *problem = NULL;

    dosis_buf_init(&keep, OTHER_PAGES);
    for (i = 0; problem == NULL && i < held->agents; i++) {
        if (count_rows(v, held->agent[i], id, i == 0 ? &v->copy : &keep)
            != 1) {
            problem = "an agent whose pages do not hold the dossier once";
        } else if (i > 0
                   && !same_shared_part(dosis_buf_slice(&v->copy),
                       dosis_buf_slice(&keep))) {
            problem = "copies that differ";
        }
    }
    dosis_buf_done(&keep);
    if (problem != NULL) {
        return problem;
    }
    rc = store_row_read(dosis_buf_slice(&v->copy), &row);
    if (rc != DOSIS_OK || !history_is_of(v, row.head.history, id)) {
        return "a dossier whose newest history entry is not there";
    }
    has_lang = store_get_raw(snap_of(v), DB_LANG,
                   dosis_slice(id, STORE_ID_BYTES), &ignored) == DOSIS_OK;
    return has_lang == ((row.head.flags & ROW_LANG) != 0)
               ? NULL
               : "a dossier and its long members that do not match";
}


static const char *
check_sleutel(verify_t *v, dosis_slice_t key)
{
    const uint8_t *id = (const uint8_t *) key.data;
    store_held_t held;

    if (key.len != STORE_ID_BYTES
        || store_sleutel_read(dosis_buf_slice(&v->value), &held)
               != DOSIS_OK) {
        return "an entry of sleutel that does not read";
    }
    if (held.state == HELD_WITHDRAWN) {
        count(v, &v->report->withdrawn, 1);
        return held.head.history == 0
                       || history_is_of(v, held.head.history, id)
                   ? NULL
                   : "a withdrawal whose newest history entry is not there";
    }
    count(v, &v->report->dossiers, 1);
    return held.agents == 0 ? "a live dossier without agents"
                            : check_copies(v, id, &held);
}


/* --- the others ---------------------------------------------------------- */

static const char *
check_plaats(verify_t *v, dosis_slice_t key)
{
    unsigned n = 0;
    dosis_slice_t bytes;
    store_cursor_t c;
    store_position_t position;
    store_page_view_t view;

    if (key.len != STORE_AGENT_BYTES + STORE_ID_BYTES || v->value.len != 8) {
        return "an entry of plaats that does not read";
    }
    position.order = dosis_be64_get(v->value.data);
    position.id = (const uint8_t *) key.data + STORE_AGENT_BYTES;
    if (store_cursor_open(snap_of(v), DB_AGENT, &c) != DOSIS_OK) {
        return "pages that cannot be read";
    }
    dosis_buf_reset(&v->other);
    if (store_page_seek(&c, (const uint8_t *) key.data, position) == DOSIS_OK
        && store_open_value(snap_of(v), DB_AGENT, c.key, c.value, &v->other)
               == DOSIS_OK
        && store_page_view(dosis_buf_slice(&v->other), &view) == DOSIS_OK) {
        while (store_page_next(&view, &bytes)) {
            n += memcmp(bytes.data + 2, position.id, STORE_ID_BYTES) == 0;
        }
    }
    store_cursor_close(&c);
    return n == 1 ? NULL : "an entry of plaats without its row";
}


static const char *
check_lang(verify_t *v, dosis_slice_t key)
{
    store_held_t held;
    store_content_t content = { 0 };

    if (store_content_read(dosis_buf_slice(&v->value), &content) != DOSIS_OK) {
        return "long members that do not read";
    }
    return key.len == STORE_ID_BYTES
                   && fetch_held(v, (const uint8_t *) key.data, &held)
                   && held.state == HELD_LIVE
               ? NULL
               : "long members without a live dossier";
}


static const char *
check_history(verify_t *v, dosis_slice_t key)
{
    store_history_t entry;
    store_content_t content = { 0 };

    if (store_history_read(dosis_buf_slice(&v->value), &entry) != DOSIS_OK
        || store_content_read(entry.content, &content) != DOSIS_OK) {
        return "a history entry that does not read";
    }
    count(v, &v->report->history, 1);
    if (entry.previous == 0) {
        return NULL;
    }
    return entry.previous < dosis_be64_get(key.data)
                   && history_is_of(v, entry.previous, entry.id)
               ? NULL
               : "a history chain that does not end";
}


static const char *
check_log(verify_t *v, dosis_slice_t key)
{
    uint64_t seq = dosis_be64_get(key.data);
    const char *problem = NULL;
    store_log_t entry;

    if (store_log_read(dosis_buf_slice(&v->value), &entry) != DOSIS_OK) {
        return "an op-log entry that does not read";
    }
    if (!v->again) {
        v->log_gap = v->log_seq != 0 && seq != v->log_seq + 1;
        v->log_seq = seq;
    }
    if (v->log_gap) {
        problem = "a gap in the op-log";
    }
    if (problem == NULL && entry.history != 0
        && !history_is_of(v, entry.history, entry.id)) {
        problem = "an op-log entry whose history entry is not there";
    }
    return problem;
}


static const char *
check_result(verify_t *v, dosis_slice_t key)
{
    store_result_t result;

    (void) key;
    return store_result_read(dosis_buf_slice(&v->value), &result) == DOSIS_OK
               ? NULL
               : "a result that does not read";
}


static bool
has_result(verify_t *v, uint64_t seq)
{
    char key[8];

    dosis_be64(key, seq);
    return fetch(v, DB_RESULTAAT, dosis_slice(key, sizeof(key)), &v->other);
}


static const char *
check_upload(verify_t *v, dosis_slice_t key)
{
    store_upload_t upload;

    (void) key;
    count(v, &v->report->uploads, 1);
    if (store_upload_read(dosis_buf_slice(&v->value), &upload) != DOSIS_OK) {
        return "an upload that does not read";
    }
    if (upload.oplading != 0) {
        return store_oplading_is_there(snap_of(v), upload.oplading)
                   ? NULL
                   : "an upload without its file";
    }
    return has_result(v, upload.result_seq) ? NULL
                                            : "an upload without its result";
}


/* Once per source: the counter that keeps the ceiling. 0: never counted. */
static bool
failures_are_counted(verify_t *v, uint32_t bron)
{
    uint64_t counted, found;

    if (!v->again && v->failures_of == bron) {
        return true;
    }
    v->failures_of = bron;
    return store_failure_counted(snap_of(v), bron, &counted) == DOSIS_OK
           && store_failure_count(snap_of(v), bron, &found) == DOSIS_OK
           && (counted == 0 || counted == found);
}


static const char *
check_refusal(verify_t *v, dosis_slice_t key)
{
    if (key.len != STORE_FAILURE_KEY
        || !has_result(v, dosis_be64_get(key.data + 4))) {
        return "a refusal without its result";
    }
    return failures_are_counted(v, dosis_be32_get(key.data))
               ? NULL
               : "a source whose refusals are not counted right";
}


static const char *
check_last(verify_t *v, dosis_slice_t key)
{
    (void) key;
    return v->value.len == 8 && has_result(v, dosis_be64_get(v->value.data))
               ? NULL
               : "a last result that is not there";
}


/* Agent 16 B, block 8 B, place 2 B: that block is there. */
static const char *
check_betrokken(verify_t *v, dosis_slice_t key)
{
    dosis_slice_t block;

    return key.len == STORE_AGENT_BYTES + 10
                   && store_get_raw(snap_of(v), DB_INZAGE,
                          dosis_slice(key.data + STORE_AGENT_BYTES, 8), &block)
                          == DOSIS_OK
               ? NULL
               : "an index entry of the access ledger without its block";
}


static const char *
check_opens(verify_t *v, dosis_slice_t key)
{
    (void) v;
    (void) key;
    return NULL;
}


/* Of entries that need nothing but the snapshot: opened value and key. */
typedef const char *(*check_entry_pt)(
    const store_snap_t *snap, dosis_slice_t key, dosis_slice_t value);

static const struct {
    store_db_t db;
    check_pt check;
    check_entry_pt entry;      /* when check is NULL */
} passes[] = {
    { DB_AGENT, check_page, NULL },
    { DB_SLEUTEL, check_sleutel, NULL },
    { DB_PLAATS, check_plaats, NULL },
    { DB_LANG, check_lang, NULL },
    { DB_HISTORIE, check_history, NULL },
    { DB_LOG, check_log, NULL },
    { DB_RESULTAAT, check_result, NULL },
    { DB_UPLOAD, check_upload, NULL },
    { DB_FOUT, check_refusal, NULL },
    { DB_LAATST, check_last, NULL },
    { DB_REFERENTIE, check_opens, NULL },
    { DB_INZAGE, check_opens, NULL },
    { DB_BETROKKEN, check_betrokken, NULL },
    { DB_TELLING, NULL, store_side_check_telling },
    { DB_VOLG, NULL, store_side_check_volg },
    { DB_TERMIJN, NULL, store_side_check_termijn },
    { DB_DOORKLIK, check_opens, NULL },
    { DB_OPLADING, NULL, store_oplading_check },
    { DB_AFKEURING, NULL, store_afkeuring_check },
};


/* --- walking ------------------------------------------------------------- */

static const char *
judge(verify_t *v, size_t pass, dosis_slice_t key, dosis_slice_t value)
{
    dosis_buf_reset(&v->value);
    if (store_open_value(snap_of(v), passes[pass].db, key, value, &v->value)
        != DOSIS_OK) {
        return "a value that does not open";
    }
    count(v, &v->report->values, 1);
    return passes[pass].check != NULL
               ? passes[pass].check(v, key)
               : passes[pass].entry(snap_of(v), key,
                     dosis_buf_slice(&v->value));
}


static void
report(verify_t *v, size_t pass, dosis_slice_t key, const char *problem)
{
    char hex[2 * STORE_KEY_MAX + 1], text[256];
    dosis_buf_t out;

    dosis_hex_encode(hex, dosis_slice(key.data,
        key.len < STORE_KEY_MAX ? key.len : STORE_KEY_MAX));
    dosis_buf_init_fixed(&out, text, sizeof(text) - 1);
    dosis_buf_addf(&out, "%s: %s: key=%s",
        dosis_store_db_info[passes[pass].db].name, problem, hex);
    text[out.len] = '\0';
    v->report->findings++;
    if (v->on_finding != NULL) {
        v->on_finding(text, v->payload);
    }
}


/* Without the reference data: who looks for damage must not stumble over it. */
static dosis_rc_t
begin(verify_t *v)
{
    dosis_reader_t *reader = v->reader;

    store_intern_trim(reader->intern);
    return store_snap_renew(reader->store, &reader->env, &reader->crypt,
        &reader->snap);
}


/* Once more, in a fresh snapshot: the store lives on while we look. */
static dosis_rc_t
judge_again(verify_t *v, size_t pass, dosis_slice_t key)
{
    dosis_rc_t rc;
    dosis_slice_t value;
    const char *problem = NULL;

    dosis_reader_end(v->reader);
    rc = begin(v);
    if (rc != DOSIS_OK) {
        return rc;
    }
    v->again = true;
    rc = store_get_raw(snap_of(v), passes[pass].db, key, &value);
    if (rc == DOSIS_OK) {
        problem = judge(v, pass, key, value);
    }
    v->again = false;
    if (problem != NULL) {
        report(v, pass, key, problem);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/*
 * One snapshot's worth, from the key in at (not itself) on; stops early at a
 * mismatch. DOSIS_ENOTFOUND at the end of the database.
 */
static dosis_rc_t
walk_chunk(verify_t *v, size_t pass, char *at, size_t *at_len,
    const char **ret_problem)
{
    unsigned n;
    dosis_rc_t rc;
    store_cursor_t c;
    dosis_slice_t from = dosis_slice(at, *at_len);

    *ret_problem = NULL;
    rc = store_cursor_open(snap_of(v), passes[pass].db, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, from);
    if (rc == DOSIS_OK && from.len > 0 && dosis_slice_eq(c.key, from)) {
        rc = store_cursor_next(&c);
    }
    for (n = 0; rc == DOSIS_OK && n < CHUNK && *ret_problem == NULL; n++) {
        if (c.key.len > STORE_KEY_MAX) {
            rc = DOSIS_EFORMAT;
            break;
        }
        memcpy(at, c.key.data, c.key.len);
        *at_len = c.key.len;
        *ret_problem = judge(v, pass, c.key, c.value);
        if (n + 1 < CHUNK && *ret_problem == NULL) {
            rc = store_cursor_next(&c);
        }
    }
    store_cursor_close(&c);
    return rc;
}


static dosis_rc_t
walk(verify_t *v, size_t pass)
{
    char at[STORE_KEY_MAX];
    size_t at_len = 0;
    dosis_rc_t rc = DOSIS_OK;
    const char *problem;

    while (rc == DOSIS_OK) {
        rc = begin(v);
        if (rc != DOSIS_OK) {
            return rc;
        }
        rc = walk_chunk(v, pass, at, &at_len, &problem);
        if (problem != NULL) {
            rc = judge_again(v, pass, dosis_slice(at, at_len));
        }
        dosis_reader_end(v->reader);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
dosis_verify(dosis_store_t *store, dosis_verify_pt on_finding, void *payload,
    dosis_verify_t *ret_verify)
{
    size_t pass;
    dosis_rc_t rc;
    verify_t v = { .on_finding = on_finding, .payload = payload,
        .report = ret_verify };

    memset(ret_verify, 0, sizeof(*ret_verify));
    dosis_buf_init(&v.value, VALUE_MAX);
    dosis_buf_init(&v.other, VALUE_MAX);
    dosis_buf_init(&v.copy, OTHER_PAGES);
    rc = dosis_reader_create(store, &v.reader);
    for (pass = 0;
         rc == DOSIS_OK && pass < sizeof(passes) / sizeof(passes[0]);
         pass++) {
        rc = walk(&v, pass);
    }
    dosis_reader_free(v.reader);
    dosis_buf_done(&v.value);
    dosis_buf_done(&v.other);
    dosis_buf_done(&v.copy);
    return rc;
}
