/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_verify.h"

#include "base/dosis_text.h"
#include "store/store_oplading_check.h"
#include "store/store_side_check.h"
#include "store/store_verify.h"

#define CHUNK        5000                /* values per snapshot */
#define VALUE_MAX    ((size_t) 256 << 10)
#define OTHER_PAGES  ((size_t) 4096)

/* NULL: it is whole. key and v->value are of one and the same snapshot. */
typedef const char *(*check_pt)(store_verify_t *v, dosis_slice_t key);


static const char *
check_opens(store_verify_t *v, dosis_slice_t key)
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
    { DB_AGENT, store_verify_page, NULL },
    { DB_SLEUTEL, store_verify_sleutel, NULL },
    { DB_PLAATS, store_verify_plaats, NULL },
    { DB_LANG, store_verify_lang, NULL },
    { DB_HISTORIE, store_verify_history, NULL },
    { DB_LOG, store_verify_log, NULL },
    { DB_RESULTAAT, store_verify_result, NULL },
    { DB_UPLOAD, store_verify_upload, NULL },
    { DB_FOUT, store_verify_refusal, NULL },
    { DB_LAATST, store_verify_last, NULL },
    { DB_REFERENTIE, check_opens, NULL },
    { DB_INZAGE, check_opens, NULL },
    { DB_BETROKKEN, store_verify_betrokken, NULL },
    { DB_TELLING, NULL, store_side_check_telling },
    { DB_VOLG, NULL, store_side_check_volg },
    { DB_TERMIJN, NULL, store_side_check_termijn },
    { DB_DOORKLIK, check_opens, NULL },
    { DB_OPLADING, NULL, store_oplading_check },
    { DB_AFKEURING, NULL, store_afkeuring_check },
};


/* --- walking ------------------------------------------------------------- */

static const char *
judge(store_verify_t *v, size_t pass, dosis_slice_t key, dosis_slice_t value)
{
    dosis_buf_reset(&v->value);
    if (store_open_value(store_verify_snap(v), passes[pass].db, key, value,
            &v->value)
        != DOSIS_OK) {
        return "a value that does not open";
    }
    store_verify_count(v, &v->report->values, 1);
    return passes[pass].check != NULL
               ? passes[pass].check(v, key)
               : passes[pass].entry(store_verify_snap(v), key,
                     dosis_buf_slice(&v->value));
}


static void
report(store_verify_t *v, size_t pass, dosis_slice_t key, const char *problem)
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
begin(store_verify_t *v)
{
    dosis_reader_t *reader = v->reader;

    store_intern_trim(reader->intern);
    return store_snap_renew(reader->store, &reader->env, &reader->crypt,
        &reader->snap);
}


/* Once more, in a fresh snapshot: the store lives on while we look. */
static dosis_rc_t
judge_again(store_verify_t *v, size_t pass, dosis_slice_t key)
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
    rc = store_get_raw(store_verify_snap(v), passes[pass].db, key, &value);
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
walk_chunk(store_verify_t *v, size_t pass, char *at, size_t *at_len,
    const char **ret_problem)
{
    unsigned n;
    dosis_rc_t rc;
    store_cursor_t c;
    dosis_slice_t from = dosis_slice(at, *at_len);

    *ret_problem = NULL;
    rc = store_cursor_open(store_verify_snap(v), passes[pass].db, &c);
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
walk(store_verify_t *v, size_t pass)
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
    store_verify_t v = { .on_finding = on_finding, .payload = payload,
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
