// SPDX-License-Identifier: EUPL-1.2
//
// One dossier: its status, what is asked, who handles it, its history, and
// the way to the application of its source.

import { bouw, termen, vervang, vul } from '../bouw.js';
import { bezig, foutKader, kader } from '../meldingen.js';
import { dag, tijdstip } from '../opmaak.js';
import { codeNaam, codeUitleg, FASEN } from '../teksten/codes.js';
import { t } from '../taal.js';
import { actieVak } from './dossiers_lijst.js';

const HISTORIEK = 50;

function adresVan(dossierId) {
    return `dossiers/${encodeURIComponent(dossierId)}`;
}

// Beroep is a detour that few dossiers take: shown only where one is in it.
function fasenlijn({ VlaamsFase }) {
    const lijn = FASEN.filter(
        (fase) => fase !== 'Beroep' || VlaamsFase === 'Beroep');
    const nu = lijn.indexOf(VlaamsFase);

    return bouw('ol', { class: 'fasen', 'aria-label': t('dossier.fasen') },
        lijn.map((fase, plaats) => bouw('li', {
            class: plaats < nu ? 'gehad' : plaats === nu ? 'nu' : '',
            'aria-current': plaats === nu ? 'step' : undefined,
        }, bouw('span', {}, codeNaam(fase)))));
}

function status(dossier) {
    const { Status } = dossier;

    if (!Status) {
        return bouw('p', {}, t('dossier.zonderStatus.uitleg'));
    }
    return bouw('section', { 'aria-labelledby': 'status' },
        bouw('h2', { id: 'status' }, t('dossier.status')),
        fasenlijn(Status),
        bouw('p', { class: 'stand' },
            bouw('strong', {}, codeNaam(Status.VlaamsCode)),
            Status.Detail1 ? ` – ${Status.Detail1}` : ''),
        bouw('p', { class: 'stil' }, codeUitleg(Status.VlaamsFase), ' ',
            codeUitleg(Status.VlaamsCode)),
        actieVak(Status.Actie));
}

function openKnop(omgeving, dossier, plaats) {
    if (!dossier.Doorverwijzing) {
        return null;
    }
    return bouw('p', { class: 'openen' }, bouw('button', {
        type: 'button', class: 'knop groot', 'aria-describedby': 'open-uitleg',
        onclick: () => open(omgeving, dossier, plaats),
    }, t('dossier.open')),
    bouw('span', { id: 'open-uitleg', class: 'klein stil' },
        t('dossier.open.uitleg')));
}

function veiligAdres(tekst) {
    const doel = new URL(tekst, document.baseURI);

    if (!['http:', 'https:'].includes(doel.protocol)) {
        throw new Error(doel.protocol);
    }
    return doel.href;
}

// The tab is opened while the click still counts as one, or the browser would
// hold it for advertising; it is cut loose from us before it goes anywhere.
async function open(omgeving, dossier, plaats) {
    const blad = window.open('', '_blank');

    vervang(plaats);
    try {
        const { Url } = await omgeving.api.json(
            `${adresVan(dossier.DossierId)}/doorverwijzing`,
            { methode: 'POST', signaal: omgeving.signaal });
        const doel = veiligAdres(Url);
        if (blad === null) {
            vervang(plaats, kader('let', t('dossier.open.geblokkeerd'),
                bouw('p', {}, bouw('a', {
                    href: doel, target: '_blank', rel: 'noopener noreferrer',
                }, t('dossier.open')))));
            return;
        }
        blad.opener = null;
        blad.location.replace(doel);
    } catch (fout) {
        blad?.close();
        vervang(plaats, foutKader(fout));
    }
}

function gegevens(dossier) {
    const { Identificatie, Producten = [], BronNaam } = dossier;

    return bouw('section', { 'aria-labelledby': 'gegevens' },
        bouw('h2', { id: 'gegevens' }, t('dossier.gegevens')),
        termen([
            [t('dossier.nummer'), Identificatie.DossierNummer],
            [t('dossier.bron'), BronNaam ?? Identificatie.Bron],
            [t('dossier.product'), Producten.map(
                (product) => product.Naam ?? product.Id).join(', ')],
            [t('dossier.gewijzigd'), tijdstip(dossier.WijzigingsDatum)],
            [t('dossier.streef'), dossier.StreefDatum
                ? dag(dossier.StreefDatum) : null],
            [t('dossier.rol'), (dossier.Agenten ?? [])
                .map((agent) => agent.Rol).filter(Boolean).join(', ')]]));
}

function websiteLink(tekst) {
    const heel = /^https?:\/\//i.test(tekst) ? tekst : `https://${tekst}`;

    return URL.canParse(heel)
        ? bouw('a', { href: heel, rel: 'noopener noreferrer' }, tekst) : tekst;
}

function beheerder({ DossierBeheerder: wie }) {
    if (!wie) {
        return null;
    }
    const { Adres = {} } = wie;
    const straat = [Adres?.Straat, Adres?.Nummer].filter(Boolean).join(' ');
    const stad = [Adres?.Postcode, Adres?.Gemeente].filter(Boolean).join(' ');

    return bouw('section', { 'aria-labelledby': 'beheerder' },
        bouw('h2', { id: 'beheerder' }, t('dossier.beheerder')),
        termen([
            [t('contact.naam'), wie.Naam],
            [t('contact.dienst'), wie.Dienst],
            [t('contact.telefoon'), wie.Telefoon && bouw('a',
                { href: `tel:${wie.Telefoon.replace(/[^\d+]/g, '')}` },
                wie.Telefoon)],
            [t('contact.email'), wie.Email && bouw('a',
                { href: `mailto:${wie.Email}` }, wie.Email)],
            [t('contact.website'), wie.Website && websiteLink(wie.Website)],
            [t('contact.adres'), [straat, stad].filter(Boolean)
                .join(', ')]]));
}

function stap(versie) {
    const { Status } = versie;

    return bouw('li', { class: 'stap' },
        bouw('p', { class: 'stap-tijd' }, tijdstip(versie.WijzigingsDatum
            ?? versie.Ontvangen)),
        bouw('p', { class: 'stap-wat' },
            versie.Resultaat === 'Ingetrokken' ? t('dossier.ingetrokken')
                : Status ? `${codeNaam(Status.VlaamsFase)}: `
                    + codeNaam(Status.VlaamsCode) : versie.Naam ?? '',
            Status?.Detail1 ? ` – ${Status.Detail1}` : ''),
        Status?.Actie?.ActieNodig ? bouw('p', { class: 'klein' },
            `${t('dossier.actie')} ${Status.Actie.Actie ?? ''}`) : null,
        versie.Resultaat === 'Verouderd' ? bouw('p',
            { class: 'klein stil' }, t('dossier.verouderd')) : null);
}

async function historiek(omgeving, plaats, lijst, na) {
    const deel = await omgeving.api.json(
        `${adresVan(omgeving.weg.delen[1])}/historiek`,
        { vraag: [['limiet', HISTORIEK], ['na', na]],
            signaal: omgeving.signaal });

    vul(lijst, deel.Historiek.map(stap));
    vervang(plaats,
        bouw('h2', { id: 'historiek' }, t('dossier.historiek')), lijst,
        deel.Ingekort ? bouw('p', { class: 'stil' },
            t('dossier.ingekort')) : null,
        deel.Volgende === null ? null : bouw('button', {
            type: 'button', class: 'knop tweede',
            onclick: () => historiek(omgeving, plaats, lijst, deel.Volgende),
        }, t('knop.meer')));
}

export async function toon(omgeving) {
    const { api, inhoud, weg, signaal } = omgeving;
    const kop = bouw('h1', { tabindex: '-1' }, t('dossier.titel'));
    const plaats = bouw('div', {}, bezig());
    const melding = bouw('div');
    const verloop = bouw('section', { 'aria-labelledby': 'historiek' });

    vul(inhoud, [
        bouw('p', { class: 'kruimel' },
            bouw('a', { href: '#/dossiers' }, t('menu.dossiers'))),
        kop, plaats]);
    try {
        const dossier = await api.json(adresVan(weg.delen[1]), { signaal });
        kop.textContent = dossier.Naam;
        document.title = `${dossier.Naam} – DOSIS`;
        vervang(plaats, openKnop(omgeving, dossier, melding), melding,
            status(dossier), bouw('div', { class: 'twee' },
                bouw('div', {}, gegevens(dossier), beheerder(dossier)),
                verloop));
        await historiek(omgeving, verloop,
            bouw('ol', { class: 'tijdlijn' }), null);
    } catch (fout) {
        plaats.querySelector('.bezig')?.remove();
        throw fout;
    }
}
