/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_json.h"
#include "base/base_json.h"
#include "base/dosis_text.h"

#include <jansson.h>

#define JSON_PARSE_FLAGS                                                       \
    (JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL)
#define JSON_CODE "JsonOngeldig"

#define WORD_ONES UINT64_C(0x0101010101010101)
#define WORD_HIGHS UINT64_C(0x8080808080808080)

typedef struct {
    enum json_error_code code;
    const char *reason;
} json_reason_t;

/* Our own words: the library's may quote the input. */
static const json_reason_t json_reasons[] = {
    { json_error_stack_overflow, "te diep genest" },
    { json_error_invalid_utf8, "geen geldige UTF-8" },
    { json_error_premature_end_of_input, "houdt te vroeg op" },
    { json_error_end_of_input_expected, "er volgt nog iets na het einde" },
    { json_error_duplicate_key, "een veld staat er tweemaal" },
    { json_error_numeric_overflow, "een getal is te groot" },
    { json_error_null_byte_in_key, "een veldnaam bevat een nulteken" },
};


/* A value that was made begins as one of the library does. */
_Static_assert(offsetof(json_t, type) == offsetof(base_json_t, mark)
        && sizeof(((json_t *) NULL)->type)
            == sizeof(((base_json_t *) NULL)->mark)
        && JSON_NULL < BASE_JSON_MADE,
    "a made value can be told from a parsed one");


void
dosis_json_init(void)
{
    json_object_seed(0);
}


static const char *
json_reason(enum json_error_code code)
{
    size_t i;

    for (i = 0; i < sizeof(json_reasons) / sizeof(json_reasons[0]); i++) {
        if (json_reasons[i].code == code) {
            return json_reasons[i].reason;
        }
    }
    return "schrijffout";
}


/* Editors and some clients put one before UTF-8. */
static dosis_slice_t
json_without_bom(dosis_slice_t text)
{
    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) {
        return dosis_slice(text.data + 3, text.len - 3);
    }
    return text;
}


dosis_rc_t
dosis_json_parse(dosis_slice_t text, dosis_json_t **ret_root, dosis_err_t *err)
{
    json_t *root;
    json_error_t error;

    text = json_without_bom(text);
    root = json_loadb(
        text.len == 0 ? "" : text.data, text.len, JSON_PARSE_FLAGS, &error);
    if (root != NULL) {
        *ret_root = (dosis_json_t *) root;
        return DOSIS_OK;
    }

    if (json_error_code(&error) == json_error_out_of_memory) {
        return DOSIS_ENOMEM;
    }
    dosis_err_add(err, JSON_CODE, "",
        "De JSON is niet geldig: %s (regel %d, kolom %d).",
        json_reason(json_error_code(&error)), error.line, error.column);
    return DOSIS_EINPUT;
}


/* The library takes no const where it only reads. */
static inline json_t *
json_of(const dosis_json_t *value)
{
    return (json_t *) value;
}


void
dosis_json_free(dosis_json_t *root)
{
    if (base_json_of(root) == NULL) {
        json_decref((json_t *) root);
    }
}


dosis_json_kind_t
dosis_json_kind(const dosis_json_t *value)
{
    static const dosis_json_kind_t kinds[] = {
        [JSON_OBJECT] = DOSIS_JSON_OBJECT,
        [JSON_ARRAY] = DOSIS_JSON_ARRAY,
        [JSON_STRING] = DOSIS_JSON_STRING,
        [JSON_INTEGER] = DOSIS_JSON_INT,
        [JSON_REAL] = DOSIS_JSON_REAL,
        [JSON_TRUE] = DOSIS_JSON_BOOL,
        [JSON_FALSE] = DOSIS_JSON_BOOL,
        [JSON_NULL] = DOSIS_JSON_NULL,
    };
    const base_json_t *made = base_json_of(value);

    if (made != NULL) {
        return made->kind;
    }
    return (value == NULL) ? DOSIS_JSON_NULL
                           : kinds[json_typeof(json_of(value))];
}


const dosis_json_t *
dosis_json_get(const dosis_json_t *value, const char *name)
{
    const base_json_t *made = base_json_of(value);

    if (made != NULL) {
        return base_json_get(made, name);
    }
    return (const dosis_json_t *) json_object_get(json_of(value), name);
}


const dosis_json_t *
dosis_json_at(const dosis_json_t *value, size_t index)
{
    const base_json_t *made = base_json_of(value);

    if (made != NULL) {
        return base_json_at(made, index);
    }
    return (const dosis_json_t *) json_array_get(json_of(value), index);
}


size_t
dosis_json_count(const dosis_json_t *value)
{
    const json_t *json = json_of(value);
    const base_json_t *made = base_json_of(value);

    if (made != NULL) {
        return made->count;
    }
    return json_is_array(json) ? json_array_size(json) : json_object_size(json);
}


void *
dosis_json_next(const dosis_json_t *object, void *cursor, const char **ret_name,
    const dosis_json_t **ret_value)
{
    json_t *json = json_of(object);
    const base_json_t *made = base_json_of(object);
    void *iter;

    if (made != NULL) {
        return base_json_next(made, cursor, ret_name, ret_value);
    }
    iter = (cursor == NULL) ? json_object_iter(json)
                            : json_object_iter_next(json, cursor);
    if (iter != NULL) {
        *ret_name = json_object_iter_key(iter);
        *ret_value = (const dosis_json_t *) json_object_iter_value(iter);
    }
    return iter;
}


dosis_slice_t
dosis_json_string(const dosis_json_t *value)
{
    const json_t *json = json_of(value);
    const base_json_t *made = base_json_of(value);

    if (made != NULL) {
        return made->text;
    }
    return dosis_slice(json_string_value(json), json_string_length(json));
}


bool
dosis_json_bool(const dosis_json_t *value)
{
    const base_json_t *made = base_json_of(value);

    return made != NULL ? made->is : json_is_true(json_of(value));
}


int64_t
dosis_json_int(const dosis_json_t *value)
{
    return json_integer_value(json_of(value));
}


double
dosis_json_real(const dosis_json_t *value)
{
    return json_real_value(json_of(value));
}


static inline bool
json_needs_escape(uint8_t byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\';
}


/* Not 0 when one of 8 bytes is below n, 1 <= n <= 128. */
static inline uint64_t
word_has_below(uint64_t word, uint64_t n)
{
    return (word - WORD_ONES * n) & ~word & WORD_HIGHS;
}


static inline uint64_t
word_has_byte(uint64_t word, uint64_t byte)
{
    return word_has_below(word ^ (WORD_ONES * byte), 1);
}


/* How many bytes from `at` on go out as they are. */
static size_t
json_plain_length(dosis_slice_t text, size_t at)
{
    size_t end = at;
    uint64_t word;

    while (text.len - end >= sizeof(word)) {
        memcpy(&word, text.data + end, sizeof(word));
        if ((word_has_below(word, 0x20) | word_has_byte(word, '"')
                | word_has_byte(word, '\\'))
            != 0) {
            break;
        }
        end += sizeof(word);
    }
    while (end < text.len && !json_needs_escape((uint8_t) text.data[end])) {
        end++;
    }
    return end - at;
}


static void
json_add_escape(dosis_buf_t *buf, uint8_t byte)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[0x60] = { ['\b'] = 'b',
        ['\f'] = 'f',
        ['\n'] = 'n',
        ['\r'] = 'r',
        ['\t'] = 't',
        ['"'] = '"',
        ['\\'] = '\\' };
    char text[6] = { '\\', letters[byte] };

    if (letters[byte] != '\0') {
        dosis_buf_add(buf, text, 2);
        return;
    }
    memcpy(text + 1, "u00", 3);
    text[4] = hex[byte >> 4];
    text[5] = hex[byte & 0x0F];
    dosis_buf_add(buf, text, sizeof(text));
}


void
dosis_json_escape(dosis_buf_t *buf, dosis_slice_t text)
{
    size_t at = 0;
    size_t len;

    while (at < text.len) {
        len = json_plain_length(text, at);
        dosis_buf_add(buf, text.data + at, len);
        at += len;
        if (at < text.len) {
            json_add_escape(buf, (uint8_t) text.data[at]);
            at++;
        }
    }
}


void
dosis_json_add_string(dosis_buf_t *buf, dosis_slice_t text)
{
    dosis_buf_add_byte(buf, '"');
    dosis_json_escape(buf, text);
    dosis_buf_add_byte(buf, '"');
}


void
dosis_json_add_member(dosis_buf_t *buf, const char *name, dosis_slice_t text)
{
    dosis_buf_add_byte(buf, '"');
    dosis_buf_add(buf, name, strlen(name));
    DOSIS_BUF_LIT(buf, "\":");
    if (text.data == NULL) {
        DOSIS_BUF_LIT(buf, "null");
    } else {
        dosis_json_add_string(buf, text);
    }
}


/* The four hex digits at `at`, or -1. */
static int
json_hex4(dosis_slice_t text, size_t at)
{
    uint8_t bytes[2];

    if (text.len < 4 || at > text.len - 4
        || !dosis_hex_decode(bytes, 2, dosis_slice(text.data + at, 4))) {
        return -1;
    }
    return bytes[0] << 8 | bytes[1];
}


static void
json_add_utf8(dosis_buf_t *buf, uint32_t point)
{
    char bytes[4];
    size_t len = 0;

    if (point < 0x80) {
        bytes[len++] = (char) point;
    } else if (point < 0x800) {
        bytes[len++] = (char) (0xC0 | point >> 6);
        bytes[len++] = (char) (0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        bytes[len++] = (char) (0xE0 | point >> 12);
        bytes[len++] = (char) (0x80 | (point >> 6 & 0x3F));
        bytes[len++] = (char) (0x80 | (point & 0x3F));
    } else {
        bytes[len++] = (char) (0xF0 | point >> 18);
        bytes[len++] = (char) (0x80 | (point >> 12 & 0x3F));
        bytes[len++] = (char) (0x80 | (point >> 6 & 0x3F));
        bytes[len++] = (char) (0x80 | (point & 0x3F));
    }
    dosis_buf_add(buf, bytes, len);
}


/* What stands behind \u at `at`; returns the bytes used, 0 when it is wrong. */
static size_t
json_unescape_point(dosis_buf_t *buf, dosis_slice_t text, size_t at)
{
    int high = json_hex4(text, at);
    int low;

    if (high < 0 || (high >= 0xDC00 && high <= 0xDFFF)) {
        return 0;
    }
    if (high < 0xD800 || high > 0xDBFF) {
        json_add_utf8(buf, (uint32_t) high);
        return 4;
    }

    /* half of a pair: \uD83D\uDE00 */
    if (text.len - at < 10 || memcmp(text.data + at + 4, "\\u", 2) != 0) {
        return 0;
    }
    low = json_hex4(text, at + 6);
    if (low < 0xDC00 || low > 0xDFFF) {
        return 0;
    }
    json_add_utf8(buf,
        0x10000 + ((uint32_t) (high - 0xD800) << 10)
            + (uint32_t) (low - 0xDC00));
    return 10;
}


/* The escape at `at`; returns the bytes used, 0 when it is wrong. */
static size_t
json_unescape_one(dosis_buf_t *buf, dosis_slice_t text, size_t at)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char bytes[] = "\"\\/\b\f\n\r\t";
    const char *letter;
    size_t used;

    if (text.data[at] != '\\' || text.len - at < 2) {
        return 0;
    }
    if (text.data[at + 1] == 'u') {
        used = json_unescape_point(buf, text, at + 2);
        return (used == 0) ? 0 : used + 2;
    }

    letter = memchr(letters, text.data[at + 1], sizeof(letters) - 1);
    if (letter == NULL) {
        return 0;
    }
    dosis_buf_add_byte(buf, bytes[letter - letters]);
    return 2;
}


dosis_rc_t
dosis_json_unescape(dosis_buf_t *buf, dosis_slice_t escaped)
{
    size_t before = buf->len;
    size_t at = 0;
    size_t len;

    while (at < escaped.len) {
        len = json_plain_length(escaped, at);
        dosis_buf_add(buf, escaped.data + at, len);
        at += len;
        if (at == escaped.len) {
            break;
        }
        len = json_unescape_one(buf, escaped, at);
        if (len == 0) {
            buf->len = before;
            return DOSIS_EFORMAT;
        }
        at += len;
    }
    return buf->rc;
}
