/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/dosis_namens.h"

#include "base/dosis_text.h"
#include "base/dosis_wire.h"

#define NAMENS_PLAIN (DOSIS_HANDLE_BYTES_MAX / 4 * 3 - DOSIS_SEAL_OVERHEAD)


static dosis_place_t
namens_place(dosis_slice_t client)
{
    return (dosis_place_t){ DOSIS_NAMENS_PLACE, DOSIS_NAMENS_VERSION, client };
}


/* A fixed buffer in the arena; without memory its first use fails. */
static void
namens_buf(dosis_buf_t *buf, dosis_arena_t *arena, size_t size)
{
    char *memory = dosis_arena_alloc(arena, size);

    dosis_buf_init_fixed(buf, memory, (memory == NULL) ? 0 : size);
}


/* Every right of every agent, each once. */
typedef struct {
    size_t count;
    dosis_slice_t recht[DOSIS_HANDLE_RIGHTS_MAX];
} namens_rights_t;


/* Where it stands in the list; behind the end when it is not there. */
static size_t
rights_find(const namens_rights_t *rights, dosis_slice_t recht)
{
    size_t i;

    for (i = 0; i < rights->count; i++) {
        if (dosis_slice_eq(rights->recht[i], recht)) {
            break;
        }
    }
    return i;
}


static bool
rights_gather(const dosis_namens_t *namens, namens_rights_t *ret)
{
    size_t i;
    size_t k;
    size_t at;
    const dosis_subject_t *subject;

    size_t total = 0;

    ret->count = 0;
    for (i = 0; i < namens->subjects; i++) {
        subject = &namens->subject[i];
        total += subject->rechten_count;
        if (total > DOSIS_HANDLE_RIGHTS_MAX) {
            return false;
        }
        for (k = 0; k < subject->rechten_count; k++) {
            at = rights_find(ret, subject->rechten[k]);
            ret->recht[at] = subject->rechten[k];
            ret->count += (at == ret->count);
        }
    }
    return true;
}


static void
namens_write_agent(dosis_buf_t *buf, const dosis_subject_t *subject,
    const namens_rights_t *rights)
{
    size_t i;

    dosis_wire_put_slice(buf, dosis_agent_id(&subject->agent));
    dosis_wire_put_varint(buf, subject->rechten_count);
    for (i = 0; i < subject->rechten_count; i++) {
        dosis_wire_put_varint(buf, rights_find(rights, subject->rechten[i]));
    }
}


static void
namens_write(dosis_buf_t *buf, const dosis_namens_t *namens,
    const namens_rights_t *rights)
{
    size_t i;

    dosis_buf_add_byte(buf, DOSIS_NAMENS_VERSION);
    dosis_wire_put_u64(buf, (uint64_t) namens->expires_s);
    dosis_wire_put_varint(buf, rights->count);
    for (i = 0; i < rights->count; i++) {
        dosis_wire_put_slice(buf, rights->recht[i]);
    }
    dosis_wire_put_varint(buf, namens->subjects);
    for (i = 0; i < namens->subjects; i++) {
        namens_write_agent(buf, &namens->subject[i], rights);
    }
    dosis_wire_put_slice(buf, namens->gebruiker);
    dosis_wire_put_slice(buf, namens->doel);
    dosis_wire_put_slice(buf, namens->zekerheid);
}


dosis_rc_t
dosis_namens_seal(const dosis_namens_door_t *door,
    const dosis_namens_t *namens, dosis_buf_t *out)
{
    char *sealed;
    dosis_buf_t plain;
    dosis_rc_t rc;
    namens_rights_t *rights;

    rights = dosis_arena_alloc(door->arena, sizeof(*rights));
    if (rights == NULL) {
        return DOSIS_ENOMEM;
    }
    if (!rights_gather(namens, rights)) {
        return DOSIS_ELIMIT;
    }
    namens_buf(&plain, door->arena, NAMENS_PLAIN);
    namens_write(&plain, namens, rights);
    if (plain.rc != DOSIS_OK) {
        return plain.rc;
    }
    sealed = dosis_arena_alloc(door->arena, plain.len + DOSIS_SEAL_OVERHEAD);
    if (sealed == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = dosis_seal(door->crypt, namens_place(door->client),
        dosis_buf_slice(&plain), sealed);
    if (rc == DOSIS_OK) {
        dosis_base64url_encode(
            out, dosis_slice(sealed, plain.len + DOSIS_SEAL_OVERHEAD));
        rc = out->rc;
    }
    return rc;
}


static void
namens_read_rights(dosis_wire_t *wire, namens_rights_t *ret)
{
    size_t i;
    uint64_t count = dosis_wire_varint(wire);

    wire->ok = wire->ok && count <= DOSIS_HANDLE_RIGHTS_MAX;
    ret->count = wire->ok ? count : 0;
    for (i = 0; i < ret->count; i++) {
        ret->recht[i] = dosis_wire_slice(wire);
    }
}


static dosis_rc_t
namens_read_agent(dosis_wire_t *wire, dosis_arena_t *arena,
    const namens_rights_t *rights, dosis_subject_t *subject)
{
    size_t i;
    uint64_t at;
    dosis_slice_t *held;
    dosis_slice_t agent = dosis_wire_slice(wire);

    subject->rechten_count = dosis_wire_varint(wire);
    if (!wire->ok || subject->rechten_count > DOSIS_HANDLE_RIGHTS_MAX
        || dosis_agent_parse(agent, DOSIS_VORM, &subject->agent) != NULL) {
        return DOSIS_EFORMAT;
    }
    held = dosis_arena_alloc(
        arena, (subject->rechten_count + 1) * sizeof(held[0]));
    if (held == NULL) {
        return DOSIS_ENOMEM;
    }
    for (i = 0; i < subject->rechten_count; i++) {
        at = dosis_wire_varint(wire);
        if (at >= rights->count) {
            return DOSIS_EFORMAT;
        }
        held[i] = rights->recht[at];
    }
    subject->rechten = held;
    return DOSIS_OK;
}


static dosis_rc_t
namens_read_agents(dosis_wire_t *wire, dosis_arena_t *arena,
    const namens_rights_t *rights, dosis_namens_t *ret)
{
    size_t i;
    dosis_rc_t rc = DOSIS_OK;

    ret->subjects = dosis_wire_varint(wire);
    if (!wire->ok || ret->subjects == 0
        || ret->subjects > DOSIS_HANDLE_SUBJECTS_MAX) {
        return DOSIS_EFORMAT;
    }
    ret->subject =
        dosis_arena_zalloc(arena, ret->subjects * sizeof(ret->subject[0]));
    if (ret->subject == NULL) {
        return DOSIS_ENOMEM;
    }
    for (i = 0; rc == DOSIS_OK && i < ret->subjects; i++) {
        rc = namens_read_agent(wire, arena, rights, &ret->subject[i]);
    }
    return rc;
}


/* The bytes lie in the arena; what is read borrows from them. */
static dosis_rc_t
namens_read(dosis_slice_t plain, dosis_arena_t *arena, dosis_namens_t *ret)
{
    dosis_rc_t rc;
    dosis_wire_t wire;
    namens_rights_t *rights;

    rights = dosis_arena_alloc(arena, sizeof(*rights));
    if (rights == NULL) {
        return DOSIS_ENOMEM;
    }
    dosis_wire_init(&wire, plain);
    if (dosis_wire_u8(&wire) != DOSIS_NAMENS_VERSION) {
        return DOSIS_EFORMAT;
    }
    ret->expires_s = (int64_t) dosis_wire_u64(&wire);
    namens_read_rights(&wire, rights);
    rc = namens_read_agents(&wire, arena, rights, ret);
    if (rc != DOSIS_OK) {
        return rc;
    }
    ret->gebruiker = dosis_wire_slice(&wire);
    ret->doel = dosis_wire_slice(&wire);
    ret->zekerheid = dosis_wire_slice(&wire);
    return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
}


dosis_rc_t
dosis_namens_open(const dosis_namens_door_t *door, dosis_slice_t handle,
    dosis_namens_t *ret)
{
    char *plain;
    size_t len;
    dosis_buf_t sealed;
    dosis_rc_t rc;

    if (handle.len == 0 || handle.len > DOSIS_HANDLE_BYTES_MAX) {
        return DOSIS_EFORMAT;
    }
    namens_buf(&sealed, door->arena, DOSIS_HANDLE_BYTES_MAX);
    rc = dosis_base64url_decode(&sealed, handle);
    if (rc != DOSIS_OK) {
        return rc;
    }
    plain = dosis_arena_alloc(door->arena, DOSIS_HANDLE_BYTES_MAX);
    if (plain == NULL) {
        return DOSIS_ENOMEM;
    }
    if (sealed.len < DOSIS_SEAL_OVERHEAD) {
        return DOSIS_EFORMAT;
    }
    rc = dosis_open(door->crypt, namens_place(door->client),
        dosis_buf_slice(&sealed), plain, &len);
    if (rc != DOSIS_OK) {
        return DOSIS_EFORMAT; /* also with a key of another store */
    }
    rc = namens_read(dosis_slice(plain, len), door->arena, ret);
    if (rc == DOSIS_OK && ret->expires_s <= door->now_s) {
        return DOSIS_EEXPIRED;
    }
    return rc;
}
