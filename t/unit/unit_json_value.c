/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_json_value.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))


static dosis_json_t *
parsed(const char *text)
{
    dosis_json_t *json = NULL;

    if (text != NULL
        && dosis_json_parse(dosis_slice_of(text), &json, NULL) != DOSIS_OK) {
        printf("Bail out! %s\n", text);
    }
    return json;
}


/* wanted NULL: it is refused. */
static const struct {
    const char *value;
    const char *patch; /* NULL: as it is */
    const char *wanted;
} rows[] = {
    { "{ \"a\" : [ 1, true, null, \"x\\n\\\"\" ], \"b\": {} }", NULL,
        "{\"a\":[1,true,null,\"x\\n\\\"\"],\"b\":{}}" },
    { "-3", NULL, "-3" },
    { "1.5", NULL, NULL },
    { "[[[[[[[[1]]]]]]]]", NULL, NULL },
    { "[[[[[[[1]]]]]]]", NULL, "[[[[[[[1]]]]]]]" },

    /* RFC 7396, appendix A, as far as it has objects */
    { "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
    { "{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}" },
    { "{\"a\":\"b\"}", "{\"a\":null}", "{}" },
    { "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}" },
    { "{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
    { "{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}" },
    { "{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}",
        "{\"a\":{\"b\":\"d\"}}" },
    { "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}" },
    { "[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]" },
    { "{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]" },
    { "{\"a\":\"foo\"}", "null", "null" },
    { "{\"a\":\"foo\"}", "\"bar\"", "\"bar\"" },
    { "{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}" },
    { "[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}" },
    { "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}" },

    /* ours: a name is the same in any case */
    { "{\"Naam\":\"x\",\"y\":1}", "{\"naam\":\"z\"}",
        "{\"y\":1,\"naam\":\"z\"}" },
    { "{\"M\":{\"In Orde\":1,\"b\":2}}", "{\"m\":{\"in orde\":null}}",
        "{\"m\":{\"b\":2}}" },
    { "{}", "{\"a\":1.5}", NULL },
    { "{}", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}",
        NULL },
};


int
main(void)
{
    dosis_json_init();
    for (size_t i = 0; i < ROWS(rows); i++) {
        dosis_json_t *value = parsed(rows[i].value);
        dosis_json_t *patch = parsed(rows[i].patch);
        dosis_buf_t buf;
        bool fine;

        dosis_buf_init(&buf, 1000);
        fine = patch == NULL ? dosis_json_add_value(&buf, value)
                             : dosis_json_add_merged(&buf, value, patch);
        CHECK(rows[i].wanted == NULL ? !fine
                                     : fine
                    && dosis_slice_eq(
                        dosis_buf_slice(&buf), dosis_slice_of(rows[i].wanted)),
            rows[i].value);
        dosis_buf_done(&buf);
        dosis_json_free(value);
        dosis_json_free(patch);
    }

    return tap_done();
}
