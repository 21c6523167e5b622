// SPDX-License-Identifier: EUPL-1.2
//
// The identity provider that scripts/run starts, to log in on the portal with:
// a stand-in where anybody chooses who to be. On loopback only.
//
//   provider.mjs FILE     prints its address when it listens
//
// FILE: {"port", "portals": [address of a portal, as it is opened], "home": a
//        folder for the key that signs and, for DOSIS, keys.json}
//
// Who there is to be stands in people.json beside this.

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { interactionPolicy } from 'oidc-provider';
import { choicePage, errorPage, leavePage, STYLE } from './page.mjs';
import { makeKey, makeProvider } from './stand-in.mjs';

const BODY_MAX = 4096;

const file = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const people = JSON.parse(readFileSync(
    new URL('people.json', import.meta.url), 'utf8'));
const issuer = `http://127.0.0.1:${file.port}`;
const origins = file.portals.map((address) => new URL(address).origin);

// A log-in of before a restart goes on: the key is kept.
async function keptKeys() {
    const path = `${file.home}/signing-keys.json`;

    if (!existsSync(path)) {
        writeFileSync(path, JSON.stringify([await makeKey()]), { mode: 0o600 });
    }
    const keys = JSON.parse(readFileSync(path, 'utf8'));
    const shown = `${file.home}/keys.json`;
    writeFileSync(shown, JSON.stringify({
        keys: keys.map(({ kty, n, e, use, alg, kid }) =>
            ({ kty, n, e, use, alg, kid })),
    }));
    chmodSync(shown, 0o644);

    return keys;
}

function portalClient() {
    return {
        client_id: 'dosis-portaal',
        redirect_uris: file.portals,
        post_logout_redirect_uris: file.portals,
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
        scope: 'openid DosisImport DosisGebruiker DosisBeheer',
    };
}

// A form here ends in a redirect to the portal, which a browser counts as a
// place that the form goes to.
function show(response, html) {
    response.setHeader('Content-Security-Policy', "default-src 'none'; "
        + "style-src 'self'; img-src data:; base-uri 'none'; "
        + `form-action 'self' ${origins.join(' ')}; frame-ancestors 'none'`);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(html);
}

// Who may have what follows from who it is: nobody is asked.
function policy() {
    const all = interactionPolicy.base();

    all.remove('consent');

    return all;
}

function configuration() {
    return {
        interactions: {
            policy: policy(),
            url: (ctx, { uid }) => `/wie/${uid}`,
        },
        issueRefreshToken: (ctx, client) =>
            client.grantTypeAllowed('refresh_token'),
        clientBasedCORS: (ctx, origin) => origins.includes(origin),
        renderError: (ctx, said) => {
            ctx.respond = false;
            show(ctx.res, errorPage(said));
        },
        features: {
            devInteractions: { enabled: false },
            rpInitiatedLogout: {
                enabled: true,
                logoutSource: (ctx, form) => {
                    ctx.respond = false;
                    show(ctx.res, leavePage(form));
                },
            },
        },
    };
}

async function bodyOf(request) {
    let body = '';

    for await (const part of request) {
        body += part;
        if (body.length > BODY_MAX) {
            throw new Error('too long');
        }
    }

    return new URLSearchParams(body);
}

async function chosen(provider, request, response) {
    const who = (await bodyOf(request)).get('wie');

    if (!Object.hasOwn(people, who)) {
        show(response, choicePage(people));
        return;
    }
    await provider.interactionFinished(request, response,
        { login: { accountId: who } }, { mergeWithLastSubmission: false });
}

async function choice(provider, request, response) {
    try {
        await provider.interactionDetails(request, response);
        if (request.method === 'POST') {
            await chosen(provider, request, response);
        } else {
            show(response, choicePage(people));
        }
    } catch (error) {
        response.statusCode = 400;
        show(response, errorPage({
            error: 'Deze aanmelding is niet meer bezig: begin opnieuw.',
            error_description: error.message,
        }));
    }
}

const keys = await keptKeys();
const provider = makeProvider(issuer, {
    clients: [portalClient()],
    audience: 'dosis',
    opaque: [],
    introspection: [],
    shown: ['given_name', 'family_name', 'vo_orgnaam'],
    people,
    keys,
}, configuration());
const asked = provider.callback();

http.createServer((request, response) => {
    if (request.url.startsWith('/wie/')) {
        choice(provider, request, response);
    } else if (request.url === '/stijl.css') {
        response.writeHead(200, { 'Content-Type': 'text/css' }).end(STYLE);
    } else {
        asked(request, response);
    }
}).listen(file.port, '127.0.0.1', () => {
    process.stdout.write(`${issuer}\n`);
});
