// SPDX-License-Identifier: EUPL-1.2
//
// What the beginning of a CSV file tells before it is sent: encoding,
// separator, columns, first rows. Pure: also for node. The server checks the
// same again (engine/domain/dosis_csv_kop.c); here it saves somebody the
// sending of a file that cannot be right.

import { leesRecords } from './csv.js';

// As in api.md 3; the template of the server, when it can be had, has the
// last word on what is known.
export const KOLOMMEN = [
    'Bron', 'DossierNummer', 'UploadId', 'Naam', 'WijzigingsDatum',
    'TypeDossier', 'StatusVlaamsFase', 'StatusVlaamsCode', 'StatusDetail1',
    'StatusDetail2', 'StatusEDRL', 'StatusActieNodig', 'StatusActie',
    'StatusActieVoor', 'StreefDatum', 'IsPubliek', 'IsVertrouwelijk',
    'Doorverwijzing', 'ProductId', 'AgentIdentificatie', 'Toegangsrechten',
    'AgentRol', 'DossierBeheerderNaam', 'DossierBeheerderDienst',
    'DossierBeheerderTelefoon', 'DossierBeheerderEmail',
    'DossierBeheerderWebsite',
];

const VERPLICHT = ['Bron', 'DossierNummer', 'Naam', 'AgentIdentificatie'];

// Required too, unless TypeDossier may say that a row has no status.
const VAN_STATUS = ['WijzigingsDatum', 'StatusVlaamsFase', 'StatusVlaamsCode'];

// The report of refused rows adds it; sending that back is no mistake.
const VAN_VERSLAG = 'Fout';

const TEKENS = [';', ',', '\t'];
const VOORBEELDEN = 5;
const KOLOMMEN_MAX = 100;

// The encoding of bytes that may stop in the middle of a character, and the
// text: { codering, tekst }. codering null: none of those that are taken.
export function ontcijfer(bytes, einde) {
    if ((bytes[0] === 0xFF && bytes[1] === 0xFE)
        || (bytes[0] === 0xFE && bytes[1] === 0xFF)) {
        return { codering: null, reden: 'utf16', tekst: '' };
    }
    if (bytes.includes(0)) {
        return { codering: null, reden: 'binair', tekst: '' };
    }

    const merk = bytes[0] === 0xEF && bytes[1] === 0xBB && bytes[2] === 0xBF;
    try {
        const tekst = new TextDecoder('utf-8', { fatal: true })
            .decode(bytes, { stream: !einde });
        return { codering: merk ? 'UTF-8 (BOM)' : 'UTF-8', tekst };
    } catch {
        if (merk) {
            return { codering: null, reden: 'codering', tekst: '' };
        }
    }
    return {
        codering: 'Windows-1252',
        tekst: new TextDecoder('windows-1252').decode(bytes),
    };
}

function klein(namen) {
    return new Set(namen.map((naam) => naam.toLowerCase()));
}

// The line that Excel understands: it says the separator, and is passed over.
const SEP = /^sep=([;,\t])(?:\r\n?|\n)/i;

// The one that gives the most known columns; the first one on a tie.
function vindTeken(tekst, gekend, tekens) {
    let beste = { teken: tekens[0], aantal: 0, namen: [] };

    for (const teken of tekens) {
        const [namen = []] = leesRecords(tekst, teken, 1, true);
        const aantal = namen
            .filter((naam) => gekend.has(naam.trim().toLowerCase())).length;
        if (aantal > beste.aantal) {
            beste = { teken, aantal, namen };
        }
    }
    return beste;
}

function dubbele(namen) {
    return namen.filter((naam, plaats) => namen.findIndex(
        (ander) => ander.toLowerCase() === naam.toLowerCase()) < plaats);
}

// What is wrong with the names, as { soort, namen }; soort is a key of
// js/teksten: kop.<soort>.
function beoordeel(namen, gekend) {
    const er = klein(namen);
    const fouten = [];
    const waarschuwingen = [];
    const zonder = (lijst) =>
        lijst.filter((naam) => !er.has(naam.toLowerCase()));
    const meld = (naar, soort, lijst) => {
        if (lijst.length > 0) {
            naar.push({ soort, namen: lijst });
        }
    };

    const ontbreekt = zonder(VERPLICHT);
    const status = zonder(VAN_STATUS);
    if (er.has('typedossier')) {
        meld(waarschuwingen, 'statusOntbreekt', status);
    } else {
        ontbreekt.push(...status);
    }
    meld(fouten, 'ontbreekt', ontbreekt);
    meld(fouten, 'dubbel', dubbele(
        namen.filter((naam) => gekend.has(naam.toLowerCase()))));
    if (namen.length > KOLOMMEN_MAX) {
        meld(fouten, 'teVeel', [String(namen.length)]);
    }
    meld(waarschuwingen, 'onbekend', namen.filter((naam) => naam !== ''
        && !gekend.has(naam.toLowerCase())
        && naam.toLowerCase() !== VAN_VERSLAG.toLowerCase()));
    meld(waarschuwingen, 'zonderNaam', namen.map((naam, plaats) =>
        (naam === '' ? String(plaats + 1) : '')).filter((n) => n !== ''));
    return { fouten, waarschuwingen };
}

function mislukt(codering, soort) {
    return {
        codering, teken: null, kolommen: [], rijen: [],
        fouten: [{ soort, namen: [] }], waarschuwingen: [],
    };
}

// bytes: the beginning of the file; einde: and that is all of it.
export function keurKop(bytes, einde, kolommen = KOLOMMEN) {
    if (bytes.length === 0) {
        return mislukt(null, 'leeg');
    }

    const { codering, reden, tekst: alles } = ontcijfer(bytes, einde);
    if (codering === null) {
        return mislukt(null, reden);
    }

    const gekend = klein(kolommen);
    const gezegd = SEP.exec(alles);
    const tekst = gezegd ? alles.slice(gezegd[0].length) : alles;
    const { teken, aantal, namen } = vindTeken(
        tekst, gekend, gezegd ? [gezegd[1]] : TEKENS);
    if (aantal === 0) {
        return mislukt(codering, 'geenKop');
    }

    const schoon = namen.map((naam) => naam.trim());
    const records = leesRecords(tekst, teken, VOORBEELDEN + 1, einde);
    const { fouten, waarschuwingen } = beoordeel(schoon, gekend);
    if (records.length < 2 && einde) {
        fouten.push({ soort: 'geenRijen', namen: [] });
    }
    return {
        codering, teken, kolommen: schoon, rijen: records.slice(1),
        fouten, waarschuwingen,
    };
}
