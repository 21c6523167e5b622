/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_wire.h: bounds-checked binary reading and writing, big-endian.
 *
 * Layer      base
 * Threads    one thread at a time
 * Blocking   never
 * Memory     a reader borrows its bytes; slices read point into them.
 *            Writing is adding to a dosis_buf_t.
 * Errors     sticky in the reader: after the first short read every further
 *            one gives 0 and `ok` stays false. Ask once at the end.
 */

#ifndef DOSIS_BASE_DOSIS_WIRE_H
#define DOSIS_BASE_DOSIS_WIRE_H

#include <endian.h>

#include "base/dosis_buf.h"

typedef struct {
    const uint8_t *pos;
    const uint8_t *end;
    bool ok;
} dosis_wire_t;

/* --- bare memory: keys, and what is read from fixed places ---------------- */

static inline void
dosis_be16(void *to, uint16_t value)
{
    value = htobe16(value);
    memcpy(to, &value, sizeof(value));
}

static inline void
dosis_be32(void *to, uint32_t value)
{
    value = htobe32(value);
    memcpy(to, &value, sizeof(value));
}

static inline void
dosis_be64(void *to, uint64_t value)
{
    value = htobe64(value);
    memcpy(to, &value, sizeof(value));
}

static inline uint16_t
dosis_be16_get(const void *from)
{
    uint16_t value;

    memcpy(&value, from, sizeof(value));
    return be16toh(value);
}

static inline uint32_t
dosis_be32_get(const void *from)
{
    uint32_t value;

    memcpy(&value, from, sizeof(value));
    return be32toh(value);
}

static inline uint64_t
dosis_be64_get(const void *from)
{
    uint64_t value;

    memcpy(&value, from, sizeof(value));
    return be64toh(value);
}

/* --- reading -------------------------------------------------------------- */

static inline void
dosis_wire_init(dosis_wire_t *wire, dosis_slice_t bytes)
{
    static const uint8_t nothing[1];

    wire->pos = (bytes.data == NULL) ? nothing : (const uint8_t *) bytes.data;
    wire->end = wire->pos + (bytes.data == NULL ? 0 : bytes.len);
    wire->ok = true;
}

/* The next len bytes, or NULL from the first failure on. */
static inline const uint8_t *
dosis_wire_take(dosis_wire_t *wire, uint64_t len)
{
    const uint8_t *at = wire->pos;

    if (!wire->ok || len > (uint64_t) (wire->end - wire->pos)) {
        wire->ok = false;
        return NULL;
    }
    wire->pos += len;
    return at;
}

static inline uint8_t
dosis_wire_u8(dosis_wire_t *wire)
{
    const uint8_t *at = dosis_wire_take(wire, sizeof(uint8_t));

    return (at == NULL) ? 0 : *at;
}

static inline uint16_t
dosis_wire_u16(dosis_wire_t *wire)
{
    const uint8_t *at = dosis_wire_take(wire, sizeof(uint16_t));

    return (at == NULL) ? 0 : dosis_be16_get(at);
}

static inline uint32_t
dosis_wire_u32(dosis_wire_t *wire)
{
    const uint8_t *at = dosis_wire_take(wire, sizeof(uint32_t));

    return (at == NULL) ? 0 : dosis_be32_get(at);
}

static inline uint64_t
dosis_wire_u64(dosis_wire_t *wire)
{
    const uint8_t *at = dosis_wire_take(wire, sizeof(uint64_t));

    return (at == NULL) ? 0 : dosis_be64_get(at);
}

/* dosis_wire_varint() of any length. */
uint64_t dosis_wire_varint_long(dosis_wire_t *wire);

/* LEB128, at most 10 bytes; not minimal or too long is an error. */
static inline uint64_t
dosis_wire_varint(dosis_wire_t *wire)
{
    if (!wire->ok || wire->pos == wire->end || (*wire->pos & 0x80)) {
        return dosis_wire_varint_long(wire);
    }
    return *wire->pos++;
}

/* len bytes. */
static inline dosis_slice_t
dosis_wire_bytes(dosis_wire_t *wire, size_t len)
{
    const uint8_t *at = dosis_wire_take(wire, len);

    return (at == NULL) ? dosis_slice(NULL, 0) : dosis_slice(at, len);
}

/* varint length, then that many bytes. */
static inline dosis_slice_t
dosis_wire_slice(dosis_wire_t *wire)
{
    uint64_t len = dosis_wire_varint(wire);
    const uint8_t *at = dosis_wire_take(wire, len);

    return (at == NULL) ? dosis_slice(NULL, 0) : dosis_slice(at, (size_t) len);
}

/* true when all was read without an error. */
static inline bool
dosis_wire_done(const dosis_wire_t *wire)
{
    return wire->ok && wire->pos == wire->end;
}

/* --- writing -------------------------------------------------------------- */

void dosis_wire_put_u16(dosis_buf_t *buf, uint16_t value);
void dosis_wire_put_u32(dosis_buf_t *buf, uint32_t value);
void dosis_wire_put_u64(dosis_buf_t *buf, uint64_t value);
void dosis_wire_put_varint(dosis_buf_t *buf, uint64_t value);
void dosis_wire_put_slice(dosis_buf_t *buf, dosis_slice_t s);

#endif
