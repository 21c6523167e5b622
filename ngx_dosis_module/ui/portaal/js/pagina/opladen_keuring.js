// SPDX-License-Identifier: EUPL-1.2
//
// What js/kop.js found in the header of a file, and its first rows.

import { bouw, termen } from '../bouw.js';
import { kader } from '../meldingen.js';
import { bredeTabel } from '../tabel.js';
import { t, tAantal } from '../taal.js';

function regels(lijst) {
    return bouw('ul', {}, lijst.map(({ soort, namen }) => bouw('li', {},
        t(`kop.${soort}`), namen.length === 0 ? '' : ' ',
        namen.map((naam, plaats) => [plaats === 0 ? '' : ', ',
            bouw('code', {}, naam)]))));
}

function voorbeeld({ kolommen, rijen }) {
    if (rijen.length === 0) {
        return null;
    }
    return bouw('details', { class: 'voorbeeld', open: true },
        bouw('summary', {}, t('opladen.voorbeeld')),
        bredeTabel({
            bijschrift: tAantal('opladen.voorbeeld.tabel', rijen.length,
                { n: rijen.length }),
            kolommen: kolommen.map((naam, plaats) => ({
                kop: naam, cel: (rij) => rij[plaats] ?? '',
            })),
            rijen,
        }));
}

export function toonKeuring(keuring) {
    const { codering, teken, kolommen, fouten, waarschuwingen } = keuring;

    return bouw('div', {},
        codering === null || teken === null ? null : termen([
            [t('opladen.codering'), codering],
            [t('opladen.teken'), t(`teken.${teken}`)],
            [t('opladen.kolommen'), kolommen.length]]),
        fouten.length === 0 ? null
            : kader('fout', t('opladen.fouten'), regels(fouten)),
        waarschuwingen.length === 0 ? null
            : kader('let', t('opladen.waarschuwingen'),
                regels(waarschuwingen)),
        fouten.length + waarschuwingen.length > 0 ? null
            : kader('goed', t('opladen.kopGoed')),
        voorbeeld(keuring));
}
