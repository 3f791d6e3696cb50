-- name: followed
select i.person from unnest($1::text[], $2::text[]) k (connection, person) join indicaties i using (connection, person)
where i.ends_at is null or i.ends_at > $3;
