/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_buf.h"

#include <stdint.h>

#define LONG_TEXT 5000


static bool
buf_is(const dosis_buf_t *buf, const char *text)
{
    return dosis_slice_eq(dosis_buf_slice(buf), dosis_slice_of(text));
}


static void
check_growth(void)
{
    dosis_buf_t buf;
    size_t i;
    bool same = true;

    dosis_buf_init(&buf, 100000);
    CHECK(buf.len == 0 && buf.rc == DOSIS_OK, "a new buffer is empty");
    for (i = 0; i < 100000; i++) {
        dosis_buf_add_byte(&buf, (char) (i % 127));
    }
    CHECK(buf.rc == DOSIS_OK && buf.len == 100000, "it grows to its ceiling");
    for (i = 0; i < buf.len; i++) {
        same = same && buf.data[i] == (char) (i % 127);
    }
    CHECK(same, "growing loses no byte");
    CHECK(buf.cap <= buf.max, "it never takes more than its ceiling");

    dosis_buf_add_byte(&buf, 'x');
    CHECK(buf.rc == DOSIS_ELIMIT && buf.len == 100000,
        "one byte over the ceiling is refused");
    dosis_buf_reset(&buf);
    CHECK(buf.rc == DOSIS_OK && buf.len == 0 && buf.data != NULL,
        "reset empties it, clears the error, keeps the memory");
    dosis_buf_done(&buf);
    CHECK(buf.data == NULL && buf.cap == 0, "done leaves a zeroed buffer");
    dosis_buf_done(&buf);
    CHECK(true, "done accepts a zeroed buffer");
}


static void
check_sticky(void)
{
    dosis_buf_t buf;

    dosis_buf_init(&buf, 10);
    DOSIS_BUF_LIT(&buf, "12345678");
    DOSIS_BUF_LIT(&buf, "abc");
    CHECK(buf.rc == DOSIS_ELIMIT && buf_is(&buf, "12345678"),
        "what does not fit is not added in part");
    DOSIS_BUF_LIT(&buf, "a");
    dosis_buf_add_byte(&buf, 'a');
    dosis_buf_add_uint(&buf, 1);
    dosis_buf_addf(&buf, "%d", 1);
    dosis_buf_add_slice(&buf, DOSIS_SLICE("a"));
    CHECK(dosis_buf_grow(&buf, 1) == NULL, "grow gives NULL after an error");
    CHECK(buf.rc == DOSIS_ELIMIT && buf_is(&buf, "12345678"),
        "after an error adding does nothing, though there is room");
    dosis_buf_done(&buf);

    dosis_buf_init(&buf, 10);
    dosis_buf_add(&buf, "x", SIZE_MAX);
    CHECK(buf.rc == DOSIS_ELIMIT, "a size that would wrap is refused");
    dosis_buf_done(&buf);

    dosis_buf_init(&buf, SIZE_MAX);
    CHECK(dosis_buf_grow(&buf, SIZE_MAX / 2) == NULL && buf.rc == DOSIS_ENOMEM,
        "memory that is not there is ENOMEM");
    dosis_buf_done(&buf);
}


static void
check_fixed(void)
{
    char memory[8];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    dosis_buf_addf(&buf, "%s", "12345678");
    CHECK(buf.rc == DOSIS_OK && buf_is(&buf, "12345678"),
        "a fixed buffer is filled to its last byte, by a format too");
    CHECK(buf.data == memory, "a fixed buffer stays in the memory given");
    dosis_buf_add_byte(&buf, '9');
    CHECK(buf.rc == DOSIS_ELIMIT && buf.data == memory,
        "a fixed buffer never grows");
    dosis_buf_done(&buf);
    CHECK(memcmp(memory, "12345678", 8) == 0,
        "done leaves borrowed memory alone");

    dosis_buf_init_fixed(&buf, NULL, 0);
    dosis_buf_add(&buf, NULL, 0);
    CHECK(buf.rc == DOSIS_OK, "adding nothing to nothing is no error");
    CHECK(dosis_buf_grow(&buf, 0) == NULL && buf.data == NULL,
        "a fixed buffer without memory takes none from the heap");
    dosis_buf_done(&buf);
}


static void
check_uint(void)
{
    static const struct {
        uint64_t value;
        const char *text;
    } rows[] = {
        { 0, "0" },
        { 9, "9" },
        { 10, "10" },
        { 1234567890, "1234567890" },
        { UINT64_MAX, "18446744073709551615" },
    };
    dosis_buf_t buf;
    size_t i;

    dosis_buf_init(&buf, 100);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dosis_buf_reset(&buf);
        dosis_buf_add_uint(&buf, rows[i].value);
        CHECK(buf_is(&buf, rows[i].text), rows[i].text);
    }
    dosis_buf_done(&buf);
}


static void
check_format(void)
{
    static char text[LONG_TEXT + 1];
    dosis_buf_t buf;
    int len;
    bool right = true;

    memset(text, 'a', LONG_TEXT);
    dosis_buf_init(&buf, LONG_TEXT);
    /* around the size of the buffer on the stack */
    for (len = 500; len < 520; len++) {
        dosis_buf_reset(&buf);
        dosis_buf_addf(&buf, "%.*s", len, text);
        right = right && buf.rc == DOSIS_OK && buf.len == (size_t) len
            && memcmp(buf.data, text, buf.len) == 0;
    }
    CHECK(right, "a formatted text of any length is added whole");

    dosis_buf_reset(&buf);
    dosis_buf_addf(&buf, "%s", text);
    CHECK(buf.rc == DOSIS_OK && buf.len == LONG_TEXT,
        "a formatted text may end right at the ceiling");
    dosis_buf_reset(&buf);
    dosis_buf_addf(&buf, "%sx", text);
    CHECK(buf.rc == DOSIS_ELIMIT && buf.len == 0,
        "a formatted text over the ceiling is refused");
    dosis_buf_done(&buf);
}


static void
check_grow(void)
{
    dosis_buf_t buf;
    char *at;

    dosis_buf_init(&buf, 1000);
    CHECK(dosis_buf_grow(&buf, 0) != NULL && buf.len == 0,
        "room for nothing has an address");
    at = dosis_buf_grow(&buf, 3);
    CHECK(at != NULL, "grow gives room");
    memcpy(at, "abc", 3);
    DOSIS_BUF_LIT(&buf, "def");
    CHECK(buf_is(&buf, "abcdef"), "what grow gave counts as added");
    dosis_buf_done(&buf);

    dosis_buf_init(&buf, 0);
    CHECK(dosis_buf_grow(&buf, 0) != NULL && dosis_buf_grow(&buf, 1) == NULL
            && buf.rc == DOSIS_ELIMIT,
        "a buffer with ceiling 0 holds nothing");
    dosis_buf_done(&buf);
}


int
main(void)
{
    check_growth();
    check_sticky();
    check_fixed();
    check_uint();
    check_format();
    check_grow();

    return tap_done();
}
