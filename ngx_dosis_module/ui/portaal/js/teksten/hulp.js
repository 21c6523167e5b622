// SPDX-License-Identifier: EUPL-1.2
//
// The texts of *Hulp*, per language: hulp_nl.js and hulp_en.js have the same
// shape. A text is a paragraph, a list of texts a list.

import { hulp as nl } from './hulp_nl.js';
import { hulp as en } from './hulp_en.js';

export function hulpTeksten(taal) {
    return taal === 'en' ? en : nl;
}
