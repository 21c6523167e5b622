/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_veld.h"

#include <stdio.h>

#include "domain/domain_delivery.h"

#define PATH_MAX_BYTES 128

/* Where the walk is. */
typedef struct {
    dosis_veld_pt on_veld;
    void *payload;
    char path[PATH_MAX_BYTES];
} walk_t;

static const char *const soorten[DOSIS_VELD_SOORTEN] = {
    [DOSIS_VELD_GEEN] = "onbekend",
    [DOSIS_VELD_OBJECT] = "object",
    [DOSIS_VELD_LIJST] = "lijst",
    [DOSIS_VELD_TEKST] = "tekst",
    [DOSIS_VELD_SLEUTEL] = "tekst of geheel getal",
    [DOSIS_VELD_UUID] = "UUID",
    [DOSIS_VELD_TIJDSTIP] = "tijdstip",
    [DOSIS_VELD_DATUM] = "datum",
    [DOSIS_VELD_JA_NEE] = "true of false",
    [DOSIS_VELD_URL] = "adres",
    [DOSIS_VELD_CODE] = "code",
    [DOSIS_VELD_AGENT] = "identificatie",
};

static const char *const plichten[] = {
    [DOSIS_VELD_MAG] = "mag",
    [DOSIS_VELD_MOET] = "moet",
    [DOSIS_VELD_MET_STATUS] = "moet in een DossierStatus",
};

static const char *const lijsten[] = {
    [DOMAIN_CODE_FASE] = "StatusVlaamsFase",
    [DOMAIN_CODE_CODE] = "StatusVlaamsCode",
    [DOMAIN_CODE_EDRL] = "StatusEDRL",
    [DOMAIN_CODE_ROL] = "ParticipatieRol",
};


const char *
dosis_veld_soort_name(dosis_veld_soort_t soort)
{
    return soorten[soort];
}


const char *
dosis_veld_plicht_name(dosis_veld_plicht_t plicht)
{
    return plichten[plicht];
}


/* Spellings behind the first of the same member. */
static void
add_names(dosis_veld_t *veld, domain_shape_t shape, size_t first)
{
    for (size_t i = first + 1; i < shape.count; i++) {
        if (shape.members[i].slot == shape.members[first].slot
            && veld->namen < DOSIS_VELD_NAMEN_MAX) {
            veld->naam[veld->namen++] = shape.members[i].name.data;
        }
    }
}


static bool
is_spelling(domain_shape_t shape, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (shape.members[i].slot == shape.members[index].slot) {
            return true;
        }
    }

    return false;
}


static dosis_veld_t
describe(const walk_t *walk, const domain_member_t *member)
{
    return (dosis_veld_t){ .pad = walk->path,
        .soort = member->soort,
        .plicht = member->required ? DOSIS_VELD_MOET
            : member->with_status  ? DOSIS_VELD_MET_STATUS
                                   : DOSIS_VELD_MAG,
        .max = member->max,
        .lijst =
            member->soort == DOSIS_VELD_CODE ? lijsten[member->arg] : NULL };
}


static void walk_shape(walk_t *walk, size_t at, domain_shape_t shape);


/* What lies inside the member whose path ends at `at`. */
static void
walk_inside(walk_t *walk, size_t at, const domain_member_t *member)
{
    dosis_veld_t veld;

    if (member->soort == DOSIS_VELD_LIJST) {
        at += (size_t) snprintf(walk->path + at, PATH_MAX_BYTES - at, "/*");
    }

    if (member->element != NULL) {
        veld = describe(walk, member->element);
        walk->on_veld(&veld, walk->payload);
    }
    walk_shape(walk, at, member->shape);
}


static void
walk_shape(walk_t *walk, size_t at, domain_shape_t shape)
{
    for (size_t i = 0; i < shape.count; i++) {
        const domain_member_t *member = &shape.members[i];
        dosis_veld_t veld;
        int len;

        if (is_spelling(shape, i)) {
            continue;
        }

        len = snprintf(
            walk->path + at, PATH_MAX_BYTES - at, "/%s", member->name.data);
        veld = describe(walk, member);
        add_names(&veld, shape, i);
        walk->on_veld(&veld, walk->payload);
        walk_inside(walk, at + (size_t) len, member);
    }
}


void
dosis_veld_each(dosis_veld_pt on_veld, void *payload)
{
    walk_t walk = { .on_veld = on_veld, .payload = payload };

    walk_shape(&walk, 0, domain_delivery_shape());
}
