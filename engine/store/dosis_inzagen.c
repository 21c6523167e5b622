/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "store/dosis_ledger_read.h"
#include "store/store_detail.h"
#include "store/store_ledger.h"
#include "store/store_mark.h"

#define VERDICTS 1024    /* dossiers judged in one call, remembered */
#define TEXT_MAX 256

/* A dossier that was judged in this call, and snapshot. */
typedef struct {
    uint8_t id[STORE_ID_BYTES];
    bool used;
    bool sees;
} verdict_t;

/* One call. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_question_t *question;
    dosis_buf_t *out;
    dosis_answer_t *answer;
    uint8_t agent[STORE_AGENT_BYTES];
    uint32_t most;                /* index entries and judgements */
    uint64_t seq;                 /* the block that is open, 0: none */
    dosis_buf_t plain;
    verdict_t *verdict;
} look_t;


/* --- may it be told? ------------------------------------------------------ */

static verdict_t *
slot_of(look_t *look, const uint8_t id[STORE_ID_BYTES])
{
    unsigned n;
    size_t at = dosis_be32_get(id + 8) % VERDICTS;

    for (n = 0; n < VERDICTS; n++, at = (at + 1) % VERDICTS) {
        if (!look->verdict[at].used
            || memcmp(look->verdict[at].id, id, STORE_ID_BYTES) == 0) {
            return &look->verdict[at];
        }
    }
    return NULL;
}


/* As it is now: the access function of every other door. */
static dosis_rc_t
judge(look_t *look, const uint8_t id[STORE_ID_BYTES], bool *ret_sees)
{
    dosis_rc_t rc;
    store_admitted_t admitted;
    verdict_t *slot = slot_of(look, id);

    if (slot != NULL && slot->used) {
        *ret_sees = slot->sees;
        return DOSIS_OK;
    }
    look->answer->examined++;
    rc = store_detail_admit(look->reader, look->question, id, &admitted);
    *ret_sees = rc == DOSIS_OK;
    if (rc == DOSIS_OK || rc == DOSIS_ENOTFOUND) {
        if (slot != NULL) {
            memcpy(slot->id, id, STORE_ID_BYTES);
            slot->used = true;
            slot->sees = *ret_sees;
        }
        return DOSIS_OK;
    }
    return rc;
}


/* --- one row -------------------------------------------------------------- */

/* The number of a person is not given, not even of who holds the mandate. */
static void
add_mandataris(look_t *look, const dosis_agent_t *agent)
{
    dosis_buf_addf(look->out, "{\"Soort\":\"%s\",",
        dosis_agent_soort_name(agent->soort));
    dosis_json_add_member(look->out, "Identificatie",
        agent->soort == DOSIS_AGENT_INSZ ? dosis_slice(NULL, 0)
                                         : dosis_agent_id(agent));
    dosis_buf_add_byte(look->out, '}');
}


/* Never who: the organisation answers for those who work for it. */
static void
add_wie(look_t *look, const dosis_inzage_view_t *view,
    const dosis_client_t *client)
{
    dosis_slice_t naam = client == NULL ? view->client : client->naam;

    DOSIS_BUF_LIT(look->out, "\"Wie\":{");
    dosis_json_add_member(look->out, "Naam",
        naam.len == 0 ? dosis_slice(NULL, 0) : naam);
    DOSIS_BUF_LIT(look->out, ",\"Mandataris\":");
    if (view->has_mandaat) {
        add_mandataris(look, &view->mandataris);
    } else {
        DOSIS_BUF_LIT(look->out, "null");
    }
    DOSIS_BUF_LIT(look->out, "}");
}


/* What a counter writes as its purpose may name somebody else. */
static void
add_doel(look_t *look, const dosis_inzage_view_t *view)
{
    char text[TEXT_MAX];

    dosis_buf_add_byte(look->out, ',');
    if (view->doel.len == 0 || view->doel.len > sizeof(text)) {
        dosis_json_add_member(look->out, "Doel", dosis_slice(NULL, 0));
        return;
    }
    memcpy(text, view->doel.data, view->doel.len);
    (void) dosis_text_blank_numbers(text, view->doel.len);
    dosis_json_add_member(look->out, "Doel",
        dosis_slice(text, view->doel.len));
}


static dosis_rc_t
add_dossiers(look_t *look, const dosis_inzage_view_t *view, size_t *ret_shown)
{
    size_t i;
    bool sees;
    char id[DOSIS_ID_TEXT + 1];
    dosis_rc_t rc = DOSIS_OK;

    *ret_shown = 0;
    DOSIS_BUF_LIT(look->out, ",\"Dossiers\":[");
    for (i = 0; rc == DOSIS_OK && i < view->dossiers; i++) {
        rc = judge(look, view->dossier + i * STORE_ID_BYTES, &sees);
        if (rc == DOSIS_OK && sees) {
            dosis_id_encode(id, view->dossier + i * STORE_ID_BYTES);
            dosis_buf_addf(look->out, "%s\"%.*s\"", *ret_shown > 0 ? "," : "",
                DOSIS_ID_TEXT, id);
            (*ret_shown)++;
        }
    }
    dosis_buf_add_byte(look->out, ']');
    return rc;
}


static bool
names_no_dossier(const dosis_inzage_view_t *view)
{
    return view->deur == DOSIS_DEUR_OVERZICHT
           || view->deur == DOSIS_DEUR_INZAGEN;
}


static dosis_rc_t
add_row(look_t *look, const dosis_inzage_view_t *view)
{
    size_t shown;
    size_t before = look->out->len;
    dosis_rc_t rc;
    const dosis_client_t *client = dosis_ref_client(look->reader->ref,
        view->client);

    if (!dosis_inzage_shows(view, client, look->question->now_ns)) {
        return DOSIS_OK;
    }
    if (look->answer->rows > 0) {
        dosis_buf_add_byte(look->out, ',');
    }
    DOSIS_BUF_LIT(look->out, "{\"Tijdstip\":\"");
    dosis_time_add_utc(look->out, view->time_ns);
    dosis_buf_addf(look->out, "\",\"Deur\":\"%s\",",
        dosis_deur_name(view->deur));
    add_wie(look, view, client);
    add_doel(look, view);
    rc = add_dossiers(look, view, &shown);
    dosis_buf_add_byte(look->out, '}');
    if (rc == DOSIS_OK && look->out->rc == DOSIS_OK && shown == 0
        && !names_no_dossier(view)) {
        look->out->len = before;
    } else {
        look->answer->rows++;
    }
    return rc != DOSIS_OK ? rc : look->out->rc;
}


/* --- the walk ------------------------------------------------------------- */

/* A block that has ended leaves its index for a moment: nothing is told. */
static dosis_rc_t
add_entry(look_t *look, uint64_t seq, unsigned nr)
{
    unsigned n;
    dosis_rc_t rc = DOSIS_OK;
    dosis_slice_t bytes = { NULL, 0 };
    dosis_inzage_view_t view;
    store_ledger_block_t block;

    if (look->seq != seq) {
        look->seq = 0;
        rc = store_ledger_open(&look->reader->snap, seq, &look->plain,
            &block);
        look->seq = rc == DOSIS_OK ? seq : 0;
    } else {
        rc = store_ledger_read(dosis_buf_slice(&look->plain), &block);
    }
    for (n = 0; rc == DOSIS_OK && n <= nr; n++) {
        rc = store_ledger_next(&block, &bytes);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_inzage_read(bytes, &view);
    }
    if (rc == DOSIS_OK) {
        return add_row(look, &view);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* At the last entry below `at`, which itself was looked at. */
static dosis_rc_t
seek(look_t *look, const store_mark_t *mark, store_cursor_t *c)
{
    char key[LEDGER_INDEX_KEY];
    dosis_rc_t rc;

    store_ledger_index_key(key, look->agent,
        mark->at.order == 0 ? UINT64_MAX : mark->at.order,
        mark->at.order == 0 ? UINT16_MAX : dosis_be16_get(mark->at.id));
    rc = store_cursor_seek(c, dosis_slice(key, sizeof(key)));
    return rc == DOSIS_ENOTFOUND ? store_cursor_last(c)
           : rc == DOSIS_OK      ? store_cursor_prev(c)
                                 : rc;
}


static bool
is_own(const look_t *look, const store_cursor_t *c)
{
    return c->key.len == LEDGER_INDEX_KEY
           && memcmp(c->key.data, look->agent, STORE_AGENT_BYTES) == 0;
}


static dosis_rc_t
walk(look_t *look, store_mark_t *mark)
{
    uint64_t seq;
    unsigned nr;
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&look->reader->snap, DB_BETROKKEN, &c);
    if (rc == DOSIS_OK) {
        rc = seek(look, mark, &c);
    }
    for (; rc == DOSIS_OK && is_own(look, &c); rc = store_cursor_prev(&c)) {
        look->answer->more = look->answer->rows == look->question->limit
                             || look->answer->examined >= look->most;
        if (look->answer->more) {
            break;
        }
        seq = dosis_be64_get(c.key.data + STORE_AGENT_BYTES);
        nr = dosis_be16_get(c.key.data + STORE_AGENT_BYTES + 8);
        look->answer->examined++;
        rc = add_entry(look, seq, nr);
        if (rc != DOSIS_OK) {
            break;
        }
        mark->at.order = seq;
        dosis_be16(mark->at.id, (uint16_t) nr);
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* --- the answer ----------------------------------------------------------- */

/* Not of a history, whose cursors are of the same making. */
#define MARK_SIGN "inzagen"
#define MARK_SIGN_AT 8

static dosis_rc_t
read_mark(look_t *look, store_mark_t *mark)
{
    dosis_rc_t rc = store_mark_read(look->reader, look->question, mark);

    if (rc == DOSIS_OK && look->question->after.len > 0
        && (mark->at.order == 0
            || memcmp(mark->at.id + MARK_SIGN_AT, MARK_SIGN,
                   sizeof(MARK_SIGN))
                   != 0)) {
        rc = DOSIS_EINPUT;
    }
    return rc;
}


static dosis_rc_t
add_all(look_t *look)
{
    dosis_rc_t rc;
    store_mark_t mark;

    rc = read_mark(look, &mark);
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(look->out, "{\"Inzagen\":[");
    rc = walk(look, &mark);
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(look->out, "],\"Volgende\":");
    if (!look->answer->more) {
        DOSIS_BUF_LIT(look->out, "null}");
        return look->out->rc;
    }
    memcpy(mark.at.id + MARK_SIGN_AT, MARK_SIGN, sizeof(MARK_SIGN));
    dosis_buf_add_byte(look->out, '"');
    rc = store_mark_write(look->reader, look->question, &mark, look->out);
    DOSIS_BUF_LIT(look->out, "\"}");
    return rc != DOSIS_OK ? rc : look->out->rc;
}


dosis_rc_t
dosis_inzagen(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    dosis_rc_t rc;
    look_t look = { .reader = reader, .question = question, .out = body,
        .answer = ret_answer };

    memset(ret_answer, 0, sizeof(*ret_answer));
    look.most = question->examine != 0 ? question->examine
                                       : DOSIS_EXAMINED_MAX;
    store_agent_blind(reader->crypt, &question->subject->agent, look.agent);
    look.verdict = calloc(VERDICTS, sizeof(look.verdict[0]));
    if (look.verdict == NULL) {
        return DOSIS_ENOMEM;
    }
    dosis_buf_init(&look.plain, LEDGER_PLAIN_MAX);
    rc = add_all(&look);
    ret_answer->cut = rc == DOSIS_OK && ret_answer->more
                      && ret_answer->rows < question->limit
                      && look.most < DOSIS_EXAMINED_MAX;
    dosis_buf_done(&look.plain);
    free(look.verdict);
    return rc;
}
