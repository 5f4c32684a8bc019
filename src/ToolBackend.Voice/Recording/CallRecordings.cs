using Microsoft.Extensions.Options;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Recording;

/// <summary>Which calls are recorded, and where.</summary>
internal sealed class CallRecordings(IOptions<RecordingOptions> options, TimeProvider time, ILogger<CallRecording> logger)
{
    /// <summary>The plan by which callers of an assistant are asked; null: it is not recorded. Without a plan nobody was asked, and nothing is recorded.</summary>
    public RecordingConsent? ConsentOf(AssistantModel assistant) => options.Value.Folder is { Length: > 0 } && assistant.RecordingEnabled ? assistant.RecordingConsent : null;

    /// <param name="fill">Puts values into templates.</param>
    /// <returns>Null when the call is not recorded.</returns>
    public CallRecording? For(AssistantModel assistant, string callSid, Func<string, string> fill)
    {
        if (ConsentOf(assistant) is not { } plan)
        {
            return null;
        }

        var greeting = assistant.FirstMessageMode is FirstMessageMode.AssistantSpeaksFirst ? assistant.FirstMessage : null;
        var name = RecordingFolder.NameOf(callSid, time.GetUtcNow());
        return new CallRecording(
            new Consent(plan, fill(plan.Message), greeting is null ? null : fill(greeting)), Path.Combine(options.Value.Folder!, name), options.Value.Url is { Length: > 0 } url ? $"{url.TrimEnd('/')}/{name}" : null, time, logger);
    }
}
