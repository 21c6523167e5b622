/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_text.h"

#include <endian.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define BYTES(value) (UINT64_C(0x0101010101010101) * (value)) /* eight times */

static const char text_hex[] = "0123456789abcdef";
static const char text_base32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char text_base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "abcdefghijklmnopqrstuvwxyz0123456789-_";


static inline bool
text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}


static int
hex_value(char c)
{
    if (text_is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}


static int
base32_value(char c)
{
    if (c >= 'a' && c <= 'z') {
        return c - 'a';
    }
    if (c >= '2' && c <= '7') {
        return c - '2' + 26;
    }
    return -1;
}


static int
base64url_value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (text_is_digit(c)) {
        return c - '0' + 52;
    }
    if (c == '-') {
        return 62;
    }
    return (c == '_') ? 63 : -1;
}


void
dosis_hex_encode(char *to, dosis_slice_t from)
{
    size_t i;
    unsigned char byte;

    for (i = 0; i < from.len; i++) {
        byte = (unsigned char) from.data[i];
        *to++ = text_hex[byte >> 4];
        *to++ = text_hex[byte & 0x0F];
    }
    *to = '\0';
}


bool
dosis_hex_decode(void *to, size_t len, dosis_slice_t from)
{
    uint8_t *out = to;
    size_t i;
    int high;
    int low;

    if (from.len / 2 != len || from.len % 2 != 0) {
        return false;
    }

    for (i = 0; i < len; i++) {
        high = hex_value(from.data[2 * i]);
        low = hex_value(from.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t) (high << 4 | low);
    }
    return true;
}


void
dosis_base64url_encode(dosis_buf_t *to, dosis_slice_t from)
{
    const uint8_t *in = (const uint8_t *) from.data;
    size_t rest = from.len % 3;
    size_t len = from.len / 3 * 4 + (rest == 0 ? 0 : rest + 1);
    size_t i;
    uint32_t bits;
    char *out;

    if (len == 0) {
        return;
    }
    out = dosis_buf_grow(to, len);
    if (out == NULL) {
        return;
    }

    for (i = 0; i + 2 < from.len; i += 3) {
        bits = (uint32_t) in[i] << 16 | (uint32_t) in[i + 1] << 8 | in[i + 2];
        *out++ = text_base64url[bits >> 18];
        *out++ = text_base64url[bits >> 12 & 0x3F];
        *out++ = text_base64url[bits >> 6 & 0x3F];
        *out++ = text_base64url[bits & 0x3F];
    }
    if (rest > 0) {
        bits = (uint32_t) in[i] << 16;
        bits |= (rest == 2) ? (uint32_t) in[i + 1] << 8 : 0;
        *out++ = text_base64url[bits >> 18];
        *out++ = text_base64url[bits >> 12 & 0x3F];
    }
    if (rest == 2) {
        *out = text_base64url[bits >> 6 & 0x3F];
    }
}


dosis_rc_t
dosis_base64url_decode(dosis_buf_t *to, dosis_slice_t from)
{
    size_t len = from.len / 4 * 3 + from.len % 4 * 3 / 4;
    size_t before = to->len;
    size_t i;
    uint32_t bits = 0;
    unsigned held = 0;
    int value;
    char *out;

    if (from.len % 4 == 1) {
        return DOSIS_EFORMAT;
    }
    if (len == 0) {
        return to->rc;
    }
    out = dosis_buf_grow(to, len);
    if (out == NULL) {
        return to->rc;
    }

    for (i = 0; i < from.len; i++) {
        value = base64url_value(from.data[i]);
        if (value < 0) {
            break;
        }
        bits = bits << 6 | (uint32_t) value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            *out++ = (char) (bits >> held & 0xFF);
        }
    }
    if (i < from.len || (bits & ((1U << held) - 1)) != 0) {
        to->len = before;
        return DOSIS_EFORMAT;
    }
    return DOSIS_OK;
}


/* The lowest 40 bits as eight letters: five bits into each byte, then text. */
static inline void
base32_put_eight(char *to, uint64_t bits)
{
    uint64_t digits;

    bits = (bits & UINT64_C(0xFFFFF00000)) << 12 | (bits & 0xFFFFF);
    bits = (bits & UINT64_C(0x000FFC00000FFC00)) << 6
        | (bits & UINT64_C(0x000003FF000003FF));
    bits = (bits & UINT64_C(0x03E003E003E003E0)) << 3
        | (bits & UINT64_C(0x001F001F001F001F));
    /* 26 to 31 are the digits from 2: so much below what follows z */
    digits = (bits + BYTES(0x80 - 26)) >> 7 & BYTES(1);
    bits = htobe64(bits + BYTES('a') - digits * ('a' + 26 - '2'));
    memcpy(to, &bits, sizeof(bits));
}


/* 128 bits are 25 letters of 5 bits, and 3 bits: once per row of every list. */
void
dosis_id_encode(char to[DOSIS_ID_TEXT + 1], const uint8_t id[DOSIS_ID_BYTES])
{
    uint64_t high;
    uint64_t low;

    memcpy(&high, id, sizeof(high));
    memcpy(&low, id + sizeof(high), sizeof(low));
    high = be64toh(high);
    low = be64toh(low);
    base32_put_eight(to, high >> 24);
    base32_put_eight(to + 8, high << 16 | low >> 48);
    base32_put_eight(to + 16, low >> 8);
    to[24] = text_base32[low >> 3 & 0x1F];
    to[25] = text_base32[low << 2 & 0x1F];
    to[DOSIS_ID_TEXT] = '\0';
}


bool
dosis_id_decode(uint8_t to[DOSIS_ID_BYTES], dosis_slice_t from)
{
    uint8_t id[DOSIS_ID_BYTES];
    uint32_t bits = 0;
    unsigned held = 0;
    size_t len = 0;
    size_t i;
    int value;

    if (from.len != DOSIS_ID_TEXT) {
        return false;
    }

    for (i = 0; i < from.len; i++) {
        value = base32_value(from.data[i]);
        if (value < 0) {
            return false;
        }
        bits = bits << 5 | (uint32_t) value;
        held += 5;
        if (held >= 8) {
            held -= 8;
            id[len++] = (uint8_t) (bits >> held);
        }
    }
    if ((bits & ((1U << held) - 1)) != 0) {
        return false;
    }
    memcpy(to, id, sizeof(id));
    return true;
}


/* One lead byte: what it promises, and what its second byte may be. */
typedef struct {
    uint8_t from;
    uint8_t to;
    uint8_t more;
    uint8_t second_from;
    uint8_t second_to;
} utf8_lead_t;

/* Unicode table 3-7: no overlong form, no surrogate, nothing over 10FFFF. */
static const utf8_lead_t utf8_leads[] = {
    { 0xC2, 0xDF, 1, 0x80, 0xBF },
    { 0xE0, 0xE0, 2, 0xA0, 0xBF },
    { 0xE1, 0xEC, 2, 0x80, 0xBF },
    { 0xED, 0xED, 2, 0x80, 0x9F },
    { 0xEE, 0xEF, 2, 0x80, 0xBF },
    { 0xF0, 0xF0, 3, 0x90, 0xBF },
    { 0xF1, 0xF3, 3, 0x80, 0xBF },
    { 0xF4, 0xF4, 3, 0x80, 0x8F },
};


/* Bytes of the many-byte character at p, or 0. */
static size_t
utf8_length(const uint8_t *p, size_t left)
{
    const utf8_lead_t *lead = NULL;
    size_t i;

    for (i = 0; i < sizeof(utf8_leads) / sizeof(utf8_leads[0]); i++) {
        if (p[0] >= utf8_leads[i].from && p[0] <= utf8_leads[i].to) {
            lead = &utf8_leads[i];
            break;
        }
    }

    if (lead == NULL || left <= lead->more || p[1] < lead->second_from
        || p[1] > lead->second_to) {
        return 0;
    }
    for (i = 2; i <= lead->more; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return (size_t) lead->more + 1;
}


bool
dosis_utf8_valid(dosis_slice_t text)
{
    const uint8_t *p = (const uint8_t *) text.data;
    size_t at = 0;
    size_t len;
    uint64_t word;

    while (at < text.len) {
        if (text.len - at >= sizeof(word)) {
            memcpy(&word, p + at, sizeof(word));
            if ((word & HIGH_BITS) == 0) {
                at += sizeof(word);
                continue;
            }
        }
        len = (p[at] < 0x80) ? 1 : utf8_length(p + at, text.len - at);
        if (len == 0) {
            return false;
        }
        at += len;
    }
    return true;
}


static inline char
text_lower(char c)
{
    return (c >= 'A' && c <= 'Z') ? (char) (c - 'A' + 'a') : c;
}


bool
dosis_text_ieq(dosis_slice_t a, dosis_slice_t b)
{
    size_t i;

    if (a.len != b.len) {
        return false;
    }
    for (i = 0; i < a.len; i++) {
        if (text_lower(a.data[i]) != text_lower(b.data[i])) {
            return false;
        }
    }
    return true;
}


static inline bool
text_is_blank(char c)
{
    return c == ' ' || c == '\t';
}


dosis_slice_t
dosis_text_trim(dosis_slice_t text)
{
    while (text.len > 0 && text_is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && text_is_blank(text.data[text.len - 1])) {
        text.len--;
    }
    return text;
}


bool
dosis_text_is_digits(dosis_slice_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (!text_is_digit(text.data[i])) {
            return false;
        }
    }
    return text.len > 0;
}


static inline bool
uuid_is_hyphen(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}


bool
dosis_uuid_valid(dosis_slice_t text)
{
    size_t i;

    if (text.len != DOSIS_UUID_TEXT) {
        return false;
    }
    for (i = 0; i < text.len; i++) {
        if (uuid_is_hyphen(i) ? text.data[i] != '-'
                              : hex_value(text.data[i]) < 0) {
            return false;
        }
    }
    return true;
}


void
dosis_uuid_encode(char to[DOSIS_UUID_TEXT + 1], const uint8_t random[16])
{
    size_t i;
    size_t at = 0;
    uint8_t byte;

    for (i = 0; i < 16; i++) {
        byte = random[i];
        if (i == 6) {
            byte = (uint8_t) ((byte & 0x0F) | 0x40); /* version 4 */
        } else if (i == 8) {
            byte = (uint8_t) ((byte & 0x3F) | 0x80); /* RFC 9562 */
        }
        if (uuid_is_hyphen(at)) {
            to[at++] = '-';
        }
        to[at++] = text_hex[byte >> 4];
        to[at++] = text_hex[byte & 0x0F];
    }
    to[at] = '\0';
}
