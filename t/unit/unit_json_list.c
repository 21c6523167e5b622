/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_json.h"
#include "base/dosis_json_list.h"

#include <stdint.h>
#include <stdlib.h>

#define NO_ARRAY (-1)


/* How many elements, each a JSON value; NO_ARRAY when it is no JSON array. */
static int
count(dosis_slice_t text)
{
    int n = 0;
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_slice_t element;
    dosis_json_list_t list;

    dosis_json_list_init(&list, text);
    while ((rc = dosis_json_list_next(&list, &element)) == DOSIS_OK) {
        if (dosis_json_parse(element, &root, NULL) != DOSIS_OK) {
            return NO_ARRAY;
        }
        dosis_json_free(root);
        n++;
    }
    return rc == DOSIS_ENOTFOUND ? n : NO_ARRAY;
}


/* The same by the library's own reading of the whole. */
static int
count_whole(dosis_slice_t text)
{
    int n = NO_ARRAY;
    dosis_json_t *root;

    if (dosis_json_parse(text, &root, NULL) == DOSIS_OK) {
        if (dosis_json_kind(root) == DOSIS_JSON_ARRAY) {
            n = (int) dosis_json_count(root);
        }
        dosis_json_free(root);
    }
    return n;
}


static const struct {
    const char *text;
    int count;
} rows[] = {
    { "[]", 0 },
    { " [ \n ] \t", 0 },
    { "[1]", 1 },
    { "[1,2]", 2 },
    { " [ {} , [] , \"x\" ] ", 3 },
    { "[{\"a\":[1,2,{\"b\":\"],}\"}]},2]", 2 },
    { "[\"a,b\",\"]\",\"\\\"],\"]", 3 },
    { "[\"\\\\\",1]", 2 },
    { "[[[[[]]]],{}]", 2 },
    { "[null,true,false,0.5,-1]", 5 },
    { "\xef\xbb\xbf[1]", 1 },
    { "\xef\xbb\xbf [1,2]", 2 },
    { "[\xef\xbb\xbf" "1]", NO_ARRAY },
    { " \xef\xbb\xbf[1]", NO_ARRAY },
    { "", NO_ARRAY },
    { "{}", NO_ARRAY },
    { "1", NO_ARRAY },
    { "[", NO_ARRAY },
    { "[1", NO_ARRAY },
    { "[1,", NO_ARRAY },
    { "[1,]", NO_ARRAY },
    { "[,1]", NO_ARRAY },
    { "[,]", NO_ARRAY },
    { "[1}", NO_ARRAY },
    { "[1]]", NO_ARRAY },
    { "[1] x", NO_ARRAY },
    { "[1],", NO_ARRAY },
    { "[] []", NO_ARRAY },
    { "[1 2]", NO_ARRAY },
    { "[\"x]", NO_ARRAY },
    { "[\"x\\\"]", NO_ARRAY },
    { "[{]}", NO_ARRAY },
    { "[(]", NO_ARRAY },
    { "]", NO_ARRAY },
};


static void
check_rows(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        dosis_slice_t text = dosis_slice_of(rows[i].text);

        CHECK(count(text) == rows[i].count, rows[i].text);
        CHECK(count_whole(text) == rows[i].count,
            "and the JSON library says the same");
    }
}


/* Whatever comes, the two readings agree. */
static void
check_agreement(void)
{
    static const char alphabet[] = "[]{},:\"\\ 1atn\n";
    char text[24];
    uint32_t seed = 8480;
    int differ = 0, arrays = 0;

    for (int round = 0; round < 400000; round++) {
        size_t len = 1 + round % (sizeof(text) - 1);

        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            text[i] = alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
        }
        text[0] = '[';
        if (round % 3 != 0) {
            text[len - 1] = ']';
        }
        int n = count_whole(dosis_slice(text, len));
        arrays += n != NO_ARRAY;
        differ += n != count(dosis_slice(text, len));
    }
    CHECK(arrays > 1000, "many of the drawn texts are arrays");
    CHECK(differ == 0, "both readings agree on each of them");
}


int
main(void)
{
    dosis_json_init();
    check_rows();
    check_agreement();
    CHECK(dosis_json_list_is(DOSIS_SLICE("\n [")), "blanks may stand before");
    CHECK(!dosis_json_list_is(DOSIS_SLICE("{[")), "an object is no array");
    CHECK(!dosis_json_list_is(dosis_slice(NULL, 0)), "nothing is no array");
    return tap_done();
}
