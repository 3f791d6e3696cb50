-- A message that ends before it is an event is not in the inbox: its report itself says of whose message it is.
alter table reports add column sender text not null default '';
alter table reports add column reference text not null default '';
alter table reports add column kind text not null default '';
alter table reports add column zaak text not null default '';
