// SPDX-License-Identifier: EUPL-1.2
//
// How far the sending is; once the server has the file, its own page goes on.

import { bouw, vervang } from '../bouw.js';
import { foutKader, zeg } from '../meldingen.js';
import { duur, grootte, procent } from '../opmaak.js';
import { t } from '../taal.js';
import { gaNaar } from '../weg.js';
import { breekAf, zending } from '../zending.js';

function restVan(nu) {
    const sinds = (Date.now() - nu.begonnen) / 1000;

    if (nu.verstuurd === 0 || sinds < 2) {
        return '';
    }
    return t('zending.nog',
        { duur: duur(sinds * (nu.totaal - nu.verstuurd) / nu.verstuurd) });
}

function meter(nu) {
    const balk = bouw('progress', {
        max: Math.max(1, nu.totaal), value: 0, class: 'balk',
        'aria-label': t('zending.bezig', { naam: nu.bestand.name }),
    });
    const tekst = bouw('p', { class: 'meter-tekst' });

    return {
        element: bouw('div', { class: 'meter' }, balk, tekst),
        zet(stand) {
            balk.value = Math.min(stand.verstuurd, stand.totaal);
            tekst.textContent = stand.verstuurd >= stand.totaal
                ? t('zending.verwerkt')
                : [procent(100 * stand.verstuurd / stand.totaal),
                    t('zending.van', { deel: grootte(stand.verstuurd),
                        geheel: grootte(stand.totaal) }),
                    restVan(stand)].filter((deel) => deel !== '').join(' · ');
        },
    };
}

function toonBezig(plaats, omgeving) {
    const nu = zending();
    const stand = meter(nu);

    stand.zet(nu);
    vervang(plaats, bouw('section', { 'aria-labelledby': 'zending' },
        bouw('h2', { id: 'zending', tabindex: '-1' },
            t('zending.bezig', { naam: nu.bestand.name })),
        stand.element,
        bouw('p', { class: 'klein stil' }, t('zending.blijf')),
        bouw('button', {
            type: 'button', class: 'knop tweede', onclick: breekAf,
        }, t('zending.stop'))));
    plaats.querySelector('h2').focus();
    zeg(t('zending.bezig', { naam: nu.bestand.name }));
    omgeving.meter = stand;
}

function toonMislukt(plaats, omgeving) {
    const { fout } = zending();

    vervang(plaats, bouw('section', { 'aria-labelledby': 'zending' },
        bouw('h2', { id: 'zending', tabindex: '-1' }, t('zending.mislukt')),
        foutKader(fout),
        bouw('div', { class: 'knoppen' },
            fout.tijdelijk || fout.status === 401 || fout.status === 507
                ? bouw('button', {
                    type: 'button', class: 'knop', onclick: omgeving.opnieuw,
                }, t('zending.opnieuw')) : null,
            bouw('button', {
                type: 'button', class: 'knop tweede', onclick: omgeving.terug,
            }, t('zending.terug')),
            bouw('button', {
                type: 'button', class: 'knop tweede', onclick: omgeving.nieuw,
            }, t('zending.ander')))));
    plaats.querySelector('h2').focus();
}

export function toonZending(plaats, omgeving) {
    const { stand, uploadId } = zending();

    if (stand === 'bezig') {
        toonBezig(plaats, omgeving);
    } else if (stand === 'mislukt') {
        toonMislukt(plaats, omgeving);
    } else if (stand === 'ontvangen') {
        omgeving.leeg();
        gaNaar(['opladingen', uploadId]);
    } else {
        vervang(plaats);
    }
}
