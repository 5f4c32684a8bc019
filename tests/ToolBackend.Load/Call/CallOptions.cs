using ToolBackend.Core.Speech;
using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

namespace ToolBackend.Load.Call;

/// <param name="Script">One of <see cref="CallScripts.Names"/>. Default <c>hello</c>.</param>
/// <param name="Wav">Where what the caller heard is written; null for nowhere.</param>
/// <param name="From">In E.164. Default the caller of the demo data.</param>
internal sealed record CallOptions(string Assistant, string Script, string? Wav, string? From)
{
    public const string Usage = "./dev call ASSISTANT [--script NAME] [--wav FILE] [--from NUMBER]";

    public static IReadOnlyList<string> Assistants { get; } = ["receptionist", "dispatcher"];

    /// <exception cref="LoadException">Something was asked for that there is not.</exception>
    public static CallOptions Parse(ReadOnlySpan<string> arguments)
    {
        if (arguments is not [var assistant, .. var rest] || !Assistants.Contains(assistant, StringComparer.Ordinal))
        {
            throw new LoadException($"Whom to call? {Usage}, with ASSISTANT one of {string.Join(", ", Assistants)} and --script one of {string.Join(", ", CallScripts.Names)}.");
        }

        var options = new CallOptions(assistant, "hello", null, null);
        for (; rest.Length > 0; rest = rest[2..])
        {
            options = rest switch
            {
                ["--script", var name, ..] when CallScripts.Names.Contains(name, StringComparer.Ordinal) => options with { Script = name },
                ["--script", ..] => throw new LoadException($"--script is one of {string.Join(", ", CallScripts.Names)}."),
                ["--wav", var file, ..] => options with { Wav = file },
                ["--from", var number, ..] when PhoneNumber.TryParse(number, out var from) => options with { From = from.E164 },
                ["--from", ..] => throw new LoadException("--from is a number such as +12065550142."),
                _ => throw new LoadException($"Unknown: {rest[0]}. {Usage}"),
            };
        }

        return options;
    }
}
