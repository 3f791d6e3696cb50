-- name: visit_add
insert into visits (visit_key, name, way, gemeente, member_of, sealed, began_at, seen_at, ends_at, person_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: visit
select visit_key, name, way, gemeente, member_of, sealed, began_at, seen_at, ends_at, person_id from visits
where visit_key = $1;

-- name: visit_seen
update visits set seen_at = $2 where visit_key = $1 and seen_at < $2;

-- name: visit_end
delete from visits where visit_key = $1;

-- name: visits_forget
delete from visits where ends_at < $1;

-- name: unmasking_put
insert into unmaskings (session, message, ends_at) values ($1, $2, $3)
on conflict (session, message) do update set ends_at = excluded.ends_at where unmaskings.ends_at < excluded.ends_at;

-- name: unmasking
select ends_at from unmaskings where session = $1 and message = $2;

-- name: unmaskings_end
delete from unmaskings where session = $1;

-- name: unmaskings_forget
delete from unmaskings where ends_at < $1;

-- name: answer
select asked, status, headers, body, began_at from answers where who = $1 and answer_key = $2;

-- name: answer_begin
insert into answers (who, answer_key, asked, began_at) values ($1, $2, $3, $4);

-- name: answer_again
update answers set began_at = $3 where who = $1 and answer_key = $2;

-- name: answer_end
update answers set status = $3, headers = $4, body = $5 where who = $1 and answer_key = $2;

-- name: answer_drop
delete from answers where who = $1 and answer_key = $2;

-- name: answers_forget
delete from answers where began_at < $1;
