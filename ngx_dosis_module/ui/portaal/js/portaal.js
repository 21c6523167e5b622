// SPDX-License-Identifier: EUPL-1.2
//
// Begins: settings, language, who is logged in; then shows the page that the
// address asks for, each time it changes.

import { beginAanmelding, zonderAanmelding } from './aanmelden.js';
import { maakApi, isAfgebroken } from './api.js';
import { bouw, vervang } from './bouw.js';
import { leesInstellingen } from './instellingen.js';
import { foutKader, kader, zeg } from './meldingen.js';
import {
    meldAan, meldZitting, magZien, toonSchil, toonZitting,
} from './schil.js';
import { beginTaal, t } from './taal.js';
import { leesWeg } from './weg.js';
import { bekijk } from './zending.js';

// Loaded when first needed: who only reads help needs no more.
const PAGINAS = {
    start: () => import('./pagina/start.js'),
    opladen: () => import('./pagina/opladen.js'),
    opladingen: () => import('./pagina/opladingen.js'),
    oplading: () => import('./pagina/oplading.js'),
    dossiers: () => import('./pagina/dossiers.js'),
    dossier: () => import('./pagina/dossier.js'),
    beheer: () => import('./pagina/beheer.js'),
    hulp: () => import('./pagina/hulp.js'),
};

// A page about one thing belongs to the menu item of the list.
const VAN_LIJST = {
    opladingen: 'oplading', dossiers: 'dossier', beheer: 'oplading',
};

let verlaten = new AbortController();
let eerste = true;

function vindPagina(weg) {
    const menu = weg.delen[0] ?? 'start';

    if (!Object.hasOwn(PAGINAS, menu)) {
        return { menu, naam: null };
    }
    return { menu, naam: weg.delen.length > 1 && VAN_LIJST[menu] !== undefined
        ? VAN_LIJST[menu] : menu };
}

function nietGevonden() {
    return [bouw('h1', { tabindex: '-1' }, t('nietGevonden')),
        bouw('p', {}, t('nietGevonden.uitleg'), ' ',
            bouw('a', { href: '#/' }, t('naarStart')))];
}

function eerstAanmelden(aanmelding) {
    const recht = aanmelding.aangemeld();

    return [bouw('h1', { tabindex: '-1' },
        t(recht ? 'geenRecht' : 'eerstAanmelden')),
    bouw('p', {}, t(recht ? 'geenRecht.uitleg' : 'eerstAanmelden.uitleg')),
    recht || !aanmelding.mogelijk ? null : bouw('button', {
        type: 'button', class: 'knop', onclick: () => meldAan(aanmelding),
    }, t('aanmelden'))];
}

// The heading gets the focus, so that a screen reader begins with the page;
// not at the first one, where the reader begins by itself.
function naTonen(inhoud, houdFocus) {
    const kop = inhoud.querySelector('h1');

    document.title = kop === null || kop.textContent === 'DOSIS'
        ? 'DOSIS' : `${kop.textContent} – DOSIS`;
    if (!eerste && !houdFocus) {
        window.scrollTo(0, 0);
        kop?.focus();
    }
    eerste = false;
}

async function toonPagina(omgeving, houdFocus = false) {
    const weg = leesWeg(window.location.hash);
    const { menu, naam } = vindPagina(weg);
    const inhoud = document.getElementById('inhoud');

    verlaten.abort();
    verlaten = new AbortController();
    const signaal = verlaten.signal;
    toonSchil({ ...omgeving, huidig: menu,
        opTaal: () => toonPagina(omgeving, true) });
    if (naam === null) {
        vervang(inhoud, nietGevonden());
    } else if (!magZien(menu, omgeving.aanmelding)) {
        vervang(inhoud, eerstAanmelden(omgeving.aanmelding));
    } else {
        await tekenPagina(naam, { ...omgeving, weg, signaal, inhoud });
    }
    if (!signaal.aborted) {
        naTonen(inhoud, houdFocus);
    }
}

// A page puts its heading there before it waits for anything.
async function tekenPagina(naam, omgeving) {
    try {
        const pagina = await PAGINAS[naam]();
        if (omgeving.signaal.aborted) {
            return;
        }
        vervang(omgeving.inhoud);
        pagina.toon(omgeving).catch((fout) => {
            if (!isAfgebroken(fout) && !omgeving.signaal.aborted) {
                omgeving.inhoud.append(foutKader(fout));
            }
        });
    } catch (fout) {
        vervang(omgeving.inhoud, bouw('h1', { tabindex: '-1' }, 'DOSIS'),
            foutKader(fout));
    }
}

// A file that arrives while another page is looked at is told there.
function letOpZending() {
    bekijk(({ stand, uploadId, bestand }) => {
        const elders = leesWeg(window.location.hash).delen[0] !== 'opladen';
        if (!elders || stand === 'bezig' || stand === 'geen') {
            return;
        }
        const goed = stand === 'ontvangen';
        const tekst = t(goed ? 'zending.klaar' : 'zending.nietKlaar',
            { naam: bestand.name });
        toonZitting(kader(goed ? 'goed' : 'fout', tekst, bouw('p', {},
            bouw('a', {
                href: goed ? `#/opladingen/${uploadId}` : '#/opladen',
                onclick: () => toonZitting(null),
            }, t('zending.bekijk')))));
        zeg(tekst);
    }, new AbortController().signal);
}

async function meldIn(instellingen) {
    if (instellingen.uitgever?.Adres === undefined
        || globalThis.oidc === undefined) {
        return zonderAanmelding();
    }
    return beginAanmelding(instellingen.uitgever);
}

async function begin() {
    beginTaal();
    const instellingen = await leesInstellingen();
    const aanmelding = await meldIn(instellingen);
    const omgeving = {
        instellingen, aanmelding, api: maakApi(aanmelding),
    };

    letOpZending();
    aanmelding.bij((wat) => meldZitting(wat, aanmelding));
    document.getElementById('spring').addEventListener('click', (klik) => {
        // the part behind the # is the route's
        klik.preventDefault();
        document.getElementById('inhoud').focus();
    });
    window.addEventListener('hashchange', () => toonPagina(omgeving));
    await toonPagina(omgeving);
}

begin().catch((fout) => {
    vervang(document.getElementById('inhoud'),
        bouw('h1', {}, 'DOSIS'),
        kader('fout', t('fout.begin'), bouw('p', {}, fout.message)));
});
