/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_ankers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/dosis_file.h"
#include "base/dosis_text.h"
#include "ctl/ctl_commands.h"
#include "ctl/ctl_home.h"

#define FILE_MAX ((size_t) 8 << 20)

/* What verifies a signed one, and where its places go. */
typedef struct {
    dosis_reader_t *reader;
    dosis_jwks_t *keys;     /* NULL: those of the store */
    ctl_ankers_t *known;
} ankers_t;


static int
add_at(ankers_t *ankers, const dosis_ledger_at_t *at)
{
    ctl_ankers_t *known = ankers->known;

    if (known->count == CTL_ANKERS_MAX) {
        ctl_say("more anchors than %d", CTL_ANKERS_MAX);
        return CTL_FAILED;
    }
    known->at[known->count++] = *at;
    return CTL_FINE;
}


/* "12:9f86d0...", as `kop` prints it and the engine logs it. */
static int
add_plain(ankers_t *ankers, dosis_slice_t text)
{
    char copy[96];
    char *end;
    dosis_ledger_at_t at;

    if (text.len < sizeof(copy)) {
        memcpy(copy, text.data, text.len);
        copy[text.len] = '\0';
        errno = 0;
        at.seq = strtoull(copy, &end, 10);
        if (errno == 0 && *end == ':'
            && dosis_hex_decode(
                at.hash, sizeof(at.hash), dosis_slice_of(end + 1))) {
            return add_at(ankers, &at);
        }
    }
    ctl_say("--anker wants what 'dosisctl inzage anker' or 'kop' printed");
    return CTL_FAILED;
}


static int
add_signed(ankers_t *ankers, dosis_slice_t jws)
{
    int code;
    dosis_anker_t anker;
    dosis_rc_t rc = ankers->keys != NULL
        ? dosis_anker_open(jws, ankers->keys, &anker)
        : dosis_anker_check(ankers->reader, jws, &anker);

    if (rc == DOSIS_EDENIED) {
        ctl_say("an anchor is not signed with a key of %s",
            ankers->keys != NULL ? "the key set" : "this store");
        return CTL_FOUND;
    }
    if (rc != DOSIS_OK) {
        ctl_say("a signed anchor could not be read: %s", dosis_rc_text(rc));
        return CTL_FAILED;
    }
    code = add_at(ankers, &anker.kop);
    return code == CTL_FINE && anker.begin.seq > 0
        ? add_at(ankers, &anker.begin)
        : code;
}


static int
add_one(ankers_t *ankers, dosis_slice_t text)
{
    if (memchr(text.data, '.', text.len) != NULL) {
        return add_signed(ankers, text);
    }
    return add_plain(ankers, text);
}


static int
add_lines(ankers_t *ankers, dosis_slice_t text)
{
    int code = CTL_FINE;
    dosis_slice_t line;
    const char *end;

    while (text.len > 0 && code == CTL_FINE) {
        end = memchr(text.data, '\n', text.len);
        line = dosis_slice(text.data,
            end == NULL ? text.len : (size_t) (end - text.data));
        text.data += line.len;
        text.len -= line.len;
        if (text.len > 0) {
            text.data++;
            text.len--;
        }
        if (line.len > 0) {
            code = add_one(ankers, line);
        }
    }
    return code;
}


static int
add_file(ankers_t *ankers, const char *path)
{
    int code;
    dosis_buf_t text;
    dosis_rc_t rc;

    dosis_buf_init(&text, FILE_MAX);
    rc = dosis_file_read(path, FILE_MAX, &text);
    if (rc == DOSIS_OK) {
        code = add_lines(ankers, dosis_buf_slice(&text));
    } else {
        ctl_say("%s: no anchor, and no file of them: %s", path,
            dosis_rc_text(rc));
        code = CTL_FAILED;
    }
    dosis_buf_done(&text);
    return code;
}


/* A digit and a colon, or how a JWS begins; else it names a file. */
static int
add_given(ankers_t *ankers, const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (strncmp(text, "eyJ", 3) == 0 || (digits > 0 && text[digits] == ':')) {
        return add_one(ankers, dosis_slice_of(text));
    }
    return add_file(ankers, text);
}


static int
load_keys(const char *path, dosis_jwks_t **ret_keys)
{
    dosis_buf_t text;
    dosis_rc_t rc;

    if (path == NULL) {
        return CTL_FINE;
    }
    dosis_buf_init(&text, DOSIS_JWKS_TEXT_MAX);
    rc = dosis_file_read(path, DOSIS_JWKS_TEXT_MAX, &text);
    if (rc == DOSIS_OK) {
        rc = dosis_jwks_parse(dosis_buf_slice(&text), ret_keys);
    }
    dosis_buf_done(&text);
    if (rc != DOSIS_OK) {
        ctl_say("%s: no key set: %s", path, dosis_rc_text(rc));
    }
    return rc == DOSIS_OK ? CTL_FINE : CTL_FAILED;
}


int
ctl_ankers_read(dosis_store_t *store, const ctl_ankers_given_t *given,
    ctl_ankers_t *ret_known)
{
    int code;
    size_t i;
    dosis_rc_t rc;
    ankers_t ankers = { .known = ret_known };

    ret_known->count = 0;
    code = load_keys(given->sleutels, &ankers.keys);
    if (code != CTL_FINE) {
        return code;
    }
    rc = dosis_reader_create(store, &ankers.reader);
    if (rc == DOSIS_OK) {
        rc = dosis_reader_begin(ankers.reader);
    }
    if (rc == DOSIS_OK) {
        for (i = 0; code == CTL_FINE && i < given->count; i++) {
            code = add_given(&ankers, given->text[i]);
        }
        dosis_reader_end(ankers.reader);
    } else {
        ctl_say("store not read: %s", dosis_rc_text(rc));
        code = CTL_FAILED;
    }
    dosis_reader_free(ankers.reader);
    dosis_jwks_free(ankers.keys);
    return code;
}
