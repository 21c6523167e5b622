/* SPDX-License-Identifier: EUPL-1.2 */
/* Gzip comes in pieces and goes out in pieces, in constant memory. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <malloc.h>
#include <zlib.h>

#include "../lib/tap.h"
#include "base/dosis_gzip.h"

#define PLAIN 300000
#define PACKED_MAX 400000
#define BOMB ((size_t) 64 << 20)

static uint8_t plain[PLAIN];
static uint8_t packed[PACKED_MAX];
static uint8_t got[2 * PLAIN];


/* Text that does not pack too well. */
static void
plain_fill(void)
{
    uint32_t state = 7;

    for (size_t i = 0; i < PLAIN; i++) {
        state = state * 1103515245 + 12345;
        plain[i] = (uint8_t) ('a' + (state >> 16) % 26);
    }
}


/* Of len bytes, times times, as one member. */
static size_t
pack(const uint8_t *bytes, size_t len, size_t times, uint8_t *to)
{
    z_stream stream = { 0 };

    (void) deflateInit2(
        &stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    stream.next_out = to;
    stream.avail_out = PACKED_MAX;
    for (size_t i = 0; i < times; i++) {
        stream.next_in = (uint8_t *) bytes;
        stream.avail_in = (uInt) len;
        (void) deflate(&stream, i + 1 == times ? Z_FINISH : Z_NO_FLUSH);
    }
    (void) deflateEnd(&stream);
    return stream.total_out;
}


/* In pieces of so many bytes, in and out. *ret_len: what came out. */
static dosis_rc_t
unpack(size_t len, size_t in, size_t out, size_t *ret_len, bool *ret_ended)
{
    dosis_gzip_t *gzip;
    dosis_rc_t rc = dosis_gzip_create(&gzip);
    size_t at = 0;

    *ret_len = 0;
    while (rc == DOSIS_OK && at < len) {
        dosis_slice_t piece =
            dosis_slice(packed + at, len - at < in ? len - at : in);

        size_t n = 0;
        size_t room;

        at += piece.len;
        do {
            room = sizeof(got) - *ret_len;
            room = room < out ? room : out;
            rc = dosis_gzip_add(gzip, &piece, got + *ret_len, room, &n);
            *ret_len += n;
        } while (rc == DOSIS_OK && n == room);
    }
    *ret_ended = dosis_gzip_ended(gzip);
    dosis_gzip_free(gzip);
    return rc;
}


static void
check_pieces(void)
{
    static const struct {
        size_t in;
        size_t out;
    } rows[] = {
        { PACKED_MAX, 2 * PLAIN },
        { 1, 2 * PLAIN },
        { 7, 100 },
        { PACKED_MAX, 1000 },
        { 4096, 1 },
    };
    size_t len = pack(plain, PLAIN, 1, packed);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char fact[64];
        size_t n;
        bool ended;

        (void) snprintf(fact, sizeof(fact), "%zu bytes in, %zu out", rows[i].in,
            rows[i].out);
        CHECK(unpack(len, rows[i].in, rows[i].out, &n, &ended) == DOSIS_OK
                && ended && n == PLAIN && memcmp(got, plain, PLAIN) == 0,
            fact);
    }
}


/* What is left in the library when all input is in comes with more room. */
static void
check_room(void)
{
    size_t len = pack(plain, PLAIN, 1, packed);
    dosis_slice_t piece = dosis_slice(packed, len);
    dosis_gzip_t *gzip = NULL;
    size_t n = 0;
    size_t all = 0;
    bool fine = dosis_gzip_create(&gzip) == DOSIS_OK;

    while (fine && !dosis_gzip_ended(gzip)) {
        fine = dosis_gzip_add(gzip, &piece, got + all, 1000, &n) == DOSIS_OK
            && n > 0;
        all += n;
        fine = fine && (n == 1000 || piece.len == 0);
    }
    CHECK(fine && all == PLAIN, "all of the room is used, or all that came in");
    dosis_gzip_free(gzip);
    dosis_gzip_free(NULL);
}


static void
check_members(void)
{
    size_t first = pack(plain, 1000, 1, packed);
    size_t second = pack(plain + 1000, 1000, 1, packed + first);
    size_t n;
    bool ended;

    CHECK(unpack(first + second, 5, 1 << 20, &n, &ended) == DOSIS_OK && ended
            && n == 2000 && memcmp(got, plain, n) == 0,
        "two members are one text");
    CHECK(unpack(first, 5, 1 << 20, &n, &ended) == DOSIS_OK && ended,
        "it ends where a member does");
    CHECK(unpack(first + 3, 5, 1 << 20, &n, &ended) == DOSIS_OK && !ended,
        "and not in the head of the next");
    packed[first] = 'x';
    CHECK(unpack(first + second, 5, 1 << 20, &n, &ended) == DOSIS_EFORMAT
            && n == 1000,
        "something else behind it is refused, what came before is given");
}


static void
check_wrong(void)
{
    size_t len = pack(plain, PLAIN, 1, packed);
    size_t n;
    bool ended;

    CHECK(unpack(len - 1, 4096, 1 << 20, &n, &ended) == DOSIS_OK && !ended,
        "cut by one byte it did not end");
    CHECK(unpack(len / 2, 4096, 1 << 20, &n, &ended) == DOSIS_OK && !ended
            && n > 0 && memcmp(got, plain, n) == 0,
        "cut in half the first half comes, and no end");
    CHECK(unpack(0, 1, 1, &n, &ended) == DOSIS_OK && !ended,
        "nothing is not the end of anything");
    packed[len - 5] ^= 1;
    CHECK(unpack(len, 4096, 1 << 20, &n, &ended) == DOSIS_EFORMAT,
        "a wrong checksum");
    memcpy(packed, "Bron;Naam\n", 10);
    CHECK(unpack(10, 4096, 1 << 20, &n, &ended) == DOSIS_EFORMAT,
        "plain text is no gzip");
    memcpy(packed, "\x78\x9c\x03\x00\x00\x00\x00\x01", 8);
    CHECK(unpack(8, 4096, 1 << 20, &n, &ended) == DOSIS_EFORMAT,
        "nor is zlib's own form");
}


/* A thousand times what came in, and never more memory. */
static void
check_bomb(void)
{
    static uint8_t zeroes[1 << 20];
    size_t len = pack(zeroes, sizeof(zeroes), BOMB >> 20, packed);
    dosis_slice_t piece = dosis_slice(packed, len);
    dosis_gzip_t *gzip = NULL;
    size_t before = mallinfo2().uordblks;
    size_t most = 0;
    size_t all = 0;
    size_t n = 1;
    bool fine = dosis_gzip_create(&gzip) == DOSIS_OK;

    while (fine && n > 0) {
        size_t now;

        fine = dosis_gzip_add(gzip, &piece, got, 65536, &n) == DOSIS_OK;
        all += n;
        now = mallinfo2().uordblks - before;
        most = now > most ? now : most;
    }
    CHECK(fine && all == BOMB && len < BOMB / 500 && dosis_gzip_ended(gzip),
        "a bomb goes off in pieces as small as asked for");
    CHECK(most < 100000, "in constant memory");
    dosis_gzip_free(gzip);
}


int
main(void)
{
    plain_fill();
    check_pieces();
    check_room();
    check_members();
    check_wrong();
    check_bomb();

    return tap_done();
}
