// SPDX-License-Identifier: EUPL-1.2
//
// Shows the OpenAPI document of the server that this page came from, wherever
// it stands: addresses are relative. Nothing goes to another server, and a
// token that is filled in is forgotten when the page is closed.

'use strict';

window.addEventListener('DOMContentLoaded', function () {
    window.SwaggerUIBundle({
        url: new URL('../api/openapi.json', document.baseURI).href,
        domNode: document.getElementById('docs'),
        presets: [window.SwaggerUIBundle.presets.apis],
        layout: 'BaseLayout',
        deepLinking: true,
        docExpansion: 'list',
        defaultModelsExpandDepth: 0,
        displayRequestDuration: true,
        persistAuthorization: false,
        validatorUrl: null,
    });
});
