// SPDX-License-Identifier: EUPL-1.2
import { is, issuer, like, ok, play, text } from './lib.mjs';

// Which pages they have, in the order of the menu.
const MENU = {
    burger: ['dossiers', 'hulp'],
    beheerder: ['opladen', 'opladingen', 'beheer', 'hulp'],
};

async function menuOf({ page }) {
    const links = await page.locator('nav.menu a').allTextContents();

    return links.join(', ');
}

await play(async (stage) => {
    const visitor = await stage.visitor();

    is(await menuOf(visitor), text('menu.hulp'), 'nobody: help alone');
    await visitor.open('#/opladen');
    ok(await visitor.heading(text('eerstAanmelden')).isVisible(),
        'a page that is for somebody asks to log in');
    await visitor.narrow('asked-to-log-in');
    await visitor.page.locator('main').getByRole('button',
        { name: text('aanmelden') }).click();
    await visitor.page.locator('button[value=medewerker]').waitFor();
    like(visitor.page.url(), new RegExp(`^${issuer}/`),
        'logging in is at the identity provider');
    await visitor.accessible('choosing who to be');
    await visitor.narrow('choosing-who-to-be');
    await visitor.choose('medewerker');
    like(visitor.page.url(), /#\/opladen$/, 'and leads back to that page');
    is(await menuOf(visitor), ['opladen', 'opladingen', 'hulp'].map(
        (page) => text(`menu.${page}`)).join(', '),
    'the menu has what the token is good for');
    ok(!/code=|state=/.test(visitor.page.url()),
        'without what came from the provider in the address');
    await visitor.page.reload();
    await visitor.settled();
    ok(await visitor.button(text('afmelden')).isVisible(),
        'a reload goes on logged in');
    await visitor.button(text('afmelden')).click();
    await visitor.page.locator('button[value=yes]').click();
    await visitor.page.waitForURL((at) => !at.href.startsWith(issuer));
    await visitor.button(text('aanmelden')).first().waitFor();
    is(await menuOf(visitor), text('menu.hulp'), 'logged out: help alone');
    is(await visitor.page.evaluate(() => window.sessionStorage.length
        + Object.keys(window.localStorage).filter((key) =>
            key.startsWith('oidc')).length), 0, 'and no token stays');
    await visitor.leave('logging in and out');

    for (const [who, pages] of Object.entries(MENU)) {
        const person = await stage.person(who);
        is(await menuOf(person),
            pages.map((page) => text(`menu.${page}`)).join(', '),
            `${who}: the pages that are of use`);
        await person.leave(who);
    }
});
