-- Statements about groups that take lists, for PostgreSQL (see core.postgres.sql).

-- part: group_of_stages
('*' = any ($1::text[]) or g.stage = any ($1::text[]))
