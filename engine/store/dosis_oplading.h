/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_oplading.h: a CSV file that was delivered (oplading): what it is, how
 * far its run is, which rows were refused, which dossiers have a warning.
 *
 * The module makes the record in the group commit: that is the 202. The engine
 * runs the oldest that waits; how far it is goes into the very transaction
 * that stores the rows, so that a run goes on exactly where it was.
 *
 * Layer      store
 * Threads    as the transaction or the reader given
 * Blocking   as those; work of one call is bounded
 * Memory     what is read is copied into the arena
 * Errors     of a transaction: sticky failures of the store; DOSIS_ECONFLICT,
 *            DOSIS_ELIMIT, DOSIS_ENOTFOUND are not. Of a reader:
 *            DOSIS_ENOTFOUND one answer for unknown, expired and another
 *            client's; DOSIS_EFORMAT, DOSIS_EKEY a damaged value
 */

#ifndef DOSIS_STORE_DOSIS_OPLADING_H
#define DOSIS_STORE_DOSIS_OPLADING_H

#include "base/dosis_arena.h"
#include "domain/dosis_resultaat.h"
#include "store/dosis_spool.h"
#include "store/dosis_txn.h"

#define DOSIS_BESTAND_MAX   200     /* bytes of the name of a file; cut */
#define DOSIS_RESULTATEN    9       /* of dosis_resultaat_t */

typedef enum {
    DOSIS_OPLADING_WACHTEND = 1,
    DOSIS_OPLADING_BEZIG = 2,
    DOSIS_OPLADING_KLAAR = 3,
    DOSIS_OPLADING_MISLUKT = 4,       /* has a fout */
    DOSIS_OPLADING_GEANNULEERD = 5
} dosis_toestand_t;                   /* stored: never change a number */

/* "Wachtend", ...; never NULL. */
const char *dosis_toestand_name(dosis_toestand_t toestand);

typedef struct {
    /* as delivered; never changes */
    uint64_t nummer;                  /* set by put */
    dosis_slice_t client;
    dosis_slice_t upload_id;          /* lower-case UUID */
    dosis_slice_t bestand;            /* name, without a path; may be empty */
    uint8_t spool[DOSIS_SPOOL_ID];
    uint64_t bytes;                   /* as sent, */
    uint64_t print;                   /*   and what they come to */
    int64_t ontvangen_ns;
    bool gzip;
    bool proef;                       /* nothing is stored of its rows */
    bool volledig;                    /* the whole of a source: */
    bool intrekken;                   /* what is missing is withdrawn */
    dosis_slice_t bron;
    int64_t peildatum_ns;

    /* how far it is; the engine's */
    dosis_toestand_t toestand;
    int64_t begonnen_ns;              /* 0: not yet */
    int64_t klaar_ns;                 /* 0: not yet */
    uint64_t gelezen;                 /* bytes of `bytes` that were read */
    uint64_t lijnen;                  /* rows of the file; 0: not read to its
                                         end yet */
    uint64_t rijen;                   /* rows done, the header not counted */
    uint64_t dossiers;                /* deliveries done */
    uint64_t tellingen[DOSIS_RESULTATEN];   /* of deliveries, by verdict */
    uint64_t fouten;                  /* rows refused */
    uint64_t waarschuwingen;          /* deliveries with one */
    uint64_t ontbrekend;              /* dossiers not in a whole file */
    uint64_t ingetrokken;             /* of those */
    dosis_slice_t fout_code;          /* of Mislukt, or why nothing was */
    dosis_slice_t fout;               /*   withdrawn; Dutch, or empty */

    /* where the run goes on, in the terms of the job */
    uint64_t positie[4];

    bool annuleren;                   /* its uploader, or an operator, wants
                                         it to end */
} dosis_oplading_t;

/*
 * Keeps a new one, Wachtend; sets nummer and toestand. The same UploadId of the
 * same client again, for the same bytes with the same options: *ret_again,
 * with nummer, toestand and ontvangen_ns of the one held, and nothing is
 * written (the new spool file is not wanted). DOSIS_ECONFLICT: the UploadId is
 * of another delivery; one that is Mislukt gives it up. DOSIS_ELIMIT: too many
 * of that client wait, or of all.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_put(dosis_txn_t *txn,
    dosis_oplading_t *oplading, bool *ret_again);

/*
 * May another one of so many bytes come in? DOSIS_ELIMIT: that client, or all
 * together, have too many that wait, or too many bytes.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_admit(
    dosis_reader_t *reader, dosis_slice_t client, uint64_t bytes);

/*
 * The oldest that waits or runs, of those with a number above after (0: of
 * all). DOSIS_ENOTFOUND: there is nothing to do.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_next(dosis_reader_t *reader,
    uint64_t after, dosis_arena_t *arena, dosis_oplading_t *ret_oplading);

/* Names of the spool files that are still wanted: of all that wait or run. */
DOSIS_CHECK dosis_rc_t dosis_oplading_spools(dosis_reader_t *reader,
    uint8_t ret_id[DOSIS_OPLADINGEN_MAX][DOSIS_SPOOL_ID], size_t *ret_count);

/*
 * Writes how far it is. *ret_end: it was asked to end; then toestand is the
 * caller's to set to Geannuleerd, and to write so (one that was ended meanwhile
 * is so already: what was done of it is written still). With a toestand that is
 * an end, and klaar_ns 0, it ended now. DOSIS_ENOTFOUND, not sticky: there is
 * no such file.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_note(
    dosis_txn_t *txn, const dosis_oplading_t *oplading, bool *ret_end);

/*
 * One that waits is Geannuleerd at once; one that runs ends soon; one that
 * has ended stays as it is. ret_oplading: as it then is.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_cancel(dosis_txn_t *txn,
    dosis_slice_t client, dosis_slice_t upload_id, dosis_arena_t *arena,
    dosis_oplading_t *ret_oplading);

/*
 * The same by number, whoever's it is: for an operator. ret_done: it had not
 * ended, and nobody had asked for that.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_cancel_nummer(dosis_txn_t *txn,
    uint64_t nummer, dosis_arena_t *arena, dosis_oplading_t *ret_oplading,
    bool *ret_done);

/* One refused row: as it stood in the file (UTF-8), and why. */
typedef struct {
    uint64_t lijn;                    /* in the file; its header is line 1 */
    dosis_slice_t tekst;              /* one record of CSV, without line end */
    const dosis_err_t *problems;
} dosis_afkeuring_t;

/*
 * Keeps it, while fewer than DOSIS_AFKEURINGEN_MAX of that file are kept, of
 * no more than DOSIS_AFKEURINGEN_BYTES. The same line again takes its place.
 */
void dosis_oplading_refuse(dosis_txn_t *txn, const dosis_oplading_t *oplading,
    const dosis_afkeuring_t *afkeuring);

/*
 * Are so many more rows, of so many bytes together, kept? Asked for all rows
 * of a dossier at once: sent again, a part of them would take the other agents
 * from it.
 */
bool dosis_oplading_has_room(dosis_txn_t *txn,
    const dosis_oplading_t *oplading, uint64_t rijen, uint64_t bytes);

/* A dossier that has warnings, refused or not. */
typedef struct {
    uint64_t lijn;                    /* of its first row */
    dosis_slice_t nummer;             /* may be empty */
    const dosis_err_t *warnings;
} dosis_waarschuwing_t;

/*
 * Keeps it, while fewer than DOSIS_WAARSCHUWINGEN_MAX of that file have any
 * (waarschuwingen, this one not counted yet), of no more than
 * DOSIS_WAARSCHUWINGEN_BYTES. The same line again takes its place.
 */
void dosis_oplading_warn(dosis_txn_t *txn, const dosis_oplading_t *oplading,
    const dosis_waarschuwing_t *waarschuwing);

/* The header of the file as UTF-8, one record of CSV, for the report. */
void dosis_oplading_kop(dosis_txn_t *txn, const dosis_oplading_t *oplading,
    dosis_slice_t kop);

/* A dossier of the source that a whole file lacks; the first ones are kept. */
void dosis_oplading_missing(dosis_txn_t *txn,
    const dosis_oplading_t *oplading, dosis_slice_t nummer);

/* --- what clients see (api.md 3) ------------------------------------------ */

DOSIS_CHECK dosis_rc_t dosis_oplading_of(dosis_reader_t *reader,
    dosis_slice_t client, dosis_slice_t upload_id, dosis_arena_t *arena,
    dosis_oplading_t *ret_oplading);

/* By number, whoever's it is: for an operator. */
DOSIS_CHECK dosis_rc_t dosis_oplading_of_nummer(dosis_reader_t *reader,
    uint64_t nummer, dosis_arena_t *arena, dosis_oplading_t *ret_oplading);

/* Adds it as one JSON object. */
void dosis_oplading_json(
    dosis_buf_t *body, const dosis_oplading_t *oplading, int64_t now_ns);

/*
 * The same with Nummer and Client: for who sees those of everybody. An
 * UploadId is one client's, a number names one file.
 */
void dosis_oplading_json_beheer(
    dosis_buf_t *body, const dosis_oplading_t *oplading, int64_t now_ns);

/* Adds the answer to a file that is taken; warnings: of its header. */
void dosis_oplading_json_taken(dosis_buf_t *body,
    const dosis_oplading_t *oplading, const dosis_err_t *warnings);

typedef struct {
    dosis_slice_t client;             /* whose; data NULL: everybody's */
    dosis_slice_t after;              /* cursor, or empty */
    uint32_t limit;                   /* 1 .. DOSIS_PAGE_ROWS_MAX */
    int64_t now_ns;
} dosis_opladingen_page_t;

/*
 * Adds {"Uploads":[...],"Volgende":"..."|null}, newest first; everybody's are
 * as of dosis_oplading_json_beheer.
 */
DOSIS_CHECK dosis_rc_t dosis_opladingen(dosis_reader_t *reader,
    const dosis_opladingen_page_t *page, dosis_buf_t *body);

/*
 * Adds a page of refused rows by line, then of dossiers that lack:
 * {"Fouten":[{"LijnNummer","Rij","Fouten":[{"Code","Veld","Omschrijving"}]}],
 * "Ontbrekend":[{"DossierNummer":"..."}],"Totaal":n,"Bewaard":n,
 * "Volgende":"..."|null}. limit: of both together. Ontbrekend is empty when
 * its client may no longer deliver for that source.
 */
typedef struct {
    dosis_slice_t after;              /* cursor, or empty */
    uint32_t limit;                   /* 1 .. DOSIS_PAGE_ROWS_MAX */
    int64_t now_ns;
} dosis_afkeuringen_page_t;

DOSIS_CHECK dosis_rc_t dosis_oplading_fouten(dosis_reader_t *reader,
    const dosis_oplading_t *oplading, const dosis_afkeuringen_page_t *page,
    dosis_buf_t *body);

/*
 * Adds a page of dossiers with a warning, by line:
 * {"Waarschuwingen":[{"LijnNummer","DossierNummer"|null,"Waarschuwingen":
 * [{"Code","Veld","Omschrijving"}]}],"Totaal":n,"Bewaard":n,"Volgende":
 * "..."|null}; Totaal and Bewaard of dossiers.
 */
DOSIS_CHECK dosis_rc_t dosis_oplading_waarschuwingen(dosis_reader_t *reader,
    const dosis_oplading_t *oplading, const dosis_afkeuringen_page_t *page,
    dosis_buf_t *body);

/*
 * The kept rows as a CSV file: UTF-8 with a mark, the column Fout, then those
 * of the file itself; ready to mend and send again. Piece by piece, so that
 * none takes long: zero it before the first, go on until done.
 *
 * Cells stand as they were sent, also one that a spreadsheet takes for a
 * formula (= + - @): what is sent again must say the same, and only who sent
 * it reads it. The one cell of our own begins with a word.
 */
typedef struct {
    uint64_t lijn;                    /* the last one that was added */
    bool begun;
    bool done;
} dosis_afkeuringen_csv_t;

#define DOSIS_AFKEURINGEN_STUK ((size_t) 256 << 10)    /* and a row */

DOSIS_CHECK dosis_rc_t dosis_oplading_fouten_csv(dosis_reader_t *reader,
    const dosis_oplading_t *oplading, dosis_afkeuringen_csv_t *piece,
    dosis_buf_t *body);

/* Is there one that is no longer kept (DOSIS_UPLOAD_TTL_S after it ended)? */
bool dosis_oplading_stale(dosis_reader_t *reader, int64_t now_ns);

/* Takes away of such what one transaction may. */
void dosis_oplading_sweep(dosis_txn_t *txn);

#endif
