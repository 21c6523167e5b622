// SPDX-License-Identifier: EUPL-1.2
//
// Reads server-sent events from pieces of text as they come. Pure: also for
// node. EventSource itself cannot send an Authorization header, and a token
// never stands in an address.

// A reader: neem(stuk) gives the events that are whole by then, each
// { type, data, id }; a comment only is { type: 'teken' }, a sign of life.
// `laatste` is where to go on after a break.
export function maakLezer() {
    let rest = '';
    let na = '';
    let blok = leeg();
    const lezer = { laatste: '', pauze: null, neem };

    function leeg() {
        return { type: 'message', data: [], leeft: false };
    }

    function regel(tekst, uit) {
        if (tekst === '') {
            geef(uit);
            return;
        }
        if (tekst.startsWith(':')) {
            blok.leeft = true;
            return;
        }
        const dubbelpunt = tekst.indexOf(':');
        const naam = dubbelpunt < 0 ? tekst : tekst.slice(0, dubbelpunt);
        let waarde = dubbelpunt < 0 ? '' : tekst.slice(dubbelpunt + 1);
        if (waarde.startsWith(' ')) {
            waarde = waarde.slice(1);
        }
        veld(naam, waarde);
    }

    function veld(naam, waarde) {
        if (naam === 'data') {
            blok.data.push(waarde);
        } else if (naam === 'event') {
            blok.type = waarde;
        } else if (naam === 'id' && !waarde.includes('\0')) {
            na = waarde;
        } else if (naam === 'retry' && /^\d+$/.test(waarde)) {
            lezer.pauze = Number(waarde);
        }
    }

    function geef(uit) {
        lezer.laatste = na;
        if (blok.data.length > 0) {
            uit.push({ type: blok.type, data: blok.data.join('\n'), id: na });
        } else if (blok.leeft) {
            uit.push({ type: 'teken', data: '', id: na });
        }
        blok = leeg();
    }

    // A line may end with CRLF, and the two may come in different pieces.
    function neem(stuk) {
        const uit = [];
        const tekst = rest + stuk;
        let van = 0;

        for (;;) {
            const eind = /\r\n|\n|\r/g;
            eind.lastIndex = van;
            const hit = eind.exec(tekst);
            if (hit === null
                || (hit[0] === '\r' && hit.index === tekst.length - 1)) {
                break;
            }
            regel(tekst.slice(van, hit.index), uit);
            van = hit.index + hit[0].length;
        }
        rest = tekst.slice(van);
        return uit;
    }

    return lezer;
}
