// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from 'node:fs';
import { data, is, like, ok, play, text } from './lib.mjs';

const HEAD = 'Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;'
    + 'StatusVlaamsCode;AgentIdentificatie;Toegangsrechten';
const MANY = 3000;

function row(number, { name = `Dossier ${number}`, phase = 'Behandeling',
    agent = data.company, rights = 'Lezer' } = {}) {
    return `urn://test/subsidies;${number};${name};2026-03-01;${phase};`
        + `InBehandeling;${agent};${rights}`;
}

function file(name, rows, encoding = 'utf8') {
    return { name, mimeType: 'text/csv',
        buffer: Buffer.from([HEAD, ...rows, ''].join('\r\n'), encoding) };
}

async function choose(person, chosen) {
    await person.open('#/opladen');
    await person.page.locator('input[type=file]').setInputFiles(chosen);
}

async function send(person) {
    await person.button(text('keuze.verzend')).click();
    await person.page.waitForURL(/#\/opladingen\/[0-9a-f-]{36}$/);
    await person.settled();
}

async function ended(person) {
    await person.page.locator('#inhoud .kader-titel').first().waitFor();
}

// What the tile of a verdict counts.
async function counted({ page }, verdict) {
    return page.locator('.tegel', { has: page.getByText(
        text(`uitslag.${verdict}`), { exact: true }) }).locator('dd')
        .textContent();
}

async function saved(person, press) {
    const download = person.page.waitForEvent('download');

    await press();
    const got = await download;
    return { name: got.suggestedFilename(),
        text: readFileSync(await got.path(), 'utf8') };
}

async function template(person) {
    await person.open('#/opladen');
    const got = await saved(person,
        () => person.button(text('opladen.sjabloon')).click());

    is(got.name, 'dosis-sjabloon.csv', 'a template can be had');
    like(got.text.replace(/^\uFEFF/, ''), /^Bron;DossierNummer;/,
        'with the columns of a file');
}

async function refusedHere(person) {
    await choose(person, { name: 'fout.csv', mimeType: 'text/csv',
        buffer: Buffer.from('Bron;Naam\r\nurn://test/subsidies;X\r\n') });
    await person.page.getByText(text('opladen.nietKlaar')).waitFor();
    ok(await person.page.locator('#inhoud code',
        { hasText: /^DossierNummer$/ }).first().isVisible(),
    'a header that lacks a column: named before anything is sent');
    is(await person.button(text('keuze.verzend')).count(), 0,
        'and it cannot be sent');
    await person.accessible('a file that cannot be sent');
}

// Many rows, so that there is something to watch.
async function goodFile(person) {
    const rows = Array.from({ length: MANY }, (unused, i) => row(`M-${i}`,
        { agent: data.others[i % data.others.length] }));

    await choose(person, file('goed.csv', rows));
    await person.page.getByText(text('opladen.kopGoed')).waitFor();
    await person.shot('upload-looked-at');
    await person.button(text('keuze.verzend')).click();
    await person.page.locator('progress').first().waitFor();
    ok(true, 'progress is shown');
    await person.page.getByText(text('oplading.klaarGoed')).waitFor();
    is(await person.page.locator('h1').textContent(), 'goed.csv',
        'the page is about that file');
    is(await counted(person, 'Nieuw'), MANY.toLocaleString('nl-BE'),
        'every row is a dossier');
    is(await person.button(text('oplading.stop')).count(), 0,
        'what has ended cannot be cancelled');
    await person.shot('upload-done');
}

async function trial(person) {
    await choose(person, file('proef.csv', [row('P-1')]));
    await person.page.getByLabel(text('keuze.proef')).check();
    await person.button(text('keuze.verzendProef')).click();
    await person.page.getByText(text('oplading.proefGoed')).waitFor();
    is(await counted(person, 'Nieuw'), '1', 'a trial tells what would be new');
}

// As Excel of Windows saves it; one row has no such phase, one no such agent.
async function badRows(person) {
    await choose(person, file('gemengd.csv', [
        row('E-1', { name: 'Steun aan cafés' }),
        row('E-2', { phase: 'Bestaat niet' }),
        row('E-3', { agent: '0123456748' }),
        row('E-4'),
    ], 'latin1'));
    await person.page.getByText('Windows-1252').first().waitFor();
    ok(await person.page.getByText('Steun aan cafés').first().isVisible(),
        'Windows-1252 is seen, and read');
    await send(person);
    await ended(person);
    await person.page.locator('table.afkeuringen').waitFor();
    is(await counted(person, 'Nieuw'), '2', 'good rows are stored');
    is((await person.page.locator('table.afkeuringen tbody th')
        .allTextContents()).join(' '), '3 4', 'bad ones are shown by line');
    const why = await person.page.locator('table.afkeuringen tbody tr')
        .allTextContents();
    like(why[0], /StatusVlaamsFase/, 'with the column');
    like(why[1], /AgentIdentificatie/, 'of each');
    for (const language of ['nl', 'en']) {
        await person.accessible(`refused rows, ${language}`);
        await person.narrow(`refused-rows-${language}`);
        await person.shot(`refused-rows-${language}`);
        await person.page.locator('#taalknop').click();
        await person.settled();
        await person.page.locator('table.afkeuringen').waitFor();
    }
}

// What was refused, mended as a person would: the words that were wrong.
async function mended(person) {
    const got = await saved(person,
        () => person.button(text('afkeuring.csv')).click());

    is(got.name, 'gemengd-te-verbeteren.csv', 'the report is a file');
    like(got.text, /Bestaat niet/, 'with the rows that were refused');
    ok(!got.text.includes('E-1'), 'and no other');
    await choose(person, { name: got.name, mimeType: 'text/csv',
        buffer: Buffer.from(got.text.replaceAll('Bestaat niet', 'Behandeling')
            .replaceAll('0123456748', data.company)) });
    await send(person);
    await person.page.getByText(text('oplading.klaarGoed')).waitFor();
    is(await counted(person, 'Nieuw'), '2', 'mended: all of it is stored');
}

// Rows that are taken, and yet odd: more than one page of them.
async function warned(person) {
    const { page } = person;
    const rows = page.locator('table.waarschuwingen tbody tr');

    await choose(person, file('let-op.csv', [row('W-0'),
        ...Array.from({ length: 30 },
            (unused, i) => row(`W-${i + 1}`, { rights: '' })),
        row('W-0', { name: 'Opnieuw' })]));
    await send(person);
    await page.getByText(text('oplading.klaarGoed')).waitFor();
    await rows.first().waitFor();
    is(await page.locator('#waarschuwingen').textContent(),
        '31 dossiers met een waarschuwing', 'dossiers with a warning');
    ok(await page.locator('.kader').getByText(
        text('oplading.metWaarschuwing.meer', { n: '31' })).isVisible(),
    'are told of at the top');
    like(await rows.first().textContent(),
        /^3\s*W-1\s*Toegangsrechten: .*\(GeenRechten\)/,
        'are listed with line, number, column and why');
    is(await rows.count(), 25, 'the first of them');
    await person.button(text('knop.meer')).click();
    await rows.nth(30).waitFor();
    like(await rows.nth(30).textContent(), /^33\s*W-0.*\(SleutelOpnieuw\)/,
        'and the others: one that came back');
    is(await page.locator('table.afkeuringen').count(), 0, 'none is refused');
    for (const language of ['nl', 'en']) {
        await person.accessible(`warnings, ${language}`);
        await person.narrow(`warnings-${language}`);
        await person.shot(`warnings-${language}`);
        await page.locator('#taalknop').click();
        await person.settled();
        await rows.first().waitFor();
    }
}

// A whole file with more refused rows than a page shows: what it lacks comes
// behind them.
async function missing(person) {
    const { page } = person;
    const numbers = page.locator('.nummers li');
    const more = async () => {
        const were = await numbers.count();
        await person.button(text('knop.meer')).click();
        await numbers.nth(were).waitFor();
    };

    await choose(person, file('alles.csv', Array.from({ length: 26 },
        (unused, i) => row(`M-${i}`, { phase: 'Bestaat niet' }))));
    await page.getByLabel(text('keuze.volledig')).check();
    await page.locator('select[name=bron]')
        .selectOption('urn://test/subsidies');
    await page.getByLabel(text('keuze.peildatum')).fill(
        await page.evaluate(() => {
            const now = new Date();
            // a field of that kind has no seconds where they are nought
            now.setSeconds(now.getSeconds() || 1);
            return new Date(now - now.getTimezoneOffset() * 60000)
                .toISOString().slice(0, 19);
        }));
    await send(person);
    await ended(person);
    await page.locator('table.afkeuringen').waitFor();
    is(await numbers.count(), 0, 'refused rows come first');
    await more();
    is([await page.locator('table.afkeuringen tbody tr').count(),
        await numbers.count()].join(' '), '26 24',
    'then what a whole file lacks');
    await more();
    is(await numbers.count(), 49, 'page by page');
    like(await page.locator('summary', { hasText: 'ontbreken' })
        .textContent(), /: 49 van [23].\d{3}$/, 'of so many');
    await person.accessible('a whole file');
    await person.narrow('whole-file');
    await person.shot('whole-file');
}

// What the server says is put in its place: each phase is too short to see.
async function phases(person) {
    const { page } = person;
    const one = /\/uploads\/[0-9a-f-]{36}$/;
    let now = { Bestand: null, Toestand: 'Bezig', Klaar: null, Lijnen: null,
        Verwerkt: 0, Percentage: 0 };

    await page.route(one, async (route) => {
        const said = await (await route.fetch()).json();
        await route.fulfill({ json: { ...said, ...now } });
    });
    await page.reload();
    await page.getByText(text('oplading.leest')).waitFor();
    ok(true, 'no row is done: the file is being read');
    like(await page.locator('h1').textContent(), /zonder naam van \d.*20\d\d/,
        'one without a name is known by its time');
    now = { ...now, Lijnen: 2000, Verwerkt: 2000, Percentage: 99.9,
        Volledig: { Bron: 'urn://test/subsidies', Peildatum: null,
            Intrekken: false, Ontbrekend: 0, Ingetrokken: 0 } };
    await page.getByText(text('oplading.zoektOntbrekende')).waitFor();
    ok(true, 'all rows of a whole file are done: what is missing is searched');
    await page.unroute(one);
    await page.getByText(text('oplading.klaarGoed')).waitFor();
}

async function listed(person) {
    await person.open('#/opladingen');
    const names = await person.page.locator('tbody th').allTextContents();

    like(names.join(' '), /alles.*let-op.*te-verbeteren.*gemengd.*proef.*goed/s,
        'one\'s own files: the newest first');
    like(await person.page.locator('tbody tr', { hasText: 'let-op' })
        .textContent(), /31$/, 'and how many dossiers have a warning');
    await person.accessible('own files');
    await person.narrow('own-files');
    await person.shot('own-files');
}

async function byKeyboard(person) {
    const { page } = person;

    await person.open('#/opladen');
    await page.locator('input[type=file]').focus();
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(file('toetsen.csv', [row('T-1')]));
    const press = person.button(text('keuze.verzend'));
    await press.waitFor();
    for (let i = 0; i < 20; i++) {
        await page.keyboard.press('Tab');
        if (await press.evaluate((one) => one === document.activeElement)) {
            break;
        }
    }
    await page.keyboard.press('Enter');
    await page.getByText(text('oplading.klaarGoed')).waitFor();
    is(await person.page.locator('h1').textContent(), 'toetsen.csv',
        'by keyboard alone: chosen and sent');
}

// Somebody else's file, by keyboard: why it failed, without its rows; and one
// that runs is ended. That it runs is put in the answer: it would be too short.
async function operator(stage) {
    const operator = await stage.person('beheerder');
    const { page } = operator;

    await operator.open('#/beheer');
    ok(await page.getByText('gemengd.csv').first().isVisible(),
        'an operator sees whose files came in');
    await operator.accessible('what an operator sees');
    await operator.narrow('operator-files');
    await operator.shot('operator-files');
    await page.getByRole('link', { name: 'gemengd.csv', exact: true }).focus();
    await page.keyboard.press('Enter');
    await operator.heading('gemengd.csv').waitFor();
    await ended(operator);
    like(page.url(), /#\/beheer\/opladingen\/\d+$/, 'and opens one');
    is(await page.locator('nav.menu [aria-current]').textContent(),
        text('menu.beheer'), 'which belongs to his page');
    ok(await page.getByText('demo-vlaio').isVisible(), 'with whose it is');
    ok(await page.getByText(text('oplading.nietGetoond')).isVisible(),
        'that rows were refused, and not which');
    is(await page.locator('table').count(), 0, 'no row is shown');
    await everyLanguage(operator, 'operator-file');
    await endsOne(operator);
    await operator.leave('the operator');
}

async function everyLanguage(person, fact) {
    for (const language of ['nl', 'en']) {
        await person.accessible(`${fact}, ${language}`);
        await person.narrow(`${fact}-${language}`);
        await person.shot(`${fact}-${language}`);
        await person.page.locator('#taalknop').click();
        await person.settled();
    }
}

async function endsOne(person) {
    const { page } = person;
    const one = /\/beheer\/uploads\/\d+$/;
    const asked = [];
    let now = { Toestand: 'Wachtend', Klaar: null };

    await page.route(one, async (route) => {
        const method = route.request().method();
        const said = await (await route.fetch()).json();
        now = method === 'DELETE' ? { Toestand: 'Geannuleerd' } : now;
        asked.push(method);
        await route.fulfill({ json: { ...said, ...now } });
    });
    await page.reload();
    await person.button(text('oplading.stop')).waitFor();
    await everyLanguage(person, 'operator-file-waits');
    page.once('dialog', (dialog) => dialog.dismiss());
    await person.button(text('oplading.stop')).focus();
    await page.keyboard.press('Enter');
    ok(!asked.includes('DELETE'), 'ending it is asked first');
    const said = page.waitForEvent('dialog');
    page.once('dialog', (dialog) => dialog.accept());
    await person.button(text('oplading.stop')).focus();
    await page.keyboard.press('Enter');
    is((await said).message(), text('oplading.stopZeker.beheer',
        { naam: 'gemengd.csv', client: 'demo-vlaio' }), 'which one, of whom');
    await page.getByText(text('oplading.geannuleerd')).waitFor();
    ok(asked.includes('DELETE'), 'and then it is ended');
    await page.unroute(one);
}

await play(async (stage) => {
    const person = await stage.person('medewerker');

    for (const part of [template, refusedHere, goodFile, trial, badRows,
        mended, phases, warned, missing, listed, byKeyboard]) {
        await part(person);
    }
    await person.leave('delivering');

    const other = await stage.person('onderneming');
    await other.open('#/dossiers');
    await other.page.getByRole('link', { name: 'Steun aan cafés' }).waitFor();
    ok(true, 'the enterprise sees what was delivered');
    await other.leave('the enterprise');

    await operator(stage);
});
