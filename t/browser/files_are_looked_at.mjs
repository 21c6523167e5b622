// SPDX-License-Identifier: EUPL-1.2
//
// The parts of the portal that touch no page, by themselves: the header of a
// file, its first rows, events of a stream, the way in an address. TAP.

import { gzipSync } from 'node:zlib';
import { leesBegin }
    from '../../ngx_dosis_module/ui/portaal/js/bestand.js';
import { leesRecords } from '../../ngx_dosis_module/ui/portaal/js/csv.js';
import { keurKop } from '../../ngx_dosis_module/ui/portaal/js/kop.js';
import { maakLezer } from '../../ngx_dosis_module/ui/portaal/js/sse.js';
import { leesWeg, maakWeg } from '../../ngx_dosis_module/ui/portaal/js/weg.js';
import { nl } from '../../ngx_dosis_module/ui/portaal/js/teksten/nl.js';
import { en } from '../../ngx_dosis_module/ui/portaal/js/teksten/en.js';
import { hulp as hulpNl }
    from '../../ngx_dosis_module/ui/portaal/js/teksten/hulp_nl.js';
import { hulp as hulpEn }
    from '../../ngx_dosis_module/ui/portaal/js/teksten/hulp_en.js';

const KOP = 'Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;'
    + 'StatusVlaamsCode;AgentIdentificatie';
const RIJ = 'urn://x;1;Zaak;2026-11-20;Behandeling;InBehandeling;0123456749';

function is(got, wanted, fact) {
    const [a, b] = [got, wanted].map((value) => JSON.stringify(value));

    process.stdout.write(`${a === b ? '' : 'not '}ok - ${fact}\n`);
    if (a !== b) {
        process.stdout.write(`#      got: ${a}\n# expected: ${b}\n`);
    }
}

function bytes(text) {
    return typeof text === 'string' ? new TextEncoder().encode(text)
        : Uint8Array.from(text);
}

// What is found, in short: errors, then warnings.
function found(text, end = true) {
    const { codering, teken, fouten, waarschuwingen } =
        keurKop(bytes(text), end);
    const list = [...fouten, ...waarschuwingen].map(({ soort, namen }) =>
        [soort, ...namen].join(' '));

    return [codering, teken, ...list];
}

function headers() {
    is(found(`${KOP}\r\n${RIJ}\r\n`), ['UTF-8', ';'], 'a good file');
    is(found(`\uFEFF${KOP}\n${RIJ}`), ['UTF-8 (BOM)', ';'], 'a mark');
    is(found(`${KOP.replaceAll(';', '\t')}\n${RIJ.replaceAll(';', '\t')}`),
        ['UTF-8', '\t'], 'tabs');
    is(found(`\uFEFFsep=;\r\n${KOP}\r\n${RIJ}`), ['UTF-8 (BOM)', ';'],
        'a line sep= is passed over');
    is(found(`sep=,\n${KOP}\n${RIJ}`), ['UTF-8', null, 'geenKop'],
        'and believed');
    is(found(`"${KOP.replaceAll(';', '","')}"\nx`), ['UTF-8', ','],
        'commas, quoted');
    is(found([...bytes(`${KOP}\nx;`), 0xE9, 0x80, 10]),
        ['Windows-1252', ';'], 'what is no UTF-8 is Windows-1252');
    is(found([...bytes(`${KOP}\n${RIJ}`), 0xE2, 0x82], false),
        ['UTF-8', ';'], 'a character that the look cut is no other encoding');
    is(found(''), [null, null, 'leeg'], 'an empty file');
    is(found([0xFF, 0xFE, 65, 0]), [null, null, 'utf16'], 'UTF-16');
    is(found([80, 75, 3, 4, 0, 0]), [null, null, 'binair'], 'a zip file');
    is(found(`${KOP}\n`), ['UTF-8', ';', 'geenRijen'], 'a header alone');
    is(found('a;b\n1;2\n'), ['UTF-8', null, 'geenKop'], 'no header');
    is(found(`${KOP};BRON;Extra;;fout\n${RIJ}`),
        ['UTF-8', ';', 'dubbel BRON', 'onbekend Extra', 'zonderNaam 10'],
        'twice, unknown, without a name; Fout is the report\'s');
    is(found('TypeDossier;Bron;DossierNummer\nx'),
        ['UTF-8', ';', 'ontbreekt Naam AgentIdentificatie',
            'statusOntbreekt WijzigingsDatum StatusVlaamsFase '
            + 'StatusVlaamsCode'], 'what misses; less where a row says what');
    is(found(`${KOP}${';x'.repeat(100000)}\n`).slice(0, 3),
        ['UTF-8', ';', 'teVeel 100007'], '100,000 columns');
}

async function begins() {
    const big = new Blob([`${KOP}\n`, `${RIJ}\n`.repeat(20000)]);
    const part = await leesBegin(big);
    const packed = await leesBegin(new Blob([
        gzipSync(Buffer.from(await big.arrayBuffer()))]));
    const bomb = await leesBegin(new Blob([
        gzipSync(Buffer.alloc(64 << 20))]));

    is([part.bytes.length, part.einde, part.gzip], [262144, false, false],
        'of a big file only the beginning is read');
    is([packed.gzip, keurKop(packed.bytes, packed.einde).fouten],
        [true, []], 'a packed one is unpacked');
    is(bomb.bytes.length < (1 << 20), true, 'but no further than is looked at');
}

function records() {
    is(leesRecords('a;"b;""c""\nd";e\r\n\r\nf', ';', 9, true),
        [['a', 'b;"c"\nd', 'e'], ['f']], 'quotes, line ends inside, no end');
    is(leesRecords('a;b\nc;"d', ';', 9, false), [['a', 'b']],
        'a record that is cut is left out');
}

function events() {
    const reader = maakLezer();

    is(reader.neem('retry: 1000\n\nid: c1\n\n:hartslag\n\ndata: {"a"'),
        [{ type: 'teken', data: '', id: 'c1' }], 'a sign of life');
    is([reader.pauze, reader.laatste], [1000, 'c1'], 'pause and cursor');
    is(reader.neem(':1}\r'), [], 'a piece that ends in a line end');
    is(reader.neem('\ndata: 2\r\nid: c2\r\n\r\n'),
        [{ type: 'message', data: '{"a":1}\n2', id: 'c2' }],
        'an event in three pieces');
    is(reader.neem('data:x\nid: c3\n'), [], 'one that is not whole');
    is(reader.laatste, 'c2', 'moves no cursor');
}

function ways() {
    const way = leesWeg('#/opladingen/a%2Fb?x=1&x=2');

    is([way.delen, way.vraag.getAll('x')],
        [['opladingen', 'a/b'], ['1', '2']], 'a way is read');
    is(maakWeg(['opladingen', 'a/b'], new URLSearchParams('x=1')),
        '#/opladingen/a%2Fb?x=1', 'and written');
    is(leesWeg('#/%E0').delen, ['%E0'], 'nonsense is no error');
}

// The same places filled in, in both.
function places(texts) {
    return Object.entries(texts).map(([key, text]) =>
        [key, ...(text.match(/\{\w+\}/g) ?? []).sort()].join(' ')).sort();
}

function shape(help) {
    return [help.vragen, help.csv].map((list) => list.length)
        .concat(Object.keys(help.kolommen));
}

headers();
records();
events();
ways();
is(places(en), places(nl), 'both languages have the same texts');
is(shape(hulpEn), shape(hulpNl), 'and the same help');
await begins();
