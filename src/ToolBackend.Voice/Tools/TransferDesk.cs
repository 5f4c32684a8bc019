using System.Text;
using ToolBackend.Core.Calls;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Tools;

/// <summary>Where a caller who wants a person is connected to.</summary>
/// <param name="Number">E.164; null: nowhere, and <paramref name="Say"/> tells the model why.</param>
/// <param name="Say">To the caller when there is a number, else to the model.</param>
internal sealed record TransferChoice(string? Number, string Say)
{
    /// <summary>For the person to answer, when nobody says how long.</summary>
    public static readonly TimeSpan DefaultRing = TimeSpan.FromSeconds(25);

    /// <summary>Takes over in the place of a person; null: a person.</summary>
    public AssistantModel? Assistant { get; init; }

    /// <summary>Said to the person who answers, before they are connected; null for nothing.</summary>
    public string? Warm { get; init; }

    /// <summary>Whom the person sees calling; null leaves it to the carrier.</summary>
    public string? CallerId { get; init; }

    /// <summary>Keys pressed when the number has answered; null for none.</summary>
    public string? Extension { get; init; }

    /// <summary>For the person to answer.</summary>
    public TimeSpan Ring { get; init; } = DefaultRing;

    /// <param name="fill">Fills templates.</param>
    public static TransferChoice Of(TransferNumber to, string say, Func<string, string> fill) => new(to.Number, say)
    {
        Warm = Filled(to.Warm, fill),
        CallerId = Filled(to.CallerId, fill),
        Extension = to.Extension,
        Ring = to.Ring ?? DefaultRing,
    };

    private static string? Filled(string? text, Func<string, string> fill) => text is { Length: > 0 } && fill(text).Trim() is { Length: > 0 } filled ? filled : null;
}

/// <summary>Chooses the number of a <c>transferCall</c>: one of the definition's own destinations when it has any, else the desk that is open and knows about it, as the webhook does for Vapi.</summary>
internal sealed class TransferDesk(DeskFinder desks)
{
    /// <summary>Said before a caller is connected to a number whose definition has no words of its own.</summary>
    public const string Connecting = "One moment, I'm connecting you.";

    /// <param name="fill">Fills templates with what is known of the call.</param>
    public async Task<TransferChoice> ChooseAsync(ToolModel tool, string arguments, string assistant, Func<string, string> fill)
    {
        var asked = DeskFinder.Hints(Encoding.UTF8.GetBytes(arguments));
        if (tool.Destinations is [var first, ..] own)
        {
            var chosen = own.FirstOrDefault(d => asked.Contains(d.Number, StringComparer.Ordinal)) ?? first;
            return TransferChoice.Of(chosen, chosen.Message ?? Connecting, fill);
        }

        var (desk, say) = await desks.FindAsync([.. asked, assistant]).ConfigureAwait(false);
        return new TransferChoice(desk?.Number, say);
    }
}
