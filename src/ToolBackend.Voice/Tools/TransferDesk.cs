using System.Text.Json;
using NodaTime;
using ToolBackend.Core.Business;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Speech;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Tools;

/// <summary>Where a caller who wants a person is connected to.</summary>
/// <param name="Number">E.164; null: nowhere, and <paramref name="Say"/> tells the model why.</param>
/// <param name="Say">To the caller when there is a number, else to the model.</param>
internal sealed record TransferChoice(string? Number, string Say)
{
    /// <summary>For the person to answer, when the definition says nothing.</summary>
    private static readonly TimeSpan s_ring = TimeSpan.FromSeconds(25);

    /// <summary>Said to the person who answers, before they are connected; null for nothing.</summary>
    public string? Warm { get; init; }

    /// <summary>Whom the person sees calling; null leaves it to the carrier.</summary>
    public string? CallerId { get; init; }

    /// <summary>Keys pressed when the number has answered; null for none.</summary>
    public string? Extension { get; init; }

    /// <summary>For the person to answer.</summary>
    public TimeSpan Ring { get; init; } = s_ring;

    /// <param name="fill">Fills templates.</param>
    public static TransferChoice Of(TransferNumber to, string say, Func<string, string> fill) => new(to.Number, say)
    {
        Warm = Filled(to.Warm, fill),
        CallerId = Filled(to.CallerId, fill),
        Extension = to.Extension,
        Ring = to.Ring ?? s_ring,
    };

    private static string? Filled(string? text, Func<string, string> fill) => text is { Length: > 0 } && fill(text).Trim() is { Length: > 0 } filled ? filled : null;
}

/// <summary>
/// Chooses the number of a <c>transferCall</c>: one of the definition's own destinations when it has any, else the desk that is open and knows about it, as the webhook does for Vapi.
/// </summary>
internal sealed class TransferDesk(DirectoryReader directory, TimeProvider time)
{
    /// <summary>Said before a caller is connected to a number whose definition has no words of its own.</summary>
    public const string Connecting = "One moment, I'm connecting you.";

    /// <param name="fill">Fills templates with what is known of the call.</param>
    public async Task<TransferChoice> ChooseAsync(ToolModel tool, string arguments, string assistant, Func<string, string> fill)
    {
        var asked = Texts(arguments);
        if (tool.Destinations is [var first, ..] own)
        {
            var chosen = own.FirstOrDefault(d => asked.Contains(d.Number, StringComparer.Ordinal)) ?? first;
            return TransferChoice.Of(chosen, chosen.Message ?? Connecting, fill);
        }

        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        try
        {
            var desks = (await directory.GetAsync().ConfigureAwait(false)).Value!.Desks;
            return DeskRouter.Choose(desks, [.. asked, assistant], now) is { } desk
                ? new TransferChoice(desk.Number, $"One moment, I'm connecting you to {desk.Name}.")
                : new TransferChoice(null, Closed(desks, now));
        }
        catch (UpstreamException)
        {
            return new TransferChoice(null, "The call cannot be transferred right now. Apologize, and offer to take a message or to call back.");
        }
    }

    private static string Closed(IReadOnlyList<Desk> desks, Instant now) => DeskRouter.NextOpening(desks, now) is { } opens
        ? $"Nobody is there to take the call now. Tell the caller that people are there again {Phrases.DayAndTime(opens.ToInstant(), opens.Zone, now)}."
        : "Nobody is there to take the call. Offer to take a message.";

    /// <summary>What the model wrote: a number of the definition's, or what it is about.</summary>
    private static List<string> Texts(string arguments)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind is JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.String).Select(p => p.Value.GetString()!).Take(5)]
                : [];
        }
        catch (JsonException)
        {
            return []; // only a hint: any open desk is better than none
        }
    }
}
