// SPDX-License-Identifier: EUPL-1.2
//
// What the programs of this folder share: Chromium, somebody who logs in, and
// assertions as TAP for Dosis::Browser.
//
//   await play(async (stage) => {
//       const person = await stage.person('medewerker');
//       await person.open('#/opladen');
//       ok(await person.page.title() === 'Opladen – DOSIS', 'a fact');
//   });
//
// While a person is there, every violation of the policy, every error on the
// console and every request to another server is noted, and told at its end.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const WAIT_MS = 20_000;
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 900 };

const told = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const axe = readFileSync(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const { url, data, work, issuer } = told;

export function diag(...lines) {
    for (const line of lines.join('\n').split('\n')) {
        process.stdout.write(`# ${line}\n`);
    }
}

export function ok(holds, fact, ...why) {
    process.stdout.write(`${holds ? '' : 'not '}ok - ${fact}\n`);
    if (!holds && why.length > 0) {
        diag(...why);
    }
    return holds;
}

export function is(got, wanted, fact) {
    return ok(got === wanted, fact, `     got: ${got}`, `expected: ${wanted}`);
}

export function like(got, wanted, fact) {
    return ok(wanted.test(got), fact, `     got: ${got}`,
        `expected: ${wanted}`);
}

// The texts of the portal, so that no test has a copy of one.
async function textsOf(language) {
    const module = await import(
        `file://${told.pages}/js/teksten/${language}.js`);

    return module[language];
}

export const texts = { nl: await textsOf('nl'), en: await textsOf('en') };

// In a language, with {name} replaced.
export function text(key, values = {}, language = 'nl') {
    const found = texts[language][key];

    if (found === undefined) {
        throw new Error(`the portal has no text '${key}'`);
    }
    return found.replace(/\{(\w+)\}/g,
        (whole, name) => values[name] ?? whole);
}

class Person {
    constructor(context, page, expected) {
        this.context = context;
        this.page = page;
        this.wrong = [];
        this.expected = expected;
        context.on('page', (other) => this.watch(other));
        this.watch(page);
    }

    watch(page) {
        const note = (what) => this.wrong.push(what);

        page.on('console', (message) => {
            if (message.type() === 'error') {
                note(`console: ${message.text()} ${message.location().url}`);
            }
        });
        page.on('pageerror', (error) => note(`script: ${error.stack}`));
        page.on('request', (request) => {
            const { protocol, origin } = new URL(request.url());
            if (!['data:', 'blob:', 'about:'].includes(protocol)
                && ![new URL(url).origin, issuer].includes(origin)) {
                note(`request: ${request.url()}`);
            }
        });
    }

    // A page of the portal, by the part behind its address.
    async open(hash) {
        const other = await this.page.evaluate((to) => {
            document.querySelector('#inhoud h1').dataset.before = '';
            const from = window.location.hash;
            window.location.hash = to;
            return window.location.hash !== from;
        }, hash);
        if (other) {
            await this.page.locator('#inhoud h1:not([data-before])').first()
                .waitFor();
        }
        await this.settled();
    }

    // Nothing is being fetched any more.
    async settled() {
        const { page } = this;

        await page.waitForLoadState('load');
        await page.locator('#inhoud h1').first().waitFor();
        await page.waitForFunction(
            () => document.querySelector('#inhoud .bezig') === null);
    }

    button(name) {
        return this.page.getByRole('button', { name, exact: true });
    }

    link(name) {
        return this.page.getByRole('link', { name, exact: true });
    }

    heading(name) {
        return this.page.getByRole('heading', { name, exact: true });
    }

    // At the identity provider, as one of its people; back on the portal.
    async logIn(who) {
        await this.button(text('aanmelden')).first().click();
        await this.choose(who);
    }

    async choose(who) {
        await this.page.locator(`button[value="${who}"]`).click();
        await this.page.waitForURL((at) => at.href.startsWith(url));
        await this.button(text('afmelden')).waitFor();
        await this.settled();
    }

    // axe-core has nothing serious to say of what is shown now.
    async accessible(fact) {
        const { violations } = await this.page.evaluate(
            () => window.axe.run(document, { resultTypes: ['violations'] }));
        const serious = violations.filter(
            ({ impact }) => ['serious', 'critical'].includes(impact));

        ok(serious.length === 0, `${fact}: axe has nothing serious`,
            ...serious.flatMap(({ id, help, nodes }) => [`${id}: ${help}`,
                ...nodes.slice(0, 3).map((node) =>
                    `  ${node.html}\n  ${node.failureSummary}`)]));
    }

    // At 360 pixels everything is in reach by scrolling down.
    async narrow(fact) {
        await this.page.setViewportSize(NARROW);
        const width = await this.page.evaluate(
            () => document.scrollingElement.scrollWidth);
        ok(width <= NARROW.width, `${fact}: fits ${NARROW.width} pixels`,
            `it is ${width} wide: ${await this.page.evaluate((most) =>
                [...document.querySelectorAll('#inhoud *, header *, footer *')]
                    .filter((one) => one.getBoundingClientRect().right > most)
                    .slice(0, 5).map((one) => one.outerHTML.slice(0, 200))
                    .join('\n'), NARROW.width)}`);
        await this.shot(`${fact}-360`);
        await this.page.setViewportSize(WIDE);
    }

    async shot(name) {
        await this.page.screenshot({
            path: `${told.shots}/${name.replace(/[^\w-]+/g, '-')}.png`,
            fullPage: true,
        });
    }

    // Nothing went wrong unseen. What a test caused on purpose it names.
    async leave(fact) {
        const wrong = this.wrong.filter(
            (what) => !this.expected.some((one) => one.test(what)));

        ok(wrong.length === 0, `${fact}: no violation of the policy, no error,`
            + ' nothing of another server', ...wrong);
        await this.context.close();
    }
}

class Stage {
    constructor(browser) {
        this.browser = browser;
        this.people = [];
    }

    // expected: patterns of what is noted and may be.
    async visitor({ expected = [] } = {}) {
        const context = await this.browser.newContext({
            viewport: WIDE, locale: 'nl-BE', timezoneId: 'Europe/Brussels',
            acceptDownloads: true, reducedMotion: 'reduce',
        });

        context.setDefaultTimeout(WAIT_MS);
        await context.addInitScript({ content: axe });
        const page = await context.newPage();
        const person = new Person(context, page, expected);
        this.people.push(person);
        await page.goto(url);
        await person.settled();

        return person;
    }

    async person(who, options) {
        const person = await this.visitor(options);

        await person.logIn(who);

        return person;
    }
}

export async function play(run) {
    const browser = await chromium.launch({
        executablePath: told.chromium,
        // whatever a page asks for, nothing leaves this machine
        args: ['--no-sandbox', '--disable-dev-shm-usage',
            '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
    const stage = new Stage(browser);

    try {
        await run(stage);
        diag('done');
    } catch (error) {
        ok(false, 'nothing is thrown', error.stack);
        for (const [i, person] of stage.people.entries()) {
            diag(...person.wrong);
            await person.shot(`failed-${told.name}-${i}`).catch(() => {});
        }
        process.exitCode = 1;
    }
    await browser.close();
}
