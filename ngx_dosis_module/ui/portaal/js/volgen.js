// SPDX-License-Identifier: EUPL-1.2
//
// Follows the feed of changes (engine/doc/feed.md): a stream of events, or a
// long poll where no stream comes through. Nothing runs while the tab is
// hidden; afterwards it goes on where it was.

import { isAfgebroken } from './api.js';
import { maakLezer } from './sse.js';
import { maakPauze, wacht, wachtOpZicht } from './wachten.js';

const PAD = 'wijzigingen';
const BLADZIJDE = 500;
const BLADZIJDEN_MAX = 20;    // of more dossiers than this is asked by hand
const STIL_MS = 90000;        // a heartbeat is much more frequent
const MISLUKT_MAX = 2;        // streams that gave nothing, then a long poll
const WACHT_S = 30;
const POLS_MS = 2000;

// bij: { wijzigingen(lijst), begin(), toestand(naam) }, naam one of live,
// wacht, stil, niet. Ends with signaal.
export async function volg(api, bij, signaal) {
    const stand = { na: null, mislukt: 0 };
    const pauze = maakPauze(1000, 30000);

    while (!signaal.aborted) {
        await wachtOpZicht(signaal);
        const ronde = maakRonde(signaal);
        try {
            if (!await zoekBegin(api, stand, bij, ronde.signaal)) {
                bij.toestand('niet');
                return;
            }
            const lees = stand.mislukt >= MISLUKT_MAX ? leesPeiling : leesStroom;
            await lees(api, stand, bij, ronde);
            pauze.kort();
        } catch (fout) {
            if (signaal.aborted || !gaDoor(fout, stand)) {
                return;
            }
        } finally {
            ronde.einde();
        }
        bij.toestand(document.hidden ? 'stil' : 'wacht');
        await wacht(document.hidden ? 0 : pauze.volgende(), signaal)
            .catch(() => {});
    }
}

// false: no use in going on.
function gaDoor(fout, stand) {
    if (isAfgebroken(fout)) {
        return true;
    }
    if (fout.status === 410) {
        stand.na = null;
        return true;
    }
    if (fout.status === 401 || fout.status === 403) {
        return false;
    }
    stand.mislukt += 1;
    return true;
}

// One connection: ends with the page, when the tab is hidden, or when nothing
// was heard for too long.
function maakRonde(signaal) {
    const afbreker = new AbortController();
    const stop = () => afbreker.abort();
    const kijk = () => {
        if (document.hidden) {
            stop();
        }
    };
    let wekker = null;
    const ronde = {
        signaal: afbreker.signal,
        gehoord() {
            clearTimeout(wekker);
            wekker = setTimeout(stop, STIL_MS);
        },
        einde() {
            clearTimeout(wekker);
            stop();
            document.removeEventListener('visibilitychange', kijk);
            signaal.removeEventListener('abort', stop);
        },
    };

    signaal.addEventListener('abort', stop);
    document.addEventListener('visibilitychange', kijk);
    ronde.gehoord();
    return ronde;
}

// The feed begins with everything visible: that is passed over, for the list
// shows it. false: too much to pass over.
async function zoekBegin(api, stand, bij, signaal) {
    if (stand.na !== null) {
        return true;
    }

    let na = null;
    for (let blad = 0; blad < BLADZIJDEN_MAX; blad += 1) {
        const deel = await api.json(PAD,
            { vraag: [['na', na], ['limiet', BLADZIJDE]], signaal });
        na = deel.Volgende;
        if (!deel.Meer) {
            stand.na = na;
            bij.begin();
            return true;
        }
    }
    return false;
}

async function leesStroom(api, stand, bij, ronde) {
    const antwoord = await api.roep(PAD, {
        vraag: [['na', stand.na]], signaal: ronde.signaal,
        koppen: { Accept: 'text/event-stream' },
    });
    const stroom = antwoord.body.pipeThrough(new TextDecoderStream())
        .getReader();
    const lezer = maakLezer();

    for (;;) {
        const { done, value } = await stroom.read();
        if (done) {
            return;
        }
        ronde.gehoord();
        stand.mislukt = 0;
        bij.toestand('live');
        const gebeurd = lezer.neem(value).filter((een) => een.data !== '');
        if (gebeurd.length > 0) {
            bij.wijzigingen(gebeurd.map((een) => JSON.parse(een.data)));
        }
        stand.na = lezer.laatste || stand.na;
    }
}

async function leesPeiling(api, stand, bij, ronde) {
    for (;;) {
        const deel = await api.json(PAD, {
            vraag: [['na', stand.na]], signaal: ronde.signaal,
            koppen: { Prefer: `wait=${WACHT_S}` },
        });
        ronde.gehoord();
        stand.na = deel.Volgende;
        bij.toestand('live');
        if (deel.Wijzigingen.length > 0) {
            bij.wijzigingen(deel.Wijzigingen);
        }
        // an answer that does not wait (a proxy may drop Prefer) is no race
        await wacht(POLS_MS, ronde.signaal);
    }
}
