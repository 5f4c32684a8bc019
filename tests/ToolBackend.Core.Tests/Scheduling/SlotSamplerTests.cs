using NodaTime;
using Shouldly;
using ToolBackend.Core.Scheduling;
using Xunit;

namespace ToolBackend.Core.Tests.Scheduling;

public sealed class SlotSamplerTests
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Fact]
    public void The_first_is_the_earliest_and_the_others_are_other_days_and_parts_of_the_day()
    {
        var slots = new[] { 1, 2, 3 }.SelectMany(static day => new[] { 9, 10, 13, 18 }.Select(hour => At(day, hour))).ToList();

        Said(SlotSampler.Pick(slots, Zone)).ShouldBe(["1 9", "2 13", "3 18"]);
    }

    [Fact]
    public void Within_one_part_of_one_day_they_are_far_apart() =>
        Said(SlotSampler.Pick([At(1, 6), At(1, 7), At(1, 8), At(1, 11)], Zone)).ShouldBe(["1 6", "1 8", "1 11"]);

    [Fact]
    public void One_time_is_said_once_unless_asked()
    {
        var slots = new[] { At(1, 9), At(1, 9) with { PractitionerId = 2 } };

        SlotSampler.Pick(slots, Zone).Count.ShouldBe(1);
        SlotSampler.Pick(slots, Zone, sameTimeTwice: true).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(0, 3, 0)]
    [InlineData(2, 3, 2)]
    [InlineData(9, 3, 3)]
    [InlineData(9, 0, 0)]
    public void Never_more_than_asked_or_there_are(int available, int count, int expected) =>
        SlotSampler.Pick([.. Enumerable.Range(8, available).Select(static h => At(1, h))], Zone, count).Count.ShouldBe(expected);

    private static Slot At(int day, int hour)
    {
        var start = new LocalDateTime(2026, 12, day, hour, 0).InZoneStrictly(Zone).ToInstant();
        return new Slot(1, "Ada", start, start + Duration.FromMinutes(30));
    }

    private static IEnumerable<string> Said(IReadOnlyList<Slot> slots) =>
        slots.Select(static s => s.Start.InZone(Zone).LocalDateTime).Select(static w => $"{w.Day} {w.Hour}");
}
