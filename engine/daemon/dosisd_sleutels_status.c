/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "daemon/dosisd_seat.h"
#include "domain/dosis_uitgever.h"
#include "store/dosis_read.h"


static void
add_time(dosis_buf_t *to, const char *name, int64_t ns)
{
    dosis_buf_addf(to, ",\"%s\":", name);
    dosis_time_add_json(to, ns);
}


/* member: of each element, the key itself or what holds it. */
static void
add_kids(dosis_buf_t *to, const char *name, const dosis_json_t *list,
    const char *member)
{
    const dosis_json_t *jwk;
    size_t i;

    dosis_buf_addf(to, ",\"%s\":[", name);
    for (i = 0; i < dosis_json_count(list); i++) {
        jwk = dosis_json_at(list, i);
        jwk = member == NULL ? jwk : dosis_json_get(jwk, member);
        if (i > 0) {
            dosis_buf_add_byte(to, ',');
        }
        dosis_json_add_string(
            to, dosis_json_string(dosis_json_get(jwk, "kid")));
    }
    dosis_buf_add_byte(to, ']');
}


static const char *
state_of(const dosis_uitgever_t *issuer, const seat_t *seat)
{
    if (!issuer->actief) {
        return "uit";
    }
    if (!dosis_uitgever_fetches(issuer)) {
        return "geen";
    }
    if (seat == NULL || (seat->failures == 0 && seat->last_good_ns == 0)) {
        return "wacht";
    }
    return seat->failures > 0 ? "faalt" : "goed";
}


static void
add_issuer(dosis_buf_t *to, dosisd_sleutels_t *sleutels,
    const dosis_uitgever_t *issuer, dosis_slice_t published)
{
    const seat_t *seat = dosisd_seat_of(sleutels, issuer->nummer);
    dosis_json_t *root = NULL;

    dosis_buf_addf(to, "{\"Nummer\":%u,", (unsigned) issuer->nummer);
    dosis_json_add_member(to, "Iss", issuer->iss);
    dosis_buf_addf(to, ",\"Toestand\":\"%s\"", state_of(issuer, seat));
    add_time(to, "LaatstGoed", seat == NULL ? 0 : seat->last_good_ns);
    add_time(to, "LaatstGeprobeerd", seat == NULL ? 0 : seat->last_try_ns);
    DOSIS_BUF_LIT(to, ",");
    dosis_json_add_member(to, "Fout",
        seat == NULL || seat->failure[0] == '\0'
            ? dosis_slice(NULL, 0)
            : dosis_slice_of(seat->failure));
    dosis_buf_addf(
        to, ",\"Mislukt\":%u", seat == NULL ? 0 : seat->failures);
    if (published.len > 0) {
        (void) !dosis_json_parse(published, &root, NULL);
    }
    add_kids(to, "Sleutels", dosis_json_get(root, "Sleutels"), NULL);
    add_kids(to, "Vervallen", dosis_json_get(root, "Vervallen"), "Sleutel");
    dosis_json_free(root);
    dosis_buf_add_byte(to, '}');
}


void
dosisd_sleutels_add(dosis_buf_t *to, dosisd_sleutels_t *sleutels)
{
    dosis_reader_t *reader = sleutels->store->reader;
    const dosis_uitgever_t *issuer;
    const dosis_ref_t *ref;
    size_t i;

    if (dosis_reader_begin(reader) != DOSIS_OK) {
        DOSIS_BUF_LIT(to, "null");
        return;
    }
    ref = dosis_reader_ref(reader);
    dosis_buf_add_byte(to, '[');
    for (i = 0; (issuer = dosis_ref_uitgever_at(ref, i)) != NULL; i++) {
        if (i > 0) {
            dosis_buf_add_byte(to, ',');
        }
        add_issuer(to, sleutels, issuer, dosis_ref_sleutels(ref, issuer->iss));
    }
    dosis_buf_add_byte(to, ']');
    dosis_reader_end(reader);
}
