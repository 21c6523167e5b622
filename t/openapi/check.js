// SPDX-License-Identifier: EUPL-1.2
//
// What node does for the tests in Perl: prints a line for each fault, nothing
// when there is none, and on the error channel how much it has looked at.
//
//   check.js examples DOCUMENT           every example fits its schema
//   check.js answers DOCUMENT FOLDER     every recorded answer is documented
//   check.js linked CONTEXT BASE FILE..  JSON-LD: prints its statements

'use strict';

const fs = require('fs');
const path = require('path');
const Ajv = require('ajv/dist/2020');
const addFormats = require('ajv-formats');

const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'x-query'];

// Those that the web server itself may give anywhere.
const SERVERS_OWN = new Set(['404', '405', '408', '411', '413', '414', '429',
    '500', '501', '502', '503', '504', '505']);

const faults = [];
let looked = 0;

function readJson(file) {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
}

// An answer may hold nothing that the document does not name: a client that
// reads it must know all there is.
function closeObjects(node) {
    if (node === null || typeof node !== 'object') {
        return;
    }
    if (!Array.isArray(node) && node.properties !== undefined
        && node.additionalProperties === undefined) {
        node.additionalProperties = false;
    }
    Object.values(node).forEach(closeObjects);
}

class Document {
    constructor(file) {
        this.json = readJson(file);
        this.compiled = new Map();
        this.ajv = new Ajv({ strict: false, allErrors: true });
        addFormats(this.ajv);
        const closed = JSON.parse(JSON.stringify(this.json));
        closeObjects(closed.components.schemas);
        closeObjects(closed.paths);
        this.ajv.addSchema(closed, 'document', undefined, false);
    }

    // Follows $ref; gives what stands there and its pointer.
    find(pointer) {
        let at = this.json;
        for (const step of pointer.split('/').slice(1)) {
            at = at[step.replace(/~1/g, '/').replace(/~0/g, '~')];
            if (at === undefined) {
                throw new Error(`nothing at ${pointer}`);
            }
        }
        return at.$ref === undefined ? { node: at, pointer }
            : this.find(at.$ref.slice(1));
    }

    // What is wrong with a value that should fit the schema at that pointer.
    wrong(pointer, value) {
        let judge = this.compiled.get(pointer);
        if (judge === undefined) {
            const uri = encodeURI(pointer);
            judge = this.ajv.compile({ $ref: `document#${uri}` });
            this.compiled.set(pointer, judge);
        }
        looked++;
        return judge(value) ? []
            : judge.errors.map((e) => `${e.instancePath} ${e.message} `
                + JSON.stringify(e.params));
    }

    operations() {
        const found = [];
        for (const [name, item] of Object.entries(this.json.paths)) {
            for (const method of METHODS) {
                if (item[method] !== undefined) {
                    found.push({ name, method,
                        pointer: `/paths/${escape(name)}/${method}` });
                }
            }
        }
        return found;
    }
}

function escape(step) {
    return step.replace(/~/g, '~0').replace(/\//g, '~1');
}

// --- examples -------------------------------------------------------------

// Every place that holds a schema and examples of it: media types, parameters
// and headers; and schemas with examples of their own.
function checkExamples(doc) {
    function visit(node, pointer, isSchema) {
        if (node === null || typeof node !== 'object' || node.$ref) {
            return;
        }
        if (node.schema !== undefined) {
            examplesOf(node, pointer).forEach(([where, value]) => {
                doc.wrong(`${pointer}/schema`, value).forEach((wrong) => {
                    faults.push(`${where}: ${wrong}`);
                });
            });
        }
        if (isSchema && Array.isArray(node.examples)) {
            node.examples.forEach((value, i) => {
                doc.wrong(pointer, value).forEach((wrong) => {
                    faults.push(`${pointer}/examples/${i}: ${wrong}`);
                });
            });
        }
        for (const [name, child] of Object.entries(node)) {
            if (name !== 'examples' && name !== 'example') {
                visit(child, `${pointer}/${escape(name)}`,
                    isSchema || name === 'schema' || name === 'schemas');
            }
        }
    }

    function examplesOf(node, pointer) {
        const found = [];
        if (node.example !== undefined) {
            found.push([`${pointer}/example`, node.example]);
        }
        for (const name of Object.keys(node.examples || {})) {
            const at = doc.find(`${pointer}/examples/${escape(name)}`);
            used.add(at.pointer);
            found.push([at.pointer, at.node.value]);
        }
        return found;
    }

    const used = new Set();
    visit(doc.json.paths, '/paths', false);
    visit(doc.json.components, '/components', false);
    for (const name of Object.keys(doc.json.components.examples)) {
        if (!used.has(`/components/examples/${name}`)) {
            faults.push(`/components/examples/${name} is used nowhere`);
        }
    }
}

// --- recorded answers -----------------------------------------------------

// A file is a row of: `METHOD path status headers bytes`, that many lines of
// headers, that many bytes, and a newline (t/lib/Dosis/Record.pm).
function* records(file) {
    const all = fs.readFileSync(file);
    let at = 0;
    function line() {
        const end = all.indexOf(10, at);
        const text = all.toString('utf8', at, end);
        at = end + 1;
        return text;
    }
    while (at < all.length) {
        const [method, where, status, count, bytes] = line().split(' ');
        const headers = {};
        for (let i = 0; i < Number(count); i++) {
            const [name, value] = line().split(/: (.*)/s);
            headers[name.toLowerCase()] = value;
        }
        const body = all.subarray(at, at + Number(bytes));
        at += Number(bytes) + 1;
        yield { method, where, status, headers, body };
    }
}

// A table from the paths of requests to operations.
class Routes {
    constructor(doc) {
        this.literal = new Map();
        this.patterns = [];
        for (const operation of doc.operations()) {
            const key = operation.name;
            if (!key.includes('{')) {
                this.literal.set(key, key);
            } else if (!this.patterns.some((p) => p.key === key)) {
                const text = key.replace(/[.]/g, '\\.')
                    .replace(/\{[^}]+\}/g, '[^/]+');
                this.patterns.push({ key, test: new RegExp(`^${text}$`) });
            }
        }
    }

    // A prefix may stand in front of it all.
    find(where) {
        const begin = where.search(/\/(?:api|health|door|\.well-known)\//);
        if (begin < 0) {
            return undefined;
        }
        const inside = where.slice(begin);
        if (this.literal.has(inside)) {
            return inside;
        }
        const match = this.patterns.find((p) => p.test.test(inside));
        return match && match.key;
    }
}

function documented(doc, name, method, status) {
    const operation = doc.json.paths[name][method];
    if (operation === undefined) {
        return undefined;
    }
    const base = `/paths/${escape(name)}/${method}/responses`;
    if (operation.responses[status] !== undefined) {
        return doc.find(`${base}/${status}`);
    }
    return SERVERS_OWN.has(status) ? doc.find(`${base}/default`) : undefined;
}

function wrongHeaders(doc, response, record) {
    return Object.entries(response.node.headers || {})
        .filter(([name]) => {
            const at = doc.find(
                `${response.pointer}/headers/${escape(name)}`);
            return at.node.required
                && record.headers[name.toLowerCase()] === undefined;
        })
        .map(([name]) => `no header ${name}`);
}

function wrongBody(doc, pointer, record) {
    const type = (record.headers['content-type'] || '').split(';')[0];
    const content = doc.find(pointer).node.content || {};
    const empty = record.method === 'HEAD' || record.status === '304'
        || record.status === '204' || record.status === '303';
    if (empty) {
        return record.body.length === 0 ? [] : ['a body where none belongs'];
    }
    if (content[type] === undefined) {
        return [`Content-Type '${type}' is not documented`];
    }
    if (!/json$/.test(type)) {
        looked++;
        return [];
    }
    let value;
    try {
        value = JSON.parse(record.body.toString('utf8'));
    } catch (e) {
        return [`no JSON: ${e.message}`];
    }
    const wrong = doc.wrong(
        `${pointer}/content/${escape(type)}/schema`, value);
    if (type === 'application/problem+json'
        && String(value.status) !== record.status) {
        wrong.push(`status member is ${value.status}`);
    }
    return wrong;
}

// What is wrong with one answer; the empty list when it is as documented.
function judge(doc, routes, record, seen) {
    const method = { HEAD: 'get', QUERY: 'x-query' }[record.method]
        || record.method.toLowerCase();
    const name = routes.find(record.where);
    const response = name === undefined ? undefined
        : documented(doc, name, method, record.status);
    if (response !== undefined) {
        seen.add(`${method} ${name} ${record.status}`);
        return wrongHeaders(doc, response, record)
            .concat(wrongBody(doc, response.pointer, record));
    }
    if (record.method === 'OPTIONS' && record.status === '204') {
        return record.headers.allow ? [] : ['no header Allow'];
    }
    if (Number(record.status) < 400) {
        return [name === undefined ? 'the path is not documented'
            : 'the status is not documented'];
    }
    if (name !== undefined && doc.json.paths[name][method] !== undefined
        && !SERVERS_OWN.has(record.status)) {
        return ['the status is not documented'];
    }
    return wrongBody(doc, '/components/responses/Fout', record);
}

function checkAnswers(doc, folder) {
    const routes = new Routes(doc);
    const seen = new Set();
    const counts = new Map();
    for (const file of fs.readdirSync(folder).sort()) {
        for (const record of records(path.join(folder, file))) {
            if (!/\/(?:api|health|door|\.well-known)\//.test(record.where)) {
                continue;
            }
            looked++;
            judge(doc, routes, record, seen).forEach((wrong) => {
                const fault = `${record.method} ${record.where} `
                    + `${record.status}: ${wrong}`;
                const where = counts.get(fault) || [];
                where.push(file);
                counts.set(fault, where);
            });
        }
    }
    for (const [fault, where] of counts) {
        faults.push(`${fault} (${where.length} times, first in ${where[0]})`);
    }
    for (const { name, method } of doc.operations()) {
        const good = [...seen].some(
            (s) => s.startsWith(`${method} ${name} 2`));
        process.stderr.write(`${good ? 'seen' : 'unseen'} ${method} ${name}\n`);
    }
}

// --- linked data ----------------------------------------------------------

// The context is the one given, whatever address is asked for it; nothing is
// fetched.
async function printStatements(context, base, files) {
    const jsonld = require('jsonld');
    const document = readJson(context);
    const options = {
        base,
        format: 'application/n-quads',
        safe: false,
        documentLoader: async (url) => {
            if (url !== new URL('/api/context.jsonld', base).href) {
                throw new Error(`asked for ${url}`);
            }
            return { contextUrl: null, documentUrl: url, document };
        },
    };
    for (const file of files) {
        process.stdout.write(await jsonld.toRDF(readJson(file), options));
    }
}

// --------------------------------------------------------------------------

async function main([what, ...words]) {
    if (what === 'examples') {
        checkExamples(new Document(words[0]));
    } else if (what === 'answers') {
        checkAnswers(new Document(words[0]), words[1]);
    } else if (what === 'linked') {
        await printStatements(words[0], words[1], words.slice(2));
        return;
    } else {
        throw new Error('check.js: examples, answers or linked');
    }
    process.stdout.write(faults.map((fault) => `${fault}\n`).join(''));
    process.stderr.write(`looked at ${looked}\n`);
}

main(process.argv.slice(2)).catch((e) => {
    process.stdout.write(`${e.stack}\n`);
    process.exitCode = 1;
});
