namespace ToolBackend.Load.Voice;

/// <param name="Calls">At once, one row each.</param>
/// <param name="Turns">Of each call.</param>
/// <param name="Tricks">One row for each trick left out, instead.</param>
/// <param name="Length">Of each call, over <paramref name="Turns"/>; null for as long as these take.</param>
internal sealed record VoiceBenchOptions(IReadOnlyList<string> Assistants, IReadOnlyList<int> Calls, int Turns, TimeSpan? Length, bool Tricks)
{
    /// <exception cref="LoadException">Something was asked for that there is not.</exception>
    public static VoiceBenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new VoiceBenchOptions([VoiceDefinitions.Nova, VoiceDefinitions.Flux, VoiceDefinitions.FluxWithTool], [1, 10, 50, 200], 6, null, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--tricks" => options with { Tricks = true },
                "--quick" => options with { Calls = [1, 10], Turns = 3 },
                "--calls" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], out var calls) && calls > 0 => options with { Calls = [calls] },
                "--turns" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], out var turns) && turns > 0 => options with { Turns = turns },
                "--assistant" when i + 1 < arguments.Length => options with { Assistants = [arguments[i + 1]] },
                "--minutes" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], out var minutes) && minutes > 0 => options with { Length = TimeSpan.FromMinutes(minutes) },
                _ when i > 0 && arguments[i - 1] is "--calls" or "--turns" or "--assistant" or "--minutes" => options,
                var other => throw new LoadException(
                    $"Unknown: {other}. ./dev bench voice [--quick] [--calls N] [--turns N | --minutes N] [--tricks] [--assistant {VoiceDefinitions.Nova}|{VoiceDefinitions.Flux}|{VoiceDefinitions.FluxWithTool}]"),
            };
        }

        return options;
    }
}
