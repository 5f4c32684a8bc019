-- Tells every process which cached values are old, whoever wrote: this service, an import, a person with psql.
--
-- Channel `toolbackend_changes`, payload `<xid> <key>`: the writing transaction's id and a cache key
-- (`shipment:<tracking number>`, `customer:<hash of phone>`, `directory:all`, `all`). A cached value read under a
-- snapshot whose xmin is not above that xid may miss the write and is dropped. One pg_notify per key and
-- statement; a statement that touches many rows sends `all` instead, because notifying commits queue on one lock.

create table cache_epoch (
  one   boolean primary key default true check (one),
  epoch bigint not null -- transaction id of the last `all`
);
insert into cache_epoch (epoch) values (0);

-- The same as PhoneNumber.Hash in code: a key that does not spell the number.
create function phone_hash(phone text) returns text language sql immutable parallel safe
  return encode(substr(sha256(convert_to(phone, 'UTF8')), 1, 12), 'hex');

create function notify_changes(keys text[]) returns void language plpgsql as $$
declare
  xid text := pg_current_xact_id()::text;
begin
  if cardinality(keys) > 100 then
    update cache_epoch set epoch = xid::bigint;
    keys := array['all'];
  end if;
  perform pg_notify('toolbackend_changes', xid || ' ' || key) from unnest(keys) key;
end $$;

create function notify_appointment_change() returns trigger language plpgsql as $$
declare
  keys text[];
begin
  if current_setting('toolbackend.bulk_load', true) = 'on' then
    return null; -- the loader notifies once, at its end
  end if;
  if tg_op = 'INSERT' then
    select array_agg(distinct 'customer:' || phone_hash(phone)) into keys from new_rows join customer using (customer_id);
  elsif tg_op = 'DELETE' then
    select array_agg(distinct 'customer:' || phone_hash(phone)) into keys from old_rows join customer using (customer_id);
  else
    select array_agg(distinct 'customer:' || phone_hash(phone)) into keys
      from (select customer_id from new_rows union select customer_id from old_rows) touched join customer using (customer_id);
  end if;
  if keys is not null then perform notify_changes(keys); end if;
  return null;
end $$;

create trigger appointment_inserted after insert on appointment
  referencing new table as new_rows for each statement execute function notify_appointment_change();
create trigger appointment_updated after update on appointment
  referencing new table as new_rows old table as old_rows for each statement execute function notify_appointment_change();
create trigger appointment_deleted after delete on appointment
  referencing old table as old_rows for each statement execute function notify_appointment_change();

create function notify_shipment_change() returns trigger language plpgsql as $$
declare
  keys text[];
begin
  if current_setting('toolbackend.bulk_load', true) = 'on' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    select array_agg(distinct key) into keys from new_rows join customer using (customer_id),
      lateral (values ('shipment:' || tracking_number), ('customer:' || phone_hash(phone))) as k(key);
  elsif tg_op = 'DELETE' then
    select array_agg(distinct key) into keys from old_rows join customer using (customer_id),
      lateral (values ('shipment:' || tracking_number), ('customer:' || phone_hash(phone))) as k(key);
  else
    select array_agg(distinct key) into keys
      from (select customer_id, tracking_number from new_rows union select customer_id, tracking_number from old_rows) touched
      join customer using (customer_id),
      lateral (values ('shipment:' || tracking_number), ('customer:' || phone_hash(phone))) as k(key);
  end if;
  if keys is not null then perform notify_changes(keys); end if;
  return null;
end $$;

create trigger shipment_inserted after insert on shipment
  referencing new table as new_rows for each statement execute function notify_shipment_change();
create trigger shipment_updated after update on shipment
  referencing new table as new_rows old table as old_rows for each statement execute function notify_shipment_change();
create trigger shipment_deleted after delete on shipment
  referencing old table as old_rows for each statement execute function notify_shipment_change();

create function notify_scan() returns trigger language plpgsql as $$
declare
  keys text[];
begin
  if current_setting('toolbackend.bulk_load', true) = 'on' then
    return null;
  end if;
  select array_agg(distinct key) into keys
    from changed_rows join shipment using (shipment_id) join customer using (customer_id),
    lateral (values ('shipment:' || tracking_number), ('customer:' || phone_hash(phone))) as k(key);
  if keys is not null then perform notify_changes(keys); end if;
  return null;
end $$;

create trigger scan_event_inserted after insert on scan_event
  referencing new table as changed_rows for each statement execute function notify_scan();
create trigger scan_event_updated after update on scan_event
  referencing new table as changed_rows for each statement execute function notify_scan();
create trigger scan_event_deleted after delete on scan_event
  referencing old table as changed_rows for each statement execute function notify_scan();

create function notify_customer_change() returns trigger language plpgsql as $$
declare
  keys text[];
begin
  if current_setting('toolbackend.bulk_load', true) = 'on' then
    return null;
  end if;
  -- The recipient's name and number are part of every cached shipment of theirs.
  select array_agg(distinct key) into keys from (
    select 'customer:' || phone_hash(phone) as key from new_rows
    union select 'customer:' || phone_hash(phone) from old_rows
    union select 'shipment:' || tracking_number from shipment join new_rows using (customer_id)) touched;
  if keys is not null then perform notify_changes(keys); end if;
  return null;
end $$;

create trigger customer_updated after update on customer
  referencing new table as new_rows old table as old_rows for each statement execute function notify_customer_change();

create function notify_directory_change() returns trigger language plpgsql as $$
begin
  perform notify_changes(array['directory:all']);
  return null;
end $$;

do $$
declare
  directory_table text;
begin
  foreach directory_table in array array['location', 'practitioner', 'service', 'practitioner_service', 'weekly_schedule',
                                         'time_off', 'pickup_point', 'phone_line', 'desk', 'desk_hours'] loop
    execute format('create trigger %1$s_changed after insert or update or delete on %1$s
                    for each statement execute function notify_directory_change()', directory_table);
  end loop;
end $$;

-- Customers are found by the hash that their cache key carries.
create index customer_phone_hash on customer (phone_hash(phone));
