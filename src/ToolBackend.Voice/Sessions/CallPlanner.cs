using Microsoft.Extensions.Options;
using NodaTime;
using ToolBackend.Core.Business;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Speaking.Formatting;
using ToolBackend.Voice.Synthesis.Kept;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Sessions;

/// <summary>Makes a call's plan: who answers, what is known of the caller, and connections that begin to open.</summary>
internal sealed class CallPlanner(
    CallProviders providers, CallerGreeting greeting, ToolCatalog catalog, ToolRunner runner, ToolServerClient servers, TransferDesk transfers, SpeechCache spoken, IOptions<ClauseChunkerOptions> clauses, IOptions<VoiceOptions> options, TimeProvider time)
{
    /// <param name="callSid">The carrier's id of the call, which is also its id in the call log.</param>
    /// <param name="from">As the carrier gave it; anything that is no number counts as withheld.</param>
    public async Task<CallPlan> MakeAsync(AssistantModel assistant, string callSid, string from, string to)
    {
        // Opening comes first: the look-up below runs beside it.
        var ears = providers.OpenTranscriber(assistant);
        var voice = providers.OpenSynthesizer(assistant);
        var model = providers.Models(assistant);

        var caller = PhoneNumber.TryParse(from, out var number) && !WithheldNumbers.Contains(number) ? number : (PhoneNumber?)null;
        var line = PhoneNumber.TryParse(to, out var called) ? called : (PhoneNumber?)null;
        var call = new CallContext(callSid, callSid, caller, line);
        var known = await greeting.GetAsync(call);
        var texts = new PromptText(Values(assistant, known, callSid, caller, line), Instant.FromDateTimeOffset(time.GetUtcNow()), DateTimeZone.Utc);
        return new CallPlan
        {
            Assistant = assistant,
            Turns = Fill(TurnSettings.Of(assistant), texts),
            Call = call,
            Prompt = [.. assistant.Messages.Select(m => new ModelMessage(RoleOf(m.Role), texts.Fill(m.Content)))],
            Ears = ears,
            Voice = voice,
            Spoken = spoken,
            Model = model,
            Format = EarFormat.Of(assistant.Voice?.FormatPlan),
            Clauses = clauses.Value,
            Tools = new ToolDesk(assistant, call, catalog, runner, servers),
            Transfers = transfers,
            ThinksAloud = options.Value.ThinkingSound,
            Lead = TimeSpan.FromMilliseconds(options.Value.LeadMilliseconds),
        };
    }

    private static TurnSettings Fill(TurnSettings turns, PromptText texts) => turns with
    {
        FirstMessage = turns.FirstMessage is { } first ? texts.Fill(first) : null,
        SilencePrompts = [.. turns.SilencePrompts.Select(p => p with { Texts = [.. p.Texts.Select(texts.Fill)] })],
    };

    private static Dictionary<string, string> Values(AssistantModel assistant, Greeting known, string callSid, PhoneNumber? caller, PhoneNumber? line)
    {
        var values = new Dictionary<string, string>(assistant.Fallback.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in known.Variables)
        {
            values[name] = value;
        }

        values["call.id"] = callSid;
        values["customer.number"] = caller?.E164 ?? "";
        values["phoneNumber.number"] = line?.E164 ?? "";
        return values;
    }

    private static ModelRole RoleOf(string role) => role switch { "user" => ModelRole.User, "assistant" => ModelRole.Assistant, _ => ModelRole.System };
}
