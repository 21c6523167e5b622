/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_registratie: what an operator registers, as a source and as a client.
 * What is accepted keeps its ceilings and may be judged against the code
 * lists; what is refused says why. Runs from the root of the tree.
 */

#include "../lib/lijsten.h"
#include "domain/dosis_dossier.h"
#include "domain/dosis_registratie.h"
#include "fuzz.h"

#define ARENA_MAX (1 << 20)

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


static void
verdict_check(dosis_rc_t rc, const dosis_err_t *err)
{
    MUST(rc == DOSIS_OK || rc == DOSIS_EINPUT || rc == DOSIS_ENOMEM);
    MUST(rc != DOSIS_EINPUT || dosis_err_any(err));
    fuzz_problems(err);
}


static void
bron_check(const dosis_json_t *root, dosis_arena_t *arena)
{
    dosis_bron_t bron;
    dosis_err_t err = { 0 };
    dosis_rc_t rc = dosis_bron_from_json(root, arena, &bron, &err);

    verdict_check(rc, &err);
    if (rc != DOSIS_OK) {
        return;
    }
    MUST(bron.bron.len > 0 && bron.bron.len <= DOSIS_BRON_MAX);
    verdict_check(dosis_bron_judge(&bron, &lijsten, &err), &err);
    for (int soort = DOSIS_AGENT_KBO; soort <= DOSIS_AGENT_VREEMD; soort++) {
        dosis_strengheid_t hard = dosis_bron_strengheid(&bron, soort);

        MUST(hard == DOSIS_STRENG || hard == DOSIS_VORM);
    }
}


static void
client_check(const dosis_json_t *root, dosis_arena_t *arena)
{
    dosis_client_t client;
    dosis_err_t err = { 0 };
    dosis_rc_t rc = dosis_client_from_json(root, arena, &client, &err);

    verdict_check(rc, &err);
    if (rc != DOSIS_OK) {
        return;
    }
    MUST(client.client.len > 0);
    MUST(client.bronnen_count <= DOSIS_REGISTRATIE_MAX);
    for (size_t i = 0; i < client.bronnen_count; i++) {
        MUST(dosis_client_delivers(&client, client.bronnen[i])
             == client.actief);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_json_t *root;
    dosis_arena_t *arena;

    if (dosis_json_parse(dosis_slice(data, size), &root, NULL) != DOSIS_OK) {
        return 0;
    }
    arena = dosis_arena_create(ARENA_MAX);
    MUST(arena != NULL);
    bron_check(root, arena);
    client_check(root, arena);
    dosis_arena_free(arena);
    dosis_json_free(root);

    return 0;
}
