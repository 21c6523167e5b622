/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_url.h"

#include "base/dosis_text.h"
#include "domain/dosis_agent.h"
#include "domain/dosis_dossier.h"

#define INSZ_DIGITS 11


static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}


static bool
is_host_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (unsigned char) c >= 0x80 || c == '-' || c == '.' || c == '_';
}


/* 0 when it is neither http nor https. */
static size_t
scheme_len(dosis_slice_t url)
{
    static const dosis_slice_t schemes[] = { { "https://", 8 },
        { "http://", 7 } };

    for (size_t i = 0; i < 2; i++) {
        size_t len = schemes[i].len;

        if (url.len > len
            && dosis_text_ieq(dosis_slice(url.data, len), schemes[i])) {
            return len;
        }
    }

    return 0;
}


/* [ipv6], brackets included; 0 when it is not closed. */
static size_t
literal_len(dosis_slice_t rest)
{
    size_t len = 1;

    while (len < rest.len && rest.data[len] != ']') {
        if (memchr("0123456789abcdefABCDEF:.", rest.data[len], 24) == NULL) {
            return 0;
        }
        len++;
    }

    return len < rest.len && len > 2 ? len + 1 : 0;
}


/* Up to the port, the path, the question or the end. */
static size_t
host_len(dosis_slice_t rest)
{
    size_t len = 0;

    if (rest.len > 0 && rest.data[0] == '[') {
        return literal_len(rest);
    }

    while (len < rest.len && is_host_char(rest.data[len])) {
        len++;
    }

    return len;
}


static bool
authority_valid(dosis_slice_t rest)
{
    size_t at = host_len(rest);
    size_t port;

    if (at == 0) {
        return false;
    }

    if (at < rest.len && rest.data[at] == ':') {
        for (port = ++at; at < rest.len && is_digit(rest.data[at]); at++) {
        }

        if (at == port || at - port > 5) {
            return false;
        }
    }

    return at == rest.len || rest.data[at] == '/' || rest.data[at] == '?'
        || rest.data[at] == '#';
}


bool
dosis_url_valid(dosis_slice_t url)
{
    size_t scheme = scheme_len(url);

    if (scheme == 0 || url.len > DOSIS_URL_MAX) {
        return false;
    }

    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char) url.data[i];

        if (c <= ' ' || c == 0x7f || memchr("\"'<>\\`", c, 6) != NULL) {
            return false;
        }
    }

    return authority_valid(dosis_slice(url.data + scheme, url.len - scheme));
}


static size_t
percent_decode(dosis_slice_t url, char to[DOSIS_URL_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < url.len && len < DOSIS_URL_MAX; i++) {
        unsigned char byte;

        if (url.data[i] == '%' && url.len - i > 2
            && dosis_hex_decode(&byte, 1, dosis_slice(url.data + i + 1, 2))) {
            to[len++] = (char) byte;
            i += 2;
        } else {
            to[len++] = url.data[i];
        }
    }

    return len;
}


/* A national number that starts at the first byte. */
static bool
starts_with_insz(const char *text, size_t len)
{
    /* A separator may stand in front of these digits. */
    static const bool group[INSZ_DIGITS] = {
        [2] = true, [4] = true, [6] = true, [9] = true
    };
    char digits[INSZ_DIGITS];
    size_t count = 0;
    size_t i = 0;

    while (count < INSZ_DIGITS && i < len) {
        if (is_digit(text[i])) {
            digits[count++] = text[i++];
        } else if (group[count] && is_digit(text[i - 1])
            && memchr(".-/ +", text[i], 5) != NULL) {
            i++;
        } else {
            return false;
        }
    }

    return count == INSZ_DIGITS && (i == len || !is_digit(text[i]))
        && dosis_insz_valid(dosis_slice(digits, INSZ_DIGITS));
}


bool
dosis_url_holds_insz(dosis_slice_t url)
{
    char text[DOSIS_URL_MAX];
    size_t len = percent_decode(url, text);

    for (size_t i = 0; i < len; i++) {
        bool starts = is_digit(text[i]) && (i == 0 || !is_digit(text[i - 1]));

        if (starts && starts_with_insz(text + i, len - i)) {
            return true;
        }
    }

    return false;
}
