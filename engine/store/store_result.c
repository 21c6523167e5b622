/* SPDX-License-Identifier: EUPL-1.2 */
#include "domain/dosis_rule.h"
#include "store/store_result.h"


dosis_rc_t
store_upload_read(dosis_slice_t bytes, store_upload_t *upload)
{
    dosis_slice_t repeat;
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
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
    dosis_wire_put_u64(buf, upload->result_seq);
    dosis_buf_add_byte(buf, upload->accepted ? 1 : 0);
    dosis_wire_put_u64(buf, (uint64_t) upload->received_ns);
    dosis_buf_add(buf, upload->repeat, sizeof(upload->repeat));
}


/* --- problems ------------------------------------------------------------ */

/* Codes are static texts everywhere: find ours again. */
static const char *
static_code(dosis_slice_t code)
{
    int i;

    for (i = 0; i < DOSIS_RULE_MAX; i++) {
        const char *known = dosis_rule(i)->code;

        if (dosis_slice_eq(dosis_slice_of(known), code)) {
            return known;
        }
    }
    return "Onbekend";
}


static void
write_problems(dosis_buf_t *buf, const dosis_err_t *err)
{
    uint32_t i;

    dosis_buf_add_byte(buf, (char) err->count);
    dosis_wire_put_varint(buf, err->more);
    for (i = 0; i < err->count; i++) {
        const dosis_problem_t *p = &err->item[i];

        dosis_wire_put_slice(buf, dosis_slice_of(p->code));
        dosis_wire_put_slice(buf, dosis_slice_of(p->field));
        dosis_wire_put_slice(buf, dosis_slice_of(p->text));
        dosis_wire_put_varint(buf, p->line);
    }
}


static void
copy_text(char *to, size_t size, dosis_slice_t from)
{
    size_t n = from.len < size - 1 ? from.len : size - 1;

    if (n > 0) {
        memcpy(to, from.data, n);
    }
    to[n] = '\0';
}


static void
read_problems(dosis_wire_t *wire, dosis_err_t *err)
{
    uint32_t i, count = dosis_wire_u8(wire);

    err->more = (uint32_t) dosis_wire_varint(wire);
    if (count > DOSIS_ERR_MAX) {
        wire->ok = false;
        count = 0;
    }
    err->count = count;
    for (i = 0; i < count; i++) {
        dosis_problem_t *p = &err->item[i];

        p->code = static_code(dosis_wire_slice(wire));
        copy_text(p->field, sizeof(p->field), dosis_wire_slice(wire));
        copy_text(p->text, sizeof(p->text), dosis_wire_slice(wire));
        p->line = (uint32_t) dosis_wire_varint(wire);
    }
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
    write_problems(buf, problems);
    write_problems(buf, warnings);
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
    read_problems(&wire, &result->problems);
    read_problems(&wire, &result->warnings);
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
