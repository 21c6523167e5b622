/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json.h"
#include "base/dosis_wire.h"
#include "store/dosis_oplading.h"
#include "store/store_bookmark.h"
#include "store/store_oplading.h"
#include "store/store_problem.h"

typedef struct {
    dosis_reader_t *reader;
    const dosis_oplading_t *oplading;
    const dosis_afkeuringen_page_t *page;
    dosis_buf_t *body;
    store_bookmark_door_t door;
    dosis_buf_t value;
    uint8_t at[STORE_BOOKMARK_BYTES];    /* kind and place of the last one */
    uint32_t rows;
    bool more;
} listing_t;

/* Entries of one kind, and how they are told. */
typedef struct {
    char kind;
    const char *lead;
    dosis_rc_t (*add)(listing_t *list, uint64_t at);
} array_t;


static store_bookmark_t
bookmark_of(const listing_t *list, char of[8])
{
    dosis_be64(of, list->oplading->nummer);
    return (store_bookmark_t) { list->door, list->oplading->client,
        dosis_slice(of, 8), list->page->now_ns };
}


/* Behind what stands in an object: `[...]}`. */
static void
add_problems(dosis_buf_t *body, const dosis_err_t *problems, uint64_t lijn)
{
    char bytes[32 + DOSIS_ERR_TEXT_MAX];
    uint32_t i;
    dosis_buf_t text;

    dosis_buf_add_byte(body, '[');
    for (i = 0; i < problems->count; i++) {
        const dosis_problem_t *p = &problems->item[i];

        dosis_buf_add_slice(body, dosis_slice_of(i > 0 ? ",{" : "{"));
        dosis_json_add_member(body, "Code", dosis_slice_of(p->code));
        dosis_buf_add_byte(body, ',');
        dosis_json_add_member(body, "Veld",
            dosis_slice_of(p->field[0] != '\0' ? p->field : NULL));
        dosis_buf_add_byte(body, ',');
        dosis_buf_init_fixed(&text, bytes, sizeof(bytes));
        store_problem_place(&text, p, lijn);
        dosis_buf_add_slice(&text, dosis_slice_of(p->text));
        dosis_json_add_member(body, "Omschrijving", dosis_buf_slice(&text));
        dosis_buf_add_byte(body, '}');
    }
    DOSIS_BUF_LIT(body, "]}");
}


static dosis_rc_t
add_row(listing_t *list, uint64_t lijn)
{
    dosis_err_t problems;
    dosis_slice_t tekst;
    dosis_rc_t rc;

    rc = store_afkeuring_read(
        dosis_buf_slice(&list->value), &tekst, &problems);
    if (rc == DOSIS_OK) {
        DOSIS_BUF_LIT(list->body, "{\"LijnNummer\":");
        dosis_buf_add_uint(list->body, lijn);
        DOSIS_BUF_LIT(list->body, ",\"Rij\":");
        dosis_json_add_string(list->body, tekst);
        DOSIS_BUF_LIT(list->body, ",\"Fouten\":");
        add_problems(list->body, &problems, lijn);
    }
    return rc;
}


static dosis_rc_t
add_missing(listing_t *list, uint64_t count)
{
    (void) count;
    dosis_buf_add_byte(list->body, '{');
    dosis_json_add_member(
        list->body, "DossierNummer", dosis_buf_slice(&list->value));
    dosis_buf_add_byte(list->body, '}');
    return list->body->rc;
}


static dosis_rc_t
add_warned(listing_t *list, uint64_t lijn)
{
    dosis_err_t warnings;
    dosis_slice_t nummer;
    dosis_rc_t rc;

    rc = store_afkeuring_read(
        dosis_buf_slice(&list->value), &nummer, &warnings);
    if (rc == DOSIS_OK) {
        DOSIS_BUF_LIT(list->body, "{\"LijnNummer\":");
        dosis_buf_add_uint(list->body, lijn);
        dosis_buf_add_byte(list->body, ',');
        dosis_json_add_member(list->body, "DossierNummer",
            nummer.len > 0 ? nummer : dosis_slice(NULL, 0));
        DOSIS_BUF_LIT(list->body, ",\"Waarschuwingen\":");
        add_problems(list->body, &warnings, lijn);
    }
    return rc;
}


static const array_t refused[] = {
    { AFKEURING_RIJ, "{\"Fouten\":[", add_row },
    { AFKEURING_ONTBREEKT, "],\"Ontbrekend\":[", add_missing },
};

static const array_t warned[] = {
    { AFKEURING_WAARSCHUWING, "{\"Waarschuwingen\":[", add_warned },
};


static dosis_rc_t
add_entry(listing_t *list, const array_t *array, const store_cursor_t *c,
    bool first)
{
    dosis_rc_t rc;

    dosis_buf_reset(&list->value);
    rc = store_open_value(
        &list->reader->snap, DB_AFKEURING, c->key, c->value, &list->value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (!first) {
        dosis_buf_add_byte(list->body, ',');
    }
    list->rows++;
    memcpy(list->at, c->key.data + 8, 9);
    return array->add(list, dosis_be64_get(c->key.data + 9));
}


/*
 * Rows are what the client itself sent; what its file lacks the store knows of
 * the source, and so it is for who may deliver for that.
 */
static bool
may_see(const listing_t *list, char kind)
{
    const dosis_oplading_t *o = list->oplading;

    return kind != AFKEURING_ONTBREEKT
        || dosis_ref_delivers(list->reader->ref, o->client,
            dosis_ref_bron(list->reader->ref, o->bron));
}


/* The entries of that kind behind the last one, while there is room. */
static dosis_rc_t
walk(listing_t *list, const array_t *array, size_t begin)
{
    char key[STORE_AFKEURING_KEY], kind = array->kind;
    uint64_t from =
        kind == (char) list->at[0] ? dosis_be64_get(list->at + 1) + 1 : 0;
    bool first = true;
    dosis_rc_t rc;
    store_cursor_t c;

    if (kind < (char) list->at[0] || !may_see(list, kind)) {
        return DOSIS_OK;
    }
    rc = store_cursor_open(&list->reader->snap, DB_AFKEURING, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(
        &c, store_afkeuring_key(key, list->oplading->nummer, kind, from));
    while (rc == DOSIS_OK && store_afkeuring_is(c.key, key)) {
        list->more = list->rows == list->page->limit
            || list->body->len - begin > DOSIS_SOURCE_BYTES_MAX;
        if (list->more) {
            break;
        }
        rc = add_entry(list, array, &c, first);
        first = false;
        rc = rc == DOSIS_OK ? store_cursor_next(&c) : rc;
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* From where the page begins, as far as it goes. */
static dosis_rc_t
add_arrays(listing_t *list, const array_t *array, size_t count)
{
    char of[8];
    size_t i, begin = list->body->len;
    const store_bookmark_t bookmark = bookmark_of(list, of);
    dosis_rc_t rc = DOSIS_OK;

    if (list->page->after.len > 0) {
        rc = store_bookmark_read(
            list->reader, &bookmark, list->page->after, list->at);
    }
    dosis_buf_init(&list->value, STORE_AFKEURING_VALUE);
    for (i = 0; rc == DOSIS_OK && i < count; i++) {
        dosis_buf_add_slice(list->body, dosis_slice_of(array[i].lead));
        if (!list->more) {
            rc = walk(list, &array[i], begin);
        }
    }
    dosis_buf_done(&list->value);
    return rc;
}


static dosis_rc_t
add_end(listing_t *list, uint64_t total, uint64_t kept)
{
    char of[8];
    const store_bookmark_t bookmark = bookmark_of(list, of);
    dosis_rc_t rc;

    dosis_buf_addf(list->body, "],\"Totaal\":%llu,\"Bewaard\":%llu,",
        (unsigned long long) total, (unsigned long long) kept);
    if (!list->more) {
        DOSIS_BUF_LIT(list->body, "\"Volgende\":null}");
        return list->body->rc;
    }
    DOSIS_BUF_LIT(list->body, "\"Volgende\":\"");
    rc = store_bookmark_write(list->reader, &bookmark, list->at, list->body);
    DOSIS_BUF_LIT(list->body, "\"}");
    return rc != DOSIS_OK ? rc : list->body->rc;
}


dosis_rc_t
dosis_oplading_fouten(dosis_reader_t *reader, const dosis_oplading_t *oplading,
    const dosis_afkeuringen_page_t *page, dosis_buf_t *body)
{
    listing_t list = { .reader = reader, .oplading = oplading, .page = page,
        .body = body, .door = BOOKMARK_AFKEURINGEN };
    store_afgekeurd_t kept;
    dosis_rc_t rc;

    rc = add_arrays(&list, refused, sizeof(refused) / sizeof(refused[0]));
    if (rc == DOSIS_OK) {
        rc = store_afgekeurd_get(&reader->snap, oplading->nummer, &kept);
    }
    return rc == DOSIS_OK ? add_end(&list, oplading->fouten, kept.rijen) : rc;
}


dosis_rc_t
dosis_oplading_waarschuwingen(dosis_reader_t *reader,
    const dosis_oplading_t *oplading, const dosis_afkeuringen_page_t *page,
    dosis_buf_t *body)
{
    listing_t list = { .reader = reader, .oplading = oplading, .page = page,
        .body = body, .door = BOOKMARK_WAARSCHUWINGEN };
    store_gewaarschuwd_t kept;
    dosis_rc_t rc;

    rc = add_arrays(&list, warned, sizeof(warned) / sizeof(warned[0]));
    if (rc == DOSIS_OK) {
        rc = store_gewaarschuwd_get(&reader->snap, oplading->nummer, &kept);
    }
    return rc == DOSIS_OK
        ? add_end(&list, oplading->waarschuwingen, kept.dossiers)
        : rc;
}
