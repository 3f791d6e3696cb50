-- Nobody changes or removes a line by accident, nor a program by mistake. Who owns the database can take these away:
-- against that is the chain.
create function audit_is_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the audit is append-only' using errcode = 'restrict_violation'; end $$;

create trigger audit_unchanged before update or delete on audit for each row execute function audit_is_append_only();
create trigger audit_whole before truncate on audit for each statement execute function audit_is_append_only();
