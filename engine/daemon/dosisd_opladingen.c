/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_opladingen.h"

#include <stdlib.h>
#include <string.h>

#include "base/dosis_text.h"
#include "daemon/dosisd_log.h"
#include "daemon/dosisd_oplading.h"

#define ARENA_MAX ((size_t) 256 << 10)
#define PIECE_MAX (DOSIS_AFKEURINGEN_STUK + ((size_t) 1 << 20))
#define ROWS 100 /* of a page: rows may be long */

enum {
    FINE = 200,
    BAD = 400,
    UNKNOWN = 404,
    NO_METHOD = 405,
    UNAVAILABLE = 503,
    FULL = 507
};

/* Behind the UploadId. */
typedef enum {
    PART_SELF,
    PART_FOUTEN,
    PART_FOUTEN_CSV,
    PART_WAARSCHUWINGEN,
    PART_UNKNOWN
} part_t;

static const char *const parts[] = {
    [PART_SELF] = "",
    [PART_FOUTEN] = "/fouten",
    [PART_FOUTEN_CSV] = "/fouten.csv",
    [PART_WAARSCHUWINGEN] = "/waarschuwingen",
};

struct dosisd_rapport_s {
    dosisd_t *dosisd;
    dosis_arena_t *arena;
    dosis_oplading_t oplading;
    dosis_afkeuringen_csv_t piece;
    dosis_buf_t text;
    size_t sent; /* of text */
};


static dosis_slice_t
client_of(const dosisd_opladingen_call_t *call)
{
    return dosis_slice_of(call->client == NULL ? "" : call->client);
}


static part_t
split(const char *rest, dosis_slice_t *ret_id)
{
    size_t len = strcspn(rest, "/");
    part_t part = PART_SELF;

    *ret_id = dosis_slice(rest, len);
    if (!dosis_uuid_valid(*ret_id)) {
        return PART_UNKNOWN;
    }
    while (part < PART_UNKNOWN && strcmp(parts[part], rest + len) != 0) {
        part++;
    }
    return part;
}


static unsigned
fail(dosis_rc_t rc, dosis_buf_t *answer)
{
    unsigned status = rc == DOSIS_ENOTFOUND ? UNKNOWN
        : rc == DOSIS_EINPUT || rc == DOSIS_EEXPIRED
        ? BAD
        : rc == DOSIS_EFULL ? FULL
                            : UNAVAILABLE;

    dosis_buf_reset(answer);
    dosis_buf_addf(answer, "{\"status\":%u,\"rc\":\"%s\",\"problems\":[",
        status, dosis_rc_name(rc));
    if (status == UNKNOWN) {
        DOSIS_BUF_LIT(answer,
            "{\"item\":0,\"field\":\"\",\"code\":\"Onbekend\",\"message\":"
            "\"Deze client heeft geen bestand met deze UploadId.\"}");
    } else if (status == BAD) {
        DOSIS_BUF_LIT(answer,
            "{\"item\":0,\"field\":\"na\",\"code\":\"ParameterOngeldig\","
            "\"message\":\"Deze cursor is ongeldig of vervallen.\"}");
    } else {
        dosisd_log(DOSISD_ERROR, "files not read or written: rc=%s why=%s",
            dosis_rc_name(rc), dosis_rc_text(rc));
    }
    DOSIS_BUF_LIT(answer, "]}\n");
    return status;
}


/* --- reading ------------------------------------------------------------- */

static dosis_rc_t
add_list(dosis_reader_t *reader, const dosisd_opladingen_call_t *call,
    dosis_buf_t *answer)
{
    const dosis_opladingen_page_t page = {
        .client = dosis_slice_of(call->client),
        .after = dosis_slice_of(call->after),
        .limit = DOSIS_PAGE_ROWS,
        .now_ns = dosisd_now_ns(),
    };

    return dosis_opladingen(reader, &page, answer);
}


static dosis_rc_t
add_one(dosis_reader_t *reader, const dosisd_opladingen_call_t *call,
    dosis_arena_t *arena, dosis_buf_t *answer)
{
    dosis_oplading_t oplading;
    dosis_slice_t id;
    part_t part = split(call->rest, &id);
    const dosis_afkeuringen_page_t page = {
        .after = dosis_slice_of(call->after),
        .limit = ROWS,
        .now_ns = dosisd_now_ns(),
    };
    dosis_rc_t rc = DOSIS_ENOTFOUND;

    if (part != PART_UNKNOWN && part != PART_FOUTEN_CSV) {
        rc = dosis_oplading_of(reader, client_of(call), id, arena, &oplading);
    }
    if (rc == DOSIS_OK && part == PART_SELF) {
        dosis_oplading_json(answer, &oplading, page.now_ns);
    } else if (rc == DOSIS_OK) {
        rc = part == PART_FOUTEN
            ? dosis_oplading_fouten(reader, &oplading, &page, answer)
            : dosis_oplading_waarschuwingen(
                reader, &oplading, &page, answer);
    }
    return rc;
}


static dosis_rc_t
read_call(dosisd_t *dosisd, const dosisd_opladingen_call_t *call,
    dosis_arena_t *arena, dosis_buf_t *answer)
{
    dosis_reader_t *reader = dosisd->store.reader;
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc == DOSIS_OK) {
        rc = call->rest == NULL ? add_list(reader, call, answer)
                                : add_one(reader, call, arena, answer);
        dosis_reader_end(reader);
    }
    return rc;
}


/* --- ending one ---------------------------------------------------------- */

static dosis_rc_t
cancel_call(dosisd_t *dosisd, const dosisd_opladingen_call_t *call,
    dosis_arena_t *arena, dosis_buf_t *answer)
{
    dosis_oplading_t oplading;
    dosis_txn_t *txn;
    dosis_slice_t id;
    int64_t now_ns = dosisd_now_ns();
    dosis_rc_t rc;

    if (split(call->rest, &id) != PART_SELF) {
        return DOSIS_ENOTFOUND;
    }
    rc = dosis_txn_begin(dosisd->store.writer, now_ns, &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_oplading_cancel(txn, client_of(call), id, arena, &oplading);
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
        return rc;
    }
    rc = dosis_txn_commit(txn);
    if (rc == DOSIS_OK && oplading.toestand == DOSIS_OPLADING_GEANNULEERD
        && oplading.begonnen_ns == 0) {
        dosisd_oplading_remove(dosisd->opladingen, oplading.spool);
    }
    if (rc == DOSIS_OK) {
        dosisd_log(DOSISD_NOTICE, "file was asked to end: number=%llu",
            (unsigned long long) oplading.nummer);
        dosis_oplading_json(answer, &oplading, now_ns);
    }
    return rc;
}


unsigned
dosisd_opladingen(
    dosisd_t *dosisd, const dosisd_opladingen_call_t *call, dosis_buf_t *answer)
{
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_rc_t rc = arena == NULL ? DOSIS_ENOMEM : DOSIS_OK;

    if (rc == DOSIS_OK) {
        rc = strcmp(call->method, "GET") == 0
            ? read_call(dosisd, call, arena, answer)
            : cancel_call(dosisd, call, arena, answer);
    }
    dosis_arena_free(arena);
    if (rc != DOSIS_OK) {
        return fail(rc, answer);
    }
    dosis_buf_add_byte(answer, '\n');
    return FINE;
}


/* --- the report ---------------------------------------------------------- */

dosisd_rapport_t *
dosisd_rapport_open(dosisd_t *dosisd, const dosisd_opladingen_call_t *call)
{
    dosisd_rapport_t *rapport;
    dosis_reader_t *reader = dosisd->store.reader;
    dosis_slice_t id;
    dosis_rc_t rc;

    if (split(call->rest, &id) != PART_FOUTEN_CSV) {
        return NULL;
    }
    rapport = calloc(1, sizeof(*rapport));
    if (rapport == NULL) {
        return NULL;
    }
    rapport->dosisd = dosisd;
    dosis_buf_init(&rapport->text, PIECE_MAX);
    rapport->arena = dosis_arena_create(ARENA_MAX);
    rc = rapport->arena == NULL ? DOSIS_ENOMEM : dosis_reader_begin(reader);
    if (rc == DOSIS_OK) {
        rc = dosis_oplading_of(reader, client_of(call), id, rapport->arena,
            &rapport->oplading);
        dosis_reader_end(reader);
    }
    if (rc != DOSIS_OK) {
        dosisd_rapport_close(rapport);
        return NULL;
    }
    return rapport;
}


void
dosisd_rapport_close(dosisd_rapport_t *rapport)
{
    if (rapport != NULL) {
        dosis_buf_done(&rapport->text);
        dosis_arena_free(rapport->arena);
        free(rapport);
    }
}


/* The next piece, into text. */
static dosis_rc_t
fill(dosisd_rapport_t *rapport)
{
    dosis_reader_t *reader = rapport->dosisd->store.reader;
    dosis_rc_t rc = dosis_reader_begin(reader);

    dosis_buf_reset(&rapport->text);
    rapport->sent = 0;
    if (rc == DOSIS_OK) {
        rc = dosis_oplading_fouten_csv(
            reader, &rapport->oplading, &rapport->piece, &rapport->text);
        dosis_reader_end(reader);
    }
    return rc == DOSIS_OK ? rapport->text.rc : rc;
}


ssize_t
dosisd_rapport_read(dosisd_rapport_t *rapport, char *to, size_t max)
{
    size_t left = rapport->text.len - rapport->sent;

    if (left == 0 && !rapport->piece.done && fill(rapport) != DOSIS_OK) {
        return -1;
    }
    left = rapport->text.len - rapport->sent;
    left = left < max ? left : max;
    if (left > 0) {
        memcpy(to, rapport->text.data + rapport->sent, left);
    }
    rapport->sent += left;
    return (ssize_t) left;
}
