// SPDX-License-Identifier: EUPL-1.2
//
// The counts on top of *Dossiers*; each is a way to filter on it.

import { bouw, vervang } from '../bouw.js';
import { getal, termijn } from '../opmaak.js';
import { codeNaam, FASEN } from '../teksten/codes.js';
import { t } from '../taal.js';
import { toonVraag } from '../weg.js';
import { filterVraag, leesFilters } from './dossiers_filters.js';

function tegel(naam, aantal, gekozen, op, klasse = '') {
    // a phase without any is not worth a line of a narrow screen
    const klein = aantal === '0' && !gekozen ? 'nul' : undefined;

    return bouw('li', { class: klein }, bouw('button', {
        type: 'button', class: `tegel ${klasse}`, onclick: op,
        'aria-pressed': String(gekozen), 'data-tegel': naam,
    }, bouw('span', { class: 'tegel-getal' }, aantal),
    bouw('span', { class: 'tegel-naam' }, naam)));
}

function zijnGelijk(een, ander) {
    return String(filterVraag(een)) === String(filterVraag(ander));
}

export function toonOverzicht(plaats, stand, kies) {
    const { Totaal } = stand.overzicht;
    const focus = plaats.contains(document.activeElement)
        ? document.activeElement.dataset.tegel : null;
    const leeg = leesFilters(new URLSearchParams());
    const minstens = (n) => (Totaal.Minstens ? `≥ ${getal(n)}` : getal(n));
    const maak = (naam, aantal, filters, klasse) => tegel(naam,
        minstens(aantal), zijnGelijk(filters, stand.filters), () => {
            toonVraag(['dossiers'], new URLSearchParams(filterVraag(filters)));
            kies(filters);
        }, klasse);
    const perFase = new Map(Totaal.Fasen.map(
        (fase) => [fase.VlaamsFase, fase.Aantal]));

    vervang(plaats,
        bouw('section', { 'aria-labelledby': 'overzicht' },
            bouw('h2', { id: 'overzicht', class: 'onzichtbaar' },
                t('overzicht')),
            bouw('ul', { class: 'tegels tellers' },
                maak(t('overzicht.alle'), Totaal.Aantal, leeg),
                maak(t('overzicht.open'), Totaal.Open,
                    { ...leeg, open: 'true' }),
                maak(t('overzicht.actie'), Totaal.ActieNodig,
                    { ...leeg, actieNodig: 'true' },
                    Totaal.ActieNodig > 0 ? 'actie' : ''),
                Totaal.EersteTermijn === null ? null
                    : bouw('li', { class: 'termijn' },
                        bouw('span', { class: 'stil' },
                            t('overzicht.eerste')),
                        bouw('strong', {}, termijn(Totaal.EersteTermijn)))),
            bouw('h3', { class: 'onzichtbaar' }, t('overzicht.perFase')),
            bouw('ul', { class: 'tegels tellers' },
                FASEN.filter((fase) => perFase.has(fase)).map((fase) =>
                    maak(codeNaam(fase), perFase.get(fase),
                        { ...leeg, fase: [fase] })))));
    if (focus) {
        plaats.querySelector(`[data-tegel="${CSS.escape(focus)}"]`)?.focus();
    }
}
