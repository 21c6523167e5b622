/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job_pack.h: a delivery in little memory: most of its members are not there.
 *
 * Layer      jobs
 * Threads    pure
 * Blocking   never
 * Memory     the caller's arena; what the delivery points to stays where it is
 * Errors     NULL: memory is out
 */

#ifndef DOSIS_JOBS_JOB_PACK_H
#define DOSIS_JOBS_JOB_PACK_H

#include "store/dosis_deliver.h"

/* The members that are not zero, in words. */
typedef struct job_pack_s job_pack_t;

/* What was never set in it must be zero. */
job_pack_t *job_pack(dosis_arena_t *arena, const dosis_delivery_t *delivery);
void job_unpack(const job_pack_t *pack, dosis_delivery_t *ret_delivery);

#endif
