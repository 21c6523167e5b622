/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_bestand.h"

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/store_oplading.h"
#include "store/store_problem.h"


static dosis_slice_t
or_null(dosis_slice_t text)
{
    return text.len > 0 ? text : dosis_slice(NULL, 0);
}


dosis_rc_t
store_bestand_name(
    const store_snap_t *snap, uint64_t nummer, dosis_buf_t *body)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_buf_t value;
    dosis_oplading_t o = { .nummer = 0 };
    dosis_rc_t rc = DOSIS_ENOTFOUND;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    if (nummer != 0) {
        rc = store_oplading_load(snap, nummer, &value, &o);
    }
    if (rc != DOSIS_OK && rc != DOSIS_ENOTFOUND) {
        return rc;
    }
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "Bestand",
        rc == DOSIS_OK ? or_null(o.bestand) : dosis_slice(NULL, 0));
    return body->rc;
}


/* --- of the file as a whole ---------------------------------------------- */

typedef struct {
    dosis_buf_t *body;
    uint32_t listed;
    dosis_err_t row;           /* of the row that is read, */
    dosis_err_t before;        /*   and of the one before it */
} fouten_t;


/* Rows of one dossier are refused together: each has what all of them have. */
static bool
is_told(const dosis_err_t *before, const dosis_problem_t *problem)
{
    uint32_t i;

    for (i = 0; problem->line != 0 && i < before->count; i++) {
        const dosis_problem_t *told = &before->item[i];

        if (told->line == problem->line && told->code == problem->code
            && strcmp(told->field, problem->field) == 0) {
            return true;
        }
    }
    return false;
}


/* Of one refused row; false: that is all that an answer lists. */
static bool
add_row(fouten_t *fouten, uint64_t lijn)
{
    uint32_t i;

    for (i = 0; i < fouten->row.count && fouten->listed < DOSIS_BESTAND_FOUTEN;
         i++) {
        if (is_told(&fouten->before, &fouten->row.item[i])) {
            continue;
        }
        if (fouten->listed++ > 0) {
            dosis_buf_add_byte(fouten->body, ',');
        }
        store_problem_json(fouten->body, &fouten->row.item[i], lijn);
    }
    fouten->before = fouten->row;
    return fouten->listed < DOSIS_BESTAND_FOUTEN
        && fouten->body->rc == DOSIS_OK;
}


static dosis_rc_t
walk_rows(const store_snap_t *snap, uint64_t nummer, dosis_buf_t *value,
    dosis_buf_t *body)
{
    char key[STORE_AFKEURING_KEY];
    bool more = true;
    dosis_slice_t tekst;
    fouten_t fouten = { .body = body };
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(snap, DB_AFKEURING, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    for (rc = store_cursor_seek(&c,
             store_afkeuring_key(key, nummer, AFKEURING_RIJ, 0));
         rc == DOSIS_OK && more && store_afkeuring_is(c.key, key);
         rc = rc == DOSIS_OK ? store_cursor_next(&c) : rc) {
        dosis_buf_reset(value);
        rc = store_open_value(snap, DB_AFKEURING, c.key, c.value, value);
        if (rc == DOSIS_OK) {
            rc = store_afkeuring_read(
                dosis_buf_slice(value), &tekst, &fouten.row);
        }
        more = rc == DOSIS_OK
            && add_row(&fouten, dosis_be64_get(c.key.data + 9));
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* Why it did not succeed, in one sentence; null when it did. */
static void
add_fout(dosis_buf_t *body, const dosis_oplading_t *o)
{
    DOSIS_BUF_LIT(body, ",\"Fout\":");
    if (o->fout.len > 0) {
        dosis_json_add_string(body, o->fout);
    } else if (o->toestand == DOSIS_OPLADING_GEANNULEERD) {
        DOSIS_BUF_LIT(body, "\"Het inlezen is geannuleerd.\"");
    } else if (o->toestand == DOSIS_OPLADING_MISLUKT) {
        DOSIS_BUF_LIT(body, "\"Het inlezen is mislukt.\"");
    } else if (o->fouten > 0) {
        dosis_buf_addf(body, "\"Geweigerde rijen: %llu.\"",
            (unsigned long long) o->fouten);
    } else {
        DOSIS_BUF_LIT(body, "null");
    }
}


/* The members of dosis_result.c, in its order. */
static void
add_head(dosis_buf_t *body, const dosis_oplading_t *o)
{
    DOSIS_BUF_LIT(body, "{\"Identificatie\":{");
    dosis_json_add_member(body, "Bron", or_null(o->bron));
    DOSIS_BUF_LIT(body, ",\"DossierNummer\":null},");
    dosis_json_add_member(body, "UploadId", o->upload_id);
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "Bestand", or_null(o->bestand));
    DOSIS_BUF_LIT(body, ",\"TijdstipVerwerking\":\"");
    dosis_time_add_local(body, o->klaar_ns);
    dosis_buf_addf(body, "\",\"Succes\":%s",
        o->toestand == DOSIS_OPLADING_KLAAR && o->fouten == 0 ? "true"
                                                              : "false");
    add_fout(body, o);
    DOSIS_BUF_LIT(body, ",\"Fouten\":[");
}


dosis_rc_t
store_bestand_result(
    dosis_reader_t *reader, uint64_t nummer, dosis_buf_t *body)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_buf_t value, row;
    dosis_oplading_t o;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_oplading_load(&reader->snap, nummer, &value, &o);
    if (rc == DOSIS_OK && !store_oplading_has_ended(&o)) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    add_head(body, &o);
    dosis_buf_init(&row, STORE_AFKEURING_VALUE);
    rc = walk_rows(&reader->snap, nummer, &row, body);
    dosis_buf_done(&row);
    dosis_buf_addf(body, "],\"VerwerktVoorOpvraging\":%s}",
        o.toestand == DOSIS_OPLADING_KLAAR && !o.proef ? "true" : "false");
    return rc != DOSIS_OK ? rc : body->rc;
}
