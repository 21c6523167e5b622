// SPDX-License-Identifier: EUPL-1.2
//
// The state of a delivered file as a word, with a sign and a colour beside it.

import { bouw } from '../bouw.js';
import { t } from '../taal.js';

const KLASSE = {
    Wachtend: 'rustig', Bezig: 'loopt', Klaar: 'goed', Mislukt: 'fout',
    Geannuleerd: 'rustig',
};

export function isBezig({ Toestand }) {
    return Toestand === 'Wachtend' || Toestand === 'Bezig';
}

function woord({ Toestand, Fouten }) {
    return Toestand === 'Klaar' && Fouten > 0 ? 'KlaarMetFouten' : Toestand;
}

export function toestandTekst(oplading) {
    return t(`toestand.${woord(oplading)}`);
}

export function toestandTeken(oplading) {
    const klasse = woord(oplading) === 'KlaarMetFouten'
        ? 'let' : KLASSE[oplading.Toestand] ?? 'rustig';

    return bouw('span', { class: `teken ${klasse}` }, toestandTekst(oplading));
}
