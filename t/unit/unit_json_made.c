/* SPDX-License-Identifier: EUPL-1.2 */
/* A made value is read as a parsed one is. */

#include "../lib/tap.h"
#include "base/dosis_json_made.h"
#include "base/dosis_json_value.h"

#define ARENA_BYTES 4096


static dosis_json_t *
make(dosis_json_maker_t *maker)
{
    dosis_json_t *root = dosis_json_make_object(maker, 4);
    dosis_json_t *list = dosis_json_make_array(maker, 2);

    dosis_json_put(maker, list, NULL, dosis_json_make_bool(maker, true));
    dosis_json_put(maker, list, NULL, dosis_json_make_object(maker, 0));
    dosis_json_put(
        maker, root, "a", dosis_json_make_string(maker, DOSIS_SLICE("x\"y")));
    dosis_json_put(maker, root, "b", list);
    dosis_json_put(
        maker, root, "c", dosis_json_make_string(maker, dosis_slice(NULL, 0)));
    return root;
}


static void
check_read(void)
{
    dosis_json_maker_t maker = { .arena = dosis_arena_create(ARENA_BYTES) };
    const dosis_json_t *root = make(&maker);
    const dosis_json_t *list = dosis_json_get(root, "b");
    char text[256];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, text, sizeof(text));
    CHECK(maker.rc == DOSIS_OK && dosis_json_add_value(&buf, root)
            && dosis_slice_eq(dosis_buf_slice(&buf),
                DOSIS_SLICE("{\"a\":\"x\\\"y\",\"b\":[true,{}],\"c\":\"\"}")),
        "members and elements stand in the order given");
    CHECK(dosis_json_kind(root) == DOSIS_JSON_OBJECT
            && dosis_json_count(root) == 3
            && dosis_json_kind(list) == DOSIS_JSON_ARRAY
            && dosis_json_count(list) == 2
            && dosis_json_bool(dosis_json_at(list, 0))
            && dosis_json_at(list, 2) == NULL
            && dosis_json_count(dosis_json_at(list, 1)) == 0,
        "each has its kind and its count");
    CHECK(dosis_json_get(root, "x") == NULL && dosis_json_get(list, "a") == NULL
            && dosis_json_at(root, 0) == NULL
            && dosis_json_string(list).len == 0 && !dosis_json_bool(root)
            && dosis_json_int(root) == 0 && dosis_json_real(root) == 0.0
            && dosis_json_count(dosis_json_get(root, "a")) == 0,
        "asked for what it is not, it is nothing");
    dosis_json_free((dosis_json_t *) root);
    CHECK(dosis_slice_eq(dosis_json_string(dosis_json_get(root, "a")),
              DOSIS_SLICE("x\"y")),
        "free leaves it to its arena");
    dosis_arena_free(maker.arena);
}


static void
check_ceilings(void)
{
    dosis_json_maker_t maker = { .arena = dosis_arena_create(ARENA_BYTES) };
    dosis_json_t *root = dosis_json_make_object(&maker, 1);

    dosis_json_put(&maker, root, "a", dosis_json_make_bool(&maker, true));
    CHECK(maker.rc == DOSIS_OK, "as many as there is room for");
    dosis_json_put(&maker, root, "b", dosis_json_make_bool(&maker, true));
    CHECK(maker.rc == DOSIS_ELIMIT && dosis_json_count(root) == 1,
        "and one more");
    maker.rc = DOSIS_OK;
    root = dosis_json_make_array(&maker, ARENA_BYTES);
    CHECK(root == NULL && maker.rc == DOSIS_ENOMEM, "an arena that is full");
    dosis_json_put(&maker, root, NULL, dosis_json_make_bool(&maker, true));
    CHECK(maker.rc == DOSIS_ENOMEM, "stays so");
    dosis_arena_free(maker.arena);
}


int
main(void)
{
    check_read();
    check_ceilings();

    return tap_done();
}
