// SPDX-License-Identifier: EUPL-1.2
//
// One delivered file: how far its run is, live; what became of its rows; how
// to end it. Its refused rows are in afkeuringen.js, its warnings in
// waarschuwingen.js. An operator sees the same of anybody's, without these two:
// they name people.

import { bouw, termen, vervang, vul } from '../bouw.js';
import { bezig, foutKader, kader, nederlands, zeg } from '../meldingen.js';
import { duur, getal, grootte, procent, tijdstip } from '../opmaak.js';
import { t, tAantal } from '../taal.js';
import { maakPauze, wacht, wachtOpZicht } from '../wachten.js';
import { maakAfkeuringen } from './afkeuringen.js';
import { naamVan } from './opladingen.js';
import { isBezig, toestandTeken, toestandTekst } from './toestand.js';
import { maakWaarschuwingen } from './waarschuwingen.js';

const UITSLAGEN = ['Nieuw', 'Gewijzigd', 'Ongewijzigd', 'Verouderd',
    'Hersteld', 'Geweigerd'];
const SPREEK_STAP = 20;    // percent between two spoken lines

// Where it is asked, and the list that it is in.
function plaatsVan({ delen }) {
    const beheer = delen[0] === 'beheer';
    const naam = encodeURIComponent(delen.at(-1));

    return {
        beheer,
        lijst: `#/${delen[0]}`,
        kop: t(`menu.${delen[0]}`),
        adres: beheer ? `beheer/uploads/${naam}` : `uploads/${naam}`,
    };
}

function nogTeGaan({ Lijnen, Verwerkt, Snelheid, Begonnen, Percentage }) {
    if (Lijnen !== null && Snelheid > 0) {
        return t('zending.nog',
            { duur: duur((Lijnen - Verwerkt) / Snelheid) });
    }
    const sinds = (Date.now() - Date.parse(Begonnen)) / 1000;
    return Percentage > 2 && sinds > 3
        ? t('zending.nog',
            { duur: duur(sinds * (100 - Percentage) / Percentage) }) : '';
}

// What is said instead of numbers that would say nothing.
function fase({ Toestand, Volledig, Lijnen, Verwerkt }) {
    if (Toestand === 'Wachtend') {
        return t('oplading.wacht');
    }
    if (Verwerkt === 0) {
        return t('oplading.leest');
    }
    return Volledig && Lijnen !== null && Verwerkt >= Lijnen
        ? t('oplading.zoektOntbrekende') : null;
}

function cijfers(stand) {
    return [procent(stand.Percentage),
        t('oplading.rijenGedaan', { n: getal(stand.Verwerkt) }),
        stand.Snelheid > 0
            ? t('oplading.snelheid', { n: getal(Math.round(stand.Snelheid)) })
            : '',
        nogTeGaan(stand),
    ].filter((deel) => deel !== '').join(' · ');
}

function voortgang(stand) {
    return bouw('div', { class: 'meter' },
        bouw('progress', {
            class: 'balk', max: 100, value: stand.Percentage,
            'aria-label': t('oplading.voortgang'),
        }),
        bouw('p', { class: 'meter-tekst' }, fase(stand) ?? cijfers(stand)));
}

function tellingen(stand) {
    return bouw('section', { 'aria-labelledby': 'uitslagen' },
        bouw('h2', { id: 'uitslagen' }, t('oplading.uitslagen')),
        stand.Proef ? kader('weet', t('oplading.proef'),
            bouw('p', {}, t('oplading.proef.uitleg'))) : null,
        bouw('dl', { class: 'tegels' }, UITSLAGEN.map((naam) => bouw('div',
            { class: naam === 'Geweigerd' && stand.Resultaten[naam] > 0
                ? 'tegel erg' : 'tegel' },
            bouw('dt', {}, t(`uitslag.${naam}`)),
            bouw('dd', {}, getal(stand.Resultaten[naam] ?? 0))))),
        bouw('p', { class: 'klein stil' }, t('oplading.uitslagen.uitleg')));
}

function overVolledig({ Volledig }) {
    if (!Volledig) {
        return null;
    }
    return bouw('section', { 'aria-labelledby': 'volledig' },
        bouw('h2', { id: 'volledig' }, t('oplading.volledig')),
        termen([
            [t('keuze.bron'), Volledig.Bron],
            [t('keuze.peildatum'), tijdstip(Volledig.Peildatum)],
            [t('oplading.intrekken'), t(Volledig.Intrekken ? 'ja' : 'nee')],
            [t('oplading.ontbrekend'), getal(Volledig.Ontbrekend)],
            [t('oplading.ingetrokken'), getal(Volledig.Ingetrokken)]]));
}

function gegevens(stand) {
    return bouw('section', { 'aria-labelledby': 'gegevens' },
        bouw('h2', { id: 'gegevens' }, t('oplading.gegevens')),
        termen([
            [t('opladingen.ontvangen'), tijdstip(stand.Ontvangen)],
            [t('oplading.begonnen'), tijdstip(stand.Begonnen)],
            [t('oplading.klaar'), tijdstip(stand.Klaar)],
            [t('oplading.grootte'), grootte(stand.Bytes)
                + (stand.Gzip ? ' (gzip)' : '')],
            [t('oplading.rijen'), getal(stand.Lijnen ?? stand.Verwerkt)],
            [t('oplading.dossiers'), getal(stand.Dossiers)],
            [t('oplading.waarschuwingen'), getal(stand.Waarschuwingen)],
            [t('oplading.getal'), stand.Nummer],
            [t('oplading.nummer'),
                bouw('code', { class: 'breek' }, stand.UploadId)]]));
}

function uitlegBijFouten({ Proef, Client }) {
    const andere = t(Proef ? 'oplading.anderenGoed' : 'oplading.anderen');

    return Client === undefined
        ? `${andere} ${t('oplading.verbeteren')}` : andere;
}

function metWaarschuwing({ Waarschuwingen: n }) {
    return n === 0 ? null : bouw('p', {},
        tAantal('oplading.metWaarschuwing', n, { n: getal(n) }));
}

function uitkomst(stand) {
    if (stand.Fout !== null) {
        return kader(stand.Toestand === 'Mislukt' ? 'fout' : 'let',
            t(stand.Toestand === 'Mislukt'
                ? 'oplading.mislukt' : 'oplading.let'),
            bouw('p', {}, nederlands(stand.Fout.Omschrijving),
                bouw('span', { class: 'code' }, ` (${stand.Fout.Code})`)));
    }
    if (stand.Toestand === 'Geannuleerd') {
        return kader('weet', t('toestand.Geannuleerd'),
            bouw('p', {}, t('oplading.geannuleerd')));
    }
    if (stand.Toestand !== 'Klaar') {
        return null;
    }
    return stand.Fouten > 0
        ? kader('let', tAantal('oplading.klaarMetFouten', stand.Fouten,
            { n: getal(stand.Fouten) }),
        bouw('p', {}, uitlegBijFouten(stand)), metWaarschuwing(stand))
        : kader('goed', t(stand.Proef
            ? 'oplading.proefGoed' : 'oplading.klaarGoed'),
        metWaarschuwing(stand));
}

// Only who delivered it sees them.
function nietGetoond({ Client, Fouten, Waarschuwingen }) {
    return Client === undefined || Fouten + Waarschuwingen === 0 ? null
        : bouw('p', { class: 'klein stil' }, t('oplading.nietGetoond'));
}

function stopVraag(stand) {
    return stand.Client === undefined ? t('oplading.stopZeker')
        : t('oplading.stopZeker.beheer',
            { naam: naamVan(stand), client: stand.Client });
}

function stopKnop(omgeving, stand, opnieuw) {
    if (!isBezig(stand)) {
        return null;
    }
    return bouw('button', {
        type: 'button', class: 'knop tweede', id: 'stopknop',
        async onclick() {
            if (!window.confirm(stopVraag(stand))) {
                return;
            }
            try {
                await omgeving.api.roep(plaatsVan(omgeving.weg).adres,
                    { methode: 'DELETE', signaal: omgeving.signaal });
                await opnieuw();
            } catch (fout) {
                omgeving.inhoud.append(foutKader(fout));
            }
        },
    }, t('oplading.stop'));
}

// What is drawn again at each look; refused rows and warnings stay.
function teken({ boven, onder }, omgeving, stand, opnieuw) {
    const hadFocus = document.activeElement?.id === 'stopknop';

    vervang(boven,
        bouw('p', {}, toestandTeken(stand), stand.Client === undefined ? null
            : [' ', t('oplading.van', { client: stand.Client })]),
        isBezig(stand) ? voortgang(stand) : null,
        uitkomst(stand),
        stopKnop(omgeving, stand, opnieuw),
        tellingen(stand), nietGetoond(stand));
    vervang(onder, overVolledig(stand), gegevens(stand));
    if (hadFocus) {
        boven.querySelector('#stopknop')?.focus();
    }
}

// Not each percent: who listens would hear nothing else.
function maakSpreker() {
    let gezegd = 0;
    let toestand = null;

    return (stand) => {
        const deel = Math.floor(stand.Percentage / SPREEK_STAP);
        if (toestand !== null && stand.Toestand !== toestand) {
            zeg(toestandTekst(stand));
        } else if (stand.Toestand === 'Bezig' && deel > gezegd) {
            zeg(t('oplading.gezegd', { n: procent(stand.Percentage) }));
        }
        toestand = stand.Toestand;
        gezegd = Math.max(gezegd, deel);
    };
}

async function volgTotEinde(kijk, signaal) {
    const pauze = maakPauze(700, 8000);
    let vorige = -1;
    let stand = await kijk();

    while (isBezig(stand)) {
        if (stand.Verwerkt !== vorige) {
            pauze.kort();
        }
        vorige = stand.Verwerkt;
        await wacht(pauze.volgende(), signaal);
        await wachtOpZicht(signaal);
        // one answer that fails is no end: the run goes on without us
        stand = await kijk().catch((fout) => {
            if (!fout.tijdelijk) {
                throw fout;
            }
            return stand;
        });
    }
}

export async function toon(omgeving) {
    const { api, inhoud, weg, signaal } = omgeving;
    const { beheer, lijst, adres, kop: lijstKop } = plaatsVan(weg);
    const kop = bouw('h1', { tabindex: '-1' }, t('oplading.titel'));
    const plaatsen = { boven: bouw('div', {}, bezig()), onder: bouw('div') };
    const delen = beheer ? [] : [maakAfkeuringen(omgeving, adres),
        maakWaarschuwingen(omgeving, adres)];
    const spreek = maakSpreker();
    const kijk = async () => {
        const stand = await api.json(adres, { signaal });
        kop.textContent = naamVan(stand);
        document.title = `${naamVan(stand)} – DOSIS`;
        teken(plaatsen, omgeving, stand, kijk);
        delen.forEach((deel) => deel.zet(stand));
        spreek(stand);
        return stand;
    };

    vul(inhoud, [
        bouw('p', { class: 'kruimel' },
            bouw('a', { href: lijst }, lijstKop)),
        kop, plaatsen.boven, delen.map((deel) => deel.element),
        plaatsen.onder]);
    try {
        await volgTotEinde(kijk, signaal);
    } catch (fout) {
        plaatsen.boven.querySelector('.bezig')?.remove();
        throw fout;
    }
}
