-- Who can be booked, when they work, and what is booked.
-- Rules that must hold whoever writes (this service, an import, a person with psql) are constraints, not code.

create extension if not exists btree_gist;

create domain phone_e164 as text check (value ~ '^\+[1-9][0-9]{7,14}$');

create table location (
  location_id   int generated always as identity primary key,
  name          text not null unique check (length(name) between 1 and 80),
  time_zone     text not null check (length(time_zone) between 1 and 64),
  address       text not null default ''
);

create table practitioner (
  practitioner_id int generated always as identity primary key,
  location_id     int  not null references location,
  name            text not null check (length(name) between 1 and 80),
  active          boolean not null default true,
  unique (location_id, name),
  -- Target of the composite key that keeps an appointment at its practitioner's own location.
  unique (practitioner_id, location_id)
);

create table service (
  service_id       int generated always as identity primary key,
  name             text not null unique check (length(name) between 1 and 80),
  duration_minutes int  not null check (duration_minutes between 5 and 480),
  buffer_minutes   int  not null default 0 check (buffer_minutes between 0 and 120),
  active           boolean not null default true
);

create table practitioner_service (
  practitioner_id int not null references practitioner,
  service_id      int not null references service,
  primary key (practitioner_id, service_id)
);

create table weekly_schedule (
  weekly_schedule_id int generated always as identity primary key,
  practitioner_id    int  not null references practitioner,
  day_of_week        smallint not null check (day_of_week between 1 and 7), -- ISO: 1 = Monday
  starts             time not null,
  ends               time not null, -- 00:00 means the end of the day
  valid_from         date,
  valid_until        date,
  check (ends > starts or ends = time '00:00'),
  check (valid_until is null or valid_from is null or valid_until >= valid_from)
);
create index weekly_schedule_practitioner on weekly_schedule (practitioner_id);

-- practitioner_id null: the whole location is closed (a holiday).
create table time_off (
  time_off_id     int generated always as identity primary key,
  location_id     int not null references location,
  practitioner_id int,
  during          tstzrange not null,
  reason          text not null default '',
  foreign key (practitioner_id, location_id) references practitioner (practitioner_id, location_id),
  check (not isempty(during) and lower(during) is not null and upper(during) is not null)
);
create index time_off_location on time_off using gist (location_id, during);

create table customer (
  customer_id bigint generated always as identity primary key,
  phone       phone_e164 not null unique,
  name        text not null check (length(name) between 1 and 120),
  created_at  timestamptz not null default now()
);

create table appointment (
  appointment_id  bigint generated always as identity primary key,
  reference       text   not null check (reference ~ '^[A-Z0-9]{5,8}$'), -- short enough to say, so unique among what is booked only
  customer_id     bigint not null references customer,
  practitioner_id int    not null,
  location_id     int    not null,
  service_id      int    not null,
  visit           tstzrange not null, -- what the caller hears, half open
  occupied        tstzrange not null, -- the visit and its buffer: what nobody else may overlap
  status          text   not null default 'booked' check (status in ('booked', 'cancelled', 'completed', 'no_show')),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  cancelled_at    timestamptz,
  booked_in_call  text check (length(booked_in_call) <= 128),
  foreign key (practitioner_id, location_id) references practitioner (practitioner_id, location_id),
  foreign key (practitioner_id, service_id) references practitioner_service (practitioner_id, service_id),
  check (not isempty(visit) and lower(visit) is not null and upper(visit) is not null and lower_inc(visit) and not upper_inc(visit)),
  check (lower(occupied) = lower(visit) and upper(occupied) >= upper(visit) and lower_inc(occupied) and not upper_inc(occupied)),
  check (upper(occupied) - lower(occupied) <= interval '12 hours'),
  check ((status = 'cancelled') = (cancelled_at is not null)),
  -- The constraint decides who gets a slot. Made with the table: adding it later locks the table.
  constraint appointment_no_overlap exclude using gist (practitioner_id with =, occupied with &&) where (status = 'booked')
);
-- The model may ask twice with different tool call ids: the same caller, practitioner and start is the same booking.
create unique index appointment_natural_key on appointment (customer_id, practitioner_id, lower(visit)) where (status = 'booked');
create unique index appointment_reference on appointment (reference) where (status = 'booked');
create index appointment_customer on appointment (customer_id, lower(visit));
create index appointment_start on appointment (lower(visit), appointment_id);
