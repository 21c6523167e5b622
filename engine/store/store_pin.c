/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_pin.h"

#define LAG_MAX    8     /* checkpoints that it may be behind */
#define REST_LAG   2     /* and of who is idle */
#define RESTS      2     /* for so long */
#define RESTS_KEEP 240   /* who is idle for longer, a minute, has none */
#define FREE_PAGES 0     /* LMDB's database of what each transaction freed */


static void
reset(store_pin_t *pin)
{
    if (pin->id != 0) {
        mdb_txn_reset(pin->txn);
        pin->id = 0;
    }
}


static void
reset_all(store_env_t *env)
{
    reset(&env->pin);
    reset(&env->next_pin);
}


void
store_pin_hold(store_env_t *env)
{
    (void) pthread_mutex_lock(&env->pin_lock);
    env->pin_holders++;
    env->rests = 0;
    (void) pthread_mutex_unlock(&env->pin_lock);
}


void
store_pin_let_go(store_env_t *env)
{
    (void) pthread_mutex_lock(&env->pin_lock);
    env->pin_holders--;
    if (env->pin_holders == 0 && env->tight) {
        reset_all(env);
    }
    (void) pthread_mutex_unlock(&env->pin_lock);
}


static void
take_over(store_env_t *env, const store_slot_t *slot)
{
    store_pin_t old = env->pin;

    if (env->next_pin.id <= old.id || env->next_pin.id > slot->txn) {
        return;
    }
    env->pin = env->next_pin;
    env->next_pin = old;
    if (env->pin.id == slot->txn) {
        env->pin.number = slot->number;
    }
    reset(&env->next_pin);
}


static dosis_rc_t
renew(store_env_t *env, store_pin_t *pin, uint64_t number)
{
    dosis_rc_t rc;

    reset(pin);
    rc = pin->txn == NULL ? store_lmdb_begin(env, false, &pin->txn)
                          : store_lmdb_rc(mdb_txn_renew(pin->txn));
    if (rc == DOSIS_OK) {
        pin->id = mdb_txn_id(pin->txn);
        pin->number = number;
    }
    return rc;
}


/*
 * A checkpoint is under way: the next pin sees no more than will be in it, or
 * it could not take over when that has come.
 */
static bool
waits_for_coming(const store_env_t *env)
{
    uint64_t coming = env->journal.coming;

    return coming > env->journal.slot.txn && env->next_pin.id != 0
           && env->next_pin.id <= coming;
}


dosis_rc_t
store_pin_move(store_env_t *env, uint64_t last)
{
    dosis_rc_t rc = DOSIS_OK;
    const store_slot_t *slot = &env->journal.slot;

    (void) pthread_mutex_lock(&env->pin_lock);
    take_over(env, slot);
    if (env->next_pin.id != last && !waits_for_coming(env)) {
        rc = renew(env, &env->next_pin, slot->number);
        take_over(env, slot);
    }
    (void) pthread_mutex_unlock(&env->pin_lock);
    return rc;
}


bool
store_pin_is_good(const store_env_t *env)
{
    const store_slot_t *slot = &env->journal.slot;

    return env->pin.id != 0 && env->pin.id <= slot->txn
           && env->pin.number + LAG_MAX > slot->number;
}


/* The length of its entry in the list of what each transaction freed. */
static dosis_rc_t
count_freed(MDB_txn *txn, uint64_t last, uint64_t *ret_pages)
{
    int mdb;
    size_t pages = 0;
    MDB_cursor *cursor;
    MDB_val key = { sizeof(last), &last }, value;

    mdb = mdb_cursor_open(txn, FREE_PAGES, &cursor);
    if (mdb != MDB_SUCCESS) {
        return store_lmdb_rc(mdb);
    }
    mdb = mdb_cursor_get(cursor, &key, &value, MDB_SET_KEY);
    if (mdb == MDB_SUCCESS && value.mv_size >= sizeof(pages)) {
        memcpy(&pages, value.mv_data, sizeof(pages));
    }
    mdb_cursor_close(cursor);
    *ret_pages = pages;
    return mdb == MDB_NOTFOUND ? DOSIS_OK : store_lmdb_rc(mdb);
}


dosis_rc_t
store_pin_freed(store_env_t *env, uint64_t last, uint64_t *ret_pages)
{
    dosis_rc_t rc;

    if (env->next_pin.id == last) {
        return count_freed(env->next_pin.txn, last, ret_pages);
    }
    rc = renew(env, &env->look, 0);
    if (rc == DOSIS_OK) {
        rc = count_freed(env->look.txn, last, ret_pages);
        reset(&env->look);
    }
    return rc;
}


void
store_pin_drop(store_env_t *env)
{
    (void) pthread_mutex_lock(&env->pin_lock);
    reset_all(env);
    (void) pthread_mutex_unlock(&env->pin_lock);
}


/* Then who comes next has a good one at once. */
static bool
nothing_came(const store_env_t *env, const store_slot_t *slot)
{
    MDB_envinfo info;

    return mdb_env_info(env->env, &info) == MDB_SUCCESS
           && info.me_last_txnid == slot->txn;
}


static bool
is_left_behind(const store_env_t *env, const store_slot_t *slot)
{
    const store_pin_t *oldest = env->pin.id != 0 ? &env->pin : &env->next_pin;

    return env->rests > RESTS && slot->number >= oldest->number + REST_LAG;
}


/*
 * While others write, who has none that is good has to make a checkpoint of
 * all that they wrote: so who wrote lately keeps up, without the lock.
 */
static void
keep_up(store_env_t *env, const store_slot_t *slot)
{
    take_over(env, slot);
    if (env->next_pin.id <= env->pin.id
        && renew(env, &env->next_pin, slot->number) != DOSIS_OK) {
        reset_all(env);
    }
}


void
store_pin_rest(store_env_t *env)
{
    store_slot_t slot;

    if (env->journal.fd < 0 || pthread_mutex_trylock(&env->pin_lock) != 0) {
        return;
    }
    if (env->pin_holders == 0 && env->rests++ > 0
        && (env->pin.id != 0 || env->next_pin.id != 0)
        && store_journal_peek(&env->journal, &slot) == DOSIS_OK) {
        if (nothing_came(env, &slot) || env->rests > RESTS_KEEP) {
            reset_all(env);
        } else if (is_left_behind(env, &slot)) {
            keep_up(env, &slot);
        }
    }
    (void) pthread_mutex_unlock(&env->pin_lock);
}


static void
close_one(store_pin_t *pin)
{
    if (pin->txn != NULL) {
        mdb_txn_abort(pin->txn);
    }
    *pin = (store_pin_t) { 0 };
}


void
store_pin_close(store_env_t *env)
{
    close_one(&env->pin);
    close_one(&env->next_pin);
    close_one(&env->look);
}
