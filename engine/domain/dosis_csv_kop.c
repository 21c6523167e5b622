/* SPDX-License-Identifier: EUPL-1.2 */

#include "domain/dosis_csv_kop.h"

#include <stdio.h>

#include "base/dosis_csv.h"
#include "base/dosis_text.h"
#include "domain/dosis_rule.h"
#include "domain/dosis_veld.h"

#define BOM "\xEF\xBB\xBF"
#define BOM_BYTES 3
#define BOM_UTF16_LE "\xFF\xFE"
#define BOM_UTF16_BE "\xFE\xFF"
#define CHARACTER_MAX 4 /* bytes in UTF-8 */

/*
 * Of a name that is told: enough for all that is kept of it, and for a number
 * that begins there, so that this is blanked as a whole.
 */
#define SHOWN_FROM 256
#define SHOWN_MAX (3 * SHOWN_FROM)

#define SEP DOSIS_SLICE("sep=")

#define FOUT_KOLOM DOSIS_SLICE("Fout") /* of a report of refused rows */

static const dosis_csv_kolom_t kolommen[] = {
    { "Bron", "/Identificatie/Bron" },
    { "DossierNummer", "/Identificatie/DossierNummer" },
    { "UploadId", "/UploadId" },
    { "Naam", "/Naam" },
    { "WijzigingsDatum", "/WijzigingsDatum" },
    { "TypeDossier", "/TypeDossierCode" },
    { "StatusVlaamsFase", "/Status/VlaamsFase" },
    { "StatusVlaamsCode", "/Status/VlaamsCode" },
    { "StatusDetail1", "/Status/Detail1" },
    { "StatusDetail2", "/Status/Detail2" },
    { "StatusEDRL", "/Status/EDRL" },
    { "StatusActieNodig", "/Status/Actie/ActieNodig" },
    { "StatusActie", "/Status/Actie/Actie" },
    { "StatusActieVoor", "/Status/Actie/Voor" },
    { "StreefDatum", "/StreefDatum" },
    { "IsPubliek", "/IsPubliek" },
    { "IsVertrouwelijk", "/IsVertrouwelijk" },
    { "Doorverwijzing", "/Doorverwijzing" },
    { "ProductId", "/Producten/*/Id" },
    { "AgentIdentificatie", "/Agenten/*/Identificatie" },
    { "Toegangsrechten", "/Agenten/*/Toegangsrechten/*/Code" },
    { "AgentRol", "/Agenten/*/Rol" },
    { "DossierBeheerderNaam", "/DossierBeheerder/Naam" },
    { "DossierBeheerderDienst", "/DossierBeheerder/Dienst" },
    { "DossierBeheerderTelefoon", "/DossierBeheerder/Telefoon" },
    { "DossierBeheerderEmail", "/DossierBeheerder/Email" },
    { "DossierBeheerderWebsite", "/DossierBeheerder/Website" },
};

#define KOLOMMEN (sizeof(kolommen) / sizeof(kolommen[0]))

_Static_assert(KOLOMMEN <= DOSIS_CSV_KOLOM_MAX, "others have room for them");

static const char separators[] = { ';', ',', '\t' };

/* What is being read: counted first, for each separator; then taken. */
typedef struct {
    dosis_csv_kop_t *kop;
    dosis_err_t *warnings;
    dosis_err_t *err;
    bool said; /* the separator, by a line in front */
    size_t known;
    size_t fields;
    bool seen[KOLOMMEN];
} kop_reading_t;


size_t
dosis_csv_kolom_count(void)
{
    return KOLOMMEN;
}


const dosis_csv_kolom_t *
dosis_csv_kolom(size_t index)
{
    return &kolommen[index];
}


const char *
dosis_csv_codering_name(dosis_csv_codering_t codering)
{
    static const char *const names[] = {
        [DOSIS_CSV_UTF8] = "UTF-8",
        [DOSIS_CSV_UTF8_BOM] = "UTF-8 (BOM)",
        [DOSIS_CSV_WINDOWS_1252] = "Windows-1252",
    };

    return names[codering];
}


static void
report(kop_reading_t *reading, dosis_rule_id_t rule, const char *field,
    const char *detail)
{
    dosis_err_t *to = dosis_rule_warns(rule) ? reading->warnings : reading->err;
    uint32_t before = to->count;

    dosis_rule_broken(to, rule, field, detail);
    if (to->count > before) {
        to->item[before].line = reading->said ? 2 : 1;
    }
}


static void
report_ceiling(kop_reading_t *reading, dosis_rule_id_t rule, const char *field,
    size_t ceiling)
{
    char number[24];

    (void) snprintf(number, sizeof(number), "%zu", ceiling);
    report(reading, rule, field, number);
}


/* --- encoding ------------------------------------------------------------ */

/* Without a character that the end of the text may have cut. */
static dosis_slice_t
whole_characters(dosis_slice_t text)
{
    size_t back;

    for (back = 1; back < CHARACTER_MAX && back <= text.len; back++) {
        uint8_t byte = (uint8_t) text.data[text.len - back];

        if (byte >= 0xC0) {
            return dosis_slice(text.data, text.len - back);
        }
        if (byte < 0x80) {
            break;
        }
    }
    return text;
}


static bool
is_utf8(dosis_slice_t text)
{
    return dosis_utf8_valid(text) || dosis_utf8_valid(whole_characters(text));
}


/* Bytes of the character of more than one byte that stands there, or 0. */
static size_t
character(dosis_slice_t text)
{
    size_t len;

    for (len = 2; len <= CHARACTER_MAX && len <= text.len; len++) {
        if (dosis_utf8_valid(dosis_slice(text.data, len))) {
            return len;
        }
    }
    return 0;
}


/*
 * A UTF-8 text with a byte that is none, such as a cell cut in a character,
 * stays one: its row is told apart (dosis_csv_dossier.h). Read as
 * Windows-1252 all its accents would be other characters. In a text that is
 * Windows-1252 hardly any two bytes are a character of UTF-8.
 */
static bool
is_mostly_utf8(dosis_slice_t text)
{
    size_t good = 0;
    size_t bad = 0;
    size_t i = 0;

    while (i < text.len && text.data[i] != '\n' && text.data[i] != '\r') {
        i++;
    }
    if (!dosis_utf8_valid(dosis_slice(text.data, i))) {
        return false; /* names are told: all of them must be text */
    }
    while (i < text.len) {
        size_t len = 1;

        if ((uint8_t) text.data[i] >= 0x80) {
            len = character(dosis_slice(text.data + i, text.len - i));
            good += len > 0;
            bad += len == 0;
            len += len == 0;
        }
        i += len;
    }
    return good > bad;
}


static bool
begins(dosis_slice_t text, const char *mark)
{
    size_t len = strlen(mark);

    return text.len >= len && memcmp(text.data, mark, len) == 0;
}


/* The bytes of the end of a line that begins there; 0: there is none. */
static size_t
line_end(dosis_slice_t text, size_t at)
{
    if (at < text.len && text.data[at] == '\n') {
        return 1;
    }
    if (at >= text.len || text.data[at] != '\r') {
        return 0;
    }
    return at + 1 < text.len && text.data[at + 1] == '\n' ? 2 : 1;
}


/* Takes off the line that Excel understands: sep=; */
static void
sep_take(kop_reading_t *reading, dosis_slice_t *text)
{
    const size_t at = SEP.len;
    size_t end;

    if (text->len <= at
        || !dosis_text_ieq(dosis_slice(text->data, at), SEP)
        || memchr(separators, text->data[at], sizeof(separators)) == NULL) {
        return;
    }
    end = line_end(*text, at + 1);
    if (end == 0) {
        return;
    }
    reading->said = true;
    reading->kop->separator = text->data[at];
    reading->kop->bytes += at + 1 + end;
    *text = dosis_slice(text->data + at + 1 + end, text->len - at - 1 - end);
}


/* Takes off mark and that line. false: neither encoding, and reported. */
static bool
codering_find(kop_reading_t *reading, dosis_slice_t *text)
{
    dosis_csv_kop_t *kop = reading->kop;

    if (begins(*text, BOM_UTF16_LE) || begins(*text, BOM_UTF16_BE)) {
        report(reading, DOSIS_RULE_CSV_CODERING, "", NULL);
        return false;
    }
    if (begins(*text, BOM)) {
        kop->codering = DOSIS_CSV_UTF8_BOM;
        *text = dosis_slice(text->data + BOM_BYTES, text->len - BOM_BYTES);
        kop->bytes = BOM_BYTES;
    }
    sep_take(reading, text);
    kop->begin = kop->bytes;
    if (memchr(text->data, '\0', text->len) != NULL) {
        report(reading, DOSIS_RULE_CSV_NUL, "", NULL);
        return false;
    }
    if (is_utf8(*text)) {
        return true;
    }
    if (is_mostly_utf8(*text)) {
        return true;
    }
    if (kop->codering == DOSIS_CSV_UTF8_BOM
        || !dosis_text_is_windows_1252(*text)) {
        report(reading, DOSIS_RULE_CSV_CODERING, "", NULL);
        return false;
    }
    kop->codering = DOSIS_CSV_WINDOWS_1252;
    return true;
}


/* --- names --------------------------------------------------------------- */

/* KOLOMMEN: unknown. */
static size_t
kolom_find(dosis_slice_t naam)
{
    size_t i;

    for (i = 0; i < KOLOMMEN; i++) {
        if (dosis_text_ieq(naam, dosis_slice_of(kolommen[i].naam))) {
            break;
        }
    }
    return i;
}


/*
 * A name of the file as it may be told: UTF-8, one line, no national number
 * (a first line that is no header may hold one). false: it is cut.
 */
static bool
naam_show(const kop_reading_t *reading, dosis_slice_t naam,
    char to[SHOWN_MAX + 1])
{
    size_t i;
    dosis_buf_t buf;

    naam.len = naam.len > SHOWN_FROM ? SHOWN_FROM : naam.len;
    dosis_buf_init_fixed(&buf, to, SHOWN_MAX);
    if (reading->kop->codering == DOSIS_CSV_WINDOWS_1252 || !is_utf8(naam)) {
        dosis_text_add_windows_1252(&buf, naam);
    } else {
        dosis_buf_add_slice(
            &buf, dosis_utf8_valid(naam) ? naam : whole_characters(naam));
    }
    for (i = 0; i < buf.len; i++) {
        if ((uint8_t) to[i] < ' ' || to[i] == 0x7F) {
            to[i] = ' ';
        }
    }
    (void) dosis_text_blank_numbers(to, buf.len);
    if (buf.len <= DOSIS_CSV_NAAM_MAX) {
        to[buf.len] = '\0';
        return true;
    }
    to[whole_characters(dosis_slice(to, DOSIS_CSV_NAAM_MAX)).len] = '\0';
    /* what is left of a longer run of digits may look like one */
    (void) dosis_text_blank_numbers(to, strlen(to));
    return false;
}


static void
take_unknown(kop_reading_t *reading, dosis_slice_t naam)
{
    char shown[SHOWN_MAX + 1];

    if (naam.len == 0) {
        report_ceiling(
            reading, DOSIS_RULE_KOLOM_ZONDER_NAAM, "", reading->fields);
        return;
    }
    if (!naam_show(reading, naam, shown)) {
        report_ceiling(
            reading, DOSIS_RULE_KOLOM_TE_LANG, shown, DOSIS_CSV_NAAM_MAX);
    } else if (!dosis_text_ieq(naam, FOUT_KOLOM)) {
        report(reading, DOSIS_RULE_KOLOM_ONBEKEND, shown, NULL);
    }
}


static void
on_field_count(dosis_slice_t field, void *payload)
{
    kop_reading_t *reading = payload;

    if (kolom_find(dosis_text_trim(field)) < KOLOMMEN) {
        reading->known++;
    }
}


static void
on_field_take(dosis_slice_t field, void *payload)
{
    kop_reading_t *reading = payload;
    dosis_slice_t naam = dosis_text_trim(field);
    size_t i = kolom_find(naam);

    if (++reading->fields > DOSIS_CSV_KOLOMMEN_MAX) {
        return;
    }
    reading->kop->kolommen = reading->fields;
    if (i == KOLOMMEN) {
        take_unknown(reading, naam);
        return;
    }
    if (reading->seen[i]) {
        report(reading, DOSIS_RULE_KOLOM_DUBBEL, kolommen[i].naam, NULL);
        return;
    }
    reading->seen[i] = true;
    reading->kop->kolom[reading->fields - 1] = &kolommen[i];
}


/* --- separator ----------------------------------------------------------- */

/*
 * The separator that was said, or the one that gives the most known columns;
 * the first one on a tie.
 */
static dosis_rc_t
separator_find(kop_reading_t *reading, dosis_slice_t line)
{
    size_t i;
    size_t most = 0;
    size_t used;
    dosis_csv_t csv = { .on_field = on_field_count, .payload = reading };

    if (!reading->said) {
        reading->kop->separator = separators[0];
    }
    for (i = 0; i < sizeof(separators); i++) {
        if (reading->said && separators[i] != reading->kop->separator) {
            continue;
        }
        csv.separator = separators[i];
        reading->known = 0;
        if (dosis_csv_record(&csv, line, &used) == DOSIS_ENOMEM) {
            return DOSIS_ENOMEM;
        }
        if (reading->known > most) {
            most = reading->known;
            reading->kop->separator = separators[i];
        }
    }
    reading->known = most;
    return DOSIS_OK;
}


/* --- what must be there -------------------------------------------------- */

/* Of each column: as strict as the mildest of all that holds it. */
static void
on_veld(const dosis_veld_t *veld, void *payload)
{
    dosis_veld_plicht_t *plicht = payload;
    size_t len = strlen(veld->pad);
    size_t i;

    for (i = 0; i < KOLOMMEN; i++) {
        const char *pad = kolommen[i].pad;

        if (strncmp(pad, veld->pad, len) != 0
            || (pad[len] != '\0' && pad[len] != '/')) {
            continue;
        }
        if (veld->plicht == DOSIS_VELD_MAG
            || (veld->plicht == DOSIS_VELD_MET_STATUS
                && plicht[i] == DOSIS_VELD_MOET)) {
            plicht[i] = veld->plicht;
        }
    }
}


/* Without a column for it, each row is a DossierStatus. */
static void
require(kop_reading_t *reading)
{
    dosis_veld_plicht_t plicht[KOLOMMEN];
    bool typed = reading->seen[kolom_find(DOSIS_SLICE("TypeDossier"))];
    size_t i;

    for (i = 0; i < KOLOMMEN; i++) {
        plicht[i] = DOSIS_VELD_MOET;
    }
    dosis_veld_each(on_veld, plicht);
    for (i = 0; i < KOLOMMEN; i++) {
        if (reading->seen[i] || plicht[i] == DOSIS_VELD_MAG) {
            continue;
        }
        report(reading,
            plicht[i] == DOSIS_VELD_MET_STATUS && typed
                ? DOSIS_RULE_KOLOM_STATUS
                : DOSIS_RULE_KOLOM_ONTBREEKT,
            kolommen[i].naam, NULL);
    }
}


/* --- the header ---------------------------------------------------------- */

static bool
ends_line(dosis_slice_t line, size_t used)
{
    return used > 0
        && (line.data[used - 1] == '\n' || line.data[used - 1] == '\r');
}


/* line: as much of the file as a header may have; cut: there is more. */
static dosis_rc_t
line_read(kop_reading_t *reading, dosis_slice_t line, bool cut)
{
    size_t used = 0;
    dosis_rc_t rc = separator_find(reading, line);
    dosis_csv_t csv = { .separator = reading->kop->separator,
        .on_field = on_field_take,
        .payload = reading };

    if (rc != DOSIS_OK) {
        return rc;
    }
    if (reading->known == 0) {
        report(reading, DOSIS_RULE_KOP_ONTBREEKT, "", NULL);
        return DOSIS_OK;
    }
    rc = dosis_csv_record(&csv, line, &used);
    if (rc == DOSIS_EFORMAT) {
        report(reading, DOSIS_RULE_KOP_AANHALING, "", NULL);
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK && cut && !ends_line(line, used)) {
        report_ceiling(
            reading, DOSIS_RULE_KOP_TE_LANG, "", DOSIS_CSV_KOP_MAX);
        return DOSIS_OK;
    }
    reading->kop->bytes += used;
    if (reading->fields > DOSIS_CSV_KOLOMMEN_MAX) {
        report_ceiling(reading, DOSIS_RULE_TE_VEEL_KOLOMMEN, "",
            DOSIS_CSV_KOLOMMEN_MAX);
    }
    require(reading);
    return rc;
}


dosis_rc_t
dosis_csv_kop_read(dosis_slice_t text, dosis_csv_kop_t *ret_kop,
    dosis_err_t *warnings, dosis_err_t *err)
{
    kop_reading_t reading = { .kop = ret_kop,
        .warnings = warnings,
        .err = err };
    dosis_slice_t line;
    bool known;
    dosis_rc_t rc;

    memset(ret_kop, 0, sizeof(*ret_kop));
    if (text.len == 0) {
        text = DOSIS_SLICE("");
    }
    known = codering_find(&reading, &text);
    line = text;
    line.len = line.len > DOSIS_CSV_KOP_MAX ? DOSIS_CSV_KOP_MAX : line.len;
    rc = known ? line_read(&reading, line, line.len < text.len) : DOSIS_OK;
    if (rc != DOSIS_OK) {
        return rc;
    }
    return dosis_err_any(err) ? DOSIS_EINPUT : DOSIS_OK;
}
