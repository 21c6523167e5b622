// SPDX-License-Identifier: EUPL-1.2
//
// The rows of *Dossiers*: what asks for action first, with its deadline.

import { bouw, vervang } from '../bouw.js';
import { kader } from '../meldingen.js';
import { dagenTot, dagKort, tijdstip, termijn } from '../opmaak.js';
import { codeNaam } from '../teksten/codes.js';
import { t } from '../taal.js';
import { zijnLeeg } from './dossiers_filters.js';

const DRINGEND_DAGEN = 7;

export function vraagtActie(dossier) {
    return dossier.Status?.Actie?.ActieNodig === true;
}

export function faseTeken(status) {
    return status ? bouw('span', { class: `fase fase-${status.VlaamsFase}` },
        codeNaam(status.VlaamsFase)) : null;
}

export function actieVak(actie) {
    if (!actie?.ActieNodig) {
        return null;
    }
    const dringend = actie.Voor && dagenTot(actie.Voor) <= DRINGEND_DAGEN;

    return bouw('div', { class: dringend ? 'actie dringend' : 'actie' },
        bouw('p', { class: 'actie-wat' },
            bouw('span', { class: 'actie-woord' }, t('dossier.actie')), ' ',
            actie.Actie ?? t('dossier.actie.zonder')),
        actie.Voor ? bouw('p', { class: 'actie-voor' },
            bouw('span', { class: 'onzichtbaar' },
                `${t('dossier.termijn')} `), termijn(actie.Voor)) : null);
}

function kaart(dossier, stand) {
    const { Status, Identificatie, Producten = [] } = dossier;
    const bron = stand.bronnen.get(Identificatie.Bron)?.Naam
        ?? Identificatie.Bron;

    return bouw('li', {
        class: 'kaart', 'data-dossier': dossier.DossierId,
    },
    bouw('div', { class: 'kaart-kop' },
        bouw('h3', {}, bouw('a',
            { href: `#/dossiers/${encodeURIComponent(dossier.DossierId)}` },
            dossier.Naam)),
        faseTeken(Status)),
    bouw('p', { class: 'kaart-stand' },
        Status ? codeNaam(Status.VlaamsCode) : t('dossier.zonderStatus'),
        Status?.Detail1 ? ` – ${Status.Detail1}` : '',
        stand.nieuw.has(dossier.DossierId)
            ? bouw('span', { class: 'teken loopt' }, t('dossier.bijgewerkt'))
            : null),
    actieVak(Status?.Actie),
    bouw('p', { class: 'klein stil' },
        [bron, t('dossier.nr', { nr: Identificatie.DossierNummer }),
            ...Producten.map((product) => product.Naam ?? product.Id),
            dagKort(dossier.WijzigingsDatum)].join(' · ')));
}

function groep(id, titel, rijen, stand) {
    return rijen.length === 0 ? null
        : bouw('section', { 'aria-labelledby': id },
            bouw('h2', { id }, titel),
            bouw('ul', { class: 'kaarten' },
                rijen.map((rij) => kaart(rij, stand))));
}

function leeg(stand) {
    const geen = zijnLeeg(stand.filters)
        ? 'dossiers.geen' : 'dossiers.geenMetFilter';

    return bouw('p', { class: 'leeg' },
        t(stand.volgende === null ? geen : 'dossiers.nogNiets'));
}

export function toonLijst(plaats, stand, meer) {
    const focus = plaats.contains(document.activeElement)
        ? document.activeElement.closest('[data-dossier]')?.dataset.dossier
        : undefined;
    const actie = stand.rijen.filter(vraagtActie);
    const rest = stand.rijen.filter((rij) => !vraagtActie(rij));

    vervang(plaats,
        stand.rijen.length === 0 ? leeg(stand) : null,
        groep('lijst-actie', t('dossiers.actie'), actie, stand),
        groep('lijst-rest', t(actie.length > 0 ? 'dossiers.rest'
            : 'dossiers.alle'), rest, stand),
        stand.volgende === null ? null : bouw('button', {
            type: 'button', class: 'knop tweede', onclick: meer,
        }, t('knop.meer')));
    if (focus !== undefined) {
        plaats.querySelector(`[data-dossier="${CSS.escape(focus)}"] a`)
            ?.focus();
    }
}

// A source that is not heard any more: something may be missing or old.
export function toonBronnen(bronnen) {
    const stil = [...bronnen.values()]
        .filter((bron) => bron.Toestand && bron.Toestand !== 'Actueel');

    return stil.length === 0 ? null : kader('let', t('bronnen.let'),
        bouw('ul', {}, stil.map((bron) => bouw('li', {},
            bouw('strong', {}, bron.Naam ?? bron.Bron), ': ',
            t(`bron.${bron.Toestand}`),
            bron.LaatstGehoord ? ` (${t('bron.laatst',
                { tijd: tijdstip(bron.LaatstGehoord) })})` : ''))));
}
