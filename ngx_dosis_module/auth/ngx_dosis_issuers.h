/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_issuers.h: whose tokens this worker takes, and by which keys: the
 * issuers of the configuration, then the registered ones with the key sets
 * that the engine published. A registration of an issuer that the
 * configuration names does nothing.
 *
 *   look      takes over what the reference data of a snapshot say; when
 *             nothing of it has moved that is two comparisons
 *   may come  a key that an issuer may have made a moment ago: the engine is
 *             asked to look (store/dosis_notice.h), and nobody waits
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never; a set that has changed is parsed; the board is mapped once
 * Memory     what is lent holds until the next look
 * Errors     out of memory: no registered issuer at all, until the next look
 */

#ifndef NGX_DOSIS_ISSUERS_H
#define NGX_DOSIS_ISSUERS_H

#include "crypto/dosis_jwt.h"
#include "domain/dosis_identity.h"
#include "ngx_dosis_module.h"
#include "store/dosis_ref.h"

typedef struct {
    const dosis_jwt_issuer_t *issuers;
    const dosis_identity_rules_t *rules; /* same index */
    size_t count;
    uint64_t generation; /* another one: other issuers, keys or rules */
    uint64_t version;    /* of the reference data that were looked at */
    time_t until;        /* when an old key of a set stops to count */
} ngx_dosis_issuers_t;

ngx_int_t ngx_dosis_issuers_init(ngx_cycle_t *cycle);
void ngx_dosis_issuers_exit(void);

/* Never NULL. */
const ngx_dosis_issuers_t *ngx_dosis_issuers(void);

void ngx_dosis_issuers_look_slowly(const dosis_ref_t *ref);

/* Within a snapshot. */
static inline void
ngx_dosis_issuers_look(const dosis_ref_t *ref)
{
    const ngx_dosis_issuers_t *known = ngx_dosis_issuers();

    if (known->version != dosis_ref_version(ref)
        || known->until <= ngx_time()) {
        ngx_dosis_issuers_look_slowly(ref);
    }
}

/* In a snapshot of its own: true when they are others than before. */
bool ngx_dosis_issuers_look_now(void);

/*
 * A token that is refused by its key: true when its issuer is one whose keys
 * the engine fetches, it names a key that this worker lacks, and it is not
 * known yet that there is none.
 */
bool ngx_dosis_issuers_may_come(dosis_slice_t token);

#endif
