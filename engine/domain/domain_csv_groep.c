/* SPDX-License-Identifier: EUPL-1.2 */
/* The rows of one dossier, and the delivery that they are. */

#include "domain/domain_csv.h"

#include <inttypes.h>
#include <stdio.h>


void
domain_csv_groep_init(domain_csv_groep_t *groep)
{
    dosis_arena_reset(groep->arena);
    memset(&groep->dossier, 0, sizeof(groep->dossier));
    groep->dossier.rij = groep->rij;
    groep->dossier.problems = &groep->problems;
    groep->dossier.warnings = &groep->warnings;
    memset(groep->van, 0, sizeof(groep->van));
    groep->dossier.van = groep->van;
    groep->geweigerd = false;
    dosis_err_init(&groep->problems);
    dosis_err_init(&groep->warnings);
}


bool
domain_csv_groep_has(
    const domain_csv_groep_t *groep, const domain_csv_rij_t *rij)
{
    const domain_csv_plan_t *plan = groep->plan;

    return groep->dossier.rijen > 0 && rij->sleutel
        && dosis_slice_eq(groep->dossier.nummer, rij->cel[plan->nummer])
        && dosis_slice_eq(groep->dossier.bron, rij->cel[plan->bron]);
}


/* What a row breaks; detail: dosis_rule_broken(). */
typedef struct {
    dosis_rule_id_t rule;
    const char *kolom;
    const char *detail;
    uint64_t lijn;
} breuk_t;


static void
report(dosis_err_t *to, const breuk_t *breuk)
{
    uint32_t before = to->count;

    dosis_rule_broken(to, breuk->rule, breuk->kolom, breuk->detail);
    if (to->count > before) {
        to->item[before].line = (uint32_t) breuk->lijn;
    }
}


void
domain_csv_warn(domain_csv_groep_t *groep, dosis_rule_id_t rule, uint64_t lijn)
{
    report(&groep->warnings,
        &(breuk_t){ .rule = rule, .kolom = "", .lijn = lijn });
}


static void
report_refused(domain_csv_groep_t *groep, const domain_csv_rij_t *rij)
{
    groep->geweigerd = true;
    report(&groep->problems,
        &(breuk_t){ rij->regel, rij->kolom, rij->detail, rij->lijn });
}


static void
report_too_many(domain_csv_groep_t *groep, const domain_csv_rij_t *rij)
{
    char count[24];

    (void) snprintf(count, sizeof(count), "%d", DOSIS_CSV_RIJEN_MAX);
    report(&groep->problems,
        &(breuk_t){ DOSIS_RULE_TE_VEEL_AGENTEN, "AgentIdentificatie", count,
            rij->lijn });
}


/* Text and cells. */
static dosis_rc_t
keep(domain_csv_groep_t *groep, const domain_csv_rij_t *rij)
{
    size_t at = groep->dossier.rijen++;
    dosis_slice_t tekst = dosis_arena_copy(groep->arena, rij->tekst);
    dosis_slice_t blok = dosis_arena_copy(groep->arena, rij->blok);
    size_t i;

    if ((tekst.data == NULL && rij->tekst.len > 0)
        || (blok.data == NULL && rij->blok.len > 0)) {
        return DOSIS_ENOMEM;
    }
    groep->rij[at] = (dosis_csv_rij_t){ .lijn = rij->lijn, .tekst = tekst };
    for (i = 0; i < groep->plan->count; i++) {
        dosis_slice_t cel = rij->cel[i];

        groep->cel[at][i] = cel.len == 0
            ? dosis_slice(NULL, 0)
            : dosis_slice(blok.data + (cel.data - rij->blok.data), cel.len);
    }
    return DOSIS_OK;
}


dosis_rc_t
domain_csv_groep_add(domain_csv_groep_t *groep, const domain_csv_rij_t *rij)
{
    dosis_csv_dossier_t *dossier = &groep->dossier;
    dosis_rc_t rc;

    dossier->einde = rij->einde;
    dossier->lijn_na = rij->lijn_na;
    if (rij->geweigerd) {
        report_refused(groep, rij);
    }
    if (dossier->rijen == DOSIS_CSV_RIJEN_MAX) {
        if (dossier->rijen_meer++ == 0) {
            report_too_many(groep, rij);
        }
        return DOSIS_OK;
    }
    rc = keep(groep, rij);
    if (rc == DOSIS_OK && dossier->rijen == 1 && rij->sleutel) {
        dossier->bron = groep->cel[0][groep->plan->bron];
        dossier->nummer = groep->cel[0][groep->plan->nummer];
    }
    return rc;
}


/* --- what they say together ----------------------------------------------- */

static void
report_strijdig(domain_csv_groep_t *groep, size_t kolom, size_t at)
{
    char lijn[24];

    (void) snprintf(
        lijn, sizeof(lijn), "%" PRIu64, groep->rij[groep->van[kolom]].lijn);
    report(&groep->problems,
        &(breuk_t){ DOSIS_RULE_RIJ_STRIJDIG, dosis_csv_kolom(kolom)->naam, lijn,
            groep->rij[at].lijn });
}


/* Of the dossier: the first row that says it; the others say the same. */
static dosis_slice_t
merge(domain_csv_groep_t *groep, size_t kolom)
{
    dosis_slice_t cel = groep->cel[0][kolom];
    size_t at;

    groep->van[kolom] = 0;
    for (at = 1; at < groep->dossier.rijen; at++) {
        dosis_slice_t other = groep->cel[at][kolom];

        if (other.len == 0) {
            continue;
        }
        if (cel.len == 0) {
            cel = other;
            groep->van[kolom] = (uint8_t) at;
        } else if (!domain_csv_gelijk(
                       groep->plan->plaats[kolom].soort, cel, other)) {
            report_strijdig(groep, kolom, at);
        }
    }
    return cel;
}


/* What is made of it so far: each object when it gets its first member. */
typedef struct {
    dosis_json_maker_t maker;
    dosis_json_t *object[DOMAIN_CSV_OUDERS];
} boom_t;


static dosis_json_t *
object_of(boom_t *boom, size_t ouder)
{
    const domain_csv_ouder_t *of = domain_csv_ouder(ouder);

    if (boom->object[ouder] == NULL) {
        boom->object[ouder] = dosis_json_make_object(&boom->maker, of->leden);
        if (of->naam != NULL && boom->object[ouder] != NULL) {
            dosis_json_put(&boom->maker, object_of(boom, of->in), of->naam,
                boom->object[ouder]);
        }
    }
    return boom->object[ouder];
}


/* A list stands in what holds it, under its own name. */
static void
put(boom_t *boom, dosis_json_t *into, const domain_csv_plaats_t *plaats,
    dosis_slice_t cel)
{
    const domain_csv_ouder_t *of = domain_csv_ouder(plaats->ouder);
    bool is_list = plaats->ouder == DOMAIN_CSV_PRODUCT
        || plaats->ouder == DOMAIN_CSV_RECHT;

    dosis_json_put(&boom->maker, into, is_list ? of->naam : plaats->naam,
        domain_csv_waarde(&boom->maker, plaats, cel));
}


static bool
is_of_row(const domain_csv_plaats_t *plaats)
{
    return plaats->ouder >= DOMAIN_CSV_AGENT;
}


static void
put_members(domain_csv_groep_t *groep, boom_t *boom)
{
    const domain_csv_plan_t *plan = groep->plan;
    size_t i;

    for (i = 0; i < plan->count; i++) {
        const domain_csv_plaats_t *plaats = &plan->plaats[i];
        dosis_slice_t cel;

        if (is_of_row(plaats)) {
            continue;
        }
        cel = merge(groep, i);
        if (cel.len > 0) {
            put(boom,
                object_of(boom,
                    plaats->ouder == DOMAIN_CSV_PRODUCT ? DOMAIN_CSV_DOSSIER
                                                        : plaats->ouder),
                plaats, cel);
        }
    }
}


/* An agent of each row, also of one that names none: for the rule to tell. */
static void
put_agents(domain_csv_groep_t *groep, boom_t *boom)
{
    const domain_csv_plan_t *plan = groep->plan;
    size_t rijen = groep->dossier.rijen;
    dosis_json_t *list = dosis_json_make_array(&boom->maker, rijen);
    size_t at, i;

    for (at = 0; at < rijen; at++) {
        dosis_json_t *agent = dosis_json_make_object(
            &boom->maker, domain_csv_ouder(DOMAIN_CSV_AGENT)->leden);

        for (i = 0; i < plan->count; i++) {
            if (is_of_row(&plan->plaats[i]) && groep->cel[at][i].len > 0) {
                put(boom, agent, &plan->plaats[i], groep->cel[at][i]);
            }
        }
        dosis_json_put(&boom->maker, list, NULL, agent);
    }
    dosis_json_put(&boom->maker, object_of(boom, DOMAIN_CSV_DOSSIER),
        domain_csv_ouder(DOMAIN_CSV_AGENT)->naam, list);
}


dosis_rc_t
domain_csv_groep_end(domain_csv_groep_t *groep)
{
    boom_t boom = { .maker = { .arena = groep->arena } };

    if (groep->geweigerd || groep->dossier.rijen_meer > 0) {
        return DOSIS_OK;
    }
    put_members(groep, &boom);
    put_agents(groep, &boom);
    groep->dossier.json = boom.object[DOMAIN_CSV_DOSSIER];
    groep->dossier.has_upload_id =
        groep->cel[groep->van[groep->plan->upload_id]][groep->plan->upload_id]
            .len
        > 0;
    return boom.maker.rc;
}
