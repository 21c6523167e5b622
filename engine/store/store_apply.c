/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "store/store_apply.h"

#define CONTACTS_MAX  4096     /* interned per source; beyond: inline */
#define ROW_BYTES_MAX (STORE_PAGE_MAX - STORE_PAGE_HEADER)

/* What a status becomes in the store: the same for all its agents. */
typedef struct {
    dosis_buf_t whole;                  /* content, as history keeps it */
    dosis_buf_t row;                    /* the part that stays in the pages */
    dosis_buf_t lang;                   /* the part that does not fit */
    store_class_t class[DOSIS_AGENTEN_MAX];
    char row_bytes[STORE_ROOM];
} render_t;


/* --- log and history ----------------------------------------------------- */

static void
append_log(dosis_txn_t *txn, const store_op_t *op, uint64_t history)
{
    char bytes[64];
    dosis_buf_t entry;

    dosis_buf_init_fixed(&entry, bytes, sizeof(bytes));
    dosis_buf_add_byte(&entry,
        op->withdraw ? STORE_OP_WITHDRAW : STORE_OP_STATUS);
    dosis_buf_add(&entry, op->id, STORE_ID_BYTES);
    store_stamp_write(&entry, &op->stamp);
    dosis_wire_put_u64(&entry, history);
    store_txn_append(txn, DB_LOG, ++txn->log_seq, dosis_buf_slice(&entry));
}


dosis_rc_t
store_log_read(dosis_slice_t bytes, store_log_t *ret_log)
{
    dosis_slice_t id;
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    ret_log->kind = dosis_wire_u8(&wire);
    id = dosis_wire_bytes(&wire, STORE_ID_BYTES);
    ret_log->stamp = store_stamp_read(&wire);
    ret_log->history = dosis_wire_u64(&wire);
    if (!dosis_wire_done(&wire)) {
        return DOSIS_EFORMAT;
    }
    memcpy(ret_log->id, id.data, STORE_ID_BYTES);
    return DOSIS_OK;
}


static uint64_t
append_history(dosis_txn_t *txn, const store_op_t *op,
    const store_head_t *head, dosis_resultaat_t resultaat,
    dosis_slice_t content)
{
    dosis_buf_t entry;

    dosis_buf_init(&entry, STORE_CONTENT_MAX);
    dosis_buf_add_byte(&entry,
        op->withdraw ? STORE_OP_WITHDRAW : STORE_OP_STATUS);
    dosis_buf_add_byte(&entry, (char) resultaat);
    dosis_buf_add_byte(&entry, (char) head->flags);
    dosis_buf_add(&entry, op->id, STORE_ID_BYTES);
    dosis_wire_put_u64(&entry, head->history);
    dosis_wire_put_u64(&entry, (uint64_t) op->receipt_ns);
    store_stamp_write(&entry, &op->stamp);
    dosis_wire_put_u32(&entry, head->versie);
    dosis_wire_put_u64(&entry, op->result_seq);
    dosis_wire_put_u32(&entry, op->bron);
    dosis_buf_add_slice(&entry, content);
    if (store_txn_ok(txn, entry.rc)) {
        store_txn_append(txn, DB_HISTORIE, ++txn->history_seq,
            dosis_buf_slice(&entry));
    }
    dosis_buf_done(&entry);
    return txn->history_seq;
}


dosis_rc_t
store_history_read(dosis_slice_t bytes, store_history_t *h)
{
    dosis_slice_t id;
    dosis_wire_t wire;

    dosis_wire_init(&wire, bytes);
    h->kind = dosis_wire_u8(&wire);
    h->resultaat = dosis_wire_u8(&wire);
    h->flags = dosis_wire_u8(&wire);
    id = dosis_wire_bytes(&wire, STORE_ID_BYTES);
    h->previous = dosis_wire_u64(&wire);
    h->receipt_ns = (int64_t) dosis_wire_u64(&wire);
    h->stamp = store_stamp_read(&wire);
    h->versie = dosis_wire_u32(&wire);
    h->result_seq = dosis_wire_u64(&wire);
    h->bron = dosis_wire_u32(&wire);
    if (!wire.ok) {
        return DOSIS_EFORMAT;
    }
    memcpy(h->id, id.data, STORE_ID_BYTES);
    h->content = dosis_slice(wire.pos, (size_t) (wire.end - wire.pos));
    return DOSIS_OK;
}


/* --- rendering a status -------------------------------------------------- */

static void
give_contact(dosis_txn_t *txn, const store_op_t *op, dosis_buf_t *whole)
{
    char name[32];
    uint32_t number;
    uint64_t held;
    dosis_rc_t rc;
    dosis_buf_t text;
    store_term_t term = { INTERN_CONTACT, op->bron, { NULL, 0 } };
    store_intern_t *intern = txn->writer->intern;

    dosis_buf_init(&text, STORE_CONTENT_MAX);
    store_content_write_contact(&text, &op->dossier->beheerder);
    term.text = dosis_buf_slice(&text);
    rc = text.rc;
    if (rc == DOSIS_OK) {
        rc = store_intern_find(intern, &txn->snap, &term, &number);
    }
    if (rc == DOSIS_ENOTFOUND) {
        (void) snprintf(name, sizeof(name), "contacten/%u", op->bron);
        rc = store_meta_get(&txn->snap, name, &held);
        if (rc == DOSIS_OK && held < CONTACTS_MAX) {
            rc = store_meta_put(&txn->snap, name, held + 1);
            if (rc == DOSIS_OK) {
                rc = store_intern_give(intern, &txn->snap, &term, &number);
            }
        } else if (rc == DOSIS_OK) {
            rc = DOSIS_ELIMIT;
        }
    }
    if (rc == DOSIS_OK) {
        store_field_write_number(whole, FIELD_BEHEERDER, number);
    } else if (rc == DOSIS_ELIMIT) {
        store_field_write(whole, FIELD_BEHEERDER_TEKST, term.text);
        rc = DOSIS_OK;
    }
    (void) store_txn_ok(txn, rc);
    dosis_buf_done(&text);
}


static void
give_agents(dosis_txn_t *txn, const store_op_t *op, render_t *render,
    uint8_t flags)
{
    int i, k;
    const dosis_agent_rechten_t *agent;
    store_class_t *class;
    store_term_t term = { .kind = INTERN_RECHT };

    for (i = 0; i < op->dossier->agenten_count; i++) {
        agent = &op->dossier->agenten[i];
        class = &render->class[i];
        memset(class, 0, sizeof(*class));
        class->flags = flags & ROW_CLASS_FLAGS;
        class->count = agent->rechten_count;
        for (k = 0; k < agent->rechten_count; k++) {
            term.text = agent->rechten[k];
            if (!store_txn_ok(txn, store_intern_give(txn->writer->intern,
                    &txn->snap, &term, &class->rechten[k]))) {
                return;
            }
        }
        store_agent_write(&render->whole, agent, class->rechten);
    }
}


static uint8_t
flags_of(const dosis_dossier_t *d)
{
    return (uint8_t) ((d->is_publiek ? ROW_PUBLIEK : 0)
                      | (d->is_vertrouwelijk ? ROW_VERTROUWELIJK : 0)
                      | (d->actie_nodig ? ROW_ACTIE_NODIG : 0)
                      | (d->has_status ? ROW_STATUS : 0)
                      | (dosis_dossier_has_person(d) ? ROW_PERSOON : 0));
}


/* Returns the flags of the row; done by render_done in any case. */
static uint8_t
render_status(dosis_txn_t *txn, const store_op_t *op, render_t *render)
{
    uint8_t flags = flags_of(op->dossier);

    dosis_buf_init(&render->whole, STORE_CONTENT_MAX);
    dosis_buf_init(&render->lang, STORE_CONTENT_MAX);
    dosis_buf_init_fixed(&render->row, render->row_bytes, STORE_ROOM);
    store_content_write(&render->whole, op->dossier);
    if (op->dossier->has_beheerder) {
        give_contact(txn, op, &render->whole);
    }
    give_agents(txn, op, render, flags);
    if (!store_txn_ok(txn, render->whole.rc)) {
        return flags;
    }
    if (store_txn_ok(txn, store_content_split(dosis_buf_slice(&render->whole),
            STORE_ROOM, &render->row, &render->lang))
        && render->lang.len > 0) {
        flags |= ROW_LANG;
    }
    return flags;
}


static void
render_done(render_t *render)
{
    dosis_buf_done(&render->whole);
    dosis_buf_done(&render->lang);
}


/* --- rows ---------------------------------------------------------------- */

static const store_class_t gone = { .flags = CLASS_GONE };


/*
 * Takes the row of that agent out; its part is kept, zero when it had none.
 * That it was a marker is said by its class, whoever wrote it.
 */
static void
take_row(dosis_txn_t *txn, const uint8_t agent[16], const uint8_t id[16],
    store_part_t *ret_part)
{
    store_row_t row;
    store_spot_t spot;

    memset(ret_part, 0, sizeof(*ret_part));
    if (!store_page_find(txn, agent, id, &spot)) {
        return;
    }
    if (store_txn_ok(txn, store_row_read(spot.bytes, &row))
        && store_txn_ok(txn, store_part_read(row.part, ret_part))) {
        if (row.head.kind != ROW_LIVE) {
            ret_part->now = gone;
        }
        store_page_remove(txn, agent, &spot);
    }
}


static void
place_row(dosis_txn_t *txn, const uint8_t agent[16], const store_head_t *head,
    const store_part_t *part, dosis_slice_t content)
{
    char bytes[ROW_BYTES_MAX];
    dosis_buf_t row;

    dosis_buf_init_fixed(&row, bytes, sizeof(bytes));
    store_row_write(&row, head, part, content);
    if (store_txn_ok(txn, row.rc)) {
        store_page_insert(txn, agent, dosis_buf_slice(&row));
    }
}


/* The agent keeps a marker: it saw this dossier once. */
static void
mark_row(dosis_txn_t *txn, const uint8_t agent[16], const store_head_t *head,
    uint8_t kind)
{
    store_part_t part;
    store_head_t marker = *head;

    take_row(txn, agent, head->id, &part);
    if (part.change == 0) {
        (void) store_txn_ok(txn, DOSIS_EFORMAT);
        return;
    }
    store_part_reclass(&part, &gone, txn->log_seq);
    part.change = txn->log_seq;
    marker.kind = kind;
    marker.flags &= (uint8_t) ~ROW_LANG;
    place_row(txn, agent, &marker, &part, dosis_slice(NULL, 0));
}


static bool
has_agent(const store_held_t *held, const uint8_t agent[16])
{
    int i;

    for (i = 0; i < held->agents; i++) {
        if (memcmp(held->agent[i], agent, STORE_AGENT_BYTES) == 0) {
            return true;
        }
    }
    return false;
}


/* Head only: stamp, order or history moved, content stayed. */
static void
move_rows(dosis_txn_t *txn, const store_held_t *held,
    const store_head_t *next)
{
    int i;
    char rest[ROW_BYTES_MAX];
    dosis_buf_t row;
    store_spot_t spot;

    for (i = 0; i < held->agents; i++) {
        if (!store_page_find(txn, held->agent[i], next->id, &spot)) {
            (void) store_txn_ok(txn, DOSIS_EFORMAT);
            return;
        }
        dosis_buf_init_fixed(&row, rest, sizeof(rest));
        store_head_write(&row, next);
        if (next->order == held->head.order) {
            store_page_patch(&spot, rest);
            continue;
        }
        dosis_buf_add(&row, spot.bytes.data + STORE_HEAD_BYTES,
            spot.bytes.len - STORE_HEAD_BYTES);
        store_page_remove(txn, held->agent[i], &spot);
        store_page_insert(txn, held->agent[i], dosis_buf_slice(&row));
    }
}


static void
put_sleutel(dosis_txn_t *txn, const store_held_t *held)
{
    char bytes[STORE_SLEUTEL_MAX];
    dosis_buf_t value;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    store_sleutel_write(&value, held);
    if (store_txn_ok(txn, value.rc)) {
        store_txn_put(txn, DB_SLEUTEL,
            dosis_slice(held->head.id, STORE_ID_BYTES),
            dosis_buf_slice(&value));
    }
}


static void
put_lang(dosis_txn_t *txn, const store_op_t *op, const store_held_t *held,
    const render_t *render)
{
    dosis_slice_t key = dosis_slice(op->id, STORE_ID_BYTES);

    if (render != NULL && render->lang.len > 0) {
        store_txn_put(txn, DB_LANG, key, dosis_buf_slice(&render->lang));
    } else if (held->head.flags & ROW_LANG) {
        store_txn_del(txn, DB_LANG, key);
    }
}


/* --- the outcomes -------------------------------------------------------- */

/* An older operation: to history, and nothing shown changes. */
static void
apply_outdated(dosis_txn_t *txn, const store_op_t *op, store_held_t *held)
{
    render_t *render = NULL;
    store_head_t next = held->head, told = held->head;
    render_t space;

    told.flags = 0;
    if (!op->withdraw) {
        render = &space;
        told.flags = render_status(txn, op, render);
    }
    next.history = append_history(txn, op, &told, DOSIS_VEROUDERD,
        render != NULL ? dosis_buf_slice(&render->whole)
                       : dosis_slice(NULL, 0));
    append_log(txn, op, next.history);
    if (held->state == HELD_LIVE) {
        move_rows(txn, held, &next);
        held->head = next;
    } else {
        held->head = next;
        put_sleutel(txn, held);
    }
    if (render != NULL) {
        render_done(render);
    }
}


/* The same content, newer: the date moves up, nothing else happened. */
static void
apply_same(dosis_txn_t *txn, const store_op_t *op, store_held_t *held)
{
    store_head_t next = held->head;

    next.stamp = op->stamp;
    next.order = store_order(op->stamp.date_ns,
        (held->head.flags & ROW_STATUS) != 0);
    append_log(txn, op, held->head.history);
    move_rows(txn, held, &next);
    held->head = next;
}


static store_head_t
next_head(const store_op_t *op, const store_held_t *held)
{
    store_head_t next = held->head;

    memcpy(next.id, op->id, STORE_ID_BYTES);
    next.stamp = op->stamp;
    next.versie = held->head.versie + 1;
    next.bron = op->bron;
    return next;
}


static void
place_all(dosis_txn_t *txn, const store_op_t *op, const store_held_t *held,
    const store_head_t *next, const render_t *render)
{
    int i;
    store_part_t part;

    for (i = 0; i < op->dossier->agenten_count; i++) {
        memset(&part, 0, sizeof(part));
        if (held->state != HELD_NOTHING) {
            take_row(txn, op->agents[i], op->id, &part);
        }
        if (part.change == 0) {
            /* an agent that joins was not there before */
            part.now = held->state == HELD_NOTHING ? render->class[i] : gone;
        }
        store_part_reclass(&part, &render->class[i], txn->log_seq);
        part.change = txn->log_seq;
        place_row(txn, op->agents[i], next, &part,
            dosis_buf_slice(&render->row));
    }
}


static void
apply_content(dosis_txn_t *txn, const store_op_t *op, store_held_t *held,
    dosis_resultaat_t resultaat)
{
    int i;
    render_t render;
    store_head_t next = next_head(op, held);
    store_held_t now;

    next.kind = ROW_LIVE;
    next.flags = render_status(txn, op, &render);
    memcpy(next.content, op->content, sizeof(next.content));
    next.order = store_order(op->stamp.date_ns, op->dossier->has_status);
    next.history = append_history(txn, op, &next, resultaat,
        dosis_buf_slice(&render.whole));
    append_log(txn, op, next.history);
    now = (store_held_t) { .state = HELD_LIVE, .head = next };
    now.agents = op->dossier->agenten_count;
    memcpy(now.agent, op->agents, (size_t) now.agents * STORE_AGENT_BYTES);
    for (i = 0; held->state == HELD_LIVE && i < held->agents; i++) {
        if (!has_agent(&now, held->agent[i])) {
            mark_row(txn, held->agent[i], &held->head, ROW_LEFT);
        }
    }
    place_all(txn, op, held, &next, &render);
    put_lang(txn, op, held, &render);
    if (held->state != HELD_LIVE || held->agents != now.agents
        || memcmp(held->agent, now.agent,
               (size_t) now.agents * STORE_AGENT_BYTES) != 0) {
        put_sleutel(txn, &now);
    }
    render_done(&render);
    *held = now;
}


static void
apply_withdrawal(dosis_txn_t *txn, const store_op_t *op, store_held_t *held)
{
    int i;
    store_head_t next = next_head(op, held);

    if (held->state == HELD_LIVE) {
        next.history = append_history(txn, op, &next, DOSIS_INGETROKKEN,
            dosis_slice(NULL, 0));
    } else {
        next.versie = held->head.versie;    /* it was not there already */
    }
    append_log(txn, op, next.history);
    next.kind = ROW_WITHDRAWN;
    for (i = 0; held->state == HELD_LIVE && i < held->agents; i++) {
        mark_row(txn, held->agent[i], &next, ROW_WITHDRAWN);
    }
    put_lang(txn, op, held, NULL);
    next.flags &= (uint8_t) ~ROW_LANG;
    held->state = HELD_WITHDRAWN;
    held->head = next;
    put_sleutel(txn, held);
}


dosis_resultaat_t
store_outcome(const store_op_t *op, const store_held_t *held)
{
    int cmp = held->state == HELD_NOTHING
                  ? 1
                  : store_stamp_cmp(&op->stamp, &held->head.stamp);

    if (cmp < 0) {
        return DOSIS_VEROUDERD;
    }
    if (cmp == 0) {    /* applied already */
        return held->state == HELD_WITHDRAWN ? DOSIS_INGETROKKEN
                                             : DOSIS_ONGEWIJZIGD;
    }
    if (op->withdraw) {
        return DOSIS_INGETROKKEN;
    }
    if (held->state == HELD_LIVE) {
        return memcmp(held->head.content, op->content, 16) == 0
                   ? DOSIS_ONGEWIJZIGD
                   : DOSIS_GEWIJZIGD;
    }
    return held->state == HELD_WITHDRAWN ? DOSIS_HERSTELD : DOSIS_NIEUW;
}


dosis_resultaat_t
store_apply(dosis_txn_t *txn, const store_op_t *op, store_held_t *held)
{
    dosis_resultaat_t resultaat = store_outcome(op, held);

    if (held->state != HELD_NOTHING
        && store_stamp_cmp(&op->stamp, &held->head.stamp) == 0) {
        return resultaat;
    }
    switch (resultaat) {
    case DOSIS_VEROUDERD:
        apply_outdated(txn, op, held);
        break;
    case DOSIS_INGETROKKEN:
        apply_withdrawal(txn, op, held);
        break;
    case DOSIS_ONGEWIJZIGD:
        apply_same(txn, op, held);
        break;
    default:
        apply_content(txn, op, held, resultaat);
        break;
    }
    return resultaat;
}
