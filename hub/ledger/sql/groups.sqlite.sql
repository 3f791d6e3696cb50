-- Statements about groups that take lists, for SQLite (see core.sqlite.sql).

-- part: group_of_stages
exists (select 1 from json_each($1) s where json_extract(s.value, '$[0]') in ('*', g.stage))
