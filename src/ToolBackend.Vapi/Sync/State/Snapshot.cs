using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.State;

/// <summary>One resource of a snapshot.</summary>
/// <param name="Body">As Vapi listed it, ids and server-made members included; without secrets.</param>
public sealed record SnapshotResource(ResourceKey Key, string Id, JsonObject Body);

/// <summary>Everything of ours as it was at one moment, taken before each apply: <c>.toolbackend/snapshots/ENVIRONMENT/UTC.json</c>.</summary>
public sealed record Snapshot(string Environment, string Vapi, DateTimeOffset TakenAt, IReadOnlyList<SnapshotResource> Resources)
{
    private const string Format = "toolbackend.snapshot/1";

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the state says is ours and Vapi still has.</summary>
    public static Snapshot Of(SyncState state, RemoteWorld world, DateTimeOffset now)
    {
        var resources = new List<SnapshotResource>();
        foreach (var (key, known) in state.Resources)
        {
            if (world.Find(key.Kind, known.Id) is { } remote)
            {
                var body = (JsonObject)remote.Body.DeepClone();
                SecretFields.Remove(body);
                resources.Add(new SnapshotResource(key, known.Id, body));
            }
        }

        return new Snapshot(state.Environment, state.Vapi, now, resources);
    }

    /// <summary>Its file's name, which sorts by time.</summary>
    public string FileName => TakenAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture) + ".json";

    public string ToJson() => new JsonObject
    {
        ["format"] = Format,
        ["environment"] = Environment,
        ["vapi"] = Vapi,
        ["takenAt"] = TakenAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["resources"] = new JsonArray([.. Resources.Select(resource => new JsonObject { ["key"] = resource.Key.ToString(), ["id"] = resource.Id, ["body"] = resource.Body.DeepClone() })]),
    }.ToJsonString(s_json) + "\n";

    /// <exception cref="StateException">It is no snapshot, or of a newer version.</exception>
    public static Snapshot Parse(string json, string place)
    {
        var head = SavedHead.Read(json, place, "snapshot", Format, "takenAt");
        var resources = head.Root.ObjectsAt("resources").Select(entry =>
            ResourceKey.TryParse(entry.Item.TextAt("key"), out var key) && entry.Item.TextAt("id") is { } id && entry.Item.ObjectAt("body") is { } body
                ? new SnapshotResource(key, id, (JsonObject)body.DeepClone())
                : throw new StateException($"{place}: {entry.Path} is no resource."));
        return new Snapshot(head.Environment, head.Vapi, head.Moment, [.. resources]);
    }

    /// <summary>Writes it into the folder of its environment, which is made; returns the path.</summary>
    /// <param name="folder">Such as <c>.toolbackend/snapshots</c>.</param>
    public async Task<string> SaveAsync(string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, Environment, FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, ToJson(), cancellation);
        return path;
    }
}
