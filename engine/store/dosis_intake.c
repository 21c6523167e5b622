/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_intake.h"

#include "base/dosis_text.h"
#include "domain/dosis_dossier_json.h"


const dosis_bron_t *
dosis_intake_bron(const dosis_intake_t *intake, dosis_slice_t bron)
{
    const dosis_ref_t *ref = dosis_reader_ref(intake->reader);
    const dosis_bron_t *known = dosis_ref_bron(ref, bron);

    return dosis_ref_delivers(ref, intake->client, known) ? known : NULL;
}


dosis_rc_t
dosis_intake_open(const dosis_intake_t *intake, const dosis_bron_t *bron,
    dosis_delivery_t *d)
{
    dosis_err_t why;
    const dosis_pauze_t *pauze = dosis_ref_pauze_bron(
        dosis_reader_ref(intake->reader), bron->bron, intake->now_ns);

    if (pauze == NULL) {
        return DOSIS_OK;
    }
    dosis_err_init(&why);
    dosis_pauze_tell(pauze, "BronGepauzeerd", &why);
    d->arena = intake->arena;
    d->retry_s = dosis_pauze_retry_s(pauze, intake->now_ns);
    d->problems = dosis_delivery_keep(d, &why);
    return d->problems == NULL ? DOSIS_ENOMEM : DOSIS_EPAUSED;
}


static dosis_rc_t
make_upload_id(const dosis_intake_t *intake, dosis_delivery_t *d)
{
    char text[DOSIS_UUID_TEXT + 1];
    uint8_t random[16];
    dosis_rc_t rc;

    rc = dosis_random(random, sizeof(random));
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_uuid_encode(text, random);
    d->dossier.upload_id = dosis_arena_copy(intake->arena,
        dosis_slice(text, DOSIS_UUID_TEXT));
    return d->dossier.upload_id.data == NULL ? DOSIS_ENOMEM : DOSIS_OK;
}


/*
 * bron NULL: it could not be read. A refusal is kept when there is an UploadId
 * to ask for it by, and a source whose it is.
 */
static dosis_rc_t
read_dossier(const dosis_intake_t *intake, const dosis_json_t *root,
    const dosis_bron_t *bron, dosis_delivery_t *d)
{
    dosis_rc_t rc;
    dosis_err_t problems, warnings;
    const dosis_dossier_rules_t rules = {
        .lijsten = dosis_ref_lijsten(dosis_reader_ref(intake->reader)),
        .bron = bron,
        .now_ns = intake->now_ns,
        .future_ns = intake->future_ns,
    };

    dosis_err_init(&problems);
    dosis_err_init(&warnings);
    rc = dosis_dossier_from_json(root, &rules, intake->arena, &d->dossier,
        &warnings, &problems);
    dosis_err_cut(&problems, intake->problems_max);
    dosis_err_cut(&warnings, intake->problems_max);
    d->problems = dosis_delivery_keep(d, &problems);
    d->warnings = dosis_delivery_keep(d, &warnings);
    if (d->problems == NULL || d->warnings == NULL) {
        return DOSIS_ENOMEM;
    }
    if (d->dossier.upload_id.len == 0 && intake->upload_id.len > 0) {
        d->dossier.upload_id = intake->upload_id;
        d->unasked = true;
    }
    if (rc == DOSIS_EINPUT && bron != NULL && d->dossier.upload_id.len > 0
        && d->dossier.bron.len > 0) {
        d->refused = true;
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK && d->dossier.upload_id.len == 0) {
        rc = make_upload_id(intake, d);
    }
    return rc;
}


dosis_rc_t
dosis_intake_json(const dosis_intake_t *intake, const dosis_json_t *root,
    dosis_delivery_t *d)
{
    dosis_rc_t rc;
    const dosis_bron_t *bron = NULL;
    dosis_slice_t named = dosis_dossier_peek_bron(root);

    memset(d, 0, sizeof(*d));
    d->arena = intake->arena;
    d->problems = d->warnings = &dosis_err_none;
    d->client = intake->client;
    d->oplading = intake->oplading;
    if (!dosis_ref_ready(dosis_reader_ref(intake->reader))) {
        return DOSIS_EBUSY;
    }
    /* one too long is no source but a mistake, named with all others */
    if (named.len > 0 && named.len <= DOSIS_BRON_MAX) {
        bron = dosis_intake_bron(intake, named);
        if (bron == NULL) {
            return DOSIS_EDENIED;
        }
        rc = dosis_intake_open(intake, bron, d);
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
    rc = read_dossier(intake, root, bron, d);
    /* what was peeked at must be what was read */
    if (rc == DOSIS_OK
        && (bron == NULL
            || dosis_intake_bron(intake, d->dossier.bron) != bron)) {
        return DOSIS_EDENIED;
    }
    return rc == DOSIS_OK
               ? dosis_delivery_prepare(intake->reader, d, intake->arena)
               : rc;
}
