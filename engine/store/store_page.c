/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_wire.h"
#include "store/store_side.h"

#define CHUNKS_MAX 8
#define CATCH_UP   16     /* pages per step, of an agent of an older store */

/* Rows as they stand in a page, while it is split. */
typedef struct {
    const char *data;
    size_t len;
} chunk_t;


/* --- open pages ---------------------------------------------------------- */

/* A key begins with a blinded agent and ends with one or with a DossierId. */
static unsigned
bucket_of(dosis_slice_t key)
{
    return (dosis_be32_get(key.data)
               ^ dosis_be32_get(key.data + key.len - 4))
           & (STORE_PAGE_BUCKETS - 1);
}


static store_page_t *
page_lookup(dosis_txn_t *txn, dosis_slice_t key)
{
    store_page_t *page = txn->bucket[bucket_of(key)];

    while (page != NULL
           && (page->gone || page->key_len != key.len
               || memcmp(page->key, key.data, key.len) != 0)) {
        page = page->next;
    }
    return page;
}


static store_page_t *
page_create(dosis_txn_t *txn, dosis_slice_t key)
{
    unsigned b = bucket_of(key);
    store_page_t *page;

    page = dosis_arena_alloc(txn->writer->arena, sizeof(*page));
    if (page == NULL || key.len > STORE_PAGE_KEY) {
        (void) store_txn_ok(txn, DOSIS_ENOMEM);
        return NULL;
    }
    page->dirty = false;
    page->gone = false;
    page->flags = 0;
    page->rows = 0;
    page->len = 0;
    page->key_len = (uint8_t) key.len;
    memcpy(page->key, key.data, key.len);
    page->next = txn->bucket[b];
    txn->bucket[b] = page;
    txn->pages++;
    return page;
}


/* The open page under that key, opened from its sealed value if needed. */
static store_page_t *
page_open(dosis_txn_t *txn, dosis_slice_t key, dosis_slice_t value)
{
    char bytes[STORE_PAGE_HEADER + STORE_PAGE_MAX];
    dosis_buf_t plain;
    store_page_t *page;
    store_page_view_t view = { 0 };

    page = page_lookup(txn, key);
    if (page != NULL) {
        return page;
    }
    dosis_buf_init_fixed(&plain, bytes, sizeof(bytes));
    if (!store_txn_ok(txn, store_open_value(&txn->snap, DB_AGENT, key, value,
            &plain))
        || !store_txn_ok(txn, store_page_view(dosis_buf_slice(&plain),
            &view))) {
        return NULL;
    }
    page = page_create(txn, key);
    if (page != NULL) {
        page->flags = view.flags;
        page->rows = view.rows;
        page->len = view.rest.len;
        memcpy(page->bytes, view.rest.data, view.rest.len);
    }
    return page;
}


static store_page_t *
page_get(dosis_txn_t *txn, dosis_slice_t key)
{
    dosis_rc_t rc;
    dosis_slice_t value;
    store_page_t *page;

    page = page_lookup(txn, key);
    if (page != NULL) {
        return page;
    }
    rc = store_get_raw(&txn->snap, DB_AGENT, key, &value);
    if (rc == DOSIS_ENOTFOUND || !store_txn_ok(txn, rc)) {
        return NULL;
    }
    return page_open(txn, key, value);
}


static dosis_slice_t
key_of(const store_page_t *page)
{
    return dosis_slice(page->key, page->key_len);
}


static void
page_put(dosis_txn_t *txn, store_page_t *page)
{
    char bytes[STORE_PAGE_HEADER + STORE_PAGE_MAX];

    bytes[0] = STORE_PAGE_FORMAT;
    bytes[1] = (char) page->flags;
    dosis_be16(bytes + 2, page->rows);
    memcpy(bytes + STORE_PAGE_HEADER, page->bytes, page->len);
    store_txn_put(txn, DB_AGENT, key_of(page),
        dosis_slice(bytes, STORE_PAGE_HEADER + page->len));
    page->dirty = false;
}


void
store_page_flush(dosis_txn_t *txn)
{
    unsigned b;
    store_page_t *page;

    store_side_flush(txn);
    for (b = 0; b < STORE_PAGE_BUCKETS; b++) {
        for (page = txn->bucket[b]; page != NULL; page = page->next) {
            if (page->dirty && !page->gone) {
                page_put(txn, page);
            }
        }
        txn->bucket[b] = NULL;
    }
    txn->pages = 0;
    dosis_arena_reset(txn->writer->arena);
}


/* --- finding ------------------------------------------------------------- */

static bool
find_in_page(store_page_t *page, const uint8_t id[16], store_spot_t *spot)
{
    dosis_slice_t row;
    store_page_view_t view = { page->flags, page->rows,
        dosis_slice(page->bytes, page->len) };

    while (store_page_next(&view, &row)) {
        if (memcmp(row.data + STORE_ROW_ID, id, STORE_ID_BYTES) == 0) {
            spot->page = page;
            spot->at = (size_t) (row.data - page->bytes) - 2;
            spot->bytes = row;
            return true;
        }
    }
    return false;
}


static void
plaats_key(char key[32], const uint8_t agent[16], const uint8_t id[16])
{
    memcpy(key, agent, STORE_AGENT_BYTES);
    memcpy(key + STORE_AGENT_BYTES, id, STORE_ID_BYTES);
}


static store_page_t *
page_at(dosis_txn_t *txn, const uint8_t agent[16], store_position_t position)
{
    dosis_rc_t rc;
    store_page_t *page = NULL;
    store_cursor_t c;

    if (!store_txn_ok(txn, store_cursor_open(&txn->snap, DB_AGENT, &c))) {
        return NULL;
    }
    rc = store_page_seek(&c, agent, position);
    if (rc == DOSIS_OK) {
        page = page_open(txn, c.key, c.value);
    } else if (rc != DOSIS_ENOTFOUND) {
        (void) store_txn_ok(txn, rc);
    }
    store_cursor_close(&c);
    return page;
}


static bool
find_big(dosis_txn_t *txn, const uint8_t agent[16], const uint8_t id[16],
    store_spot_t *spot)
{
    char key[32], order[8];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_page_t *page;
    store_position_t position = { 0, id };

    plaats_key(key, agent, id);
    dosis_buf_init_fixed(&value, order, sizeof(order));
    rc = store_get(&txn->snap, DB_PLAATS, dosis_slice(key, sizeof(key)),
        &value);
    if (rc == DOSIS_ENOTFOUND) {
        return false;
    }
    if (!store_txn_ok(txn, rc)
        || !store_txn_ok(txn,
            value.len == sizeof(order) ? DOSIS_OK : DOSIS_EFORMAT)) {
        return false;
    }
    position.order = dosis_be64_get(order);
    page = page_at(txn, agent, position);
    if (page != NULL && find_in_page(page, id, spot)) {
        return true;
    }
    (void) store_txn_ok(txn, DOSIS_EFORMAT);
    return false;
}


/* Every page of a small agent, until found. */
static bool
find_small(dosis_txn_t *txn, const uint8_t agent[16], const uint8_t id[16],
    store_spot_t *spot)
{
    bool found = false;
    dosis_rc_t rc;
    store_page_t *page;
    store_cursor_t c;

    if (!store_txn_ok(txn, store_cursor_open(&txn->snap, DB_AGENT, &c))) {
        return false;
    }
    rc = store_cursor_seek(&c, dosis_slice(agent, STORE_AGENT_BYTES));
    while (rc == DOSIS_OK && store_is_agents(c.key, agent) && !found) {
        page = page_open(txn, c.key, c.value);
        if (page == NULL) {
            break;
        }
        found = find_in_page(page, id, spot);
        rc = found ? DOSIS_OK : store_cursor_next(&c);
    }
    store_cursor_close(&c);
    return found;
}


bool
store_page_find(dosis_txn_t *txn, const uint8_t agent[16],
    const uint8_t id[16], store_spot_t *ret_spot)
{
    store_page_t *head;

    head = page_get(txn, dosis_slice(agent, STORE_AGENT_BYTES));
    if (head == NULL) {
        return false;
    }
    if (find_in_page(head, id, ret_spot)) {
        return true;
    }
    return head->flags & PAGE_GROOT ? find_big(txn, agent, id, ret_spot)
                                    : find_small(txn, agent, id, ret_spot);
}


/* --- big agents ---------------------------------------------------------- */

static uint8_t
flags_of(dosis_txn_t *txn, const uint8_t agent[16])
{
    const store_page_t *head;

    head = page_get(txn, dosis_slice(agent, STORE_AGENT_BYTES));
    return head != NULL ? head->flags : 0;
}


/* Has that row of a big agent, or would it have, its side rows? */
static bool
has_side(dosis_txn_t *txn, const uint8_t agent[16], uint8_t flags,
    const char *row)
{
    uint8_t id[STORE_ID_BYTES];
    store_position_t reached = { 0, id };

    return (flags & PAGE_ZIJ)
           || (store_side_reached(txn, agent, &reached.order, id)
               && store_position_cmp(store_position_of(row), reached) <= 0);
}


static void
big_add(dosis_txn_t *txn, const uint8_t agent[16], uint8_t flags,
    dosis_slice_t row)
{
    char key[32], order[8];

    plaats_key(key, agent, (const uint8_t *) row.data + STORE_ROW_ID);
    memcpy(order, row.data + STORE_ROW_ORDER, sizeof(order));
    store_txn_put(txn, DB_PLAATS, dosis_slice(key, sizeof(key)),
        dosis_slice(order, sizeof(order)));
    if (has_side(txn, agent, flags, row.data)) {
        store_side_add(txn, agent, row);
    }
}


static void
big_drop(dosis_txn_t *txn, const uint8_t agent[16], uint8_t flags,
    dosis_slice_t row)
{
    char key[32];

    plaats_key(key, agent, (const uint8_t *) row.data + STORE_ROW_ID);
    store_txn_del(txn, DB_PLAATS, dosis_slice(key, sizeof(key)));
    if (has_side(txn, agent, flags, row.data)) {
        store_side_drop(txn, agent, row);
    }
}


/* At most max pages of an agent, from that position on; NULL: from its head. */
static unsigned
gather(dosis_txn_t *txn, const uint8_t agent[16], const store_position_t *from,
    store_page_t **page, unsigned max)
{
    unsigned n = 0;
    dosis_rc_t rc;
    store_cursor_t c;

    if (!store_txn_ok(txn, store_cursor_open(&txn->snap, DB_AGENT, &c))) {
        return 0;
    }
    rc = from != NULL
             ? store_page_seek(&c, agent, *from)
             : store_cursor_seek(&c, dosis_slice(agent, STORE_AGENT_BYTES));
    while (rc == DOSIS_OK && store_is_agents(c.key, agent) && n < max) {
        page[n] = page_open(txn, c.key, c.value);
        if (page[n] == NULL) {
            break;
        }
        n++;
        rc = store_cursor_next(&c);
    }
    store_cursor_close(&c);
    return txn->rc == DOSIS_OK ? n : 0;
}


static void
big_add_page(dosis_txn_t *txn, const uint8_t agent[16],
    const store_page_t *page)
{
    dosis_slice_t row;
    store_page_view_t view = { page->flags, page->rows,
        dosis_slice(page->bytes, page->len) };

    while (store_page_next(&view, &row)) {
        big_add(txn, agent, PAGE_ZIJ, row);
    }
}


/* Called after a page was made: the one too many makes the agent big. */
static void
grow_big(dosis_txn_t *txn, const uint8_t agent[16])
{
    unsigned n;
    store_page_t *head, *page[STORE_SMALL_PAGES + CHUNKS_MAX];

    head = page_get(txn, dosis_slice(agent, STORE_AGENT_BYTES));
    if (head == NULL || (head->flags & PAGE_GROOT)) {
        return;
    }
    n = gather(txn, agent, NULL, page, STORE_SMALL_PAGES + CHUNKS_MAX);
    if (n <= STORE_SMALL_PAGES) {
        return;
    }
    head->flags |= PAGE_GROOT | PAGE_ZIJ;
    head->dirty = true;
    while (n > 0) {
        big_add_page(txn, agent, page[--n]);
    }
}


/* Side rows for what lies behind that position; moves it to the last row. */
static void
side_add_page(dosis_txn_t *txn, const uint8_t agent[16],
    const store_page_t *page, store_position_t *reached)
{
    dosis_slice_t row;
    store_position_t at;
    store_page_view_t view = { page->flags, page->rows,
        dosis_slice(page->bytes, page->len) };

    while (store_page_next(&view, &row)) {
        at = store_position_of(row.data);
        if (reached->id == NULL || store_position_cmp(at, *reached) > 0) {
            store_side_add(txn, agent, row);
            *reached = at;
        }
    }
}


void
store_page_catch_up(dosis_txn_t *txn, const uint8_t agent[16])
{
    unsigned i, n;
    uint8_t id[STORE_ID_BYTES];
    store_page_t *head, *page[CATCH_UP];
    store_position_t reached = { 0, NULL };

    if (store_side_reached(txn, agent, &reached.order, id)) {
        reached.id = id;
    }
    n = gather(txn, agent, reached.id != NULL ? &reached : NULL, page,
        CATCH_UP);
    for (i = 0; i < n; i++) {
        side_add_page(txn, agent, page[i], &reached);
    }
    if (n == CATCH_UP && reached.id != NULL) {
        store_side_reach(txn, agent, reached);
        return;
    }
    head = page_get(txn, dosis_slice(agent, STORE_AGENT_BYTES));
    if (head != NULL && txn->rc == DOSIS_OK) {
        head->flags |= PAGE_ZIJ;
        head->dirty = true;
        store_side_complete(txn, agent);
    }
}


void
store_page_patch(store_spot_t *spot, const char *head)
{
    memcpy(spot->page->bytes + spot->at + 2, head, STORE_HEAD_BYTES);
    spot->page->dirty = true;
}


/* --- removing ------------------------------------------------------------ */

static void
page_delete(dosis_txn_t *txn, store_page_t *page)
{
    store_txn_del(txn, DB_AGENT, key_of(page));
    page->gone = true;
}


/* The page's newest row is another one now: so is its key. */
static void
page_rekey(dosis_txn_t *txn, const uint8_t agent[16], store_page_t *page)
{
    char key[STORE_PAGE_KEY];
    store_page_t *moved;

    store_page_key(key, agent, store_position_of(page->bytes + 2));
    page_delete(txn, page);
    moved = page_create(txn, dosis_slice(key, sizeof(key)));
    if (moved == NULL) {
        return;
    }
    moved->flags = page->flags;
    moved->rows = page->rows;
    moved->len = page->len;
    memcpy(moved->bytes, page->bytes, page->len);
    page_put(txn, moved);
}


void
store_page_remove(dosis_txn_t *txn, const uint8_t agent[16],
    store_spot_t *spot)
{
    size_t size = 2 + spot->bytes.len;
    uint8_t flags = flags_of(txn, agent);
    store_page_t *page = spot->page;

    if (flags & PAGE_GROOT) {
        big_drop(txn, agent, flags, spot->bytes);
    }
    memmove(page->bytes + spot->at, page->bytes + spot->at + size,
        page->len - spot->at - size);
    page->len -= size;
    page->rows--;
    page->dirty = true;
    spot->bytes = dosis_slice(NULL, 0);
    if (page->key_len == STORE_AGENT_BYTES) {
        return;
    }
    if (page->rows == 0) {
        page_delete(txn, page);
    } else if (spot->at == 0) {
        page_rekey(txn, agent, page);
    }
}


/* --- inserting ----------------------------------------------------------- */

/* Cuts rows into chunks: the first up to first bytes, the rest as full as
   can be; every chunk at least one row. Returns how many. */
static unsigned
cut(const char *rows, size_t len, size_t first, chunk_t chunk[CHUNKS_MAX])
{
    unsigned n = 0;
    size_t at = 0, size, limit = first;

    chunk[0] = (chunk_t) { rows, 0 };
    while (at < len) {
        size = 2 + (size_t) dosis_be16_get(rows + at);
        if (chunk[n].len > 0 && chunk[n].len + size > limit) {
            if (n + 1 == CHUNKS_MAX) {
                return 0;
            }
            chunk[++n] = (chunk_t) { rows + at, 0 };
            limit = STORE_PAGE_MAX - STORE_PAGE_HEADER;
        }
        chunk[n].len += size;
        at += size;
    }
    return n + 1;
}


static uint16_t
count_rows(chunk_t chunk)
{
    uint16_t rows = 0;
    size_t at = 0;

    while (at < chunk.len) {
        at += 2 + (size_t) dosis_be16_get(chunk.data + at);
        rows++;
    }
    return rows;
}


static void
page_fill(store_page_t *page, chunk_t chunk)
{
    page->rows = count_rows(chunk);
    page->len = chunk.len;
    memcpy(page->bytes, chunk.data, chunk.len);
    page->dirty = true;
}


/*
 * Uneven on purpose: the head keeps the newest quarter, so that the next
 * newest ones find room; an older page halves.
 */
static void
page_split(dosis_txn_t *txn, const uint8_t agent[16], store_page_t *page,
    chunk_t all)
{
    bool head = page->key_len == STORE_AGENT_BYTES;
    char key[STORE_PAGE_KEY];
    unsigned i, n;
    chunk_t chunk[CHUNKS_MAX];
    store_page_t *made;

    n = cut(all.data, all.len, head ? STORE_PAGE_MAX / 4 : STORE_PAGE_MAX / 2,
        chunk);
    if (n == 0) {
        (void) store_txn_ok(txn, DOSIS_ELIMIT);
        return;
    }
    page_fill(page, chunk[0]);
    for (i = 1; i < n; i++) {
        store_page_key(key, agent, store_position_of(chunk[i].data + 2));
        made = page_create(txn, dosis_slice(key, sizeof(key)));
        if (made == NULL) {
            return;
        }
        page_fill(made, chunk[i]);
        page_put(txn, made);
    }
    grow_big(txn, agent);
}


static size_t
insert_offset(const store_page_t *page, store_position_t position)
{
    dosis_slice_t row;
    store_page_view_t view = { page->flags, page->rows,
        dosis_slice(page->bytes, page->len) };

    while (store_page_next(&view, &row)) {
        if (store_position_cmp(position, store_position_of(row.data)) < 0) {
            return (size_t) (row.data - page->bytes) - 2;
        }
    }
    return page->len;
}


static void
insert_into(dosis_txn_t *txn, const uint8_t agent[16], store_page_t *page,
    dosis_slice_t row)
{
    char all[2 * STORE_PAGE_MAX];
    size_t at = insert_offset(page, store_position_of(row.data));
    size_t size = 2 + row.len;

    memcpy(all, page->bytes, at);
    dosis_be16(all + at, (uint16_t) row.len);
    memcpy(all + at + 2, row.data, row.len);
    memcpy(all + at + size, page->bytes + at, page->len - at);
    if (page->len + size > STORE_PAGE_MAX - STORE_PAGE_HEADER) {
        page_split(txn, agent, page, (chunk_t) { all, page->len + size });
        return;
    }
    page->rows++;
    page->len += size;
    memcpy(page->bytes + at, all + at, page->len - at);
    page->dirty = true;
}


/*
 * Most rows are the newest of their agent: what comes before the last row of
 * the head page belongs there, wherever the next page begins.
 */
static bool
head_takes(const store_page_t *head, store_position_t position)
{
    return insert_offset(head, position) < head->len;
}


/* The page for that position; an agent's first row makes its head. */
static store_page_t *
page_for(dosis_txn_t *txn, const uint8_t agent[16], store_page_t *head,
    store_position_t position)
{
    store_page_t *page;

    if (head != NULL && head_takes(head, position)) {
        return head;
    }
    page = page_at(txn, agent, position);
    if (page == NULL && txn->rc == DOSIS_OK) {
        page = page_create(txn, dosis_slice(agent, STORE_AGENT_BYTES));
        if (page != NULL) {
            page_put(txn, page);
        }
    }
    return page;
}


void
store_page_insert(dosis_txn_t *txn, const uint8_t agent[16], dosis_slice_t row)
{
    store_page_t *page;
    store_page_t *head = page_get(txn, dosis_slice(agent, STORE_AGENT_BYTES));
    uint8_t flags = head != NULL ? head->flags : 0;

    if (row.len > STORE_PAGE_MAX - STORE_PAGE_HEADER - 2) {
        (void) store_txn_ok(txn, DOSIS_ELIMIT);
        return;
    }
    page = page_for(txn, agent, head, store_position_of(row.data));
    if (page == NULL) {
        return;
    }
    insert_into(txn, agent, page, row);
    if (flags & PAGE_GROOT) {     /* growing big, it got them just now */
        big_add(txn, agent, flags, row);
    }
}
