/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "store/store_record.h"

#define ORDER_REFERENCE (UINT64_C(1) << 63)


int
store_stamp_cmp(const store_stamp_t *a, const store_stamp_t *b)
{
    if (a->date_ns != b->date_ns) {
        return a->date_ns < b->date_ns ? -1 : 1;
    }
    if (a->hlc != b->hlc) {
        return a->hlc < b->hlc ? -1 : 1;
    }
    if (a->site != b->site) {
        return a->site < b->site ? -1 : 1;
    }
    return 0;
}


uint64_t
store_order(int64_t date_ns, bool has_status)
{
    uint64_t since_1900 = (uint64_t) date_ns - (uint64_t) DOSIS_TIME_MIN;

    return (has_status ? 0 : ORDER_REFERENCE)
           | ((ORDER_REFERENCE - 1) - since_1900);
}


/* --- head ---------------------------------------------------------------- */

void
store_stamp_write(dosis_buf_t *buf, const store_stamp_t *stamp)
{
    dosis_wire_put_u64(buf, (uint64_t) stamp->date_ns);
    dosis_wire_put_u64(buf, stamp->hlc);
    dosis_wire_put_u16(buf, stamp->site);
}


store_stamp_t
store_stamp_read(dosis_wire_t *wire)
{
    store_stamp_t stamp;

    stamp.date_ns = (int64_t) dosis_wire_u64(wire);
    stamp.hlc = dosis_wire_u64(wire);
    stamp.site = dosis_wire_u16(wire);
    return stamp;
}


void
store_head_write(dosis_buf_t *buf, const store_head_t *head)
{
    dosis_buf_add_byte(buf, (char) head->kind);
    dosis_buf_add_byte(buf, (char) head->flags);
    dosis_buf_add(buf, head->id, STORE_ID_BYTES);
    dosis_wire_put_u64(buf, head->order);
    store_stamp_write(buf, &head->stamp);
    dosis_wire_put_u32(buf, head->versie);
    dosis_wire_put_u64(buf, head->history);
    dosis_buf_add(buf, head->content, sizeof(head->content));
    dosis_wire_put_u32(buf, head->bron);
}


/* Bare offsets: this runs once per row of every list. */
static void
head_read(const char *p, store_head_t *head)
{
    head->kind = (uint8_t) p[0];
    head->flags = (uint8_t) p[1];
    memcpy(head->id, p + 2, STORE_ID_BYTES);
    head->order = dosis_be64_get(p + 18);
    head->stamp.date_ns = (int64_t) dosis_be64_get(p + 26);
    head->stamp.hlc = dosis_be64_get(p + 34);
    head->stamp.site = dosis_be16_get(p + 42);
    head->versie = dosis_be32_get(p + 44);
    head->history = dosis_be64_get(p + 48);
    memcpy(head->content, p + 56, sizeof(head->content));
    head->bron = dosis_be32_get(p + 72);
}


/* --- part of one agent --------------------------------------------------- */

bool
store_class_eq(const store_class_t *a, const store_class_t *b)
{
    return a->flags == b->flags && a->count == b->count
           && memcmp(a->rechten, b->rechten,
                  a->count * sizeof(a->rechten[0])) == 0;
}


void
store_part_reclass(store_part_t *part, const store_class_t *next, uint64_t seq)
{
    int i;

    if (store_class_eq(&part->now, next)) {
        return;
    }
    for (i = STORE_EARLIER_MAX - 1; i > 0; i--) {
        part->earlier[i] = part->earlier[i - 1];
    }
    part->earlier[0].class = part->now;
    part->earlier[0].ended = seq;
    if (part->earlier_count < STORE_EARLIER_MAX) {
        part->earlier_count++;
    }
    part->now = *next;
}


static void
class_write(dosis_buf_t *buf, const store_class_t *class)
{
    int i;

    dosis_buf_add_byte(buf, (char) class->flags);
    dosis_buf_add_byte(buf, (char) class->count);
    for (i = 0; i < class->count; i++) {
        dosis_wire_put_varint(buf, class->rechten[i]);
    }
}


static void
class_read(dosis_wire_t *wire, store_class_t *class)
{
    int i;

    class->flags = dosis_wire_u8(wire);
    class->count = dosis_wire_u8(wire);
    if (class->count > DOSIS_RECHTEN_MAX) {
        wire->ok = false;
        class->count = 0;
    }
    for (i = 0; i < class->count; i++) {
        class->rechten[i] = (uint32_t) dosis_wire_varint(wire);
    }
}


static void
part_write(dosis_buf_t *buf, const store_part_t *part)
{
    int i;

    dosis_wire_put_u64(buf, part->change);
    class_write(buf, &part->now);
    dosis_buf_add_byte(buf, (char) part->earlier_count);
    for (i = 0; i < part->earlier_count; i++) {
        class_write(buf, &part->earlier[i].class);
        dosis_wire_put_u64(buf, part->earlier[i].ended);
    }
}


dosis_rc_t
store_part_read(dosis_slice_t bytes, store_part_t *ret_part)
{
    int i;
    dosis_wire_t wire;

    memset(ret_part, 0, sizeof(*ret_part));
    dosis_wire_init(&wire, bytes);
    ret_part->change = dosis_wire_u64(&wire);
    class_read(&wire, &ret_part->now);
    ret_part->earlier_count = dosis_wire_u8(&wire);
    if (ret_part->earlier_count > STORE_EARLIER_MAX) {
        return DOSIS_EFORMAT;
    }
    for (i = 0; i < ret_part->earlier_count; i++) {
        class_read(&wire, &ret_part->earlier[i].class);
        ret_part->earlier[i].ended = dosis_wire_u64(&wire);
    }
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
store_part_read_now(dosis_slice_t bytes, store_class_t *ret_class)
{
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    (void) dosis_wire_u64(&wire);
    class_read(&wire, ret_class);
    return wire.ok ? DOSIS_OK : DOSIS_EFORMAT;
}


/* --- row ----------------------------------------------------------------- */

dosis_rc_t
store_row_read(dosis_slice_t bytes, store_row_t *ret_row)
{
    size_t part;

    if (bytes.len < STORE_HEAD_BYTES + 2) {
        return DOSIS_EFORMAT;
    }
    part = dosis_be16_get(bytes.data + STORE_HEAD_BYTES);
    if (part > bytes.len - STORE_HEAD_BYTES - 2) {
        return DOSIS_EFORMAT;
    }
    head_read(bytes.data, &ret_row->head);
    ret_row->part = dosis_slice(bytes.data + STORE_HEAD_BYTES + 2, part);
    ret_row->content = dosis_slice(ret_row->part.data + part,
        bytes.len - STORE_HEAD_BYTES - 2 - part);
    return DOSIS_OK;
}


void
store_row_write(dosis_buf_t *buf, const store_head_t *head,
    const store_part_t *part, dosis_slice_t content)
{
    size_t at, len;

    store_head_write(buf, head);
    at = buf->len;
    dosis_wire_put_u16(buf, 0);
    part_write(buf, part);
    dosis_buf_add_slice(buf, content);
    if (buf->rc != DOSIS_OK) {
        return;
    }
    len = buf->len - at - 2 - content.len;
    dosis_be16(buf->data + at, (uint16_t) len);
}


/* --- content: writing ---------------------------------------------------- */

void
store_field_write(dosis_buf_t *buf, int tag, dosis_slice_t bytes)
{
    dosis_buf_add_byte(buf, (char) tag);
    dosis_wire_put_slice(buf, bytes);
}


void
store_field_write_number(dosis_buf_t *buf, int tag, uint64_t number)
{
    char bytes[10];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    dosis_wire_put_varint(&value, number);
    store_field_write(buf, tag, dosis_buf_slice(&value));
}


/* Six bytes per byte at worst: one escape each. */
static void
field_write_text(dosis_buf_t *buf, int tag, dosis_slice_t text)
{
    char bytes[6 * DOSIS_URL_MAX];
    dosis_buf_t value;

    if (text.len == 0) {
        return;
    }
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    dosis_json_escape(&value, text);
    if (value.rc != DOSIS_OK) {
        buf->rc = buf->rc == DOSIS_OK ? value.rc : buf->rc;
        return;
    }
    store_field_write(buf, tag, dosis_buf_slice(&value));
}


/* Signed numbers as zigzag, so that dates before 1970 stay short. */
static uint64_t
zigzag(int64_t n)
{
    return ((uint64_t) n << 1) ^ (uint64_t) (n >> 63);
}


static int64_t
unzigzag(uint64_t n)
{
    return (int64_t) (n >> 1) ^ -(int64_t) (n & 1);
}


static void
write_numbers(dosis_buf_t *buf, const dosis_dossier_t *d)
{
    const struct {
        int tag;
        bool has;
        uint64_t number;
    } numbers[] = {
        { FIELD_TYPE, d->type_nummer != 0, d->type_nummer },
        { FIELD_FASE, d->has_status, d->fase },
        { FIELD_CODE, d->has_status, d->code },
        { FIELD_EDRL, d->edrl != 0, d->edrl },
        { FIELD_STATUS_STREEF, d->has_status_streef,
            zigzag(d->status_streef_ns) },
        { FIELD_ACTIE_NODIG, d->has_actie_nodig, d->actie_nodig },
        { FIELD_VOOR, d->has_voor, zigzag(d->voor_dag) },
        { FIELD_STREEF, d->has_streef, zigzag(d->streef_ns) },
    };
    size_t i;

    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (numbers[i].has) {
            store_field_write_number(buf, numbers[i].tag, numbers[i].number);
        }
    }
}


void
store_content_write(dosis_buf_t *buf, const dosis_dossier_t *d)
{
    int i;
    char bytes[3 * DOSIS_FASEN_MAX];
    dosis_buf_t fasen;

    field_write_text(buf, FIELD_NUMMER, d->nummer);
    field_write_text(buf, FIELD_NAAM, d->naam);
    if (d->type_nummer == 0) {
        field_write_text(buf, FIELD_TYPE_TEKST, d->type);
    }
    write_numbers(buf, d);
    field_write_text(buf, FIELD_DETAIL1, d->detail1);
    field_write_text(buf, FIELD_DETAIL2, d->detail2);
    field_write_text(buf, FIELD_ACTIE, d->actie);
    field_write_text(buf, FIELD_DOORVERWIJZING, d->doorverwijzing);
    for (i = 0; i < d->producten_count; i++) {
        field_write_text(buf, FIELD_PRODUCT, d->producten[i]);
    }
    field_write_text(buf, FIELD_FREQUENTIE, d->update_frequentie);
    if (d->fasen_count > 0) {
        dosis_buf_init_fixed(&fasen, bytes, sizeof(bytes));
        for (i = 0; i < d->fasen_count; i++) {
            dosis_wire_put_varint(&fasen, d->fasen[i]);
        }
        store_field_write(buf, FIELD_FASEN, dosis_buf_slice(&fasen));
    }
}


void
store_content_write_contact(dosis_buf_t *text, const dosis_contact_t *contact)
{
    int i;
    char bytes[6 * DOSIS_CONTACT_MAX];
    dosis_buf_t value;

    for (i = 0; i < DOSIS_CONTACT_FIELDS; i++) {
        dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
        dosis_json_escape(&value, contact->field[i]);
        dosis_wire_put_slice(text, dosis_buf_slice(&value));
    }
}


void
store_agent_write(dosis_buf_t *buf, const dosis_agent_rechten_t *agent,
    const uint32_t *rechten)
{
    int i;
    char bytes[6 * DOSIS_AGENT_ID_MAX + 16 + 5 * DOSIS_RECHTEN_MAX];
    char id[6 * DOSIS_AGENT_ID_MAX];
    dosis_buf_t value, escaped;

    dosis_buf_init_fixed(&escaped, id, sizeof(id));
    dosis_json_escape(&escaped, dosis_agent_id(&agent->agent));
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    dosis_buf_add_byte(&value, (char) agent->agent.soort);
    dosis_wire_put_varint(&value, agent->rol);
    dosis_wire_put_slice(&value, dosis_buf_slice(&escaped));
    dosis_buf_add_byte(&value, (char) agent->rechten_count);
    for (i = 0; i < agent->rechten_count; i++) {
        dosis_wire_put_varint(&value, rechten[i]);
    }
    store_field_write(buf, FIELD_AGENT, dosis_buf_slice(&value));
}


/* --- content: reading ---------------------------------------------------- */

/* What a field holds; a text unless it is said here. */
enum {
    HOLDS_TEXT = 0,
    HOLDS_NUMBER,
    HOLDS_ZIGZAG,
    HOLDS_PRODUCT,
    HOLDS_AGENT
};

static const uint8_t field_holds[FIELD_MAX] = {
    [FIELD_TYPE] = HOLDS_NUMBER,
    [FIELD_FASE] = HOLDS_NUMBER,
    [FIELD_CODE] = HOLDS_NUMBER,
    [FIELD_EDRL] = HOLDS_NUMBER,
    [FIELD_STATUS_STREEF] = HOLDS_ZIGZAG,
    [FIELD_ACTIE_NODIG] = HOLDS_NUMBER,
    [FIELD_VOOR] = HOLDS_ZIGZAG,
    [FIELD_PRODUCT] = HOLDS_PRODUCT,
    [FIELD_BEHEERDER] = HOLDS_NUMBER,
    [FIELD_STREEF] = HOLDS_ZIGZAG,
    [FIELD_AGENT] = HOLDS_AGENT,
};


static bool
read_number(dosis_slice_t value, uint64_t *ret_number)
{
    dosis_wire_t wire;

    dosis_wire_init(&wire, value);
    *ret_number = dosis_wire_varint(&wire);
    return dosis_wire_done(&wire);
}


/* What is no text is put in its place as well. */
static bool
read_held(store_content_t *c, int tag, dosis_slice_t value)
{
    switch (field_holds[tag]) {
    case HOLDS_NUMBER:
        return read_number(value, &c->number[tag]);
    case HOLDS_ZIGZAG:
        if (!read_number(value, &c->number[tag])) {
            return false;
        }
        c->number[tag] = (uint64_t) unzigzag(c->number[tag]);
        return true;
    case HOLDS_PRODUCT:
        if (c->producten_count >= DOSIS_PRODUCTEN_MAX) {
            return false;
        }
        c->producten[c->producten_count++] = value;
        return true;
    case HOLDS_AGENT:
        if (c->agenten_count >= DOSIS_AGENTEN_MAX) {
            return false;
        }
        c->agenten[c->agenten_count++] = value;
        return true;
    default:
        return true;
    }
}


/* The length of a field of 128 bytes or more, which stands in front of at. */
static bool
read_length(const uint8_t **at, const uint8_t *end, size_t *ret_len)
{
    dosis_wire_t wire = { *at - 1, end, true };

    *ret_len = (size_t) dosis_wire_varint(&wire);
    *at = wire.pos;
    return wire.ok;
}


dosis_rc_t
store_content_read(dosis_slice_t bytes, store_content_t *c)
{
    uint8_t tag;
    size_t len;
    const uint8_t *at = (const uint8_t *) bytes.data;
    const uint8_t *end = bytes.len > 0 ? at + bytes.len : at;

    while (end - at >= 2) {
        tag = at[0];
        len = at[1];
        at += 2;
        if (tag == 0 || tag >= FIELD_MAX
            || (len >= 0x80 && !read_length(&at, end, &len))
            || len > (size_t) (end - at)) {
            return DOSIS_EFORMAT;
        }
        c->has |= 1u << tag;
        c->text[tag] = dosis_slice(at, len);
        if (field_holds[tag] == HOLDS_NUMBER && len == 1 && *at < 0x80) {
            c->number[tag] = *at;
        } else if (field_holds[tag] != HOLDS_TEXT
                   && !read_held(c, tag, c->text[tag])) {
            return DOSIS_EFORMAT;
        }
        at += len;
    }
    return at == end ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
store_agent_read(dosis_slice_t bytes, store_agent_t *ret_agent)
{
    int i;
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    ret_agent->soort = dosis_wire_u8(&wire);
    ret_agent->rol = (uint16_t) dosis_wire_varint(&wire);
    ret_agent->id = dosis_wire_slice(&wire);
    ret_agent->count = dosis_wire_u8(&wire);
    if (ret_agent->count > DOSIS_RECHTEN_MAX) {
        return DOSIS_EFORMAT;
    }
    for (i = 0; i < ret_agent->count; i++) {
        ret_agent->rechten[i] = (uint32_t) dosis_wire_varint(&wire);
    }
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}


/* --- content: splitting -------------------------------------------------- */

static dosis_rc_t
measure(dosis_slice_t content, size_t length[FIELD_MAX])
{
    uint8_t tag;
    const uint8_t *from;
    dosis_wire_t wire;

    memset(length, 0, FIELD_MAX * sizeof(length[0]));
    dosis_wire_init(&wire, content);
    while (wire.ok && wire.pos < wire.end) {
        from = wire.pos;
        tag = dosis_wire_u8(&wire);
        (void) dosis_wire_slice(&wire);
        if (!wire.ok || tag >= FIELD_MAX) {
            return DOSIS_EFORMAT;
        }
        length[tag] += (size_t) (wire.pos - from);
    }
    return wire.ok ? DOSIS_OK : DOSIS_EFORMAT;
}


static uint32_t
choose_long(const size_t length[FIELD_MAX], size_t total, size_t room)
{
    int tag, longest;
    uint32_t away = 0;

    while (total > room) {
        longest = 0;
        for (tag = 1; tag < FIELD_MAX; tag++) {
            if (!(away & (1u << tag)) && length[tag] > length[longest]) {
                longest = tag;
            }
        }
        if (longest == 0) {
            break;
        }
        away |= 1u << longest;
        total -= length[longest];
    }
    return away;
}


dosis_rc_t
store_content_split(dosis_slice_t content, size_t room, dosis_buf_t *row,
    dosis_buf_t *lang)
{
    uint8_t tag;
    size_t length[FIELD_MAX];
    uint32_t away;
    dosis_rc_t rc;
    const uint8_t *from;
    dosis_wire_t wire;

    rc = measure(content, length);
    if (rc != DOSIS_OK) {
        return rc;
    }
    length[0] = 0;
    away = choose_long(length, content.len, room);
    dosis_wire_init(&wire, content);
    while (wire.pos < wire.end) {
        from = wire.pos;
        tag = dosis_wire_u8(&wire);
        (void) dosis_wire_slice(&wire);
        dosis_buf_add(away & (1u << tag) ? lang : row, from,
            (size_t) (wire.pos - from));
    }
    return row->rc != DOSIS_OK ? row->rc : lang->rc;
}
