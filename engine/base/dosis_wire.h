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

#include "base/dosis_buf.h"

typedef struct {
    const uint8_t *pos;
    const uint8_t *end;
    bool ok;
} dosis_wire_t;

void dosis_wire_init(dosis_wire_t *wire, dosis_slice_t bytes);
uint8_t dosis_wire_u8(dosis_wire_t *wire);
uint16_t dosis_wire_u16(dosis_wire_t *wire);
uint32_t dosis_wire_u32(dosis_wire_t *wire);
uint64_t dosis_wire_u64(dosis_wire_t *wire);

/* LEB128, at most 10 bytes; not minimal or too long is an error. */
uint64_t dosis_wire_varint(dosis_wire_t *wire);

/* len bytes. */
dosis_slice_t dosis_wire_bytes(dosis_wire_t *wire, size_t len);

/* varint length, then that many bytes. */
dosis_slice_t dosis_wire_slice(dosis_wire_t *wire);

/* true when all was read without an error. */
bool dosis_wire_done(const dosis_wire_t *wire);

void dosis_wire_put_u16(dosis_buf_t *buf, uint16_t value);
void dosis_wire_put_u32(dosis_buf_t *buf, uint32_t value);
void dosis_wire_put_u64(dosis_buf_t *buf, uint64_t value);
void dosis_wire_put_varint(dosis_buf_t *buf, uint64_t value);
void dosis_wire_put_slice(dosis_buf_t *buf, dosis_slice_t s);

/* The same into bare memory; used for keys. */
void dosis_be16(void *to, uint16_t value);
void dosis_be32(void *to, uint32_t value);
void dosis_be64(void *to, uint64_t value);
uint16_t dosis_be16_get(const void *from);
uint32_t dosis_be32_get(const void *from);
uint64_t dosis_be64_get(const void *from);

#endif
