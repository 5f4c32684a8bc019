using ToolBackend.LocalStack.Commands;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.AssemblyAi;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;

namespace ToolBackend.LocalStack.Stack;

/// <summary>A vendor that the Voice host asks; simulated by a child process of the stack unless the environment has a real key.</summary>
/// <param name="Verb">Of <c>simulate</c>.</param>
/// <param name="Sections">Below <c>Vendors</c>. One real key makes all of them real: a conversation is not carried on by a simulated model when a real one fails.</param>
/// <param name="Options">Of the verb.</param>
internal sealed record VoiceVendor(string Verb, string ApiKey, IReadOnlyList<string> Sections, params IReadOnlyList<string> Options)
{
    private static readonly TimeSpan s_listenDeadline = TimeSpan.FromSeconds(20);

    public static VoiceVendor Deepgram { get; } = new("deepgram", DeepgramSimulatorOptions.DefaultApiKey, ["Deepgram"]);

    public static VoiceVendor ElevenLabs { get; } = new("elevenlabs", ElevenLabsSimulatorOptions.DefaultApiKey, ["ElevenLabs"], "--speech");

    public static VoiceVendor AssemblyAi { get; } = new("assemblyai", AssemblyAiSimulatorOptions.DefaultApiKey, ["AssemblyAi"]);

    public static VoiceVendor Language { get; } = new("language", LanguageSimulatorOptions.DefaultApiKey, ["Groq", "Together", "Fireworks"]);

    public static IReadOnlyList<VoiceVendor> All { get; } = [Deepgram, ElevenLabs, AssemblyAi, Language];

    public string Name => $"{Verb} simulator";

    /// <summary>True when the environment has a key of the real one.</summary>
    public bool IsReal => Sections.Any(section => Environment.GetEnvironmentVariable($"Vendors__{section}__ApiKey") is { Length: > 0 });

    public IEnumerable<KeyValuePair<string, string?>> Settings(string url) =>
        Sections.SelectMany(section => new KeyValuePair<string, string?>[] { new($"Vendors__{section}__BaseUrl", url), new($"Vendors__{section}__ApiKey", ApiKey) });

    /// <summary>Returns when it listens.</summary>
    /// <exception cref="LocalStackException">It does not.</exception>
    public async Task<(SupervisedProcess Process, StackFile.Simulator Simulator)> StartAsync(StackPaths paths, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var process = await SupervisedProcess.StartAsync(
            new SupervisedProcessOptions
            {
                Name = Name,
                CommandLine = [ForegroundProcess.DotnetHost, paths.LocalStack, "simulate", Verb, "--port", $"{port}", .. Options],
                Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { [SimulateCommand.ApiKeyVariable] = ApiKey },
                WorkingDirectory = paths.Root,
                LogFile = paths.Log(Verb),
            },
            cancellation);
        try
        {
            await FreePort.WaitUntilTakenAsync(port, process.Exit, s_listenDeadline, cancellation);
            return (process, new StackFile.Simulator($"http://127.0.0.1:{port}", ApiKey));
        }
        catch (TimeoutException)
        {
            await process.DisposeAsync();
            throw new LocalStackException($"The {Name} does not listen. Its last lines:\n{process.Log.Tail}");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
