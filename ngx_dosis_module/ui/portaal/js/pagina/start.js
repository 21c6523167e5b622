// SPDX-License-Identifier: EUPL-1.2
//
// The first page: what DOSIS is, and the way to what this person may do.

import { bouw, vul } from '../bouw.js';
import { kader } from '../meldingen.js';
import { meldAan, zichtbaar } from '../schil.js';
import { t } from '../taal.js';

function ingang(naam) {
    return bouw('li', { class: 'ingang' },
        bouw('h2', {}, bouw('a', { href: `#/${naam}` }, t(`menu.${naam}`))),
        bouw('p', {}, t(`start.${naam}`)));
}

export async function toon({ inhoud, aanmelding }) {
    const ingangen = zichtbaar(aanmelding);
    const nietsDan = ingangen.length === 1;

    vul(inhoud, [
        bouw('div', { class: 'held' },
            bouw('h1', { tabindex: '-1' }, t('start.titel')),
            bouw('p', { class: 'inleiding' }, t('start.inleiding')),
            aanmelding.aangemeld() || !aanmelding.mogelijk ? null
                : bouw('button', {
                    type: 'button', class: 'knop groot',
                    onclick: () => meldAan(aanmelding),
                }, t('aanmelden'))),
        aanmelding.fout === null ? null
            : kader('fout', t('aanmelden.mislukt'),
                bouw('p', {}, t('aanmelden.mislukt.uitleg'))),
        aanmelding.mogelijk ? null
            : kader('let', t('aanmelden.niet'),
                bouw('p', {}, t('aanmelden.niet.uitleg'))),
        aanmelding.aangemeld() && nietsDan
            ? kader('let', t('start.nietsTeDoen'),
                bouw('p', {}, t('start.nietsTeDoen.uitleg'))) : null,
        bouw('ul', { class: 'ingangen' }, ingangen.map(ingang)),
    ]);
}
