namespace ToolBackend.Voice.Sessions;

/// <summary>A call that had a stream before, and goes on with us.</summary>
/// <param name="Leg">2 for the second stream of a call.</param>
/// <param name="Opening">What the caller hears first, in the place of the greeting; null: another assistant takes over, and begins as it begins a call.</param>
internal sealed record Continuation(int Leg, string? Opening)
{
    /// <summary>More legs than anybody's call has: one that breaks again and again is over.</summary>
    public const int MostLegs = 20;

    /// <summary>No later leg begins by a handoff: those behind it are left for a stream that breaks.</summary>
    public const int LastByHandoff = 10;

    private const string LegParameter = "leg", OpeningParameter = "opening", CallParameter = "call";

    /// <summary>The id of the side that had the call before, by which any replica can read what was said; null when it was this pipeline on this replica.</summary>
    public string? CallRef { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Parameters
    {
        get
        {
            List<KeyValuePair<string, string>> parameters = [new(LegParameter, $"{Leg}")];
            if (Opening is not null)
            {
                parameters.Add(new(OpeningParameter, Opening));
            }

            if (CallRef is not null)
            {
                parameters.Add(new(CallParameter, CallRef));
            }

            return parameters;
        }
    }

    /// <summary>Of a stream's parameters, which the token has sealed; null for the first stream of a call.</summary>
    public static Continuation? Of(IReadOnlyDictionary<string, string> parameters) =>
        int.TryParse(parameters.GetValueOrDefault(LegParameter), out var leg) && leg is > 1 and <= MostLegs
            ? new Continuation(leg, parameters.GetValueOrDefault(OpeningParameter) is { Length: > 0 } opening ? opening : null) { CallRef = parameters.GetValueOrDefault(CallParameter) is { Length: > 0 } call ? call : null }
            : null;
}
