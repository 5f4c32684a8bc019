using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Vapi.Rest;

/// <summary>The secrets that one request carries, so that an answer which quotes them can be told without them.</summary>
internal sealed partial class Secrets
{
    private const string Mask = "***";

    /// <summary>Shorter values would blot out ordinary words.</summary>
    private const int ShortestSecret = 8;

    private readonly List<string> _values = [];

    public Secrets(string apiKey, JsonNode? body)
    {
        Add(apiKey);
        Collect(body, isSecret: false);
        // A secret inside another one must not leave the longer one's ends behind.
        _values.Sort(static (a, b) => b.Length.CompareTo(a.Length));
    }

    public string Hide(string text) => _values.Aggregate(text, static (shown, secret) => shown.Replace(secret, Mask, StringComparison.Ordinal));

    private void Collect(JsonNode? node, bool isSecret)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Collect(value, isSecret || SecretName().IsMatch(name));
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, isSecret);
                }

                break;
            case JsonValue value when isSecret && value.TryGetValue<string>(out var text):
                Add(text);
                break;
        }
    }

    private void Add(string value)
    {
        if (value.Length >= ShortestSecret)
        {
            _values.Add(value);
        }
    }

    // Headers and environment variables are named by whoever wrote them: all their values count.
    [GeneratedRegex("secret|token|password|api_?key|private_?key|authorization|headers|environmentVariables", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();
}
