// SPDX-License-Identifier: EUPL-1.2
//
// The beginning of a file that somebody chose, unpacked when it is gzip. Never
// more than that: a file may be gigabytes.

const BEGIN = 256 * 1024;
const GENOEG = 64 * 1024;

// { bytes, einde, gzip }; einde: bytes is all of it.
export async function leesBegin(bestand) {
    const begin = new Uint8Array(
        await bestand.slice(0, BEGIN).arrayBuffer());

    if (begin[0] === 0x1F && begin[1] === 0x8B) {
        return pakUit(begin, bestand.size <= BEGIN);
    }
    return { bytes: begin, einde: bestand.size <= BEGIN, gzip: false };
}

// What comes out of a piece, which mostly stops in the middle of the stream;
// no more is unpacked than is looked at, however well it was packed.
async function pakUit(begin, alles) {
    const lezer = new Blob([begin]).stream()
        .pipeThrough(new DecompressionStream('gzip')).getReader();
    const delen = [];
    let samen = 0;
    let einde = false;

    try {
        while (samen < GENOEG) {
            const { done, value } = await lezer.read();
            if (done) {
                einde = alles;
                break;
            }
            delen.push(value);
            samen += value.length;
        }
    } catch {
        // cut short by us, or damaged: the server says which
    }
    lezer.cancel().catch(() => {});
    return { bytes: voegSamen(delen), einde, gzip: true };
}

function voegSamen(delen) {
    const bytes = new Uint8Array(
        delen.reduce((samen, deel) => samen + deel.length, 0));
    let plaats = 0;

    for (const deel of delen) {
        bytes.set(deel, plaats);
        plaats += deel.length;
    }
    return bytes;
}
