// SPDX-License-Identifier: EUPL-1.2
//
// A source application, small: it shows a dossier to who has logged in, and
// takes people from DOSIS by each of the four methods of click-through.
//
//   source.mjs FILE       prints its address when it listens on loopback
//
// FILE: {"port", "key", "cert": files; "issuer", "client", "secret": of the
//        identity provider, "issuer" may begin a log-in; "dosis": where
//        jwks.json is, "dosis_issuer", "audience": what an assertion must say}
//
//   GET /dossier/...      the dossier, after a log-in at the provider; passes
//                         on a login_hint
//   POST /dossier/...     a log-in by an assertion of DOSIS about that dossier
//   /start                OpenID Connect Core section 4: log-in begun by others
//   /terug                where the provider sends people back
//
// It shows JSON: {"dossier", "wie", "hoe", "hint"}.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { randomUUID } from 'node:crypto';
import { custom, generators, Issuer } from 'openid-client';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const BODY_MAX = 64 * 1024;
const WAIT_MS = 60_000;

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const home = `https://localhost:${wanted.port}`;
const back = `${home}/terug`;

const sessions = new Map(); // id -> {wie, hoe} or a log-in under way
const used = new Set(); // jti of assertions

custom.setHttpOptionsDefaults({ timeout: WAIT_MS });
const found = await Issuer.discover(wanted.issuer);
const client = new found.Client({
    client_id: wanted.client,
    client_secret: wanted.secret,
    redirect_uris: [back],
    response_types: ['code'],
});
const dosisKeys = createRemoteJWKSet(new URL(wanted.dosis),
    { timeoutDuration: WAIT_MS });

function refuse(response, status, why) {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(why);
}

function redirect(response, to, session) {
    const headers = { location: to };

    if (session !== undefined) {
        headers['set-cookie'] =
            `sessie=${session}; Path=/; Secure; HttpOnly; SameSite=Lax`;
    }
    response.writeHead(303, headers).end();
}

function dossierOf(url) {
    return url.pathname.slice('/dossier/'.length);
}

function sessionOf(request) {
    const cookie = /(?:^|; )sessie=([^;]+)/.exec(request.headers.cookie ?? '');

    return cookie === null ? undefined : sessions.get(cookie[1]);
}

// Off to the provider; `to` is where the person wanted to go.
function logIn(response, to, hint) {
    const id = randomUUID();
    const underWay = {
        to,
        hint,
        state: generators.state(),
        nonce: generators.nonce(),
        verifier: generators.codeVerifier(),
    };

    sessions.set(id, underWay);
    redirect(response, client.authorizationUrl({
        scope: 'openid',
        state: underWay.state,
        nonce: underWay.nonce,
        code_challenge: generators.codeChallenge(underWay.verifier),
        code_challenge_method: 'S256',
        ...(hint === null ? {} : { login_hint: hint }),
    }), id);
}

async function comeBack(request, response) {
    const underWay = sessionOf(request);

    if (underWay?.state === undefined) {
        refuse(response, 400, 'no log-in under way');
        return;
    }
    const tokens = await client.callback(back, client.callbackParams(request), {
        state: underWay.state,
        nonce: underWay.nonce,
        code_verifier: underWay.verifier,
    });
    const id = randomUUID();
    sessions.set(id, {
        wie: tokens.claims().sub, hoe: 'login', hint: underWay.hint,
    });
    redirect(response, underWay.to, id);
}

function show(url, request, response) {
    const session = sessionOf(request);

    if (session?.wie === undefined) {
        logIn(response, url.href, url.searchParams.get('login_hint'));
        return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({
        dossier: dossierOf(url),
        wie: session.wie,
        hoe: session.hoe,
        hint: session.hint,
    }));
}

function start(url, response) {
    const to = url.searchParams.get('target_link_uri') ?? '';

    if (url.searchParams.get('iss') !== wanted.issuer
        || !to.startsWith(`${home}/dossier/`)) {
        refuse(response, 400, 'iss or target_link_uri is not of here');
        return;
    }
    logIn(response, to, url.searchParams.get('login_hint'));
}

async function bodyOf(request) {
    let text = '';

    for await (const piece of request) {
        text += piece;
        if (text.length > BODY_MAX) {
            throw new Error('the body is too large');
        }
    }
    return new URLSearchParams(text);
}

// The assertion must be about the dossier that is asked for: its address is no
// part of what is signed.
async function assertion(url, request, response) {
    const { payload } = await jwtVerify(
        (await bodyOf(request)).get('assertion'), dosisKeys,
        {
            algorithms: ['ES256'],
            issuer: wanted.dosis_issuer,
            audience: wanted.audience,
            requiredClaims: ['exp', 'jti', 'sub', 'dossier'],
        });
    const id = randomUUID();

    if (used.has(payload.jti)) {
        refuse(response, 400, 'this assertion was used');
        return;
    }
    if (payload.dossier.DossierNummer !== dossierOf(url)) {
        refuse(response, 400, 'this assertion is about another dossier');
        return;
    }
    used.add(payload.jti);
    sessions.set(id, { wie: payload.sub, hoe: 'assertie', hint: null });
    redirect(response, url.href, id);
}

async function answer(request, response) {
    const url = new URL(request.url, home);

    if (url.pathname.startsWith('/dossier/') && request.method === 'POST') {
        await assertion(url, request, response);
    } else if (url.pathname.startsWith('/dossier/')) {
        show(url, request, response);
    } else if (url.pathname === '/start') {
        start(url, response);
    } else if (url.pathname === '/terug') {
        await comeBack(request, response);
    } else {
        refuse(response, 404, 'not here');
    }
}

createServer(
    { key: readFileSync(wanted.key), cert: readFileSync(wanted.cert) },
    (request, response) => {
        answer(request, response)
            .catch((fault) => refuse(response, 400, fault.message));
    })
    .listen(wanted.port, '127.0.0.1', () => {
        process.stdout.write(`${home}\n`);
    });
