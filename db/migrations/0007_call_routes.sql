-- Where new calls of a line go: to Vapi or to the own pipeline. Changed while everything runs (toolbackend failover set); every Voice replica keeps a live copy.
create table call_route (
  line       text primary key check (line = '*' or line ~ '^\+[1-9][0-9]{6,14}$'), -- E.164; * for lines that have no row
  mode       text not null check (mode in ('auto', 'vapi', 'own', 'percent')),
  percent    int  not null default 100 check (percent between 0 and 100),           -- of new calls that go to Vapi; read in mode percent only
  changed_at timestamptz not null,
  changed_by text not null check (length(changed_by) between 1 and 100)
);
