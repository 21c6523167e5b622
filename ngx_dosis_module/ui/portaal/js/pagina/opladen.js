// SPDX-License-Identifier: EUPL-1.2
//
// *Opladen*: choose a file, see whether its header can be right, choose how,
// send it. The choice is kept while other pages are looked at.

import { bewaarAls } from '../api.js';
import { leesBegin } from '../bestand.js';
import { bouw, vervang, vul } from '../bouw.js';
import { keurKop, KOLOMMEN } from '../kop.js';
import { leesRecords } from '../csv.js';
import { foutKader, kader, zeg } from '../meldingen.js';
import { t } from '../taal.js';
import { grootte } from '../opmaak.js';
import { bekijk, verstuur, vergeet, zending } from '../zending.js';
import { bestandsveld } from './opladen_bestand.js';
import { toonKeuring } from './opladen_keuring.js';
import { haalBronnen, keuzes } from './opladen_keuzes.js';
import { toonZending } from './opladen_zending.js';

let gekozen = null;    // { bestand, keuring, gzip, bronnen }

// What the server knows today; the list we came with when it cannot say.
async function gekendeKolommen(api, signaal) {
    try {
        const antwoord = await api.roep('sjabloon.csv',
            { koppen: { Accept: 'text/csv' }, signaal });
        const [namen] = leesRecords(
            (await antwoord.text()).replace(/^\uFEFF/, ''), ';', 1, true);
        return namen.length > 1 ? namen : KOLOMMEN;
    } catch {
        return KOLOMMEN;
    }
}

async function keur(bestand, { kolommen, bronnen }) {
    const { bytes, einde, gzip } = await leesBegin(bestand);

    return { bestand, gzip, bronnen: await bronnen,
        keuring: keurKop(bytes, einde, await kolommen) };
}

function sjabloonKnop(api, plaats) {
    return bouw('button', {
        type: 'button', class: 'knop-link',
        async onclick() {
            try {
                bewaarAls(await api.blob('sjabloon.csv', 'text/csv'),
                    'dosis-sjabloon.csv');
            } catch (fout) {
                vervang(plaats, foutKader(fout));
            }
        },
    }, t('opladen.sjabloon'));
}

function inleiding(api) {
    const plaats = bouw('div');

    return [
        bouw('h1', { tabindex: '-1' }, t('menu.opladen')),
        bouw('p', { class: 'inleiding' }, t('opladen.inleiding')),
        bouw('p', {}, sjabloonKnop(api, plaats), ' · ',
            bouw('a', { href: '#/hulp/csv' }, t('opladen.uitlegCsv'))),
        plaats,
    ];
}

function overBestand({ bestand, gzip }) {
    return bouw('p', { class: 'bestand' },
        bouw('strong', {}, bestand.name), ' ',
        bouw('span', { class: 'stil' }, grootte(bestand.size),
            gzip ? ` · ${t('opladen.gzip')}` : ''));
}

// Steps that come up as they can be done: look at the file, choose, send.
function toonStappen(plaats, omgeving) {
    const goed = gekozen.keuring.fouten.length === 0;

    vervang(plaats,
        bouw('section', { 'aria-labelledby': 'stap-keuring' },
            bouw('h2', { id: 'stap-keuring', tabindex: '-1' }, t('opladen.keuring')),
            overBestand(gekozen), toonKeuring(gekozen.keuring)),
        goed ? keuzes(gekozen.bronnen, (keuze) => verstuur(omgeving.aanmelding,
            gekozen.bestand, keuze)) : kader('fout', t('opladen.nietKlaar'),
            bouw('p', {}, t('opladen.nietKlaar.uitleg'))));
    zeg(t(goed ? 'opladen.gekeurd' : 'opladen.afgekeurd',
        { naam: gekozen.bestand.name }));
}

async function neem(bestand, plaats, omgeving) {
    vergeet();
    try {
        gekozen = await keur(bestand, omgeving);
        toonStappen(plaats, omgeving);
    } catch (fout) {
        // a file that was moved or may not be read
        gekozen = null;
        vervang(plaats, kader('fout', t('opladen.onleesbaar'),
            bouw('p', {}, fout.message)));
    }
}

// What the parts of the page ask of each other.
function maakHandelingen(omgeving, { kiezen, stappen, sturen }) {
    const hier = {
        ...omgeving,
        kolommen: gekendeKolommen(omgeving.api, omgeving.signaal),
        bronnen: haalBronnen(omgeving.api, omgeving.signaal),
        meter: null,
        teken() {
            const vrij = zending().stand === 'geen';
            hier.meter = null;
            kiezen.hidden = !vrij;
            stappen.hidden = !vrij;
            toonZending(sturen, hier);
        },
        leeg() {
            vergeet();
            gekozen = null;
            vervang(stappen);
        },
        nieuw() {
            hier.leeg();
            hier.teken();
            kiezen.querySelector('input').focus();
        },
        opnieuw() {
            verstuur(omgeving.aanmelding, zending().bestand, zending().keuze);
        },
        terug() {
            vergeet();
            hier.teken();
            stappen.querySelector('h2').focus();
        },
    };
    return hier;
}

export async function toon(omgeving) {
    const { inhoud, api, signaal } = omgeving;
    const plaatsen = {
        kiezen: bouw('div'), stappen: bouw('div', { class: 'stappen' }),
        sturen: bouw('div'),
    };
    const hier = maakHandelingen(omgeving, plaatsen);

    if (zending().stand === 'ontvangen') {
        // it arrived while another page was looked at, and that was told
        hier.leeg();
    }
    vul(plaatsen.kiezen, [bestandsveld(
        (bestand) => neem(bestand, plaatsen.stappen, hier))]);
    vul(inhoud, [inleiding(api), ...Object.values(plaatsen)]);
    if (gekozen !== null) {
        toonStappen(plaatsen.stappen, hier);
    }
    bekijk((nu) => {
        if (nu.stand === 'bezig' && hier.meter !== null) {
            hier.meter.zet(nu);
        } else if (nu.stand === 'geen') {
            hier.terug();
        } else {
            hier.teken();
        }
    }, signaal);
    hier.teken();
}
