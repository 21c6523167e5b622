// SPDX-License-Identifier: EUPL-1.2

export const hulp = {
    vragen: [
        { vraag: 'What is DOSIS?', antwoord: [
            'DOSIS is the case status information system. Of each case (dossier) with a Flemish or local authority it gathers a minimum: that it exists, how far it is, and where the rest can be found.',
            'Counters, websites and apps fetch that with an API. A citizen or enterprise then sees all cases in one place.'] },
        { vraag: 'For whom is DOSIS?', antwoord: [[
            'For counters that want to show their visitors a complete, current overview.',
            'For agencies and local authorities that want to make the status of their cases known.']] },
        { vraag: 'How do statuses come into DOSIS?', antwoord: [
            'Each source delivers them itself:', [
                'with the API, case by case, at the moment that something changes;',
                'with a CSV file through the same API, every night for instance;',
                'with a CSV file on this portal, for a first load for instance.']] },
        { vraag: 'How current is a status?', antwoord: [
            'As current as the source can deliver: at once if possible, every night otherwise. A list says which sources were not heard for some time.'] },
        { vraag: 'My application has other statuses. How can that be?', antwoord: [
            'DOSIS shows a phase and a code that mean the same over all sources. You deliver the words of your own application in StatusDetail1; they are shown beside them. StatusDetail2 is internal and is never shown to a citizen or enterprise.'] },
        { vraag: 'What has IPDC to do with it?', antwoord: [
            'IPDC is the catalogue of products and services. A case is the use of such a product; its number stands in ProductId.'] },
        { vraag: 'Who can see a case?', antwoord: [
            'The source decides that, for each case: who is a party, and which right is needed. Most cases are visible to the enterprise or citizen concerned only. DOSIS never gives away more.'] },
        { vraag: 'Are there sensitive data in DOSIS?', antwoord: [
            'Only what is needed to show a case to whom it concerns. Its content stays with the source.',
            'Everything is encrypted, at rest and on its way. Who looked at a case is recorded.'] },
        { vraag: 'How does clicking through to the source work?', antwoord: [
            '“Open the case at its source” takes you to the application of the agency, with your identity and rights. The link works once, within a minute. Some sources ask you to log in again.'] },
        { vraag: 'How do I connect?', antwoord: [
            'Contact the help desk; you will be guided. Its details are at the end of this page.'] },
    ],
    csvInleiding: [
        'A file has the names of the columns on its first line, and below that a row for each case and each party. Begin with the template on the page Upload.'],
    csv: [
        { vraag: 'Which format?', antwoord: [[
            'Encoding UTF-8 (with or without BOM) or Windows-1252.',
            'Separator semicolon, comma or tab; DOSIS recognises it.',
            'A value with a separator, a quote or a line end stands in double quotes.',
            'Packed with gzip is fine; a zip file is not.',
            'Rows of one case stand below each other.']] },
        { vraag: 'I make the file with Excel', antwoord: [[
            'Give columns with numbers the format Text first, and fill them in afterwards: else leading zeros go (0123456749 becomes 123456749) and a national register number becomes something like 8.5E+10.',
            'A CSV file that is there already: open it with Data, From Text/CSV, and choose Text for those columns. With a double click the zeros are lost.',
            'Sort by Bron and DossierNummer: rows of one case have to stand below each other.',
            'Save with Save as, “CSV UTF-8 (Comma delimited)”. If something like 8.5E+10 is in the file already, its digits are gone: take it from your application again.']] },
        { vraag: 'How do I write dates, yes and no, and rights?', antwoord: [[
            'Dates as 2026-11-20 or 2026-11-20T11:16:50, in Belgian time.',
            'Yes and no as true and false.',
            'More than one right in a cell: with | between them.']] },
        { vraag: 'A case has more than one party', antwoord: [
            'Write a row for each party, below each other. Rows of the same case that do not stand together are each a new delivery: the last one counts.'] },
        { vraag: 'What happens to a wrong row?', antwoord: [
            'It is refused; the other rows are taken. For each row you see the line, the column and the reason, and you can download the refused rows as CSV, mend them and upload them again.'] },
        { vraag: 'What is a trial?', antwoord: [
            'DOSIS reads the whole file and makes the same report, but stores nothing of its rows.'] },
        { vraag: 'What is a whole file?', antwoord: [
            'A file with all cases of one source at one moment, the reference moment. DOSIS then reports which cases are missing, and withdraws them if you ask for it.',
            'To be safe nothing is withdrawn when one key cannot be read, or when too many cases are missing.'] },
        { vraag: 'The connection was lost. What now?', antwoord: [
            'While sending: send again; the same upload is never done twice. Later: DOSIS goes on, even when you log out. Look at My uploads.'] },
    ],
    kolommen: {
        Bron: { verplicht: 'ja', tekst: 'The URI of the source, urn://agency/application for instance.' },
        DossierNummer: { verplicht: 'ja', tekst: 'The number of the case, unique within its source.' },
        UploadId: { tekst: 'A UUID for this delivery; DOSIS makes one itself.' },
        Naam: { verplicht: 'ja', tekst: 'The name of the case, as a citizen understands it.' },
        WijzigingsDatum: { verplicht: 'hulp.metStatus', tekst: 'When the case last changed.' },
        TypeDossier: { tekst: 'DossierStatus (mostly), DossierVerwijzing or DossierCluster.' },
        StatusVlaamsFase: { verplicht: 'hulp.metStatus', tekst: 'A phase, see below.' },
        StatusVlaamsCode: { verplicht: 'hulp.metStatus', tekst: 'A code, see below.' },
        StatusDetail1: { tekst: 'The status in your own words; visible.' },
        StatusDetail2: { tekst: 'Internal status; not visible to a citizen or enterprise.' },
        StatusEDRL: { tekst: 'Status of the EU Services Directive.' },
        StatusActieNodig: { tekst: 'true when something is asked of the party.' },
        StatusActie: { tekst: 'What is asked.' },
        StatusActieVoor: { tekst: 'By when.' },
        StreefDatum: { tekst: 'When the case should be finished.' },
        IsPubliek: { tekst: 'true when everybody may see it.' },
        IsVertrouwelijk: { tekst: 'true when a stronger log-in is needed.' },
        Doorverwijzing: { tekst: 'The https address of the case in your application.' },
        ProductId: { tekst: 'The number of the product in IPDC.' },
        AgentIdentificatie: { verplicht: 'ja', tekst: 'Who is a party: enterprise, establishment or national register number, association code or OVO code.' },
        Toegangsrechten: { tekst: 'Which rights give access, with | between them.' },
        AgentRol: { tekst: 'The role of the party, Aanvrager for instance.' },
        DossierBeheerderNaam: { tekst: 'Who handles the case.' },
        DossierBeheerderDienst: { tekst: 'The service.' },
        DossierBeheerderTelefoon: { tekst: 'Telephone number.' },
        DossierBeheerderEmail: { tekst: 'E-mail address.' },
        DossierBeheerderWebsite: { tekst: 'Website.' },
    },
};
