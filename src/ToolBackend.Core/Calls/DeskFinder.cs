using System.Text.Json;
using NodaTime;
using ToolBackend.Core.Business;
using ToolBackend.Core.Resilience;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Calls;

/// <summary>Where a caller who wants a person goes.</summary>
/// <param name="Desk">Null: nowhere.</param>
/// <param name="Say">To the caller when there is a desk, else to the model: why there is none.</param>
public sealed record DeskAnswer(Desk? Desk, string Say);

/// <summary>The desk of the directory that takes a transfer now, whether Vapi talks with the caller or our own pipeline does.</summary>
public sealed class DeskFinder(DirectoryReader directory, TimeProvider time)
{
    /// <summary>For the model, when something of ours does not answer.</summary>
    public const string NotNow = "The call cannot be transferred right now. Apologize, and offer to take a message or to call back.";

    /// <summary>Texts of a model's arguments that are looked at.</summary>
    private const int MostHints = 5;

    /// <param name="hints">What the call is about, most telling first; may be empty.</param>
    public async ValueTask<DeskAnswer> FindAsync(IReadOnlyList<string> hints)
    {
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        try
        {
            var desks = (await directory.GetAsync().ConfigureAwait(false)).Value!.Desks;
            return DeskRouter.Choose(desks, hints, now) is { } desk ? new DeskAnswer(desk, $"One moment, I'm connecting you to {desk.Name}.") : new DeskAnswer(null, Closed(desks, now));
        }
        catch (UpstreamException)
        {
            return new DeskAnswer(null, NotNow);
        }
    }

    /// <summary>What a model wrote when it asked for a transfer: texts of its arguments, whatever they are called. Arguments that cannot be read hold none: any open desk is better than none.</summary>
    public static IReadOnlyList<string> Hints(ReadOnlyMemory<byte> arguments)
    {
        if (arguments.IsEmpty)
        {
            return [];
        }

        try
        {
            using var json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind is JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.String).Select(p => p.Value.GetString()!).Take(MostHints)]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return []; // no JSON, or half a surrogate pair in a text
        }
    }

    private static string Closed(IReadOnlyList<Desk> desks, Instant now) => DeskRouter.NextOpening(desks, now) is { } opens
        ? $"Nobody is there to take the call now. Tell the caller that people are there again {Phrases.DayAndTime(opens.ToInstant(), opens.Zone, now)}."
        : "Nobody is there to take the call. Offer to take a message.";
}
