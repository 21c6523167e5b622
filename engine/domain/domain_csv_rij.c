/* SPDX-License-Identifier: EUPL-1.2 */
/* One row: its encoding, how many cells it has, which column each is of. */

#include "domain/domain_csv.h"

#include <stdio.h>

#include "base/dosis_text.h"
#include "domain/domain_member.h"

#define GROWTH 3 /* a byte of Windows-1252 is as many of UTF-8 at most */
#define NO_CHARACTER "\xEF\xBF\xBD"


/* Nothing stands before its key in the file that a separator could be in. */
static bool
is_vooraan(const domain_csv_bestand_t *bestand)
{
    const domain_csv_plan_t *plan = bestand->plan;
    bool bron = false;
    bool nummer = false;
    size_t i;

    for (i = 0; i < bestand->kolommen && !(bron && nummer); i++) {
        size_t kolom = bestand->kolom[i];

        bron = bron || kolom == plan->bron;
        nummer = nummer || kolom == plan->nummer;
        if (kolom != plan->bron && kolom != plan->nummer
            && kolom != plan->upload_id) {
            return false;
        }
    }
    return bron && nummer;
}


void
domain_csv_bestand_init(domain_csv_bestand_t *bestand,
    const domain_csv_plan_t *plan, const dosis_csv_kop_t *kop)
{
    size_t i;

    bestand->plan = plan;
    bestand->codering = kop->codering;
    bestand->kolommen = kop->kolommen;
    for (i = 0; i < kop->kolommen; i++) {
        bestand->kolom[i] = kop->kolom[i] == NULL
            ? DOMAIN_CSV_GEEN
            : (uint8_t) (kop->kolom[i] - dosis_csv_kolom(0));
    }
    bestand->vooraan = is_vooraan(bestand);
    dosis_buf_init(&bestand->tekst, 2 * GROWTH * (DOSIS_CSV_RIJ_MAX + 2));
}


static void
refuse(domain_csv_rij_t *rij, dosis_rule_id_t regel)
{
    rij->geweigerd = true;
    rij->kolom = "";
    rij->regel = regel;
    rij->detail[0] = '\0';
}


static void
refuse_counted(domain_csv_rij_t *rij, dosis_rule_id_t regel, size_t cellen,
    size_t kolommen)
{
    refuse(rij, regel);
    (void) snprintf(rij->detail, sizeof(rij->detail), "%zu voor %zu kolommen",
        cellen, kolommen);
}


/* What is wrong with it before its text is looked at. */
static void
judge_row(const domain_csv_bestand_t *bestand, const dosis_csv_row_t *row,
    domain_csv_rij_t *rij)
{
    if (row->fault == DOSIS_CSV_LONG) {
        refuse(rij, DOSIS_RULE_RIJ_TE_LANG);
        (void) snprintf(
            rij->detail, sizeof(rij->detail), "%d", DOSIS_CSV_RIJ_MAX);
    } else if (row->fault == DOSIS_CSV_QUOTE) {
        refuse(rij, DOSIS_RULE_RIJ_AANHALING);
    } else if (row->fault == DOSIS_CSV_OPEN) {
        refuse(rij, DOSIS_RULE_RIJ_OPEN);
    } else if (row->filled > bestand->kolommen) {
        refuse_counted(
            rij, DOSIS_RULE_RIJ_TE_VEEL, row->filled, bestand->kolommen);
    } else if (row->fields < bestand->kolommen) {
        refuse_counted(
            rij, DOSIS_RULE_RIJ_TE_WEINIG, row->fields, bestand->kolommen);
    }
    if (memchr(row->text.data, '\0', row->text.len) != NULL) {
        refuse(rij, DOSIS_RULE_RIJ_NUL);
    }
}


/* Of one that is too long, what is told of it; no part of a character. */
static dosis_slice_t
shown(const dosis_csv_row_t *row)
{
    size_t len = row->text.len;

    if (row->fault == DOSIS_CSV_LONG) {
        len = DOSIS_CSV_RIJ_TOON;
        while (len > 0 && ((uint8_t) row->text.data[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    return dosis_slice(row->text.data, len);
}


static void
add_part(dosis_buf_t *to, dosis_csv_codering_t codering, dosis_slice_t part)
{
    if (codering != DOSIS_CSV_WINDOWS_1252 && dosis_utf8_valid(part)) {
        dosis_buf_add_slice(to, part);
    } else {
        dosis_text_add_windows_1252(to, part);
    }
}


static dosis_slice_t
add_text(dosis_buf_t *to, dosis_csv_codering_t codering, dosis_slice_t text)
{
    size_t before = to->len;
    const char *nul;

    while ((nul = memchr(text.data, '\0', text.len)) != NULL) {
        size_t len = (size_t) (nul - text.data);

        add_part(to, codering, dosis_slice(text.data, len));
        DOSIS_BUF_LIT(to, NO_CHARACTER);
        text = dosis_slice(nul + 1, text.len - len - 1);
    }
    add_part(to, codering, text);
    return to->rc == DOSIS_OK ? dosis_slice(to->data + before, to->len - before)
                              : dosis_slice(NULL, 0);
}


/* Text and fields as UTF-8. Room is taken once, so that no slice moves. */
static dosis_rc_t
convert(domain_csv_bestand_t *bestand, domain_csv_rij_t *rij,
    dosis_slice_t *field, size_t fields)
{
    dosis_buf_t *to = &bestand->tekst;
    size_t i, start;

    if (to->cap < to->max) {
        dosis_buf_reset(to);
        (void) dosis_buf_grow(to, to->max);
    }
    dosis_buf_reset(to);
    rij->tekst = add_text(to, bestand->codering, rij->tekst);
    start = to->len;
    for (i = 0; i < fields; i++) {
        field[i] = add_text(to, bestand->codering, field[i]);
    }
    rij->blok = dosis_slice(to->data + start, to->len - start);
    return to->rc;
}


/* Is it to be converted? Refused when it is in no encoding that it may be. */
static bool
judge_text(const domain_csv_bestand_t *bestand, const dosis_csv_row_t *row,
    domain_csv_rij_t *rij)
{
    bool utf8 = dosis_utf8_valid(rij->tekst);
    bool nul = rij->geweigerd && rij->regel == DOSIS_RULE_RIJ_NUL;

    if (bestand->codering == DOSIS_CSV_WINDOWS_1252) {
        if (!rij->geweigerd && !dosis_text_is_windows_1252(row->text)) {
            refuse(rij, DOSIS_RULE_RIJ_CODERING);
        }
        return true;
    }
    if (utf8) {
        return nul;
    }
    if (!rij->geweigerd
        && (bestand->codering == DOSIS_CSV_UTF8_BOM
            || !dosis_text_is_windows_1252(row->text))) {
        refuse(rij, DOSIS_RULE_RIJ_CODERING);
    }
    rij->omgezet = !rij->geweigerd;
    return true;
}


/* The key of a refused one only where nothing can have moved or damaged it. */
static bool
has_key(const domain_csv_bestand_t *bestand, const domain_csv_rij_t *rij)
{
    return rij->cel[bestand->plan->bron].len > 0
        && rij->cel[bestand->plan->nummer].len > 0
        && (!rij->geweigerd
            || (bestand->vooraan && rij->regel != DOSIS_RULE_RIJ_NUL
                && rij->regel != DOSIS_RULE_RIJ_CODERING));
}


static void
place_cells(const domain_csv_bestand_t *bestand, const dosis_slice_t *field,
    size_t fields, domain_csv_rij_t *rij)
{
    const domain_csv_plan_t *plan = bestand->plan;
    size_t i;

    for (i = 0; i < plan->count; i++) {
        rij->cel[i] = dosis_slice(NULL, 0);
    }
    for (i = 0; i < fields; i++) {
        if (bestand->kolom[i] != DOMAIN_CSV_GEEN && field[i].len > 0) {
            rij->cel[bestand->kolom[i]] = domain_member_strip(field[i]);
        }
    }
    rij->sleutel = has_key(bestand, rij);
}


dosis_rc_t
domain_csv_rij_read(domain_csv_bestand_t *bestand, const dosis_csv_row_t *row,
    domain_csv_rij_t *ret_rij)
{
    dosis_slice_t field[DOSIS_CSV_KOLOMMEN_MAX];
    size_t fields =
        row->fields < bestand->kolommen ? row->fields : bestand->kolommen;
    dosis_rc_t rc = DOSIS_OK;

    ret_rij->lijn = row->line;
    ret_rij->einde = row->end;
    ret_rij->lijn_na = row->line_after;
    ret_rij->geweigerd = ret_rij->omgezet = false;
    ret_rij->tekst = shown(row);
    ret_rij->blok = dosis_slice(NULL, 0);
    if (fields > 0) {
        memcpy(field, row->field, fields * sizeof(*field));
        ret_rij->blok = dosis_slice(field[0].data,
            (size_t) (field[fields - 1].data - field[0].data)
                + field[fields - 1].len);
    }
    judge_row(bestand, row, ret_rij);
    if (judge_text(bestand, row, ret_rij)) {
        rc = convert(bestand, ret_rij, field, fields);
    }
    place_cells(bestand, field, fields, ret_rij);
    return rc;
}


dosis_rc_t
domain_csv_rij_copy(const domain_csv_bestand_t *bestand,
    const domain_csv_rij_t *rij, dosis_arena_t *arena,
    domain_csv_rij_t *ret_copy)
{
    dosis_slice_t tekst = dosis_arena_copy(arena, rij->tekst);
    dosis_slice_t blok = dosis_arena_copy(arena, rij->blok);
    size_t i;

    if ((tekst.data == NULL && rij->tekst.len > 0)
        || (blok.data == NULL && rij->blok.len > 0)) {
        return DOSIS_ENOMEM;
    }
    *ret_copy = *rij;
    ret_copy->tekst = tekst;
    ret_copy->blok = blok;
    for (i = 0; i < bestand->plan->count; i++) {
        if (rij->cel[i].len > 0) {
            ret_copy->cel[i].data =
                blok.data + (rij->cel[i].data - rij->blok.data);
        }
    }
    return DOSIS_OK;
}


void
domain_csv_rij_refuse(
    const domain_csv_bestand_t *bestand, domain_csv_rij_t *rij)
{
    size_t kolom = rij->cel[bestand->plan->bron].len == 0
        ? bestand->plan->bron
        : bestand->plan->nummer;

    if (!rij->geweigerd) {
        refuse(rij, DOSIS_RULE_VELD_ONTBREEKT);
        rij->kolom = dosis_csv_kolom(kolom)->naam;
    }
}
