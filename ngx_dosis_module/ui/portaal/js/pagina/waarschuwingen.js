// SPDX-License-Identifier: EUPL-1.2
//
// The dossiers of a file that have a warning: line, dossier, column, what is
// odd. They were taken as they are. At most so many are kept by the server.

import { bouw, vervang, vul } from '../bouw.js';
import { foutKader, kader } from '../meldingen.js';
import { getal } from '../opmaak.js';
import { tabel } from '../tabel.js';
import { t, tAantal } from '../taal.js';
import { meerKnop, redenen, voegRijen } from './redenen.js';
import { isBezig } from './toestand.js';

const PAGINA = 25;

function kolommenVan() {
    return [
        { kop: t('afkeuring.lijn'), klasse: 'getal kort',
            cel: (rij) => rij.LijnNummer },
        { kop: t('waarschuwing.dossier'), klasse: 'kort',
            cel: (rij) => rij.DossierNummer ?? '–' },
        { kop: t('waarschuwing.reden'), klasse: 'vanzelf',
            cel: (rij) => redenen(rij.Waarschuwingen) },
    ];
}

export function maakWaarschuwingen(omgeving, adres) {
    const element = bouw('div');
    let getoond = false;

    function haal(na) {
        return omgeving.api.json(`${adres}/waarschuwingen`, {
            vraag: [['na', na], ['limiet', PAGINA]],
            signaal: omgeving.signaal,
        });
    }

    function teken(deel, stand) {
        const kolommen = kolommenVan();
        const rijen = tabel({
            bijschrift: t('waarschuwing.tabel'), kolommen,
            rijen: deel.Waarschuwingen, klasse: 'waarschuwingen',
        });

        vervang(element, bouw('section',
            { 'aria-labelledby': 'waarschuwingen' },
            bouw('h2', { id: 'waarschuwingen' },
                tAantal('waarschuwing.titel', deel.Totaal,
                    { n: getal(deel.Totaal) })),
            bouw('p', {}, t(stand.Proef
                ? 'waarschuwing.proef' : 'waarschuwing.uitleg')),
            deel.Bewaard < deel.Totaal ? kader('let',
                t('waarschuwing.nietAlle', { n: getal(deel.Bewaard) })) : null,
            rijen,
            meerKnop({ haal, voeg: (meer) => voegRijen(rijen.tBodies[0],
                kolommen, meer.Waarschuwingen) }, deel.Volgende)));
    }

    return {
        element,
        // when it has ended: until then they are counted
        async zet(stand) {
            if (getoond || isBezig(stand) || stand.Waarschuwingen === 0) {
                return;
            }
            getoond = true;
            try {
                const deel = await haal(null);
                // of a file of before they were kept there are none
                if (deel.Waarschuwingen.length > 0) {
                    teken(deel, stand);
                }
            } catch (fout) {
                if (fout.name !== 'AbortError') {
                    vul(element, [foutKader(fout)]);
                }
            }
        },
    };
}
