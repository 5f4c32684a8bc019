-- What the definitions became at Vapi, per environment (`toolbackend vapi apply --state postgres`): the same text as the lock file in the repository, and as free of secrets.
-- It is text, not jsonb: the order of its lines is part of its form.
create table sync_state (
  environment text primary key check (length(environment) between 1 and 64),
  version     bigint not null check (version > 0), -- raised by each write; a writer names the one it read
  document    text not null check (length(document) <= 16777216),
  updated_at  timestamptz not null default now()
);
