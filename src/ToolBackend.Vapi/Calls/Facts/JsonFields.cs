using System.Text.Json;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Vapi.Calls.Facts;

/// <summary>Lenient reading: what is missing, null or of another type is absent.</summary>
internal static class JsonFields
{
    /// <summary>The member, or an undefined element.</summary>
    public static JsonElement Get(this JsonElement holder, ReadOnlySpan<byte> name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value) ? value : default;

    public static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    /// <summary>The elements; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>The members; none when it is no object.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element) => element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    private static string? Text(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    public static string? Id(this JsonElement element, int limit = BoundedText.Id) => BoundedText.Whole(element.Text(), limit);

    public static string? Sentence(this JsonElement element, int limit) => BoundedText.Cut(element.Text(), limit);

    public static decimal? Decimal(this JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var value) ? value : null;

    /// <summary>Milliseconds, at least 0 and less than a day.</summary>
    public static double? Milliseconds(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && value is >= 0 and < 86_400_000 ? value : null;

    /// <summary>A count from 0 to a million.</summary>
    public static int? Count(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && value is >= 0 and <= 1_000_000 ? (int)value : null;

    /// <summary>Milliseconds or seconds since 1970, or ISO 8601.</summary>
    public static DateTimeOffset? Time(this JsonElement element) => VapiTime.Plausible(element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out var value) => VapiTime.FromNumber(value),
        JsonValueKind.String => VapiTime.FromText(element.GetString()),
        _ => null,
    });
}
