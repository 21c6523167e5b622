// SPDX-License-Identifier: EUPL-1.2
//
// *Mijn opladingen*: what was delivered, newest first. While one of them is
// not done the list follows.

import { isAfgebroken } from '../api.js';
import { bouw, vervang, vul } from '../bouw.js';
import { bezig, foutKader } from '../meldingen.js';
import { getal, tijdstip } from '../opmaak.js';
import { tabel } from '../tabel.js';
import { t } from '../taal.js';
import { maakPauze, wacht, wachtOpZicht } from '../wachten.js';
import { isBezig, toestandTeken } from './toestand.js';

const PAGINA = 25;

export function naamVan(oplading) {
    return oplading.Bestand || t('opladingen.zonderNaam',
        { tijd: tijdstip(oplading.Ontvangen) });
}

function soorten(oplading) {
    return [oplading.Proef ? t('opladingen.proef') : '',
        oplading.Volledig ? t('opladingen.volledig') : '']
        .filter((deel) => deel !== '').join(', ');
}

// vanAllen: as an operator sees them, for whom a number says which one.
export function kolommenVan(vanAllen) {
    const adres = (rij) => (vanAllen ? `#/beheer/opladingen/${rij.Nummer}`
        : `#/opladingen/${rij.UploadId}`);
    const bestand = {
        kop: t('opladingen.bestand'),
        cel: (rij) => [bouw('a', { href: adres(rij) }, naamVan(rij)),
        soorten(rij) === '' ? null
            : bouw('span', { class: 'stil' }, ` (${soorten(rij)})`)],
    };
    const client = { kop: t('opladingen.client'), cel: (rij) => rij.Client,
        klasse: 'heel' };
    const aantal = (kop, veld) => ({
        kop, klasse: 'getal', cel: (rij) => getal(veld(rij)),
    });

    return [bestand, vanAllen ? client : null,
        { kop: t('opladingen.toestand'), cel: (rij) => toestandTeken(rij) },
        { kop: t('opladingen.ontvangen'), klasse: 'heel',
            cel: (rij) => tijdstip(rij.Ontvangen) },
        aantal(t('opladingen.rijen'), (rij) => rij.Lijnen ?? rij.Verwerkt),
        aantal(t('opladingen.dossiers'), (rij) => rij.Dossiers),
        aantal(t('opladingen.geweigerd'), (rij) => rij.Fouten),
        aantal(t('opladingen.gewaarschuwd'), (rij) => rij.Waarschuwingen),
    ].filter((kolom) => kolom !== null);
}

function lijstVan(uploads) {
    return tabel({
        bijschrift: t('opladingen.lijst'),
        kolommen: kolommenVan(false), rijen: uploads,
    });
}

function leeg() {
    return bouw('p', { class: 'leeg' }, t('opladingen.geen'), ' ',
        bouw('a', { href: '#/opladen' }, t('opladingen.eerste')));
}

// stand: { uploads, volgende }; the first page is read again as it moves.
async function haal(omgeving, stand, na) {
    const antwoord = await omgeving.api.json('uploads',
        { vraag: [['na', na], ['limiet', PAGINA]], signaal: omgeving.signaal });

    if (na === null) {
        const gehad = new Set(antwoord.Uploads.map((een) => een.UploadId));
        const verder = stand.uploads.slice(PAGINA)
            .filter((een) => !gehad.has(een.UploadId));
        stand.uploads = [...antwoord.Uploads, ...verder];
        stand.volgende = verder.length > 0
            ? stand.volgende : antwoord.Volgende;
    } else {
        stand.uploads = [...stand.uploads, ...antwoord.Uploads];
        stand.volgende = antwoord.Volgende;
    }
}

function teken(plaats, stand, meer) {
    const hadFocus = document.activeElement?.closest?.('a')
        ?.getAttribute('href');

    vervang(plaats,
        stand.uploads.length === 0 ? leeg() : lijstVan(stand.uploads),
        stand.volgende === null ? null : bouw('button', {
            type: 'button', class: 'knop tweede', onclick: meer,
        }, t('knop.meer')));
    // drawn anew while somebody was in it with the keyboard
    if (hadFocus && document.activeElement === document.body) {
        plaats.querySelector(`a[href="${CSS.escape(hadFocus)}"]`)?.focus();
    }
}

async function volgLijst(omgeving, stand, opnieuw) {
    const pauze = maakPauze(2000, 15000);

    while (stand.uploads.some(isBezig)) {
        await wacht(pauze.volgende(), omgeving.signaal);
        await wachtOpZicht(omgeving.signaal);
        // one answer that fails is no end
        await opnieuw(null).catch((fout) => {
            if (!fout.tijdelijk) {
                throw fout;
            }
        });
    }
}

export async function toon(omgeving) {
    const plaats = bouw('div', {}, bezig());
    const stand = { uploads: [], volgende: null };
    const opnieuw = async (na) => {
        await haal(omgeving, stand, na);
        teken(plaats, stand, () => opnieuw(stand.volgende).catch(mis));
    };
    const mis = (fout) => {
        if (!isAfgebroken(fout)) {
            vul(plaats, [foutKader(fout)]);
        }
    };

    vul(omgeving.inhoud, [
        bouw('h1', { tabindex: '-1' }, t('menu.opladingen')),
        bouw('p', { class: 'inleiding' }, t('opladingen.inleiding')),
        plaats,
    ]);
    try {
        await opnieuw(null);
    } catch (fout) {
        vervang(plaats);
        throw fout;
    }
    await volgLijst(omgeving, stand, opnieuw);
}
