/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_apply.h"
#include "store/store_filter.h"
#include "store/store_seen.h"
#include "store/store_view.h"

#define VERSIONS_MAX 64     /* of one dossier, looked back over */

/* One row under judgement. */
typedef struct {
    const store_seen_ask_t *ask;
    const dosis_subject_t *subject;
    const dosis_bron_t *bron;
    store_row_t row;
    store_part_t part;
} look_t;


/* --- access --------------------------------------------------------------- */

static dosis_rc_t
judge(const look_t *look, const store_class_t *class, bool *ret_sees)
{
    dosis_rc_t rc;
    dosis_verdict_t verdict;
    const store_access_t what = { .live = (class->flags & CLASS_GONE) == 0,
        .flags = class->flags,
        .bron = look->row.head.bron,
        .class = class };

    rc = store_view_judge_class(look->ask->reader, look->subject, &what,
        &verdict);
    *ret_sees = rc == DOSIS_OK && dosis_verdict_sees(verdict);
    return rc;
}


/* --- the scope of a counter ----------------------------------------------- */

static bool
is_narrowed(const look_t *look)
{
    const dosis_client_t *loket = look->ask->question->loket;

    return loket != NULL && loket->producten_count > 0;
}


static dosis_rc_t
in_scope_now(const look_t *look, dosis_slice_t bytes, bool *ret_in)
{
    dosis_rc_t rc;
    store_view_t view;

    *ret_in = true;
    if (!is_narrowed(look)) {
        return DOSIS_OK;
    }
    rc = store_view_read(look->ask->reader, bytes, &view);
    *ret_in = rc == DOSIS_OK
              && store_view_in_scope(look->ask->question->loket, &view);
    return rc;
}


/* --- since a moment ------------------------------------------------------- */

/* Whether the subject saw a version that was current once. */
static dosis_rc_t
saw_version(const look_t *look, const store_history_t *version,
    bool *ret_saw)
{
    dosis_rc_t rc;
    store_agent_t agent;
    store_class_t class = { .flags = version->flags & ROW_CLASS_FLAGS };
    store_view_t view = { .bron = look->bron };

    *ret_saw = false;
    rc = store_content_read(version->content, &view.content);
    if (rc == DOSIS_OK) {
        rc = store_content_agent(&view.content, &look->subject->agent, &agent);
    }
    if (rc != DOSIS_OK
        || !store_view_in_scope(look->ask->question->loket, &view)) {
        return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
    }
    class.count = agent.count;
    memcpy(class.rechten, agent.rechten,
        agent.count * sizeof(agent.rechten[0]));
    return judge(look, &class, ret_saw);
}


static dosis_rc_t
read_version(const look_t *look, uint64_t seq, dosis_buf_t *bytes,
    store_history_t *ret_version)
{
    char key[8];
    dosis_rc_t rc;

    dosis_be64(key, seq);
    dosis_buf_reset(bytes);
    if (++*look->ask->versions > STORE_SEEN_VERSIONS_MAX) {
        return DOSIS_EEXPIRED;
    }
    rc = store_get(&look->ask->reader->snap, DB_HISTORIE,
        dosis_slice(key, sizeof(key)), bytes);
    return rc == DOSIS_OK
               ? store_history_read(dosis_buf_slice(bytes), ret_version)
               : rc;
}


/*
 * From the newest version back to the one that was current at the mark. For
 * what the classes do not tell: products, and more of them than are kept.
 */
static dosis_rc_t
saw_some_version(const look_t *look, bool *ret_saw)
{
    int i;
    uint64_t seq = look->row.head.history;
    dosis_rc_t rc = DOSIS_OK;
    dosis_buf_t bytes;
    store_history_t version = { 0 };

    *ret_saw = false;
    dosis_buf_init(&bytes, STORE_CONTENT_MAX);
    for (i = 0; i < VERSIONS_MAX && rc == DOSIS_OK && !*ret_saw && seq != 0;
         i++) {
        rc = read_version(look, seq, &bytes, &version);
        if (rc == DOSIS_OK && version.resultaat != DOSIS_VEROUDERD) {
            rc = saw_version(look, &version, ret_saw);
            version.previous = seq <= look->ask->mark->history
                                   ? 0
                                   : version.previous;
        }
        seq = version.previous;
    }
    dosis_buf_done(&bytes);
    if (rc == DOSIS_ENOTFOUND || (rc == DOSIS_OK && !*ret_saw && seq != 0)) {
        return DOSIS_EEXPIRED;
    }
    return rc;
}


/*
 * With the class that held at base, and each that came after it. What was
 * visible in between counts: a cursor in the middle of its pages has told of
 * rows as they were later than base.
 */
static dosis_rc_t
seen_since(const look_t *look, store_seen_t *seen)
{
    int i;
    dosis_rc_t rc = DOSIS_OK;
    const store_part_t *part = &look->part;
    uint64_t base = look->ask->mark->base;

    if (is_narrowed(look)) {
        return saw_some_version(look, &seen->since);
    }
    for (i = 0; i < part->earlier_count && part->earlier[i].ended > base
                && rc == DOSIS_OK && !seen->since;
         i++) {
        rc = judge(look, &part->earlier[i].class, &seen->since);
    }
    if (rc == DOSIS_OK && !seen->since && i == STORE_EARLIER_MAX) {
        return saw_some_version(look, &seen->since);
    }
    return rc;
}


/* Only for the name of the event: a first version was not there before. */
static dosis_rc_t
seen_at_base(const look_t *look, store_seen_t *seen)
{
    int i = 0;
    const store_part_t *part = &look->part;
    uint64_t base = look->ask->mark->base;

    if (part->change <= base || look->row.head.versie == 1) {
        return DOSIS_OK;
    }
    while (i < part->earlier_count && part->earlier[i].ended > base) {
        i++;
    }
    return judge(look, i == 0 ? &part->now : &part->earlier[i - 1].class,
        &seen->base);
}


dosis_rc_t
store_seen(const store_seen_ask_t *ask, const dosis_subject_t *subject,
    dosis_slice_t bytes, store_seen_t *seen)
{
    dosis_rc_t rc;
    look_t look = { .ask = ask, .subject = subject };

    memset(seen, 0, sizeof(*seen));
    rc = store_row_read(bytes, &look.row);
    if (rc == DOSIS_OK) {
        rc = store_part_read(look.row.part, &look.part);
    }
    look.bron = rc == DOSIS_OK ? dosis_ref_bron_nummer(ask->reader->ref,
                                     look.row.head.bron)
                               : NULL;
    if (look.bron == NULL) {
        return rc != DOSIS_OK ? rc : DOSIS_EFORMAT;
    }
    if (!store_view_bron_in_scope(ask->question->loket, look.bron)) {
        return DOSIS_OK;
    }
    if (look.row.head.kind == ROW_LIVE) {
        rc = judge(&look, &look.part.now, &seen->now);
        if (rc == DOSIS_OK && seen->now) {
            rc = in_scope_now(&look, bytes, &seen->now);
        }
    }
    if (rc == DOSIS_OK && seen->now) {
        return seen_at_base(&look, seen);
    }
    return rc == DOSIS_OK && look.part.change > ask->mark->base
               ? seen_since(&look, seen)
               : rc;
}
