using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using NodaTime;
using Npgsql;
using ToolBackend.Core.Data;
using ToolBackend.Core.Business;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

public sealed record FindOpenSlotsArguments
{
    [Description("What the appointment is for, as the caller said it, for example cleaning. Leave out if unknown.")]
    public string? Service { get; init; }

    [Description("First day to look at: a date such as 2026-12-01, or tomorrow, or Thursday. Leave out for the next free times.")]
    public string? Date { get; init; }

    [Description("Last day to look at, if the caller gave a range.")]
    public string? DateTo { get; init; }

    [Description("Only if the caller cares about the part of the day."), AllowedValues("morning", "afternoon", "evening")]
    public string? PartOfDay { get; init; }

    [Description("Earliest time of day, for example 2:30 PM, if the caller gave one.")]
    public string? NotBefore { get; init; }

    [Description("Name of the person the caller wants to see, if they said so.")]
    public string? Practitioner { get; init; }

    [Description("Name of the location, only if there is more than one and the caller said which.")]
    public string? Location { get; init; }
}

/// <summary>What is free: two or three times for the ear, spread over what was asked.</summary>
public sealed class FindOpenSlots(Database database, DirectoryReader directory, IOptions<SchedulingOptions> options) : Tool<FindOpenSlotsArguments>
{
    private const int DaysWithoutRange = 14;
    private const int LongestRange = 31;

    public override string Name => "find_open_slots";

    public override string Description =>
        "Finds free appointment times. Call it before booking, and whenever the caller asks what is free. Say two or three of the times, then ask which one suits.";

    public override ToolEffect Effect => ToolEffect.Read;

    protected override async ValueTask<ToolOutcome> RunAsync(FindOpenSlotsArguments arguments, ToolContext context)
    {
        var known = context.Note(await directory.GetAsync().ConfigureAwait(false)).Value!;
        var (choice, question) = VisitResolver.Resolve(known, options.Value, context.Call, arguments.Service, arguments.Practitioner, arguments.Location, context.Now);
        if (choice is null)
        {
            return question!;
        }

        var (query, refusal) = QueryOf(arguments, choice);
        if (query is null)
        {
            return refusal!;
        }

        var zone = choice.Location.Zone;
        var window = new Interval(zone.AtStartOfDay(query.From.PlusDays(-1)).ToInstant(), zone.AtStartOfDay(query.To.PlusDays(DaysWithoutRange + 2)).ToInstant());
        var calendars = choice.Calendars(await database.ReadAsync((c, ct) => BookedAsync(c, choice, window, ct)).ConfigureAwait(false));
        IReadOnlyList<Slot> Free(SlotQuery q) => SlotFinder.Find(q, choice.Rules, choice.Service.Rules, calendars, zone, context.Now);

        var free = Free(query);
        if (free.Count > 0)
        {
            return new Found(choice, SlotSampler.Pick(free, zone));
        }

        // Nothing where the caller asked: the next days, then the other parts of the day.
        var later = Free(query with { To = query.To.PlusDays(DaysWithoutRange) });
        later = later.Count > 0 ? later : Free(new SlotQuery(query.From, query.To.PlusDays(DaysWithoutRange), Limit: query.Limit));
        return new NothingThere(choice, query, arguments.Date is not null, SlotSampler.Pick(later, zone));
    }

    private static (SlotQuery? Query, ToolOutcome? Refusal) QueryOf(FindOpenSlotsArguments arguments, VisitChoice choice)
    {
        var from = choice.Today;
        if (arguments.Date is not null)
        {
            var (day, refusal) = AskedTime.ReadDate(arguments.Date, choice.Today);
            if (day is null)
            {
                return (null, refusal);
            }

            from = day.Value;
        }

        var to = arguments.Date is null ? from.PlusDays(DaysWithoutRange) : from;
        if (arguments.DateTo is not null)
        {
            var (day, refusal) = AskedTime.ReadDate(arguments.DateTo, choice.Today);
            if (day is null)
            {
                return (null, refusal);
            }

            to = LocalDate.Min(LocalDate.Max(day.Value, from), from.PlusDays(LongestRange));
        }

        LocalTime? notBefore = null;
        if (arguments.NotBefore is not null)
        {
            if (SpokenTime.Read(arguments.NotBefore, t => t >= new LocalTime(7, 0) && t < new LocalTime(19, 0)) is not TimeReading.Read read)
            {
                return (null, new ArgumentsRefused("The earliest time was not understood. Ask the caller for the time of day they can come."));
            }

            notBefore = read.Time;
        }

        return (new SlotQuery(from, to, PartOf(arguments.PartOfDay), notBefore, Limit: 2000), null);
    }

    private static PartOfDay? PartOf(string? said) => said?.ToLowerInvariant() switch
    {
        { } s when s.Contains("morning", StringComparison.Ordinal) => Scheduling.PartOfDay.Morning,
        { } s when s.Contains("afternoon", StringComparison.Ordinal) => Scheduling.PartOfDay.Afternoon,
        { } s when s.Contains("evening", StringComparison.Ordinal) => Scheduling.PartOfDay.Evening,
        _ => null,
    };

    private static async Task<ILookup<int, Interval>> BookedAsync(NpgsqlConnection connection, VisitChoice choice, Interval window, CancellationToken cancellation)
    {
        var batch = new NpgsqlBatch(connection) { BatchCommands = { BookedTimes.Command([.. choice.Practitioners.Select(p => p.Id)], window) } };
        await using var _ = batch.ConfigureAwait(false);
        var row = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        return await BookedTimes.ReadAsync(row, cancellation).ConfigureAwait(false);
    }

    public sealed record Found(VisitChoice Choice, IReadOnlyList<Slot> Slots) : ToolOutcome
    {
        public override string Code => "found";

        public override string Say =>
            $"For {Nouns.A(Choice.Service.Name)}, there is time {SlotSentences.OfferWithWho(Slots, Choice.Location.Zone, Choice.Today)}. Ask {(Slots.Count == 1 ? "whether that suits" : "which one suits")}.";
    }

    public sealed record NothingThere(VisitChoice Choice, SlotQuery Query, bool DayAsked, IReadOnlyList<Slot> Later) : ToolOutcome
    {
        public override string Code => Later.Count > 0 ? "found_later" : "nothing_free";

        public override string Say =>
            $"There is nothing free for {Nouns.A(Choice.Service.Name)} {When}." + (Later.Count > 0 ? $" There is time {SlotSentences.OfferWithWho(Later, Choice.Location.Zone, Choice.Today)}. Offer that."
                : Query.From > LastDay ? $" Appointments can be made until {Phrases.Day(LastDay, Choice.Today)}. Ask for an earlier date."
                : " Ask for another day, or offer to transfer the caller to a person.");

        private LocalDate LastDay => Choice.Today.PlusDays(Choice.Rules.HorizonDays);

        private string When => !DayAsked ? "in the next two weeks"
            : Query.From != Query.To ? "in that time"
            : Query.Part is null && Query.NotBefore is null ? Phrases.OnDay(Query.From, Choice.Today)
            : "at that time " + Phrases.OnDay(Query.From, Choice.Today);
    }
}
