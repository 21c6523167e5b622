/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/dosis_ticket.h"

#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/store_txn.h"

#define TICKET_BYTES 24
#define TICKET_RANDOM 16
#define TICKET_MARK 't'
#define TICKET_VERSION 1
#define TICKET_VALUE_MAX ((size_t) 64 << 10)
#define TICKET_OWNER 16

#define COUNT_MARK 'c'
#define COUNT_KEY (1 + TICKET_OWNER)
#define COUNT_BYTES 4

#define SWEEP_PUT 8      /* expired ones that go with a new one */
#define SWEEP_ENGINE 256 /* in one transaction of the engine */

enum {
    TICKET_LOKET = 1,
    TICKET_VERTROUWELIJK = 2,
    TICKET_BOUND = 4
};

/* What hashes under one key are apart by. */
#define OF_TICKET DOSIS_SLICE("kaartje")
#define OF_COOKIE DOSIS_SLICE("koekje")
#define OF_OWNER DOSIS_SLICE("vrager")


/* --- the text, and where it is kept -------------------------------------- */

dosis_rc_t
dosis_ticket_text(int64_t expires_s, char text[DOSIS_TICKET_TEXT + 1])
{
    char bytes[TICKET_BYTES];
    dosis_buf_t out;
    dosis_rc_t rc;

    dosis_be64(bytes, (uint64_t) expires_s);
    rc = dosis_random(bytes + 8, TICKET_RANDOM);
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_buf_init_fixed(&out, text, DOSIS_TICKET_TEXT);
    dosis_base64url_encode(&out, dosis_slice(bytes, sizeof(bytes)));
    text[DOSIS_TICKET_TEXT] = '\0';
    return out.rc;
}


bool
dosis_ticket_key(
    dosis_crypt_t *crypt, dosis_slice_t text, char key[DOSIS_TICKET_KEY])
{
    char bytes[TICKET_BYTES];
    dosis_slice_t parts[] = { OF_TICKET, text };
    dosis_buf_t out;

    dosis_buf_init_fixed(&out, bytes, sizeof(bytes));
    if (text.len != DOSIS_TICKET_TEXT
        || dosis_base64url_decode(&out, text) != DOSIS_OK
        || out.len != sizeof(bytes)) {
        return false;
    }
    key[0] = TICKET_MARK;
    memcpy(key + 1, bytes, 8);
    dosis_blind(crypt, DOSIS_BLIND_TICKET, parts, 2, (uint8_t *) key + 9);
    return true;
}


void
dosis_ticket_cookie(dosis_crypt_t *crypt, dosis_slice_t cookie,
    uint8_t hash[DOSIS_TICKET_COOKIE])
{
    dosis_slice_t parts[] = { OF_COOKIE, cookie };

    dosis_blind(crypt, DOSIS_BLIND_TICKET, parts, 2, hash);
}


static bool
is_expired(const char *key, int64_t now_ns)
{
    return dosis_be64_get(key + 1) <= (uint64_t) (now_ns / DOSIS_NS_PER_S);
}


/* --- the value ----------------------------------------------------------- */

static void
ticket_write(dosis_buf_t *buf, const dosis_ticket_t *ticket,
    const uint8_t owner[TICKET_OWNER])
{
    const dosis_subject_t *subject = &ticket->subject;
    size_t i;

    dosis_buf_add_byte(buf, TICKET_VERSION);
    dosis_buf_add_byte(buf,
        (char) ((ticket->loket ? TICKET_LOKET : 0)
            | (subject->vertrouwelijk ? TICKET_VERTROUWELIJK : 0)
            | (ticket->bound ? TICKET_BOUND : 0)));
    dosis_buf_add(buf, owner, TICKET_OWNER);
    dosis_buf_add(buf, ticket->cookie, sizeof(ticket->cookie));
    dosis_buf_add(buf, ticket->dossier, sizeof(ticket->dossier));
    dosis_wire_put_slice(buf, ticket->client);
    dosis_wire_put_slice(buf, ticket->doelgroep);
    dosis_buf_add_byte(buf, (char) subject->agent.soort);
    dosis_wire_put_slice(buf, dosis_agent_id(&subject->agent));
    dosis_wire_put_varint(buf, subject->rechten_count);
    for (i = 0; i < subject->rechten_count; i++) {
        dosis_wire_put_slice(buf, subject->rechten[i]);
    }
}


static void
take_bytes(dosis_wire_t *wire, void *to, size_t len)
{
    const uint8_t *at = dosis_wire_take(wire, len);

    if (at != NULL) {
        memcpy(to, at, len);
    }
}


static void
read_agent(dosis_wire_t *wire, dosis_agent_t *agent)
{
    uint8_t soort = dosis_wire_u8(wire);
    dosis_slice_t id = dosis_wire_slice(wire);

    wire->ok = wire->ok && soort >= DOSIS_AGENT_KBO
        && soort <= DOSIS_AGENT_VREEMD && id.len > 0
        && id.len <= DOSIS_AGENT_ID_MAX;
    memset(agent, 0, sizeof(*agent));
    if (wire->ok) {
        agent->soort = (dosis_agent_soort_t) soort;
        agent->len = (uint8_t) id.len;
        memcpy(agent->id, id.data, id.len);
    }
}


static dosis_rc_t
read_rights(dosis_wire_t *wire, dosis_arena_t *arena, dosis_subject_t *subject)
{
    uint64_t count = dosis_wire_varint(wire);
    dosis_slice_t *held;
    size_t i;

    if (!wire->ok || count > DOSIS_HELD_MAX) {
        return DOSIS_EFORMAT;
    }
    held = dosis_arena_alloc(arena, (count + 1) * sizeof(held[0]));
    if (held == NULL) {
        return DOSIS_ENOMEM;
    }
    for (i = 0; i < count; i++) {
        held[i] = dosis_wire_slice(wire);
    }
    subject->rechten = held;
    subject->rechten_count = count;
    return DOSIS_OK;
}


/* What is read points into bytes. */
static dosis_rc_t
ticket_read(dosis_slice_t bytes, dosis_arena_t *arena, dosis_ticket_t *ticket,
    uint8_t owner[TICKET_OWNER])
{
    dosis_wire_t wire;
    uint8_t version, flags;
    dosis_rc_t rc;

    dosis_wire_init(&wire, bytes);
    version = dosis_wire_u8(&wire);
    flags = dosis_wire_u8(&wire);
    ticket->loket = (flags & TICKET_LOKET) != 0;
    ticket->bound = (flags & TICKET_BOUND) != 0;
    ticket->subject.vertrouwelijk = (flags & TICKET_VERTROUWELIJK) != 0;
    take_bytes(&wire, owner, TICKET_OWNER);
    take_bytes(&wire, ticket->cookie, sizeof(ticket->cookie));
    take_bytes(&wire, ticket->dossier, sizeof(ticket->dossier));
    ticket->client = dosis_wire_slice(&wire);
    ticket->doelgroep = dosis_wire_slice(&wire);
    read_agent(&wire, &ticket->subject.agent);
    rc = read_rights(&wire, arena, &ticket->subject);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return dosis_wire_done(&wire) && version == TICKET_VERSION ? DOSIS_OK
                                                               : DOSIS_EFORMAT;
}


/* Equal in a time that does not tell where they differ. */
static bool
cookie_fits(const dosis_ticket_t *ticket, const uint8_t *cookie)
{
    uint8_t differs = 0;
    size_t i;

    if (!ticket->bound) {
        return true;
    }
    for (i = 0; cookie != NULL && i < sizeof(ticket->cookie); i++) {
        differs |= (uint8_t) (ticket->cookie[i] ^ cookie[i]);
    }
    return cookie != NULL && differs == 0;
}


static dosis_rc_t
ticket_get(const store_snap_t *snap, const char key[DOSIS_TICKET_KEY],
    dosis_arena_t *arena, dosis_ticket_t *ticket, uint8_t owner[TICKET_OWNER])
{
    dosis_buf_t value;
    dosis_slice_t kept;
    dosis_rc_t rc;

    dosis_buf_init(&value, TICKET_VALUE_MAX);
    rc = store_get(
        snap, DB_DOORKLIK, dosis_slice(key, DOSIS_TICKET_KEY), &value);
    if (rc == DOSIS_OK) {
        kept = dosis_arena_copy(arena, dosis_buf_slice(&value));
        rc = kept.data == NULL ? DOSIS_ENOMEM
                               : ticket_read(kept, arena, ticket, owner);
    }
    dosis_buf_done(&value);
    return rc;
}


/* --- how many ------------------------------------------------------------ */

static const uint8_t everybody[TICKET_OWNER];


static void
owner_of(dosis_crypt_t *crypt, const dosis_ticket_t *ticket,
    uint8_t owner[TICKET_OWNER])
{
    dosis_slice_t parts[] = { OF_OWNER, ticket->client,
        dosis_agent_id(&ticket->subject.agent) };

    dosis_blind(
        crypt, DOSIS_BLIND_TICKET, parts, ticket->loket ? 2 : 3, owner);
}


static dosis_slice_t
count_key(char key[COUNT_KEY], const uint8_t owner[TICKET_OWNER])
{
    key[0] = COUNT_MARK;
    memcpy(key + 1, owner, TICKET_OWNER);
    return dosis_slice(key, COUNT_KEY);
}


static uint32_t
count_get(dosis_txn_t *txn, const uint8_t owner[TICKET_OWNER])
{
    char key[COUNT_KEY], memory[COUNT_BYTES];
    dosis_buf_t value;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&value, memory, sizeof(memory));
    rc = store_get(&txn->snap, DB_DOORKLIK, count_key(key, owner), &value);
    if (rc == DOSIS_ENOTFOUND
        || !store_txn_ok(txn,
            rc == DOSIS_OK && value.len != COUNT_BYTES ? DOSIS_EFORMAT : rc)) {
        return 0;
    }
    return dosis_be32_get(memory);
}


static void
count_add(dosis_txn_t *txn, const uint8_t owner[TICKET_OWNER], int by)
{
    char key[COUNT_KEY], bytes[COUNT_BYTES];
    uint32_t held = count_get(txn, owner);

    held = by < 0 ? held - (held > 0) : held + 1;
    dosis_be32(bytes, held);
    if (held > 0) {
        store_txn_put(txn, DB_DOORKLIK, count_key(key, owner),
            dosis_slice(bytes, sizeof(bytes)));
    } else {
        store_txn_del(txn, DB_DOORKLIK, count_key(key, owner));
    }
}


static void
ticket_del(dosis_txn_t *txn, const char key[DOSIS_TICKET_KEY],
    const uint8_t owner[TICKET_OWNER])
{
    store_txn_del(txn, DB_DOORKLIK, dosis_slice(key, DOSIS_TICKET_KEY));
    count_add(txn, owner, -1);
    count_add(txn, everybody, -1);
}


/* --- expired ones -------------------------------------------------------- */

/* The first by expiry; false: none has expired. */
static bool
find_stale(
    const store_snap_t *snap, int64_t now_ns, char key[DOSIS_TICKET_KEY])
{
    char mark = TICKET_MARK;
    store_cursor_t c;
    bool found = false;

    if (store_cursor_open(snap, DB_DOORKLIK, &c) != DOSIS_OK) {
        return false;
    }
    if (store_cursor_seek(&c, dosis_slice(&mark, 1)) == DOSIS_OK
        && c.key.len == DOSIS_TICKET_KEY && c.key.data[0] == TICKET_MARK
        && is_expired(c.key.data, now_ns)) {
        memcpy(key, c.key.data, DOSIS_TICKET_KEY);
        found = true;
    }
    store_cursor_close(&c);
    return found;
}


static void
sweep(dosis_txn_t *txn, unsigned most)
{
    dosis_arena_t *arena = txn->writer->arena;
    char key[DOSIS_TICKET_KEY];
    uint8_t owner[TICKET_OWNER];
    dosis_ticket_t ticket;

    while (most-- > 0 && txn->rc == DOSIS_OK
        && find_stale(&txn->snap, txn->now_ns, key)) {
        if (store_txn_ok(
                txn, ticket_get(&txn->snap, key, arena, &ticket, owner))) {
            ticket_del(txn, key, owner);
        }
    }
}


bool
dosis_ticket_stale(dosis_reader_t *reader, int64_t now_ns)
{
    char key[DOSIS_TICKET_KEY];

    return find_stale(&reader->snap, now_ns, key);
}


void
dosis_ticket_sweep(dosis_txn_t *txn)
{
    sweep(txn, SWEEP_ENGINE);
}


/* --- put, look, take ----------------------------------------------------- */

dosis_rc_t
dosis_ticket_put(dosis_txn_t *txn, const char key[DOSIS_TICKET_KEY],
    const dosis_ticket_t *ticket)
{
    uint32_t most = ticket->loket ? DOSIS_TICKETS_LOKET : DOSIS_TICKETS_USER;
    uint8_t owner[TICKET_OWNER];
    dosis_buf_t value;

    sweep(txn, SWEEP_PUT);
    owner_of(txn->snap.crypt, ticket, owner);
    if (count_get(txn, owner) >= most) {
        return DOSIS_ELIMIT;
    }
    if (count_get(txn, everybody) >= DOSIS_TICKETS_MAX) {
        return DOSIS_EBUSY;
    }
    dosis_buf_init(&value, TICKET_VALUE_MAX);
    ticket_write(&value, ticket, owner);
    if (store_txn_ok(txn, value.rc)) {
        store_txn_put(txn, DB_DOORKLIK, dosis_slice(key, DOSIS_TICKET_KEY),
            dosis_buf_slice(&value));
        count_add(txn, owner, 1);
        count_add(txn, everybody, 1);
    }
    dosis_buf_done(&value);
    return txn->rc;
}


dosis_rc_t
dosis_ticket_look(dosis_reader_t *reader, const char key[DOSIS_TICKET_KEY],
    int64_t now_ns, const uint8_t *cookie)
{
    dosis_arena_t *arena;
    uint8_t owner[TICKET_OWNER];
    dosis_ticket_t ticket;
    dosis_slice_t raw;
    dosis_rc_t rc;

    rc = store_get_raw(&reader->snap, DB_DOORKLIK,
        dosis_slice(key, DOSIS_TICKET_KEY), &raw);
    if (rc != DOSIS_OK) {
        return rc;
    }
    arena = dosis_arena_create(2 * TICKET_VALUE_MAX);
    if (arena == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = ticket_get(&reader->snap, key, arena, &ticket, owner);
    if (rc == DOSIS_OK
        && (is_expired(key, now_ns) || !cookie_fits(&ticket, cookie))) {
        rc = DOSIS_ENOTFOUND;
    }
    dosis_arena_free(arena);
    return rc;
}


dosis_rc_t
dosis_ticket_take(dosis_txn_t *txn, const char key[DOSIS_TICKET_KEY],
    const uint8_t *cookie, dosis_arena_t *arena, dosis_ticket_t *ticket)
{
    uint8_t owner[TICKET_OWNER];
    dosis_rc_t rc;

    if (txn->rc != DOSIS_OK) {
        return txn->rc;
    }
    rc = ticket_get(&txn->snap, key, arena, ticket, owner);
    if (rc == DOSIS_OK
        && (is_expired(key, txn->now_ns) || !cookie_fits(ticket, cookie))) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc == DOSIS_ENOTFOUND || !store_txn_ok(txn, rc)) {
        return rc;
    }
    ticket_del(txn, key, owner);
    return txn->rc;
}
