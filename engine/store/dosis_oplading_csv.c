/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_csv.h"
#include "base/dosis_text.h"
#include "base/dosis_wire.h"
#include "domain/dosis_csv_kop.h"
#include "store/dosis_oplading.h"
#include "store/store_oplading.h"
#include "store/store_problem.h"

#define BOM        "\xEF\xBB\xBF"
#define LINE_END   "\r\n"
#define FOUT_KOLOM DOSIS_SLICE("Fout")
#define PLAATS_MAX 32    /* "(lijn 7) ", and what stands between */
#define KOP_MAX    ((size_t) 64 << 10)    /* of 16 KiB, as UTF-8 */

/*
 * The column Fout stands first: so it is in its place whatever a row lacks. A
 * file that was a report itself has such a column already; that one goes.
 */
typedef struct {
    dosis_reader_t *reader;
    const dosis_oplading_t *oplading;
    dosis_buf_t *body;
    dosis_buf_t kop;
    dosis_buf_t value;
    char separator;
    size_t fout_at;            /* its column in the file; none: SIZE_MAX */
    size_t column;             /* of the record that is read */
} report_t;


/* --- cells --------------------------------------------------------------- */

static void
add_quoted(dosis_buf_t *body, dosis_slice_t text)
{
    const char *quote;
    size_t len;

    dosis_buf_add_byte(body, '"');
    while (text.len > 0) {
        quote = memchr(text.data, '"', text.len);
        len = quote == NULL ? text.len : (size_t) (quote - text.data) + 1;
        dosis_buf_add(body, text.data, len);
        if (quote != NULL) {
            dosis_buf_add_byte(body, '"');
        }
        text = dosis_slice(text.data + len, text.len - len);
    }
    dosis_buf_add_byte(body, '"');
}


static void
on_cell(dosis_slice_t cell, void *payload)
{
    report_t *report = payload;

    if (report->column++ != report->fout_at) {
        dosis_buf_add_byte(report->body, report->separator);
        add_quoted(report->body, cell);
    }
}


static void
on_name(dosis_slice_t cell, void *payload)
{
    report_t *report = payload;

    if (report->fout_at == SIZE_MAX && dosis_text_ieq(cell, FOUT_KOLOM)) {
        report->fout_at = report->column;
    }
    report->column++;
}


static void
on_nothing(dosis_slice_t cell, void *payload)
{
    (void) cell;
    (void) payload;
}


/* Is it one record, from its first byte to its last? */
static bool
is_record(report_t *report, dosis_slice_t text, dosis_csv_field_pt on_field)
{
    size_t used = 0;
    const dosis_csv_t csv = { report->separator, on_field, report };

    report->column = 0;
    return dosis_csv_record(&csv, text, &used) == DOSIS_OK
        && used == text.len;
}


/* As it stood in the file; what is no record becomes one cell. */
static void
add_record(report_t *report, dosis_slice_t text)
{
    if (!is_record(report, text, on_nothing)) {
        dosis_buf_add_byte(report->body, report->separator);
        add_quoted(report->body, text);
    } else if (report->fout_at != SIZE_MAX) {
        (void) is_record(report, text, on_cell);
    } else {
        dosis_buf_add_byte(report->body, report->separator);
        dosis_buf_add_slice(report->body, text);
    }
    DOSIS_BUF_LIT(report->body, LINE_END);
}


/* --- header and rows ----------------------------------------------------- */

static dosis_slice_t
bare(dosis_slice_t kop)
{
    if (kop.len >= 3 && memcmp(kop.data, BOM, 3) == 0) {
        kop = dosis_slice(kop.data + 3, kop.len - 3);
    }
    while (kop.len > 0
        && (kop.data[kop.len - 1] == '\n' || kop.data[kop.len - 1] == '\r')) {
        kop.len--;
    }
    return kop;
}


static dosis_rc_t
read_kop(report_t *report)
{
    char key[STORE_OPLADING_KEY];
    dosis_csv_kop_t kop = { .separator = ';' };
    dosis_err_t told;          /* when it came in */
    dosis_rc_t rc;

    rc = store_get(&report->reader->snap, DB_OPLADING,
        store_oplading_key(key, OPLADING_KOP, report->oplading->nummer),
        &report->kop);
    if (rc == DOSIS_OK) {
        dosis_err_init(&told);
        (void) !dosis_csv_kop_read(
            bare(dosis_buf_slice(&report->kop)), &kop, &told, &told);
    }
    report->separator = kop.separator != '\0' ? kop.separator : ';';
    report->fout_at = SIZE_MAX;
    (void) is_record(report, bare(dosis_buf_slice(&report->kop)), on_name);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static void
add_problems(dosis_buf_t *text, uint64_t lijn, const dosis_err_t *problems)
{
    uint32_t i;

    dosis_buf_addf(text, "lijn %llu: ", (unsigned long long) lijn);
    for (i = 0; i < problems->count; i++) {
        const dosis_problem_t *p = &problems->item[i];

        dosis_buf_add_slice(text, dosis_slice_of(i > 0 ? "; " : ""));
        store_problem_place(text, p, lijn);
        dosis_buf_addf(text, "%s%s%s", p->field,
            p->field[0] != '\0' ? ": " : "", p->text);
    }
}


static dosis_rc_t
add_row(report_t *report, const store_cursor_t *c, uint64_t lijn)
{
    char bytes[DOSIS_ERR_MAX
        * (PLAATS_MAX + DOSIS_ERR_FIELD_MAX + DOSIS_ERR_TEXT_MAX)];
    dosis_buf_t text;
    dosis_err_t problems;
    dosis_slice_t tekst;
    dosis_rc_t rc;

    dosis_buf_reset(&report->value);
    rc = store_open_value(
        &report->reader->snap, DB_AFKEURING, c->key, c->value, &report->value);
    if (rc == DOSIS_OK) {
        rc = store_afkeuring_read(
            dosis_buf_slice(&report->value), &tekst, &problems);
    }
    if (rc == DOSIS_OK) {
        dosis_buf_init_fixed(&text, bytes, sizeof(bytes));
        add_problems(&text, lijn, &problems);
        add_quoted(report->body, dosis_buf_slice(&text));
        add_record(report, tekst);
    }
    return rc;
}


static dosis_rc_t
add_rows(report_t *report, dosis_afkeuringen_csv_t *piece, size_t begin)
{
    char key[STORE_AFKEURING_KEY];
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&report->reader->snap, DB_AFKEURING, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c,
        store_afkeuring_key(
            key, report->oplading->nummer, AFKEURING_RIJ, piece->lijn + 1));
    while (rc == DOSIS_OK && store_afkeuring_is(c.key, key)
        && report->body->len - begin < DOSIS_AFKEURINGEN_STUK) {
        piece->lijn = dosis_be64_get(c.key.data + 9);
        rc = add_row(report, &c, piece->lijn);
        rc = rc == DOSIS_OK ? store_cursor_next(&c) : rc;
    }
    piece->done = rc == DOSIS_ENOTFOUND
        || (rc == DOSIS_OK && !store_afkeuring_is(c.key, key));
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
dosis_oplading_fouten_csv(dosis_reader_t *reader,
    const dosis_oplading_t *oplading, dosis_afkeuringen_csv_t *piece,
    dosis_buf_t *body)
{
    size_t begin = body->len;
    dosis_rc_t rc;
    report_t report = { .reader = reader, .oplading = oplading, .body = body };

    dosis_buf_init(&report.kop, KOP_MAX);
    dosis_buf_init(&report.value, STORE_AFKEURING_VALUE);
    rc = read_kop(&report);
    if (rc == DOSIS_OK && !piece->begun) {
        piece->begun = true;
        DOSIS_BUF_LIT(body, BOM);
        dosis_buf_add_slice(body, FOUT_KOLOM);
        add_record(&report, bare(dosis_buf_slice(&report.kop)));
    }
    if (rc == DOSIS_OK) {
        rc = add_rows(&report, piece, begin);
    }
    dosis_buf_done(&report.kop);
    dosis_buf_done(&report.value);
    return rc != DOSIS_OK ? rc : body->rc;
}
