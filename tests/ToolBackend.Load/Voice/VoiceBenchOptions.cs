namespace ToolBackend.Load.Voice;

/// <param name="Calls">At once, one row each.</param>
/// <param name="Turns">Of each call.</param>
internal sealed record VoiceBenchOptions(IReadOnlyList<string> Assistants, IReadOnlyList<int> Calls, int Turns)
{
    /// <exception cref="LoadException">Something was asked for that there is not.</exception>
    public static VoiceBenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new VoiceBenchOptions([VoiceDefinitions.Nova, VoiceDefinitions.Flux], [1, 10, 50, 200], 6);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--quick" => options with { Calls = [1, 10], Turns = 3 },
                "--calls" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], out var calls) && calls > 0 => options with { Calls = [calls] },
                "--turns" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], out var turns) && turns > 0 => options with { Turns = turns },
                "--assistant" when i + 1 < arguments.Length => options with { Assistants = [arguments[i + 1]] },
                _ when i > 0 && arguments[i - 1] is "--calls" or "--turns" or "--assistant" => options,
                var other => throw new LoadException($"Unknown: {other}. ./dev bench voice [--quick] [--calls N] [--turns N] [--assistant {VoiceDefinitions.Nova}|{VoiceDefinitions.Flux}]"),
            };
        }

        return options;
    }
}
