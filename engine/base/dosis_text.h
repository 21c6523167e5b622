/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_text.h: hex, base64, base32, UTF-8, UUIDs, small comparisons.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     false or DOSIS_EFORMAT when the text is not of the form
 */

#ifndef DOSIS_BASE_DOSIS_TEXT_H
#define DOSIS_BASE_DOSIS_TEXT_H

#include "base/dosis_buf.h"

/* to has room for 2 * from.len + 1; lower case, NUL behind it. */
void dosis_hex_encode(char *to, dosis_slice_t from);

/* Exactly len bytes; either case. */
bool dosis_hex_decode(void *to, size_t len, dosis_slice_t from);

/* base64url without padding. */
void dosis_base64url_encode(dosis_buf_t *to, dosis_slice_t from);

/* Strict: no padding, no blanks, no other alphabet, no stray bits. */
DOSIS_CHECK dosis_rc_t dosis_base64url_decode(dosis_buf_t *to,
    dosis_slice_t from);

/* RFC 4648 base32, lower case, no padding: 16 bytes give 26 characters. */
#define DOSIS_ID_BYTES  16
#define DOSIS_ID_TEXT   26
void dosis_id_encode(char to[DOSIS_ID_TEXT + 1],
    const uint8_t id[DOSIS_ID_BYTES]);
bool dosis_id_decode(uint8_t to[DOSIS_ID_BYTES], dosis_slice_t from);

bool dosis_utf8_valid(dosis_slice_t text);

/* No byte that stands for no character. */
bool dosis_text_is_windows_1252(dosis_slice_t text);

/* Adds it as UTF-8; U+FFFD for a byte that stands for no character. */
void dosis_text_add_windows_1252(dosis_buf_t *to, dosis_slice_t text);

/* ASCII case-insensitive. */
bool dosis_text_ieq(dosis_slice_t a, dosis_slice_t b);

/* Without blanks (space, tab) at both ends. */
dosis_slice_t dosis_text_trim(dosis_slice_t text);

/* All digits, at least one. */
bool dosis_text_is_digits(dosis_slice_t text);

/* 8-4-4-4-12 hex digits, either case. */
#define DOSIS_UUID_TEXT 36
bool dosis_uuid_valid(dosis_slice_t text);

/* random: 16 bytes; to: a version 4 UUID, lower case, NUL behind it. */
void dosis_uuid_encode(char to[DOSIS_UUID_TEXT + 1], const uint8_t random[16]);

/*
 * Blanks national numbers in place, for logs. Returns how many stretches it
 * found: 0 means that nothing was changed.
 *
 * A stretch is 11 digits, two neighbours apart by nothing or by one of
 * ". - / + blank", with no digit right before its first or right after its
 * last. Each digit of it becomes 'x'. Stretches may overlap; then all go. So
 * 85.07.30-007.54 goes, also in v1/85.07.30-007.54 (where a separator joins
 * it to another digit), while a run of 10 or of 12 digits stays, as does a
 * moment such as 2026-11-20T11:16:50.52.
 *
 * The text is read as it is, with %XX as the byte it stands for, and with
 * %25XX so too; what is a stretch in any of the three goes, and counts once
 * in each. So %20 and %2D are separators, the digits of %22 are not part of
 * a number behind it, and an escaped digit (%38) becomes %78.
 */
unsigned dosis_text_blank_numbers(char *text, size_t len);

#endif
