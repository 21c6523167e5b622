// SPDX-License-Identifier: EUPL-1.2
//
// What stands around every page: header, menu, footer, and the bar that tells
// that a session ends.

import { bouw, vervang } from './bouw.js';
import { kader, zeg } from './meldingen.js';
import { kiesTaal, t, taal } from './taal.js';

// scope: what the token must grant for it to be of use.
const MENU = [
    { naam: 'opladen', scope: 'DosisImport' },
    { naam: 'opladingen', scope: 'DosisImport' },
    { naam: 'dossiers', scope: 'DosisGebruiker' },
    { naam: 'beheer', scope: 'DosisBeheer' },
    { naam: 'hulp', scope: null },
];

export function magZien(naam, aanmelding) {
    const punt = MENU.find((een) => een.naam === naam);

    return punt === undefined || punt.scope === null
        || (aanmelding.aangemeld() && aanmelding.mag(punt.scope));
}

export function zichtbaar(aanmelding) {
    return MENU.map((punt) => punt.naam)
        .filter((naam) => magZien(naam, aanmelding));
}

function taalKnop(opTaal) {
    const andere = taal() === 'nl' ? 'en' : 'nl';

    return bouw('button', {
        type: 'button', class: 'knop-stil', lang: andere, id: 'taalknop',
        onclick() {
            kiesTaal(andere);
            opTaal();
            document.getElementById('taalknop').focus();
        },
    }, t('taal.andere'));
}

function wieKnop(aanmelding) {
    if (!aanmelding.mogelijk) {
        return null;
    }
    if (!aanmelding.aangemeld()) {
        return bouw('button', {
            type: 'button', class: 'knop klein',
            onclick: () => meldAan(aanmelding),
        }, t('aanmelden'));
    }
    return bouw('div', { class: 'wie' },
        bouw('span', { class: 'wie-naam' },
            bouw('span', { class: 'onzichtbaar' }, t('aangemeldAls'), ' '),
            aanmelding.naam()),
        bouw('button', {
            type: 'button', class: 'knop-stil',
            onclick: () => aanmelding.buiten(),
        }, t('afmelden')));
}

// The issuer may be away: then there is something to say, and the page stays.
export async function meldAan(aanmelding) {
    try {
        await aanmelding.binnen();
    } catch {
        toonZitting(kader('fout', t('aanmelden.mislukt'),
            bouw('p', {}, t('aanmelden.onbereikbaar'))));
        zeg(t('aanmelden.onbereikbaar'));
    }
}

function menu(aanmelding, huidig) {
    const punten = zichtbaar(aanmelding);

    return bouw('nav', { class: 'menu', 'aria-label': t('menu') },
        bouw('ul', {}, punten.map((naam) => bouw('li', {},
            bouw('a', {
                href: `#/${naam}`,
                'aria-current': naam === huidig ? 'page' : undefined,
            }, t(`menu.${naam}`))))));
}

export function toonSchil({ aanmelding, instellingen, huidig, opTaal }) {
    document.getElementById('spring').textContent = t('spring');
    vervang(document.getElementById('kop'),
        bouw('div', { class: 'kop-balk' },
            bouw('a', { class: 'merk', href: '#/' },
                bouw('span', { class: 'merk-naam' }, 'DOSIS'),
                bouw('span', { class: 'merk-uitleg' }, t('merk'))),
            instellingen.omgeving === '' ? null
                : bouw('span', { class: 'omgeving' }, instellingen.omgeving),
            bouw('div', { class: 'kop-rechts' },
                taalKnop(opTaal), wieKnop(aanmelding))),
        menu(aanmelding, huidig));
    vervang(document.getElementById('voet'),
        bouw('div', { class: 'voet-balk' },
            bouw('p', {}, t('voet')),
            bouw('ul', {},
                bouw('li', {}, bouw('a', { href: '#/hulp' }, t('menu.hulp'))),
                bouw('li', {}, bouw('a', { href: 'docs/' }, t('voet.api'))))));
}

export function toonZitting(element) {
    const plaats = document.getElementById('zitting');

    plaats.hidden = element === null;
    plaats.setAttribute('aria-label', t('zitting'));
    vervang(plaats, element);
}

// wat: as aanmelding.bij says. Nothing on the page is thrown away: what was
// filled in can still be read.
export function meldZitting(wat, aanmelding) {
    if (wat === 'vernieuwd') {
        toonZitting(null);
        return;
    }
    const soort = wat === 'verlopen' ? 'fout' : 'let';
    toonZitting(kader(soort, t(`zitting.${wat}`),
        bouw('p', {}, t(`zitting.${wat}.uitleg`)),
        bouw('button', {
            type: 'button', class: 'knop', onclick: () => meldAan(aanmelding),
        }, t('zitting.opnieuw'))));
    zeg(`${t(`zitting.${wat}`)} ${t(`zitting.${wat}.uitleg`)}`);
}
