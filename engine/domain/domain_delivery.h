/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * domain_delivery.h: what the files that read a delivery share. Private.
 *
 * Layer      domain
 * Threads    a delivery belongs to the thread that reads it
 * Blocking   never
 * Memory     the reader's arena
 * Errors     reported to the reader
 */

#ifndef DOSIS_DOMAIN_DOMAIN_DELIVERY_H
#define DOSIS_DOMAIN_DOMAIN_DELIVERY_H

#include "domain/domain_member.h"
#include "domain/dosis_dossier_json.h"

/* The context of the reader. */
typedef struct {
    const dosis_dossier_rules_t *rules;
    uint32_t status_given;              /* slots of Status that were given */
    uint8_t sent_as[DOSIS_AGENTEN_MAX]; /* of each agent: first place */
} domain_delivery_t;

static inline domain_delivery_t *
domain_delivery(const domain_reader_t *reader)
{
    return reader->context;
}

#define DOMAIN_MEMBER_NAME(text) .name = { (text), sizeof(text) - 1 }

/* Which list a code is from: the arg of domain_delivery_code. */
enum { DOMAIN_CODE_FASE, DOMAIN_CODE_CODE, DOMAIN_CODE_EDRL, DOMAIN_CODE_ROL };

/* The members of a delivery, and of one of its agents. */
domain_shape_t domain_delivery_shape(void);

#define DOMAIN_AGENT_MEMBERS 3
extern const domain_member_t domain_agent_members[DOMAIN_AGENT_MEMBERS];

/* Table entries, each of the type domain_member_pt. */
#define DOMAIN_DELIVERY_READ(name)                                             \
    bool name(domain_reader_t *reader, const domain_place_t *place,            \
        const dosis_json_t *value, const domain_member_t *member,              \
        void *target)

/* A code as its number: a uint16_t at the offset. */
DOMAIN_DELIVERY_READ(domain_delivery_code);

/* A moment: an int64_t at the offset, a bool flag where arg says. */
DOMAIN_DELIVERY_READ(domain_delivery_moment);

/* Into the dossier: one member each, with the rules of that member. */
DOMAIN_DELIVERY_READ(domain_delivery_wijziging);
DOMAIN_DELIVERY_READ(domain_delivery_voor);
DOMAIN_DELIVERY_READ(domain_delivery_nummer);
DOMAIN_DELIVERY_READ(domain_delivery_upload_id);
DOMAIN_DELIVERY_READ(domain_delivery_url);
DOMAIN_DELIVERY_READ(domain_delivery_agenten);

/* Sorts and merges the agents; judges what concerns them together. */
void domain_delivery_agenten_end(
    domain_reader_t *reader, dosis_dossier_t *dossier);

/* Sorts by bytes, keeps each once; returns how many are left. */
size_t domain_slices_sort(dosis_slice_t *slices, size_t count);

#endif
