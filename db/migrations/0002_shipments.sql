-- Parcels, where they were seen, and what their recipients asked to change.

create table pickup_point (
  pickup_point_id int generated always as identity primary key,
  name            text not null unique check (length(name) between 1 and 80),
  address         text not null,
  city            text not null,
  opening_hours   text not null default '', -- as it is said to a caller
  active          boolean not null default true
);

create table shipment (
  shipment_id      bigint generated always as identity primary key,
  tracking_number  text   not null unique check (tracking_number ~ '^[A-Z0-9]{6,20}$'),
  customer_id      bigint not null references customer, -- the recipient
  sender_name      text   not null check (length(sender_name) between 1 and 120),
  status           text   not null check (status in ('label_created', 'in_transit', 'out_for_delivery', 'ready_for_pickup', 'delivered', 'exception', 'returned')),
  destination_city text   not null,
  time_zone        text   not null check (length(time_zone) between 1 and 64), -- of the destination
  promised_on      date   not null,
  window_start     time,
  window_end       time,
  delivered_at     timestamptz,
  safe_place       text check (length(safe_place) between 1 and 80),
  pickup_point_id  int references pickup_point,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  check ((window_start is null) = (window_end is null)),
  check (window_end is null or window_end > window_start),
  check ((status = 'delivered') = (delivered_at is not null)),
  check (safe_place is null or pickup_point_id is null)
);
-- A recipient's open parcels first: what a caller asks about.
create index shipment_customer_open on shipment (customer_id, promised_on) where (status not in ('delivered', 'returned'));
create index shipment_customer on shipment (customer_id, promised_on desc);

create table scan_event (
  scan_event_id bigint generated always as identity primary key,
  shipment_id   bigint not null references shipment,
  scanned_at    timestamptz not null,
  code          text not null check (code in ('accepted', 'departed', 'arrived', 'out_for_delivery', 'attempted', 'held', 'delivered', 'returned')),
  place         text not null check (length(place) between 1 and 120)
);
create index scan_event_latest on scan_event (shipment_id, scanned_at desc);

create table delivery_change (
  delivery_change_id bigint generated always as identity primary key,
  shipment_id     bigint not null references shipment,
  kind            text not null check (kind in ('date', 'safe_place', 'pickup_point')),
  new_date        date,
  safe_place      text check (length(safe_place) between 1 and 80),
  pickup_point_id int references pickup_point,
  asked_in_call   text not null check (length(asked_in_call) <= 128),
  created_at      timestamptz not null default now(),
  check ((kind = 'date') = (new_date is not null)),
  check ((kind = 'safe_place') = (safe_place is not null)),
  check ((kind = 'pickup_point') = (pickup_point_id is not null))
);
create index delivery_change_shipment on delivery_change (shipment_id, created_at desc);
