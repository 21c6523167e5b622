// SPDX-License-Identifier: EUPL-1.2
//
// What is told to the person: boxes on the page, and the live region that a
// screen reader speaks. Texts of the server are Dutch, and are marked so.

import { bouw, vul } from './bouw.js';
import { t } from './taal.js';

const SOORTEN = {
    goed: 'melding.goed', let: 'melding.let', fout: 'melding.fout',
    weet: 'melding.weet',
};

// The word in front says what the colour says.
export function kader(soort, titel, ...inhoud) {
    return vul(bouw('div', { class: `kader ${soort}` },
        bouw('p', { class: 'kader-titel' },
            bouw('span', { class: 'kader-soort' }, t(SOORTEN[soort])),
            ' ', titel)),
    inhoud);
}

// The region stands in index.html from the start, or it would not be spoken.
export function zeg(tekst) {
    const gebied = document.getElementById('gemeld');

    gebied.textContent = '';
    // the same text twice would else not be a change
    setTimeout(() => {
        gebied.textContent = tekst;
    }, 50);
}

export function nederlands(tekst) {
    return bouw('span', { lang: 'nl' }, tekst);
}

function titelVan(fout) {
    const bekend = `fout.${fout.status}`;
    const tekst = t(bekend);

    return tekst === bekend ? t('fout.algemeen') : tekst;
}

function probleemRegel(probleem) {
    const plaats = [
        probleem.field ? t('fout.veld', { veld: probleem.field }) : '',
        probleem.line ? t('fout.lijn', { lijn: probleem.line }) : '',
    ].filter((deel) => deel !== '').join(', ');

    return bouw('li', {},
        plaats === '' ? null : bouw('strong', {}, `${plaats}: `),
        nederlands(probleem.message ?? probleem.description ?? ''),
        probleem.code
            ? bouw('span', { class: 'code' }, ` (${probleem.code})`) : null);
}

// Everything the answer said, and the number that support asks for.
export function foutKader(fout, opnieuw) {
    const problemen = fout.probleem?.errors ?? [];
    // that it is wrong is the title already; what is wrong is the list
    const detail = problemen.length > 0 && fout.status === 400
        ? null : fout.probleem?.detail ?? fout.message;
    const element = kader('fout', titelVan(fout),
        detail ? bouw('p', {}, nederlands(detail)) : null,
        problemen.length === 0 ? null
            : bouw('ul', {}, problemen.map(probleemRegel)),
        fout.aanvraag
            ? bouw('p', { class: 'klein' }, t('fout.aanvraag'), ' ',
                bouw('code', {}, fout.aanvraag)) : null,
        opnieuw === undefined ? null : bouw('button', {
            type: 'button', class: 'knop', onclick: opnieuw,
        }, t('knop.opnieuw')));

    element.setAttribute('role', 'alert');
    return element;
}

export function bezig(tekst = t('bezig')) {
    return bouw('p', { class: 'bezig', role: 'status' }, tekst);
}
