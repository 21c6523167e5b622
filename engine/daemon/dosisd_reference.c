/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_reference.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dosis_file.h"
#include "base/dosis_json_value.h"
#include "base/dosis_text.h"
#include "daemon/dosisd_log.h"
#include "domain/dosis_codelijst.h"
#include "domain/dosis_registratie.h"
#include "domain/dosis_uitgever.h"

#define REFERENCE_LISTS "codelijsten"
#define PRODUCT_NAME_MAX 320

typedef dosis_rc_t (*reference_judge_pt)(
    const dosis_json_t *json, dosis_arena_t *arena, dosis_err_t *err);

/* A file that holds an array of registrations. */
typedef struct {
    const char *file;
    dosis_ref_kind_t kind;
    const char *key; /* the member that must be there once */
    bool needed;
    reference_judge_pt judge;
} reference_file_t;


static dosis_rc_t
judge_bron(const dosis_json_t *json, dosis_arena_t *arena, dosis_err_t *err)
{
    dosis_bron_t bron;

    return dosis_bron_from_json(json, arena, &bron, err);
}


static dosis_rc_t
judge_client(const dosis_json_t *json, dosis_arena_t *arena, dosis_err_t *err)
{
    dosis_client_t client;

    return dosis_client_from_json(json, arena, &client, err);
}


static dosis_rc_t
judge_uitgever(const dosis_json_t *json, dosis_arena_t *arena, dosis_err_t *err)
{
    dosis_uitgever_t uitgever;

    return dosis_uitgever_from_json(json, arena, &uitgever, err);
}


static dosis_rc_t
judge_product(const dosis_json_t *json, dosis_arena_t *arena, dosis_err_t *err)
{
    dosis_slice_t id = dosis_json_string(dosis_json_get(json, "Id"));
    dosis_slice_t naam = dosis_json_string(dosis_json_get(json, "Naam"));

    (void) arena;
    if (id.len == 0 || id.len > DOSIS_PRODUCT_ID_MAX) {
        dosis_err_add(err, "WaardeOngeldig", "/Id",
            "Id moet een tekst van 1 tot %d tekens zijn", DOSIS_PRODUCT_ID_MAX);
    }
    if (naam.len == 0 || naam.len > PRODUCT_NAME_MAX) {
        dosis_err_add(err, "WaardeOngeldig", "/Naam",
            "Naam moet een tekst van 1 tot %d tekens zijn", PRODUCT_NAME_MAX);
    }
    return dosis_err_any(err) ? DOSIS_EINPUT : DOSIS_OK;
}


static const reference_file_t reference_files[] = {
    { "bronnen.json", DOSIS_REF_BRON, "Bron", true, judge_bron },
    { "clients.json", DOSIS_REF_CLIENT, "Client", true, judge_client },
    { "uitgevers.json", DOSIS_REF_UITGEVER, "Iss", false, judge_uitgever },
    { "producten.json", DOSIS_REF_PRODUCT, "Id", false, judge_product },
};


static void
report_one(dosisd_reference_t *set, const dosisd_item_t *item,
    const dosis_problem_t *problem)
{
    dosis_buf_t *report = &set->report;
    size_t before = report->len;

    set->problems++;
    dosisd_log(DOSISD_ERROR,
        "reference data refused: file=%s item=%u field=%s code=%s why=%s",
        item->file, item->number, problem->field, problem->code, problem->text);
    if (report->rc != DOSIS_OK) {
        return;
    }
    if (report->len > 0) {
        dosis_buf_add_byte(report, ',');
    }
    DOSIS_BUF_LIT(report, "{");
    dosis_json_add_member(report, "file", dosis_slice_of(item->file));
    dosis_buf_addf(report, ",\"item\":%u,", item->number);
    dosis_json_add_member(report, "field", dosis_slice_of(problem->field));
    DOSIS_BUF_LIT(report, ",");
    dosis_json_add_member(report, "code", dosis_slice_of(problem->code));
    DOSIS_BUF_LIT(report, ",");
    dosis_json_add_member(report, "message", dosis_slice_of(problem->text));
    DOSIS_BUF_LIT(report, "}");
    if (report->rc != DOSIS_OK) {
        report->len = before; /* whole rows only */
    }
}


void
dosisd_reference_refuse(
    dosisd_reference_t *set, const dosisd_item_t *item, const dosis_err_t *err)
{
    uint32_t i;

    for (i = 0; i < err->count; i++) {
        report_one(set, item, &err->item[i]);
    }
    if (err->more > 0) {
        set->problems += err->more;
        dosisd_log(DOSISD_ERROR,
            "reference data refused: file=%s item=%u more=%" PRIu32, item->file,
            item->number, err->more);
    }
}


/* A problem of the file itself, not of what it says. */
static void
refuse_file(dosisd_reference_t *set, const char *file, const char *code,
    const char *why)
{
    const dosisd_item_t item = { .file = file };
    dosis_err_t err = { 0 };

    dosis_err_add(&err, code, "", "%s", why);
    dosisd_reference_refuse(set, &item, &err);
}


static void
append(dosisd_reference_t *set, const dosisd_item_t *item)
{
    dosisd_item_t *kept = dosis_arena_alloc(set->arena, sizeof(*kept));

    if (kept == NULL) {
        refuse_file(set, item->file, "TeGroot", "te veel registraties");
        return;
    }
    *kept = *item;
    kept->next = NULL;
    if (set->last == NULL) {
        set->first = kept;
    } else {
        set->last->next = kept;
    }
    set->last = kept;
    set->count++;
}


static void
take_element(dosisd_reference_t *set, const reference_file_t *file,
    const dosis_json_t *element, unsigned number)
{
    dosisd_item_t item = {
        .kind = file->kind, .file = file->file, .number = number
    };
    dosis_err_t err = { 0 };
    dosis_buf_t text;

    dosis_buf_init(&text, DOSISD_REFERENCE_FILE_MAX);
    if (dosis_json_kind(element) != DOSIS_JSON_OBJECT) {
        dosis_err_add(&err, "WaardeOngeldig", "", "elk element is een object");
    } else if (file->judge(element, set->arena, &err) != DOSIS_OK) {
        if (!dosis_err_any(&err)) {
            dosis_err_add(&err, "TeGroot", "", "te veel registraties");
        }
    } else if (!dosis_json_add_value(&text, element) || text.rc != DOSIS_OK) {
        dosis_err_add(&err, "WaardeOngeldig", "",
            "geen kommagetallen, en niet te diep genest");
    } else {
        item.json = dosis_arena_copy(set->arena, dosis_buf_slice(&text));
        if (item.json.data == NULL) {
            dosis_err_add(&err, "TeGroot", "", "te veel registraties");
        }
    }
    dosis_buf_done(&text);
    if (dosis_err_any(&err)) {
        dosisd_reference_refuse(set, &item, &err);
    } else {
        append(set, &item);
    }
}


typedef struct {
    dosis_slice_t key;
    unsigned number;
} reference_key_t;


static int
compare_keys(const void *left, const void *right)
{
    const reference_key_t *a = left, *b = right;
    size_t len = a->key.len < b->key.len ? a->key.len : b->key.len;
    int order = len == 0 ? 0 : memcmp(a->key.data, b->key.data, len);

    if (order == 0 && a->key.len != b->key.len) {
        order = a->key.len < b->key.len ? -1 : 1;
    }
    if (order == 0 && a->number != b->number) {
        order = a->number < b->number ? -1 : 1;
    }
    return order;
}


/* The same source twice: which one counts would be a guess. */
static void
refuse_doubles(dosisd_reference_t *set, const reference_file_t *file,
    const dosis_json_t *array)
{
    size_t count = dosis_json_count(array), i;
    dosisd_item_t item = { .file = file->file };
    reference_key_t *keys;
    char field[DOSIS_ERR_FIELD_MAX + 1];
    dosis_err_t err;

    keys = dosis_arena_alloc(set->arena, (count + 1) * sizeof(*keys));
    if (keys == NULL) {
        refuse_file(set, file->file, "TeGroot", "te veel registraties");
        return;
    }
    for (i = 0; i < count; i++) {
        keys[i].number = (unsigned) i + 1;
        keys[i].key = dosis_json_string(
            dosis_json_get(dosis_json_at(array, i), file->key));
    }
    qsort(keys, count, sizeof(*keys), compare_keys);
    (void) snprintf(field, sizeof(field), "/%s", file->key);
    for (i = 1; i < count; i++) {
        if (keys[i].key.len > 0
            && dosis_slice_eq(keys[i].key, keys[i - 1].key)) {
            memset(&err, 0, sizeof(err));
            item.number = keys[i].number;
            dosis_err_add(&err, "Dubbel", field, "staat ook in element %u",
                keys[i - 1].number);
            dosisd_reference_refuse(set, &item, &err);
        }
    }
}


static bool
join(char *to, size_t cap, const char *dir, const char *file)
{
    int n = snprintf(to, cap, "%s/%s", dir, file);

    return n > 0 && (size_t) n < cap;
}


/* false: reported, or absent and not needed. */
static bool
read_text(dosisd_reference_t *set, const char *dir, const char *file,
    bool needed, dosis_buf_t *text)
{
    char path[PATH_MAX], why[120];
    dosis_rc_t rc = DOSIS_ELIMIT;

    if (join(path, sizeof(path), dir, file)) {
        rc = dosis_file_read(path, DOSISD_REFERENCE_FILE_MAX, text);
    }
    if (rc == DOSIS_OK || (rc == DOSIS_ENOTFOUND && !needed)) {
        return rc == DOSIS_OK;
    }
    (void) snprintf(why, sizeof(why), "niet te lezen (%s)", dosis_rc_name(rc));
    refuse_file(set, file, "BestandOnleesbaar", why);
    return false;
}


static void
read_array(
    dosisd_reference_t *set, const char *dir, const reference_file_t *file)
{
    const dosisd_item_t whole = { .file = file->file };
    dosis_json_t *root = NULL;
    dosis_err_t err = { 0 };
    dosis_buf_t text;
    size_t i;

    dosis_buf_init(&text, DOSISD_REFERENCE_FILE_MAX);
    if (!read_text(set, dir, file->file, file->needed, &text)) {
        dosis_buf_done(&text);
        return;
    }
    if (dosis_json_parse(dosis_buf_slice(&text), &root, &err) != DOSIS_OK) {
        dosisd_reference_refuse(set, &whole, &err);
        if (!dosis_err_any(&err)) {
            refuse_file(set, file->file, "TeGroot", "geen geheugen");
        }
    } else if (dosis_json_kind(root) != DOSIS_JSON_ARRAY) {
        refuse_file(set, file->file, "WaardeOngeldig", "geen lijst [...]");
    } else {
        for (i = 0; i < dosis_json_count(root); i++) {
            take_element(set, file, dosis_json_at(root, i), (unsigned) i + 1);
        }
        refuse_doubles(set, file, root);
    }
    dosis_json_free(root);
    dosis_buf_done(&text);
}


/* file: "codelijsten/StatusVlaamsFase.json" */
static void
read_list(dosisd_reference_t *set, const char *dir, const char *file,
    dosis_slice_t naam)
{
    dosisd_item_t item = { .kind = DOSIS_REF_CODELIJST, .file = file };
    dosis_codelijst_t *lijst = NULL;
    dosis_err_t err = { 0 };
    dosis_buf_t text;

    dosis_buf_init(&text, DOSISD_REFERENCE_FILE_MAX);
    if (!read_text(set, dir, file, true, &text)) {
        dosis_buf_done(&text);
        return;
    }
    if (dosis_codelijst_parse(dosis_buf_slice(&text), &lijst, &err)
        != DOSIS_OK) {
        if (!dosis_err_any(&err)) {
            dosis_err_add(&err, "TeGroot", "", "geen geheugen");
        }
    } else if (!dosis_slice_eq(dosis_codelijst_naam(lijst), naam)) {
        dosis_err_add(&err, "WaardeOngeldig", "/Naam",
            "Naam en bestandsnaam verschillen");
    } else {
        item.json = dosis_arena_copy(set->arena, dosis_buf_slice(&text));
        if (item.json.data == NULL) {
            dosis_err_add(&err, "TeGroot", "", "te veel registraties");
        }
    }
    dosis_codelijst_free(lijst);
    dosis_buf_done(&text);
    if (dosis_err_any(&err)) {
        dosisd_reference_refuse(set, &item, &err);
    } else {
        append(set, &item);
    }
}


static void
read_lists(dosisd_reference_t *set, const char *dir)
{
    char path[PATH_MAX], file[NAME_MAX + sizeof(REFERENCE_LISTS) + 1];
    const struct dirent *entry;
    dosis_slice_t name, kept;
    uint64_t before = set->count;
    DIR *lists = NULL;

    if (join(path, sizeof(path), dir, REFERENCE_LISTS)) {
        lists = opendir(path);
    }
    if (lists == NULL) {
        refuse_file(
            set, REFERENCE_LISTS, "BestandOnleesbaar", "map niet te lezen");
        return;
    }
    while ((entry = readdir(lists)) != NULL) {
        name = dosis_slice_of(entry->d_name);
        if (name.len <= 5 || name.data[0] == '.'
            || strcmp(name.data + name.len - 5, ".json") != 0) {
            continue;
        }
        (void) join(file, sizeof(file), REFERENCE_LISTS, entry->d_name);
        kept = dosis_arena_copy(set->arena, dosis_slice_of(file));
        if (kept.data == NULL) {
            break;
        }
        name.len -= 5;
        read_list(set, dir, kept.data, name);
    }
    closedir(lists);
    if (set->count == before && set->problems == 0) {
        refuse_file(
            set, REFERENCE_LISTS, "BestandOnleesbaar", "geen enkele codelijst");
    }
}


dosis_rc_t
dosisd_reference_read(const char *dir, dosisd_reference_t *set)
{
    size_t i;

    memset(set, 0, sizeof(*set));
    dosis_buf_init(&set->report, DOSISD_REFERENCE_REPORT_MAX);
    set->arena = dosis_arena_create(DOSISD_REFERENCE_BYTES_MAX);
    if (set->arena == NULL) {
        return DOSIS_ENOMEM;
    }
    read_lists(set, dir);
    for (i = 0; i < sizeof(reference_files) / sizeof(reference_files[0]); i++) {
        read_array(set, dir, &reference_files[i]);
    }
    return set->problems == 0 ? DOSIS_OK : DOSIS_EINPUT;
}


void
dosisd_reference_done(dosisd_reference_t *set)
{
    dosis_arena_free(set->arena);
    dosis_buf_done(&set->report);
    memset(set, 0, sizeof(*set));
}
