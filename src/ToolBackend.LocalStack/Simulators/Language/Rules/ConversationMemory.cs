using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>Everything that matters of a conversation so far, folded from its messages: the model itself remembers nothing.</summary>
internal sealed partial class ConversationMemory
{
    public Wish Wish { get; private set; }

    public SaidDetails Said { get; private set; } = new();

    /// <summary>Of the caller's last utterance only.</summary>
    public SaidDetails JustSaid { get; private set; } = new();

    public string LastText { get; private set; } = string.Empty;

    /// <summary>Times that were offered last.</summary>
    public IReadOnlyList<Offer> Offered { get; private set; } = [];

    public CompletionToolCall? LastCall { get; private set; }

    public string? LastResult { get; private set; }

    public ToolMeaning? Pending { get; private set; }

    /// <summary>Results in a row that said to call again.</summary>
    public int Repeats { get; private set; }

    /// <summary>The last message is a tool's result.</summary>
    public bool HasFreshResult { get; private set; }

    public string SystemPrompt { get; private set; } = string.Empty;

    /// <summary>The wish that was fulfilled last.</summary>
    private Wish _fulfilled;

    public static ConversationMemory Of(CompletionRequest request)
    {
        var memory = new ConversationMemory { SystemPrompt = string.Join('\n', request.Messages.Where(message => message.Role == "system").Select(message => message.Content)) };
        var calls = new Dictionary<string, CompletionToolCall>(StringComparer.Ordinal);
        foreach (var message in request.Messages)
        {
            switch (message.Role)
            {
                case "user":
                    memory.Hear(message.Content);
                    break;
                case "assistant":
                    foreach (var call in message.ToolCalls)
                    {
                        calls[call.Id] = call;
                    }

                    break;
                case "tool" when message.ToolCallId is { } id && calls.TryGetValue(id, out var made):
                    memory.Learn(made, message.Content);
                    break;
            }
        }

        return memory;
    }

    /// <summary>Argument of the last call; null when it had none of that name.</summary>
    public string? LastArgument(string name) => LastCall is null ? null : (Parse(LastCall.Arguments)?[name])?.ToString();

    private void Hear(string text)
    {
        HasFreshResult = false;
        LastText = text;
        var said = DetailReader.Read(text);
        var wish = WishReader.Read(text);
        if (Pending is ToolMeaning.NameNeeded or ToolMeaning.ProofNeeded && said.Name is null && wish is Wish.None)
        {
            said = said with { Name = said.TrackingNumber is null && said.Reference is null ? DetailReader.BareName(text) : null };
        }

        // A correction after all was done: "actually half past two".
        if (wish is Wish.None && Wish is Wish.None && _fulfilled is Wish.Book or Wish.Move && (said.Day ?? said.Time) is not null)
        {
            wish = Wish.Move;
            Said = new SaidDetails { Day = LastArgument("date") ?? LastArgument("newDate"), Time = LastArgument("time") ?? LastArgument("newTime") };
        }
        else if (IsAnother(wish))
        {
            // "Leave it on the porch" after "where is it" means the same parcel.
            Said = new SaidDetails { Name = Said.Name, TrackingNumber = wish is Wish.ChangeDelivery ? Said.TrackingNumber : null };
            Offered = [];
            Pending = null;
        }

        if (wish is not Wish.None && (Wish is Wish.None || IsAnother(wish)))
        {
            Wish = wish;
        }

        if (Wish is Wish.Book or Wish.Move && Offers.Pick(Offered, text, said) is { } picked)
        {
            said = said with { Day = picked.Day, Time = picked.Time, Practitioner = said.Practitioner ?? picked.Practitioner };
        }
        else if (Wish is Wish.Book && said is { Time: not null, Day: null } && Said.Day is null && Offered.Select(offer => offer.Day).Distinct(StringComparer.Ordinal).ToList() is [var only])
        {
            said = said with { Day = only };
        }

        if (Wish is Wish.ChangeDelivery && said.IsEmpty && WishReader.SaysYes(text) && OfferedDay().Match(LastResult ?? "") is { Success: true } offered)
        {
            said = said with { Day = offered.Groups["day"].Value };
        }

        JustSaid = said;
        Said = Said.With(said);
        if (Wish is Wish.ChangeDelivery && (said.Day ?? said.SafePlace ?? said.PickupPoint) is not null)
        {
            // One wish at a time: the new one replaces the old one.
            Said = Said with { Day = said.Day, SafePlace = said.SafePlace, PickupPoint = said.PickupPoint };
        }
    }

    /// <summary>"An appointment" said while one is being moved is no wish to book another.</summary>
    private bool IsAnother(Wish wish) => wish is not Wish.None && wish != Wish
        && !(wish is Wish.Book && Wish is Wish.Move or Wish.Cancel or Wish.TellAppointments) && !(wish is Wish.TrackParcel && Wish is Wish.ChangeDelivery);

    private void Learn(CompletionToolCall call, string result)
    {
        HasFreshResult = true;
        LastCall = call;
        LastResult = result;
        Pending = ToolReading.Meaning(result);
        Repeats = Pending is ToolMeaning.Again ? Repeats + 1 : 0;
        if (Offers.Read(result) is { Count: > 0 } offers)
        {
            Offered = offers;
            Said = Said with { Time = null, Day = call.Name == "find_open_slots" ? Said.Day : null };
        }

        if (Pending is ToolMeaning.Done || call.Name is "list_appointments" or "list_shipments" || (call.Name is "track_shipment" && Pending is ToolMeaning.Told && !result.Contains("Ask which", StringComparison.Ordinal)))
        {
            _fulfilled = Wish;
            Wish = Wish.None;
            Said = new SaidDetails { Name = Said.Name, TrackingNumber = Said.TrackingNumber };
            Offered = [];
        }
    }

    [GeneratedRegex(@"Offer (?<day>[^.]+) instead\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OfferedDay();

    private static JsonObject? Parse(string arguments)
    {
        try
        {
            return JsonNode.Parse(arguments) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // a call that was cut has no arguments
        }
    }
}
