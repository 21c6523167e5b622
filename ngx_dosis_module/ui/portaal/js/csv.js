// SPDX-License-Identifier: EUPL-1.2
//
// Records of a CSV text (RFC 4180), as many as are wanted. Pure: also for
// node. It reads the beginning of a file to show it; the server judges.

// The next record from `van`: { velden, tot, heel }. heel: its end was seen,
// so that the text did not stop in the middle of it. Empty lines are passed
// over. null: there is no record any more.
export function leesRecord(tekst, van, teken) {
    let plaats = van;

    while (tekst[plaats] === '\n' || tekst[plaats] === '\r') {
        plaats += 1;
    }
    if (plaats >= tekst.length) {
        return null;
    }

    const velden = [];
    for (;;) {
        const veld = leesVeld(tekst, plaats, teken);
        velden.push(veld.waarde);
        plaats = veld.tot;
        if (tekst[plaats] !== teken) {
            break;
        }
        plaats += 1;
    }

    const heel = plaats < tekst.length;
    if (tekst[plaats] === '\r' && tekst[plaats + 1] === '\n') {
        plaats += 1;
    }
    return { velden, tot: plaats + 1, heel };
}

function leesVeld(tekst, van, teken) {
    let begin = van;

    while (tekst[begin] === ' ') {
        begin += 1;
    }
    if (tekst[begin] === '"') {
        return leesAangehaald(tekst, begin + 1, teken);
    }

    let tot = begin;
    while (tot < tekst.length && tekst[tot] !== teken
        && tekst[tot] !== '\n' && tekst[tot] !== '\r') {
        tot += 1;
    }
    return { waarde: tekst.slice(begin, tot).trim(), tot };
}

// Two quotes are one; a separator or line end inside belongs to the value.
function leesAangehaald(tekst, van, teken) {
    let waarde = '';
    let plaats = van;

    for (;;) {
        const quote = tekst.indexOf('"', plaats);
        if (quote < 0) {
            return { waarde: waarde + tekst.slice(plaats), tot: tekst.length };
        }
        waarde += tekst.slice(plaats, quote);
        if (tekst[quote + 1] !== '"') {
            plaats = quote + 1;
            break;
        }
        waarde += '"';
        plaats = quote + 2;
    }
    while (plaats < tekst.length && tekst[plaats] !== teken
        && tekst[plaats] !== '\n' && tekst[plaats] !== '\r') {
        plaats += 1;
    }
    return { waarde, tot: plaats };
}

// The first `hoogstens` records that are whole; at the end of a file the last
// one needs no line end.
export function leesRecords(tekst, teken, hoogstens, einde) {
    const records = [];
    let plaats = 0;

    while (records.length < hoogstens) {
        const record = leesRecord(tekst, plaats, teken);
        if (record === null || (!record.heel && !einde)) {
            break;
        }
        records.push(record.velden);
        plaats = record.tot;
    }
    return records;
}
