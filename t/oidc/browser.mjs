// SPDX-License-Identifier: EUPL-1.2
//
// A browser as far as logging in needs one: it keeps cookies by host and
// port, follows redirects, and fills in and sends the form of a page.

const HOPS_MAX = 20;

const FORM = /<form\b([^>]*)>([\s\S]*?)<\/form>/i;
const INPUT = /<input\b([^>]*)>/gi;

function attribute(text, name) {
    const found = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(text);

    return found === null ? undefined : found[1]
        .replace(/&quot;/g, '"').replace(/&#39;/g, "'")
        .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

// Nothing of a page but its one form; undefined when there is none.
function formOf(html, base) {
    const found = FORM.exec(html);

    if (found === null) {
        return undefined;
    }
    const fields = new URLSearchParams();
    for (const [, input] of found[2].matchAll(INPUT)) {
        const name = attribute(input, 'name');
        if (name !== undefined) {
            fields.set(name, attribute(input, 'value') ?? '');
        }
    }
    return {
        action: new URL(attribute(found[1], 'action') ?? base, base).href,
        fields,
    };
}

export class Browser {
    constructor(login) {
        this.login = login;
        this.jar = new Map();
        this.hops = [];
    }

    cookies(url) {
        const held = this.jar.get(url.host) ?? new Map();

        return [...held].map(([name, value]) => `${name}=${value}`).join('; ');
    }

    keep(url, answer) {
        const held = this.jar.get(url.host) ?? new Map();

        for (const line of answer.headers.getSetCookie()) {
            const [pair] = line.split(';');
            const at = pair.indexOf('=');
            const name = pair.slice(0, at);
            const value = pair.slice(at + 1);
            if (value === '') { // how a server takes one away
                held.delete(name);
            } else {
                held.set(name, value);
            }
        }
        this.jar.set(url.host, held);
    }

    // One request, no redirect followed.
    async ask(address, body) {
        const url = new URL(address);
        const answer = await fetch(url, {
            method: body === undefined ? 'GET' : 'POST',
            headers: {
                cookie: this.cookies(url),
                'sec-fetch-mode': 'navigate',
                accept: 'text/html',
            },
            body,
            redirect: 'manual',
        });

        this.keep(url, answer);
        this.hops.push({
            url: url.href,
            status: answer.status,
            sent: body === undefined ? undefined : body.toString(),
        });
        return { url, answer, text: await answer.text() };
    }

    fill(fields) {
        if (fields.has('login')) {
            fields.set('login', this.login);
            fields.set('password', 'om het even');
        }
        return fields;
    }

    // Where it goes from here, or undefined: it is there.
    next({ url, answer, text }, stop) {
        const to = answer.headers.get('location');

        if (to !== null) {
            return { address: new URL(to, url).href };
        }
        const form = formOf(text, url.href);
        return form === undefined || stop?.(form.action)
            ? undefined
            : { address: form.action, body: this.fill(form.fields) };
    }

    // Opens an address and goes on to where it leads: through redirects and
    // forms. stop(address): true for an address it must not ask any more.
    async open(address, stop) {
        let step = { address };

        for (let i = 0; i < HOPS_MAX; i++) {
            const page = await this.ask(step.address, step.body);
            step = this.next(page, stop);
            if (step === undefined) {
                return page;
            }
            if (stop?.(step.address)) {
                return { ...page, url: new URL(step.address) };
            }
        }
        throw new Error(`more than ${HOPS_MAX} hops: ${step.address}`);
    }
}
