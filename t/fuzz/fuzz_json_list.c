/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_json_list: bytes of a batch, element by element and as a whole: the
 * two readings must agree on what is an array, and on its elements.
 */

#include "base/dosis_json.h"
#include "base/dosis_json_list.h"
#include "fuzz.h"


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_json_init();

    return 0;
}


/* false: no array of JSON values. */
static bool
read_parts(dosis_slice_t text, size_t *ret_count)
{
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_slice_t element;
    dosis_json_list_t list;

    *ret_count = 0;
    dosis_json_list_init(&list, text);
    while ((rc = dosis_json_list_next(&list, &element)) == DOSIS_OK) {
        MUST(element.data >= text.data
             && element.data + element.len <= text.data + text.len);
        if (dosis_json_parse(element, &root, NULL) != DOSIS_OK) {
            return false;
        }
        dosis_json_free(root);
        ++*ret_count;
    }

    return rc == DOSIS_ENOTFOUND;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t text = dosis_slice(data, size);
    dosis_json_t *root;
    size_t count;
    bool parts = read_parts(text, &count);

    if (dosis_json_parse(text, &root, NULL) != DOSIS_OK) {
        /* the whole may be too deep where its elements just are not */
        return 0;
    }
    MUST(parts == (dosis_json_kind(root) == DOSIS_JSON_ARRAY));
    MUST(!parts || count == dosis_json_count(root));
    dosis_json_free(root);

    return 0;
}
