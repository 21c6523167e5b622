/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_problem.h"
#include "store/store_result.h"


dosis_rc_t
store_upload_read(dosis_slice_t bytes, store_upload_t *upload)
{
    dosis_slice_t repeat;
    dosis_wire_t wire;

    memset(upload, 0, sizeof(*upload));
    dosis_wire_init(&wire, bytes);
    if (bytes.len == STORE_UPLOAD_FILE_BYTES) {
        upload->accepted = true;
        upload->oplading = dosis_wire_u64(&wire);
        upload->received_ns = (int64_t) dosis_wire_u64(&wire);
        return upload->oplading != 0 ? DOSIS_OK : DOSIS_EFORMAT;
    }
    upload->result_seq = dosis_wire_u64(&wire);
    upload->accepted = dosis_wire_u8(&wire) != 0;
    upload->received_ns = (int64_t) dosis_wire_u64(&wire);
    repeat = dosis_wire_bytes(&wire, sizeof(upload->repeat));
    if (!dosis_wire_done(&wire)) {
        return DOSIS_EFORMAT;
    }
    memcpy(upload->repeat, repeat.data, sizeof(upload->repeat));
    return DOSIS_OK;
}


void
store_upload_write(dosis_buf_t *buf, const store_upload_t *upload)
{
    if (upload->oplading != 0) {
        dosis_wire_put_u64(buf, upload->oplading);
        dosis_wire_put_u64(buf, (uint64_t) upload->received_ns);
        return;
    }
    dosis_wire_put_u64(buf, upload->result_seq);
    dosis_buf_add_byte(buf, upload->accepted ? 1 : 0);
    dosis_wire_put_u64(buf, (uint64_t) upload->received_ns);
    dosis_buf_add(buf, upload->repeat, sizeof(upload->repeat));
}


/* --- result -------------------------------------------------------------- */

void
store_result_write(dosis_buf_t *buf, const store_result_t *result,
    const dosis_err_t *problems, const dosis_err_t *warnings)
{
    dosis_buf_add_byte(buf, (char) result->resultaat);
    dosis_buf_add(buf, result->id, STORE_ID_BYTES);
    dosis_wire_put_u64(buf, (uint64_t) result->processed_ns);
    dosis_wire_put_u32(buf, result->versie);
    dosis_buf_add(buf, result->content, sizeof(result->content));
    dosis_wire_put_u32(buf, result->bron);
    dosis_wire_put_slice(buf, result->nummer);
    dosis_wire_put_slice(buf, result->upload_id);
    store_problems_write(buf, problems);
    store_problems_write(buf, warnings);
    if (result->oplading != 0) {
        dosis_wire_put_varint(buf, result->oplading);
    }
}


dosis_rc_t
store_result_read(dosis_slice_t bytes, store_result_t *result)
{
    dosis_slice_t id, content;
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    result->resultaat = dosis_wire_u8(&wire);
    id = dosis_wire_bytes(&wire, STORE_ID_BYTES);
    result->processed_ns = (int64_t) dosis_wire_u64(&wire);
    result->versie = dosis_wire_u32(&wire);
    content = dosis_wire_bytes(&wire, sizeof(result->content));
    result->bron = dosis_wire_u32(&wire);
    result->nummer = dosis_wire_slice(&wire);
    result->upload_id = dosis_wire_slice(&wire);
    store_problems_read(&wire, &result->problems);
    store_problems_read(&wire, &result->warnings);
    result->oplading = 0;
    if (wire.ok && wire.pos != wire.end) {
        result->oplading = dosis_wire_varint(&wire);
        wire.ok = wire.ok && result->oplading != 0;
    }
    if (!dosis_wire_done(&wire)) {
        return DOSIS_EFORMAT;
    }
    memcpy(result->id, id.data, STORE_ID_BYTES);
    memcpy(result->content, content.data, sizeof(result->content));
    return DOSIS_OK;
}


dosis_rc_t
store_result_load(const store_snap_t *snap, uint64_t seq, dosis_buf_t *value,
    store_result_t *ret_result)
{
    char key[8];
    dosis_rc_t rc;

    dosis_be64(key, seq);
    rc = store_get(snap, DB_RESULTAAT, dosis_slice(key, sizeof(key)), value);
    if (rc == DOSIS_OK) {
        rc = store_result_read(dosis_buf_slice(value), ret_result);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}
