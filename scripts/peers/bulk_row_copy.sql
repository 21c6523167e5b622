-- SPDX-License-Identifier: EUPL-1.2
-- psql reads the file: it does not know variables in this line.
\copy rij FROM 'bulk.csv' WITH (FORMAT csv, HEADER, DELIMITER ';')
