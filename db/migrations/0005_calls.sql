-- Calls: the events that were reported, and what is folded from them. Events are the truth; every other table here can be made again from them
-- (toolbackend calls rebuild), except the control addresses and the two logs.

-- One row per message of one side. Appended before it is acknowledged, never changed. The partition follows the sender's time, so that a message that is
-- delivered again a month later meets its first copy.
create table call_event (
  call_ref         text        not null check (length(call_ref) between 1 and 128), -- the reporting side's id of the call
  sent_at          timestamptz not null,
  message_id       uuid        not null, -- derived from the message's content
  source           text        not null check (source in ('vapi', 'pipeline', 'api', 'reaper')),
  type             text        not null check (length(type) between 1 and 128),
  kind             text        not null check (length(kind) between 1 and 32),
  provider_call_id text        check (length(provider_call_id) between 1 and 128), -- Twilio's CallSid
  received_at      timestamptz not null,
  facts            text        not null, -- JSON: all that the fold reads
  body             text,                 -- JSON of the message, redacted; null where content is not stored
  primary key (call_ref, sent_at, message_id)
) partition by range (sent_at);

-- Senders' clocks may say anything.
create table call_event_default partition of call_event default;

-- Makes the month partitions that overlap [since, since + months). Rows that waited in the default partition move in. Safe to call at any time, by several at once.
create function ensure_call_event_partitions(since timestamptz, months int) returns int language plpgsql as $$
declare
  first timestamp := date_trunc('month', since at time zone 'UTC');
  lower_bound timestamptz;
  upper_bound timestamptz;
  name  text;
  made  int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('call_event_partitions'));
  for i in 0 .. months - 1 loop
    lower_bound := (first + make_interval(months => i)) at time zone 'UTC';
    upper_bound := (first + make_interval(months => i + 1)) at time zone 'UTC';
    name := 'call_event_' || to_char(first + make_interval(months => i), 'YYYY_MM');
    continue when to_regclass('public.' || name) is not null;
    -- Nobody may add to the default partition between the move and the attachment.
    lock table call_event_default in access exclusive mode;
    execute format('create table %I (like call_event including defaults including constraints)', name);
    execute format('with moved as (delete from call_event_default where sent_at >= %L and sent_at < %L returning *) insert into %I select * from moved', lower_bound, upper_bound, name);
    execute format('alter table call_event attach partition %I for values from (%L) to (%L)', name, lower_bound, upper_bound);
    made := made + 1;
  end loop;
  return made;
end $$;

select ensure_call_event_partitions(now() - interval '1 month', 4);

-- Calls whose events wait to be folded, in the order of their storing. One row per event: inserts of several writers never wait for each other, nor for the projector.
create table call_fold_queue (
  queue_id bigint generated always as identity primary key,
  call_ref text not null
);

-- Every name that a call is known by: Vapi's id, the pipeline's, Twilio's CallSid.
create table call_alias (
  alias   text primary key,
  call_id text not null
);
create index call_alias_call on call_alias (call_id);

-- The latest fold of each call: the columns that lists and statistics need, and the whole state as JSON.
create table call (
  call_id          text primary key,
  version          bigint      not null check (version > 0), -- how many events it was folded from
  status           text        not null check (status in ('scheduled', 'queued', 'ringing', 'in-progress', 'forwarding', 'ended')),
  ended_reason     text,
  ended_class      text        check (ended_class in ('normal', 'customer', 'ours', 'capacity', 'platform', 'provider', 'other')),
  side             text        not null check (side in ('vapi', 'own', 'both')),
  type             text,
  opened_at        timestamptz not null, -- creation, else the first event
  started_at       timestamptz,
  ended_at         timestamptz,
  last_event_at    timestamptz not null,
  max_seconds      int,                  -- the definition's limit of the call, when it is known
  caller           text,                 -- E.164 or SIP URI
  line             text,
  assistant_id     text,                 -- the first assistant
  assistant_name   text,
  provider_call_id text,
  duration_ms      bigint      check (duration_ms >= 0),
  cost             numeric(12, 6),
  success          text,
  has_report       boolean     not null,
  turn_ms          real[]      not null default '{}',
  anomalies        text[]      not null default '{}',
  words            tsvector,             -- of the transcript; null where content is not stored
  state            text        not null  -- JSON of CallState
);
create index call_opened on call (opened_at desc, call_id desc);
create index call_class_opened on call (ended_class, opened_at desc, call_id desc);
create index call_caller_opened on call (caller, opened_at desc, call_id desc) where caller is not null;
create index call_assistant_opened on call (coalesce(assistant_name, assistant_id), opened_at desc, call_id desc); -- what lists show and filter by
create index call_type_opened on call (type, opened_at desc, call_id desc);
create index call_side_opened on call (side, opened_at desc, call_id desc) where side <> 'vapi';
create index call_open on call (last_event_at) where status <> 'ended';
create index call_open_opened on call (opened_at desc, call_id desc) where status <> 'ended';
create index call_words on call using gin (words);
create index call_unreported on call (last_event_at) where status = 'ended' and not has_report;

-- Changes of calls in the order of their commits (folding is one at a time), for streams. Kept for hours; who comes back with an older seq starts anew.
create table call_change (
  seq     bigint generated always as identity primary key,
  at      timestamptz not null,
  call_id text not null,
  payload text not null -- JSON of the call's list item as it was then
);
create index call_change_at on call_change (at);

-- Addresses that control live calls: whoever has one controls the call, so they are kept apart from everything that is shown, and dropped with the call's end.
create table call_control (
  call_ref text primary key,
  url      text not null check (length(url) <= 2048),
  seen_at  timestamptz not null
);

-- What was asked about a call that went silent, and when it may be asked again.
create table call_inquiry (
  call_id       text primary key,
  times         int not null, -- answered
  unknown_times int not null, -- answered one after the other that there is no such call
  asked_at      timestamptz not null,
  next_at       timestamptz not null
);
create index call_inquiry_asked on call_inquiry (asked_at);

-- Every name of a call whose caller asked to be forgotten. An event under one of them is never stored again: not from a retry, not from a backfill.
create table call_forgotten (
  alias text primary key,
  at    timestamptz not null
);
create index call_forgotten_at on call_forgotten (at);

-- How far retention has come with what it does in the order of time.
create table retention_mark (
  name text primary key,
  at   timestamptz not null
);

-- The last moment at which some replica could store events. A gap is an outage, and what was missed in it is fetched.
create table service_heartbeat (
  name text primary key,
  at   timestamptz not null
);

-- Outages that are still to be made good.
create table call_backfill (
  backfill_id bigint generated always as identity primary key,
  since       timestamptz not null,
  until       timestamptz not null,
  reached     timestamptz, -- changes before this moment are fetched already
  done_at     timestamptz,
  calls       int,
  check (until >= since)
);

-- Who looked at what callers said. The key is named by a fingerprint.
create table transcript_access (
  transcript_access_id uuid primary key, -- version 7: ordered by time
  at      timestamptz not null,
  call_id text not null,
  key_id  text not null,
  view    text not null
);
create index transcript_access_call on transcript_access (call_id, at);
create index transcript_access_at on transcript_access (at);
