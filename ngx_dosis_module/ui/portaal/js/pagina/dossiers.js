// SPDX-License-Identifier: EUPL-1.2
//
// *Dossiers*: as a loket shows them. Counts per phase on top, then what asks
// for action, then the rest; and it follows what changes.

import { isAfgebroken } from '../api.js';
import { bouw, vervang, vul } from '../bouw.js';
import { bezig, foutKader, zeg } from '../meldingen.js';
import { getal, uur } from '../opmaak.js';
import { t, tAantal } from '../taal.js';
import { volg } from '../volgen.js';
import { toonBronnen, toonLijst } from './dossiers_lijst.js';
import { toonFilters, leesFilters, filterVraag } from './dossiers_filters.js';
import { toonOverzicht } from './dossiers_overzicht.js';

const PAGINA = 50;
const PAGINA_MAX = 500;
const VOLG_MAX = 5000;  // to follow, each has to be passed over once
const GENOEG = 20;      // rows, before nobody waits for more of them
const BEURTEN_MAX = 10; // questions for so many rows
const RUST_MS = 800;    // changes that come together are drawn together

async function haalLijst(omgeving, { filters }, na, aantal, signaal) {
    return omgeving.api.json('dossiers', {
        vraag: [...filterVraag(filters), ['sorteer', 'actie'],
            ['limiet', Math.min(PAGINA_MAX, aantal)], ['na', na]],
        signaal,
    });
}

// A page may hold few rows, or none, while there is more: only the end is the
// end. Until there are enough of them the search goes on, which is said.
async function haalRijen(omgeving, stand, { na, aantal, genoeg }) {
    const { zoekt } = stand;
    const wie = Symbol('zoekt');
    const hoogstens = BEURTEN_MAX * Math.ceil(genoeg / GENOEG);
    const signaal = stand.signaal();
    const rijen = [];
    const bronnen = new Map();
    let volgende = na;

    zoekt.begin(wie);
    try {
        for (let beurt = 1; beurt <= hoogstens; beurt += 1) {
            const deel = await haalLijst(omgeving, stand, volgende,
                aantal, signaal);
            signaal.throwIfAborted();
            rijen.push(...deel.Dossiers);
            (deel.Bronnen ?? []).forEach(
                (bron) => bronnen.set(bron.Bron, bron));
            volgende = deel.Volgende;
            if (volgende === null || rijen.length >= genoeg) {
                break;
            }
            zoekt.toon(wie, rijen.length);
        }
    } finally {
        zoekt.eind(wie);
    }
    return { rijen, volgende, bronnen };
}

// Said by a screen reader once, and not at each row; until the last search that
// goes on is at its end, for a change may begin another.
function maakZoeker(plaats) {
    const gevonden = new Map(); // by search; null: its first page is to come

    function teken() {
        const n = [...gevonden.values()].filter((een) => een !== null).at(-1);

        plaats.querySelector('span').textContent = n ? tAantal(
            'dossiers.gevonden', n, { n: getal(n) }) : '';
    }

    return {
        begin: (wie) => gevonden.set(wie, null),
        toon(wie, n) {
            gevonden.delete(wie); // the newest is the last one
            gevonden.set(wie, n);
            if (plaats.firstChild === null) {
                vul(plaats, [bouw('p', { class: 'bezig' },
                    t('dossiers.zoekt'), ' ',
                    bouw('span', { 'aria-hidden': 'true' }))]);
            }
            teken();
        },
        eind(wie) {
            gevonden.delete(wie);
            if (gevonden.size === 0) {
                vervang(plaats);
            } else if (plaats.firstChild !== null) {
                teken();
            }
        },
    };
}

function maakStand(omgeving, zoekt) {
    let vraag = new AbortController();

    omgeving.signaal.addEventListener('abort', () => vraag.abort());
    return {
        filters: leesFilters(omgeving.weg.vraag),
        rijen: [], volgende: null, bronnen: new Map(), nieuw: new Set(),
        overzicht: null,
        gevraagd: 0, getoond: 0, // refreshes: begun, and the newest shown
        signaal: () => vraag.signal, zoekt,
        // a filter that changes makes the question before it of no use
        begin() {
            vraag.abort();
            vraag = new AbortController();
        },
    };
}

function maakPlaatsen() {
    return {
        overzicht: bouw('div'), filters: bouw('div'),
        // role=status would read the list out loud at each change
        volgen: bouw('p', { class: 'volgen klein' }),
        zoeken: bouw('div', { class: 'zoekt', 'aria-live': 'polite' }),
        fout: bouw('div'), lijst: bouw('div', {}, bezig()),
    };
}

function maakPagina(omgeving, stand, plaatsen) {
    const pagina = { ververs, kies };

    function teken() {
        toonOverzicht(plaatsen.overzicht, stand, kies);
        toonLijst(plaatsen.lijst, stand, meer);
        vul(plaatsen.lijst, [toonBronnen(stand.bronnen)]);
    }

    async function ververs() {
        const vraag = { na: null,
            aantal: Math.max(PAGINA, stand.rijen.length),
            genoeg: Math.max(GENOEG, stand.rijen.length) };
        stand.gevraagd += 1;
        const beurt = stand.gevraagd;
        const gezegd = await Promise.all([
            omgeving.api.json('overzicht', { signaal: stand.signaal() }),
            haalRijen(omgeving, stand, vraag)]).catch((fout) => {
            if (beurt > stand.getoond) {
                throw fout;
            }
        });
        if (beurt < stand.getoond) {
            return; // a later one was sooner, and knows more
        }
        const [overzicht, deel] = gezegd;
        stand.getoond = beurt;
        stand.overzicht = overzicht;
        stand.rijen = deel.rijen;
        stand.volgende = deel.volgende;
        deel.bronnen.forEach((bron, naam) => stand.bronnen.set(naam, bron));
        vervang(plaatsen.fout);
        teken();
    }

    async function meer() {
        const eerste = stand.rijen.length;
        const { getoond } = stand;
        const deel = await haalRijen(omgeving, stand,
            { na: stand.volgende, aantal: PAGINA, genoeg: GENOEG });
        if (getoond !== stand.getoond) {
            return; // the list is another one meanwhile
        }
        stand.rijen.push(...deel.rijen);
        stand.volgende = deel.volgende;
        deel.bronnen.forEach((bron, naam) => stand.bronnen.set(naam, bron));
        teken();
        const nu = stand.rijen[eerste]?.DossierId;
        plaatsen.lijst.querySelector(`[data-dossier="${nu}"] a`)?.focus();
    }

    // Filters changed: the address follows, and what is shown.
    function kies(filters) {
        stand.filters = filters;
        stand.begin();
        stand.rijen = [];
        toonFilters(plaatsen.filters, stand, kies);
        ververs().then(() => zeg(tAantal('dossiers.getoond',
            stand.rijen.length, { n: stand.rijen.length
                + (stand.volgende === null ? '' : '+') })), mis);
    }

    function mis(fout) {
        if (!isAfgebroken(fout)) {
            plaatsen.lijst.querySelector('.bezig')?.remove();
            vervang(plaatsen.fout, foutKader(fout,
                () => ververs().catch(mis)));
        }
    }

    pagina.mis = mis;
    return pagina;
}

// Changes in the words of the person, and the rows they are about.
function maakVolger(omgeving, stand, plaatsen, pagina) {
    let wekker = null;
    let laatste = null;

    function toestand(naam) {
        plaatsen.volgen.dataset.toestand = naam;
        vervang(plaatsen.volgen, t(`volgen.${naam}`), laatste === null ? ''
            : ` ${t('volgen.laatste', { uur: uur(laatste) })}`,
        naam === 'niet' ? [' ', bouw('button', {
            type: 'button', class: 'knop-link',
            onclick: () => pagina.ververs().catch(pagina.mis),
        }, t('volgen.ververs'))] : null);
    }

    function straks() {
        clearTimeout(wekker);
        wekker = setTimeout(() => pagina.ververs().catch(pagina.mis), RUST_MS);
    }

    omgeving.signaal.addEventListener('abort', () => clearTimeout(wekker));
    return {
        toestand,
        // what changed between the list and the cursor
        begin: straks,
        wijzigingen(lijst) {
            laatste = new Date();
            lijst.forEach((een) => stand.nieuw.add(een.subject));
            toestand('live');
            zeg(tAantal('volgen.gewijzigd', lijst.length,
                { n: lijst.length }));
            straks();
        },
    };
}

export async function toon(omgeving) {
    const plaatsen = maakPlaatsen();
    const stand = maakStand(omgeving, maakZoeker(plaatsen.zoeken));
    const pagina = maakPagina(omgeving, stand, plaatsen);

    vul(omgeving.inhoud, [
        bouw('h1', { tabindex: '-1' }, t('menu.dossiers')),
        bouw('p', { class: 'inleiding' }, t('dossiers.inleiding')),
        plaatsen.volgen, plaatsen.overzicht,
        bouw('div', { class: 'naast' }, plaatsen.filters,
            bouw('div', { class: 'naast-hoofd' },
                plaatsen.fout, plaatsen.zoeken, plaatsen.lijst)),
    ]);
    toonFilters(plaatsen.filters, stand, pagina.kies);
    await pagina.ververs().catch(pagina.mis);
    // the sources are known now
    toonFilters(plaatsen.filters, stand, pagina.kies);
    const volger = maakVolger(omgeving, stand, plaatsen, pagina);
    if ((stand.overzicht?.Totaal.Aantal ?? 0) > VOLG_MAX) {
        volger.toestand('niet');
    } else {
        await volg(omgeving.api, volger, omgeving.signaal);
    }
}
