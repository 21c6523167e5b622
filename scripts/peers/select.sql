-- SPDX-License-Identifier: EUPL-1.2
-- The ten last changed dossiers of one company.
\set c random(0, :companies - 1)
SELECT rij FROM agent WHERE agent = :c::bigint ORDER BY gewijzigd DESC LIMIT 10;
