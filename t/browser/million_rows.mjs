// SPDX-License-Identifier: EUPL-1.2
import { data, diag, is, ok, play, text } from './lib.mjs';

const PATIENCE_MS = 1_500_000;

const from = Date.now();

function told(what) {
    diag(`${((Date.now() - from) / 1000).toFixed(1)} s: ${what}`);
}

async function delivered(person) {
    const { page } = person;

    await person.open('#/opladen');
    told('choose the file');
    await page.locator('input[type=file]').setInputFiles(data.file);
    await page.getByText(text('opladen.kopGoed')).waitFor();
    told('its header was looked at');
    await person.button(text('keuze.verzend')).click();
    await page.waitForURL(/#\/opladingen\/[0-9a-f-]{36}$/,
        { timeout: PATIENCE_MS });
    told('it was accepted (202)');
    await page.locator('progress')
        .or(page.getByText(text('oplading.klaarGoed'))).first().waitFor();
    await person.shot('million-under-way');
    await page.getByText(text('oplading.klaarGoed'))
        .waitFor({ timeout: PATIENCE_MS });
    told('the page says that it is done');
    is(await page.locator('.tegel', { has: page.getByText(
        text('uitslag.Nieuw'), { exact: true }) }).locator('dd').textContent(),
    data.rows.toLocaleString('nl-BE'), 'every row is a dossier');
    await person.shot('million-done');
}

await play(async (stage) => {
    const person = await stage.person('medewerker');

    await delivered(person);
    await person.leave('delivering');

    const other = await stage.person('onderneming');
    await other.open('#/dossiers');
    await other.page.getByRole('link', { name: 'Laatste rij' }).waitFor();
    ok(true, 'the enterprise sees what stood in the last row');
    told('and it is seen');
    await other.leave('the enterprise');
});
