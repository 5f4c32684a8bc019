using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Vapi.Sync.Applying;

/// <summary>What is sent for a resource: ids for names, values for secrets.</summary>
/// <param name="Body">Holds secrets: for the request only.</param>
/// <param name="Incomplete">Fields in which a reference is left out, since what it names does not exist yet.</param>
internal sealed record RequestBody(JsonObject Body, IReadOnlySet<string> Incomplete);

internal static class RequestBodies
{
    public static RequestBody OfCreate(WantedResource wanted, IdNames names, Func<string, string?> readEnvironmentVariable)
    {
        var body = (JsonObject)wanted.Body.DeepClone();
        foreach (var (name, _) in body.Where(field => field.Value is null).ToList())
        {
            body.Remove(name);
        }

        return Filled(body, names, readEnvironmentVariable);
    }

    /// <param name="fields">Names of the fields that are sent; those that the files do not have are cleared.</param>
    public static RequestBody OfPatch(WantedResource wanted, IEnumerable<string> fields, IdNames names, Func<string, string?> readEnvironmentVariable)
    {
        var body = new JsonObject();
        foreach (var field in fields.Concat(Required(wanted.Key.Kind)).Distinct(StringComparer.Ordinal))
        {
            body[field] = wanted.Body[field]?.DeepClone();
        }

        // Vapi refuses the word itself, be it the same.
        if (wanted.Key.Kind is SyncKind.Tool or SyncKind.StructuredOutput)
        {
            body.Remove("type");
        }

        return Filled(body, names, readEnvironmentVariable);
    }

    // Vapi refuses a change of a squad without all its members.
    private static string[] Required(SyncKind kind) => kind == SyncKind.Squad ? ["members"] : [];

    private static RequestBody Filled(JsonObject body, IdNames names, Func<string, string?> readEnvironmentVariable)
    {
        var incomplete = new HashSet<string>(StringComparer.Ordinal);
        var withIds = ReferenceTable.Replace(body, reference =>
        {
            var id = names.IdOf(reference.Kind, reference.Name);
            if (id is null)
            {
                incomplete.Add(TopLevel(reference.Path));
            }

            return id;
        });
        return new RequestBody(Definitions.Secrets.FillIn(withIds, readEnvironmentVariable), incomplete);
    }

    private static string TopLevel(string path) => path[..(path.IndexOfAny(['.', '[']) is >= 0 and var end ? end : path.Length)];
}
