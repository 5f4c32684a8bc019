using NodaTime;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Scheduling;

namespace ToolBackend.Core.Business;

public sealed record Location(int Id, string Name, DateTimeZone Zone);

public sealed record Service(int Id, string Name, Duration Visit, Duration Buffer)
{
    public ServiceRules Rules => new(Visit, Buffer);
}

/// <param name="Hours">Weekly opening hours by the clock on the location's wall.</param>
public sealed record Practitioner(int Id, string Name, Location Location, IReadOnlySet<int> ServiceIds, IReadOnlyList<WeeklyHours> Hours, IReadOnlyList<Interval> TimeOff);

public sealed record PickupPoint(int Id, string Name, string Address, string City, string OpeningHours);

public sealed record PhoneLine(string Number, int? LocationId, string? AssistantId, string? SquadId);

public sealed record DeskHours(IsoDayOfWeek Day, LocalTime Opens, LocalTime Closes);

public sealed record Desk(string Name, string Number, IReadOnlyList<string> Skills, DateTimeZone Zone, int Priority, IReadOnlyList<DeskHours> Hours);

/// <summary>What changes by the week and is asked by every call: who works when, where, for what, and how people are reached. One immutable snapshot.</summary>
public sealed record BusinessDirectory(
    IReadOnlyList<Location> Locations,
    IReadOnlyList<Service> Services,
    IReadOnlyList<Practitioner> Practitioners,
    IReadOnlyList<PickupPoint> PickupPoints,
    IReadOnlyDictionary<string, PhoneLine> Lines,
    IReadOnlyList<Desk> Desks)
{
    /// <summary>The place a call is about: the one the called line belongs to, else the only one there is.</summary>
    public Location? LocationOf(CallContext call) =>
        call.Line is { } line && Lines.TryGetValue(line.E164, out var known) && known.LocationId is { } id
            ? Locations.FirstOrDefault(l => l.Id == id)
            : Locations.Count == 1 ? Locations[0] : null;
}
