// SPDX-License-Identifier: EUPL-1.2
//
// Which language is spoken, and its texts: js/teksten has the same keys for
// both (t/browser checks that). The choice is remembered on this device.

import { nl } from './teksten/nl.js';
import { en } from './teksten/en.js';

const TEKSTEN = { nl, en };
const BEWAARD = 'dosis-taal';

let gekozen = 'nl';

// Storage may be closed to us (private windows): then nothing is remembered.
function onthouden() {
    try {
        return window.localStorage.getItem(BEWAARD);
    } catch {
        return null;
    }
}

export function beginTaal() {
    const vorige = onthouden();

    if (vorige !== null && Object.hasOwn(TEKSTEN, vorige)) {
        gekozen = vorige;
    }
    document.documentElement.lang = gekozen;
}

export function taal() {
    return gekozen;
}

export function kiesTaal(nieuw) {
    gekozen = nieuw;
    document.documentElement.lang = nieuw;
    try {
        window.localStorage.setItem(BEWAARD, nieuw);
    } catch {
        // it holds for as long as the page is open
    }
}

// The text of a key, with {naam} replaced by waarden.naam.
export function t(sleutel, waarden = {}) {
    const tekst = TEKSTEN[gekozen][sleutel] ?? TEKSTEN.nl[sleutel] ?? sleutel;

    return tekst.replace(/\{(\w+)\}/g,
        (geheel, naam) => waarden[naam] ?? geheel);
}

// One form for one thing, another for more: keys with .een and .meer.
export function tAantal(sleutel, aantal, waarden = {}) {
    return t(`${sleutel}.${aantal === 1 ? 'een' : 'meer'}`, waarden);
}
