using System.CommandLine;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.AssemblyAi;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;
using ToolBackend.LocalStack.Simulators.Vapi.Resources;
using ToolBackend.LocalStack.Simulators.Voices;

namespace ToolBackend.LocalStack.Commands;

/// <summary>
/// Hidden: one vendor's simulator as a process of its own, until killed. It writes its address as the first line. Secrets come by environment variables.
/// </summary>
internal static class SimulateCommand
{
    public const string ApiKeyVariable = "TOOLBACKEND_SIM_API_KEY";
    public const string WebhookSecretVariable = "TOOLBACKEND_SIM_WEBHOOK_SECRET";

    public static Command Create()
    {
        var command = new Command("simulate", "Run the simulator of one vendor until killed.") 
        {
            Vapi(), Twilio(), Language(), Deepgram(), ElevenLabs(), AssemblyAi(), Shapes(),
        };
        command.Hidden = true;
        return command;
    }

    private static Command Vapi()
    {
        var port = Port();
        var webhook = new Option<string?>("--webhook") { Description = $"Where server messages go, with {WebhookSecretVariable} as X-Vapi-Secret." };
        var retries = new Option<int>("--retries") { Description = "maxRetries of the backoff plan (fixed, 2 s).", DefaultValueFactory = _ => 0 };
        var command = new Command("vapi", $"One organisation with the key in {ApiKeyVariable}.") { port, webhook, retries };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new VapiSimulatorOptions
            {
                Port = parsed.GetValue(port),
                ApiKey = Key(VapiSimulatorOptions.DefaultApiKey),
                Webhook = parsed.GetValue(webhook) is { } url ? Target(Address(url), parsed.GetValue(retries)) : null,
            };
            await using var simulator = await VapiSimulator.StartAsync(options, cancellation);
            await UntilKilledAsync(simulator.Url, cancellation);
        });
        return command;
    }

    private static Command Twilio()
    {
        var port = Port();
        var command = new Command("twilio", $"One account with the auth token in {ApiKeyVariable}.") { port };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new TwilioRestSimulatorOptions
            {
                Port = parsed.GetValue(port),
                AuthToken = Key(TwilioRestSimulatorOptions.DefaultAuthToken),
            };
            await using var simulator = await TwilioRestSimulator.StartAsync(options, cancellation);
            await UntilKilledAsync(simulator.Url, cancellation);
        });
        return command;
    }

    private static Command Language()
    {
        var port = Port();
        var command = new Command("language", $"Groq, Together and Fireworks with the key in {ApiKeyVariable}.") { port };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new LanguageSimulatorOptions
            {
                Port = parsed.GetValue(port),
                ApiKey = Key(LanguageSimulatorOptions.DefaultApiKey),
            };
            await using var simulator = await LanguageSimulator.StartAsync(options, cancellation);
            await UntilKilledAsync(simulator.Url, cancellation);
        });
        return command;
    }

    private static Command Deepgram()
    {
        var port = Port();
        var command = new Command("deepgram", $"Speech to text and Aura, with the key in {ApiKeyVariable}.") { port };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new DeepgramSimulatorOptions { Port = parsed.GetValue(port), ApiKey = Key(DeepgramSimulatorOptions.DefaultApiKey) };
            await using var simulator = await DeepgramSimulator.StartAsync(options, cancellation);
            await UntilKilledAsync(simulator.Url, cancellation);
        });
        return command;
    }

    private static Command ElevenLabs()
    {
        var port = Port();
        var speech = new Option<bool>("--speech") { Description = "Speak with espeak-ng when it is installed, instead of a soft tone." };
        var command = new Command("elevenlabs", $"Text to speech, with the key in {ApiKeyVariable}.") { port, speech };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new ElevenLabsSimulatorOptions
            {
                Port = parsed.GetValue(port),
                ApiKey = Key(ElevenLabsSimulatorOptions.DefaultApiKey),
                Timing = new VoiceTiming { Speech = parsed.GetValue(speech) && EspeakVoice.Find(EspeakVoice.Agent) is { } voice ? voice.Speak : null },
            };
            await using var simulator = await ElevenLabsSimulator.StartAsync(options, cancellation);
            await UntilKilledAsync(simulator.Url, cancellation);
        });
        return command;
    }

    private static Command AssemblyAi()
    {
        var port = Port();
        var command = new Command("assemblyai", $"Speech to text, with the key in {ApiKeyVariable}.") { port };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new AssemblyAiSimulatorOptions { Port = parsed.GetValue(port), ApiKey = Key(AssemblyAiSimulatorOptions.DefaultApiKey) };
            await using var simulator = await AssemblyAiSimulator.StartAsync(options, cancellation);
            await UntilKilledAsync(simulator.Url, cancellation);
        });
        return command;
    }

    private static string Key(string otherwise) => Environment.GetEnvironmentVariable(ApiKeyVariable) ?? otherwise;

    /// <summary>Renews the table of what Vapi's API knows, when its document has changed.</summary>
    private static Command Shapes()
    {
        var spec = new Option<FileInfo>("--spec") { Description = "Vapi's OpenAPI document.", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "Where to write shapes.json.", Required = true };
        var command = new Command("shapes", "Distil the members of Vapi's resources out of its OpenAPI document.") { spec, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var stream = parsed.GetValue(spec)!.OpenRead();
            var document = await JsonNode.ParseAsync(stream, cancellationToken: cancellation);
            var table = new ShapeDistiller(document!.AsObject()).Distill();
            await File.WriteAllTextAsync(parsed.GetValue(output)!.FullName, ShapeText.Of(table), cancellation);
        });
        return command;
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : throw new LocalStackException("--webhook must be an http or https address.");

    private static WebhookTarget Target(Uri url, int retries) => new(url)
    {
        Credential = Environment.GetEnvironmentVariable(WebhookSecretVariable) is { Length: > 0 } secret ? WebhookCredential.VapiSecret(secret) : WebhookCredential.None,
        Backoff = retries == 0 ? null : new BackoffPlan { MaxRetries = retries, BaseDelaySeconds = 2, ExcludedStatusCodes = [400, 401, 403, 404, 413, 422] },
    };

    private static Option<int> Port() => new("--port") { Description = "On 127.0.0.1; 0 for a free one.", DefaultValueFactory = _ => 0 };

    private static async Task UntilKilledAsync(string url, CancellationToken cancellation)
    {
        await Console.Out.WriteLineAsync(url.AsMemory(), cancellation);
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
