/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_record: the bytes of the store: pages with their rows, contents,
 * counts, results, uploads, files with their refused rows. What reads points
 * into its bytes, and written again reads the same. A delivery written as
 * content reads back whole, also when it is split over a row and `lang`.
 *
 * Input: a byte; then the bytes, or the JSON of a delivery.
 */

#include "../lib/lijsten.h"
#include "base/dosis_time.h"
#include "domain/dosis_dossier_json.h"
#include "fuzz.h"
#include "store/store_oplading.h"
#include "store/store_result.h"
#include "store/store_side.h"

#define ARENA_MAX (1 << 20)
#define BYTES_MAX (1 << 18)

static dosis_codelijsten_t lijsten;


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_json_init();
    lijsten = lijsten_load();

    return 0;
}


/* --- rows ---------------------------------------------------------------- */

static void
content_check(dosis_slice_t bytes)
{
    static store_content_t content;
    store_agent_t agent;

    memset(&content, 0, sizeof(content));
    if (store_content_read(bytes, &content) != DOSIS_OK) {
        return;
    }
    MUST(content.producten_count <= DOSIS_PRODUCTEN_MAX
        && content.agenten_count <= DOSIS_AGENTEN_MAX);
    for (int tag = 0; tag < FIELD_MAX; tag++) {
        MUST(fuzz_inside(content.text[tag], bytes));
    }
    for (size_t i = 0; i < content.agenten_count; i++) {
        MUST(fuzz_inside(content.agenten[i], bytes));
        if (store_agent_read(content.agenten[i], &agent) == DOSIS_OK) {
            MUST(agent.count <= DOSIS_RECHTEN_MAX
                && fuzz_inside(agent.id, bytes));
        }
    }
}


/* Both halves together are the whole: field by field, none lost. */
static void
split_check(dosis_slice_t bytes, size_t room)
{
    static store_content_t whole, parts;
    dosis_buf_t row, lang;

    memset(&whole, 0, sizeof(whole));
    memset(&parts, 0, sizeof(parts));
    dosis_buf_init(&row, BYTES_MAX);
    dosis_buf_init(&lang, BYTES_MAX);
    if (store_content_read(bytes, &whole) == DOSIS_OK) {
        MUST(store_content_split(bytes, room, &row, &lang) == DOSIS_OK);
        MUST(row.len + lang.len == bytes.len);
        MUST(row.len <= room);
        MUST(store_content_read(dosis_buf_slice(&row), &parts) == DOSIS_OK
            && store_content_read(dosis_buf_slice(&lang), &parts) == DOSIS_OK);
        MUST(parts.has == whole.has
            && memcmp(parts.number, whole.number, sizeof(whole.number)) == 0
            && parts.producten_count == whole.producten_count
            && parts.agenten_count == whole.agenten_count);
        for (int tag = 0; tag < FIELD_MAX; tag++) {
            MUST(dosis_slice_eq(parts.text[tag], whole.text[tag]));
        }
    }
    dosis_buf_done(&row);
    dosis_buf_done(&lang);
}


static void
row_check(dosis_slice_t bytes)
{
    store_row_t row, again;
    store_part_t part, part_again;
    store_class_t now;
    dosis_buf_t out;

    if (store_row_read(bytes, &row) != DOSIS_OK) {
        return;
    }
    MUST(fuzz_inside(row.part, bytes) && fuzz_inside(row.content, bytes));
    content_check(row.content);
    if (store_part_read(row.part, &part) != DOSIS_OK) {
        return;
    }
    MUST(part.now.count <= DOSIS_RECHTEN_MAX
        && part.earlier_count <= STORE_EARLIER_MAX);
    MUST(store_part_read_now(row.part, &now) == DOSIS_OK
        && store_class_eq(&now, &part.now));

    dosis_buf_init(&out, BYTES_MAX);
    store_row_write(&out, &row.head, &part, row.content);
    MUST(store_row_read(dosis_buf_slice(&out), &again) == DOSIS_OK
        && store_part_read(again.part, &part_again) == DOSIS_OK);
    MUST(memcmp(out.data, bytes.data, STORE_HEAD_BYTES) == 0
        && memcmp(&part, &part_again, sizeof(part)) == 0
        && dosis_slice_eq(again.content, row.content));
    dosis_buf_done(&out);
}


static void
page_check(dosis_slice_t bytes)
{
    store_page_view_t view;
    dosis_slice_t row;
    size_t rows = 0;

    if (store_page_view(bytes, &view) != DOSIS_OK) {
        return;
    }
    while (store_page_next(&view, &row)) {
        MUST(fuzz_inside(row, bytes) && row.len >= STORE_HEAD_BYTES);
        MUST(store_position_cmp(
                 store_position_of(row.data), store_position_of(row.data))
            == 0);
        row_check(row);
        rows++;
    }
    MUST(rows <= bytes.len / STORE_HEAD_BYTES);
}


/* --- what is derived or kept beside -------------------------------------- */

static void
tally_check(dosis_slice_t bytes)
{
    store_tally_t tally;
    store_facts_t facts = { .live = true, .has_status = true };
    uint32_t rijen;

    if (store_tally_read(bytes, &tally) != DOSIS_OK) {
        return;
    }
    MUST(tally.bucket.class.count <= DOSIS_RECHTEN_MAX);
    rijen = tally.rijen;
    store_tally_count(&tally, &facts, 1);
    store_tally_count(&tally, &facts, -1);
    MUST(tally.rijen == rijen);
}


static void
upload_check(dosis_slice_t bytes)
{
    char text[STORE_UPLOAD_BYTES];
    store_upload_t upload, again;
    dosis_buf_t out;

    if (store_upload_read(bytes, &upload) != DOSIS_OK) {
        return;
    }
    dosis_buf_init_fixed(&out, text, sizeof(text));
    store_upload_write(&out, &upload);
    MUST(out.rc == DOSIS_OK && out.len == bytes.len
        && store_upload_read(dosis_buf_slice(&out), &again) == DOSIS_OK);
    MUST(again.accepted == upload.accepted
        && again.oplading == upload.oplading
        && again.result_seq == upload.result_seq
        && again.received_ns == upload.received_ns
        && memcmp(again.repeat, upload.repeat, sizeof(again.repeat)) == 0);
}


static bool
err_eq(const dosis_err_t *a, const dosis_err_t *b)
{
    bool eq = a->count == b->count && a->more == b->more;

    for (uint32_t i = 0; eq && i < a->count; i++) {
        eq = strcmp(a->item[i].code, b->item[i].code) == 0
            && strcmp(a->item[i].field, b->item[i].field) == 0
            && strcmp(a->item[i].text, b->item[i].text) == 0
            && a->item[i].line == b->item[i].line;
    }

    return eq;
}


static void
result_check(dosis_slice_t bytes)
{
    static store_result_t result, again;
    dosis_buf_t out;

    if (store_result_read(bytes, &result) != DOSIS_OK) {
        return;
    }
    MUST(fuzz_inside(result.nummer, bytes)
        && fuzz_inside(result.upload_id, bytes));
    MUST(result.problems.count <= DOSIS_ERR_MAX
        && result.warnings.count <= DOSIS_ERR_MAX);
    dosis_buf_init(&out, BYTES_MAX);
    store_result_write(&out, &result, &result.problems, &result.warnings);
    MUST(store_result_read(dosis_buf_slice(&out), &again) == DOSIS_OK);
    MUST(again.resultaat == result.resultaat && again.versie == result.versie
        && again.processed_ns == result.processed_ns
        && again.bron == result.bron && again.oplading == result.oplading
        && memcmp(again.id, result.id, STORE_ID_BYTES) == 0
        && memcmp(again.content, result.content, sizeof(again.content)) == 0
        && dosis_slice_eq(again.nummer, result.nummer)
        && dosis_slice_eq(again.upload_id, result.upload_id)
        && err_eq(&again.problems, &result.problems)
        && err_eq(&again.warnings, &result.warnings));
    dosis_buf_done(&out);
}


/* --- a file --------------------------------------------------------------- */

static bool
texts_eq(const dosis_oplading_t *a, const dosis_oplading_t *b)
{
    return dosis_slice_eq(a->client, b->client)
        && dosis_slice_eq(a->upload_id, b->upload_id)
        && (a->bestand.len > DOSIS_BESTAND_MAX
            || dosis_slice_eq(a->bestand, b->bestand))
        && dosis_slice_eq(a->bron, b->bron)
        && (a->fout.len > STORE_FOUT_MAX || dosis_slice_eq(a->fout, b->fout))
        && (a->fout_code.len > STORE_FOUT_MAX
            || dosis_slice_eq(a->fout_code, b->fout_code));
}


static void
oplading_check(dosis_slice_t bytes)
{
    dosis_oplading_t o, again;
    dosis_buf_t out;

    if (store_oplading_read(bytes, &o) != DOSIS_OK) {
        return;
    }
    MUST(fuzz_inside(o.client, bytes) && fuzz_inside(o.bestand, bytes)
        && fuzz_inside(o.fout, bytes));
    dosis_buf_init(&out, BYTES_MAX);
    store_oplading_write(&out, &o);
    MUST(store_oplading_read(dosis_buf_slice(&out), &again) == DOSIS_OK
        && texts_eq(&o, &again));
    MUST(again.toestand == o.toestand && again.bytes == o.bytes
        && again.print == o.print
        && again.annuleren == o.annuleren && again.klaar_ns == o.klaar_ns
        && again.peildatum_ns == o.peildatum_ns && again.rijen == o.rijen
        && memcmp(again.tellingen, o.tellingen, sizeof(o.tellingen)) == 0
        && memcmp(again.positie, o.positie, sizeof(o.positie)) == 0);
    dosis_buf_reset(&out);
    dosis_oplading_json(&out, &o, INT64_C(1) << 60);
    MUST(out.rc == DOSIS_OK);
    dosis_buf_done(&out);
}


static void
afkeuring_check(dosis_slice_t bytes)
{
    dosis_slice_t tekst;
    dosis_err_t problems;
    store_wachtend_t wachtend;

    (void) !store_wachtend_read(bytes, &wachtend);
    if (store_afkeuring_read(bytes, &tekst, &problems) == DOSIS_OK) {
        MUST(fuzz_inside(tekst, bytes) && problems.count <= DOSIS_ERR_MAX);
    }
}


/* --- a delivery ---------------------------------------------------------- */

static bool
says(const store_content_t *content, int tag, dosis_slice_t text)
{
    static char bytes[6 * DOSIS_URL_MAX];
    dosis_buf_t escaped;

    if (text.len == 0) {
        return !store_content_has(content, tag);
    }
    dosis_buf_init_fixed(&escaped, bytes, sizeof(bytes));
    dosis_json_escape(&escaped, text);

    return escaped.rc == DOSIS_OK
        && dosis_slice_eq(content->text[tag], dosis_buf_slice(&escaped));
}


static void
dossier_check(const dosis_dossier_t *d)
{
    static store_content_t content;
    dosis_buf_t out;

    memset(&content, 0, sizeof(content));
    dosis_buf_init(&out, BYTES_MAX);
    store_content_write(&out, d);
    MUST(out.rc == DOSIS_OK
        && store_content_read(dosis_buf_slice(&out), &content) == DOSIS_OK);
    MUST(says(&content, FIELD_NUMMER, d->nummer)
        && says(&content, FIELD_NAAM, d->naam)
        && says(&content, FIELD_DETAIL1, d->detail1)
        && says(&content, FIELD_DETAIL2, d->detail2)
        && says(&content, FIELD_ACTIE, d->actie)
        && says(&content, FIELD_DOORVERWIJZING, d->doorverwijzing));
    MUST(content.producten_count == d->producten_count);
    MUST(!d->has_status
        || (content.number[FIELD_FASE] == d->fase
            && content.number[FIELD_CODE] == d->code));
    MUST(!d->has_voor
        || (int32_t) (int64_t) content.number[FIELD_VOOR] == d->voor_dag);
    MUST(!d->has_streef
        || (int64_t) content.number[FIELD_STREEF] == d->streef_ns);
    split_check(dosis_buf_slice(&out), STORE_ROOM);
    dosis_buf_done(&out);
}


static void
delivery_check(dosis_slice_t text)
{
    const dosis_bron_t bron = { .strengheid = DOSIS_VORM };
    const dosis_dossier_rules_t rules = { .lijsten = &lijsten,
        .bron = &bron,
        .now_ns = INT64_C(1795521600) * DOSIS_NS_PER_S,
        .future_ns = INT64_C(86400) * DOSIS_NS_PER_S };
    static dosis_dossier_t dossier;
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_json_t *root = NULL;
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };

    if (dosis_json_parse(text, &root, NULL) == DOSIS_OK
        && dosis_dossier_from_json(
               root, &rules, arena, &dossier, &warnings, &err)
            == DOSIS_OK) {
        dossier_check(&dossier);
    }
    dosis_json_free(root);
    dosis_arena_free(arena);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t input = dosis_slice(data, size);

    switch (fuzz_choice(&input, 9)) {
    case 0:
        page_check(input);
        break;
    case 1:
        row_check(input);
        break;
    case 2:
        content_check(input);
        split_check(input, STORE_ROOM);
        split_check(input, 16);
        break;
    case 3:
        tally_check(input);
        break;
    case 4:
        upload_check(input);
        break;
    case 5:
        result_check(input);
        break;
    case 6:
        delivery_check(input);
        break;
    case 7:
        oplading_check(input);
        break;
    default:
        afkeuring_check(input);
        break;
    }

    return 0;
}
