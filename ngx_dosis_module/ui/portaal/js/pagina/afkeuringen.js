// SPDX-License-Identifier: EUPL-1.2
//
// The refused rows of a file: line, column, reason; and the same rows as a
// file to mend and send again. Behind them the dossiers that a whole file
// lacks. At most so many of each are kept by the server.

import { bewaarAls } from '../api.js';
import { bouw, vervang, vul } from '../bouw.js';
import { foutKader, kader, zeg } from '../meldingen.js';
import { getal } from '../opmaak.js';
import { tabel } from '../tabel.js';
import { t, tAantal } from '../taal.js';
import { meerKnop, redenen, voegRijen } from './redenen.js';
import { isBezig } from './toestand.js';

const PAGINA = 25;
const RIJ_TEKENS = 300;

// Enough to recognise it; all of it is in the file that can be downloaded.
function kort(tekst) {
    return tekst.length <= RIJ_TEKENS
        ? tekst : `${tekst.slice(0, RIJ_TEKENS)}…`;
}

function kolommen() {
    return [
        { kop: t('afkeuring.lijn'), klasse: 'getal kort',
            cel: (rij) => rij.LijnNummer },
        { kop: t('afkeuring.reden'), klasse: 'vanzelf',
            cel: (rij) => redenen(rij.Fouten) },
        { kop: t('afkeuring.rij'),
            cel: (rij) => bouw('code', { class: 'rij' }, kort(rij.Rij)) },
    ];
}

function csvKnop(omgeving, adres, naam, plaats) {
    return bouw('button', {
        type: 'button', class: 'knop',
        async onclick() {
            try {
                const blob = await omgeving.api.blob(`${adres}/fouten`,
                    'text/csv', omgeving.signaal);
                bewaarAls(blob, naam);
                zeg(t('afkeuring.opgehaald'));
            } catch (fout) {
                vervang(plaats, foutKader(fout));
            }
        },
    }, t('afkeuring.csv'));
}

// Nothing is seen of it before the first one.
function maakOntbrekend({ Volledig }) {
    const kop = bouw('summary');
    const lijst = bouw('ul', { class: 'nummers' });
    const element = bouw('details', { hidden: true }, kop, lijst);

    return { element, voeg(dossiers) {
        const nieuw = dossiers.map(({ DossierNummer }) =>
            bouw('li', {}, DossierNummer));

        lijst.append(...nieuw);
        kop.textContent = t('afkeuring.ontbrekend', {
            n: getal(lijst.children.length),
            totaal: getal(Volledig?.Ontbrekend ?? lijst.children.length),
        });
        element.hidden = lijst.children.length === 0;
        return nieuw[0];
    } };
}

function titel({ Fouten }) {
    return Fouten === 0 ? t('afkeuring.titel.geen')
        : tAantal('afkeuring.titel', Fouten, { n: getal(Fouten) });
}

// The name of the file that was sent, marked as what is left to mend.
function verslagNaam({ Bestand }) {
    const stam = (Bestand || 'dosis.csv').replace(/\.gz$/i, '')
        .replace(/\.[^.]*$/, '');

    return `${stam}-te-verbeteren.csv`;
}

export function maakAfkeuringen(omgeving, adres) {
    const element = bouw('div');
    let getoond = -1;    // number of refused rows when it was drawn

    async function haal(na) {
        return omgeving.api.json(`${adres}/fouten`, {
            vraag: [['na', na], ['limiet', PAGINA]],
            signaal: omgeving.signaal,
        });
    }

    function teken(deel, stand) {
        const plaats = bouw('div');
        const rijen = tabel({
            bijschrift: t('afkeuring.tabel'), kolommen: kolommen(),
            rijen: deel.Fouten, klasse: 'afkeuringen',
        });
        const bewaard = deel.Bewaard ?? stand.Fouten;
        const ontbrekend = maakOntbrekend(stand);
        const voeg = (meer) => {
            const rij = voegRijen(rijen.tBodies[0], kolommen(), meer.Fouten);
            const nummer = ontbrekend.voeg(meer.Ontbrekend);

            // asked for, so seen
            ontbrekend.element.open ||= nummer !== undefined;
            return rij ?? nummer;
        };

        ontbrekend.voeg(deel.Ontbrekend);
        vervang(element, bouw('section', { 'aria-labelledby': 'afkeuringen' },
            bouw('h2', { id: 'afkeuringen' }, titel(stand)),
            deel.Fouten.length === 0 ? null : [
                bouw('p', {}, t('afkeuring.uitleg')),
                bouw('div', { class: 'knoppen niet-afdrukken' },
                    csvKnop(omgeving, adres, verslagNaam(stand), plaats),
                    bouw('button', {
                        type: 'button', class: 'knop tweede',
                        onclick: () => window.print(),
                    }, t('knop.afdrukken'))),
                plaats,
                bewaard < stand.Fouten ? kader('let', t('afkeuring.nietAlle',
                    { n: getal(bewaard) })) : null,
                rijen],
            ontbrekend.element,
            meerKnop({ haal, voeg }, deel.Volgende)));
    }

    return {
        element,
        // while the run goes on the first ones are enough to see what is wrong
        async zet(stand) {
            const iets = stand.Fouten > 0
                || (stand.Volledig?.Ontbrekend ?? 0) > 0;
            const nieuw = isBezig(stand)
                ? getoond < 0 && stand.Fouten > 0
                : iets && getoond !== Infinity;
            if (!nieuw) {
                const kop = element.querySelector('h2');
                if (kop !== null) {
                    kop.textContent = titel(stand);
                }
                return;
            }
            getoond = isBezig(stand) ? stand.Fouten : Infinity;
            try {
                teken(await haal(null), stand);
            } catch (fout) {
                if (fout.name !== 'AbortError') {
                    vul(element, [foutKader(fout)]);
                }
            }
        },
    };
}
