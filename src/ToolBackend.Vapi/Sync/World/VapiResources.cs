using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Vapi.Sync.World;

/// <summary>The real ones: Vapi's REST API, and Twilio's where there is a key for it. Failures are <see cref="VapiApiException"/> and <see cref="TwilioApiException"/>.</summary>
/// <param name="twilio">Null: routing can neither be read nor written.</param>
public sealed class VapiResources(VapiClient vapi, TwilioClient? twilio) : IRemoteResources
{
    private const string Post = "POST";

    public bool Reaches(SyncKind kind) => kind != SyncKind.NumberRouting || twilio is not null;

    public async Task<IReadOnlyList<RemoteResource>> ListAsync(SyncKind kind, CancellationToken cancellation) => kind == SyncKind.NumberRouting
        ? [.. (await Twilio.ListNumbersAsync(cancellation)).Select(Of)]
        : [.. (await vapi.ListAsync(kind.Word(), cancellation: cancellation)).Select(body => RemoteResource.Of(kind, body)).OfType<RemoteResource>()];

    public async Task<RemoteResource> CreateAsync(
        SyncKind kind, JsonObject body, Func<CancellationToken, Task<RemoteResource?>> findExisting, CancellationToken cancellation) =>
        kind == SyncKind.NumberRouting
            ? throw new NotSupportedException("Numbers are bought at Twilio.")
            : Read(kind, await vapi.CreateAsync(kind.Word(), body, async token => (await findExisting(token))?.Body, cancellation));

    public async Task<RemoteResource> PatchAsync(SyncKind kind, string id, JsonObject body, CancellationToken cancellation) => kind == SyncKind.NumberRouting
        ? Of(await Twilio.UpdateNumberAsync(id, UpdateOf(body), cancellation))
        : Read(kind, await vapi.PatchAsync($"{kind.Word()}/{id}", body, cancellation));

    public async Task DeleteAsync(SyncKind kind, string id, CancellationToken cancellation)
    {
        if (kind == SyncKind.NumberRouting)
        {
            throw new NotSupportedException("Numbers are given back at Twilio.");
        }

        await vapi.DeleteAsync($"{kind.Word()}/{id}", cancellation);
    }

    /// <summary>
    /// A number's addresses as a resource of their own. An address that is called by GET begins with that word: ours are called by POST, so it is another one.
    /// </summary>
    public static RemoteResource Of(TwilioNumber number)
    {
        var body = new JsonObject { ["number"] = number.Number };
        foreach (var (name, address, method) in new[]
                 {
                     ("voiceUrl", number.VoiceUrl, number.VoiceMethod), ("voiceFallbackUrl", number.VoiceFallbackUrl, number.VoiceFallbackMethod),
                     ("statusCallback", number.StatusCallback, number.StatusCallbackMethod),
                 })
        {
            if (address.Length > 0)
            {
                body[name] = method == Post ? address : $"{method} {address}";
            }
        }

        if (number.VoiceApplicationSid.Length + number.TrunkSid.Length > 0)
        {
            body["bypass"] = number.TrunkSid.Length > 0 ? $"the SIP trunk {number.TrunkSid}" : $"the application {number.VoiceApplicationSid}";
        }

        return new RemoteResource(SyncKind.NumberRouting, number.Sid, number.Number, body);
    }

    private TwilioClient Twilio => twilio ?? throw new InvalidOperationException("There is no key for Twilio.");

    private static TwilioNumberUpdate UpdateOf(JsonObject body)
    {
        var (voice, fallback, status) = (Address("voiceUrl"), Address("voiceFallbackUrl"), Address("statusCallback"));
        return new TwilioNumberUpdate
        {
            VoiceUrl = voice,
            VoiceMethod = voice is null ? null : Post,
            VoiceFallbackUrl = fallback,
            VoiceFallbackMethod = fallback is null ? null : Post,
            StatusCallback = status,
            StatusCallbackMethod = status is null ? null : Post,
        };

        // Absent: left as it is. Null: cleared, which is an empty text at Twilio.
        string? Address(string name) => body.ContainsKey(name) ? body.TextAt(name) ?? "" : null;
    }

    private static RemoteResource Read(SyncKind kind, JsonObject answer) =>
        RemoteResource.Of(kind, answer) ?? throw new VapiApiException(VapiFailure.Unreadable, $"The answer about a {kind.Noun()} has no id.") { OutcomeIsUnknown = true };
}
