using NodaTime;
using NpgsqlTypes;

namespace ToolBackend.Core.Data;

/// <summary>Between Postgres's half-open <c>tstzrange</c> and intervals of instants.</summary>
public static class Ranges
{
    public static Interval ToInterval(NpgsqlRange<DateTime> range) => new(
        range.LowerBoundInfinite ? null : Instant.FromDateTimeUtc(range.LowerBound),
        range.UpperBoundInfinite ? null : Instant.FromDateTimeUtc(range.UpperBound));

    public static NpgsqlRange<DateTime> Of(Instant start, Instant end) => new(start.ToDateTimeUtc(), true, end.ToDateTimeUtc(), false);
}
