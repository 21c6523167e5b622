// SPDX-License-Identifier: EUPL-1.2
//
// *Hulp*: questions and answers, what a CSV file looks like, what phases and
// codes mean, whom to call. Its texts are in js/teksten/hulp.

import { bouw, termen, vul } from '../bouw.js';
import { KOLOMMEN } from '../kop.js';
import { CODES, codeNaam, codeUitleg, FASEN } from '../teksten/codes.js';
import { hulpTeksten } from '../teksten/hulp.js';
import { tabel } from '../tabel.js';
import { t, taal } from '../taal.js';

// A paragraph is text; a list is an array of texts.
function alinea(deel) {
    return Array.isArray(deel)
        ? bouw('ul', {}, deel.map((punt) => bouw('li', {}, punt)))
        : bouw('p', {}, deel);
}

function vragen(lijst) {
    return lijst.map(({ vraag, antwoord }) => bouw('details', {},
        bouw('summary', {}, vraag), antwoord.map(alinea)));
}

function deel(id, ...inhoud) {
    return bouw('section', { 'aria-labelledby': id },
        bouw('h2', { id, tabindex: '-1' }, t(`hulp.${id}`)), inhoud);
}

// A long table, on a narrow screen closed until it is asked for.
function uitklap(opties) {
    return bouw('details', {
        open: window.matchMedia('(width >= 56rem)').matches,
    }, bouw('summary', {}, opties.bijschrift), tabel(opties));
}

function codeTabel(bijschrift, codes) {
    return uitklap({
        bijschrift,
        kolommen: [
            { kop: t('hulp.naam'), cel: codeNaam },
            { kop: t('hulp.betekenis'), cel: codeUitleg },
            { kop: t('hulp.inBestand'),
                cel: (code) => bouw('code', {}, code) },
        ],
        rijen: codes,
    });
}

function kolomTabel(uitleg) {
    return uitklap({
        bijschrift: t('hulp.kolommen'),
        kolommen: [
            { kop: t('hulp.kolom'), cel: (naam) => bouw('code', {}, naam) },
            { kop: t('hulp.verplicht'), cel: (naam) =>
                t(uitleg[naam]?.verplicht ?? 'nee') },
            { kop: t('hulp.betekenis'), cel: (naam) =>
                uitleg[naam]?.tekst ?? '' },
        ],
        rijen: KOLOMMEN,
    });
}

function contact({ Naam, Email, Telefoon, Website }) {
    return termen([
        [t('contact.naam'), Naam],
        [t('contact.email'), Email && bouw('a',
            { href: `mailto:${Email}` }, Email)],
        [t('contact.telefoon'), Telefoon && bouw('a',
            { href: `tel:${Telefoon.replace(/[^\d+]/g, '')}` }, Telefoon)],
        [t('contact.website'), Website && bouw('a',
            { href: Website, rel: 'noopener noreferrer' }, Website)]]);
}

function inhoudstafel(namen) {
    return bouw('nav', { class: 'tafel', 'aria-label': t('hulp.inhoud') },
        bouw('ul', {}, namen.map((naam) => bouw('li', {}, bouw('a',
            { href: `#/hulp/${naam}` }, t(`hulp.${naam}`))))));
}

// #/hulp/csv begins at that part.
function ganaar(inhoud, naam) {
    const kop = naam === undefined ? null
        : inhoud.querySelector(`#${CSS.escape(naam)}`);

    if (kop !== null) {
        // after the page put its focus on the heading
        setTimeout(() => {
            kop.scrollIntoView();
            kop.focus();
        }, 0);
    }
}

export async function toon({ inhoud, instellingen, weg }) {
    const teksten = hulpTeksten(taal());

    vul(inhoud, [
        bouw('h1', { tabindex: '-1' }, t('menu.hulp')),
        inhoudstafel(['vragen', 'csv', 'fasen', 'contact']),
        deel('vragen', vragen(teksten.vragen)),
        deel('csv', teksten.csvInleiding.map(alinea),
            vragen(teksten.csv), kolomTabel(teksten.kolommen)),
        deel('fasen', bouw('p', {}, t('hulp.fasen.uitleg')),
            codeTabel(t('hulp.fasen.tabel'), FASEN),
            codeTabel(t('hulp.codes.tabel'), CODES)),
        deel('contact', bouw('p', {}, t('hulp.contact.uitleg')),
            contact(instellingen.contact)),
    ]);
    ganaar(inhoud, weg.delen[1]);
}
