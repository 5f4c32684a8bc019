namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>What the network does to the messages of one call. Questions that Vapi waits for are neither lost nor moved, but may come twice.</summary>
public sealed record DeliveryFaults
{
    public static DeliveryFaults None { get; } = new();

    /// <summary>Same seed, same faults.</summary>
    public int Seed { get; init; }

    /// <summary>Share of messages that are sent twice, 0 to 1.</summary>
    public double Duplicates { get; init; }

    /// <summary>Share of messages that are never sent, 0 to 1.</summary>
    public double Losses { get; init; }

    /// <summary>Types that are never sent, whatever <see cref="Losses"/> says.</summary>
    public IReadOnlyList<string> LostTypes { get; init; } = [];

    /// <summary>Share of messages that are moved later, 0 to 1.</summary>
    public double Disorder { get; init; }

    /// <summary>By how many places a message is moved at most. Default 5.</summary>
    public int FarthestMove { get; init; } = 5;
}

internal enum Fate
{
    Sent,

    /// <summary>Asked for, but it never leaves.</summary>
    Lost,

    /// <summary>The assistant does not ask for it: the call goes on without a word.</summary>
    NotAsked,
}

/// <summary>One sending of one step.</summary>
/// <param name="Step">Index of the step.</param>
/// <param name="Copy">0 for the first sending, 1 for the duplicate.</param>
internal readonly record struct PlannedSending(int Step, int Copy, Fate Fate);

internal static class DeliveryPlan
{
    /// <summary>Which steps are sent when: in the order of the call, but for what the faults do to it.</summary>
    public static IReadOnlyList<PlannedSending> Of(IReadOnlyList<TimelineStep> steps, DeliveryFaults faults)
    {
        var random = new Random(faults.Seed);
        var places = new List<(double Place, PlannedSending Sending)>();
        var place = 0;
        foreach (var step in steps)
        {
            // Drawn for every step, so that one fault's share does not change where another one falls.
            var (lost, twice, moved, far) = (random.NextDouble(), random.NextDouble(), random.NextDouble(), random.Next(1, Math.Max(2, faults.FarthestMove + 1)));
            var isQuestion = ServerMessageTypes.NeedAnswer.Contains(step.Type);
            var fate = !step.IsSent ? Fate.NotAsked
                : !isQuestion && (lost < faults.Losses || faults.LostTypes.Contains(step.Type, StringComparer.Ordinal)) ? Fate.Lost
                : Fate.Sent;
            var isMoved = fate == Fate.Sent && !isQuestion && moved < faults.Disorder;
            places.Add((place + (isMoved ? far + 0.5 : 0), new PlannedSending(step.Index, 0, fate)));
            if (fate == Fate.Sent && twice < faults.Duplicates)
            {
                places.Add((place + (isQuestion ? 0 : far + 0.25), new PlannedSending(step.Index, 1, Fate.Sent)));
            }

            place += step.IsSent ? 1 : 0;
        }

        return [.. places.OrderBy(planned => planned.Place).Select(planned => planned.Sending)];
    }
}
