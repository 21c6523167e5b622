/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_grens_tafel.h"

#include <stdatomic.h>
#include <string.h>

#define PLACES 7
#define TRIES 200
#define STALE_NS INT64_C(1000000000)
#define KIND_MIX UINT64_C(0x9e3779b97f4a7c15)

typedef struct {
    uint64_t wie; /* 0: free */
    int64_t vol_ns;
} place_t;

/* Two lines of the processor's cache. */
typedef struct {
    _Atomic int64_t held_since; /* 0: nobody holds it */
    uint64_t spare;
    place_t place[PLACES];
} row_t;

struct dosis_grens_tafel_s {
    uint64_t rows;
    uint8_t key[DOSIS_SIPHASH_KEY];
    _Atomic uint64_t evicted;
    row_t row[];
};


dosis_grens_tafel_t *
dosis_grens_tafel_init(
    void *memory, size_t bytes, const uint8_t key[DOSIS_SIPHASH_KEY])
{
    dosis_grens_tafel_t *tafel = memory;

    memset(memory, 0, bytes);
    memcpy(tafel->key, key, sizeof(tafel->key));
    tafel->rows = (bytes - sizeof(*tafel)) / sizeof(row_t);

    return tafel;
}


uint64_t
dosis_grens_tafel_wie(
    const dosis_grens_tafel_t *tafel, unsigned soort, dosis_slice_t naam)
{
    uint64_t wie = dosis_siphash(tafel->key, naam) + soort * KIND_MIX;

    return wie == 0 ? 1 : wie;
}


/* NULL: another holds it. */
static row_t *
hold(dosis_grens_tafel_t *tafel, uint64_t wie, int64_t now_ns)
{
    int64_t since;
    row_t *row = &tafel->row[((wie >> 32) * tafel->rows) >> 32];

    for (int i = 0; i < TRIES; i++) {
        since = 0;
        if (atomic_compare_exchange_strong_explicit(&row->held_since, &since,
                now_ns | 1, memory_order_acquire, memory_order_relaxed)) {
            return row;
        }
        /* its holder died, or the clock was set back */
        if ((now_ns - since > STALE_NS || since - now_ns > STALE_NS)
            && atomic_compare_exchange_strong_explicit(&row->held_since,
                &since, now_ns | 1, memory_order_acquire,
                memory_order_relaxed)) {
            return row;
        }
    }

    return NULL;
}


static void
let_go(row_t *row)
{
    atomic_store_explicit(&row->held_since, 0, memory_order_release);
}


/* His own place, or the one that is given to him. */
static place_t *
place_of(dosis_grens_tafel_t *tafel, row_t *row, uint64_t wie, int64_t now_ns)
{
    place_t *least = &row->place[0];

    for (int i = 0; i < PLACES; i++) {
        if (row->place[i].wie == wie) {
            return &row->place[i];
        }
        if (row->place[i].vol_ns < least->vol_ns) {
            least = &row->place[i];
        }
    }
    if (least->vol_ns > now_ns) {
        atomic_fetch_add_explicit(&tafel->evicted, 1, memory_order_relaxed);
    }
    *least = (place_t){ .wie = wie };

    return least;
}


bool
dosis_grens_tafel_take(dosis_grens_tafel_t *tafel, uint64_t wie, int64_t now_ns,
    const dosis_grens_t *grens, dosis_grens_stand_t *ret_stand)
{
    row_t *row = hold(tafel, wie, now_ns);

    if (row == NULL) {
        return false;
    }
    *ret_stand = dosis_grens_take(
        &place_of(tafel, row, wie, now_ns)->vol_ns, now_ns, grens);
    let_go(row);

    return true;
}


void
dosis_grens_tafel_owe(dosis_grens_tafel_t *tafel, uint64_t wie, int64_t now_ns,
    const dosis_grens_t *grens, uint32_t count)
{
    row_t *row = hold(tafel, wie, now_ns);

    if (row != NULL) {
        dosis_grens_owe(
            &place_of(tafel, row, wie, now_ns)->vol_ns, now_ns, grens, count);
        let_go(row);
    }
}


uint64_t
dosis_grens_tafel_evicted(const dosis_grens_tafel_t *tafel)
{
    return atomic_load_explicit(
        &((dosis_grens_tafel_t *) tafel)->evicted, memory_order_relaxed);
}
