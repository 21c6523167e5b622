// SPDX-License-Identifier: EUPL-1.2
//
// *Beheer*: how the register is, for who runs it. Each part asks for itself:
// one that fails does not hide the others.

import { bouw, termen, vervang, vul } from '../bouw.js';
import { bezig, foutKader, kader, zeg } from '../meldingen.js';
import { getal, grootte, tijdstip } from '../opmaak.js';
import { tabel, voegRijenToe } from '../tabel.js';
import { t } from '../taal.js';
import { kolommenVan } from './opladingen.js';

const PAGINA = 50;

function opslagDeel(naam, { Bytes, VrijeBytes }) {
    const samen = Bytes + VrijeBytes;

    return bouw('div', { class: 'vak' },
        bouw('h3', {}, t(`beheer.${naam}`)),
        bouw('progress', {
            class: 'balk', max: Math.max(1, samen), value: Bytes,
            'aria-label': t('beheer.gebruik', { naam: t(`beheer.${naam}`) }),
        }),
        bouw('p', {}, t('beheer.gebruikt', { deel: grootte(Bytes),
            vrij: grootte(VrijeBytes) })));
}

function pauzeTekst({ Reden, Tot }) {
    return [Reden, Tot ? t('beheer.tot', { tijd: tijdstip(Tot) }) : '']
        .filter(Boolean).join(', ');
}

function toestand({ Versie, Opslag, Motor, Uploads, Spool, Pauze }) {
    return [
        Pauze ? kader('let', t(`beheer.registerPauze.${Pauze.Stand}`),
            bouw('p', {}, pauzeTekst(Pauze))) : null,
        bouw('div', { class: 'vakken' },
            Opslag ? opslagDeel('opslag', Opslag) : null,
            Spool ? opslagDeel('spool', Spool) : null),
        termen([
            [t('beheer.versie'), Versie],
            [t('beheer.motor'), tijdstip(Motor?.LaatstGehoord)],
            [t('beheer.wachtend'), getal(Uploads?.Wachtend)],
            [t('beheer.bezig'), getal(Uploads?.Bezig)]])];
}

function actiefTeken({ Actief }) {
    return bouw('span', { class: `teken ${Actief ? 'goed' : 'rustig'}` },
        t(Actief ? 'beheer.actief' : 'beheer.uit'));
}

const BRONNEN = () => [
    { kop: t('beheer.naam'), cel: (rij) => rij.Naam ?? rij.Bron },
    { kop: t('beheer.bron'),
        cel: (rij) => bouw('code', { class: 'breek' }, rij.Bron) },
    { kop: t('beheer.toestand'), cel: (rij) => [actiefTeken(rij),
        rij.Pauze ? [bouw('span', { class: 'teken let' }, t('beheer.pauze')),
            ' ', bouw('span', { class: 'klein' }, pauzeTekst(rij.Pauze))]
            : null] },
    { kop: t('beheer.gehoord'), klasse: 'heel', cel: (rij) => (rij.LaatstGehoord
        ? tijdstip(rij.LaatstGehoord) : t('beheer.nooit')) },
];

const CLIENTEN = () => [
    { kop: t('beheer.naam'), cel: (rij) => rij.Naam ?? rij.Client },
    { kop: t('beheer.client'),
        cel: (rij) => bouw('code', { class: 'breek' }, rij.Client) },
    { kop: t('beheer.soort'), cel: (rij) => t(`soort.${rij.Soort}`) },
    { kop: t('beheer.toestand'), cel: actiefTeken },
    { kop: t('beheer.bronnen'),
        cel: (rij) => (rij.Bronnen.length === 0 ? '–'
            : bouw('ul', { class: 'kaal' }, rij.Bronnen.map((bron) => bouw('li',
                {}, bouw('code', { class: 'breek' }, bron))))) },
];

// A door that gives pages of rows, as a table that grows.
function maakLijst(omgeving, { pad, lid, bijschrift, kolommen }) {
    const plaats = bouw('div', {}, bezig());

    async function haal(na) {
        return omgeving.api.json(`beheer/${pad}`,
            { vraag: [['limiet', PAGINA], ['na', na]],
                signaal: omgeving.signaal });
    }

    function meerKnop(lijf, volgende) {
        const knop = bouw('button', {
            type: 'button', class: 'knop tweede',
            async onclick() {
                const deel = await haal(volgende);
                voegRijenToe(lijf, kolommen, deel[lid]);
                knop.replaceWith(deel.Volgende
                    ? meerKnop(lijf, deel.Volgende) : '');
            },
        }, t('knop.meer'));
        return knop;
    }

    async function begin() {
        const deel = await haal(null);
        const element = tabel({ bijschrift, kolommen, rijen: deel[lid] });
        vervang(plaats, deel[lid].length === 0
            ? bouw('p', { class: 'leeg' }, t('beheer.niets')) : element,
        deel.Volgende
            ? meerKnop(element.tBodies[0], deel.Volgende) : null);
    }
    return { plaats, begin };
}

function deel(id, lijst) {
    return bouw('section', { 'aria-labelledby': id },
        bouw('h2', { id }, t(`beheer.${id}`)), lijst.plaats);
}

async function vulDeel(lijst) {
    try {
        await lijst.begin();
    } catch (fout) {
        if (fout.name !== 'AbortError') {
            vervang(lijst.plaats, foutKader(fout, () => vulDeel(lijst)));
        }
    }
}

function delen(omgeving) {
    const plaats = bouw('div', {}, bezig());
    const hoe = { plaats, async begin() {
        vervang(plaats, toestand(await omgeving.api.json('beheer/toestand',
            { signaal: omgeving.signaal })));
    } };

    return {
        register: hoe,
        opladingen: maakLijst(omgeving, { pad: 'uploads', lid: 'Uploads',
            bijschrift: t('beheer.opladingen.tabel'),
            kolommen: kolommenVan(true) }),
        bronnen: maakLijst(omgeving, { pad: 'bronnen', lid: 'Bronnen',
            bijschrift: t('beheer.bronnen.tabel'), kolommen: BRONNEN() }),
        clienten: maakLijst(omgeving, { pad: 'clienten', lid: 'Clienten',
            bijschrift: t('beheer.clienten.tabel'), kolommen: CLIENTEN() }),
    };
}

export async function toon(omgeving) {
    const lijsten = delen(omgeving);
    const ververs = () => Promise.all(Object.values(lijsten).map(vulDeel));

    vul(omgeving.inhoud, [
        bouw('h1', { tabindex: '-1' }, t('menu.beheer')),
        bouw('p', { class: 'inleiding' }, t('beheer.inleiding')),
        bouw('p', {}, bouw('button', {
            type: 'button', class: 'knop tweede',
            onclick: () => ververs().then(() => zeg(t('beheer.ververst'))),
        }, t('knop.ververs'))),
        Object.entries(lijsten).map(([id, lijst]) => deel(id, lijst))]);
    await ververs();
}
