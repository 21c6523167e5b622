/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_text.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

typedef struct {
    const char *text;
    bool valid;
} verdict_t;


static void
check_hex(void)
{
    char text[9];
    uint8_t bytes[4];

    dosis_hex_encode(text, dosis_slice("\x00\x9F\xA0\xFF", 4));
    CHECK(strcmp(text, "009fa0ff") == 0, "hex is written in lower case");
    dosis_hex_encode(text, dosis_slice(NULL, 0));
    CHECK(text[0] == '\0', "hex of nothing is the empty text");
    CHECK(dosis_hex_decode(bytes, 4, DOSIS_SLICE("009fA0Ff"))
            && memcmp(bytes, "\x00\x9F\xA0\xFF", 4) == 0,
        "hex is read in either case");
    CHECK(!dosis_hex_decode(bytes, 4, DOSIS_SLICE("009fa0f")),
        "hex of odd length is refused");
    CHECK(!dosis_hex_decode(bytes, 4, DOSIS_SLICE("009fa0ff0")),
        "hex of half a byte too many is refused");
    CHECK(!dosis_hex_decode(bytes, 4, DOSIS_SLICE("009fa0")),
        "hex of fewer bytes is refused");
    CHECK(!dosis_hex_decode(bytes, 4, DOSIS_SLICE("009fa0fg")),
        "another letter than hex is refused");
    CHECK(!dosis_hex_decode(bytes, 1, DOSIS_SLICE(" 1"))
            && !dosis_hex_decode(bytes, 1, DOSIS_SLICE("+1")),
        "a blank or a sign is no hex");
}


static void
check_base64url(void)
{
    /* RFC 4648 section 10, and the two letters of this alphabet */
    static const struct {
        const char *plain;
        const char *text;
    } rows[] = {
        { "", "" },
        { "f", "Zg" },
        { "fo", "Zm8" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg" },
        { "fooba", "Zm9vYmE" },
        { "foobar", "Zm9vYmFy" },
        { "\xFB\xEF\xFF", "--__" },
    };
    dosis_buf_t buf;
    size_t i;
    bool there = true;
    bool back = true;

    dosis_buf_init(&buf, 1000);
    for (i = 0; i < ROWS(rows); i++) {
        dosis_buf_reset(&buf);
        dosis_base64url_encode(&buf, dosis_slice_of(rows[i].plain));
        there = there
            && dosis_slice_eq(
                dosis_buf_slice(&buf), dosis_slice_of(rows[i].text));
        dosis_buf_reset(&buf);
        back = back
            && dosis_base64url_decode(&buf, dosis_slice_of(rows[i].text))
                == DOSIS_OK
            && dosis_slice_eq(
                dosis_buf_slice(&buf), dosis_slice_of(rows[i].plain));
    }
    CHECK(there, "base64url of the published vectors");
    CHECK(back, "the published vectors come back");
    dosis_buf_done(&buf);
}


static void
check_base64url_strict(void)
{
    static const struct {
        const char *text;
        const char *fact;
    } rows[] = {
        { "Z", "one letter is no base64url" },
        { "Zm9vY", "nor is one letter over" },
        { "Zg==", "padding is refused" },
        { "Zm9v\n", "a line end is refused" },
        { "Zm 9v", "a blank is refused" },
        { "Zm+v", "+ of the other alphabet is refused" },
        { "Zm/v", "/ of the other alphabet is refused" },
        { "Zh", "stray bits behind one byte are refused" },
        { "Zm9", "stray bits behind two bytes are refused" },
        { "Zm9v\xC3\xA9", "letters outside ASCII are refused" },
    };
    dosis_buf_t buf;
    char memory[4];
    size_t i;

    dosis_buf_init(&buf, 1000);
    DOSIS_BUF_LIT(&buf, "kept");
    for (i = 0; i < ROWS(rows); i++) {
        CHECK(dosis_base64url_decode(&buf, dosis_slice_of(rows[i].text))
                == DOSIS_EFORMAT,
            rows[i].fact);
    }
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf), DOSIS_SLICE("kept")),
        "what is refused leaves nothing in the buffer");
    CHECK(buf.rc == DOSIS_OK, "and no error in it");
    dosis_buf_done(&buf);

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    CHECK(dosis_base64url_decode(&buf, DOSIS_SLICE("Zm9vYmE")) == DOSIS_ELIMIT,
        "more than the buffer holds is ELIMIT");
}


static void
check_id(void)
{
    static const uint8_t foobar[DOSIS_ID_BYTES] = "foobarfoobarfooo";
    uint8_t id[DOSIS_ID_BYTES];
    char text[DOSIS_ID_TEXT + 1];
    unsigned i;
    unsigned bit;
    bool back = true;

    dosis_id_encode(text, foobar);
    CHECK(strcmp(text, "mzxw6ytbojtg633cmfzgm33pn4") == 0,
        "an id is the base32 of RFC 4648 in lower case");

    for (i = 0; i < 128; i++) {
        uint8_t one[DOSIS_ID_BYTES] = { 0 };

        bit = i % 8;
        one[i / 8] = (uint8_t) (1U << bit);
        dosis_id_encode(text, one);
        back = back && strlen(text) == DOSIS_ID_TEXT
            && dosis_id_decode(id, dosis_slice_of(text))
            && memcmp(id, one, sizeof(id)) == 0;
    }
    CHECK(back, "each bit of an id comes back");
    memset(id, 0xFF, sizeof(id));
    dosis_id_encode(text, id);
    CHECK(strcmp(text, "77777777777777777777777774") == 0,
        "the highest id ends in two bits of nothing");
}


static void
check_id_strict(void)
{
    static const verdict_t rows[] = {
        { "mzxw6ytbojtg633cmfzgm33pn4", true },
        { "mzxw6ytbojtg633cmfzgm33pn5", false }, /* stray bits */
        { "77777777777777777777777774", true },
        { "77777777777777777777777775", false },
        { "77777777777777777777777776", false },
        { "77777777777777777777777777", false },
        { "7777777777777777777777777", false },
        { "777777777777777777777777740", false },
        { "", false },
        { "MZXW6YTBOI6DMOJZGY2TQMBRG4", false },
        { "aaaaaaaaaaaaaaaaaaaaaaaaa0", false },
        { "aaaaaaaaaaaaaaaaaaaaaaaaa1", false },
        { "aaaaaaaaaaaaaaaaaaaaaaaa8a", false },
        { "aaaaaaaaaaaaaaaaaaaaaaaa=a", false },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaa", true },
    };
    uint8_t id[DOSIS_ID_BYTES];
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        memset(id, 0x5A, sizeof(id));
        CHECK(
            dosis_id_decode(id, dosis_slice_of(rows[i].text)) == rows[i].valid,
            rows[i].text);
        if (!rows[i].valid) {
            CHECK(id[0] == 0x5A && id[DOSIS_ID_BYTES - 1] == 0x5A,
                "a refused id leaves the target alone");
        }
    }
}


static void
check_utf8(void)
{
    static const verdict_t rows[] = {
        { "", true },
        { "gewoon", true },
        { "acht be é", true },
        { "€ 😀", true },
        { "\xC2\x80", true },
        { "\xDF\xBF", true },
        { "\xE0\xA0\x80", true },
        { "\xED\x9F\xBF", true },
        { "\xEE\x80\x80", true },
        { "\xF0\x90\x80\x80", true },
        { "\xF4\x8F\xBF\xBF", true },
        { "\x80", false },
        { "\xC0\x80", false },
        { "\xC1\xBF", false },
        { "\xC3", false },
        { "\xC3x", false },
        { "\xE0\x80\x80", false },
        { "\xE0\x9F\xBF", false },
        { "\xE2\x82", false },
        { "\xE2\x82x", false },
        { "\xED\xA0\x80", false }, /* a surrogate */
        { "\xED\xBF\xBF", false },
        { "\xF0\x80\x80\x80", false },
        { "\xF0\x8F\xBF\xBF", false },
        { "\xF0\x9F\x98", false },
        { "\xF4\x90\x80\x80", false }, /* over 10FFFF */
        { "\xF5\x80\x80\x80", false },
        { "\xFF", false },
        { "achtbyte\xE9 of meer", false },
        { "zevenby\xC3\xA9tes", true },
        { "zevenbytes en \xC3", false },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        char fact[32] = "UTF-8 row ";

        snprintf(fact + strlen(fact), 8, "%zu", i);
        CHECK(dosis_utf8_valid(dosis_slice_of(rows[i].text)) == rows[i].valid,
            fact);
    }
    CHECK(dosis_utf8_valid(dosis_slice("a\0b", 3)), "NUL is a character");
}


/* Every character there is, and every two bytes there are. */
static void
check_utf8_all(void)
{
    unsigned point;
    unsigned valid = 0;
    uint8_t bytes[4];

    for (point = 0x10000; point < 0x110000; point++) {
        bytes[0] = (uint8_t) (0xF0 | point >> 18);
        bytes[1] = (uint8_t) (0x80 | (point >> 12 & 0x3F));
        bytes[2] = (uint8_t) (0x80 | (point >> 6 & 0x3F));
        bytes[3] = (uint8_t) (0x80 | (point & 0x3F));
        valid += dosis_utf8_valid(dosis_slice(bytes, 4));
    }
    CHECK(valid == 0x100000, "all characters of four bytes are valid");

    valid = 0;
    for (point = 0x800; point < 0x10000; point++) {
        bytes[0] = (uint8_t) (0xE0 | point >> 12);
        bytes[1] = (uint8_t) (0x80 | (point >> 6 & 0x3F));
        bytes[2] = (uint8_t) (0x80 | (point & 0x3F));
        valid += dosis_utf8_valid(dosis_slice(bytes, 3));
    }
    CHECK(valid == 0x10000 - 0x800 - 0x800,
        "all of three bytes are, but for the surrogates");

    valid = 0;
    for (point = 0; point < 0x10000; point++) {
        bytes[0] = (uint8_t) (point >> 8);
        bytes[1] = (uint8_t) point;
        valid += dosis_utf8_valid(dosis_slice(bytes, 2));
    }
    CHECK(valid == 128 * 128 + 0x800 - 0x80,
        "of all pairs of bytes those of ASCII and of two bytes");
}


static void
check_small(void)
{
    static const verdict_t digits[] = {
        { "0", true },
        { "0123456789", true },
        { "", false },
        { "12a", false },
        { " 1", false },
        { "-1", false },
        { "1/", false },
        { "1:", false },
    };
    size_t i;

    CHECK(
        dosis_text_ieq(DOSIS_SLICE("Behandeling"), DOSIS_SLICE("bEHANDELING")),
        "letters are equal in either case");
    CHECK(!dosis_text_ieq(DOSIS_SLICE("abc"), DOSIS_SLICE("abcd"))
            && !dosis_text_ieq(DOSIS_SLICE("abc"), DOSIS_SLICE("abd")),
        "other letters or another length are not");
    CHECK(!dosis_text_ieq(DOSIS_SLICE("["), DOSIS_SLICE("{"))
            && !dosis_text_ieq(DOSIS_SLICE("@"), DOSIS_SLICE("`")),
        "what stands beside the letters has no case");
    CHECK(dosis_text_ieq(dosis_slice(NULL, 0), DOSIS_SLICE("")),
        "absent equals empty");

    CHECK(dosis_slice_eq(
              dosis_text_trim(DOSIS_SLICE(" \ta b\t ")), DOSIS_SLICE("a b")),
        "blanks at both ends go, inside they stay");
    CHECK(dosis_text_trim(DOSIS_SLICE(" \t ")).len == 0,
        "of blanks alone nothing is left");
    CHECK(
        dosis_text_trim(dosis_slice(NULL, 0)).len == 0, "trim accepts nothing");

    for (i = 0; i < ROWS(digits); i++) {
        char fact[40];

        snprintf(fact, sizeof(fact), "digits or not: '%s'", digits[i].text);
        CHECK(dosis_text_is_digits(dosis_slice_of(digits[i].text))
                == digits[i].valid,
            fact);
    }
}


static void
check_uuid(void)
{
    static const verdict_t rows[] = {
        { "c30c0de7-f763-4648-b684-936162aa6a78", true },
        { "C30C0DE7-F763-4648-B684-936162AA6A78", true },
        { "00000000-0000-0000-0000-000000000000", true },
        { "c30c0de7-f763-4648-b684-936162aa6a7", false },
        { "c30c0de7-f763-4648-b684-936162aa6a788", false },
        { "c30c0de7f-763-4648-b684-936162aa6a78", false },
        { "c30c0de7-f763-4648-b684-936162aa6a7g", false },
        { "c30c0de7-f763-4648-b684936162aa6a78-", false },
        { "{30c0de7-f763-4648-b684-936162aa6a7}", false },
        { "c30c0de7 f763 4648 b684 936162aa6a78", false },
        { "c30c0de7-f763-4648-b684--36162aa6a78", false },
        { "", false },
    };
    uint8_t random[16];
    char text[DOSIS_UUID_TEXT + 1];
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        CHECK(dosis_uuid_valid(dosis_slice_of(rows[i].text)) == rows[i].valid,
            rows[i].text);
    }

    for (i = 0; i < sizeof(random); i++) {
        random[i] = (uint8_t) (0x11 * i);
    }
    dosis_uuid_encode(text, random);
    CHECK(strcmp(text, "00112233-4455-4677-8899-aabbccddeeff") == 0,
        "a UUID has its version and variant, the rest as given");
    memset(random, 0xFF, sizeof(random));
    dosis_uuid_encode(text, random);
    CHECK(strcmp(text, "ffffffff-ffff-4fff-bfff-ffffffffffff") == 0,
        "version and variant are set over ones too");
}


int
main(void)
{
    check_hex();
    check_base64url();
    check_base64url_strict();
    check_id();
    check_id_strict();
    check_utf8();
    check_utf8_all();
    check_small();
    check_uuid();

    return tap_done();
}
