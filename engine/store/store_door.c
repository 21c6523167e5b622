/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/store_door.h"

#include "base/dosis_text.h"
#include "domain/dosis_url.h"

#define DOOR_LEAD ",\"Doorverwijzing\":\""
#define DOOR_PATH "/api/v1/dosis/dossiers/"
#define DOOR_END "/doorverwijzing\""


static inline char *
put(char *to, dosis_slice_t text)
{
    if (text.len > 0) {
        memcpy(to, text.data, text.len);
    }
    return to + text.len;
}


void
store_door_add(const store_view_t *view, dosis_slice_t door, size_t id_at,
    dosis_buf_t *out)
{
    char *to;
    const store_content_t *c = &view->content;

    if (!store_content_has(c, FIELD_DOORVERWIJZING)
        || !dosis_url_host_may_open(c->text[FIELD_DOORVERWIJZING],
            view->bron->hosten, view->bron->hosten_count)) {
        return;
    }
    to = dosis_buf_grow(out, sizeof(DOOR_LEAD) + door.len + sizeof(DOOR_PATH)
        + DOSIS_ID_TEXT + sizeof(DOOR_END));
    if (to == NULL) {
        return;
    }
    to = put(to, DOSIS_SLICE(DOOR_LEAD));
    to = put(to, door);
    to = put(to, DOSIS_SLICE(DOOR_PATH));
    to = put(to, dosis_slice(out->data + id_at, DOSIS_ID_TEXT));
    to = put(to, DOSIS_SLICE(DOOR_END));
    out->len = (size_t) (to - out->data);
}
