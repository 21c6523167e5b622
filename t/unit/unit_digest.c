/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * unit_digest.c: published digests, of files of no, one and more blocks; the
 * UploadIds of rows.
 */
#include "crypto/dosis_digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_text.h"

#include "../lib/tap.h"

#define MILLION 1000000

static char dir[] = "/tmp/dosis-unit-XXXXXX";
static char path[256];


static bool
digest_is(dosis_slice_t content, const char *want)
{
    char hex[65];
    uint8_t sha256[32];
    uint64_t bytes = 99;

    if (dosis_file_replace(path, 0600, content) != DOSIS_OK
        || dosis_digest_file(path, sha256, &bytes) != DOSIS_OK) {
        return false;
    }
    dosis_hex_encode(hex, dosis_slice(sha256, sizeof(sha256)));
    return bytes == content.len && strcmp(hex, want) == 0;
}


static void
check_upload_id(void)
{
    uint8_t bestand[16];
    char text[37] = "";

    for (uint8_t i = 0; i < sizeof(bestand); i++) {
        bestand[i] = i;
    }
    CHECK(dosis_digest_upload_id(bestand, 2, text) == DOSIS_OK
            && strcmp(text, "e80b179f-4ae1-519e-904e-b84006e1b0cc") == 0,
        "a row of a file has one UploadId, a UUIDv5");
    CHECK(dosis_digest_upload_id(bestand, 3, text) == DOSIS_OK
            && strcmp(text, "40728594-2cda-5b8e-957b-5b424b62784d") == 0
            && dosis_uuid_valid(dosis_slice_of(text)),
        "the next row another one");
}


int
main(void)
{
    static char many[3 * MILLION];
    uint8_t sha256[32];
    uint64_t bytes;

    if (!CHECK(mkdtemp(dir) != NULL, "a directory to work in")) {
        return tap_done();
    }
    snprintf(path, sizeof(path), "%s/file", dir);
    memset(many, 'a', sizeof(many));
    CHECK(dosis_digest_file(path, sha256, &bytes) == DOSIS_ENOTFOUND,
        "no file has none");
    CHECK(dosis_digest_file(dir, sha256, &bytes) == DOSIS_EIO,
        "nor has a directory");
    CHECK(digest_is(DOSIS_SLICE(""),
              "e3b0c44298fc1c149afbf4c8996fb924"
              "27ae41e4649b934ca495991b7852b855"),
        "of nothing");
    CHECK(digest_is(DOSIS_SLICE("abc"),
              "ba7816bf8f01cfea414140de5dae2223"
              "b00361a396177a9cb410ff61f20015ad"),
        "of three letters");
    CHECK(digest_is(dosis_slice(many, MILLION),
              "cdc76e5c9914fb9281a1c7e284d73e67"
              "f1809a48a497200e046d39ccc7112cd0"),
        "of a million letters, as published");
    CHECK(digest_is(dosis_slice(many, sizeof(many)),
              "2a152c894398719c0570f83fac34ac03"
              "a0f6e8e474b995c2403aa5434f7b9dd4"),
        "of some blocks");
    check_upload_id();
    CHECK(unlink(path) == 0 && rmdir(dir) == 0, "nothing is left");
    return tap_done();
}
