/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_wire.h"

#include <stdint.h>


static void
check_round_trip(void)
{
    dosis_buf_t buf;
    dosis_wire_t wire;
    dosis_slice_t slice;

    dosis_buf_init(&buf, 1000);
    dosis_buf_add_byte(&buf, (char) 0xFE);
    dosis_wire_put_u16(&buf, 0x0102);
    dosis_wire_put_u32(&buf, 0xFFEEDDCC);
    dosis_wire_put_u64(&buf, UINT64_C(0x8877665544332211));
    dosis_wire_put_varint(&buf, 300);
    dosis_wire_put_slice(&buf, DOSIS_SLICE("dossier"));
    dosis_wire_put_slice(&buf, dosis_slice(NULL, 0));
    DOSIS_BUF_LIT(&buf, "end");
    CHECK(buf.rc == DOSIS_OK, "everything is written");
    CHECK(memcmp(buf.data + 1, "\x01\x02\xFF\xEE\xDD\xCC\x88", 7) == 0,
        "numbers are written with the high byte first");

    dosis_wire_init(&wire, dosis_buf_slice(&buf));
    CHECK(dosis_wire_u8(&wire) == 0xFE, "u8 is read back");
    CHECK(dosis_wire_u16(&wire) == 0x0102, "u16 is read back");
    CHECK(dosis_wire_u32(&wire) == 0xFFEEDDCC, "u32 is read back");
    CHECK(dosis_wire_u64(&wire) == UINT64_C(0x8877665544332211),
        "u64 is read back");
    CHECK(dosis_wire_varint(&wire) == 300, "a varint is read back");
    CHECK(dosis_slice_eq(dosis_wire_slice(&wire), DOSIS_SLICE("dossier")),
        "a slice is read back");
    slice = dosis_wire_slice(&wire);
    CHECK(slice.len == 0 && wire.ok, "an empty slice is read back");
    CHECK(!dosis_wire_done(&wire), "with bytes left it is not done");
    slice = dosis_wire_bytes(&wire, 3);
    CHECK(dosis_slice_eq(slice, DOSIS_SLICE("end")), "bytes are read");
    CHECK(slice.data == buf.data + buf.len - 3, "they are borrowed, no copy");
    CHECK(dosis_wire_done(&wire), "with all read it is done");
    dosis_buf_done(&buf);
}


static void
check_varints(void)
{
    static const struct {
        uint64_t value;
        size_t len;
    } rows[] = {
        { 0, 1 },
        { 1, 1 },
        { 127, 1 },
        { 128, 2 },
        { 16383, 2 },
        { 16384, 3 },
        { UINT32_MAX, 5 },
        { (UINT64_C(1) << 63) - 1, 9 },
        { UINT64_C(1) << 63, 10 },
        { UINT64_MAX, 10 },
    };
    dosis_buf_t buf;
    dosis_wire_t wire;
    size_t i;
    bool right = true;

    dosis_buf_init(&buf, 100);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dosis_buf_reset(&buf);
        dosis_wire_put_varint(&buf, rows[i].value);
        dosis_wire_init(&wire, dosis_buf_slice(&buf));
        right = right && buf.len == rows[i].len
            && dosis_wire_varint(&wire) == rows[i].value
            && dosis_wire_done(&wire);
    }
    CHECK(right, "varints of every width come back, in the fewest bytes");
    dosis_buf_done(&buf);
}


static void
check_bad_varints(void)
{
    static const struct {
        dosis_slice_t bytes;
        const char *fact;
    } rows[] = {
        { { "", 0 }, "no byte is no varint" },
        { { "\x80", 1 }, "a varint that is cut is an error" },
        { { "\x80\x00", 2 }, "0 in two bytes is not minimal" },
        { { "\xFF\x80\x00", 3 }, "127 in three bytes is not minimal" },
        { { "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10 },
            "65 bits are too many" },
        { { "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x80\x00", 11 },
            "eleven bytes are too many" },
        { { "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x00", 11 },
            "a tenth byte that goes on is an error" },
    };
    dosis_wire_t wire;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dosis_wire_init(&wire, rows[i].bytes);
        CHECK(dosis_wire_varint(&wire) == 0 && !wire.ok, rows[i].fact);
    }
}


static void
check_sticky(void)
{
    dosis_wire_t wire;
    dosis_slice_t slice;

    dosis_wire_init(&wire, DOSIS_SLICE("abc"));
    CHECK(dosis_wire_u32(&wire) == 0 && !wire.ok,
        "a read over the end gives 0 and an error");
    CHECK(dosis_wire_u8(&wire) == 0 && dosis_wire_u16(&wire) == 0
            && dosis_wire_u64(&wire) == 0 && dosis_wire_varint(&wire) == 0,
        "after an error every read gives 0, though bytes are left");
    slice = dosis_wire_bytes(&wire, 0);
    CHECK(slice.data == NULL && slice.len == 0,
        "after an error bytes are absent, even none");
    slice = dosis_wire_slice(&wire);
    CHECK(slice.data == NULL && slice.len == 0,
        "after an error a slice is absent");
    CHECK(!wire.ok && !dosis_wire_done(&wire), "the error stays");
}


static void
check_bounds(void)
{
    dosis_wire_t wire;
    dosis_slice_t slice;

    dosis_wire_init(&wire, dosis_slice(NULL, 0));
    CHECK(dosis_wire_done(&wire), "nothing is done at once");
    CHECK(dosis_wire_u8(&wire) == 0 && !wire.ok, "nothing has no byte");

    dosis_wire_init(&wire,
        DOSIS_SLICE("\x05"
                    "abcd"));
    slice = dosis_wire_slice(&wire);
    CHECK(slice.data == NULL && !wire.ok,
        "a slice longer than what follows is an error");

    dosis_wire_init(&wire,
        dosis_slice("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"
                    "a",
            11));
    slice = dosis_wire_slice(&wire);
    CHECK(slice.data == NULL && !wire.ok, "a length of 2^64-1 does not wrap");

    dosis_wire_init(&wire, DOSIS_SLICE("abc"));
    slice = dosis_wire_bytes(&wire, SIZE_MAX);
    CHECK(slice.data == NULL && !wire.ok, "nor does such a number of bytes");
}


static void
check_bare(void)
{
    uint8_t memory[9] = { 0 };

    /* at an odd address */
    dosis_be64(memory + 1, UINT64_C(0x0102030405060708));
    CHECK(memcmp(memory, "\0\1\2\3\4\5\6\7\10", 9) == 0,
        "64 bits into bare memory, high byte first");
    CHECK(dosis_be64_get(memory + 1) == UINT64_C(0x0102030405060708)
            && dosis_be32_get(memory + 1) == 0x01020304
            && dosis_be16_get(memory + 1) == 0x0102,
        "and out of it");
    dosis_be32(memory + 1, 0xA1A2A3A4);
    dosis_be16(memory + 5, 0xB1B2);
    CHECK(memcmp(memory, "\0\xA1\xA2\xA3\xA4\xB1\xB2\7\10", 9) == 0,
        "32 and 16 bits touch only their own bytes");
}


/* A full buffer must not be written to. */
static void
check_full_buffer(void)
{
    char memory[1];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    dosis_wire_put_u16(&buf, 1);
    dosis_wire_put_u32(&buf, 1);
    dosis_wire_put_u64(&buf, 1);
    dosis_wire_put_varint(&buf, 1);
    dosis_wire_put_slice(&buf, DOSIS_SLICE("a"));
    CHECK(buf.rc == DOSIS_ELIMIT && buf.len == 0,
        "writing into a full buffer leaves its error");
}


int
main(void)
{
    check_round_trip();
    check_varints();
    check_bad_varints();
    check_sticky();
    check_bounds();
    check_bare();
    check_full_buffer();

    return tap_done();
}
