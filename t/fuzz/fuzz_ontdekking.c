/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_ontdekking: a discovery document. What is accepted is of the issuer
 * that was asked, and names addresses that the engine may ask.
 */

#include "domain/dosis_ontdekking.h"
#include "domain/dosis_uitgever.h"
#include "fuzz.h"

#define ISS "https://a.be"


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_json_init();

    return 0;
}


static void
address_check(dosis_slice_t address)
{
    MUST(dosis_uitgever_address(address));
    MUST(memcmp(address.data, "https://", 8) == 0);
    MUST(memchr(address.data, '\0', address.len) == NULL);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_arena_t *arena = dosis_arena_create(64 << 10);
    dosis_ontdekking_t found;
    dosis_slice_t text = dosis_slice((const char *) data, size);

    MUST(arena != NULL);
    if (dosis_ontdekking_read(text, DOSIS_SLICE(ISS), arena, &found)
        == DOSIS_OK) {
        address_check(found.sleutels);
        if (found.introspectie.len > 0) {
            address_check(found.introspectie);
        }
    }
    dosis_arena_free(arena);

    return 0;
}
