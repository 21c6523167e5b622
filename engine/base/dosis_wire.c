/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_wire.h"

#define WIRE_VARINT_BYTES 10


uint64_t
dosis_wire_varint_long(dosis_wire_t *wire)
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
