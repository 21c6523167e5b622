/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_register.h"

#include <stdlib.h>
#include <string.h>

#include "base/dosis_json_value.h"
#include "daemon/dosisd_log.h"
#include "domain/dosis_pauze.h"
#include "domain/dosis_registratie.h"
#include "domain/dosis_uitgever.h"
#include "store/dosis_ref_put.h"

#define REGISTER_REPORT_MAX 65536
#define REGISTER_ARENA_MAX ((size_t) 4 << 20)

enum {
    FINE = 200,
    ADDED = 201,
    BAD = 400,
    UNKNOWN = 404,
    CONFLICT = 409,
    REFUSED = 422,
    UNAVAILABLE = 503,
    FULL = 507
};

/* One call while it is judged and written. */
typedef struct {
    const dosisd_register_call_t *call;
    dosis_txn_t *txn;
    dosis_rc_t rc;   /* of the store */
    unsigned status; /* of the worst so far; 0: fine */
    uint32_t number; /* of the last registration */
    unsigned items;
    dosis_buf_t report; /* problems as JSON objects, by commas */
    unsigned more;      /* problems beyond its ceiling */
} register_work_t;


/* --- problems ------------------------------------------------------------ */

static void
report(register_work_t *work, unsigned item, const dosis_problem_t *problem)
{
    dosis_buf_t *to = &work->report;
    size_t before = to->len;

    if (to->rc != DOSIS_OK) {
        work->more++;
        return;
    }
    if (to->len > 0) {
        dosis_buf_add_byte(to, ',');
    }
    dosis_buf_addf(to, "{\"item\":%u,", item);
    dosis_json_add_member(to, "field", dosis_slice_of(problem->field));
    DOSIS_BUF_LIT(to, ",");
    dosis_json_add_member(to, "code", dosis_slice_of(problem->code));
    DOSIS_BUF_LIT(to, ",");
    dosis_json_add_member(to, "message", dosis_slice_of(problem->text));
    DOSIS_BUF_LIT(to, "}");
    if (to->rc != DOSIS_OK) {
        to->len = before; /* whole rows only */
        work->more++;
    }
}


/* item: in an array, from 1; 0: the body itself. */
static void
refuse(register_work_t *work, unsigned status, unsigned item,
    const dosis_err_t *err)
{
    uint32_t i;

    work->status = work->status < status ? status : work->status;
    for (i = 0; i < err->count; i++) {
        report(work, item, &err->item[i]);
    }
    work->more += err->more;
}


static void
refuse_one(register_work_t *work, unsigned status, unsigned item,
    const char *code, const char *text)
{
    dosis_err_t err = { 0 };

    dosis_err_add(&err, code, "", "%s", text);
    refuse(work, status, item, &err);
}


/* true: go on. A failure of the store is kept, one of the input reported. */
static bool
judge(
    register_work_t *work, dosis_rc_t rc, unsigned item, const dosis_err_t *err)
{
    switch (rc) {
    case DOSIS_OK:
        return true;
    case DOSIS_EINPUT:
        refuse(work, REFUSED, item, err);
        return false;
    case DOSIS_ECONFLICT:
        refuse(work, CONFLICT, item, err);
        return false;
    case DOSIS_ENOTFOUND:
        refuse_one(
            work, UNKNOWN, item, "Onbekend", "Deze registratie bestaat niet.");
        return false;
    default:
        work->rc = rc;
        return false;
    }
}


/* --- one registration ---------------------------------------------------- */

static dosis_rc_t
read_name(dosis_ref_kind_t kind, const dosis_json_t *json, dosis_arena_t *arena,
    dosis_slice_t *ret_name, dosis_err_t *err)
{
    dosis_rc_t rc;
    dosis_bron_t bron;
    dosis_pauze_t pauze;
    dosis_client_t client;
    dosis_uitgever_t uitgever;

    if (kind == DOSIS_REF_BRON) {
        rc = dosis_bron_from_json(json, arena, &bron, err);
        *ret_name = bron.bron;
    } else if (kind == DOSIS_REF_PAUZE) {
        rc = dosis_pauze_from_json(json, arena, &pauze, err);
        *ret_name = pauze.bron;
    } else if (kind == DOSIS_REF_UITGEVER) {
        rc = dosis_uitgever_from_json(json, arena, &uitgever, err);
        *ret_name = uitgever.iss;
    } else {
        rc = dosis_client_from_json(json, arena, &client, err);
        *ret_name = client.client;
    }
    return rc;
}


static bool
name_fits(register_work_t *work, dosis_slice_t name, unsigned item)
{
    dosis_rc_t rc;
    dosis_buf_t held;
    const char *wanted = work->call->name;

    if (wanted != NULL) {
        if (dosis_slice_eq(name, dosis_slice_of(wanted))) {
            return true;
        }
        refuse_one(work, REFUSED, item, "NaamVast",
            "De naam van een registratie verandert nooit.");
        return false;
    }
    dosis_buf_init(&held, DOSIS_REF_TEXT_MAX + 1);
    rc =
        dosis_ref_find(work->txn, work->call->kind, name, &work->number, &held);
    dosis_buf_done(&held);
    if (rc == DOSIS_ENOTFOUND) {
        return true;
    }
    if (judge(work, rc, item, NULL)) {
        refuse_one(work, CONFLICT, item, "BestaatAl",
            "Deze registratie bestaat al; verander ze.");
    }
    return false;
}


/* Which number it has, for the log. */
static void
note_number(register_work_t *work, dosis_slice_t name)
{
    dosis_buf_t held;

    dosis_buf_init(&held, DOSIS_REF_TEXT_MAX + 1);
    (void) judge(work,
        dosis_ref_find(work->txn, work->call->kind, name, &work->number, &held),
        0, NULL);
    dosis_buf_done(&held);
    work->items++;
}


/* Judges the object and puts it. */
static void
put_json(register_work_t *work, const dosis_json_t *json, unsigned item)
{
    dosis_arena_t *arena = dosis_arena_create(REGISTER_ARENA_MAX);
    dosis_ref_kind_t kind = work->call->kind;
    dosis_slice_t name = { NULL, 0 };
    dosis_err_t err = { 0 };
    dosis_buf_t text;
    dosis_rc_t rc = arena == NULL ? DOSIS_ENOMEM : DOSIS_OK;

    dosis_buf_init(&text, DOSIS_REF_TEXT_MAX);
    if (rc == DOSIS_OK) {
        rc = read_name(kind, json, arena, &name, &err);
    }
    if (rc == DOSIS_OK && !dosis_json_add_value(&text, json)) {
        rc = DOSIS_EINPUT; /* no setting is so deep: it has been refused */
    }
    if (judge(work, rc, item, &err) && name_fits(work, name, item)) {
        rc = text.rc != DOSIS_OK
            ? text.rc
            : dosis_ref_put(work->txn, kind, dosis_buf_slice(&text), &err);
        if (judge(work, rc, item, &err)) {
            note_number(work, name);
        }
    }
    dosis_buf_done(&text);
    dosis_arena_free(arena);
}


/* NULL: no JSON, and reported. */
static dosis_json_t *
parse(register_work_t *work, dosis_slice_t text)
{
    dosis_json_t *json = NULL;
    dosis_err_t err = { 0 };

    if (!judge(work, dosis_json_parse(text, &json, &err), 0, &err)) {
        return NULL;
    }
    return json;
}


/* --- the methods --------------------------------------------------------- */

static void
on_post(register_work_t *work)
{
    dosis_json_t *json = parse(work, work->call->body);
    size_t i, count = dosis_json_count(json);

    if (json != NULL && dosis_json_kind(json) != DOSIS_JSON_ARRAY) {
        put_json(work, json, 0);
    } else if (count > DOSISD_REGISTER_ITEMS_MAX) {
        refuse_one(work, REFUSED, 0, "TeVeelWaarden",
            "Hoogstens 500 registraties tegelijk.");
    } else {
        for (i = 0; i < count && work->rc == DOSIS_OK; i++) {
            put_json(work, dosis_json_at(json, i), (unsigned) i + 1);
        }
    }
    dosis_json_free(json);
}


/* What is held; false: reported. */
static bool
find_held(register_work_t *work, dosis_buf_t *held)
{
    return judge(work,
        dosis_ref_find(work->txn, work->call->kind,
            dosis_slice_of(work->call->name), &work->number, held),
        0, NULL);
}


/* A pause takes the place of the one that is there, or of none. */
static void
on_put(register_work_t *work)
{
    dosis_json_t *json;
    dosis_buf_t held;

    dosis_buf_init(&held, DOSIS_REF_TEXT_MAX + 1);
    if (work->call->kind == DOSIS_REF_PAUZE || find_held(work, &held)) {
        json = parse(work, work->call->body);
        if (json != NULL) {
            put_json(work, json, 0);
        }
        dosis_json_free(json);
    }
    dosis_buf_done(&held);
}


static void
put_merged(register_work_t *work, dosis_slice_t held, const dosis_json_t *patch)
{
    dosis_json_t *before = parse(work, held), *after = NULL;
    dosis_buf_t text;

    dosis_buf_init(&text, DOSIS_REF_TEXT_MAX);
    if (before != NULL && dosis_json_add_merged(&text, before, patch)
        && text.rc == DOSIS_OK) {
        after = parse(work, dosis_buf_slice(&text));
        if (after != NULL) {
            put_json(work, after, 0);
        }
    } else if (before != NULL) {
        refuse_one(work, REFUSED, 0, "WaardeOngeldig",
            "Geen kommagetallen, niet te diep genest, niet te groot.");
    }
    dosis_buf_done(&text);
    dosis_json_free(after);
    dosis_json_free(before);
}


static void
on_patch(register_work_t *work)
{
    dosis_json_t *patch;
    dosis_buf_t held;

    dosis_buf_init(&held, DOSIS_REF_TEXT_MAX + 1);
    if (find_held(work, &held)) {
        patch = parse(work, work->call->body);
        if (patch != NULL) {
            put_merged(work, dosis_buf_slice(&held), patch);
        }
        dosis_json_free(patch);
    }
    dosis_buf_done(&held);
}


static void
on_delete(register_work_t *work)
{
    dosis_slice_t name = dosis_slice_of(work->call->name);
    dosis_err_t err = { 0 };
    dosis_rc_t rc;
    dosis_buf_t held;

    dosis_buf_init(&held, DOSIS_REF_TEXT_MAX + 1);
    if (find_held(work, &held)) {
        rc = dosis_ref_remove(work->txn, work->call->kind, name, &err);
        work->items += judge(work, rc, 0, &err);
    }
    dosis_buf_done(&held);
}


typedef struct {
    const char *method;
    bool named; /* about one, whose name is given */
    unsigned status;
    const char *done; /* for the log */
    void (*handler)(register_work_t *work);
} register_verb_t;

static const register_verb_t verbs[] = {
    { "POST", false, ADDED, "added", on_post },
    { "PUT", true, FINE, "replaced", on_put },
    { "PATCH", true, FINE, "changed", on_patch },
    { "DELETE", true, FINE, "removed", on_delete },
};


/* --- writing ------------------------------------------------------------- */

static unsigned
status_of(dosis_rc_t rc)
{
    return rc == DOSIS_EFULL ? FULL : UNAVAILABLE;
}


static unsigned
fail(dosis_rc_t rc, dosis_buf_t *answer)
{
    dosisd_log(DOSISD_ERROR, "registration not written or read: rc=%s why=%s",
        dosis_rc_name(rc), dosis_rc_text(rc));
    dosis_buf_addf(answer, "{\"status\":%u,\"rc\":\"%s\"}\n", status_of(rc),
        dosis_rc_name(rc));
    return status_of(rc);
}


/* In one transaction: all of it, or nothing. */
static void
run(register_work_t *work, dosisd_t *dosisd, const register_verb_t *verb)
{
    work->rc =
        dosis_txn_begin(dosisd->store.writer, dosisd_now_ns(), &work->txn);
    if (work->rc != DOSIS_OK) {
        return;
    }
    verb->handler(work);
    if (work->rc == DOSIS_OK && work->status == 0) {
        work->rc = dosis_txn_commit(work->txn);
    } else {
        dosis_txn_abort(work->txn);
    }
}


static unsigned
write_call(dosisd_t *dosisd, const dosisd_register_call_t *call,
    const register_verb_t *verb, dosis_buf_t *answer)
{
    register_work_t work = { .call = call };
    unsigned status = verb->status;

    dosis_buf_init(&work.report, REGISTER_REPORT_MAX);
    if (verb->named && call->name == NULL) {
        refuse_one(&work, BAD, 0, "NaamOntbreekt",
            "Zeg met ?bron=, ?client= of ?iss= om welke registratie het gaat;"
            " een pauze noemt haar bron, of * voor het hele register.");
    } else if (!verb->named && call->name != NULL) {
        refuse_one(&work, BAD, 0, "NaamTeVeel",
            "Wat erbij komt, noemt zich in de inhoud; PUT vervangt.");
    } else {
        run(&work, dosisd, verb);
    }
    if (work.rc != DOSIS_OK) {
        status = fail(work.rc, answer);
    } else if (work.status != 0) {
        status = work.status;
        dosis_buf_addf(answer, "{\"status\":%u,\"problems\":[", status);
        dosis_buf_add_slice(answer, dosis_buf_slice(&work.report));
        dosis_buf_addf(answer, "],\"more\":%u}\n", work.more);
    } else {
        dosis_buf_addf(
            answer, "{\"status\":%u,\"items\":%u}\n", status, work.items);
        dosisd_log(DOSISD_NOTICE, "registration %s: kind=%s items=%u number=%u",
            verb->done, dosisd_register_word(call->kind), work.items,
            (unsigned) work.number);
    }
    dosis_buf_done(&work.report);
    return status;
}


/* --- reading ------------------------------------------------------------- */

typedef struct {
    dosis_buf_t *answer;
    unsigned items;
    uint32_t last;
    bool more;
} register_page_t;


static void
add_registration(dosis_buf_t *answer, uint32_t nummer, dosis_slice_t json)
{
    dosis_buf_addf(
        answer, "{\"Nummer\":%u,\"Registratie\":", (unsigned) nummer);
    dosis_buf_add_slice(answer, json);
    dosis_buf_add_byte(answer, '}');
}


static bool
add_to_page(void *payload, uint32_t nummer, dosis_slice_t json)
{
    register_page_t *page = payload;

    if (page->items == DOSISD_REGISTER_PAGE
        || page->answer->len > DOSISD_REGISTER_PAGE_BYTES) {
        page->more = true;
        return false;
    }
    if (page->items > 0) {
        dosis_buf_add_byte(page->answer, ',');
    }
    add_registration(page->answer, nummer, json);
    page->items++;
    page->last = nummer;
    return true;
}


static dosis_rc_t
list(dosis_reader_t *reader, const dosisd_register_call_t *call,
    dosis_buf_t *answer)
{
    register_page_t page = { .answer = answer };
    unsigned long after =
        call->after == NULL ? 0 : strtoul(call->after, NULL, 10);
    dosis_rc_t rc;

    DOSIS_BUF_LIT(answer, "{\"Registraties\":[");
    rc = dosis_ref_each(reader, call->kind,
        after < UINT32_MAX ? (uint32_t) after : UINT32_MAX, add_to_page, &page);
    DOSIS_BUF_LIT(answer, "],\"Volgende\":");
    if (page.more) {
        dosis_buf_addf(answer, "%u}\n", (unsigned) page.last);
    } else {
        DOSIS_BUF_LIT(answer, "null}\n");
    }
    return rc;
}


static dosis_rc_t
show(dosis_reader_t *reader, const dosisd_register_call_t *call,
    dosis_buf_t *answer)
{
    dosis_buf_t json;
    uint32_t nummer;
    dosis_rc_t rc;

    dosis_buf_init(&json, DOSIS_REF_TEXT_MAX + 1);
    rc = dosis_ref_read(
        reader, call->kind, dosis_slice_of(call->name), &nummer, &json);
    if (rc == DOSIS_OK) {
        add_registration(answer, nummer, dosis_buf_slice(&json));
        DOSIS_BUF_LIT(answer, "\n");
    }
    dosis_buf_done(&json);
    return rc;
}


static unsigned
read_call(
    dosisd_t *dosisd, const dosisd_register_call_t *call, dosis_buf_t *answer)
{
    dosis_reader_t *reader = dosisd->store.reader;
    dosis_rc_t rc = dosis_reader_begin(reader);

    if (rc == DOSIS_OK) {
        rc = call->name == NULL ? list(reader, call, answer)
                                : show(reader, call, answer);
        dosis_reader_end(reader);
    }
    if (rc == DOSIS_OK) {
        return FINE;
    }
    dosis_buf_reset(answer);
    if (rc != DOSIS_ENOTFOUND) {
        return fail(rc, answer);
    }
    DOSIS_BUF_LIT(answer,
        "{\"status\":404,\"problems\":[{\"item\":0,\"field\":\"\",\"code\":"
        "\"Onbekend\",\"message\":\"Deze registratie bestaat niet.\"}]}\n");
    return UNKNOWN;
}


const char *
dosisd_register_word(dosis_ref_kind_t kind)
{
    switch (kind) {
    case DOSIS_REF_PAUZE: return "pauze";
    case DOSIS_REF_BRON: return "bron";
    case DOSIS_REF_UITGEVER: return "uitgever";
    default: return "client";
    }
}


unsigned
dosisd_register(
    dosisd_t *dosisd, const dosisd_register_call_t *call, dosis_buf_t *answer)
{
    size_t i;

    if (strcmp(call->method, "GET") == 0) {
        return read_call(dosisd, call, answer);
    }
    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(call->method, verbs[i].method) == 0) {
            return write_call(dosisd, call, &verbs[i], answer);
        }
    }
    return 0;
}
