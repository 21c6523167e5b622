// SPDX-License-Identifier: EUPL-1.2
//
// How a file is to be read: for real or as a trial; as changes, or as the
// whole of a source. What may take dossiers away is asked twice.

import { bouw, nieuweId } from '../bouw.js';
import { kader } from '../meldingen.js';
import { t } from '../taal.js';

function vink(naam, uitleg) {
    const id = nieuweId(naam);
    const veld = bouw('input', {
        type: 'checkbox', id, name: naam, 'aria-describedby': `${id}-uitleg`,
    });

    return { veld, element: bouw('div', { class: 'vink' }, veld,
        bouw('label', { for: id }, t(`keuze.${naam}`)),
        bouw('p', { class: 'klein stil', id: `${id}-uitleg` }, uitleg)) };
}

// Moments in the field are those of this device; they go out as UTC.
function nuVoorVeld() {
    const nu = new Date();

    return new Date(nu - nu.getTimezoneOffset() * 60000)
        .toISOString().slice(0, 16);
}

// The sources this person may deliver for, once asked; nothing when that
// cannot be said, and then the field takes any text.
export async function haalBronnen(api, signaal) {
    try {
        return await api.json('../../v2/dosis/bronnen/uris', { signaal });
    } catch {
        return [];
    }
}

function bronOpties(bronnen) {
    const opties = bronnen.map((bron) => bouw('option', { value: bron }, bron));

    return bronnen.length === 1 ? opties
        : [bouw('option', { value: '' }, t('keuze.bron.kies')), ...opties];
}

function veld(naam, eigen, opties = []) {
    const id = nieuweId(naam);
    const invoer = bouw(opties.length === 0 ? 'input' : 'select', {
        id, name: naam, class: 'invoer', ...eigen,
        'aria-describedby': `${id}-uitleg ${id}-fout`,
    }, opties);
    const fout = bouw('p', { class: 'veldfout', id: `${id}-fout` });

    return { invoer, fout, element: bouw('div', { class: 'veld' },
        bouw('label', { for: id }, t(`keuze.${naam}`)),
        bouw('p', { class: 'klein stil', id: `${id}-uitleg` },
            t(`keuze.${naam}.uitleg`)),
        invoer, fout) };
}

// The part that is open when the file is the whole of a source.
function volledigDeel(bronnen) {
    const bron = veld('bron', { autocomplete: 'off' },
        bronnen.length === 0 ? [] : bronOpties(bronnen));
    const peildatum = veld('peildatum',
        { type: 'datetime-local', value: nuVoorVeld(), step: 60 });
    const intrekken = vink('intrekken', t('keuze.intrekken.uitleg'));
    const waarschuwing = kader('let', t('keuze.intrekken.let'),
        bouw('p', {}, t('keuze.intrekken.let.uitleg')));

    waarschuwing.hidden = true;
    intrekken.veld.addEventListener('change', () => {
        waarschuwing.hidden = !intrekken.veld.checked;
    });
    return { bron, peildatum, intrekken: intrekken.veld,
        element: bouw('div', { class: 'inspring', hidden: true },
            kader('weet', t('keuze.volledig.let'),
                bouw('p', {}, t('keuze.volledig.let.uitleg'))),
            bron.element, peildatum.element,
            intrekken.element, waarschuwing) };
}

// true: nothing is missing. Else the first field that lacks has the focus.
function volledigIsGoed(deel) {
    const zonder = [deel.bron, deel.peildatum].filter(({ invoer, fout }) => {
        const leeg = invoer.value.trim() === '';
        invoer.setAttribute('aria-invalid', String(leeg));
        fout.textContent = leeg ? t('keuze.verplicht') : '';
        return leeg;
    });

    zonder[0]?.invoer.focus();
    return zonder.length === 0;
}

function lees(proef, volledig, deel) {
    return {
        proef: proef.checked,
        volledig: volledig.checked,
        bron: deel.bron.invoer.value.trim(),
        peildatum: volledig.checked
            ? new Date(deel.peildatum.invoer.value).toISOString() : null,
        intrekken: volledig.checked && deel.intrekken.checked,
    };
}

export function keuzes(bronnen, opVerzenden) {
    const proef = vink('proef', t('keuze.proef.uitleg'));
    const volledig = vink('volledig', t('keuze.volledig.uitleg'));
    const deel = volledigDeel(bronnen);
    const knop = bouw('button', { type: 'submit', class: 'knop groot' },
        t('keuze.verzend'));

    volledig.veld.addEventListener('change', () => {
        deel.element.hidden = !volledig.veld.checked;
    });
    proef.veld.addEventListener('change', () => {
        knop.textContent = t(proef.veld.checked
            ? 'keuze.verzendProef' : 'keuze.verzend');
    });
    return bouw('form', {
        class: 'keuzes', novalidate: true, 'aria-labelledby': 'stap-keuzes',
        onsubmit(gebeurd) {
            gebeurd.preventDefault();
            if (!volledig.veld.checked || volledigIsGoed(deel)) {
                opVerzenden(lees(proef.veld, volledig.veld, deel));
            }
        },
    },
    bouw('h2', { id: 'stap-keuzes' }, t('opladen.keuzes')),
    proef.element, volledig.element, deel.element, knop);
}
