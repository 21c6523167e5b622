/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * reading.h: one delivery read from JSON, and a small one to change one place
 * of, for unit programs.
 */

#ifndef DOSIS_T_LIB_READING_H
#define DOSIS_T_LIB_READING_H

#include "lijsten.h"

#include "base/dosis_time.h"
#include "domain/dosis_dossier_json.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define IS(slice, literal) dosis_slice_eq((slice), DOSIS_SLICE(literal))

#define JSON_MAX 65536
#define ARENA_MAX (1 << 20)

/* 2026-11-24 12:00 UTC */
#define NOW_NS (INT64_C(1795521600) * DOSIS_NS_PER_S)
#define DAY_NS (INT64_C(86400) * DOSIS_NS_PER_S)

/* A small one; the tables below change one place of it. */
static const char base[] =
    "{\"Identificatie\":{\"Bron\":\"urn://ovam/evoa\","
    "\"DossierNummer\":\"2026-1\"},"
    "\"UploadId\":\"C30C0DE7-f763-4648-b684-936162aa6a78\","
    "\"Naam\":\"Naam\","
    "\"WijzigingsDatum\":\"2026-11-20T11:16:50.52\","
    "\"Status\":{\"VlaamsFase\":\"Behandeling\","
    "\"VlaamsCode\":\"InBehandeling\"},"
    "\"Doorverwijzing\":\"https://loket.example.be/1\","
    "\"TypeDossierCode\":\"DossierStatus\","
    "\"Producten\":[{\"Id\":\"1984\"}],"
    "\"Agenten\":[{\"Identificatie\":\"0123456749\","
    "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}";

typedef struct {
    dosis_arena_t *arena;
    dosis_dossier_t dossier;
    dosis_err_t warnings;
    dosis_err_t err;
    dosis_rc_t rc;
} reading_t;

static dosis_codelijsten_t lijsten;
static const dosis_bron_t *reading_bron; /* NULL: the defaults */


static inline void
reading_begin(reading_t *reading, dosis_slice_t text, size_t arena_bytes)
{
    const dosis_dossier_rules_t rules = { .lijsten = &lijsten,
        .bron = reading_bron,
        .now_ns = NOW_NS,
        .future_ns = DAY_NS };
    dosis_json_t *json = NULL;

    memset(reading, 0, sizeof(*reading));
    reading->arena = dosis_arena_create(arena_bytes);
    reading->rc = dosis_json_parse(text, &json, &reading->err);
    if (reading->rc == DOSIS_OK) {
        reading->rc = dosis_dossier_from_json(json, &rules, reading->arena,
            &reading->dossier, &reading->warnings, &reading->err);
    }

    /* What is kept may not need the JSON. */
    dosis_json_free(json);
}


static inline void
reading_end(reading_t *reading)
{
    dosis_arena_free(reading->arena);
}


static inline bool
has_problem(const dosis_err_t *err, const char *field, const char *code)
{
    for (uint32_t i = 0; i < err->count; i++) {
        if (strcmp(err->item[i].field, field) == 0
            && strcmp(err->item[i].code, code) == 0) {
            return true;
        }
    }

    return false;
}


static inline void
problems_print(const dosis_err_t *err)
{
    for (uint32_t i = 0; i < err->count; i++) {
        printf("# %s %s: %s\n", err->item[i].code, err->item[i].field,
            err->item[i].text);
    }
}


/* base with one place changed; the place must be there, once. */
static inline bool
changed(const char *from, const char *to, char text[JSON_MAX])
{
    const char *at = strstr(base, from);

    if (at == NULL || strstr(at + 1, from) != NULL) {
        return false;
    }

    (void) snprintf(text, JSON_MAX, "%.*s%s%s", (int) (at - base), base, to,
        at + strlen(from));

    return true;
}

#endif
