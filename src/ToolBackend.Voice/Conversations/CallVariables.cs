using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;

namespace ToolBackend.Voice.Conversations;

/// <summary>
/// The variables of one call, and the texts that are filled with them. Tools add to them by their <c>variableExtractionPlan</c>, from any thread; what is filled later has the new values, what was said stays said.
/// </summary>
/// <param name="values">Known from the beginning, by full name.</param>
/// <param name="now">When the call began: what <c>"now"</c> is in all of its texts.</param>
internal sealed class CallVariables(IReadOnlyDictionary<string, string> values, Instant now)
{
    /// <summary>A result that is worth reading for variables; Vapi's own limit of an answer is of this size.</summary>
    private const int MaxResult = 256 * 1024;

    private ImmutableDictionary<string, string> _values = values.ToImmutableDictionary(StringComparer.Ordinal);

    public string Fill(string text) => text.Contains("{{", StringComparison.Ordinal) ? new PromptText(Volatile.Read(ref _values), now, DateTimeZone.Utc).Fill(text) : text;

    /// <summary>A JSON value with its texts filled.</summary>
    public JsonNode? Fill(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Fill(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Fill)]),
        JsonValue text when text.TryGetValue(out string? template) => Fill(template),
        _ => value?.DeepClone(),
    };

    /// <summary>Takes variables from a tool's result. One that is no JSON has none; a path that leads nowhere leaves its variable as it is.</summary>
    /// <param name="aliases">Name, and a template over <c>$</c>, such as <c>{{$.booking.id}}</c>.</param>
    /// <returns>Whether there is a new value.</returns>
    public bool Learn(IReadOnlyList<KeyValuePair<string, string>> aliases, string result)
    {
        if (aliases.Count == 0 || result.Length > MaxResult || Parsed(result) is not { } json)
        {
            return false;
        }

        using (json)
        {
            var before = Volatile.Read(ref _values);
            var root = json.RootElement;
            var texts = new PromptText(name => name.StartsWith('$') ? ResultPath.Find(root, name) : before.GetValueOrDefault(name), now, DateTimeZone.Utc);
            var learned = aliases.Select(a => KeyValuePair.Create(a.Key, texts.Fill(a.Value))).Where(a => a.Value.Length > 0).ToList();
            return learned.Count > 0 && ImmutableInterlocked.Update(ref _values, static (now, learned) => now.SetItems(learned), learned);
        }
    }

    private static JsonDocument? Parsed(string result)
    {
        try
        {
            return JsonDocument.Parse(result);
        }
        catch (JsonException)
        {
            return null; // a sentence, which most results are
        }
    }
}
