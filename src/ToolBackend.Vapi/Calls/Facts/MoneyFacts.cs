using System.Text.Json;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>What a call cost, in US dollars, from the three places that say it.</summary>
internal static class MoneyFacts
{
    /// <summary>No call costs more; a larger number is no cost.</summary>
    private const decimal Most = 100_000;

    private const int MaxParts = 32;

    public static (decimal? Cost, IReadOnlyDictionary<string, decimal>? Parts) Of(JsonElement holder)
    {
        var breakdown = holder.Get("costBreakdown"u8);
        var parts = Breakdown(breakdown);
        if (parts.Count == 0)
        {
            parts = Items(holder.Get("costs"u8));
        }

        var cost = Dollars(holder.Get("cost"u8)) ?? Dollars(breakdown.Get("total"u8)) ?? (parts.Count > 0 ? parts.Values.Sum() : null);
        return (cost, parts.Count > 0 ? parts : null);
    }

    private static SortedDictionary<string, decimal> Breakdown(JsonElement breakdown)
    {
        var parts = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var part in breakdown.Members())
        {
            if (part.NameEquals("analysisCostBreakdown"u8))
            {
                Add(parts, "analysis", part.Value.Members().Where(IsMoney).Sum(inner => Dollars(inner.Value)));
            }
            else if (IsMoney(part))
            {
                Add(parts, part.Name, Dollars(part.Value));
            }
        }

        return parts;
    }

    private static SortedDictionary<string, decimal> Items(JsonElement costs)
    {
        var parts = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var item in costs.Items())
        {
            if (item.Get("type"u8).Id(BoundedText.Word) is { } type)
            {
                Add(parts, type switch { "transcriber" => "stt", "model" => "llm", "voice" => "tts", _ => type }, Dollars(item.Get("cost"u8)));
            }
        }

        return parts;
    }

    private static void Add(SortedDictionary<string, decimal> parts, string name, decimal? dollars)
    {
        if (dollars is { } value && value + parts.GetValueOrDefault(name) < Most && (parts.Count < MaxParts || parts.ContainsKey(name)) && name.Length <= BoundedText.Word)
        {
            parts[name] = parts.GetValueOrDefault(name) + value;
        }
    }

    /// <summary>The breakdown also counts tokens and characters, and repeats the total.</summary>
    private static bool IsMoney(JsonProperty part) =>
        !part.NameEquals("total"u8) && !part.Name.EndsWith("Tokens", StringComparison.Ordinal) && !part.Name.EndsWith("Characters", StringComparison.Ordinal);

    private static decimal? Dollars(JsonElement element) => element.Decimal() is { } value and >= 0 and < Most ? Math.Round(value, 6) : null;
}
