-- name: subject_add
insert into subjects (subject, message_id) values ($1, $2) on conflict do nothing;
