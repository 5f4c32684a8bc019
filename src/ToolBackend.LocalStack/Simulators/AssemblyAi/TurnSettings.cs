using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.AssemblyAi;

/// <summary>When a turn ends.</summary>
/// <param name="MinSilence">Enough for a sure one.</param>
/// <param name="MaxSilence">Enough for any.</param>
internal sealed record TurnSettings(double Threshold, TimeSpan MinSilence, TimeSpan MaxSilence)
{
    /// <summary>The model's defaults.</summary>
    public static TurnSettings Of(string model) => model.StartsWith("u3", StringComparison.Ordinal) || model.StartsWith("universal-3", StringComparison.Ordinal)
        ? new TurnSettings(0.4, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1000))
        : new TurnSettings(0.4, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1280));

    /// <summary>With what an <c>UpdateConfiguration</c> changes; null when it has a value of another type.</summary>
    public TurnSettings? With(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            var root = document.RootElement;
            return new TurnSettings(
                Number(root, "end_of_turn_confidence_threshold") ?? Threshold,
                Number(root, "min_turn_silence") is { } min ? TimeSpan.FromMilliseconds(min) : MinSilence,
                Number(root, "max_turn_silence") is { } max ? TimeSpan.FromMilliseconds(max) : MaxSilence);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static double? Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetDouble() : null;
}
