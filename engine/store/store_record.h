/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_record.h: one dossier as one agent's page holds it: a row. Private.
 * Bytes: engine/doc/store-format.md.
 *
 * Layer      store
 * Threads    pure
 * Blocking   never
 * Memory     views point into the bytes they were read from
 * Errors     DOSIS_EFORMAT: the bytes are no row; never read beyond them
 *
 * A row = head (fixed) | part of this agent (length in front) | content
 * fields. Head and content are byte-equal in all copies of a dossier.
 */

#ifndef DOSIS_STORE_STORE_RECORD_H
#define DOSIS_STORE_STORE_RECORD_H

#include "base/dosis_wire.h"
#include "domain/dosis_dossier.h"

#define STORE_ID_BYTES    16
#define STORE_HEAD_BYTES  76
#define STORE_ROOM        900     /* content beyond it goes to `lang`; the
                                     same in all copies, so one fixed number */
#define STORE_EARLIER_MAX 4

enum {
    ROW_LIVE = 0,
    ROW_WITHDRAWN = 1,     /* marker: the dossier was withdrawn */
    ROW_LEFT = 2           /* marker: this agent is no longer in it */
};

enum {
    ROW_PUBLIEK = 1,
    ROW_VERTROUWELIJK = 2,
    ROW_ACTIE_NODIG = 4,
    ROW_STATUS = 8,        /* has fase and code: no reference */
    ROW_LANG = 16,         /* some content lies in `lang` */
    ROW_PERSOON = 32       /* one of the agents is a person */
};

#define ROW_CLASS_FLAGS (ROW_PUBLIEK | ROW_VERTROUWELIJK)
#define CLASS_GONE      128    /* flag of a class: the row was a marker */

/* Decides which of two operations on one dossier is current. */
typedef struct {
    int64_t date_ns;       /* WijzigingsDatum */
    uint64_t hlc;          /* receipt, hybrid clock, ns since 1970 */
    uint16_t site;
} store_stamp_t;

int store_stamp_cmp(const store_stamp_t *a, const store_stamp_t *b);

typedef struct {
    uint8_t kind;
    uint8_t flags;
    uint8_t id[STORE_ID_BYTES];
    uint64_t order;
    store_stamp_t stamp;
    uint32_t versie;
    uint64_t history;                /* newest entry */
    uint8_t content[16];             /* fingerprint */
    uint32_t bron;
} store_head_t;

/*
 * Lists run by (order, id), ascending: newest date first, references (no
 * status) last.
 */
uint64_t store_order(int64_t date_ns, bool has_status);

/* What decides who sees it, for one agent. */
typedef struct {
    uint8_t flags;
    uint8_t count;
    uint32_t rechten[DOSIS_RECHTEN_MAX];    /* numbers in `referentie` */
} store_class_t;

bool store_class_eq(const store_class_t *a, const store_class_t *b);

typedef struct {
    uint64_t change;                 /* op-log sequence of the last change */
    store_class_t now;
    uint8_t earlier_count;           /* newest first */
    struct {
        store_class_t class;
        uint64_t ended;              /* sequence at which it ended */
    } earlier[STORE_EARLIER_MAX];
} store_part_t;

/* Pushes now into earlier, ended at seq, and takes next; no-op when equal. */
void store_part_reclass(store_part_t *part, const store_class_t *next,
    uint64_t seq);

/* A row, seen in its bytes. */
typedef struct {
    store_head_t head;
    dosis_slice_t part;
    dosis_slice_t content;
} store_row_t;

DOSIS_CHECK dosis_rc_t store_row_read(dosis_slice_t bytes,
    store_row_t *ret_row);
void store_row_write(dosis_buf_t *buf, const store_head_t *head,
    const store_part_t *part, dosis_slice_t content);

void store_head_write(dosis_buf_t *buf, const store_head_t *head);
void store_stamp_write(dosis_buf_t *buf, const store_stamp_t *stamp);
store_stamp_t store_stamp_read(dosis_wire_t *wire);
DOSIS_CHECK dosis_rc_t store_part_read(dosis_slice_t bytes,
    store_part_t *ret_part);

/* Only the class held now, for the reading path. */
DOSIS_CHECK dosis_rc_t store_part_read_now(dosis_slice_t bytes,
    store_class_t *ret_class);

/* --- content: fields of (tag, length, bytes); texts are JSON-escaped ------ */

enum {
    FIELD_NUMMER = 1,
    FIELD_NAAM = 2,
    FIELD_TYPE_TEKST = 3,
    FIELD_TYPE = 4,
    FIELD_FASE = 5,
    FIELD_CODE = 6,
    FIELD_EDRL = 7,
    FIELD_DETAIL1 = 8,
    FIELD_DETAIL2 = 9,
    FIELD_STATUS_STREEF = 10,
    FIELD_ACTIE_NODIG = 11,
    FIELD_ACTIE = 12,
    FIELD_VOOR = 13,
    FIELD_DOORVERWIJZING = 14,
    FIELD_PRODUCT = 15,            /* once per product */
    FIELD_BEHEERDER = 16,          /* number of an interned contact */
    FIELD_BEHEERDER_TEKST = 17,    /* or the contact itself */
    FIELD_STREEF = 18,
    FIELD_FREQUENTIE = 19,
    FIELD_FASEN = 20,
    FIELD_AGENT = 21,              /* once per agent */
    FIELD_MAX = 22
};

typedef struct {
    uint8_t soort;
    uint16_t rol;
    dosis_slice_t id;              /* escaped */
    uint8_t count;
    uint32_t rechten[DOSIS_RECHTEN_MAX];
} store_agent_t;

/* The content of a row, as views. */
typedef struct {
    dosis_slice_t text[FIELD_MAX];    /* by tag; of products: the last */
    uint64_t number[FIELD_MAX];       /* by tag; dates as ns */
    uint32_t has;                     /* bit 1 << tag */
    uint8_t producten_count;
    uint8_t agenten_count;
    dosis_slice_t producten[DOSIS_PRODUCTEN_MAX];
    dosis_slice_t agenten[DOSIS_AGENTEN_MAX];    /* store_agent_read() */
} store_content_t;

static inline bool
store_content_has(const store_content_t *content, int field)
{
    return (content->has & (1u << field)) != 0;
}

/* Empties it: all but the two lists, of which nothing counts yet. */
static inline void
store_content_clear(store_content_t *content)
{
    memset(content, 0, offsetof(store_content_t, producten));
}

/* Reads fields into *content, which the caller cleared; may be called twice. */
DOSIS_CHECK dosis_rc_t store_content_read(dosis_slice_t bytes,
    store_content_t *content);
DOSIS_CHECK dosis_rc_t store_agent_read(dosis_slice_t bytes,
    store_agent_t *ret_agent);

/* All fields but contact and agents: they need numbers from `referentie`. */
void store_content_write(dosis_buf_t *buf, const dosis_dossier_t *dossier);
void store_content_write_contact(dosis_buf_t *text,
    const dosis_contact_t *contact);
void store_field_write(dosis_buf_t *buf, int tag, dosis_slice_t bytes);
void store_field_write_number(dosis_buf_t *buf, int tag, uint64_t number);
void store_agent_write(dosis_buf_t *buf, const dosis_agent_rechten_t *agent,
    const uint32_t *rechten);

/*
 * Splits content over row and `lang` so that at most room bytes stay in the
 * row: the longest members go, the agents as one member. lang stays empty
 * when all fits.
 */
DOSIS_CHECK dosis_rc_t store_content_split(dosis_slice_t content, size_t room,
    dosis_buf_t *row, dosis_buf_t *lang);

#endif
