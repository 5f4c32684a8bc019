using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using NodaTime;
using Npgsql;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Business;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

public sealed record BookAppointmentArguments
{
    [Description("What the appointment is for, as the caller said it, for example cleaning."), Required]
    public string? Service { get; init; }

    [Description("The day, for example 2026-12-01 or Thursday."), Required]
    public string? Date { get; init; }

    [Description("The time of day, for example 2:30 PM or 14:30."), Required]
    public string? Time { get; init; }

    [Description("Name of the person the caller wants to see. Leave out if they do not mind.")]
    public string? Practitioner { get; init; }

    [Description("The caller's full name. Needed only when they have not been here before.")]
    public string? Name { get; init; }

    [Description("Name of the location, only if there is more than one and the caller said which.")]
    public string? Location { get; init; }
}

/// <summary>Books a visit for the verified number. The database's constraints decide who gets the slot; see <see cref="Ledger"/> for repeats.</summary>
public sealed class BookAppointment(Ledger ledger, DirectoryReader directory, IOptions<SchedulingOptions> options, Random random) : WriteTool<BookAppointmentArguments>(ledger)
{
    /// <summary>What the column holds.</summary>
    private const int LongestName = 120;

    public override string Name => "book_appointment";

    public override string Description =>
        "Books an appointment for the caller. Call it only after the caller agreed to a day and a time. Say what it returns; the caller is booked only if it says so.";

    protected override async ValueTask<Prepared> PrepareAsync(BookAppointmentArguments arguments, ToolContext context)
    {
        if (context.Call.Caller is null)
        {
            return new(new NoNumber());
        }

        var known = context.Note(await directory.GetAsync().ConfigureAwait(false)).Value!;
        var (choice, question) = VisitResolver.Resolve(known, options.Value, context.Call, arguments.Service, arguments.Practitioner, arguments.Location, context.Now);
        if (choice is null)
        {
            return new(question!);
        }

        var (when, refusal) = AskedTime.Read(arguments.Date!, arguments.Time!, choice);
        return when is null ? new(refusal!) : new((scope, cancellation) => BookAsync(scope, arguments, context, choice, when.Value, cancellation));
    }

    private async Task<ToolOutcome> BookAsync(
        WriteScope scope, BookAppointmentArguments arguments, ToolContext context, VisitChoice choice, LocalDateTime when, CancellationToken cancellation)
    {
        var (customer, booked) = await ReadAsync(scope.Connection, context, choice, when, cancellation).ConfigureAwait(false);
        var start = choice.Location.Zone.AtLeniently(when).ToInstant();
        if (customer is { } known && await AppointmentSql.OwnAtAsync(scope.Connection, known.Id, start, cancellation).ConfigureAwait(false) is { } own)
        {
            return OwnThen(own, choice, context.Now);
        }

        if (customer?.Upcoming >= options.Value.MaxUpcomingPerCaller)
        {
            return new TooMany(customer.Value.Upcoming);
        }

        if (customer is null && string.IsNullOrWhiteSpace(arguments.Name))
        {
            return new NameNeeded();
        }

        var customerId = customer?.Id ?? 0;
        var candidates = choice;
        while (true)
        {
            var calendars = candidates.Calendars(booked);
            var check = SlotFinder.Check(when, candidates.Rules, candidates.Service.Rules, calendars, candidates.Location.Zone, context.Now);
            if (check is not SlotCheck.Fits fits)
            {
                return SlotSentences.Refuse(check, candidates, calendars, context.Now);
            }

            customerId = customerId != 0 ? customerId : await AddCustomerAsync(scope.Connection, context, arguments.Name!, cancellation).ConfigureAwait(false);
            var (result, reference) = await AppointmentSql.InsertAsync(
                scope.Connection, customerId, choice, fits.Slot, context.Call.CallId, () => ReferenceCode.New(random), cancellation).ConfigureAwait(false);
            if (result is Occupied.Done)
            {
                scope.Changed(CustomerReader.KeyOf(context.Call.Scope.PhoneHash!));
                return new Booked(choice.Service.Name, fits.Slot.PractitionerName, fits.Slot.Start, choice.Location.Zone, reference, choice.Today);
            }

            // Somebody was faster. Perhaps this very caller, in a parallel call of the same tool.
            if (await AppointmentSql.OwnAtAsync(scope.Connection, customerId, fits.Slot.Start, cancellation).ConfigureAwait(false) is { } theirs)
            {
                return OwnThen(theirs, choice, context.Now);
            }

            var lost = new Interval(fits.Slot.Start, fits.Slot.End + choice.Service.Buffer);
            booked = booked.SelectMany(g => g.Select(i => (g.Key, Occupied: i))).Append((fits.Slot.PractitionerId, lost)).ToLookup(b => b.Item1, b => b.Item2);
        }
    }

    /// <summary>The same wish again gets the same confirmation; another wish for the same moment must not sound booked.</summary>
    private static ToolOutcome OwnThen(AppointmentRow own, VisitChoice choice, Instant now) =>
        own.ServiceId == choice.Service.Id && choice.Practitioners.Any(p => p.Id == own.PractitionerId) ? Booked.Of(own, choice) : new BusyThemselves(own, now);

    private static async Task<((long Id, int Upcoming)? Customer, ILookup<int, Interval> Booked)> ReadAsync(
        NpgsqlConnection connection, ToolContext context, VisitChoice choice, LocalDateTime when, CancellationToken cancellation)
    {
        // Each statement sees what was committed before it. The customer is read last: whoever sees a parallel call's booking as taken
        // must also see whose it is, or the caller hears that the slot they were just given is not free.
        var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                BookedTimes.Command([.. choice.Practitioners.Select(p => p.Id)], BookedTimes.WindowAround(when.Date, choice.Location.Zone)),
                new("""
                    select customer_id, (select count(*)::int from appointment a where a.customer_id = c.customer_id and lower(a.visit) > now() and a.status = 'booked')
                    from customer c where phone = $1
                    """) { Parameters = { AppointmentSql.Text(context.Call.Caller!.Value.E164) } },
            },
        };
        await using var _ = batch.ConfigureAwait(false);
        var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        var booked = await BookedTimes.ReadAsync(row, cancellation).ConfigureAwait(false);
        await row.NextResultAsync(cancellation).ConfigureAwait(false);
        return (await row.ReadAsync(cancellation).ConfigureAwait(false) ? (row.GetInt64(0), row.GetInt32(1)) : null, booked);
    }

    private static async Task<long> AddCustomerAsync(NpgsqlConnection connection, ToolContext context, string name, CancellationToken cancellation)
    {
        // The update does nothing but make the row of a parallel insert visible and returned.
        var command = new NpgsqlCommand(
            "insert into customer (phone, name) values ($1, $2) on conflict (phone) do update set name = customer.name returning customer_id", connection)
        {
            Parameters = { AppointmentSql.Text(context.Call.Caller!.Value.E164), AppointmentSql.Text(Phrases.Cut(name, LongestName)) },
        };
        await using var _ = command.ConfigureAwait(false);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    public sealed record Booked(string Service, string Practitioner, Instant Start, DateTimeZone Zone, string Reference, LocalDate Today) : ToolOutcome
    {
        public override string Code => "booked";

        public override string Say =>
            $"Booked: {Service} with {Practitioner} {Phrases.OnDayAndTime(Start.InZone(Zone).LocalDateTime, Today)}. The reference is {ReferenceCode.Spoken(Reference)}.";

        internal static Booked Of(AppointmentRow row, VisitChoice choice) => new(row.Service, row.Practitioner, row.Visit.Start, choice.Location.Zone, row.Reference, choice.Today);
    }

    public sealed record BusyThemselves(AppointmentRow Own, Instant Now) : ToolOutcome
    {
        public override string Code => "caller_busy";

        public override string Say =>
            $"Nothing was booked: the caller already has {Nouns.A(Own.Service)} with {Own.Practitioner} {Phrases.OnDayAndTime(Own.Visit.Start, DateTimeZoneProviders.Tzdb[Own.TimeZone], Now)}. Ask for another time.";
    }

    public sealed record NameNeeded : ToolOutcome
    {
        public override string Code => "name_needed";

        public override string Say => "Nothing is booked yet: the caller has not been here before. Ask for their full name, then call the tool again with it.";
    }

    public sealed record TooMany(int Upcoming) : ToolOutcome
    {
        public override string Code => "too_many";

        public override string Say => $"Nothing was booked: this number already has {Phrases.Count(Upcoming, "upcoming appointment")}, which is the most it can have. Offer to move or cancel one of them, or to transfer the caller to a person.";
    }

    /// <summary>Web calls and withheld numbers: a number that the caller only says proves nothing.</summary>
    public sealed record NoNumber : ToolOutcome
    {
        public override string Code => "no_number";

        public override string Say => "Nothing was booked: the caller's phone number is not visible on this call, so it cannot be booked here. Offer to transfer the caller to a person.";
    }
}
