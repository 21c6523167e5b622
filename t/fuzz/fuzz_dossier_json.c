/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_dossier_json: bytes of a push, through the JSON door and the rules.
 * What is accepted must keep the promises that the store and the doors build
 * on; what is refused must say why, without a national number. Runs from the
 * root of the tree.
 */

#include "../lib/lijsten.h"
#include "base/dosis_time.h"
#include "domain/dosis_dossier_json.h"
#include "fuzz.h"

#define ARENA_MAX (1 << 20)
#define CANONICAL_MAX (1 << 18)

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


static bool
slice_before(dosis_slice_t a, dosis_slice_t b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.data, b.data, len);

    return order < 0 || (order == 0 && a.len < b.len);
}


static void
agent_check(const dosis_agent_rechten_t *agent)
{
    dosis_agent_t again;

    MUST(agent->agent.soort >= DOSIS_AGENT_KBO
        && agent->agent.soort <= DOSIS_AGENT_VREEMD);
    MUST(agent->agent.len > 0 && agent->rechten_count <= DOSIS_RECHTEN_MAX);

    /* Normalised: reading it again changes nothing. */
    MUST(dosis_agent_parse(dosis_agent_id(&agent->agent), DOSIS_VORM, &again)
            == NULL
        && again.soort == agent->agent.soort
        && dosis_slice_eq(
            dosis_agent_id(&again), dosis_agent_id(&agent->agent)));

    for (size_t i = 0; i < agent->rechten_count; i++) {
        MUST(agent->rechten[i].len > 0
            && agent->rechten[i].len <= DOSIS_RECHT_MAX);
        MUST(i == 0 || slice_before(agent->rechten[i - 1], agent->rechten[i]));
    }
}


static void
dossier_check(const dosis_dossier_t *dossier)
{
    MUST(dossier->bron.len > 0 && dossier->bron.len <= DOSIS_BRON_MAX);
    MUST(dossier->nummer.len > 0 && dossier->nummer.len <= DOSIS_NUMMER_MAX);
    MUST(dossier->naam.len > 0 && dossier->naam.len <= DOSIS_NAAM_MAX);
    MUST(dossier->type.len > 0 && dossier->type.len <= DOSIS_TYPE_MAX);
    MUST(dossier->upload_id.len == 0 || dosis_uuid_valid(dossier->upload_id));
    MUST(dossier->agenten_count > 0
        && dossier->agenten_count <= DOSIS_AGENTEN_MAX);
    MUST(!dossier->is_publiek || !dosis_dossier_has_person(dossier));
    MUST(!dossier->has_status
        || (dosis_codelijst_code(lijsten.fase, dossier->fase).len > 0
            && dosis_codelijst_code(lijsten.code, dossier->code).len > 0));
    MUST(dossier->type_nummer != 1
        || (dossier->has_status && dossier->has_wijziging));

    for (size_t i = 0; i < dossier->agenten_count; i++) {
        agent_check(&dossier->agenten[i]);
    }
    for (size_t i = 1; i < dossier->producten_count; i++) {
        MUST(slice_before(dossier->producten[i - 1], dossier->producten[i]));
    }
    for (size_t i = 1; i < dossier->fasen_count; i++) {
        MUST(dossier->fasen[i - 1] < dossier->fasen[i]);
    }
}


static void
canonical_check(const dosis_dossier_t *dossier)
{
    dosis_buf_t once;
    dosis_buf_t twice;

    dosis_buf_init(&once, CANONICAL_MAX);
    dosis_buf_init(&twice, CANONICAL_MAX);
    dosis_dossier_canonical(&once, dossier, &lijsten);
    dosis_dossier_canonical(&twice, dossier, &lijsten);
    MUST(once.rc == DOSIS_OK);
    MUST(dosis_slice_eq(dosis_buf_slice(&once), dosis_buf_slice(&twice)));
    dosis_buf_done(&once);
    dosis_buf_done(&twice);
}


static void
read_with(const dosis_json_t *root, dosis_strengheid_t strengheid)
{
    const dosis_bron_t bron = { .strengheid = strengheid };
    const dosis_dossier_rules_t rules = { .lijsten = &lijsten,
        .bron = &bron,
        .now_ns = INT64_C(1795521600) * DOSIS_NS_PER_S,
        .future_ns = INT64_C(86400) * DOSIS_NS_PER_S };
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);
    dosis_dossier_t dossier;
    dosis_err_t warnings = { 0 };
    dosis_err_t err = { 0 };
    dosis_rc_t rc =
        dosis_dossier_from_json(root, &rules, arena, &dossier, &warnings, &err);

    MUST(rc == DOSIS_OK || rc == DOSIS_EINPUT);
    MUST((rc == DOSIS_OK) == (err.count == 0));
    fuzz_problems(&warnings);
    fuzz_problems(&err);
    if (rc == DOSIS_OK) {
        MUST(dosis_slice_eq(dosis_dossier_peek_bron(root), dossier.bron));
        dossier_check(&dossier);
        canonical_check(&dossier);
    }
    dosis_arena_free(arena);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_json_t *root = NULL;
    dosis_err_t err = { 0 };
    dosis_rc_t rc = dosis_json_parse(dosis_slice(data, size), &root, &err);

    if (rc == DOSIS_OK) {
        read_with(root, DOSIS_STRENG);
        read_with(root, DOSIS_VORM);
    } else {
        fuzz_problems(&err);
    }
    dosis_json_free(root);

    return 0;
}
