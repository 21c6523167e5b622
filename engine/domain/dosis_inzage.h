/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_inzage.h: one consultation: who looked at which dossiers, in whose
 * name, through which door; and its bytes in the access ledger.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     reading borrows from the bytes read
 * Errors     DOSIS_EFORMAT: the bytes are no consultation
 *
 * Bytes: 0x01 | time 8 B (ns since 1970) | door 1 B | flags 1 B | class 1 B |
 * days of delay | client | request | user | purpose | assurance | source |
 * mandate holder: kind 1 B, identification; or 0 | number of subjects | each:
 * kind 1 B, identification | number of dossiers | each: DossierId 16 B. Every
 * text has its length in front, every number without a size is a varint. They
 * hold numbers of persons: only ever sealed.
 */

#ifndef DOSIS_DOMAIN_DOSIS_INZAGE_H
#define DOSIS_DOMAIN_DOSIS_INZAGE_H

#include "base/dosis_wire.h"
#include "domain/dosis_access.h"
#include "domain/dosis_limiet.h"
#include "domain/dosis_registratie.h"

/* A column of the route table: 0 means that somebody forgot it. */
typedef enum {
    DOSIS_DEUR_VERGETEN = 0,
    DOSIS_DEUR_GEEN = 1,    /* shows no dossier: nothing is noted */
    DOSIS_DEUR_LIJST = 2,
    DOSIS_DEUR_ZOEK = 3,
    DOSIS_DEUR_DETAIL = 4,
    DOSIS_DEUR_HISTORIEK = 5,
    DOSIS_DEUR_OVERZICHT = 6, /* counts: no dossier is named */
    DOSIS_DEUR_WIJZIGINGEN = 7,
    DOSIS_DEUR_UITLEG = 8,
    DOSIS_DEUR_DOORVERWIJZING = 9,
    DOSIS_DEUR_BRON = 10,   /* a source looks at its own */
    DOSIS_DEUR_INZAGEN = 11,
    DOSIS_DEUR_MAX = 12
} dosis_deur_t;             /* numbers are stored: never change them */

/* As on the wire: "lijst"; never NULL. */
const char *dosis_deur_name(dosis_deur_t deur);

enum {
    DOSIS_INZAGE_EIGEN = 1 /* a user, about itself */
};

#define DOSIS_INZAGE_TEXT_MAX 255
#define DOSIS_INZAGE_SHOWN_MAX DOSIS_PAGE_ROWS_MAX

/* The dossiers of one answer, as they were shown. */
typedef struct {
    uint32_t count;
    uint8_t id[DOSIS_INZAGE_SHOWN_MAX][16];
} dosis_shown_t;

/* NULL is fine: nobody asks. What a page cannot hold was not shown. */
static inline void
dosis_shown_add(dosis_shown_t *shown, const uint8_t id[16])
{
    if (shown != NULL && shown->count < DOSIS_INZAGE_SHOWN_MAX) {
        memcpy(shown->id[shown->count++], id, sizeof(shown->id[0]));
    }
}

/* One consultation on its way in. */
typedef struct {
    int64_t time_ns;
    dosis_deur_t deur;
    unsigned flags;             /* DOSIS_INZAGE_... */
    dosis_inzage_klasse_t klasse; /* of the client, as registered then */
    uint32_t uitstel_dagen;
    dosis_slice_t client;       /* its registered name, or empty: a user */
    dosis_slice_t aanvraag;     /* X-Request-Id */
    dosis_slice_t gebruiker;    /* as the counter said, like the next two */
    dosis_slice_t doel;
    dosis_slice_t zekerheid;
    dosis_slice_t bron;         /* of DOSIS_DEUR_BRON */
    const dosis_agent_t *mandataris; /* who asks for the subject, or NULL */
    const dosis_subject_t *subject;
    size_t subjects;
    const dosis_shown_t *shown; /* NULL: none */
} dosis_inzage_t;

/* Texts beyond DOSIS_INZAGE_TEXT_MAX are cut. */
void dosis_inzage_add(dosis_buf_t *buf, const dosis_inzage_t *inzage);

/* Room for the longest one: 1,000 foreign identifications, 500 dossiers. */
#define DOSIS_INZAGE_MAX ((size_t) 128 << 10)

/* One consultation, seen in its bytes. */
typedef struct {
    int64_t time_ns;
    dosis_deur_t deur;
    unsigned flags;
    dosis_inzage_klasse_t klasse;
    uint32_t uitstel_dagen;
    dosis_slice_t client;
    dosis_slice_t aanvraag;
    dosis_slice_t gebruiker;
    dosis_slice_t doel;
    dosis_slice_t zekerheid;
    dosis_slice_t bron;
    bool has_mandaat;
    dosis_agent_t mandataris;
    size_t subjects;
    dosis_slice_t subject_bytes; /* dosis_inzage_subject() */
    size_t dossiers;
    const uint8_t *dossier;      /* 16 bytes each */
} dosis_inzage_view_t;

DOSIS_CHECK dosis_rc_t dosis_inzage_read(
    dosis_slice_t bytes, dosis_inzage_view_t *ret_view);

/* The next subject of *rest, which begins as view->subject_bytes. */
bool dosis_inzage_subject(dosis_slice_t *rest, dosis_agent_t *ret_agent);

/* {"Tijdstip":...}: all of it, persons too: for the auditor alone. */
void dosis_inzage_add_json(dosis_buf_t *out, const dosis_inzage_view_t *view,
    uint64_t blok, size_t nr);

/*
 * May whom it is about learn of it, at that moment? client: who looked, as
 * registered now; NULL: no longer, and then what was noted counts.
 */
bool dosis_inzage_shows(const dosis_inzage_view_t *view,
    const dosis_client_t *client, int64_t now_ns);

#endif
