-- A small clinic and a few parcels, always as of today: run it again on a later day and the same rows move along.
--
-- Owned rows are known by natural keys: customers +1206555014x, references HRB..., the tracking numbers below, the desks'
-- and the clinic's names. Everything else is left alone. What an owner may have changed for good (schedules, desk hours, a
-- line's assistant) is filled in only where there is nothing. A visit whose time somebody else has booked is left out.
-- Setting toolbackend.today (a date) replaces the clinic's own date, for tests.

create or replace function pg_temp.today() returns date language sql stable as $$
  select coalesce(nullif(current_setting('toolbackend.today', true), '')::date, (now() at time zone 'America/Los_Angeles')::date)
$$;

-- A time on the clinic's wall clock, a number of days from today.
create or replace function pg_temp.moment(days int, wall time) returns timestamptz language sql stable as $$
  select (pg_temp.today() + days + wall) at time zone 'America/Los_Angeles'
$$;

-- How many days from today the n-th working day (Monday to Friday) after today is; negative n looks back.
create or replace function pg_temp.workday(n int) returns int language sql stable as $$
  select days from generate_series(sign(n)::int, sign(n)::int * 60, sign(n)::int) days
  where extract(isodow from pg_temp.today() + days) < 6
  order by abs(days) offset abs(n) - 1 limit 1
$$;

-- The clinic ---------------------------------------------------------------------------------------------------------

insert into location (name, time_zone, address) values
  ('Harbor Street Clinic', 'America/Los_Angeles', '12 Harbor Street, Seattle')
on conflict (name) do update set time_zone = excluded.time_zone, address = excluded.address;

insert into practitioner (location_id, name)
select location_id, person from location, unnest(array['Doctor Alice Nguyen', 'Doctor Ben Ortiz', 'Dana Whitfield']) person
where location.name = 'Harbor Street Clinic'
on conflict (location_id, name) do update set active = true;

insert into service (name, duration_minutes, buffer_minutes) values
  ('Check-up', 30, 10),
  ('Cleaning', 45, 15),
  ('Consultation', 20, 10),
  ('Filling', 60, 15)
on conflict (name) do nothing;

create temporary table demo_practitioner on commit drop as
select practitioner_id, location_id, practitioner.name
from practitioner join location using (location_id)
where location.name = 'Harbor Street Clinic' and practitioner.name in ('Doctor Alice Nguyen', 'Doctor Ben Ortiz', 'Dana Whitfield');

insert into practitioner_service (practitioner_id, service_id)
select practitioner_id, service_id
from (values ('Doctor Alice Nguyen', 'Check-up'), ('Doctor Alice Nguyen', 'Consultation'),
             ('Doctor Ben Ortiz', 'Check-up'), ('Doctor Ben Ortiz', 'Consultation'), ('Doctor Ben Ortiz', 'Filling'),
             ('Dana Whitfield', 'Cleaning')) as offer (person, act)
join demo_practitioner on demo_practitioner.name = person
join service on service.name = act
on conflict do nothing;

insert into weekly_schedule (practitioner_id, day_of_week, starts, ends)
select practitioner_id, day, starts::time, ends::time
from (values ('Doctor Alice Nguyen', 1, 5, '09:00', '12:00'), ('Doctor Alice Nguyen', 1, 5, '13:00', '17:00'),
             ('Doctor Ben Ortiz', 1, 5, '08:00', '12:00'), ('Doctor Ben Ortiz', 1, 5, '12:45', '16:00'),
             ('Doctor Ben Ortiz', 6, 6, '09:00', '12:00'), ('Doctor Ben Ortiz', 6, 6, '12:30', '14:00'),
             ('Dana Whitfield', 1, 6, '09:00', '12:30'), ('Dana Whitfield', 1, 6, '13:15', '17:30')) as week (person, first_day, last_day, starts, ends)
join demo_practitioner on name = person, generate_series(first_day, last_day) day
where not exists (select from weekly_schedule other where other.practitioner_id = demo_practitioner.practitioner_id);

delete from time_off where reason = 'Conference (demo)' and practitioner_id in (select practitioner_id from demo_practitioner);
insert into time_off (location_id, practitioner_id, during, reason)
select location_id, practitioner_id,
       tstzrange(pg_temp.moment(pg_temp.workday(5), '00:00'), pg_temp.moment(pg_temp.workday(5) + 1, '00:00')), 'Conference (demo)'
from demo_practitioner where name = 'Doctor Ben Ortiz';

-- People and their visits --------------------------------------------------------------------------------------------

insert into customer (phone, name) values
  ('+12065550142', 'Ana Silva'),
  ('+12065550143', 'Marcus Bell'),
  ('+12065550144', 'Priya Raman'),
  ('+12065550145', 'Tom Becker'),
  ('+12065550146', 'Grace Lindholm')
on conflict (phone) do update set name = excluded.name;

create temporary table demo_visit on commit drop as
select reference, phone, person, act, status, pg_temp.moment(pg_temp.workday(workday), wall::time) as starts
from (values ('HRB101', '+12065550142', 'Doctor Alice Nguyen', 'Check-up', 'booked', 3, '10:00'),
             ('HRB102', '+12065550142', 'Dana Whitfield', 'Cleaning', 'completed', -40, '14:15'),
             ('HRB201', '+12065550143', 'Doctor Alice Nguyen', 'Consultation', 'booked', 1, '11:00'),
             ('HRB202', '+12065550143', 'Doctor Ben Ortiz', 'Filling', 'cancelled', 2, '13:00'),
             ('HRB301', '+12065550144', 'Doctor Ben Ortiz', 'Check-up', 'booked', 3, '09:20'),
             ('HRB401', '+12065550145', 'Dana Whitfield', 'Cleaning', 'booked', 2, '10:00'),
             ('HRB402', '+12065550145', 'Doctor Ben Ortiz', 'Consultation', 'no_show', -5, '15:00'),
             ('HRB501', '+12065550146', 'Doctor Alice Nguyen', 'Check-up', 'booked', 3, '13:40'))
  as visit (reference, phone, person, act, status, workday, wall);

-- Deleted and made again: moved one by one, they could collide with each other's places of yesterday.
delete from appointment using demo_visit, customer
where appointment.reference = demo_visit.reference and customer.phone = demo_visit.phone and appointment.customer_id = customer.customer_id;
insert into appointment (reference, customer_id, practitioner_id, location_id, service_id, visit, occupied, status, cancelled_at)
select reference, customer_id, practitioner_id, location_id, service_id,
       tstzrange(starts, starts + make_interval(mins => duration_minutes)),
       tstzrange(starts, starts + make_interval(mins => duration_minutes + buffer_minutes)),
       status, case when status = 'cancelled' then now() end
from demo_visit
join customer using (phone)
join demo_practitioner on demo_practitioner.name = person
join service on service.name = act
order by reference
on conflict do nothing;

-- Parcels ------------------------------------------------------------------------------------------------------------

insert into pickup_point (name, address, city, opening_hours) values
  ('Pine Street Locker', '400 Pine Street', 'Seattle', 'every day, around the clock'),
  ('Union Market', '1501 Union Street', 'Seattle', 'Monday to Saturday, eight to eight'),
  ('Ballard Hardware', '77 Ballard Avenue', 'Seattle', 'weekdays, seven to six')
on conflict (name) do nothing;

create temporary table demo_parcel on commit drop as
select * from (values
  ('TB1042', '+12065550142', 'Northwind Books', 'in_transit', 1, '14:00', '18:00', null::timestamptz, null, null),
  ('TB2077', '+12065550142', 'Cascade Outfitters', 'ready_for_pickup', -1, null, null, null, null, 'Pine Street Locker'),
  ('TB3055', '+12065550142', 'Lakeside Coffee', 'delivered', -4, null, null, pg_temp.moment(-4, '15:20'), 'front porch', null),
  -- One slip of the tongue away from Ana's TB1042, and somebody else's.
  ('TB1024', '+12065550143', 'Puget Audio', 'out_for_delivery', 0, '13:00', '17:00', null, null, null),
  ('TB4410', '+12065550143', 'Northwind Books', 'label_created', 4, null, null, null, null, null),
  ('TB5120', '+12065550144', 'Rainier Garden', 'exception', -1, null, null, null, null, null),
  ('TB6200', '+12065550145', 'Cascade Outfitters', 'returned', -9, null, null, null, null, null))
  as parcel (tracking_number, phone, sender, status, promised_in, opens, closes, delivered_at, place, point);

insert into shipment as mine (tracking_number, customer_id, sender_name, status, destination_city, time_zone, promised_on,
                              window_start, window_end, delivered_at, safe_place, pickup_point_id, created_at)
select tracking_number, customer_id, sender, parcel.status, 'Seattle', 'America/Los_Angeles', pg_temp.today() + promised_in,
       opens::time, closes::time, parcel.delivered_at, place, pickup_point_id, pg_temp.moment(least(promised_in, 0) - 4, '08:00')
from demo_parcel parcel
join customer using (phone)
left join pickup_point on pickup_point.name = point
on conflict (tracking_number) do update set
  customer_id = excluded.customer_id, sender_name = excluded.sender_name, status = excluded.status,
  destination_city = excluded.destination_city, time_zone = excluded.time_zone, promised_on = excluded.promised_on,
  window_start = excluded.window_start, window_end = excluded.window_end, delivered_at = excluded.delivered_at,
  safe_place = excluded.safe_place, pickup_point_id = excluded.pickup_point_id, created_at = excluded.created_at, updated_at = now();

delete from delivery_change using shipment join demo_parcel using (tracking_number) where delivery_change.shipment_id = shipment.shipment_id;
delete from scan_event using shipment join demo_parcel using (tracking_number) where scan_event.shipment_id = shipment.shipment_id;

-- A scan of today may not be in the future when this runs before dawn.
insert into scan_event (shipment_id, scanned_at, code, place)
select shipment_id, least(pg_temp.moment(days, wall::time), now() - interval '20 minutes'), code, place
from (values ('TB1042', -3, '16:40', 'accepted', 'Portland'), ('TB1042', -3, '21:05', 'departed', 'Portland hub'),
             ('TB1042', -2, '05:30', 'arrived', 'Tacoma hub'), ('TB1042', -1, '19:45', 'departed', 'Tacoma hub'),
             ('TB2077', -4, '10:15', 'accepted', 'Spokane'), ('TB2077', -2, '06:20', 'arrived', 'Seattle hub'),
             ('TB2077', -1, '11:50', 'attempted', 'Seattle'), ('TB2077', -1, '16:30', 'held', 'Pine Street Locker'),
             ('TB3055', -6, '09:00', 'accepted', 'Bellevue'), ('TB3055', -4, '07:10', 'out_for_delivery', 'Seattle hub'),
             ('TB3055', -4, '15:20', 'delivered', 'Seattle'),
             ('TB1024', -2, '12:00', 'accepted', 'Olympia'), ('TB1024', -1, '22:30', 'arrived', 'Seattle hub'),
             ('TB1024', 0, '07:05', 'out_for_delivery', 'Seattle hub'),
             ('TB5120', -4, '13:30', 'accepted', 'Yakima'), ('TB5120', -2, '18:00', 'held', 'Seattle hub'),
             ('TB6200', -12, '09:40', 'accepted', 'Spokane'), ('TB6200', -9, '12:25', 'attempted', 'Seattle'),
             ('TB6200', -3, '08:15', 'returned', 'Spokane')) as scan (tracking_number, days, wall, code, place)
join shipment using (tracking_number)
order by 1, 2;

-- Lines and desks ----------------------------------------------------------------------------------------------------

insert into phone_line (number, location_id)
select number, location_id
from (values ('+12065550100', 'Harbor Street Clinic'), ('+12065550101', null)) as line (number, clinic)
left join location on location.name = clinic
on conflict (number) do update set location_id = excluded.location_id;

insert into desk (name, number, skills, time_zone, priority) values
  ('Front desk', '+12065550110', '{reception,appointments}', 'America/Los_Angeles', 10),
  ('Billing', '+12065550111', '{billing}', 'America/Los_Angeles', 20),
  ('Parcel desk', '+12065550112', '{parcels}', 'America/Los_Angeles', 20),
  ('Night line', '+12065550113', '{emergency,reception}', 'America/Los_Angeles', 90)
on conflict (name) do nothing;

-- 00:00 as a closing time is the end of the day.
insert into desk_hours (desk_id, day_of_week, opens, closes)
select desk_id, day, opens::time, closes::time
from (values ('Front desk', 1, 5, '08:00', '18:00'), ('Front desk', 6, 6, '09:00', '14:00'),
             ('Billing', 1, 5, '09:00', '17:00'),
             ('Parcel desk', 1, 6, '07:00', '20:00'),
             ('Night line', 1, 7, '00:00', '00:00')) as hours (desk, first_day, last_day, opens, closes)
join desk on desk.name = hours.desk, generate_series(first_day, last_day) day
where not exists (select from desk_hours other where other.desk_id = desk.desk_id);

select (select count(*)::int from demo_visit) as visits,
       (select count(*)::int from appointment join demo_visit using (reference)) as placed,
       (select count(*)::int from demo_parcel) as parcels;
