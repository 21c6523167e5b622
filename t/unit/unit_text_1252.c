/* SPDX-License-Identifier: EUPL-1.2 */
/* Windows-1252 to UTF-8, byte by byte. */

#include "../lib/tap.h"
#include "base/dosis_text.h"


static bool
becomes(dosis_slice_t from, const char *to)
{
    char bytes[64];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, bytes, sizeof(bytes));
    dosis_text_add_windows_1252(&buf, from);
    return buf.rc == DOSIS_OK
        && dosis_slice_eq(dosis_buf_slice(&buf), dosis_slice_of(to));
}


static void
check_each(void)
{
    bool all = true;
    int none = 0;

    for (int byte = 0; byte < 256; byte++) {
        char c = (char) byte;
        char bytes[4];
        dosis_buf_t buf;

        dosis_buf_init_fixed(&buf, bytes, sizeof(bytes));
        dosis_text_add_windows_1252(&buf, dosis_slice(&c, 1));
        all = all && buf.rc == DOSIS_OK
            && dosis_utf8_valid(dosis_buf_slice(&buf));
        none += !dosis_text_is_windows_1252(dosis_slice(&c, 1));
    }
    CHECK(all, "every byte becomes UTF-8");
    CHECK(none == 5, "five bytes stand for no character");
}


int
main(void)
{
    CHECK(becomes(DOSIS_SLICE("abc"), "abc"), "ASCII stays");
    CHECK(becomes(DOSIS_SLICE("caf\xE9"), "caf\xC3\xA9"), "Latin-1");
    CHECK(becomes(DOSIS_SLICE("\x80"), "\xE2\x82\xAC"), "the euro");
    CHECK(becomes(DOSIS_SLICE("\x9F"), "\xC5\xB8"), "the last of the block");
    CHECK(becomes(DOSIS_SLICE("\x81"), "\xEF\xBF\xBD"), "what is none");
    check_each();

    return tap_done();
}
