/* SPDX-License-Identifier: EUPL-1.2 */
/* Windows-1252: Latin-1, but for 0x80 to 0x9F; five of those stand for none. */

#include "base/dosis_text.h"

static const uint16_t upper[32] = {
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
    0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D,
    0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178
};


/* 0: none. */
static uint16_t
character_of(uint8_t byte)
{
    return byte < 0x80 || byte > 0x9F ? byte : upper[byte - 0x80];
}


bool
dosis_text_is_windows_1252(dosis_slice_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (character_of((uint8_t) text.data[i]) == 0 && text.data[i] != 0) {
            return false;
        }
    }
    return true;
}


void
dosis_text_add_windows_1252(dosis_buf_t *to, dosis_slice_t text)
{
    size_t i;
    uint16_t c;

    for (i = 0; i < text.len; i++) {
        c = character_of((uint8_t) text.data[i]);
        if (c == 0 && text.data[i] != 0) {
            c = 0xFFFD;
        }
        if (c < 0x80) {
            dosis_buf_add_byte(to, (char) c);
        } else if (c < 0x800) {
            dosis_buf_add_byte(to, (char) (0xC0 | c >> 6));
            dosis_buf_add_byte(to, (char) (0x80 | (c & 0x3F)));
        } else {
            dosis_buf_add_byte(to, (char) (0xE0 | c >> 12));
            dosis_buf_add_byte(to, (char) (0x80 | (c >> 6 & 0x3F)));
            dosis_buf_add_byte(to, (char) (0x80 | (c & 0x3F)));
        }
    }
}
