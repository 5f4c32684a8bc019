using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;

namespace ToolBackend.Load.Voice;

/// <summary>The vendors of the bench, in the driver's process: fixed delays, and a model that answers every question with the same three sentences.</summary>
internal sealed class VoiceVendors(DeepgramSimulator ears, LanguageSimulator model, ElevenLabsSimulator voice) : IAsyncDisposable
{
    public DeepgramSimulator Ears { get; } = ears;

    public LanguageSimulator Model { get; } = model;

    public ElevenLabsSimulator Voice { get; } = voice;

    public static async Task<VoiceVendors> StartAsync(CancellationToken cancellation) => new(
        await DeepgramSimulator.StartAsync(cancellation: cancellation),
        await LanguageSimulator.StartAsync(new LanguageSimulatorOptions { Answers = Answer }, cancellation),
        await ElevenLabsSimulator.StartAsync(cancellation: cancellation));

    public Dictionary<string, string?> Environment() => new(StringComparer.Ordinal)
    {
        ["Vendors__Deepgram__BaseUrl"] = Ears.Url,
        ["Vendors__Deepgram__ApiKey"] = Ears.ApiKey,
        ["Vendors__ElevenLabs__BaseUrl"] = Voice.Url,
        ["Vendors__ElevenLabs__ApiKey"] = Voice.ApiKey,
        ["Vendors__Groq__BaseUrl"] = Model.Url,
        ["Vendors__Groq__ApiKey"] = Model.ApiKey,
    };

    public async ValueTask DisposeAsync()
    {
        await Ears.DisposeAsync();
        await Model.DisposeAsync();
        await Voice.DisposeAsync();
    }

    /// <summary>Looks up first where the assistant has a tool for it.</summary>
    private static CompletionAnswer Answer(CompletionRequest request) => request.FreshResults.Count == 0 && request.Tools.Contains(VoiceDefinitions.Tool)
        ? CompletionAnswer.Call(VoiceDefinitions.Tool, "{}")
        : CompletionAnswer.Say(VoiceTurn.Answer(VoiceTurn.Of(request.LastUserText) ?? ""));
}
