/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_wire.h"

#include <endian.h>

#define WIRE_VARINT_BYTES 10


void
dosis_be16(void *to, uint16_t value)
{
    value = htobe16(value);
    memcpy(to, &value, sizeof(value));
}


void
dosis_be32(void *to, uint32_t value)
{
    value = htobe32(value);
    memcpy(to, &value, sizeof(value));
}


void
dosis_be64(void *to, uint64_t value)
{
    value = htobe64(value);
    memcpy(to, &value, sizeof(value));
}


uint16_t
dosis_be16_get(const void *from)
{
    uint16_t value;

    memcpy(&value, from, sizeof(value));
    return be16toh(value);
}


uint32_t
dosis_be32_get(const void *from)
{
    uint32_t value;

    memcpy(&value, from, sizeof(value));
    return be32toh(value);
}


uint64_t
dosis_be64_get(const void *from)
{
    uint64_t value;

    memcpy(&value, from, sizeof(value));
    return be64toh(value);
}


void
dosis_wire_init(dosis_wire_t *wire, dosis_slice_t bytes)
{
    static const uint8_t nothing[1];

    wire->pos = (bytes.data == NULL) ? nothing : (const uint8_t *) bytes.data;
    wire->end = wire->pos + (bytes.data == NULL ? 0 : bytes.len);
    wire->ok = true;
}


/* The next len bytes, or NULL from the first failure on. */
static const uint8_t *
wire_take(dosis_wire_t *wire, uint64_t len)
{
    const uint8_t *at = wire->pos;

    if (!wire->ok || len > (uint64_t) (wire->end - wire->pos)) {
        wire->ok = false;
        return NULL;
    }
    wire->pos += len;
    return at;
}


uint8_t
dosis_wire_u8(dosis_wire_t *wire)
{
    const uint8_t *at = wire_take(wire, sizeof(uint8_t));

    return (at == NULL) ? 0 : *at;
}


uint16_t
dosis_wire_u16(dosis_wire_t *wire)
{
    const uint8_t *at = wire_take(wire, sizeof(uint16_t));

    return (at == NULL) ? 0 : dosis_be16_get(at);
}


uint32_t
dosis_wire_u32(dosis_wire_t *wire)
{
    const uint8_t *at = wire_take(wire, sizeof(uint32_t));

    return (at == NULL) ? 0 : dosis_be32_get(at);
}


uint64_t
dosis_wire_u64(dosis_wire_t *wire)
{
    const uint8_t *at = wire_take(wire, sizeof(uint64_t));

    return (at == NULL) ? 0 : dosis_be64_get(at);
}


uint64_t
dosis_wire_varint(dosis_wire_t *wire)
{
    uint64_t value = 0;
    uint8_t byte;
    unsigned i;

    for (i = 0; i < WIRE_VARINT_BYTES; i++) {
        byte = dosis_wire_u8(wire);
        /* the tenth byte holds bit 63 alone */
        if (!wire->ok || (i == WIRE_VARINT_BYTES - 1 && byte > 1)) {
            break;
        }
        value |= (uint64_t) (byte & 0x7F) << (7 * i);
        if (byte & 0x80) {
            continue;
        }
        if (byte == 0 && i > 0) {
            break; /* not minimal */
        }
        return value;
    }

    wire->ok = false;
    return 0;
}


dosis_slice_t
dosis_wire_bytes(dosis_wire_t *wire, size_t len)
{
    const uint8_t *at = wire_take(wire, len);

    return (at == NULL) ? dosis_slice(NULL, 0) : dosis_slice(at, len);
}


dosis_slice_t
dosis_wire_slice(dosis_wire_t *wire)
{
    uint64_t len = dosis_wire_varint(wire);
    const uint8_t *at = wire_take(wire, len);

    return (at == NULL) ? dosis_slice(NULL, 0) : dosis_slice(at, (size_t) len);
}


bool
dosis_wire_done(const dosis_wire_t *wire)
{
    return wire->ok && wire->pos == wire->end;
}


void
dosis_wire_put_u16(dosis_buf_t *buf, uint16_t value)
{
    char *to = dosis_buf_grow(buf, sizeof(value));

    if (to != NULL) {
        dosis_be16(to, value);
    }
}


void
dosis_wire_put_u32(dosis_buf_t *buf, uint32_t value)
{
    char *to = dosis_buf_grow(buf, sizeof(value));

    if (to != NULL) {
        dosis_be32(to, value);
    }
}


void
dosis_wire_put_u64(dosis_buf_t *buf, uint64_t value)
{
    char *to = dosis_buf_grow(buf, sizeof(value));

    if (to != NULL) {
        dosis_be64(to, value);
    }
}


void
dosis_wire_put_varint(dosis_buf_t *buf, uint64_t value)
{
    uint8_t bytes[WIRE_VARINT_BYTES];
    size_t len = 0;

    while (value > 0x7F) {
        bytes[len++] = (uint8_t) (value | 0x80);
        value >>= 7;
    }
    bytes[len++] = (uint8_t) value;
    dosis_buf_add(buf, bytes, len);
}


void
dosis_wire_put_slice(dosis_buf_t *buf, dosis_slice_t s)
{
    dosis_wire_put_varint(buf, s.len);
    dosis_buf_add_slice(buf, s);
}
