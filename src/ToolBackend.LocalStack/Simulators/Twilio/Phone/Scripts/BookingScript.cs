namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>Asks the receptionist for a cleaning, thinks better of the day, agrees to a time that is offered, and says goodbye. Leaves the appointment booked.</summary>
public sealed class BookingScript : ICallScript
{
    private const int MostTries = 4;
    private const string AskedFor = "Wednesday";

    private static readonly string[] s_otherDays = ["Thursday", "Friday", "Tuesday", "Monday"];

    /// <summary>Of the booked appointment, as it was said; null when nothing was booked.</summary>
    public string? Reference { get; private set; }

    public async Task PlayAsync(ScriptedCaller caller, CancellationToken cancellation)
    {
        await caller.ListenAsync(cancellation, "help you");
        await caller.SayAsync($"Hi, I need a cleaning on {AskedFor}.", cancellation);
        var first = SpokenOffers.Read(await caller.ListenAsync(cancellation, "there is time"));
        // A day that was offered would be taken for a choice, not for a correction.
        var other = s_otherDays.First(day => !first.Any(offer => offer.Day.StartsWith(day, StringComparison.Ordinal)));
        await caller.SayAsync($"Oh wait, {other} would be better.", cancellation);
        await BookAsync(caller, SpokenOffers.Read(await caller.ListenAsync(cancellation, "there is time")), cancellation);
        await caller.SayAsync("No, that's all. Thank you.", cancellation);
        await caller.ListenAsync(cancellation, "goodbye");
        await caller.ExpectHangUpAsync(cancellation);
    }

    /// <summary>The last offer first; when somebody else has taken it meanwhile, the one before, or those that are offered instead.</summary>
    private async Task BookAsync(ScriptedCaller caller, IReadOnlyList<SpokenOffer> offers, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MostTries && offers.Count > 0; tries++)
        {
            await caller.SayAsync(Choice(offers), cancellation);
            var answer = await caller.ListenAsync(cancellation, "booked", "full name", "there is time", "not free", "already have");
            if (answer.Contains("full name", StringComparison.OrdinalIgnoreCase))
            {
                await caller.SayAsync("It's Maria Lopez.", cancellation);
                answer = await caller.ListenAsync(cancellation, "booked", "there is time", "not free");
            }

            if (SpokenOffers.Reference(answer) is { } reference)
            {
                Reference = reference;
                return;
            }

            offers = SpokenOffers.Read(answer) is { Count: > 0 } instead ? instead : [.. offers.SkipLast(1)];
        }

        throw new UnexpectedTurnException("No offered time could be booked.");
    }

    /// <summary>"Two thirty PM with Doctor Alice Nguyen, please."; the day where several were offered.</summary>
    private static string Choice(IReadOnlyList<SpokenOffer> offers)
    {
        var offer = offers[^1];
        var day = offers.Any(other => other.Day != offer.Day) ? $" on {offer.Day}" : "";
        var with = offer.With.Length > 0 ? $" with {offer.With}" : "";
        return $"{Capital(offer.Time)}{day}{with}, please.";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
