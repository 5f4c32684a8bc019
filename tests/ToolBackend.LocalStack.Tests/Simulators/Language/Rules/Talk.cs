using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Language.Rules;

namespace ToolBackend.LocalStack.Tests.Simulators.Language.Rules;

/// <summary>A conversation with the model of rules, message by message.</summary>
internal sealed class Talk(string prompt, params string[] tools)
{
    private readonly List<CompletionMessage> _messages = [new("system", prompt, [], null)];
    private int _calls;

    public static Talk Receptionist(string next = "none") =>
        new($"You are the receptionist of Harbor Street Clinic. Known caller: yes. First name: Ana. Next appointment:\n{next}. If you know the first name, use it once.",
            "find_open_slots", "book_appointment", "list_appointments", "reschedule_appointment", "cancel_appointment", "transferCall", "endCall");

    public static Talk Dispatcher(string open = "none") =>
        new($"You take the calls of Harbor Street Parcels. Parcels on their way to this caller:\n{open}. If the question is where a parcel is", "track_shipment", "list_shipments", "change_delivery", "transferCall", "endCall");

    /// <summary>The caller says something: what the model says, or the call it makes as <c>name {arguments}</c>.</summary>
    public string Hear(string text)
    {
        _messages.Add(new CompletionMessage("user", text, [], null));
        return Answer();
    }

    /// <summary>The last call's result, and what the model does with it.</summary>
    public string Result(string text)
    {
        _messages.Add(new CompletionMessage("tool", text, [], _messages[^1].ToolCalls[0].Id));
        return Answer();
    }

    private string Answer()
    {
        var answer = RuleModel.Answer(new CompletionRequest(SimulatedVendor.Groq, "openai/gpt-oss-20b", _messages, []) { Tools = tools });
        _messages.Add(new CompletionMessage("assistant", answer.Text, [.. answer.Calls.Select(call => new CompletionToolCall($"call_{++_calls}", call.Name, call.Arguments))], null));
        return string.Join(" | ", new[] { answer.Text }.Where(text => text.Length > 0).Concat(answer.Calls.Select(call => $"{call.Name} {call.Arguments}")));
    }
}
