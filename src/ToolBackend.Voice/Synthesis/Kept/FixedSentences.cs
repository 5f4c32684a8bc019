using ToolBackend.Core.Calls;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Speaking.Formatting;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Synthesis.Kept;

/// <summary>The sentences that an assistant says in the same words in every call, as its voice is given them; those that are heard soonest come first.</summary>
internal static class FixedSentences
{
    /// <param name="consent">By which callers are asked whether they may be recorded; null: they are not.</param>
    public static IReadOnlyList<string> Of(AssistantModel assistant, RecordingConsent? consent = null)
    {
        var turns = TurnSettings.Of(assistant);
        var values = assistant.Fallback.Variables.Where(v => !CallerGreeting.Names.Contains(v.Key)).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        var format = EarFormat.Of(assistant.Voice?.FormatPlan);
        var greeting = assistant.FirstMessageMode is FirstMessageMode.AssistantSpeaksFirst ? assistant.FirstMessage : null;
        IEnumerable<string?> sentences =
        [
            consent is null ? greeting : Consent.Opening(consent, consent.Message, greeting),
            consent is null ? null : greeting,
            .. assistant.Tools.SelectMany(t => t.Messages).Where(m => !m.IsHint).Select(m => m.Content),
            .. assistant.Tools.SelectMany(t => t.Destinations).Select(d => d.Message ?? TransferDesk.Connecting),
            .. turns.SilencePrompts.SelectMany(p => p.Texts),
            turns.Apology,
            assistant.EndCallMessage,
            turns.GivingUp,
            CallRegistry.Goodbye,
        ];
        return
        [
            .. sentences.OfType<string>().Select(s => PromptText.FillFixed(s, values)).OfType<string>().Select(s => format.Apply(s).Trim()).Where(s => s.Length > 0).Distinct(StringComparer.Ordinal),
        ];
    }
}
