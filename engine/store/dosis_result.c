/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "store/store_page.h"
#include "store/store_result.h"


static void
add_fouten(dosis_buf_t *body, const dosis_err_t *problems)
{
    uint32_t i;

    DOSIS_BUF_LIT(body, ",\"Fouten\":[");
    for (i = 0; i < problems->count; i++) {
        const dosis_problem_t *p = &problems->item[i];

        if (i > 0) {
            dosis_buf_add_byte(body, ',');
        }
        DOSIS_BUF_LIT(body, "{\"Omschrijving\":\"");
        if (p->field[0] != '\0') {
            dosis_json_escape(body, dosis_slice_of(p->field));
            DOSIS_BUF_LIT(body, ": ");
        }
        dosis_json_escape(body, dosis_slice_of(p->text));
        DOSIS_BUF_LIT(body, "\",\"LijnNummer\":");
        if (p->line > 0) {
            dosis_buf_add_uint(body, p->line);
        } else {
            DOSIS_BUF_LIT(body, "null");
        }
        dosis_buf_add_byte(body, '}');
    }
    dosis_buf_add_byte(body, ']');
}


/* The body that the real client reads (domain.md 3.2), members in its order. */
static dosis_rc_t
add_result(dosis_reader_t *reader, const store_result_t *result,
    dosis_buf_t *body)
{
    bool ok = result->resultaat != DOSIS_GEWEIGERD;
    const dosis_bron_t *bron;

    bron = dosis_ref_bron_nummer(reader->ref, result->bron);
    if (bron == NULL) {
        return DOSIS_EFORMAT;
    }
    DOSIS_BUF_LIT(body, "{\"Identificatie\":{");
    dosis_json_add_member(body, "Bron", bron->bron);
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "DossierNummer",
        result->nummer.len > 0 ? result->nummer : dosis_slice(NULL, 0));
    DOSIS_BUF_LIT(body, "},");
    dosis_json_add_member(body, "UploadId", result->upload_id);
    DOSIS_BUF_LIT(body, ",\"Bestand\":null,\"TijdstipVerwerking\":\"");
    dosis_time_add_local(body, result->processed_ns);
    DOSIS_BUF_LIT(body, "\",\"Succes\":");
    dosis_buf_addf(body, "%s,\"Fout\":", ok ? "true" : "false");
    if (ok || result->problems.count == 0) {
        DOSIS_BUF_LIT(body, "null");
    } else {
        dosis_json_add_string(body,
            dosis_slice_of(result->problems.item[0].text));
    }
    add_fouten(body, &result->problems);
    dosis_buf_addf(body, ",\"VerwerktVoorOpvraging\":%s}",
        ok ? "true" : "false");
    return body->rc;
}


static dosis_rc_t
load_result(dosis_reader_t *reader, uint64_t seq, dosis_buf_t *value,
    store_result_t *ret_result)
{
    char key[8];
    dosis_rc_t rc;

    dosis_be64(key, seq);
    rc = store_get(&reader->snap, DB_RESULTAAT, dosis_slice(key, sizeof(key)),
        value);
    if (rc == DOSIS_OK) {
        rc = store_result_read(dosis_buf_slice(value), ret_result);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}


dosis_rc_t
dosis_result_of_upload(dosis_reader_t *reader, dosis_slice_t client,
    dosis_slice_t upload_id, dosis_buf_t *body)
{
    char bytes[STORE_UPLOAD_BYTES];
    uint8_t key[DOSIS_BLIND_BYTES];
    dosis_rc_t rc;
    dosis_buf_t entry, value;
    dosis_slice_t parts[] = { client, upload_id };
    store_upload_t upload;
    store_result_t result;

    dosis_blind(reader->crypt, DOSIS_BLIND_UPLOAD, parts, 2, key);
    dosis_buf_init_fixed(&entry, bytes, sizeof(bytes));
    rc = store_get(&reader->snap, DB_UPLOAD, dosis_slice(key, sizeof(key)),
        &entry);
    if (rc == DOSIS_OK) {
        rc = store_upload_read(dosis_buf_slice(&entry), &upload);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init(&value, STORE_RESULT_MAX);
    rc = load_result(reader, upload.result_seq, &value, &result);
    if (rc == DOSIS_OK) {
        rc = add_result(reader, &result, body);
    }
    dosis_buf_done(&value);
    return rc;
}
