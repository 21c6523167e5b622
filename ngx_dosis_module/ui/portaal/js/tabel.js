// SPDX-License-Identifier: EUPL-1.2
//
// A table with a caption and scopes. On a narrow screen each row becomes a
// block, with the name of its column before each cell (portaal.css); the
// roles are written out, for `display: block` takes them from a table.

import { bouw, vul } from './bouw.js';

// kolommen: [{ kop, klasse, cel(rij) }]; the first one names the row.
export function tabel({ bijschrift, kolommen, rijen, klasse = '' }) {
    const lijf = bouw('tbody', { role: 'rowgroup' });
    const element = bouw('table', { role: 'table', class: `tabel ${klasse}` },
        bouw('caption', {}, bijschrift),
        bouw('thead', { role: 'rowgroup' },
            bouw('tr', { role: 'row' }, kolommen.map((kolom) => bouw('th',
                { role: 'columnheader', scope: 'col', class: kolom.klasse },
                kolom.kop)))),
        lijf);

    voegRijenToe(lijf, kolommen, rijen);
    return element;
}

export function voegRijenToe(lijf, kolommen, rijen) {
    for (const rij of rijen) {
        lijf.append(bouw('tr', { role: 'row' }, kolommen.map(
            (kolom, plaats) => maakCel(kolom, rij, plaats === 0))));
    }
}

function maakCel(kolom, rij, eerste) {
    const cel = eerste
        ? bouw('th', { role: 'rowheader', scope: 'row' })
        : bouw('td', { role: 'cell' });

    if (kolom.klasse) {
        cel.className = kolom.klasse;
    }
    cel.dataset.kop = kolom.kop;
    return vul(cel, [kolom.cel(rij)]);
}

// A table that is as wide as its columns: it scrolls by itself, also with the
// keyboard. For previews of files.
export function bredeTabel(opties) {
    return bouw('div', {
        class: 'schuif', role: 'region', tabindex: '0',
        'aria-label': opties.bijschrift,
    }, tabel({ ...opties, klasse: 'breed' }));
}
