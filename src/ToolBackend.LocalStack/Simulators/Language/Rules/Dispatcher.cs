using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>What is said or called next about parcels.</summary>
internal static partial class Dispatcher
{
    public static CompletionAnswer Next(ConversationMemory memory) => memory.Wish switch
    {
        Wish.ListParcels => Answers.Call("list_shipments"),
        Wish.ChangeDelivery => Change(memory),
        _ => Track(memory),
    };

    private static CompletionAnswer Track(ConversationMemory memory)
    {
        var said = memory.Said;
        if (said.TrackingNumber is null && WhenDoesItCome().IsMatch(memory.LastText) && OnlyParcel(memory.SystemPrompt) is { } parcel)
        {
            return CompletionAnswer.Say($"Your parcel {parcel}.");
        }

        return Answers.Call("track_shipment", ("trackingNumber", said.TrackingNumber), ("name", said.TrackingNumber is null ? null : said.Name));
    }

    private static CompletionAnswer Change(ConversationMemory memory)
    {
        var said = memory.Said;
        var wishes = new[] { said.Day, said.SafePlace, said.PickupPoint }.Count(wish => wish is not null);
        return wishes switch
        {
            0 => CompletionAnswer.Say("Would you like another day, a safe place, or a pick-up point?"),
            1 => Answers.Call(
                "change_delivery", ("trackingNumber", said.TrackingNumber), ("newDate", said.Day), ("safePlace", said.SafePlace), ("pickupPoint", said.PickupPoint), ("name", said.TrackingNumber is null ? null : said.Name)),
            _ => CompletionAnswer.Say("I can change one thing at a time. Which matters more to you?"),
        };
    }

    /// <summary>"from Northwind Books is due tomorrow" when the prompt knows of one parcel and its day.</summary>
    private static string? OnlyParcel(string prompt) => OpenShipments().Match(prompt) is { Success: true } match && match.Groups["verb"].Value is "due" ? $"from {match.Groups["sender"].Value} is due {match.Groups["when"].Value}" : null;

    [GeneratedRegex(@"\bwhen\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WhenDoesItCome();

    [GeneratedRegex(@"on their way to this caller:\s+one from (?<sender>[^,.;]+), (?<verb>due) (?<when>(?:(?!\bone from\b)[^.])+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OpenShipments();
}
