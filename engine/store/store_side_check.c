/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_wire.h"
#include "store/store_side_check.h"

#define PAGE_BYTES (STORE_PAGE_HEADER + STORE_PAGE_MAX)
#define SUMS_MAX   ((size_t) 256 << 20)

typedef struct {
    uint8_t key[STORE_CLASS_KEY];
    store_tally_t tally;
} class_sum_t;

/* What the pages of one agent add up to. */
typedef struct {
    dosis_buf_t room;          /* of class_sum_t, one behind the other */
    size_t classes;
    size_t last;               /* found last: rows of a class stand together */
} sum_t;


/* --- pieces -------------------------------------------------------------- */

static dosis_rc_t
page_at(const store_snap_t *snap, const store_cursor_t *c, char *bytes,
    store_page_view_t *ret_view)
{
    dosis_rc_t rc;
    dosis_buf_t page;

    dosis_buf_init_fixed(&page, bytes, PAGE_BYTES);
    rc = store_open_value(snap, DB_AGENT, c->key, c->value, &page);
    return rc == DOSIS_OK ? store_page_view(dosis_buf_slice(&page), ret_view)
                          : rc;
}


static uint8_t
flags_of(const store_snap_t *snap, const uint8_t *agent)
{
    char bytes[PAGE_BYTES];
    dosis_buf_t page;
    store_page_view_t view;

    dosis_buf_init_fixed(&page, bytes, sizeof(bytes));
    return store_get(snap, DB_AGENT, dosis_slice(agent, STORE_AGENT_BYTES),
               &page) == DOSIS_OK
                   && store_page_view(dosis_buf_slice(&page), &view)
                          == DOSIS_OK
               ? view.flags
               : 0;
}


static bool
order_of(const store_snap_t *snap, const uint8_t *agent, const uint8_t *id,
    uint64_t *ret_order)
{
    char key[STORE_AGENT_BYTES + STORE_ID_BYTES], bytes[8];
    dosis_buf_t value;

    memcpy(key, agent, STORE_AGENT_BYTES);
    memcpy(key + STORE_AGENT_BYTES, id, STORE_ID_BYTES);
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    if (store_get(snap, DB_PLAATS, dosis_slice(key, sizeof(key)), &value)
            != DOSIS_OK
        || value.len != sizeof(bytes)) {
        return false;
    }
    *ret_order = dosis_be64_get(bytes);
    return true;
}


/* What the row of that dossier in the pages of a big agent says. */
static bool
facts_of(const store_snap_t *snap, const uint8_t *agent, const uint8_t *id,
    store_facts_t *ret_facts)
{
    bool found = false;
    char bytes[PAGE_BYTES];
    dosis_slice_t row;
    store_cursor_t c;
    store_page_view_t view;
    store_position_t position = { 0, id };

    if (!order_of(snap, agent, id, &position.order)
        || store_cursor_open(snap, DB_AGENT, &c) != DOSIS_OK) {
        return false;
    }
    if (store_page_seek(&c, agent, position) == DOSIS_OK
        && page_at(snap, &c, bytes, &view) == DOSIS_OK) {
        while (!found && store_page_next(&view, &row)) {
            found = memcmp(row.data + STORE_ROW_ID, id, STORE_ID_BYTES) == 0
                    && store_facts_read(snap->crypt, row, ret_facts)
                           == DOSIS_OK;
        }
    }
    store_cursor_close(&c);
    return found;
}


/* --- rows ---------------------------------------------------------------- */

/* Is value what lies under that key? */
static bool
holds(const store_snap_t *snap, store_db_t db, dosis_slice_t key,
    dosis_slice_t value)
{
    char bytes[STORE_TALLY_MAX];
    dosis_buf_t held;

    dosis_buf_init_fixed(&held, bytes, sizeof(bytes));
    return store_get(snap, db, key, &held) == DOSIS_OK
           && dosis_slice_eq(dosis_buf_slice(&held), value);
}


const char *
store_side_check_row(const store_snap_t *snap, const uint8_t agent[16],
    dosis_slice_t row)
{
    char key[STORE_TERMIJN_KEY];
    store_facts_t facts;

    if (store_facts_read(snap->crypt, row, &facts) != DOSIS_OK) {
        return "a row of a big agent that does not read";
    }
    store_volg_key(key, agent, facts.change);
    if (!holds(snap, DB_VOLG, dosis_slice(key, STORE_VOLG_KEY),
            dosis_slice(facts.id, STORE_ID_BYTES))) {
        return "a row of a big agent that volg does not have";
    }
    if (!facts.live || !facts.actie_nodig) {
        return NULL;
    }
    store_termijn_key(key, agent, facts.deadline, facts.id);
    return holds(snap, DB_TERMIJN, dosis_slice(key, sizeof(key)),
               dosis_slice(facts.key, STORE_CLASS_KEY))
               ? NULL
               : "a row of a big agent that termijn does not have";
}


const char *
store_side_check_volg(const store_snap_t *snap, dosis_slice_t key,
    dosis_slice_t value)
{
    const uint8_t *agent = (const uint8_t *) key.data;
    store_facts_t facts;

    if (key.len != STORE_VOLG_KEY || value.len != STORE_ID_BYTES) {
        return "an entry of volg that does not read";
    }
    return facts_of(snap, agent, (const uint8_t *) value.data, &facts)
                   && facts.change
                          == dosis_be64_get(key.data + STORE_AGENT_BYTES)
               ? NULL
               : "an entry of volg without its row";
}


const char *
store_side_check_termijn(const store_snap_t *snap, dosis_slice_t key,
    dosis_slice_t value)
{
    const uint8_t *agent = (const uint8_t *) key.data;
    store_facts_t facts;

    if (key.len != STORE_TERMIJN_KEY || value.len != STORE_CLASS_KEY) {
        return "an entry of termijn that does not read";
    }
    return facts_of(snap, agent, agent + STORE_AGENT_BYTES + 4, &facts)
                   && facts.live && facts.actie_nodig
                   && facts.deadline
                          == dosis_be32_get(key.data + STORE_AGENT_BYTES)
                   && memcmp(facts.key, value.data, STORE_CLASS_KEY) == 0
               ? NULL
               : "an entry of termijn without its row";
}


const char *
store_side_check_telling(const store_snap_t *snap, dosis_slice_t key,
    dosis_slice_t value)
{
    uint8_t flags;
    store_tally_t tally;

    if (key.len == STORE_AGENT_BYTES
        && value.len == 8 + STORE_ID_BYTES) {
        flags = flags_of(snap, (const uint8_t *) key.data);
        return (flags & (PAGE_GROOT | PAGE_ZIJ)) == PAGE_GROOT
                   ? NULL
                   : "side rows half made of an agent that has them all";
    }
    if (key.len != STORE_TELLING_KEY
        || store_tally_read(value, &tally) != DOSIS_OK || tally.rijen == 0) {
        return "an entry of telling that does not read";
    }
    return flags_of(snap, (const uint8_t *) key.data) & PAGE_GROOT
               ? NULL
               : "counts of an agent that is not big";
}


/* --- counts -------------------------------------------------------------- */

/* The class under that key, made when it is new; NULL: no memory. */
static store_tally_t *
sum_find(sum_t *sum, const uint8_t key[STORE_CLASS_KEY], bool make)
{
    size_t i, at;
    class_sum_t *class = (class_sum_t *) (void *) sum->room.data;

    for (i = 0; i < sum->classes; i++) {
        at = (sum->last + i) % sum->classes;
        if (memcmp(class[at].key, key, STORE_CLASS_KEY) == 0) {
            sum->last = at;
            return &class[at].tally;
        }
    }
    if (!make) {
        return NULL;
    }
    class = (void *) dosis_buf_grow(&sum->room, sizeof(*class));
    if (class == NULL) {
        return NULL;
    }
    memset(class, 0, sizeof(*class));
    memcpy(class->key, key, STORE_CLASS_KEY);
    sum->last = sum->classes++;
    return &class->tally;
}


static bool
sum_page(sum_t *sum, const store_snap_t *snap, const store_cursor_t *c)
{
    char bytes[PAGE_BYTES];
    dosis_slice_t row;
    store_facts_t facts;
    store_page_view_t view;
    store_tally_t *tally;

    if (page_at(snap, c, bytes, &view) != DOSIS_OK) {
        return false;
    }
    while (store_page_next(&view, &row)) {
        if (store_facts_read(snap->crypt, row, &facts) != DOSIS_OK) {
            return false;
        }
        if (!facts.live) {
            continue;
        }
        tally = sum_find(sum, facts.key, true);
        if (tally == NULL) {
            return false;
        }
        tally->bucket = facts.bucket;
        store_tally_count(tally, &facts, 1);
    }
    return true;
}


static bool
sum_pages(sum_t *sum, const store_snap_t *snap, const uint8_t agent[16])
{
    dosis_rc_t rc;
    store_cursor_t c;

    if (store_cursor_open(snap, DB_AGENT, &c) != DOSIS_OK) {
        return false;
    }
    rc = store_cursor_seek(&c, dosis_slice(agent, STORE_AGENT_BYTES));
    while (rc == DOSIS_OK && store_is_agents(c.key, agent)) {
        rc = sum_page(sum, snap, &c) ? store_cursor_next(&c) : DOSIS_EFORMAT;
    }
    store_cursor_close(&c);
    return rc == DOSIS_OK || rc == DOSIS_ENOTFOUND;
}


static bool
tally_eq(const store_tally_t *a, const store_tally_t *b)
{
    return a->bucket.bron == b->bucket.bron
           && store_class_eq(&a->bucket.class, &b->bucket.class)
           && a->rijen == b->rijen && a->zonder_fase == b->zonder_fase
           && a->actie_nodig == b->actie_nodig
           && memcmp(a->fase, b->fase, sizeof(a->fase)) == 0;
}


/* As many counts as sums, and each equal to its own. */
static bool
sum_agrees(sum_t *sum, const store_snap_t *snap, const uint8_t agent[16])
{
    size_t n = 0;
    uint8_t key[STORE_CLASS_KEY];
    dosis_rc_t rc;
    store_tally_t held;
    const store_tally_t *seen;
    store_side_walk_t walk;

    rc = store_tallies_open(snap, agent, &walk);
    while (rc == DOSIS_OK) {
        rc = store_tallies_next(&walk, key, &held);
        if (rc == DOSIS_OK) {
            seen = sum_find(sum, key, false);
            rc = seen != NULL && tally_eq(seen, &held) ? DOSIS_OK
                                                       : DOSIS_EFORMAT;
            n++;
        }
    }
    store_side_close(&walk);
    return rc == DOSIS_ENOTFOUND && n == sum->classes;
}


const char *
store_side_check_counts(const store_snap_t *snap, const uint8_t agent[16])
{
    bool agrees;
    sum_t sum = { 0 };

    dosis_buf_init(&sum.room, SUMS_MAX);
    agrees = sum_pages(&sum, snap, agent) && sum_agrees(&sum, snap, agent);
    dosis_buf_done(&sum.room);
    return agrees ? NULL : "counts of a big agent that its pages do not give";
}
