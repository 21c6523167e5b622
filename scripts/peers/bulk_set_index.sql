-- SPDX-License-Identifier: EUPL-1.2
ALTER TABLE bulk_dossier ADD PRIMARY KEY (id);
ALTER TABLE bulk_agent ADD PRIMARY KEY (agent, dossier);
CREATE INDEX ON bulk_agent (agent, gewijzigd DESC);
ALTER TABLE bulk_historie ADD PRIMARY KEY (volgnummer);
