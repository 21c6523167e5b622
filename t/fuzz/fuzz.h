/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz.h: what every fuzz target has. A target is built with clang's libFuzzer
 * (scripts/fuzz), and with replay.c for the suite. Both run it from the root
 * of the tree.
 */

#ifndef DOSIS_T_FUZZ_FUZZ_H
#define DOSIS_T_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dosis_err.h"
#include "base/dosis_text.h"

/* A promise. Not assert(): it must hold in every build. */
#define MUST(condition)                                                        \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "broken: %s (%s:%d)\n", #condition, __FILE__,      \
                __LINE__);                                                     \
            abort();                                                           \
        }                                                                      \
    } while (0)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/*
 * What is told is whole characters on one line, has a code, and no national
 * number; all of it fits.
 */
static inline void
fuzz_problems(const dosis_err_t *err)
{
    uint32_t i;
    char text[DOSIS_ERR_TEXT_MAX + 1];
    char field[DOSIS_ERR_FIELD_MAX + 1];

    MUST(err->count <= DOSIS_ERR_MAX);
    for (i = 0; i < err->count; i++) {
        memcpy(text, err->item[i].text, sizeof(text));
        memcpy(field, err->item[i].field, sizeof(field));
        MUST(err->item[i].code != NULL && text[0] != '\0');
        MUST(dosis_utf8_valid(dosis_slice_of(text)));
        MUST(dosis_utf8_valid(dosis_slice_of(field)));
        MUST(dosis_text_blank_numbers(text, strlen(text)) == 0);
        MUST(dosis_text_blank_numbers(field, strlen(field)) == 0);
    }
}


/* Takes the first byte, below `below`: which of its ways a target goes. */
static inline unsigned
fuzz_choice(dosis_slice_t *input, unsigned below)
{
    unsigned choice;

    if (input->len == 0) {
        return 0;
    }
    choice = (uint8_t) input->data[0] % below;
    *input = dosis_slice(input->data + 1, input->len - 1);
    return choice;
}


/* Do the bytes lie inside? */
static inline bool
fuzz_inside(dosis_slice_t part, dosis_slice_t whole)
{
    return part.len == 0
        || (part.data >= whole.data
            && part.data + part.len <= whole.data + whole.len);
}

#endif
