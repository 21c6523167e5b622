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


/* --- where a browser may be sent ----------------------------------------- */

#define HTTPS_LEN ((size_t) 8)


/* Eight at a time. */
static bool
is_ascii(dosis_slice_t text)
{
    uint64_t word;
    uint64_t seen = 0;
    size_t i = 0;

    for (; i + sizeof(word) <= text.len; i += sizeof(word)) {
        memcpy(&word, text.data + i, sizeof(word));
        seen |= word;
    }
    for (; i < text.len; i++) {
        seen |= (unsigned char) text.data[i];
    }

    return (seen & UINT64_C(0x8080808080808080)) == 0;
}


static bool
is_https(dosis_slice_t url)
{
    return url.len > HTTPS_LEN
        && (memcmp(url.data, "https://", HTTPS_LEN) == 0
            || scheme_len(url) == HTTPS_LEN);
}


static bool
host_matches(dosis_slice_t host, dosis_slice_t allowed)
{
    size_t front;

    if (allowed.len < 2 || memcmp(allowed.data, "*.", 2) != 0) {
        return dosis_text_ieq(host, allowed);
    }

    if (host.len < allowed.len) {
        return false;
    }

    front = host.len - (allowed.len - 1);

    return host.data[0] != '.'
        && dosis_text_ieq(dosis_slice(host.data + front, allowed.len - 1),
            dosis_slice(allowed.data + 1, allowed.len - 1));
}


bool
dosis_url_host_may_open(
    dosis_slice_t url, const dosis_slice_t *hosts, size_t count)
{
    dosis_slice_t host;
    bool allowed = count == 0;

    if (!is_https(url)) {
        return false;
    }

    if (count == 0 && is_ascii(url)) {
        return true;
    }

    host = dosis_slice(url.data + HTTPS_LEN, url.len - HTTPS_LEN);
    host.len = host_len(host);
    for (size_t i = 0; i < count; i++) {
        allowed = allowed || host_matches(host, hosts[i]);
    }

    return allowed && host.len > 0 && is_ascii(host);
}


bool
dosis_url_may_open(dosis_slice_t url, const dosis_slice_t *hosts, size_t count)
{
    return dosis_url_valid(url) && dosis_url_host_may_open(url, hosts, count)
        && !dosis_url_holds_insz(url);
}


dosis_slice_t
dosis_url_origin(dosis_slice_t url)
{
    size_t len = HTTPS_LEN;

    while (len < url.len && strchr("/?#", url.data[len]) == NULL) {
        len++;
    }

    return dosis_slice(url.data, len);
}


static void
add_encoded(dosis_buf_t *to, dosis_slice_t text, const char *plain)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char) text.data[i];

        if (is_digit(text.data[i]) || (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z')
            || (c < 0x80 && c > ' ' && strchr(plain, c) != NULL)) {
            dosis_buf_add_byte(to, text.data[i]);
        } else {
            dosis_buf_addf(to, "%%%02X", c);
        }
    }
}


void
dosis_url_add(dosis_buf_t *to, dosis_slice_t url,
    const dosis_url_param_t *params, size_t count)
{
    static const char as_it_is[] = "-._~:/?#[]@!$&()*+,;=%|{}^";
    const char *hash = memchr(url.data, '#', url.len);
    size_t front = hash == NULL ? url.len : (size_t) (hash - url.data);
    bool asks = memchr(url.data, '?', front) != NULL;

    add_encoded(to, dosis_slice(url.data, front), as_it_is);
    for (size_t i = 0; i < count; i++) {
        dosis_buf_addf(to, "%c%s=", asks ? '&' : '?', params[i].name);
        add_encoded(to, params[i].value, "-._~");
        asks = true;
    }

    add_encoded(
        to, dosis_slice(url.data + front, url.len - front), as_it_is);
}
