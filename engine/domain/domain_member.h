/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * domain_member.h: reads JSON objects by a table of their members. All
 * problems are collected, each with the place where it stands, as sent.
 *
 * Layer      domain
 * Threads    a reader belongs to one thread at a time
 * Blocking   never
 * Memory     kept texts are copied into the reader's arena
 * Errors     problems go to err (reader.refused is set) or to warnings, after
 *            the severity of their rule; reader.rc is sticky: DOSIS_ENOMEM
 */

#ifndef DOSIS_DOMAIN_DOMAIN_MEMBER_H
#define DOSIS_DOMAIN_DOMAIN_MEMBER_H

#include "base/dosis_arena.h"
#include "base/dosis_json.h"
#include "domain/dosis_rule.h"
#include "domain/dosis_veld.h"

/* A place in the JSON; the text is made only when a problem is named. */
typedef struct domain_place_s {
    const struct domain_place_s *up; /* NULL at the top */
    const char *name;                /* as sent; NULL: an element */
    size_t index;                    /* of an element */
} domain_place_t;

typedef struct {
    dosis_arena_t *arena;
    dosis_err_t *err;
    dosis_err_t *warnings;   /* may be NULL */
    dosis_rule_id_t unknown; /* the rule for an unknown member */
    void *context;           /* the caller's */
    bool refused;
    dosis_rc_t rc;
} domain_reader_t;

typedef struct domain_member_s domain_member_t;

typedef struct {
    const domain_member_t *members;
    size_t count;
} domain_shape_t;

#define DOMAIN_SHAPE(table)                                                    \
    ((domain_shape_t){ (table), sizeof(table) / sizeof((table)[0]) })

/*
 * Reads one value that is not null into the target. false: it says nothing
 * (a blank text), as if it were absent. A refused value was given: true.
 */
typedef bool (*domain_member_pt)(domain_reader_t *reader,
    const domain_place_t *place, const dosis_json_t *value,
    const domain_member_t *member, void *target);

struct domain_member_s {
    dosis_slice_t name; /* its first letter may have either case */
    uint8_t slot;       /* below 32; one for all spellings of a member */
    uint8_t soort;      /* dosis_veld_soort_t, of what is published */
    bool required;      /* on the first spelling only */
    uint8_t missing;    /* the rule then broken; 0 is VELD_ONTBREEKT */
    bool with_status;   /* the same, of a dossier with a status only */
    domain_member_pt read;
    size_t offset;        /* of the value in the target */
    size_t max;           /* ceiling of a text in bytes, of a list */
    bool line_ends;       /* tabs and line ends may stand in the text */
    domain_shape_t shape; /* of an object, or of each element of a list */
    const domain_member_t *element; /* of a list of single values */
    size_t arg;           /* for a read function of the caller */
};

#define DOMAIN_SLOT(slot) (UINT32_C(1) << (slot))

/* Adds the rule's problem or warning. detail: dosis_rule_broken(). */
void domain_reader_report(domain_reader_t *reader, dosis_rule_id_t rule,
    const domain_place_t *place, const char *detail);

/* As report, for the member of that name at that place. */
void domain_reader_report_member(domain_reader_t *reader, dosis_rule_id_t rule,
    const domain_place_t *place, const char *name);

/* DOSIS_ENOMEM, else DOSIS_EINPUT when a problem was found, else DOSIS_OK. */
DOSIS_CHECK dosis_rc_t domain_reader_rc(const domain_reader_t *reader);

/*
 * Reads an object; returns the slots that were given. What is no object is
 * reported and gives all slots: nothing of it is missing as well.
 */
uint32_t domain_shape_read(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, domain_shape_t shape, void *target);

/* The first member of that name that is not null, or NULL. */
const dosis_json_t *domain_shape_find(
    const dosis_json_t *object, dosis_slice_t name);

/* Without blanks and line ends at both ends. */
dosis_slice_t domain_member_strip(dosis_slice_t text);

/* A text: a dosis_slice_t at the offset, stripped, without controls. */
bool domain_member_text(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target);

/* A text that may come as an integer: its decimal text is taken. */
bool domain_member_key(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target);

/* A bool at the offset. */
bool domain_member_bool(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target);

/* An object of member->shape, into the same target. */
bool domain_member_object(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, const domain_member_t *member, void *target);

/* false, and reported, when it is no array or has more elements than max. */
bool domain_member_is_list(domain_reader_t *reader, const domain_place_t *place,
    const dosis_json_t *value, size_t max, dosis_rule_id_t too_many);

#endif
