/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_limiet.h: the ceilings that clients meet, and one table that publishes
 * them: the code uses these very constants. Lengths of members are published
 * from their own table (dosis_veld.h).
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     static
 * Errors     none
 */

#ifndef DOSIS_DOMAIN_DOSIS_LIMIET_H
#define DOSIS_DOMAIN_DOSIS_LIMIET_H

#include <stddef.h>
#include <stdint.h>

#define DOSIS_PAGE_ROWS      50     /* limiet when absent */
#define DOSIS_PAGE_ROWS_MAX  500
#define DOSIS_EXAMINED_MAX   5000   /* index rows per call */
#define DOSIS_CURSOR_TTL_S   86400
#define DOSIS_SUBJECTS_MAX   1000   /* agents of one question */
#define DOSIS_FILTER_MAX     50     /* values of one filter */

#define DOSIS_HANDLE_SUBJECTS_MAX 20
#define DOSIS_HANDLE_RIGHTS_MAX   400    /* of all its agents together */
#define DOSIS_HANDLE_BYTES_MAX    8160   /* with its name a line of 8 KiB */
#define DOSIS_HANDLE_TTL_S        900

#define DOSIS_TICKET_TTL_S        60
#define DOSIS_TICKETS_USER        20     /* not opened yet, of one user */
#define DOSIS_TICKETS_LOKET       1000   /* of one counter */
#define DOSIS_TICKETS_MAX         20000  /* of everybody together */

#define DOSIS_BODY_MAX        ((size_t) 64 << 10)    /* unless configured */
#define DOSIS_BATCH_BODY_MAX  ((size_t) 4 << 20)     /* unless configured */
#define DOSIS_BATCH_ITEMS_MAX 1000
#define DOSIS_FUTURE_S        86400                  /* unless configured */

#define DOSIS_FEED_TTL_S      (INT64_C(30) * 86400)    /* of its cursors */
#define DOSIS_FEED_WAIT_MAX_S 60

/* In time, of one machine: a second, and at once; unless configured. */
#define DOSIS_VRAGEN_PER_S       2000
#define DOSIS_VRAGEN_STOOT       4000
#define DOSIS_LEVERINGEN_PER_S   2000
#define DOSIS_LEVERINGEN_STOOT   20000
#define DOSIS_GEBRUIKER_PER_S    50
#define DOSIS_GEBRUIKER_STOOT    500

#define DOSIS_UPLOAD_TTL_S   (INT64_C(30) * 86400)
#define DOSIS_FAILURES_MAX   10000  /* kept per source */
#define DOSIS_SOURCE_BYTES_MAX ((size_t) 4 << 20)    /* of one page of it */

#define DOSIS_CSV_BYTES_MAX   (UINT64_C(4) << 30)    /* unless configured */
#define DOSIS_AFKEURINGEN_MAX 10000    /* refused rows kept of one file */
#define DOSIS_AFKEURINGEN_BYTES (UINT64_C(32) << 20)   /* of their texts */
#define DOSIS_WAARSCHUWINGEN_MAX 1000  /* dossiers whose warnings are kept */
#define DOSIS_WAARSCHUWINGEN_BYTES (UINT64_C(4) << 20) /* of one file, both */
#define DOSIS_BESTAND_FOUTEN  1000     /* listed in the result of a file */
#define DOSIS_OPLADINGEN_CLIENT 20     /* that wait or run, of one client */
#define DOSIS_OPLADINGEN_MAX  200      /* of all together */
#define DOSIS_OPLADINGEN_BYTES (UINT64_C(16) << 30)  /* of one client */

/* Ceilings that a configuration sets. */
typedef struct {
    uint64_t body_max;             /* bytes of one delivery */
    uint64_t batch_body_max;       /* bytes of a list of them */
    uint64_t future_s;             /* how far ahead WijzigingsDatum may lie */
    uint64_t vragen_per_s;         /* 0: no limit */
    uint64_t vragen_stoot;
    uint64_t leveringen_per_s;
    uint64_t leveringen_stoot;
    uint64_t gebruiker_per_s;
    uint64_t gebruiker_stoot;
    uint64_t csv_max;              /* bytes of a CSV file, as sent */
} dosis_limiet_instelling_t;

typedef struct {
    const char *naam;              /* stable, on the wire */
    const char *eenheid;           /* "bytes", "seconden", "aantal" */
    const char *omschrijving;      /* Dutch */
    uint64_t waarde;               /* when no configuration sets it */
    size_t instelling;             /* offset in dosis_limiet_instelling_t, or
                                      DOSIS_LIMIET_VAST */
} dosis_limiet_t;

#define DOSIS_LIMIET_VAST SIZE_MAX

size_t dosis_limiet_count(void);

/* NULL behind the last. */
const dosis_limiet_t *dosis_limiet_at(size_t index);

/* set may be NULL: the value when nothing is configured. */
uint64_t dosis_limiet_waarde(const dosis_limiet_t *limiet,
    const dosis_limiet_instelling_t *set);

#endif
