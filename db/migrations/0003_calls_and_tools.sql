-- What the tools need beside the business's own data: lines, desks, the idempotency ledger, open questions, the invocation log.

-- The numbers callers dial. assistant_id/squad_id answer Vapi's assistant-request; location_id is what "here" means on that line.
create table phone_line (
  number       phone_e164 primary key,
  location_id  int references location,
  assistant_id text check (length(assistant_id) <= 64),
  squad_id     text check (length(squad_id) <= 64),
  check (assistant_id is null or squad_id is null)
);

-- Where a person can be reached. A request for a skill goes to the open desk with the lowest priority number that has it.
create table desk (
  desk_id   int generated always as identity primary key,
  name      text not null unique check (length(name) between 1 and 80),
  number    phone_e164 not null,
  skills    text[] not null default '{}',
  time_zone text not null check (length(time_zone) between 1 and 64),
  priority  int not null default 100,
  active    boolean not null default true
);

create table desk_hours (
  desk_id     int not null references desk,
  day_of_week smallint not null check (day_of_week between 1 and 7), -- ISO: 1 = Monday
  opens       time not null,
  closes      time not null, -- 00:00 means the end of the day
  primary key (desk_id, day_of_week, opens),
  check (closes > opens or closes = time '00:00')
);

-- One row per tool call of a write, made in the same transaction as the work. A second delivery of the same
-- tool call waits for that row and then replays `result`; a different fingerprint under the same id is refused.
create table tool_call_ledger (
  call_id      text  not null check (length(call_id) between 1 and 128),
  tool_call_id text  not null check (length(tool_call_id) between 1 and 128),
  tool         text  not null,
  fingerprint  bytea not null check (length(fingerprint) = 32),
  outcome      text,
  result       text,
  failed       boolean,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null default now() + interval '72 hours', -- longer than any sender's retries
  primary key (call_id, tool_call_id),
  check ((outcome is null) = (result is null) and (result is null) = (failed is null))
);
create index tool_call_ledger_expiry on tool_call_ledger (expires_at);

-- The server's half of a two-step change: what was said to the caller and not yet confirmed.
create table pending_confirmation (
  call_id         text   not null check (length(call_id) between 1 and 128),
  appointment_id  bigint not null references appointment on delete cascade,
  action          text   not null check (action in ('cancel', 'reschedule')),
  practitioner_id int,
  visit           tstzrange,
  asked_in        text   not null check (length(asked_in) <= 128), -- the message that asked: the same message cannot also confirm
  expires_at      timestamptz not null,
  primary key (call_id, appointment_id, action),
  check ((action = 'reschedule') = (visit is not null and practitioner_id is not null))
);
create index pending_confirmation_expiry on pending_confirmation (expires_at);

-- One row per answered tool call, written in batches off the caller's time. No arguments, no numbers: the caller is a hash.
create table tool_invocation (
  tool_invocation_id uuid primary key, -- version 7: ordered by time
  at           timestamptz not null,
  call_id      text not null,
  tool_call_id text not null,
  tool         text not null,
  outcome      text not null,
  failed       boolean not null,
  source       text not null check (source in ('none', 'memory', 'redis', 'database', 'stale')),
  duration_ms  real not null check (duration_ms >= 0),
  caller_hash  text
);
create index tool_invocation_at on tool_invocation (at desc, tool_invocation_id desc);
create index tool_invocation_call on tool_invocation (call_id, at);
create index tool_invocation_tool on tool_invocation (tool, at desc);
