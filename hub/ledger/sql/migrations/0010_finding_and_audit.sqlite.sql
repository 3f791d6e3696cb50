-- Nobody changes or removes a line by accident, nor a program by mistake. Who can write to the file can take these away:
-- against that is the chain.
create trigger audit_unchanged before update on audit begin select raise(abort, 'the audit is append-only'); end;
create trigger audit_whole before delete on audit begin select raise(abort, 'the audit is append-only'); end;
