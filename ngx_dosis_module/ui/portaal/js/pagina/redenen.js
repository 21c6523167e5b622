// SPDX-License-Identifier: EUPL-1.2
//
// What refused rows and warnings have in common: why, by column; and the
// button for the next rows of a table.

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

// haal(na): the next page, with its rows under naam; null: there is none.
export function meerKnop({ lijf, kolommen, haal, naam }, volgende) {
    if (volgende === null) {
        return null;
    }
    const knop = bouw('button', {
        type: 'button', class: 'knop tweede',
        async onclick() {
            const deel = await haal(volgende);
            const eerste = lijf.rows.length;
            voegRijenToe(lijf, kolommen, deel[naam]);
            knop.replaceWith(meerKnop({ lijf, kolommen, haal, naam },
                deel.Volgende) ?? '');
            // the button may be gone: go on where the new rows begin
            lijf.rows[eerste]?.cells[0].setAttribute('tabindex', '-1');
            lijf.rows[eerste]?.cells[0].focus();
        },
    }, t('knop.meer'));
    return knop;
}
