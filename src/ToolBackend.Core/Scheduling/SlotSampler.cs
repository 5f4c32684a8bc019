using NodaTime;

namespace ToolBackend.Core.Scheduling;

/// <summary>
/// Picks the few slots that are worth saying: nobody remembers more than three times from a phone call. The first is the earliest; each further one
/// is on another day and in another part of the day where possible, otherwise as far as possible from those already picked.
/// </summary>
public static class SlotSampler
{
    /// <param name="slots">In order of start, as <see cref="SlotFinder.Find"/> returns them.</param>
    /// <param name="zone">Of the place: decides days and parts of day.</param>
    /// <param name="count">At most so many. Default 3.</param>
    /// <param name="sameTimeTwice">Whether one time may be offered with several practitioners. Default false: the first of them is kept.</param>
    /// <returns>In order of start.</returns>
    public static IReadOnlyList<Slot> Pick(IReadOnlyList<Slot> slots, DateTimeZone zone, int count = 3, bool sameTimeTwice = false)
    {
        var left = (sameTimeTwice ? slots : slots.DistinctBy(static s => s.Start))
            .Select(s => new Choice(s, s.Start.InZone(zone).LocalDateTime)).ToList();
        var picked = new List<Choice>();
        while (picked.Count < count && left.Count > 0)
        {
            var next = Best(left, picked);
            picked.Add(left[next]);
            left.RemoveAt(next);
        }

        return [.. picked.OrderBy(static p => p.Slot.Start).Select(static p => p.Slot)];
    }

    private static int Best(List<Choice> left, List<Choice> picked)
    {
        var (best, bestNovelty, bestDistance) = (0, -1, Duration.Zero);
        for (var i = 0; i < left.Count && picked.Count > 0; i++)
        {
            var choice = left[i];
            var novelty = (picked.Exists(p => p.Day == choice.Day) ? 0 : 2) + (picked.Exists(p => p.Part == choice.Part) ? 0 : 1);
            // A new day is wanted soon; within known days the distance decides.
            var distance = novelty >= 2 ? Duration.Zero : picked.Min(p => Apart(p.Slot.Start, choice.Slot.Start));
            if (novelty > bestNovelty || (novelty == bestNovelty && distance > bestDistance))
            {
                (best, bestNovelty, bestDistance) = (i, novelty, distance);
            }
        }

        return best;
    }

    private static Duration Apart(Instant a, Instant b) => a > b ? a - b : b - a;

    private readonly record struct Choice(Slot Slot, LocalDateTime Wall)
    {
        public LocalDate Day => Wall.Date;

        public PartOfDay Part => SlotQuery.PartOf(Wall.TimeOfDay);
    }
}
