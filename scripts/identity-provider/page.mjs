// SPDX-License-Identifier: EUPL-1.2
//
// The pages of the stand-in: who do you want to be, log out, something went
// wrong. One style sheet, no script, nothing from elsewhere.

export const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; color: #222; background: #f4f4f4;
  margin: 0; padding: 1rem; }
main { max-width: 34rem; margin: 1rem auto; padding: 1rem 1.5rem 1.5rem;
  background: #fff; border: 1px solid #ccc; border-radius: .5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
p { margin: .5rem 0; }
.let-op { border-left: .25rem solid #8a5a00; padding-left: .75rem; }
button { display: block; width: 100%; margin: .75rem 0 0; padding: .75rem 1rem;
  font: inherit; text-align: left; color: #222; background: #fff;
  border: 2px solid #0b4f8a; border-radius: .375rem; cursor: pointer; }
button:hover { background: #e8f1f9; }
button:focus-visible { outline: 3px solid #0b4f8a; outline-offset: 2px; }
button strong { display: block; }
`;

function text(said) {
    return String(said).replace(/&/g, '&amp;').replace(/</g, '&lt;')
        .replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function page(title, ...parts) {
    return `<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/stijl.css">
</head>
<body>
<main>
<h1>${text(title)}</h1>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

export function choicePage(people) {
    const buttons = Object.entries(people).map(([login, person]) =>
        `<button name="wie" value="${text(login)}">`
        + `<strong>${text(person.titel)}</strong> ${text(person.uitleg)}`
        + '</button>');

    return page('Als wie meldt u zich aan?',
        '<p class="let-op">Dit is geen echte aanmelding: een stand-in om DOSIS'
        + ' uit te proberen. Kies een persoon.</p>',
        '<form method="post">', ...buttons, '</form>');
}

export function leavePage(form) {
    return page('Afmelden', form,
        '<button form="op.logoutForm" name="logout" value="yes">'
        + '<strong>Meld mij af</strong></button>',
        '<button form="op.logoutForm">Blijf aangemeld</button>');
}

export function errorPage({ error, error_description: why }) {
    return page('Aanmelden lukt niet', `<p>${text(error)}</p>`,
        `<p>${text(why ?? '')}</p>`);
}
