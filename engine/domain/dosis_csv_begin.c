/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_csv_begin.h"

#include "base/dosis_buf.h"
#include "base/dosis_gzip.h"
#include "domain/dosis_rule.h"

#define GZIP_MAGIC "\x1f\x8b"
#define GZIP_MAGIC_BYTES 2


static bool
is_gzip(dosis_slice_t start)
{
    return start.len >= GZIP_MAGIC_BYTES
           && memcmp(start.data, GZIP_MAGIC, GZIP_MAGIC_BYTES) == 0;
}


/* Anything behind the header but blanks and ends of lines? */
static bool
has_rows(dosis_slice_t text, size_t kop)
{
    size_t i;

    for (i = kop; i < text.len; i++) {
        if (strchr(" \t\r\n", text.data[i]) == NULL) {
            return true;
        }
    }
    return false;
}


/* Each may be a column that must be there, misspelled. */
static void
tell_unknown(const dosis_err_t *warnings, dosis_err_t *err)
{
    const char *code = dosis_rule(DOSIS_RULE_KOLOM_ONBEKEND)->code;
    uint32_t i;

    for (i = 0; i < warnings->count; i++) {
        const dosis_problem_t *item = &warnings->item[i];

        if (strcmp(item->code, code) != 0) {
            continue;
        }
        if (err->count == DOSIS_ERR_MAX) {
            err->more++;
            continue;
        }
        err->item[err->count++] = *item;
    }
}


/* whole: nothing follows the text. */
static dosis_rc_t
judge(dosis_slice_t text, bool whole, dosis_err_t *warnings, dosis_err_t *err)
{
    dosis_csv_kop_t kop;
    dosis_rc_t rc = dosis_csv_kop_read(text, &kop, warnings, err);

    if (rc == DOSIS_EINPUT) {
        tell_unknown(warnings, err);
    }
    if (rc == DOSIS_OK && whole && !has_rows(text, kop.bytes)) {
        dosis_rule_broken(err, DOSIS_RULE_CSV_ZONDER_RIJEN, "", NULL);
        rc = DOSIS_EINPUT;
    }
    return rc;
}


/* Fills text with the beginning of what was packed; *ret_end: that is all. */
static dosis_rc_t
unpack(dosis_slice_t start, dosis_buf_t *text, bool *ret_end)
{
    size_t len = 0;
    dosis_gzip_t *gzip = NULL;
    dosis_rc_t rc = dosis_gzip_create(&gzip);
    char *to = dosis_buf_grow(text, DOSIS_CSV_BEGIN_MAX);

    if (rc == DOSIS_OK && to == NULL) {
        rc = text->rc;
    }
    if (rc == DOSIS_OK) {
        rc = dosis_gzip_add(gzip, &start, to, DOSIS_CSV_BEGIN_MAX, &len);
        text->len = len;
        *ret_end = dosis_gzip_ended(gzip) && len < DOSIS_CSV_BEGIN_MAX;
    }
    dosis_gzip_free(gzip);
    return rc;
}


static dosis_rc_t
judge_packed(dosis_slice_t start, bool whole, dosis_err_t *warnings,
    dosis_err_t *err)
{
    bool end = false;
    dosis_rc_t rc;
    dosis_buf_t text;

    dosis_buf_init(&text, DOSIS_CSV_BEGIN_MAX);
    rc = unpack(start, &text, &end);
    if (rc == DOSIS_EFORMAT
        || (rc == DOSIS_OK && whole && !end
            && text.len < DOSIS_CSV_BEGIN_MAX)) {
        dosis_rule_broken(err, DOSIS_RULE_CSV_GZIP, "", NULL);
        rc = DOSIS_EINPUT;
    }
    if (rc == DOSIS_OK) {
        rc = judge(dosis_buf_slice(&text), whole && end, warnings, err);
    }
    dosis_buf_done(&text);
    return rc;
}


dosis_rc_t
dosis_csv_begin(dosis_slice_t start, bool whole, bool *ret_gzip,
    dosis_err_t *warnings, dosis_err_t *err)
{
    *ret_gzip = is_gzip(start);
    return *ret_gzip ? judge_packed(start, whole, warnings, err)
                     : judge(start, whole, warnings, err);
}
