-- name: subject_add
insert into subjects (subject, message_id) select * from unnest($1::text[], $2::text[]) on conflict do nothing;
