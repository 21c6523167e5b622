/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "store/store_bronnen.h"

#define HOUR_NS  (3600 * DOSIS_NS_PER_S)
#define NAME_MAX sizeof("gehoord/4294967295")


static void
name_of(char name[NAME_MAX], uint32_t bron)
{
    (void) snprintf(name, NAME_MAX, "gehoord/%u", bron);
}


void
store_bronnen_note(dosis_txn_t *txn, uint32_t bron)
{
    char name[NAME_MAX];
    uint64_t held, hour = (uint64_t) (txn->now_ns / HOUR_NS);

    if (txn->heard == bron) {
        return;    /* within this transaction the hour stays the same */
    }
    txn->heard = bron;
    name_of(name, bron);
    if (store_txn_ok(txn, store_meta_get(&txn->snap, name, &held))
        && held < hour) {
        (void) store_txn_ok(txn, store_meta_put(&txn->snap, name, hour));
    }
}


dosis_rc_t
store_bronnen_heard(const store_snap_t *snap, uint32_t bron, int64_t *ret_ns)
{
    char name[NAME_MAX];
    uint64_t hour = 0;
    dosis_rc_t rc;

    name_of(name, bron);
    rc = store_meta_get(snap, name, &hour);
    *ret_ns = (int64_t) hour * HOUR_NS;
    return rc;
}


/* When is asked, and whether the source may deliver then. */
typedef struct {
    uint64_t hour;
    bool paused;
} moment_t;


/*
 * Switched off or paused, a source delivers no more: what it said may have
 * changed. One with a rhythm that it does not keep may have more to say.
 */
static dosis_slice_t
state_of(const dosis_bron_t *bron, uint64_t heard, const moment_t *now)
{
    if (!bron->actief) {
        return DOSIS_SLICE("Uit");
    }
    if (now->paused) {
        return DOSIS_SLICE("Gepauzeerd");
    }
    return bron->ritme_uren > 0 && now->hour > heard + bron->ritme_uren
               ? DOSIS_SLICE("Verouderd")
               : DOSIS_SLICE("Actueel");
}


static dosis_rc_t
add_bron(dosis_reader_t *reader, uint32_t nummer, const moment_t *now,
    dosis_buf_t *out)
{
    char name[NAME_MAX];
    uint64_t hour;
    dosis_rc_t rc;
    const dosis_bron_t *bron = dosis_ref_bron_nummer(reader->ref, nummer);

    name_of(name, nummer);
    rc = store_meta_get(&reader->snap, name, &hour);
    if (rc != DOSIS_OK || bron == NULL) {
        return rc != DOSIS_OK ? rc : DOSIS_EFORMAT;
    }
    DOSIS_BUF_LIT(out, "{\"Bron\":");
    dosis_json_add_string(out, bron->bron);
    DOSIS_BUF_LIT(out, ",\"Naam\":");
    dosis_json_add_string(out, bron->naam);
    DOSIS_BUF_LIT(out, ",\"LaatstGehoord\":");
    dosis_time_add_json(out, (int64_t) hour * HOUR_NS);
    DOSIS_BUF_LIT(out, ",\"Toestand\":");
    dosis_json_add_string(out, state_of(bron, hour, now));
    dosis_buf_add_byte(out, '}');
    return DOSIS_OK;
}


/* From the reader's slot while nothing that it tells has moved. */
static dosis_rc_t
add_kept(dosis_reader_t *reader, uint32_t nummer, const moment_t *now,
    dosis_buf_t *out)
{
    size_t len, from = out->len;
    uint64_t snapshot = store_snap_id(&reader->snap);
    uint64_t version = dosis_ref_version(reader->ref);
    dosis_rc_t rc;
    struct store_bron_slot_s *slot;

    slot = &reader->bron[nummer % STORE_BRON_SLOTS];
    if (slot->nummer == nummer && slot->snapshot == snapshot
        && slot->ref_version == version && slot->hour == now->hour
        && slot->paused == now->paused) {
        dosis_buf_add(out, slot->text, slot->len);
        return DOSIS_OK;
    }
    rc = add_bron(reader, nummer, now, out);
    len = out->len - from;
    if (rc == DOSIS_OK && out->rc == DOSIS_OK && len <= sizeof(slot->text)) {
        memcpy(slot->text, out->data + from, len);
        slot->len = (uint16_t) len;
        slot->nummer = nummer;
        slot->snapshot = snapshot;
        slot->ref_version = version;
        slot->hour = now->hour;
        slot->paused = now->paused;
    }
    return rc;
}


static bool
is_paused(const dosis_ref_t *ref, uint32_t nummer, int64_t now_ns)
{
    const dosis_bron_t *bron = dosis_ref_bron_nummer(ref, nummer);

    return bron != NULL
           && dosis_ref_pauze_bron(ref, bron->bron, now_ns) != NULL;
}


dosis_rc_t
store_bronnen_add(dosis_reader_t *reader, const uint32_t *bron, unsigned count,
    int64_t now_ns, dosis_buf_t *out)
{
    unsigned i;
    moment_t now = { .hour = (uint64_t) (now_ns / HOUR_NS) };
    dosis_rc_t rc = DOSIS_OK;
    bool any = dosis_ref_pauze(reader->ref, now_ns) != NULL
               || dosis_ref_pauzes(reader->ref, now_ns) > 0;

    DOSIS_BUF_LIT(out, ",\"Bronnen\":[");
    for (i = 0; rc == DOSIS_OK && i < count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(out, ',');
        }
        now.paused = any && is_paused(reader->ref, bron[i], now_ns);
        rc = add_kept(reader, bron[i], &now, out);
    }
    dosis_buf_add_byte(out, ']');
    return rc;
}
