using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>A <c>Configure</c> message of Flux. What is absent stays as it is.</summary>
internal sealed record FluxConfigure(double? EndOfTurn, double? Eager, int? TimeoutMilliseconds, IReadOnlyList<string>? Keyterms, IReadOnlyList<string>? LanguageHints)
{
    private static readonly string[] s_members = ["type", "thresholds", "keyterms", "language_hints", "numerals"];
    private static readonly string[] s_thresholds = ["eot_threshold", "eager_eot_threshold", "eot_timeout_ms"];

    /// <summary>Null when members or types are not Flux's: that ends the connection.</summary>
    public static FluxConfigure? Read(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.EnumerateObject().Any(member => !s_members.Contains(member.Name, StringComparer.Ordinal)))
        {
            return null;
        }

        try
        {
            var thresholds = root.TryGetProperty("thresholds", out var given) ? given : default;
            if (thresholds.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object)
                || (thresholds.ValueKind == JsonValueKind.Object && thresholds.EnumerateObject().Any(member => !s_thresholds.Contains(member.Name, StringComparer.Ordinal))))
            {
                return null;
            }

            return new FluxConfigure(
                Number(thresholds, "eot_threshold"), Number(thresholds, "eager_eot_threshold"), (int?)Number(thresholds, "eot_timeout_ms"),
                Texts(root, "keyterms"), Texts(root, "language_hints"));
        }
        catch (InvalidOperationException)
        {
            return null; // a member of another type
        }
    }

    /// <summary>The settings with these in them, or what is out of range.</summary>
    public (FluxThresholds? Thresholds, string? Error) Over(FluxThresholds old)
    {
        var changed = new FluxThresholds(EndOfTurn ?? old.EndOfTurn, Eager ?? old.Eager, TimeoutMilliseconds ?? old.TimeoutMilliseconds);
        return changed switch
        {
            { EndOfTurn: < 0.5 or > 1 } => (null, "eot_threshold must be between 0.5 and 1."),
            { Eager: < 0.3 or > 0.9 } => (null, "eager_eot_threshold must be between 0.3 and 0.9."),
            { TimeoutMilliseconds: < 500 or > 60_000 } => (null, "eot_timeout_ms must be between 500 and 60000."),
            _ when changed.Eager > changed.EndOfTurn => (null, "eager_eot_threshold must not be above eot_threshold."),
            _ => (changed, null),
        };
    }

    private static double? Number(JsonElement thresholds, string name) =>
        thresholds.ValueKind == JsonValueKind.Object && thresholds.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    private static List<string>? Texts(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? [.. value.EnumerateArray().Select(text => text.GetString() ?? throw new InvalidOperationException())] : null;
}
