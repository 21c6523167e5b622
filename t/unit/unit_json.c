/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_json.h"

#include <stdint.h>
#include <stdlib.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define BOMB_BYTES 65536


static dosis_json_t *
parse(const char *text)
{
    dosis_json_t *root = NULL;
    dosis_rc_t rc;

    rc = dosis_json_parse(dosis_slice_of(text), &root, NULL);
    return (rc == DOSIS_OK) ? root : NULL;
}


static void
check_kinds(void)
{
    static const struct {
        const char *text;
        dosis_json_kind_t kind;
    } rows[] = {
        { "null", DOSIS_JSON_NULL },
        { "true", DOSIS_JSON_BOOL },
        { "false", DOSIS_JSON_BOOL },
        { "-12", DOSIS_JSON_INT },
        { "1.5", DOSIS_JSON_REAL },
        { "1e2", DOSIS_JSON_REAL },
        { "\"a\"", DOSIS_JSON_STRING },
        { " [] ", DOSIS_JSON_ARRAY },
        { "{}\r\n", DOSIS_JSON_OBJECT },
        { "\xEF\xBB\xBF{}", DOSIS_JSON_OBJECT },
    };
    dosis_json_t *root;
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        root = parse(rows[i].text);
        CHECK(root != NULL && dosis_json_kind(root) == rows[i].kind,
            rows[i].text);
        dosis_json_free(root);
    }
    CHECK(dosis_json_kind(NULL) == DOSIS_JSON_NULL, "an absent value is null");
    dosis_json_free(NULL);
}


static void
check_values(void)
{
    dosis_json_t *root =
        parse("{\"a\":[1,\"twee\",true,null],\"b\":\"\","
              "\"c\":-9223372036854775808,"
              "\"nul\":\"x\\u0000y\",\"u\":\"\\ud83d\\ude00\"}");
    const dosis_json_t *a = dosis_json_get(root, "a");
    dosis_slice_t slice;

    CHECK(root != NULL, "the document is read");
    CHECK(dosis_json_count(root) == 5 && dosis_json_count(a) == 4,
        "members and elements are counted");
    CHECK(dosis_json_int(dosis_json_at(a, 0)) == 1, "an element is a number");
    CHECK(dosis_slice_eq(
              dosis_json_string(dosis_json_at(a, 1)), DOSIS_SLICE("twee")),
        "an element is a string");
    CHECK(dosis_json_bool(dosis_json_at(a, 2)), "an element is true");
    CHECK(dosis_json_at(a, 4) == NULL, "behind the end is nothing");
    CHECK(dosis_json_get(root, "A") == NULL, "names are exact");
    CHECK(dosis_json_int(dosis_json_get(root, "c")) == INT64_MIN,
        "the smallest number is read");
    slice = dosis_json_string(dosis_json_get(root, "b"));
    CHECK(slice.data != NULL && slice.len == 0,
        "an empty string is empty, not absent");
    CHECK(dosis_slice_eq(dosis_json_string(dosis_json_get(root, "nul")),
              dosis_slice("x\0y", 3)),
        "a string may hold NUL");
    CHECK(dosis_slice_eq(
              dosis_json_string(dosis_json_get(root, "u")), DOSIS_SLICE("😀")),
        "a pair of escapes is one character");
    dosis_json_free(root);
}


static void
check_other_kinds(void)
{
    dosis_json_t *root = parse("{\"s\":\"1\",\"n\":1,\"t\":true,\"r\":1.5}");
    const dosis_json_t *s = dosis_json_get(root, "s");
    const dosis_json_t *n = dosis_json_get(root, "n");
    const char *name;
    const dosis_json_t *value;

    CHECK(dosis_json_int(s) == 0 && dosis_json_int(NULL) == 0
            && dosis_json_int(dosis_json_get(root, "r")) == 0,
        "only a whole number has a number");
    CHECK(dosis_json_real(dosis_json_get(root, "r")) == 1.5
            && dosis_json_real(n) == 0 && dosis_json_real(s) == 0
            && dosis_json_real(NULL) == 0,
        "only a broken number has a broken number");
    CHECK(!dosis_json_bool(n) && !dosis_json_bool(s) && !dosis_json_bool(NULL),
        "only true is true");
    CHECK(dosis_json_string(n).data == NULL && dosis_json_string(NULL).len == 0,
        "only a string has bytes");
    CHECK(dosis_json_get(s, "s") == NULL && dosis_json_get(NULL, "s") == NULL,
        "only an object has members");
    CHECK(dosis_json_at(root, 0) == NULL && dosis_json_at(NULL, 0) == NULL,
        "only an array has elements");
    CHECK(dosis_json_count(s) == 0 && dosis_json_count(NULL) == 0,
        "other kinds count nothing");
    CHECK(dosis_json_next(s, NULL, &name, &value) == NULL
            && dosis_json_next(NULL, NULL, &name, &value) == NULL,
        "there is nothing to walk in other kinds");
    dosis_json_free(root);
}


static void
check_walk(void)
{
    static const char order[] = "zyxabcmnopqrstuvwdefghijkl";
    char text[400] = "{";
    char seen[sizeof(order)] = "";
    dosis_json_t *root;
    const dosis_json_t *value;
    const char *name;
    void *cursor = NULL;
    size_t i;
    size_t len = 1;
    bool values = true;

    for (i = 0; i < sizeof(order) - 1; i++) {
        len += (size_t) snprintf(text + len, sizeof(text) - len, "%s\"%c\":%zu",
            i == 0 ? "" : ",", order[i], i);
    }
    snprintf(text + len, sizeof(text) - len, "}");

    root = parse(text);
    i = 0;
    while (i < sizeof(order) - 1
        && (cursor = dosis_json_next(root, cursor, &name, &value)) != NULL) {
        seen[i] = name[0];
        values = values && dosis_json_int(value) == (int64_t) i;
        i++;
    }
    CHECK(strcmp(seen, order) == 0, "members are walked in the order given");
    CHECK(values, "each name comes with its value");
    CHECK(dosis_json_next(root, cursor, &name, &value) == NULL,
        "the walk ends with the last");
    dosis_json_free(root);
}


static void
check_refused(void)
{
    static const struct {
        dosis_slice_t text;
        const char *reason;
    } rows[] = {
        { { "", 0 }, "houdt te vroeg op" },
        { { NULL, 0 }, "houdt te vroeg op" },
        { { "  ", 2 }, "houdt te vroeg op" },
        { { "{", 1 }, "houdt te vroeg op" },
        { { "[1,", 3 }, "houdt te vroeg op" },
        { { "\"a", 2 }, "houdt te vroeg op" },
        { { "{}x", 3 }, "er volgt nog iets na het einde" },
        { { "{}{}", 4 }, "er volgt nog iets na het einde" },
        { { "{}\0", 3 }, "er volgt nog iets na het einde" },
        { { "{\"a\":1,\"a\":2}", 13 }, "een veld staat er tweemaal" },
        { { "{\"a\":1,\"\\u0061\":2}", 18 }, "een veld staat er tweemaal" },
        { { "1e400", 5 }, "een getal is te groot" },
        { { "-1e400", 6 }, "een getal is te groot" },
        { { "9223372036854775808", 19 }, "een getal is te groot" },
        { { "-9223372036854775809", 20 }, "een getal is te groot" },
        { { "\"\xFF\"", 3 }, "geen geldige UTF-8" },
        { { "\"\xC0\x80\"", 4 }, "geen geldige UTF-8" },
        { { "\"\xED\xA0\x80\"", 5 }, "geen geldige UTF-8" },
        { { "{\"\\u0000\":1}", 12 }, "een veldnaam bevat een nulteken" },
        { { "tru", 3 }, "schrijffout" },
        { { "{a:1}", 5 }, "schrijffout" },
        { { "[1,]", 4 }, "schrijffout" },
        { { "'a'", 3 }, "schrijffout" },
        { { "01", 2 }, "schrijffout" },
        { { "NaN", 3 }, "schrijffout" },
        { { "\"a\nb\"", 5 }, "schrijffout" },
        { { "\"\\ud800\"", 8 }, "schrijffout" },
        { { "// x\n1", 6 }, "schrijffout" },
        { { "\0", 1 }, "houdt te vroeg op" },
        { { "[\0]", 3 }, "houdt te vroeg op" },
    };
    dosis_json_t *const none = NULL;
    dosis_json_t *root;
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        dosis_err_t err = { 0 };
        char fact[80];

        root = none;
        snprintf(fact, sizeof(fact), "refused, row %zu: %s", i, rows[i].reason);
        CHECK(dosis_json_parse(rows[i].text, &root, &err) == DOSIS_EINPUT
                && root == NULL && err.count == 1
                && strcmp(err.item[0].code, "JsonOngeldig") == 0
                && err.item[0].field[0] == '\0'
                && strstr(err.item[0].text, rows[i].reason) != NULL,
            fact);
        if (strstr(err.item[0].text, rows[i].reason) == NULL) {
            printf("# said: %s\n", err.item[0].text);
        }
    }
}


static void
check_error_text(void)
{
    dosis_err_t err = { 0 };
    dosis_json_t *root = NULL;

    CHECK(dosis_json_parse(
              DOSIS_SLICE("{\"Agent\":\n  85073000754x}"), &root, &err)
            == DOSIS_EINPUT,
        "a slip of the pen is refused");
    CHECK(strstr(err.item[0].text, "regel 2, kolom ") != NULL,
        "the text names line and column");
    CHECK(strstr(err.item[0].text, "8507") == NULL
            && strstr(err.item[0].text, "Agent") == NULL,
        "the text holds nothing of the body");
    CHECK(dosis_json_parse(DOSIS_SLICE("{"), &root, NULL) == DOSIS_EINPUT,
        "it is refused without a list of problems too");
}


/* So deep, of whatever kind, that a careless reader overflows its stack. */
static void
check_bombs(void)
{
    static const struct {
        const char *piece;
        const char *fact;
    } rows[] = {
        { "[", "64 KiB of [ is refused" },
        { "{\"a\":", "64 KiB of objects in objects is refused" },
        { "[{\"a\":", "64 KiB of both in turn is refused" },
    };
    char *text = malloc(BOMB_BYTES);
    dosis_json_t *root = NULL;
    size_t len;
    size_t i;

    for (i = 0; text != NULL && i < ROWS(rows); i++) {
        dosis_err_t err = { 0 };

        for (len = 0; len + 8 < BOMB_BYTES; len += strlen(rows[i].piece)) {
            memcpy(text + len, rows[i].piece, strlen(rows[i].piece));
        }
        CHECK(dosis_json_parse(dosis_slice(text, len), &root, &err)
                    == DOSIS_EINPUT
                && strstr(err.item[0].text, "te diep genest") != NULL,
            rows[i].fact);
    }
    free(text);
    CHECK(i == ROWS(rows), "all of them were tried");
}


static bool
escapes_to(dosis_slice_t text, const char *escaped)
{
    dosis_buf_t buf;
    dosis_buf_t back;
    bool right;

    dosis_buf_init(&buf, 1000);
    dosis_buf_init(&back, 1000);
    dosis_json_escape(&buf, text);
    right = dosis_slice_eq(dosis_buf_slice(&buf), dosis_slice_of(escaped))
        && dosis_json_unescape(&back, dosis_buf_slice(&buf)) == DOSIS_OK
        && dosis_slice_eq(dosis_buf_slice(&back), text);
    dosis_buf_done(&buf);
    dosis_buf_done(&back);
    return right;
}


static void
check_escape(void)
{
    static const struct {
        dosis_slice_t text;
        const char *escaped;
    } rows[] = {
        { { "", 0 }, "" },
        { { "gewone tekst, wat langer", 24 }, "gewone tekst, wat langer" },
        { { "\"", 1 }, "\\\"" },
        { { "\\", 1 }, "\\\\" },
        { { "/", 1 }, "/" },
        { { "\b\f\n\r\t", 5 }, "\\b\\f\\n\\r\\t" },
        { { "\0", 1 }, "\\u0000" },
        { { "\x1F", 1 }, "\\u001f" },
        { { "\x20\x7F", 2 }, "\x20\x7F" },
        { { "café € 😀 \xC2\x80", 17 }, "café € 😀 \xC2\x80" },
        { { "1234567\"", 8 }, "1234567\\\"" },
        { { "12345678\"", 9 }, "12345678\\\"" },
        { { "a\"b\\c\nd", 7 }, "a\\\"b\\\\c\\nd" },
    };
    size_t i;

    for (i = 0; i < ROWS(rows); i++) {
        char fact[64];

        snprintf(fact, sizeof(fact), "escape, row %zu, there and back", i);
        CHECK(escapes_to(rows[i].text, rows[i].escaped), fact);
    }
}


/* Each byte at each place of a word, among bytes on both sides of ASCII. */
static void
check_escape_all(void)
{
    char text[17];
    char expected[32];
    unsigned byte;
    unsigned fill;
    size_t at;
    size_t len;
    bool plain;
    unsigned right = 0;

    for (fill = 0; fill < 2; fill++) {
        for (byte = 0x80 * fill; byte < 0x80 + 0x80 * fill; byte++) {
            plain = byte >= 0x20 && byte != '"' && byte != '\\';
            for (at = 0; at < sizeof(text); at++) {
                dosis_buf_t buf;

                memset(text, fill == 0 ? 0xFF : '!', sizeof(text));
                text[at] = (char) byte;
                dosis_buf_init(&buf, 100);
                dosis_json_escape(&buf, dosis_slice(text, sizeof(text)));
                memcpy(expected, text, sizeof(text));
                len = plain ? sizeof(text) : buf.len;
                right += buf.rc == DOSIS_OK && buf.len == len
                    && (plain ? memcmp(buf.data, text, len) == 0
                              : buf.len > sizeof(text)
                                && memcmp(buf.data, text, at) == 0
                                && buf.data[at] == '\\'
                                && memcmp(buf.data + buf.len
                                           - (sizeof(text) - at - 1),
                                       text + at + 1, sizeof(text) - at - 1)
                                    == 0);
                dosis_buf_done(&buf);
            }
        }
    }
    CHECK(right == 256 * sizeof(text),
        "every byte at every place is escaped when it must be, else not");
}


static void
check_unescape(void)
{
    static const struct {
        const char *escaped;
        const char *text; /* NULL: refused */
    } rows[] = {
        { "", "" },
        { "\\/", "/" },
        { "\\u0041\\u00e9\\u20AC", "Aé€" },
        { "\\uD83D\\uDE00!", "😀!" },
        { "\\uD800\\uDC00", "\xF0\x90\x80\x80" },
        { "\\uDBFF\\uDFFF", "\xF4\x8F\xBF\xBF" },
        { "\\", NULL },
        { "a\\", NULL },
        { "\\x", NULL },
        { "\\u", NULL },
        { "\\u004", NULL },
        { "\\u00g1", NULL },
        { "\\uD83D", NULL },
        { "\\uD83Dx", NULL },
        { "\\uD83D\\n12345", NULL },
        { "\\uD83D\\u0041", NULL },
        { "\\uD83D\\uD83D", NULL },
        { "\\uD83D\\uDE0", NULL },
        { "\\uDE00", NULL },
        { "\"", NULL },
        { "\n", NULL },
    };
    dosis_buf_t buf;
    dosis_rc_t rc;
    char fact[64];
    char memory[2];
    size_t i;

    dosis_buf_init(&buf, 1000);
    for (i = 0; i < ROWS(rows); i++) {
        dosis_buf_reset(&buf);
        DOSIS_BUF_LIT(&buf, "kept");
        rc = dosis_json_unescape(&buf, dosis_slice_of(rows[i].escaped));
        snprintf(fact, sizeof(fact), "unescape '%s'",
            rows[i].escaped[0] == '\n' ? "line end" : rows[i].escaped);
        if (rows[i].text == NULL) {
            CHECK(rc == DOSIS_EFORMAT && buf.len == 4, fact);
        } else {
            CHECK(rc == DOSIS_OK && buf.len == 4 + strlen(rows[i].text)
                    && memcmp(buf.data + 4, rows[i].text, buf.len - 4) == 0,
                fact);
        }
    }
    dosis_buf_done(&buf);

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    CHECK(dosis_json_unescape(&buf, DOSIS_SLICE("abc")) == DOSIS_ELIMIT,
        "more than the buffer holds is ELIMIT");
}


static void
check_members(void)
{
    dosis_buf_t buf;

    dosis_buf_init(&buf, 1000);
    dosis_buf_add_byte(&buf, '{');
    dosis_json_add_member(&buf, "Naam", DOSIS_SLICE("a \"b\""));
    dosis_buf_add_byte(&buf, ',');
    dosis_json_add_member(&buf, "Detail1", dosis_slice(NULL, 0));
    dosis_buf_add_byte(&buf, ',');
    dosis_json_add_member(&buf, "Rol", DOSIS_SLICE(""));
    dosis_buf_add_byte(&buf, '}');
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf),
              DOSIS_SLICE(
                  "{\"Naam\":\"a \\\"b\\\"\",\"Detail1\":null,\"Rol\":\"\"}")),
        "members are written, an absent one as null");
    dosis_buf_done(&buf);

    dosis_buf_init(&buf, 1000);
    dosis_json_add_string(&buf, DOSIS_SLICE("regel\n"));
    CHECK(dosis_slice_eq(dosis_buf_slice(&buf), DOSIS_SLICE("\"regel\\n\"")),
        "a string stands between quotes");
    dosis_buf_done(&buf);
}


int
main(void)
{
    dosis_json_init();
    dosis_json_init();

    check_kinds();
    check_values();
    check_other_kinds();
    check_walk();
    check_refused();
    check_error_text();
    check_bombs();
    check_escape();
    check_escape_all();
    check_unescape();
    check_members();

    return tap_done();
}
