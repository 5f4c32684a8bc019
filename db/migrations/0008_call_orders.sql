-- What the Voice hosts are asked to do at the carrier: place a call, connect a live one to a person, end it. Whoever asks writes a row; one Voice host takes it, and writes down what became of it.
create table call_order (
  call_order_id   uuid primary key,      -- version 7: ordered by time
  idempotency_key text not null unique check (length(idempotency_key) between 1 and 200),
  fingerprint     bytea not null,        -- SHA-256 of what was asked: the same key with something else is refused
  kind            text not null check (kind in ('place', 'forward', 'hang-up')),
  call_sid        text check (length(call_sid) between 1 and 64), -- the carrier's id of the live call; null for place
  request         text,                  -- JSON of what was asked, with its numbers; null once it is settled
  asked_at        timestamptz not null,
  asked_by        text not null check (length(asked_by) between 1 and 100),
  expires_at      timestamptz not null,  -- not begun after this
  state           text not null check (state in ('waiting', 'taken', 'done', 'failed', 'unknown')), -- unknown: perhaps done, never repeated
  taken_at        timestamptz,
  settled_at      timestamptz,
  side            text check (side in ('vapi', 'pipeline')), -- who talks in a placed call
  call_ref        text,                  -- of the placed call: Vapi's id, or the carrier's
  reason          text,                  -- of failed and unknown, a word
  check ((request is null) = (state in ('done', 'failed', 'unknown')))
);
create index call_order_open on call_order (asked_at) where state in ('waiting', 'taken');
create index call_order_asked on call_order (asked_at);
create index call_order_call on call_order (call_sid, asked_at) where call_sid is not null;
