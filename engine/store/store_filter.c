/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_filter.h"

#include "base/dosis_json.h"
#include "base/dosis_time.h"

/* What only a dossier with a status can pass. */
#define NEEDS_STATUS \
    (DOSIS_FILTER(DOSIS_FILTER_FASE) | DOSIS_FILTER(DOSIS_FILTER_CODE))

/* What needs the content read. */
#define IN_CONTENT \
    (NEEDS_STATUS | DOSIS_FILTER(DOSIS_FILTER_PRODUCT) \
        | DOSIS_FILTER(DOSIS_FILTER_OPEN))


/* --- ranges -------------------------------------------------------------- */

static store_range_t
range_of(const dosis_filter_t *filter, bool has_status)
{
    int64_t newest = DOSIS_TIME_MAX, oldest = DOSIS_TIME_MIN;

    if (dosis_filter_has(filter, DOSIS_FILTER_TOT)
        && filter->tot_ns > DOSIS_TIME_MIN) {
        newest = filter->tot_ns - 1;
    }
    if (dosis_filter_has(filter, DOSIS_FILTER_SINDS)) {
        oldest = filter->sinds_ns;
    }
    return (store_range_t) { store_order(newest, has_status),
        store_order(oldest, has_status) };
}


static bool
needs_status(const dosis_filter_t *filter)
{
    return (filter->given & NEEDS_STATUS) != 0
           || (dosis_filter_has(filter, DOSIS_FILTER_OPEN) && filter->open);
}


unsigned
store_filter_ranges(const dosis_filter_t *filter,
    store_range_t range[STORE_RANGES_MAX])
{
    bool dated;

    if (filter == NULL || filter->given == 0) {
        range[0] = (store_range_t) { 0, UINT64_MAX };
        return 1;
    }
    dated = (filter->given
                & (DOSIS_FILTER(DOSIS_FILTER_SINDS)
                    | DOSIS_FILTER(DOSIS_FILTER_TOT))) != 0;
    if (!dated && !needs_status(filter)) {
        range[0] = (store_range_t) { 0, UINT64_MAX };
        return 1;
    }
    range[0] = range_of(filter, true);
    if (!dated) {
        range[0].first = 0;
    }
    range[1] = range_of(filter, false);
    return needs_status(filter) ? 1 : 2;
}


/* --- rows ---------------------------------------------------------------- */

static bool
is_wanted(const dosis_filter_t *filter, dosis_filter_kind_t kind,
    uint64_t number)
{
    uint32_t i;

    if (!dosis_filter_has(filter, kind)) {
        return true;
    }
    for (i = 0; i < filter->count[kind]; i++) {
        if (filter->number[kind][i] == number) {
            return true;
        }
    }
    return false;
}


static bool
is_dated(const dosis_filter_t *filter, int64_t ns)
{
    return (!dosis_filter_has(filter, DOSIS_FILTER_SINDS)
               || ns >= filter->sinds_ns)
           && (!dosis_filter_has(filter, DOSIS_FILTER_TOT)
               || ns < filter->tot_ns);
}


bool
store_filter_head(const dosis_filter_t *filter, const store_head_t *head)
{
    if (filter == NULL || filter->given == 0) {
        return true;
    }
    if (dosis_filter_has(filter, DOSIS_FILTER_ACTIE_NODIG)
        && filter->actie_nodig != ((head->flags & ROW_ACTIE_NODIG) != 0)) {
        return false;
    }
    return is_dated(filter, head->stamp.date_ns)
           && is_wanted(filter, DOSIS_FILTER_BRON, head->bron);
}


static bool
has_product(const dosis_filter_t *filter, const store_content_t *content)
{
    int i;
    uint32_t k;

    for (i = 0; i < content->producten_count; i++) {
        for (k = 0; k < filter->count[DOSIS_FILTER_PRODUCT]; k++) {
            if (dosis_slice_eq(content->producten[i], filter->product[k])) {
                return true;
            }
        }
    }
    return !dosis_filter_has(filter, DOSIS_FILTER_PRODUCT);
}


bool
store_filter_content(const dosis_filter_t *filter,
    const store_content_t *content)
{
    bool open;

    if (filter == NULL || (filter->given & IN_CONTENT) == 0) {
        return true;
    }
    open = store_content_has(content, FIELD_FASE)
           && content->number[FIELD_FASE] != filter->afgerond;
    if (dosis_filter_has(filter, DOSIS_FILTER_OPEN) && open != filter->open) {
        return false;
    }
    return is_wanted(filter, DOSIS_FILTER_FASE, content->number[FIELD_FASE])
           && is_wanted(filter, DOSIS_FILTER_CODE, content->number[FIELD_CODE])
           && has_product(filter, content);
}


/* --- the asked agent ----------------------------------------------------- */

dosis_rc_t
store_content_agent(const store_content_t *content, const dosis_agent_t *agent,
    store_agent_t *ret_agent)
{
    int i;
    char text[6 * DOSIS_AGENT_ID_MAX];
    dosis_rc_t rc;
    dosis_buf_t id;

    dosis_buf_init_fixed(&id, text, sizeof(text));
    dosis_json_escape(&id, dosis_agent_id(agent));
    for (i = 0; i < content->agenten_count; i++) {
        rc = store_agent_read(content->agenten[i], ret_agent);
        if (rc != DOSIS_OK) {
            return rc;
        }
        if (ret_agent->soort == agent->soort
            && dosis_slice_eq(ret_agent->id, dosis_buf_slice(&id))) {
            return DOSIS_OK;
        }
    }
    return DOSIS_ENOTFOUND;
}


dosis_rc_t
store_filter_rol(const dosis_filter_t *filter, const store_content_t *content,
    const dosis_agent_t *agent, bool *ret_has)
{
    dosis_rc_t rc;
    store_agent_t entry;

    *ret_has = true;
    if (filter == NULL || !dosis_filter_has(filter, DOSIS_FILTER_ROL)) {
        return DOSIS_OK;
    }
    rc = store_content_agent(content, agent, &entry);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
    }
    *ret_has = entry.rol != 0 && is_wanted(filter, DOSIS_FILTER_ROL, entry.rol);
    return DOSIS_OK;
}
