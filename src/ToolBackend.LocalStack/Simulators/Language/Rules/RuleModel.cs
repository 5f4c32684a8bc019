namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>
/// The model that answers when no script does: rules that hold the conversations of the assistants <c>receptionist</c> and <c>dispatcher</c> with their tools. It has no state
/// and no chance: the same messages get the same answer.
/// </summary>
internal static class RuleModel
{
    /// <summary>So often in a row a tool may say that it is still working, before a person is offered.</summary>
    private const int MostRepeats = 3;

    private const string AnythingElse = "Is there anything else I can do for you?";

    public static CompletionAnswer Answer(CompletionRequest request)
    {
        var memory = ConversationMemory.Of(request);
        return memory.HasFreshResult ? AfterResult(memory) : AfterCaller(request, memory);
    }

    private static CompletionAnswer AfterResult(ConversationMemory memory)
    {
        var spoken = ToolReading.Spoken(memory.LastResult!);
        return memory.Pending switch
        {
            ToolMeaning.Again when memory.Repeats < MostRepeats =>
                CompletionAnswer.Say("This is taking a moment longer than usual.") with { Calls = [new AnsweredCall(memory.LastCall!.Name, memory.LastCall.Arguments)] },
            ToolMeaning.Again => CompletionAnswer.Say("I'm sorry, this takes too long today. Shall I connect you to a person?"),
            ToolMeaning.Done => CompletionAnswer.Say($"{spoken} {AnythingElse}"),
            _ when memory.LastCall!.Name is "transferCall" or "transfer_call" => CompletionAnswer.Say("One moment please, I am connecting you."),
            _ => CompletionAnswer.Say(spoken.Length > 0 ? spoken : AnythingElse),
        };
    }

    private static CompletionAnswer AfterCaller(CompletionRequest request, ConversationMemory memory)
    {
        var text = memory.LastText;
        if (text.Length == 0)
        {
            return CompletionAnswer.Say("Hello, how can I help you?");
        }

        var isPersonOffered = memory.Pending is ToolMeaning.OfferPerson || (memory.Pending is ToolMeaning.Again && memory.Repeats >= MostRepeats);
        if (WishReader.WantsPerson(text) || (isPersonOffered && WishReader.SaysYes(text)))
        {
            return Answers.BuiltIn(request, "transferCall") ?? CompletionAnswer.Say("I'm sorry, nobody can take the call right now.");
        }

        if (WishReader.SaysGoodbye(text) || (memory.Wish is Wish.None && memory.LastResult is not null && WishReader.SaysNo(text)))
        {
            return Answers.BuiltIn(request, "endCall") ?? CompletionAnswer.Say("Thanks for calling. Goodbye.");
        }

        if (memory.Pending is ToolMeaning.Confirm && memory.JustSaid.IsEmpty && memory.Wish is Wish.Move or Wish.Cancel)
        {
            return Confirm(memory);
        }

        return memory.Wish is Wish.None ? Unclear(request, memory) : ForWish(request, memory);
    }

    private static CompletionAnswer Confirm(ConversationMemory memory) =>
        WishReader.SaysYes(memory.LastText) ? Answers.Confirmed(memory.LastCall!)
        : WishReader.SaysNo(memory.LastText) ? CompletionAnswer.Say("All right, I'll leave it as it is. What would you like instead?")
        : CompletionAnswer.Say($"Sorry, I need a clear yes or no. {ToolReading.Spoken(memory.LastResult!)}");

    private static CompletionAnswer ForWish(CompletionRequest request, ConversationMemory memory)
    {
        var isParcel = memory.Wish is Wish.TrackParcel or Wish.ListParcels or Wish.ChangeDelivery;
        if (!request.Tools.Contains(isParcel ? "track_shipment" : "book_appointment", StringComparer.Ordinal))
        {
            return CompletionAnswer.Say(isParcel ? "I can only help with appointments here. Shall I connect you to a person?" : "I can only help with parcels here. Shall I connect you to a person?");
        }

        var next = isParcel ? Dispatcher.Next(memory) : Receptionist.Next(memory);
        return IsNothingNew(memory, next) ? CompletionAnswer.Say(WishReader.SaysNo(memory.LastText) ? $"All right. {AnythingElse}" : $"Sorry, I did not get that. {ToolReading.Spoken(memory.LastResult!)}") : next;
    }

    /// <summary>The very call that was just answered, and the caller neither gave anything new nor asked to try again.</summary>
    private static bool IsNothingNew(ConversationMemory memory, CompletionAnswer next) =>
        next.Calls is [var call] && memory.JustSaid.IsEmpty && memory.LastCall is { } last && call.Name == last.Name && call.Arguments == last.Arguments
        && WishReader.Read(memory.LastText) is Wish.None && !memory.LastText.Contains("again", StringComparison.OrdinalIgnoreCase);

    private static CompletionAnswer Unclear(CompletionRequest request, ConversationMemory memory) =>
        WishReader.SaysYes(memory.LastText) ? CompletionAnswer.Say("What can I do for you?")
        : memory.JustSaid.TrackingNumber is not null && request.Tools.Contains("track_shipment", StringComparer.Ordinal) ? Dispatcher.Next(memory)
        : CompletionAnswer.Say("Sorry, I did not quite get that. How can I help you?");
}
