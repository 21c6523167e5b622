/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_dossier.h"

#include "base/dosis_wire.h"

/* In front of all: another way of writing must give other bytes. */
#define CANONICAL_FORM 1


/* A flag in front tells absent from zero. */
static void
add_number(dosis_buf_t *buf, bool has, int64_t value)
{
    dosis_buf_add_byte(buf, has ? 1 : 0);
    if (has) {
        dosis_wire_put_u64(buf, (uint64_t) value);
    }
}


/* Absent is the empty code. */
static void
add_code(dosis_buf_t *buf, const dosis_codelijst_t *lijst, uint16_t nummer)
{
    dosis_wire_put_slice(buf, dosis_codelijst_code(lijst, nummer));
}


static void
add_status(dosis_buf_t *buf, const dosis_dossier_t *dossier,
    const dosis_codelijsten_t *lijsten)
{
    dosis_buf_add_byte(buf, dossier->has_status ? 1 : 0);
    if (dossier->has_status) {
        add_code(buf, lijsten->fase, dossier->fase);
        add_code(buf, lijsten->code, dossier->code);
    }

    add_code(buf, lijsten->edrl, dossier->edrl);
    dosis_wire_put_slice(buf, dossier->detail1);
    dosis_wire_put_slice(buf, dossier->detail2);
    add_number(buf, dossier->has_status_streef, dossier->status_streef_ns);
    add_number(buf, dossier->has_actie_nodig, dossier->actie_nodig);
    dosis_wire_put_slice(buf, dossier->actie);
    add_number(buf, dossier->has_voor, dossier->voor_dag);
}


static void
add_agents(dosis_buf_t *buf, const dosis_dossier_t *dossier,
    const dosis_codelijsten_t *lijsten)
{
    dosis_wire_put_varint(buf, dossier->agenten_count);

    for (size_t i = 0; i < dossier->agenten_count; i++) {
        const dosis_agent_rechten_t *agent = &dossier->agenten[i];

        dosis_buf_add_byte(buf, (char) agent->agent.soort);
        dosis_wire_put_slice(buf, dosis_agent_id(&agent->agent));
        add_code(buf, lijsten->rol, agent->rol);
        dosis_wire_put_varint(buf, agent->rechten_count);

        for (size_t j = 0; j < agent->rechten_count; j++) {
            dosis_wire_put_slice(buf, agent->rechten[j]);
        }
    }
}


static void
add_beheerder(dosis_buf_t *buf, const dosis_dossier_t *dossier)
{
    dosis_buf_add_byte(buf, dossier->has_beheerder ? 1 : 0);

    for (size_t i = 0; dossier->has_beheerder && i < DOSIS_CONTACT_FIELDS;
         i++) {
        dosis_wire_put_slice(buf, dossier->beheerder.field[i]);
    }
}


void
dosis_dossier_canonical(dosis_buf_t *buf, const dosis_dossier_t *dossier,
    const dosis_codelijsten_t *lijsten)
{
    dosis_buf_add_byte(buf, CANONICAL_FORM);
    dosis_wire_put_slice(buf, dossier->naam);
    dosis_wire_put_slice(buf, dossier->type);
    add_status(buf, dossier, lijsten);
    dosis_wire_put_slice(buf, dossier->doorverwijzing);

    dosis_wire_put_varint(buf, dossier->producten_count);
    for (size_t i = 0; i < dossier->producten_count; i++) {
        dosis_wire_put_slice(buf, dossier->producten[i]);
    }

    add_beheerder(buf, dossier);
    add_agents(buf, dossier, lijsten);
    dosis_buf_add_byte(buf, dossier->is_publiek ? 1 : 0);
    dosis_buf_add_byte(buf, dossier->is_vertrouwelijk ? 1 : 0);
    add_number(buf, dossier->has_streef, dossier->streef_ns);
    dosis_wire_put_slice(buf, dossier->update_frequentie);

    dosis_wire_put_varint(buf, dossier->fasen_count);
    for (size_t i = 0; i < dossier->fasen_count; i++) {
        add_code(buf, lijsten->fase, dossier->fasen[i]);
    }
}


bool
dosis_dossier_has_person(const dosis_dossier_t *dossier)
{
    for (size_t i = 0; i < dossier->agenten_count; i++) {
        if (dossier->agenten[i].agent.soort == DOSIS_AGENT_INSZ) {
            return true;
        }
    }

    return false;
}
