// SPDX-License-Identifier: EUPL-1.2
//
// Phases and codes in words, in both languages; what they mean is as in
// conf/codelijsten. A code that is not here is shown as it was delivered.

import { taal } from '../taal.js';

// code: [Dutch name, Dutch meaning, English name, English meaning]
const WOORDEN = {
    Samenstelling: ['Samenstelling', 'De gegevens worden verzameld zodat het dossier geldig behandeld kan worden.', 'Preparation', 'The data are gathered so that the case can validly be handled.'],
    Behandeling: ['Behandeling', 'De overheid verwerkt en beoordeelt het dossier.', 'Handling', 'The authority processes and judges the case.'],
    Beslissing: ['Beslissing', 'Een formele beslissing wordt genomen en bekendgemaakt.', 'Decision', 'A formal decision is taken and announced.'],
    Uitvoering: ['Uitvoering', 'De handelingen die uit de beslissing volgen, worden uitgevoerd.', 'Execution', 'The acts that follow from the decision are carried out.'],
    Afgerond: ['Afgerond', 'Eindpunt: alles is afgehandeld.', 'Completed', 'The end: everything is done.'],
    Geinitieerd: ['Geïnitieerd', 'Het dossier is aangemaakt.', 'Initiated', 'The case was created.'],
    Aangevraagd: ['Aangevraagd', 'De aanvraag is gedaan.', 'Requested', 'The request was made.'],
    Ingediend: ['Ingediend', 'Het dossier is ingediend.', 'Submitted', 'The case was submitted.'],
    DossierOnvolledig: ['Dossier onvolledig', 'Er ontbreken gegevens of stukken.', 'Incomplete', 'Data or documents are missing.'],
    DossierVolledig: ['Dossier volledig', 'Het dossier is volledig.', 'Complete', 'The case is complete.'],
    Ontvankelijk: ['Ontvankelijk', 'Het dossier is ontvankelijk verklaard.', 'Admissible', 'The case was declared admissible.'],
    OnOntvankelijk: ['Niet ontvankelijk', 'Het dossier is niet ontvankelijk verklaard.', 'Inadmissible', 'The case was declared inadmissible.'],
    InBehandeling: ['In behandeling', 'Het dossier wordt behandeld.', 'Being handled', 'The case is being handled.'],
    KlaarVoorBeslissing: ['Klaar voor beslissing', 'Het dossier is klaar voor een beslissing.', 'Ready for decision', 'The case is ready for a decision.'],
    InWacht: ['In wacht', 'Het dossier wacht.', 'On hold', 'The case waits.'],
    Beslist: ['Beslist', 'Er is een beslissing genomen.', 'Decided', 'A decision was taken.'],
    Goedgekeurd: ['Goedgekeurd', 'De aanvraag is goedgekeurd.', 'Approved', 'The request was approved.'],
    Stopgezet: ['Stopgezet', 'Het dossier is stopgezet.', 'Stopped', 'The case was stopped.'],
    Stopzetting: ['Stopzetting', 'Het dossier wordt stopgezet.', 'Being stopped', 'The case is being stopped.'],
    Geweigerd: ['Geweigerd', 'De aanvraag is geweigerd.', 'Refused', 'The request was refused.'],
    KlaarVoorBetaling: ['Klaar voor betaling', 'De betaling kan gebeuren.', 'Ready for payment', 'The payment can be made.'],
    Betaald: ['Betaald', 'Het bedrag is betaald.', 'Paid', 'The amount was paid.'],
    DeelsUitbetaald: ['Deels uitbetaald', 'Een deel van het bedrag is uitbetaald.', 'Partly paid', 'Part of the amount was paid.'],
    Uitgevoerd: ['Uitgevoerd', 'De beslissing is uitgevoerd.', 'Carried out', 'The decision was carried out.'],
    ErkendVergund: ['Erkend of vergund', 'De erkenning of vergunning is verleend.', 'Recognised or permitted', 'The recognition or permit was granted.'],
    DeelsGoedgekeurd: ['Deels goedgekeurd', 'De aanvraag is gedeeltelijk goedgekeurd.', 'Partly approved', 'The request was approved in part.'],
    Ontvangen: ['Ontvangen', 'Het dossier is ontvangen.', 'Received', 'The case was received.'],
    Beroep: ['Beroep', 'Tegen de beslissing loopt een beroep.', 'Appeal', 'The decision is being appealed.'],
    Bezwaar: ['Bezwaar', 'Er is bezwaar ingediend.', 'Objection', 'An objection was made.'],
    BeslissingGepubliceerd: ['Beslissing gepubliceerd', 'De beslissing is gepubliceerd.', 'Decision published', 'The decision was published.'],
    ErkenningOfVergunningIngetrokken: ['Erkenning of vergunning ingetrokken', 'De erkenning of vergunning is ingetrokken.', 'Recognition or permit withdrawn', 'The recognition or permit was withdrawn.'],
    Terugbetaald: ['Terugbetaald', 'Het bedrag is terugbetaald.', 'Paid back', 'The amount was paid back.'],
    TerugvorderingBetaling: ['Terugvordering van een betaling', 'De betaling wordt teruggevorderd.', 'Payment reclaimed', 'The payment is being reclaimed.'],
};

// The other list calls the same by another name.
const OOK = {
    Onontvankelijk: 'OnOntvankelijk',
    InVerwerking: 'InBehandeling',
    ErkendOfVergund: 'ErkendVergund',
};

export const FASEN = ['Samenstelling', 'Behandeling', 'Beslissing', 'Beroep',
    'Uitvoering', 'Afgerond'];

export const CODES = Object.keys(WOORDEN)
    .filter((code) => !FASEN.includes(code) || code === 'Beroep');

function woorden(code) {
    return Object.hasOwn(WOORDEN, OOK[code] ?? code)
        ? WOORDEN[OOK[code] ?? code] : null;
}

export function codeNaam(code) {
    const gevonden = woorden(code);

    return gevonden === null ? code ?? '' : gevonden[taal() === 'en' ? 2 : 0];
}

export function codeUitleg(code) {
    const gevonden = woorden(code);

    return gevonden === null ? '' : gevonden[taal() === 'en' ? 3 : 1];
}
