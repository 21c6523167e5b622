// SPDX-License-Identifier: EUPL-1.2
import { data, is, like, ok, play, text, url } from './lib.mjs';

const SOURCE = 'https://loket.example.be';

async function namesOn({ page }) {
    return (await page.locator('[data-dossier] h3').allTextContents())
        .join(', ');
}

async function filters(person) {
    const { page } = person;

    await page.getByLabel(text('filter.actieNodig'), { exact: true })
        .selectOption('true');
    await page.waitForFunction(
        () => document.querySelectorAll('[data-dossier]').length === 1);
    is(await namesOn(person), 'Met actie', 'filtered: what asks for action');
    like(page.url(), /#\/dossiers\?actieNodig=true$/,
        'the address has the filter');
    await page.reload();
    await person.settled();
    is(await namesOn(person), 'Met actie', 'so a reload keeps it');
    await person.button(text('filter.wis')).click();
    await page.waitForFunction(
        () => document.querySelectorAll('[data-dossier]').length === 3);
    await page.getByLabel('Afgerond', { exact: true }).check();
    await page.waitForFunction(
        () => document.querySelectorAll('[data-dossier]').length === 1);
    is(await namesOn(person), 'Afgerond dossier', 'filtered by phase');
    await person.button(text('filter.wis')).click();
    await page.waitForFunction(
        () => document.querySelectorAll('[data-dossier]').length === 3);
}

// Notes whether it was ever said that the search goes on.
async function watchSearch(page) {
    await page.evaluate((said) => {
        const place = document.querySelector('.zoekt');

        window.searchSaid = false;
        new MutationObserver(() => {
            window.searchSaid ||= place.textContent.includes(said);
        }).observe(place, { childList: true, subtree: true });
    }, text('dossiers.zoekt'));
}

// Pages with one row, or none, that are not the last one. When following
// begins, the list is asked anew, at any moment: a search that has begun here
// is answered to its end, and only a new one gets what is really there.
async function makeScarce(page) {
    const made = { most: 0, over: false };

    await page.route(/\/api\/v1\/dosis\/dossiers\?/, async (route) => {
        const url = route.request().url();
        const at = Number(/&na=verder-(\d+)/.exec(url)?.[1] ?? 0);
        if (made.over && at === 0) {
            await route.continue();
            return;
        }
        const answer = await route.fetch({
            url: url.replace(/&na=verder-\d+/, ''),
        });
        const said = await answer.json();
        const rows = at % 4 === 0
            ? [{ ...said.Dossiers[0], DossierId: `schaars-${at}` }] : [];
        made.most = Math.max(made.most, at + 1);
        await route.fulfill({ json: { ...said, Dossiers: rows,
            Volgende: `verder-${at + 1}` } });
    });
    return made;
}

async function scarce({ page }) {
    const made = await makeScarce(page);

    await watchSearch(page);
    await page.getByLabel(text('filter.open'), { exact: true })
        .selectOption('true');
    await page.locator('[data-dossier=schaars-8]').waitFor();
    await page.getByText(text('dossiers.zoekt')).waitFor({ state: 'detached' });
    is(await page.locator('[data-dossier]').count(), 3,
        'few rows a page: the search goes on by itself');
    ok(await page.evaluate(() => window.searchSaid), 'and says so');
    is(made.most, 10, 'ten times');
    ok(await page.getByRole('button', { name: text('knop.meer') }).isVisible(),
        'and then as it is asked');
    made.over = true;
    await page.getByRole('button', { name: text('filter.wis') }).click();
    await page.waitForFunction(
        () => document.querySelectorAll('[data-dossier]').length === 3
            && !document.querySelector('[data-dossier^=schaars]'));
    await page.unrouteAll({ behavior: 'ignoreErrors' });
}

async function narrow(person) {
    const { page } = person;

    await page.setViewportSize({ width: 360, height: 740 });
    await page.reload();
    await person.settled();
    const top = (await page.getByRole('heading',
        { name: text('dossiers.actie') }).boundingBox()).y;
    ok(top < 740, 'on a narrow screen what asks for action is seen at once',
        `it begins at ${top}`);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.reload();
    await person.settled();
}

async function push(dossier) {
    const answer = await fetch(`${url}api/v1/dosis/dossiers`, {
        method: 'POST', body: JSON.stringify(dossier),
        headers: {
            'Content-Type': 'application/json',
            Authorization: `Bearer ${data.token}`,
        },
    });

    is(answer.status, 200, 'a source delivers');
}

async function live(person) {
    const { page } = person;

    await page.locator('.volgen[data-toestand=live]').waitFor();
    await push({ ...data.changed, Naam: 'Zonder actie, gewijzigd' });
    await page.getByRole('link', { name: 'Zonder actie, gewijzigd' }).waitFor();
    await page.getByText(text('dossier.bijgewerkt')).waitFor();
    ok(true, 'what changed is there by itself, and marked');
}

// A change comes while a search goes on, so there are two. The first one is
// held until the second is at its end.
async function overlapping({ page }) {
    let begun = 0;
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    const name = 'Zonder actie, nog eens gewijzigd';

    await page.route(/\/api\/v1\/dosis\/dossiers\?/, async (route) => {
        const further = route.request().url().includes('&na=verder');
        begun += further ? 0 : 1;
        if (!further && begun > 1) {
            await route.continue();
            return;
        }
        if (further) {
            await held;
        }
        await route.fulfill({ json: { Dossiers: [], Bronnen: [],
            Volgende: further ? null : 'verder' } });
    });
    await page.getByLabel(text('filter.open'), { exact: true })
        .selectOption('true');
    await page.getByText(text('dossiers.zoekt')).waitFor();
    await push({ ...data.changed, Naam: name, UploadId: crypto.randomUUID(),
        WijzigingsDatum: new Date().toISOString() });
    await page.getByRole('link', { name }).waitFor();
    ok(await page.getByText(text('dossiers.zoekt')).isVisible(),
        'of two searches the second has ended: it is still said');
    release();
    await page.getByText(text('dossiers.zoekt')).waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'wait' });
    ok(await page.getByRole('link', { name }).isVisible(),
        'the first one has too: no longer, and it takes nothing newer away');
    await page.getByRole('button', { name: text('filter.wis') }).click();
    await page.getByRole('link', { name: 'Met actie' }).waitFor();
}

async function detail(person) {
    const { page } = person;

    await page.getByRole('link', { name: 'Met actie' }).click();
    await person.heading('Met actie').waitFor();
    await person.heading(text('dossier.historiek')).waitFor();
    is(await page.locator('.tijdlijn .stap').count(), 2,
        'its history: both deliveries');
    const [first] = await page.locator('.tijdlijn .stap').allTextContents();
    like(first, /Bezorg de factuur/, 'the newest first');
    await page.locator('#taalknop').click();
    await person.heading(text('dossier.historiek', {}, 'en')).waitFor();
    ok(await person.heading('Met actie').isVisible(),
        'in English: the same dossier');
    await page.locator('#taalknop').click();
    await person.heading(text('dossier.historiek')).waitFor();
}

// The source itself is not there: what counts is how the browser gets to it.
async function clickThrough(person) {
    const { context } = person;
    const asked = context.waitForEvent('request',
        (request) => request.url() === `${SOURCE}/dossier/1`);

    await person.button(text('dossier.open')).click();
    const door = (await asked).redirectedFrom();
    like(door.url(), /\/door\/[\w-]{32}$/,
        'click-through: by a one-time address of DOSIS');
    is((await door.response()).status(), 303, 'which leads to the source');
}

await play(async (stage) => {
    const person = await stage.person('onderneming',
        { expected: [/^request: https:\/\/loket\.example\.be\//] });

    await person.open('#/dossiers');
    is(await namesOn(person), 'Met actie, Zonder actie, Afgerond dossier',
        'what asks for action is on top');
    like(await person.page.locator('[data-dossier] .actie').textContent(),
        /Bezorg de factuur.*15\sdecember\s2026/s, 'with what, and until when');
    await filters(person);
    await scarce(person);
    await narrow(person);
    await live(person);
    await overlapping(person);
    await detail(person);
    await clickThrough(person);
    await person.leave('dossiers');

    const citizen = await stage.person('burger');
    await citizen.open('#/dossiers');
    is(await namesOn(citizen), 'Van een burger', 'a citizen: his own alone');
    await citizen.leave('citizen');
});
