/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_gzip: what says that it is gzip, in pieces of any size. Each piece is
 * used or fills its room; how it is cut makes no difference.
 */

#include "base/dosis_gzip.h"
#include "fuzz.h"

#define OUT_MAX (1 << 16) /* a bomb is left there */

static uint8_t whole[OUT_MAX];
static uint8_t pieces[OUT_MAX];

typedef struct {
    dosis_rc_t rc;
    size_t len;
    bool ended;
} unpacked_t;


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;

    return 0;
}


static unpacked_t
unpack(dosis_slice_t packed, size_t in, size_t out, uint8_t *to)
{
    unpacked_t got = { DOSIS_OK, 0, false };
    dosis_gzip_t *gzip = NULL;
    size_t at = 0;
    size_t n = 0;
    size_t room = 0;

    MUST(dosis_gzip_create(&gzip) == DOSIS_OK);
    while (got.rc == DOSIS_OK && at < packed.len && got.len < OUT_MAX) {
        dosis_slice_t piece = dosis_slice(
            packed.data + at, packed.len - at < in ? packed.len - at : in);

        at += piece.len;
        do {
            room = OUT_MAX - got.len < out ? OUT_MAX - got.len : out;
            got.rc = dosis_gzip_add(gzip, &piece, to + got.len, room, &n);
            MUST(n <= room);
            MUST(got.rc != DOSIS_OK || piece.len == 0 || n == room);
            got.len += n;
        } while (got.rc == DOSIS_OK && n == room && room > 0);
    }
    got.ended = dosis_gzip_ended(gzip);
    MUST(got.rc == DOSIS_OK || got.rc == DOSIS_EFORMAT);
    dosis_gzip_free(gzip);
    return got;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t packed = dosis_slice(data, size);
    size_t in = 1 + fuzz_choice(&packed, 200);
    size_t out = 1 + 16 * (size_t) fuzz_choice(&packed, 200);
    unpacked_t a = unpack(packed, size + 1, OUT_MAX, whole);
    unpacked_t b = unpack(packed, in, out, pieces);

    if (a.len < OUT_MAX && b.len < OUT_MAX) {
        MUST(a.rc == b.rc && a.len == b.len);
        MUST(a.rc != DOSIS_OK || a.ended == b.ended);
    }
    MUST(memcmp(whole, pieces, a.len < b.len ? a.len : b.len) == 0);

    return 0;
}
