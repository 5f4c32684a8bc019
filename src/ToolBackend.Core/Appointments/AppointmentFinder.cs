using NodaTime;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Data;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

/// <summary>
/// Which appointment a caller means: among their own by reference, date or because there is only one; somebody else's only by reference
/// and name together.
/// </summary>
public sealed class AppointmentFinder(CustomerReader customers, Database database, LookupThrottle throttle)
{
    public abstract record Result(ToolOutcome Outcome);

    /// <summary>Only <see cref="Line"/> counts; the outcome is not for speaking.</summary>
    public sealed record Found(AppointmentLine Line, string OwnerPhoneHash) : Result(new Unproven());

    public sealed record Not(ToolOutcome Outcome) : Result(Outcome);

    public async ValueTask<Result> FindAsync(string? reference, string? date, string? name, ToolContext context)
    {
        var scope = context.Call.Scope;
        var card = context.Note(await customers.GetAsync(scope).ConfigureAwait(false)).Value;
        var own = card?.Appointments.Where(a => Instant.FromDateTimeOffset(a.Ends) > context.Now).ToList() ?? [];
        if (reference is not null)
        {
            var codes = SpokenCode.Candidates(reference);
            var near = NearMiss.Find(codes, [.. own.Select(a => a.Reference)]);

            // Who gives a name means another's appointment: what the name proves comes before what only resembles an own reference.
            if (!near.IsExact && name is not null && await ProvenAsync(codes, name, context).ConfigureAwait(false) is { } proven)
            {
                return proven;
            }

            return near.Code is { } mine ? new Found(own.First(a => a.Reference == mine), scope.PhoneHash!) : Missed(context);
        }

        if (scope.PhoneHash is null)
        {
            return new Not(new Unproven());
        }

        return date is null ? OnlyOne(own, context.Now) : OnDay(own, date, context.Now);
    }

    private async Task<Found?> ProvenAsync(IReadOnlyList<string> codes, string name, ToolContext context)
    {
        if (throttle.IsBlocked(context.Call))
        {
            return null;
        }

        foreach (var code in codes.Take(2).Where(c => c.Length is >= 5 and <= 8))
        {
            if (await database.ReadAsync((c, ct) => AppointmentSql.ByReferenceAsync(c, code, ct)).ConfigureAwait(false) is { } row && CallerScope.NameProves(name, row.Owner))
            {
                var line = new AppointmentLine(
                    row.Id, row.Reference, row.Visit.Start.ToDateTimeOffset(), row.Visit.End.ToDateTimeOffset(), row.Service, row.Practitioner, row.PractitionerId, row.ServiceId, row.TimeZone, false);
                return new Found(line, row.PhoneHash);
            }
        }

        return null;
    }

    /// <summary>Unknown and unproven sound the same: the answer must not tell whether a reference exists.</summary>
    private Not Missed(ToolContext context)
    {
        if (throttle.IsBlocked(context.Call))
        {
            return new Not(new LookupsExhausted());
        }

        throttle.RecordMiss(context.Call);
        return new Not(new Unproven());
    }

    private static Result OnlyOne(List<AppointmentLine> own, Instant now)
    {
        var booked = own.Where(a => !a.Cancelled).ToList();
        return (booked.Count, own.Count) switch
        {
            (1, _) => new Found(booked[0], ""),
            (0, 1) => new Found(own[0], ""),
            (0, _) => new Not(new NoneBooked()),
            _ => new Not(new Which([.. booked.Take(4)], now)),
        };
    }

    private static Result OnDay(List<AppointmentLine> own, string date, Instant now)
    {
        if (own.Count == 0)
        {
            return new Not(new NoneBooked());
        }

        var zone = own[0].Zone;
        var today = now.InZone(zone).Date;
        var (day, refusal) = AskedTime.ReadDate(date, today);
        if (day is null)
        {
            return new Not(refusal!);
        }

        var thatDay = own.Where(a => a.Start.InZone(a.Zone).Date == day).ToList();
        return thatDay.Count == 0 ? new Not(new NoneThatDay(day.Value, today, [.. own.Where(a => !a.Cancelled).Take(4)], now)) : OnlyOne(thatDay, now);
    }

    public sealed record Unproven : ToolOutcome
    {
        public override string Code => "not_found";

        public override string Say =>
            "No appointment was found with that. For security, ask for the reference and the family name on the appointment, then call the tool again with both.";
    }

    public sealed record NoneBooked : ToolOutcome
    {
        public override string Code => "none";

        public override string Say =>
            "There is no upcoming appointment under this number. If the caller booked from another phone, ask for the reference and the family name on the appointment.";
    }

    public sealed record NoneThatDay(LocalDate Day, LocalDate Today, IReadOnlyList<AppointmentLine> Others, Instant Now) : ToolOutcome
    {
        public override string Code => "none_that_day";

        public override string Say => $"The caller has no appointment {Phrases.OnDay(Day, Today)}."
            + (Others.Count == 0 ? "" : $" They have {Phrases.List([.. Others.Select(a => ListAppointments.Describe(a, Now))])}. Ask which one they mean.");
    }

    public sealed record Which(IReadOnlyList<AppointmentLine> Appointments, Instant Now) : ToolOutcome
    {
        public override string Code => "which";

        public override string Say => $"The caller has several appointments: {Phrases.List([.. Appointments.Select(a => ListAppointments.Describe(a, Now))])}. Ask which one they mean.";
    }
}
