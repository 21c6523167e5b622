/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_wire.h"
#include "store/dosis_source.h"
#include "store/store_source.h"


void
dosis_source_walk_from(
    dosis_reader_t *reader, dosis_source_walk_t *walk, uint64_t from)
{
    store_source_before(reader, walk->bron, from, walk->at);
}


static dosis_rc_t
wanted(const uint8_t id[STORE_ID_BYTES], void *payload)
{
    const dosis_source_walk_t *walk = payload;

    return walk->wanted(id, walk->payload);
}


static dosis_rc_t
tell(const store_view_t *view, void *payload)
{
    const dosis_source_walk_t *walk = payload;
    const store_head_t *head = &view->row.head;
    const dosis_source_dossier_t dossier = {
        .id = head->id,
        .nummer = view->content.text[FIELD_NUMMER],
        .wijziging_ns = head->stamp.date_ns,
        .ontvangen_ns = (int64_t) head->stamp.hlc,
    };

    return walk->on_dossier(&dossier, walk->payload);
}


dosis_rc_t
dosis_source_walk(
    dosis_reader_t *reader, dosis_source_walk_t *walk, bool *ret_more)
{
    dosis_rc_t rc;
    store_source_t source = { .reader = reader, .bron = walk->bron,
        .until = walk->until, .wanted = wanted, .on_dossier = tell,
        .payload = walk };

    memcpy(source.at, walk->at, sizeof(source.at));
    rc = store_source_walk(&source, true, ret_more);
    memcpy(walk->at, source.at, sizeof(walk->at));
    walk->seen += source.live;
    if (rc == DOSIS_ELIMIT) {
        *ret_more = true;
        rc = DOSIS_OK;
    }
    return rc;
}
