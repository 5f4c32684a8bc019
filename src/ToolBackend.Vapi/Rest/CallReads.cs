using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Rest;

/// <summary>Calls as Vapi keeps them.</summary>
public static class CallReads
{
    /// <summary>One call with its messages, artifact, analysis and costs so far; null when Vapi has none of that id.</summary>
    public static Task<JsonObject?> GetCallAsync(this VapiClient vapi, string id, CancellationToken cancellation = default) => vapi.GetAsync("call/" + id, cancellation);

    /// <summary>Every call that Vapi changed at or after <paramref name="since"/> (to the millisecond, rounded down).</summary>
    public static Task<IReadOnlyList<JsonObject>> ListCallsUpdatedSinceAsync(this VapiClient vapi, DateTimeOffset since, CancellationToken cancellation = default) =>
        vapi.ListAsync("call", [new("updatedAtGe", ListPages.Text(since))], cancellation);
}
