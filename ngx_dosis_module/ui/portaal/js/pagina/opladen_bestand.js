// SPDX-License-Identifier: EUPL-1.2
//
// The field a file is chosen with, or dropped on. The native field does the
// work for keyboard and screen reader; dropping is an addition.

import { bouw, nieuweId } from '../bouw.js';
import { t } from '../taal.js';

function heeftBestand(gebeurd) {
    return [...gebeurd.dataTransfer?.types ?? []].includes('Files');
}

function laatVallen(vak, op) {
    const over = (aan) => vak.classList.toggle('erover', aan);

    vak.addEventListener('dragover', (gebeurd) => {
        if (heeftBestand(gebeurd)) {
            gebeurd.preventDefault();
            over(true);
        }
    });
    vak.addEventListener('dragleave', () => over(false));
    vak.addEventListener('drop', (gebeurd) => {
        gebeurd.preventDefault();
        over(false);
        const [bestand] = gebeurd.dataTransfer.files;
        if (bestand !== undefined) {
            op(bestand);
        }
    });
}

export function bestandsveld(op) {
    const id = nieuweId('bestand');
    const veld = bouw('input', {
        id, type: 'file', class: 'bestandsveld',
        accept: '.csv,.txt,.tsv,.gz,text/csv',
        'aria-describedby': `${id}-uitleg`,
        onchange() {
            if (veld.files.length > 0) {
                op(veld.files[0]);
            }
            // the same file, mended, is a choice again
            veld.value = '';
        },
    });
    const vak = bouw('div', { class: 'valvak' },
        veld,
        bouw('label', { for: id, class: 'knop' }, t('opladen.kies')),
        bouw('p', {}, t('opladen.ofSleep')),
        bouw('p', { class: 'klein stil', id: `${id}-uitleg` },
            t('opladen.soorten')));

    laatVallen(vak, op);
    return vak;
}
