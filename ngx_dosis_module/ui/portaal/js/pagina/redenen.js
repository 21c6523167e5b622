// SPDX-License-Identifier: EUPL-1.2
//
// What refused rows and warnings have in common: why, by column; and the
// button for more of them.

import { bouw } from '../bouw.js';
import { nederlands } from '../meldingen.js';
import { voegRijenToe } from '../tabel.js';
import { t } from '../taal.js';

export function redenen(lijst) {
    return bouw('ul', { class: 'redenen' }, lijst.map((reden) =>
        bouw('li', {},
            reden.Veld ? bouw('strong', {}, `${reden.Veld}: `) : null,
            nederlands(reden.Omschrijving),
            bouw('span', { class: 'code' }, ` (${reden.Code})`))));
}

// Adds rows to a table; the first new cell, or undefined.
export function voegRijen(lijf, kolommen, rijen) {
    const eerste = lijf.rows.length;

    voegRijenToe(lijf, kolommen, rijen);
    return lijf.rows[eerste]?.cells[0];
}

// haal(na): the next part; voeg(deel) adds it, and returns what is new.
export function meerKnop({ haal, voeg }, volgende) {
    if (volgende === null) {
        return null;
    }
    const knop = bouw('button', {
        type: 'button', class: 'knop tweede',
        async onclick() {
            const deel = await haal(volgende);
            const nieuw = voeg(deel);
            knop.replaceWith(meerKnop({ haal, voeg }, deel.Volgende) ?? '');
            // the button may be gone: go on where the new rows begin
            nieuw?.setAttribute('tabindex', '-1');
            nieuw?.focus();
        },
    }, t('knop.meer'));
    return knop;
}
