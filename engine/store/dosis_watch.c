/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_hash.h"
#include "store/dosis_feed.h"
#include "store/store_page.h"

/*
 * Every change of an agent's view seals one of its pages anew, under a random
 * nonce; of a big agent it also is the last row of `volg`. So the bytes in
 * front of the sealed values, unopened, tell that nothing has changed.
 */

#define NONCE_BYTES 28    /* key id and nonce, see store-format.md */


static dosis_rc_t
print_pages(dosis_reader_t *reader, const uint8_t agent[16],
    unsigned *ret_pages, uint64_t *print)
{
    dosis_rc_t rc;
    store_cursor_t c;

    *ret_pages = 0;
    rc = store_cursor_open(&reader->snap, DB_AGENT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, dosis_slice(agent, STORE_AGENT_BYTES));
    while (rc == DOSIS_OK && *ret_pages <= STORE_SMALL_PAGES
           && memcmp(c.key.data, agent, STORE_AGENT_BYTES) == 0) {
        *print = dosis_hash_mix(*print, c.value.data,
            c.value.len < NONCE_BYTES ? c.value.len : NONCE_BYTES);
        ++*ret_pages;
        rc = store_cursor_next(&c);
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
print_last_change(dosis_reader_t *reader, const uint8_t agent[16],
    uint64_t *print)
{
    char key[STORE_AGENT_BYTES + 8];
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&reader->snap, DB_VOLG, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    memcpy(key, agent, STORE_AGENT_BYTES);
    memset(key + STORE_AGENT_BYTES, 0xff, 8);
    rc = store_cursor_seek(&c, dosis_slice(key, sizeof(key)));
    rc = rc == DOSIS_OK         ? store_cursor_prev(&c)
         : rc == DOSIS_ENOTFOUND ? store_cursor_last(&c)
                                 : rc;
    if (rc == DOSIS_OK) {
        *print = dosis_hash_mix(*print, c.key.data, c.key.len);
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
print_all(dosis_reader_t *reader, const dosis_watch_t *watch,
    uint64_t *ret_print)
{
    uint32_t i;
    unsigned pages;
    uint64_t print, sum = DOSIS_HASH_BEGIN;
    dosis_rc_t rc = DOSIS_OK;

    for (i = 0; i < watch->agents && rc == DOSIS_OK; i++) {
        print = sum;
        rc = print_pages(reader, watch->agent[i], &pages, &print);
        if (rc == DOSIS_OK && pages > STORE_SMALL_PAGES) {
            print = sum;
            rc = print_last_change(reader, watch->agent[i], &print);
        }
        sum = dosis_hash_mix(print, &pages, sizeof(pages));
    }
    *ret_print = sum;
    return rc;
}


dosis_rc_t
dosis_watch_init(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_watch_t *watch)
{
    uint32_t i;

    if (question->subjects > DOSIS_FEED_SUBJECTS_MAX) {
        return DOSIS_ELIMIT;
    }
    watch->agents = (uint32_t) question->subjects;
    for (i = 0; i < watch->agents; i++) {
        store_agent_blind(reader->crypt, &question->subject[i].agent,
            watch->agent[i]);
    }
    return print_all(reader, watch, &watch->print);
}


dosis_rc_t
dosis_watch_moved(dosis_reader_t *reader, dosis_watch_t *watch,
    bool *ret_moved)
{
    uint64_t print;
    dosis_rc_t rc = print_all(reader, watch, &print);

    *ret_moved = rc == DOSIS_OK && print != watch->print;
    if (*ret_moved) {
        watch->print = print;
    }
    return rc;
}


dosis_rc_t
dosis_watch_point(dosis_reader_t *reader, dosis_watch_point_t *point)
{
    point->txn = mdb_txn_id(reader->snap.txn);
    point->reference = dosis_ref_version(reader->ref);
    return store_last_seq(&reader->snap, DB_LOG, &point->sequence);
}
