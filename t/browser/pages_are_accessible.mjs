// SPDX-License-Identifier: EUPL-1.2
import { data, is, like, ok, play, text, texts } from './lib.mjs';

// Who looks at which pages; {} is a dossier.
const PAGES = {
    medewerker: ['opladen', 'opladingen', 'hulp', 'nergens'],
    onderneming: ['', 'dossiers', `dossiers/${data.dossier}`],
    beheerder: ['beheer'],
};

function sameKeys() {
    const keys = Object.fromEntries(Object.entries(texts).map(
        ([language, held]) => [language, Object.keys(held).sort().join('\n')]));

    is(keys.en, keys.nl, 'each text is there in both languages');
}

async function languageOf({ page }) {
    return page.evaluate(() => document.documentElement.lang);
}

async function looked(person, who, hash) {
    const name = `${who}-${hash === '' ? 'start' : hash.replace(/\/.*/, '-een')}`;

    await person.open(`#/${hash}`);
    for (const language of ['nl', 'en']) {
        is(await languageOf(person), language, `${name}: in ${language}`);
        await person.accessible(`${name}, ${language}`);
        await person.shot(`${name}-${language}`);
        await person.narrow(`${name}-${language}`);
        // the other one; after English it is Dutch again
        await person.page.locator('#taalknop').click();
        await person.settled();
    }
}

// What one key after the other reaches, as a person sees it.
async function stepTo(page, wanted) {
    for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        const here = await page.evaluate(() => {
            const one = document.activeElement;
            const style = getComputedStyle(one);
            return {
                text: (one.labels?.[0] ?? one).textContent.trim(),
                seen: style.outlineStyle !== 'none'
                    || style.boxShadow !== 'none',
            };
        });
        if (here.text === wanted) {
            return here.seen;
        }
    }
    throw new Error(`the keyboard does not reach '${wanted}'`);
}

async function keyboardOnly(stage) {
    const visitor = await stage.visitor();
    const { page } = visitor;

    ok(await stepTo(page, text('spring')), 'first: a way past the menu');
    await page.keyboard.press('Enter');
    is(await page.evaluate(() => document.activeElement.id), 'inhoud',
        'which leads to the content');
    await page.reload();
    await visitor.settled();
    ok(await stepTo(page, text('aanmelden')), 'logging in is in reach, and seen');
    await page.keyboard.press('Enter');
    await page.locator('button[value=onderneming]').waitFor();
    await page.locator('button[value=onderneming]').focus();
    await page.keyboard.press('Enter');
    await visitor.button(text('afmelden')).waitFor();
    await visitor.settled();
    await page.locator('body').focus();
    ok(await stepTo(page, text('menu.dossiers')), 'so is the menu');
    await page.keyboard.press('Enter');
    await page.locator('[data-dossier]').first().waitFor();
    await visitor.settled();
    is(await page.evaluate(() => document.activeElement.tagName), 'H1',
        'the heading of the page has the focus then');
    ok(await stepTo(page, data.naam), 'a dossier is in reach');
    await page.keyboard.press('Enter');
    await visitor.heading(data.naam).waitFor();
    like(page.url(), new RegExp(`#/dossiers/${data.dossier}$`), 'and opens');
    await visitor.leave('by keyboard');
}

await play(async (stage) => {
    sameKeys();
    for (const [who, pages] of Object.entries(PAGES)) {
        const person = await stage.person(who);
        for (const hash of pages) {
            await looked(person, who, hash);
        }
        await person.leave(who);
    }
    await keyboardOnly(stage);
});
