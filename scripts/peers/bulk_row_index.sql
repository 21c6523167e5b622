-- SPDX-License-Identifier: EUPL-1.2
ALTER TABLE rij ADD PRIMARY KEY (bron, nummer, agent);
CREATE INDEX ON rij (agent, gewijzigd DESC);
