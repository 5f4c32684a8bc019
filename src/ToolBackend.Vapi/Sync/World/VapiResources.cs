using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Sync.World;

/// <summary>The real ones: Vapi's REST API, and the carrier's where there is a key for it. Failures are <see cref="VapiApiException"/> and the carrier's own.</summary>
/// <param name="numbers">Null: routing can neither be read nor written.</param>
public sealed class VapiResources(VapiClient vapi, INumberRoutings? numbers) : IRemoteResources
{
    public bool Reaches(SyncKind kind) => kind != SyncKind.NumberRouting || numbers is not null;

    /// <summary>Lists every kind that can be reached, side by side as far as the client's limits allow. Nothing but lists is asked for.</summary>
    public static async Task<RemoteWorld> ReadAsync(IRemoteResources resources, CancellationToken cancellation)
    {
        var kinds = SyncKinds.All.Where(resources.Reaches).ToList();
        var lists = await Task.WhenAll(kinds.Select(kind => resources.ListAsync(kind, cancellation)));
        return new RemoteWorld(lists.SelectMany(list => list), kinds);
    }

    public async Task<IReadOnlyList<RemoteResource>> ListAsync(SyncKind kind, CancellationToken cancellation) => kind == SyncKind.NumberRouting
        ? [.. (await Numbers.ListAsync(cancellation)).Select(Of)]
        : [.. (await vapi.ListAsync(kind.Word(), cancellation: cancellation)).Select(body => RemoteResource.Of(kind, body)).OfType<RemoteResource>()];

    public async Task<RemoteResource> CreateAsync(
        SyncKind kind, JsonObject body, Func<CancellationToken, Task<RemoteResource?>> findExisting, CancellationToken cancellation) =>
        kind == SyncKind.NumberRouting
            ? throw new NotSupportedException("Numbers are bought at the carrier.")
            : Read(kind, await vapi.CreateAsync(kind.Word(), body, async token => (await findExisting(token))?.Body, cancellation));

    public async Task<RemoteResource> PatchAsync(SyncKind kind, string id, JsonObject body, CancellationToken cancellation) => kind == SyncKind.NumberRouting
        ? Of(await Numbers.UpdateAsync(id, new NumberRouting(Address(body, "voiceUrl"), Address(body, "voiceFallbackUrl"), Address(body, "statusCallback")), cancellation))
        : Read(kind, await vapi.PatchAsync($"{kind.Word()}/{id}", body, cancellation));

    public async Task DeleteAsync(SyncKind kind, string id, CancellationToken cancellation)
    {
        if (kind == SyncKind.NumberRouting)
        {
            throw new NotSupportedException("Numbers are given back at the carrier.");
        }

        await vapi.DeleteAsync($"{kind.Word()}/{id}", cancellation);
    }

    /// <summary>A number's addresses as a resource of their own.</summary>
    public static RemoteResource Of(RoutedNumber number)
    {
        var body = new JsonObject { ["number"] = number.Number };
        foreach (var (name, address) in new[]
                 {
                     ("voiceUrl", number.Routing.VoiceUrl), ("voiceFallbackUrl", number.Routing.VoiceFallbackUrl), ("statusCallback", number.Routing.StatusCallback),
                     ("bypass", number.Bypass),
                 })
        {
            if (!string.IsNullOrEmpty(address))
            {
                body[name] = address;
            }
        }

        return new RemoteResource(SyncKind.NumberRouting, number.Id, number.Number, body);
    }

    private INumberRoutings Numbers => numbers ?? throw new InvalidOperationException("There is no key for the carrier.");

    // Absent: left as it is. Null: cleared, which is an empty text at the carrier.
    private static string? Address(JsonObject body, string name) => body.ContainsKey(name) ? body.TextAt(name) ?? "" : null;

    private static RemoteResource Read(SyncKind kind, JsonObject answer) =>
        RemoteResource.Of(kind, answer) ?? throw new VapiApiException(VapiFailure.Unreadable, $"The answer about a {kind.Noun()} has no id.") { OutcomeIsUnknown = true };
}
