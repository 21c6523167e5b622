/* SPDX-License-Identifier: EUPL-1.2 */
/* A query is cut into its pairs, and each text decoded or refused. */

#include <stdlib.h>

#include "../lib/tap.h"
#include "base/dosis_args.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))


static void
check_pairs(void)
{
    /* Each pair as name=value; between them a blank. */
    static const struct {
        const char *query;
        const char *pairs;
    } rows[] = {
        { "", "" },
        { "a", "a=" },
        { "a=", "a=" },
        { "a=b", "a=b" },
        { "=b", "=b" },
        { "=", "=" },
        { "a=b=c", "a=b=c" },
        { "&", "" },
        { "&&&", "" },
        { "a=1&b=2", "a=1 b=2" },
        { "&a=1&&b&", "a=1 b=" },
        { "a=%26&b", "a=%26 b=" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[64] = "";
        size_t len = 0;
        dosis_slice_t query = dosis_slice_of(rows[i].query);
        dosis_slice_t name, value;

        while (dosis_args_next(&query, &name, &value)) {
            len += (size_t) snprintf(text + len, sizeof(text) - len,
                "%s%.*s=%.*s", len == 0 ? "" : " ", (int) name.len, name.data,
                (int) value.len, value.data);
        }
        CHECK(strcmp(text, rows[i].pairs) == 0 && query.len == 0,
            rows[i].query);
    }
}


static void
check_texts(dosis_arena_t *arena)
{
    static const struct {
        dosis_slice_t from;
        const char *to; /* NULL: refused */
        const char *fact;
    } rows[] = {
        { DOSIS_SLICE(""), "", "nothing is the empty text" },
        { DOSIS_SLICE("abc"), "abc", "a plain text is itself" },
        { DOSIS_SLICE("a+b%20c"), "a b c", "plus and %20 are blanks" },
        { DOSIS_SLICE("%2B%26%3d"), "+&=", "escapes in either case" },
        { DOSIS_SLICE("%c3%A9"), "\xC3\xA9", "UTF-8 in escapes" },
        { DOSIS_SLICE("%"), NULL, "an escape that is cut" },
        { DOSIS_SLICE("%4"), NULL, "one that is cut later" },
        { DOSIS_SLICE("%4g"), NULL, "one that is no hex" },
        { DOSIS_SLICE("%+1"), NULL, "a sign is no hex" },
        { DOSIS_SLICE("%00"), NULL, "a NUL" },
        { DOSIS_SLICE("a\0b"), NULL, "a NUL that is not escaped" },
        { DOSIS_SLICE("%c3"), NULL, "half a character" },
        { DOSIS_SLICE("%ed%a0%80"), NULL, "a surrogate" },
        { DOSIS_SLICE("\xFF"), NULL, "no UTF-8" },
        { DOSIS_SLICE("%2541"), "%41", "decoded once, not twice" },
    };

    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_slice_t text = { NULL, 0 };
        dosis_rc_t rc = dosis_args_decode(arena, rows[i].from, &text);

        CHECK(rows[i].to == NULL
                ? rc == DOSIS_EFORMAT
                : rc == DOSIS_OK && text.data != NULL
                    && dosis_slice_eq(text, dosis_slice_of(rows[i].to)),
            rows[i].fact);
    }
}


int
main(void)
{
    static char large[4096];
    dosis_arena_t *arena = dosis_arena_create(1024);
    dosis_slice_t text;

    check_pairs();
    check_texts(arena);
    memset(large, 'x', sizeof(large));
    CHECK(dosis_args_decode(arena, dosis_slice(large, sizeof(large)), &text)
            == DOSIS_ENOMEM,
        "more than the arena holds");
    dosis_arena_free(arena);

    return tap_done();
}
