using System.Globalization;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Rest;

/// <summary>
/// Reads a list to its end, whichever of Vapi's two shapes it has: a bare array has no cursor and is continued by <c>createdAt</c>, an object with
/// <c>results</c> by <c>page</c>. Endpoints have moved from one to the other before.
/// </summary>
internal sealed class ListPages(string path, IEnumerable<KeyValuePair<string, string>>? filters)
{
    /// <summary>The most that Vapi gives at once.</summary>
    public const int PageSize = 1000;

    /// <summary>A list that goes on for ever must end.</summary>
    private const int MostPages = 1000;

    // Times are shown in milliseconds and may be kept in finer ones: asking from the shown time would lose the rest of its millisecond.
    private static readonly TimeSpan s_grain = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<string, string> _query = new(filters ?? [], StringComparer.Ordinal) { ["limit"] = PageSize.ToString(CultureInfo.InvariantCulture) };
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _items = [];
    private int _page = 1;

    public IReadOnlyList<JsonObject> Items => _items;

    /// <summary>Query of the first page. It names no page: lists that are bare arrays refuse that word.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> First => [.. _query];

    /// <summary>Takes one page in and returns the query of the next, null after the last.</summary>
    /// <exception cref="VapiApiException">The answer is no list, or what is missing of it cannot be asked for.</exception>
    public IReadOnlyList<KeyValuePair<string, string>>? Add(JsonNode? answer)
    {
        var (list, metadata) = answer switch
        {
            JsonArray bare => (bare, null),
            JsonObject page when page["results"] is JsonArray results => (results, page["metadata"] as JsonObject),
            _ => throw Unreadable("the answer is no list"),
        };
        var items = list.OfType<JsonObject>().ToArray();
        var before = _items.Count;
        _items.AddRange(items.Where(item => IdOf(item) is not { } id || _seen.Add(id)));
        var isPaged = answer is JsonObject;
        var more = isPaged ? HasNextPage(items.Length, metadata) : items.Length >= PageSize;
        if (!more)
        {
            return null;
        }

        if (_page++ >= MostPages)
        {
            throw Unreadable($"more than {MostPages} pages");
        }

        if (isPaged)
        {
            _query["page"] = _page.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            ContinueByDate(items, foundNew: _items.Count > before);
        }

        return [.. _query];
    }

    private bool HasNextPage(int count, JsonObject? metadata)
    {
        if (count == 0)
        {
            return false;
        }

        if (metadata?["hasNextPage"] is JsonValue said && said.TryGetValue<bool>(out var hasNext))
        {
            return hasNext;
        }

        var total = Number(metadata, "totalItems");
        var perPage = Number(metadata, "itemsPerPage");
        return total is not null && perPage is > 0 ? _page * perPage < total : count >= PageSize;
    }

    // Newest first is what Vapi does today and documents nowhere: the other order is read as well, and none at all is refused rather than read in part.
    private void ContinueByDate(JsonObject[] items, bool foundNew)
    {
        var times = Array.ConvertAll(items, CreatedAt);
        if (!foundNew)
        {
            throw Unreadable($"more than {PageSize} objects of one moment");
        }

        if (times.Zip(times.Skip(1)).All(pair => pair.First >= pair.Second))
        {
            _query["createdAtLe"] = Text(times[^1] + s_grain);
        }
        else if (times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second))
        {
            _query["createdAtGe"] = Text(times[^1]);
        }
        else
        {
            throw Unreadable("a full page in no order of createdAt");
        }
    }

    private DateTimeOffset CreatedAt(JsonObject item) =>
        item["createdAt"] is JsonValue value && value.TryGetValue<string>(out var text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Unreadable("a full page with an object without createdAt");

    private static string? IdOf(JsonObject item) => item["id"] is JsonValue value && value.TryGetValue<string>(out var id) ? id : null;

    private static double? Number(JsonObject? metadata, string name) => metadata?[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private VapiApiException Unreadable(string why) => new(VapiFailure.Unreadable, $"GET /{path}: {why}; the list cannot be read in full.");
}
