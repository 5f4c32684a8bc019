using Microsoft.Extensions.Options;
using NodaTime;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Business;
using ToolBackend.Core.Scheduling;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core.Appointments;

/// <summary>What was asked for, in the business's own terms.</summary>
/// <param name="Practitioners">Who could do it, in the order they are tried. Never empty.</param>
public sealed record VisitChoice(Location Location, Service Service, IReadOnlyList<Practitioner> Practitioners, SlotRules Rules, LocalDate Today)
{
    /// <summary>Calendars of the candidates with their time off and the given bookings.</summary>
    public IReadOnlyList<PractitionerCalendar> Calendars(ILookup<int, Interval> booked) =>
        [.. Practitioners.Select(p => new PractitionerCalendar(p.Id, p.Name, p.Hours, [.. p.TimeOff, .. booked[p.Id]]))];
}

/// <summary>The caller must choose before anything can be looked up; the sentence asks.</summary>
public sealed record Choose(string What, string Question) : ToolOutcome
{
    public override string Code => "choose_" + What;

    public override string Say => Question;
}

/// <summary>Turns spoken names, dates and times into the business's services, people and instants, or into a question.</summary>
public static class VisitResolver
{
    public static (VisitChoice? Choice, ToolOutcome? Refusal) Resolve(
        BusinessDirectory directory, SchedulingOptions options, CallContext call, string? service, string? practitioner, string? location, Instant now)
    {
        var place = location is null ? directory.LocationOf(call) : Named(location, directory.Locations, l => l.Name);
        if (place is null)
        {
            return (null, new Choose("location", $"Ask which location the caller means: {Phrases.List([.. directory.Locations.Select(l => l.Name)], "or")}."));
        }

        var atPlace = directory.Practitioners.Where(p => p.Location.Id == place.Id).ToList();
        var offered = directory.Services.Where(s => atPlace.Exists(p => p.ServiceIds.Contains(s.Id))).ToList();
        var (wanted, question) = OneOf(service, offered, s => s.Name, "service", "kind of appointment");
        if (wanted is null)
        {
            return (null, question);
        }

        var able = atPlace.Where(p => p.ServiceIds.Contains(wanted.Id)).ToList();
        if (practitioner is not null && !IsAnybody(practitioner))
        {
            var (person, who) = OneOf(practitioner, able, p => p.Name, "practitioner", $"person for {Nouns.A(wanted.Name)}");
            if (person is null)
            {
                return (null, who);
            }

            able = [person];
        }

        return (new VisitChoice(place, wanted, able, options.Rules, now.InZone(place.Zone).Date), null);
    }

    /// <summary>Models fill in what the caller did not care about.</summary>
    private static bool IsAnybody(string practitioner) =>
        practitioner.Trim().ToLowerInvariant() is "any" or "anyone" or "anybody" or "no preference" or "none" or "whoever" or "first available" or "any doctor" or "either" or "doesn't matter";

    private static (T? Item, ToolOutcome? Question) OneOf<T>(string? spoken, List<T> items, Func<T, string> nameOf, string what, string noun) where T : class
    {
        if (spoken is null)
        {
            return items.Count == 1
                ? (items[0], null)
                : (null, new Choose(what, $"Ask which {noun} the caller wants: {Phrases.List([.. items.Select(nameOf)], "or")}."));
        }

        return NameMatcher.Find(spoken, items, nameOf) switch
        {
            NameMatch<T>.One one => (one.Item, null),
            NameMatch<T>.Several several => (null, new Choose(what, $"More than one {noun} fits that. Ask which one: {Phrases.List([.. several.Items.Select(nameOf)], "or")}.")),
            _ => (null, new Choose(what, $"There is no such {noun} here. There is {Phrases.List([.. items.Select(nameOf)], "or")}. Ask the caller which one they want.")),
        };
    }

    private static T? Named<T>(string spoken, IReadOnlyList<T> items, Func<T, string> nameOf) where T : class =>
        NameMatcher.Find(spoken, items, nameOf) is NameMatch<T>.One one ? one.Item : null;
}
