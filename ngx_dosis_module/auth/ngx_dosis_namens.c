/* SPDX-License-Identifier: EUPL-1.2 */

#include "auth/ngx_dosis_namens.h"

#include "base/dosis_text.h"
#include "base/dosis_wire.h"

#define NAMENS_DATABASE 201
#define NAMENS_VERSION 1
#define NAMENS_PLAIN 6000 /* all members at their ceilings, and more */


static dosis_place_t
namens_place(dosis_slice_t client)
{
    return (dosis_place_t){ NAMENS_DATABASE, NAMENS_VERSION, client };
}


/* A fixed buffer in the arena; without memory its first use fails. */
static void
namens_buf(dosis_buf_t *buf, dosis_arena_t *arena, size_t size)
{
    char *memory = dosis_arena_alloc(arena, size);

    dosis_buf_init_fixed(buf, memory, (memory == NULL) ? 0 : size);
}


static void
namens_write(dosis_buf_t *buf, const ngx_dosis_namens_t *namens)
{
    size_t i;

    dosis_buf_add_byte(buf, NAMENS_VERSION);
    dosis_wire_put_u64(buf, (uint64_t) namens->expires_s);
    dosis_wire_put_slice(buf, dosis_agent_id(&namens->agent));
    dosis_wire_put_varint(buf, namens->rechten_count);
    for (i = 0; i < namens->rechten_count; i++) {
        dosis_wire_put_slice(buf, namens->rechten[i]);
    }
    dosis_wire_put_slice(buf, namens->gebruiker);
    dosis_wire_put_slice(buf, namens->doel);
    dosis_wire_put_slice(buf, namens->zekerheid);
}


dosis_rc_t
ngx_dosis_namens_seal(dosis_crypt_t *crypt, dosis_slice_t client,
    const ngx_dosis_namens_t *namens, dosis_arena_t *arena, dosis_buf_t *out)
{
    char *sealed;
    dosis_buf_t plain;
    dosis_rc_t rc;

    namens_buf(&plain, arena, NAMENS_PLAIN);
    namens_write(&plain, namens);
    if (plain.rc != DOSIS_OK) {
        return plain.rc;
    }
    sealed = dosis_arena_alloc(arena, plain.len + DOSIS_SEAL_OVERHEAD);
    if (sealed == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = dosis_seal(
        crypt, namens_place(client), dosis_buf_slice(&plain), sealed);
    if (rc == DOSIS_OK) {
        dosis_base64url_encode(
            out, dosis_slice(sealed, plain.len + DOSIS_SEAL_OVERHEAD));
        rc = out->rc;
    }
    return rc;
}


static dosis_rc_t
namens_read_rights(
    dosis_wire_t *wire, dosis_arena_t *arena, ngx_dosis_namens_t *ret)
{
    size_t i;
    dosis_slice_t *rechten;

    ret->rechten_count = dosis_wire_varint(wire);
    if (ret->rechten_count > NGX_DOSIS_NAMENS_RIGHTS_MAX) {
        return DOSIS_EFORMAT;
    }
    rechten = dosis_arena_alloc(
        arena, NGX_DOSIS_NAMENS_RIGHTS_MAX * sizeof(rechten[0]));
    if (rechten == NULL) {
        return DOSIS_ENOMEM;
    }
    for (i = 0; i < ret->rechten_count; i++) {
        rechten[i] = dosis_wire_slice(wire);
    }
    ret->rechten = rechten;
    return DOSIS_OK;
}


/* The bytes lie in the arena; what is read borrows from them. */
static dosis_rc_t
namens_read(dosis_slice_t plain, dosis_arena_t *arena, ngx_dosis_namens_t *ret)
{
    dosis_rc_t rc;
    dosis_slice_t agent;
    dosis_wire_t wire;

    dosis_wire_init(&wire, plain);
    if (dosis_wire_u8(&wire) != NAMENS_VERSION) {
        return DOSIS_EFORMAT;
    }
    ret->expires_s = (int64_t) dosis_wire_u64(&wire);
    agent = dosis_wire_slice(&wire);
    rc = namens_read_rights(&wire, arena, ret);
    if (rc != DOSIS_OK) {
        return rc;
    }
    ret->gebruiker = dosis_wire_slice(&wire);
    ret->doel = dosis_wire_slice(&wire);
    ret->zekerheid = dosis_wire_slice(&wire);
    if (!dosis_wire_done(&wire)
        || dosis_agent_parse(agent, DOSIS_VORM, &ret->agent) != NULL) {
        return DOSIS_EFORMAT;
    }
    return DOSIS_OK;
}


dosis_rc_t
ngx_dosis_namens_open(dosis_crypt_t *crypt, dosis_slice_t client,
    dosis_slice_t handle, dosis_arena_t *arena, ngx_dosis_namens_t *ret)
{
    char *plain;
    size_t len;
    dosis_buf_t sealed;
    dosis_rc_t rc;

    if (handle.len == 0 || handle.len > NGX_DOSIS_NAMENS_MAX) {
        return DOSIS_EFORMAT;
    }
    namens_buf(&sealed, arena, NGX_DOSIS_NAMENS_MAX);
    rc = dosis_base64url_decode(&sealed, handle);
    if (rc != DOSIS_OK) {
        return rc;
    }
    plain = dosis_arena_alloc(arena, NGX_DOSIS_NAMENS_MAX);
    if (plain == NULL) {
        return DOSIS_ENOMEM;
    }
    if (sealed.len < DOSIS_SEAL_OVERHEAD) {
        return DOSIS_EFORMAT;
    }
    rc = dosis_open(
        crypt, namens_place(client), dosis_buf_slice(&sealed), plain, &len);
    if (rc != DOSIS_OK) {
        return DOSIS_EFORMAT; /* also with a key of another store */
    }
    rc = namens_read(dosis_slice(plain, len), arena, ret);
    if (rc == DOSIS_OK && ret->expires_s <= ngx_time()) {
        return DOSIS_EEXPIRED;
    }
    return rc;
}
