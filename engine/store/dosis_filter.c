/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_filter.h"

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "domain/dosis_dossier.h"

#define TWICE  "Deze filter mag maar één keer voorkomen."
#define MANY   "Deze filter mag hoogstens 50 waarden hebben."
#define BOOL   "Deze filter is true of false."
#define MOMENT                                                                 \
    "Deze filter is een datum of tijdstip in ISO 8601 (een + staat in een"     \
    " adres als %2B)."


static const char *
add_number(dosis_filter_t *filter, dosis_filter_kind_t kind, uint32_t number)
{
    if (filter->count[kind] == DOSIS_FILTER_MAX) {
        return MANY;
    }
    filter->number[kind][filter->count[kind]++] = number;
    filter->given |= DOSIS_FILTER(kind);
    return NULL;
}


/* A value of a code list. unknown: the sentence for one it has not. */
static const char *
take_code(dosis_filter_t *filter, const dosis_codelijst_t *lijst,
    dosis_filter_kind_t kind, dosis_slice_t text)
{
    static const char *const unknown[] = {
        [DOSIS_FILTER_FASE] =
            "Deze fase staat niet in de codelijst StatusVlaamsFase.",
        [DOSIS_FILTER_CODE] =
            "Deze code staat niet in de codelijst StatusVlaamsCode.",
        [DOSIS_FILTER_ROL] =
            "Deze rol staat niet in de codelijst ParticipatieRol.",
    };
    uint16_t number;

    number = lijst == NULL ? 0 : dosis_codelijst_nummer(lijst, text);
    return number == 0 ? unknown[kind] : add_number(filter, kind, number);
}


/* Number 0 is no source: it matches nothing, as it should. */
static const char *
take_bron(dosis_filter_t *filter, const dosis_ref_t *ref, dosis_slice_t text)
{
    const dosis_bron_t *bron = dosis_ref_bron(ref, text);

    return add_number(filter, DOSIS_FILTER_BRON,
        bron == NULL ? 0 : bron->nummer);
}


/* As rows keep it: escaped. */
static const char *
take_product(dosis_filter_t *filter, dosis_arena_t *arena, dosis_slice_t text)
{
    char bytes[6 * DOSIS_PRODUCT_MAX];
    dosis_buf_t escaped;
    dosis_slice_t kept;
    uint32_t *count = &filter->count[DOSIS_FILTER_PRODUCT];

    if (*count == DOSIS_FILTER_MAX) {
        return MANY;
    }
    dosis_buf_init_fixed(&escaped, bytes, sizeof(bytes));
    dosis_json_escape(&escaped, text);
    kept = dosis_arena_copy(arena, dosis_buf_slice(&escaped));
    if (text.len == 0 || escaped.rc != DOSIS_OK || kept.data == NULL) {
        return "Dit is geen identificatie van een product.";
    }
    filter->product[(*count)++] = kept;
    filter->given |= DOSIS_FILTER(DOSIS_FILTER_PRODUCT);
    return NULL;
}


static const char *
take_bool(dosis_slice_t text, bool *ret)
{
    *ret = dosis_text_ieq(text, DOSIS_SLICE("true"));
    return *ret || dosis_text_ieq(text, DOSIS_SLICE("false")) ? NULL : BOOL;
}


static const char *
take_sorteer(dosis_filter_t *filter, dosis_slice_t text)
{
    filter->sorteer_actie = dosis_text_ieq(text, DOSIS_SLICE("actie"));
    return filter->sorteer_actie
                   || dosis_text_ieq(text, DOSIS_SLICE("-wijzigingsDatum"))
               ? NULL
               : "Sorteren kan op -wijzigingsDatum of op actie.";
}


const char *
dosis_filter_take_moment(dosis_filter_t *filter, dosis_filter_kind_t kind,
    int64_t ns)
{
    if (dosis_filter_has(filter, kind)) {
        return TWICE;
    }
    *(kind == DOSIS_FILTER_SINDS ? &filter->sinds_ns : &filter->tot_ns) = ns;
    filter->given |= DOSIS_FILTER(kind);
    return NULL;
}


static const char *
take_once(dosis_filter_t *filter, const dosis_ref_t *ref,
    dosis_filter_kind_t kind, dosis_slice_t text)
{
    int64_t ns;
    const char *wrong;

    if (dosis_filter_has(filter, kind)) {
        return TWICE;
    }
    if (kind == DOSIS_FILTER_SINDS || kind == DOSIS_FILTER_TOT) {
        return dosis_time_parse(text, &ns)
                   ? dosis_filter_take_moment(filter, kind, ns)
                   : MOMENT;
    }
    if (kind == DOSIS_FILTER_SORTEER) {
        wrong = take_sorteer(filter, text);
    } else if (kind == DOSIS_FILTER_OPEN) {
        filter->afgerond = dosis_codelijst_nummer(
            dosis_ref_lijsten(ref)->fase, DOSIS_SLICE("Afgerond"));
        wrong = take_bool(text, &filter->open);
    } else {
        wrong = take_bool(text, &filter->actie_nodig);
    }
    if (wrong == NULL) {
        filter->given |= DOSIS_FILTER(kind);
    }
    return wrong;
}


const char *
dosis_filter_take(dosis_filter_t *filter, const dosis_ref_t *ref,
    dosis_arena_t *arena, dosis_filter_kind_t kind, dosis_slice_t text)
{
    const dosis_codelijsten_t *lijsten = dosis_ref_lijsten(ref);

    switch (kind) {
    case DOSIS_FILTER_FASE:
        return take_code(filter, lijsten->fase, kind, text);
    case DOSIS_FILTER_CODE:
        return take_code(filter, lijsten->code, kind, text);
    case DOSIS_FILTER_ROL:
        return take_code(filter, lijsten->rol, kind, text);
    case DOSIS_FILTER_BRON:
        return take_bron(filter, ref, text);
    case DOSIS_FILTER_PRODUCT:
        return take_product(filter, arena, text);
    default:
        return take_once(filter, ref, kind, text);
    }
}


const char *
dosis_filter_check(const dosis_filter_t *filter)
{
    return dosis_filter_has(filter, DOSIS_FILTER_SINDS)
                   && dosis_filter_has(filter, DOSIS_FILTER_TOT)
                   && filter->sinds_ns > filter->tot_ns
               ? "Sinds ligt na tot: er kan niets tussen liggen."
               : NULL;
}
