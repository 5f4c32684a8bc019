using System.ComponentModel;
using NodaTime;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

public sealed record ListAppointmentsArguments
{
    [Description("Reference of the appointment, only if the caller calls from another phone than they booked with.")]
    public string? Reference { get; init; }

    [Description("Family name on the appointment, together with the reference.")]
    public string? Name { get; init; }
}

/// <summary>What the caller has booked: by their number, or by reference and name.</summary>
public sealed class ListAppointments(CustomerReader customers, AppointmentFinder finder) : Tool<ListAppointmentsArguments>
{
    /// <summary>More than this cannot be remembered by ear.</summary>
    private const int MostSpoken = 4;

    public override string Name => "list_appointments";

    public override string Description => "Tells which appointments the caller has. Call it when they ask about their appointments, and before moving or cancelling one if it is unclear which.";

    public override ToolEffect Effect => ToolEffect.Read;

    protected override async ValueTask<ToolOutcome> RunAsync(ListAppointmentsArguments arguments, ToolContext context)
    {
        if (arguments.Reference is not null)
        {
            return await finder.FindAsync(arguments.Reference, null, arguments.Name, context).ConfigureAwait(false) switch
            {
                AppointmentFinder.Found { Line.Cancelled: false } found => new Listed([found.Line], 1, context.Now, null),
                AppointmentFinder.Found => new Listed([], 0, context.Now, null),
                var other => other.Outcome,
            };
        }

        if (context.Call.Caller is null)
        {
            return new AppointmentFinder.Unproven();
        }

        var cached = context.Note(await customers.GetAsync(context.Call.Scope).ConfigureAwait(false));
        var own = cached.Value?.Booked.Where(a => Instant.FromDateTimeOffset(a.Ends) > context.Now).ToList() ?? [];
        return new Listed([.. own.Take(MostSpoken)], own.Count, context.Now, CacheAge(context, cached.LoadedAt));
    }

    private static Duration? CacheAge(ToolContext context, DateTimeOffset? loadedAt) =>
        context.Source is Caching.CacheSource.Stale && loadedAt is { } at ? context.Now - Instant.FromDateTimeOffset(at) : null;

    /// <param name="Age">How old the answer is, when the source could not be asked.</param>
    public sealed record Listed(IReadOnlyList<AppointmentLine> Appointments, int Total, Instant Now, Duration? Age) : ToolOutcome
    {
        public override string Code => Total == 0 ? "none" : "listed";

        public override string Say => AsOf.Prefix(Age) + (Total == 0
            ? "There is no upcoming appointment under this number. Offer to book one; if the caller booked from another phone, ask for the reference and the family name."
            : $"The caller has {Phrases.Count(Total, "appointment")}{(Total > Appointments.Count ? $". The next {Phrases.Number(Appointments.Count)} are" : ":")} {Phrases.List([.. Appointments.Select(a => Describe(a, Now))])}.");
    }

    /// <summary>"a check-up with Doctor Alice Nguyen on Thursday, December 3rd at 10 AM".</summary>
    internal static string Describe(AppointmentLine a, Instant now) => $"{Nouns.A(a.Service)} with {a.Practitioner} {Phrases.OnDayAndTime(a.Start, a.Zone, now)}";
}

/// <summary>Says how old an answer is when its source could not be asked.</summary>
public static class AsOf
{
    public static string Prefix(Duration? age) => age is { } known ? $"As of {Phrases.Ago(known)}: " : "";
}
