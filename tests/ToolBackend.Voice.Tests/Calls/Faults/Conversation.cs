using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Tests.Calls.Faults;

/// <summary>A model that answers each numbered question with two sentences of its own, and goes on from where it was cut.</summary>
internal static class Conversation
{
    private static readonly string[] s_days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>In words: digits are written out for the ear.</summary>
    private static readonly string[] s_codes =
    [
        "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor",
    ];

    public static string Reply(int turn) => $"Code {s_codes[turn]} stands on {s_days[turn % 7]}. Bring your card before noon.";

    public static CompletionAnswer Answer(CompletionRequest request)
    {
        var reply = Reply(int.Parse(new string([.. request.LastUserText.Split("Question")[^1].Where(char.IsAsciiDigit)])));
        if (request.Messages[^1].Content != ContinuedAnswer.GoOn)
        {
            return CompletionAnswer.Say(reply);
        }

        var said = request.Messages[^2].Content;
        reply.ShouldStartWith(said);
        return CompletionAnswer.Say(reply[said.Length..].TrimStart());
    }

    /// <summary>A line a message.</summary>
    public static string LastRequest(LanguageSimulator language)
    {
        var body = JsonNode.Parse(language.Requests.All.Last(r => r.Target.EndsWith("/chat/completions", StringComparison.Ordinal)).Body)!;
        return string.Join('\n', body["messages"]!.AsArray().Select(m => $"{m!["role"]}: {m["content"]}"));
    }
}
