// SPDX-License-Identifier: EUPL-1.2
//
// The filters of *Dossiers*: in the address, so that they can be kept, and in
// a form that works at once.

import { bouw, nieuweId, vervang } from '../bouw.js';
import { codeNaam, FASEN } from '../teksten/codes.js';
import { t } from '../taal.js';
import { toonVraag } from '../weg.js';

export function leesFilters(vraag) {
    return {
        fase: vraag.getAll('fase').filter((fase) => FASEN.includes(fase)),
        open: vraag.get('open') ?? '',
        actieNodig: vraag.get('actieNodig') ?? '',
        bron: vraag.get('bron') ?? '',
    };
}

export function filterVraag(filters) {
    return [...filters.fase.map((fase) => ['fase', fase]),
        ['open', filters.open], ['actieNodig', filters.actieNodig],
        ['bron', filters.bron]].filter(([, waarde]) => waarde !== '');
}

export function zijnLeeg(filters) {
    return filterVraag(filters).length === 0;
}

function keuzelijst(naam, waarde, opties, op) {
    const id = nieuweId(naam);
    const lijst = bouw('select', { id, name: naam, class: 'invoer',
        onchange: () => op(lijst.value) },
    opties.map(([sleutel, tekst]) => bouw('option', {
        value: sleutel, selected: sleutel === waarde,
    }, tekst)));

    return bouw('div', { class: 'veld' },
        bouw('label', { for: id }, t(`filter.${naam}`)), lijst);
}

function fasen(filters, kies) {
    return bouw('fieldset', {},
        bouw('legend', {}, t('filter.fase')),
        FASEN.map((fase) => {
            const id = `fase-${fase}`;
            const vink = bouw('input', {
                type: 'checkbox', id, checked: filters.fase.includes(fase),
                onchange: () => kies({ ...filters, fase: FASEN.filter((een) =>
                    (een === fase ? vink.checked
                        : filters.fase.includes(een))) }),
            });
            return bouw('div', { class: 'vink' }, vink,
                bouw('label', { for: id }, codeNaam(fase)));
        }));
}

function bronOpties(bronnen, gekozen) {
    const opties = [...bronnen.values()]
        .map((bron) => [bron.Bron, bron.Naam ?? bron.Bron])
        .sort((a, b) => a[1].localeCompare(b[1]));

    if (gekozen !== '' && !bronnen.has(gekozen)) {
        opties.push([gekozen, gekozen]);
    }
    return [['', t('filter.alle')], ...opties];
}

// On a narrow screen they would stand between a person and the list.
function isOpen(plaats) {
    return plaats.querySelector('details')?.open
        ?? window.matchMedia('(width >= 56rem)').matches;
}

// Drawn again at a choice: the focus stays on the field that was used.
export function toonFilters(plaats, stand, kies) {
    const { filters, bronnen } = stand;
    const focus = plaats.contains(document.activeElement)
        ? document.activeElement.name || document.activeElement.id : null;
    const kiesEn = (nieuw) => {
        toonVraag(['dossiers'], new URLSearchParams(filterVraag(nieuw)));
        kies(nieuw);
    };
    const janee = [['', t('filter.alle')], ['true', t('ja')],
        ['false', t('nee')]];
    const lijsten = [
        keuzelijst('open', filters.open, janee,
            (open) => kiesEn({ ...filters, open })),
        keuzelijst('actieNodig', filters.actieNodig, janee,
            (actieNodig) => kiesEn({ ...filters, actieNodig })),
        keuzelijst('bron', filters.bron, bronOpties(bronnen, filters.bron),
            (bron) => kiesEn({ ...filters, bron }))];

    vervang(plaats, bouw('details', { class: 'filters', open: isOpen(plaats) },
        bouw('summary', {}, bouw('h2', {}, t('filter.titel'))),
        bouw('form', {
            'aria-label': t('filter.titel'),
            onsubmit: (gebeurd) => gebeurd.preventDefault(),
        }, fasen(filters, kiesEn), lijsten,
        zijnLeeg(filters) ? null : bouw('button', {
            type: 'button', class: 'knop tweede', name: 'wis',
            onclick: () => kiesEn(leesFilters(new URLSearchParams())),
        }, t('filter.wis')))));
    if (focus !== null && focus !== '') {
        const naam = CSS.escape(focus);
        (plaats.querySelector(`[name="${naam}"], #${naam}`)
            ?? plaats.querySelector('input')).focus();
    }
}
