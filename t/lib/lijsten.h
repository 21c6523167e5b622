/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * lijsten.h: the code lists of conf/ for unit programs, which run from the
 * root of the tree.
 */

#ifndef DOSIS_T_LIB_LIJSTEN_H
#define DOSIS_T_LIB_LIJSTEN_H

#include <stdio.h>
#include <stdlib.h>

#include "base/dosis_file.h"
#include "base/dosis_json.h"
#include "domain/dosis_codelijst.h"

#define LIJST_FILE_MAX 65536

static inline dosis_codelijst_t *
lijst_load(const char *naam)
{
    char path[128];
    dosis_buf_t buf;
    dosis_err_t err = { 0 };
    dosis_codelijst_t *lijst = NULL;

    dosis_buf_init(&buf, LIJST_FILE_MAX);
    (void) snprintf(path, sizeof(path), "conf/codelijsten/%s.json", naam);
    if (dosis_file_read(path, LIJST_FILE_MAX, &buf) != DOSIS_OK
        || dosis_codelijst_parse(dosis_buf_slice(&buf), &lijst, &err)
            != DOSIS_OK) {
        printf("Bail out! %s: %s %s\n", path,
            err.count > 0 ? err.item[0].field : "unreadable",
            err.count > 0 ? err.item[0].text : "");
        exit(1);
    }
    dosis_buf_done(&buf);

    return lijst;
}


/* For the whole program; the caller keeps what it points to. */
static inline dosis_codelijsten_t
lijsten_load(void)
{
    return (dosis_codelijsten_t){
        .fase = lijst_load("StatusVlaamsFase"),
        .code = lijst_load("StatusVlaamsCode"),
        .edrl = lijst_load("StatusEDRL"),
        .type = lijst_load("TypeDossier"),
        .rol = lijst_load("ParticipatieRol"),
    };
}


static inline void
lijsten_free(dosis_codelijsten_t *lijsten)
{
    dosis_codelijst_free((dosis_codelijst_t *) lijsten->fase);
    dosis_codelijst_free((dosis_codelijst_t *) lijsten->code);
    dosis_codelijst_free((dosis_codelijst_t *) lijsten->edrl);
    dosis_codelijst_free((dosis_codelijst_t *) lijsten->type);
    dosis_codelijst_free((dosis_codelijst_t *) lijsten->rol);
}

#endif
