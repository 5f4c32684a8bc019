using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>What is said or called next about appointments.</summary>
internal static partial class Receptionist
{
    public static CompletionAnswer Next(ConversationMemory memory) => memory.Wish switch
    {
        Wish.Book => Book(memory),
        Wish.Move => Move(memory),
        Wish.Cancel => Answers.Call("cancel_appointment", ("reference", memory.Said.Reference), ("date", memory.Said.PresentDay ?? memory.Said.Day), ("name", NameWith(memory, memory.Said.Reference))),
        _ => Tell(memory),
    };

    private static CompletionAnswer Book(ConversationMemory memory)
    {
        var said = memory.Said;
        if (said.Service is null)
        {
            // Whatever is answered to the question is the service, also one that is not offered: the tool knows.
            return CompletionAnswer.Say(memory.LastText.Contains("appointment", StringComparison.OrdinalIgnoreCase) || !memory.JustSaid.IsEmpty ? "Sure. What is the visit for?" : "I'd be happy to book that. What is the visit for?");
        }

        if (said is { Day: not null, Time: not null })
        {
            return Answers.Call("book_appointment", ("service", said.Service), ("date", said.Day), ("time", said.Time), ("practitioner", said.Practitioner), ("name", said.Name));
        }

        var find = Answers.Call(
            "find_open_slots", ("service", said.Service), ("date", said.Day), ("partOfDay", said.PartOfDay), ("notBefore", said.NotBefore), ("practitioner", said.Practitioner));
        return memory.LastCall?.Arguments == find.Calls[0].Arguments && memory.Offered.Count > 0 ? CompletionAnswer.Say("Which of those times would suit you?") : find;
    }

    private static CompletionAnswer Move(ConversationMemory memory)
    {
        var said = memory.Said;
        return (said.Day, said.Time) switch
        {
            (null, null) => CompletionAnswer.Say("Of course. What day and time would you like instead?"),
            (null, _) => CompletionAnswer.Say("And on which day would that be?"),
            (_, null) => CompletionAnswer.Say($"What time on {said.Day} would suit you?"),
            var (day, time) => Answers.Call(
                "reschedule_appointment", ("newDate", day), ("newTime", time), ("reference", said.Reference), ("date", said.PresentDay), ("practitioner", said.Practitioner), ("name", NameWith(memory, said.Reference))),
        };
    }

    /// <summary>From the prompt when it stands there, else by the tool.</summary>
    private static CompletionAnswer Tell(ConversationMemory memory)
    {
        var next = NextAppointment().Match(memory.SystemPrompt) is { Success: true } match ? match.Groups["next"].Value : "none";
        return next is "none" || next.Contains("{{", StringComparison.Ordinal) || memory.LastText.Contains("appointments", StringComparison.OrdinalIgnoreCase)
            ? Answers.Call("list_appointments", ("reference", memory.Said.Reference), ("name", NameWith(memory, memory.Said.Reference)))
            : CompletionAnswer.Say($"You have {next}.");
    }

    private static string? NameWith(ConversationMemory memory, string? number) => number is null ? null : memory.Said.Name;

    [GeneratedRegex(@"Next appointment:\s+(?<next>[^.]+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NextAppointment();
}
