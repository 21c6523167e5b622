/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_err_json.h"
#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/dosis_oplading.h"
#include "store/store_bookmark.h"
#include "store/store_oplading.h"

#define PERMILLE_ALMOST 999    /* as long as it has not ended well */


/* --- one ----------------------------------------------------------------- */

static dosis_slice_t
or_null(dosis_slice_t text)
{
    return text.len > 0 ? text : dosis_slice(NULL, 0);
}


/* `,"name":n` */
static void
add_count(dosis_buf_t *body, const char *name, uint64_t count)
{
    dosis_buf_addf(
        body, ",\"%s\":%llu", name, (unsigned long long) count);
}


static void
add_bool(dosis_buf_t *body, const char *name, bool value)
{
    dosis_buf_addf(body, ",\"%s\":%s", name, value ? "true" : "false");
}


/* A moment; 0: it has not come. */
static void
add_moment(dosis_buf_t *body, const char *name, int64_t ns)
{
    dosis_buf_addf(body, ",\"%s\":", name);
    dosis_time_add_json(body, ns);
}


static void
add_volledig(dosis_buf_t *body, const dosis_oplading_t *o)
{
    DOSIS_BUF_LIT(body, ",\"Volledig\":");
    if (!o->volledig) {
        DOSIS_BUF_LIT(body, "null");
        return;
    }
    dosis_buf_add_byte(body, '{');
    dosis_json_add_member(body, "Bron", o->bron);
    add_moment(body, "Peildatum", o->peildatum_ns);
    add_bool(body, "Intrekken", o->intrekken);
    add_count(body, "Ontbrekend", o->ontbrekend);
    add_count(body, "Ingetrokken", o->ingetrokken);
    dosis_buf_add_byte(body, '}');
}


/* A new file has as many rows as were done when it ended well. */
static uint64_t
lijnen_of(const dosis_oplading_t *o)
{
    return o->lijnen == 0 && o->toestand == DOSIS_OPLADING_KLAAR ? o->rijen
                                                                 : o->lijnen;
}


static bool
knows_lijnen(const dosis_oplading_t *o)
{
    return o->lijnen != 0 || o->toestand == DOSIS_OPLADING_KLAAR;
}


static void
add_rows(dosis_buf_t *body, const dosis_oplading_t *o)
{
    static const dosis_resultaat_t shown[] = { DOSIS_NIEUW, DOSIS_GEWIJZIGD,
        DOSIS_ONGEWIJZIGD, DOSIS_VEROUDERD, DOSIS_HERSTELD, DOSIS_GEWEIGERD };
    size_t i;

    if (knows_lijnen(o)) {
        add_count(body, "Lijnen", lijnen_of(o));
    } else {
        DOSIS_BUF_LIT(body, ",\"Lijnen\":null");
    }
    add_count(body, "Verwerkt", o->rijen);
    add_count(body, "Dossiers", o->dossiers);
    DOSIS_BUF_LIT(body, ",\"Resultaten\":{");
    for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        dosis_buf_addf(body, "%s\"%s\":%llu", i > 0 ? "," : "",
            dosis_resultaat_name(shown[i]),
            (unsigned long long) o->tellingen[shown[i]]);
    }
    dosis_buf_add_byte(body, '}');
    add_count(body, "Fouten", o->fouten);
    add_count(body, "Waarschuwingen", o->waarschuwingen);
}


/* Of what there is to read, in tenths; whole only when it ended well. */
static void
add_percentage(dosis_buf_t *body, const dosis_oplading_t *o)
{
    uint64_t read = o->gelezen < o->bytes ? o->gelezen : o->bytes;
    uint64_t permille = 0;

    if (o->toestand == DOSIS_OPLADING_KLAAR) {
        permille = 1000;
    } else if (o->bytes > 0) {
        permille = read * 1000 / o->bytes;
        permille = permille < PERMILLE_ALMOST ? permille : PERMILLE_ALMOST;
    }
    dosis_buf_addf(body, ",\"Percentage\":%u.%u", (unsigned) (permille / 10),
        (unsigned) (permille % 10));
}


/* Rows in a second, over all its time; null before there is any. */
static void
add_speed(dosis_buf_t *body, const dosis_oplading_t *o, int64_t now_ns)
{
    int64_t end_ns = o->klaar_ns != 0 ? o->klaar_ns : now_ns;
    int64_t ms = 0;

    if (o->begonnen_ns > 0 && end_ns > o->begonnen_ns) {
        ms = (end_ns - o->begonnen_ns) / DOSIS_NS_PER_MS;
    }
    if (ms == 0) {
        DOSIS_BUF_LIT(body, ",\"Snelheid\":null");
        return;
    }
    add_count(body, "Snelheid", o->rijen * 1000 / (uint64_t) ms);
}


static void
add_fout(dosis_buf_t *body, const dosis_oplading_t *o)
{
    DOSIS_BUF_LIT(body, ",\"Fout\":");
    if (o->fout_code.len == 0) {
        DOSIS_BUF_LIT(body, "null");
        return;
    }
    dosis_buf_add_byte(body, '{');
    dosis_json_add_member(body, "Code", o->fout_code);
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "Omschrijving", o->fout);
    dosis_buf_add_byte(body, '}');
}


/* Without the brace that closes it. */
static void
add_members(dosis_buf_t *body, const dosis_oplading_t *o, int64_t now_ns)
{
    dosis_buf_add_byte(body, '{');
    dosis_json_add_member(body, "UploadId", o->upload_id);
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "Bestand", or_null(o->bestand));
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "Toestand",
        dosis_slice_of(dosis_toestand_name(o->toestand)));
    add_moment(body, "Ontvangen", o->ontvangen_ns);
    add_moment(body, "Begonnen", o->begonnen_ns);
    add_moment(body, "Klaar", o->klaar_ns);
    add_count(body, "Bytes", o->bytes);
    add_bool(body, "Gzip", o->gzip);
    add_bool(body, "Proef", o->proef);
    add_volledig(body, o);
    add_rows(body, o);
    add_percentage(body, o);
    add_speed(body, o, now_ns);
    add_fout(body, o);
}


void
dosis_oplading_json_taken(dosis_buf_t *body, const dosis_oplading_t *o,
    const dosis_err_t *warnings)
{
    DOSIS_BUF_LIT(body, "{\"Status\":\"OK\",");
    dosis_json_add_member(body, "UploadId", o->upload_id);
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "Bestand", or_null(o->bestand));
    dosis_err_json_warnings(body, warnings);
    dosis_buf_add_byte(body, '}');
}


void
dosis_oplading_json(
    dosis_buf_t *body, const dosis_oplading_t *oplading, int64_t now_ns)
{
    add_members(body, oplading, now_ns);
    dosis_buf_add_byte(body, '}');
}


void
dosis_oplading_json_beheer(
    dosis_buf_t *body, const dosis_oplading_t *oplading, int64_t now_ns)
{
    add_members(body, oplading, now_ns);
    add_count(body, "Nummer", oplading->nummer);
    dosis_buf_add_byte(body, ',');
    dosis_json_add_member(body, "Client", oplading->client);
    dosis_buf_add_byte(body, '}');
}


/* --- all ----------------------------------------------------------------- */

typedef struct {
    dosis_reader_t *reader;
    const dosis_opladingen_page_t *page;
    dosis_buf_t *body;
    size_t prefix;             /* bytes of a key before the number */
    char key[STORE_OPLADING_KEY];
    uint64_t at;               /* the last one looked at */
    bool more;
} listing_t;


static dosis_rc_t
add_one(listing_t *list, bool first)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_buf_t value;
    dosis_oplading_t o;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_oplading_load(&list->reader->snap, list->at, &value, &o);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
    }
    if (!first) {
        dosis_buf_add_byte(list->body, ',');
    }
    if (list->page->client.data == NULL) {
        dosis_oplading_json_beheer(list->body, &o, list->page->now_ns);
    } else {
        dosis_oplading_json(list->body, &o, list->page->now_ns);
    }
    return list->body->rc;
}


/* The key of the first one that is not asked for: all before it are older. */
static dosis_slice_t
key_before(listing_t *list, uint64_t before)
{
    uint8_t owner[STORE_OWNER_BYTES];

    if (list->page->client.data == NULL) {
        list->prefix = 1;
        return store_oplading_key(list->key, OPLADING_RECORD, before);
    }
    list->prefix = 1 + STORE_OWNER_BYTES;
    store_oplading_owner(list->reader->crypt, list->page->client, owner);
    return store_oplading_key_of(list->key, owner, before);
}


static dosis_rc_t
walk(listing_t *list, uint64_t before)
{
    uint32_t rows = 0;
    dosis_slice_t key = key_before(list, before);
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&list->reader->snap, DB_OPLADING, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, key);
    rc = rc == DOSIS_ENOTFOUND ? store_cursor_last(&c)
        : rc == DOSIS_OK       ? store_cursor_prev(&c)
                               : rc;
    while (rc == DOSIS_OK && c.key.len == key.len
        && memcmp(c.key.data, key.data, list->prefix) == 0) {
        list->more = rows == list->page->limit;
        if (list->more) {
            break;
        }
        list->at = dosis_be64_get(c.key.data + list->prefix);
        rc = add_one(list, rows++ == 0);
        rc = rc == DOSIS_OK ? store_cursor_prev(&c) : rc;
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
add_next(listing_t *list, const store_bookmark_t *bookmark)
{
    uint8_t at[STORE_BOOKMARK_BYTES] = { 0 };
    dosis_rc_t rc;

    if (!list->more) {
        DOSIS_BUF_LIT(list->body, "],\"Volgende\":null}");
        return list->body->rc;
    }
    dosis_be64(at, list->at);
    DOSIS_BUF_LIT(list->body, "],\"Volgende\":\"");
    rc = store_bookmark_write(list->reader, bookmark, at, list->body);
    DOSIS_BUF_LIT(list->body, "\"}");
    return rc != DOSIS_OK ? rc : list->body->rc;
}


dosis_rc_t
dosis_opladingen(dosis_reader_t *reader, const dosis_opladingen_page_t *page,
    dosis_buf_t *body)
{
    uint8_t at[STORE_BOOKMARK_BYTES];
    uint64_t before = UINT64_MAX;
    const store_bookmark_t bookmark = { BOOKMARK_OPLADINGEN, page->client,
        dosis_slice(NULL, 0), page->now_ns };
    listing_t list = { .reader = reader, .page = page, .body = body };
    dosis_rc_t rc = DOSIS_OK;

    if (page->after.len > 0) {
        rc = store_bookmark_read(reader, &bookmark, page->after, at);
        before = rc == DOSIS_OK ? dosis_be64_get(at) : 0;
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(body, "{\"Uploads\":[");
    rc = walk(&list, before);
    return rc == DOSIS_OK ? add_next(&list, &bookmark) : rc;
}
