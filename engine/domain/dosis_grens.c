/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_grens.h"

#define NS_PER_S INT64_C(1000000000)


static int64_t
step_ns(const dosis_grens_t *grens)
{
    return NS_PER_S / grens->per_s;
}


static uint32_t
seconds(int64_t ns)
{
    return (uint32_t) ((ns + NS_PER_S - 1) / NS_PER_S);
}


uint32_t
dosis_grens_stoot(const dosis_grens_t *grens)
{
    return grens->stoot > 0 ? grens->stoot : grens->per_s;
}


uint32_t
dosis_grens_venster(const dosis_grens_t *grens)
{
    int64_t all_ns = dosis_grens_stoot(grens) * step_ns(grens);

    return all_ns > NS_PER_S ? seconds(all_ns) : 1;
}


/* What is to be filled: never below nothing, never above what can be owed. */
static int64_t
missing_ns(int64_t vol_ns, int64_t now_ns, const dosis_grens_t *grens)
{
    int64_t most = (dosis_grens_stoot(grens) + (int64_t) DOSIS_GRENS_DEBT_MAX)
        * step_ns(grens);

    if (vol_ns <= now_ns) {
        return 0;
    }
    return vol_ns - now_ns < most ? vol_ns - now_ns : most;
}


dosis_grens_stand_t
dosis_grens_take(int64_t *vol_ns, int64_t now_ns, const dosis_grens_t *grens)
{
    int64_t step = step_ns(grens);
    int64_t all = dosis_grens_stoot(grens) * step;
    int64_t missing = missing_ns(*vol_ns, now_ns, grens);
    dosis_grens_stand_t stand = { .held = missing + step > all };

    if (stand.held) {
        stand.retry_s = seconds(missing + step - all);
    } else {
        missing += step;
        stand.left = (uint32_t) ((all - missing) / step);
    }
    *vol_ns = now_ns + missing;
    stand.full_s = seconds(missing);

    return stand;
}


void
dosis_grens_owe(int64_t *vol_ns, int64_t now_ns, const dosis_grens_t *grens,
    uint32_t count)
{
    int64_t missing = missing_ns(*vol_ns, now_ns, grens);

    *vol_ns = now_ns + missing + count * step_ns(grens);
}
