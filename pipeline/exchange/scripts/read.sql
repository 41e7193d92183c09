-- Make the tables of this folder views in DuckDB. In this folder: duckdb -init read.sql
CREATE OR REPLACE VIEW reports AS SELECT * FROM 'reports.parquet';
CREATE OR REPLACE VIEW segments AS SELECT * FROM 'segments.parquet';
CREATE OR REPLACE VIEW tokens AS SELECT * FROM 'tokens.parquet';
CREATE OR REPLACE VIEW codings AS SELECT * FROM 'codings.parquet';
CREATE OR REPLACE VIEW suggestions AS SELECT * FROM 'suggestions.parquet';
CREATE OR REPLACE VIEW themes AS SELECT * FROM 'themes.parquet';

-- Reports of each theme and period, as people coded them.
CREATE OR REPLACE VIEW theme_counts AS
SELECT r.period, c.theme_id, t.label_fi, count(DISTINCT r.doc_id) AS n_reports
FROM codings c
JOIN reports r USING (doc_id)
JOIN themes t USING (theme_id)
WHERE r.quality = 'ok'
GROUP BY ALL
ORDER BY r.period, n_reports DESC;
