using Microsoft.Extensions.Options;
using NodaTime;
using ToolBackend.Core.Business;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Speaking.Formatting;
using ToolBackend.Voice.Synthesis.Kept;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Turns;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Sessions;

/// <summary>Makes a call's plan: who answers, what is known of the caller, and connections that begin to open.</summary>
internal sealed class CallPlanner(
    CallProviders providers, CallerGreeting greeting, ToolCatalog catalog, ToolRunner runner, ToolServerClient servers, TransferDesk transfers, CallHandover handover, LeftCalls left, SpeechCache spoken, CallRecordings recordings, CallBefore earlier, IOptions<ClauseChunkerOptions> clauses, IOptions<VoiceOptions> options, TimeProvider time)
{
    public Task<CallPlan> MakeAsync(CallRequest request) => MakeAsync(request, Task.FromResult(request.Before));

    /// <param name="decided">What came before, when that is found out while connections open already.</param>
    public async Task<CallPlan> MakeAsync(CallRequest request, Task<Continuation?> decided)
    {
        var (assistant, callSid) = (request.Assistant, request.CallSid);
        // Opening comes first: the look-up below runs beside it.
        var ears = providers.OpenTranscriber(assistant);
        var voice = providers.OpenSynthesizer(assistant);
        var model = providers.Models(assistant);
        var warm = new WarmModel(model);
        warm.Open();

        var caller = PhoneNumber.TryParse(request.Customer, out var number) && !WithheldNumbers.Contains(number) ? number : (PhoneNumber?)null;
        var line = PhoneNumber.TryParse(request.Line, out var called) ? called : (PhoneNumber?)null;
        var call = new CallContext(callSid, callSid, caller, line);
        var before = await decided;
        var said = before is null ? null : left.FindAsync(callSid, before.Leg - 1);
        var known = await greeting.GetAsync(call);
        var texts = new CallVariables(Values(assistant, known, callSid, caller, line), Instant.FromDateTimeOffset(time.GetUtcNow()));
        var recording = before is null && !request.IsMachine ? recordings.For(assistant, callSid, texts.Fill) : null; // who agreed did so in another conversation
        var turns = Fill(TurnSettings.Of(assistant), texts);
        if ((before is not null ? before.Opening : (request.IsMachine ? texts.Fill(assistant.VoicemailMessage ?? "") : null)) is { } opening)
        {
            turns = turns with { FirstMessage = opening, FirstMessageMode = FirstMessageMode.AssistantSpeaksFirst, GreetingCanBeInterrupted = turns.GreetingCanBeInterrupted && !request.IsMachine };
        }

        return new CallPlan
        {
            Assistant = assistant,
            Turns = recording?.Consent.Greet(turns) ?? turns,
            Recording = recording,
            Call = call,
            Texts = texts,
            Ears = ears,
            Voice = voice,
            Spoken = spoken,
            Model = model,
            Warm = warm,
            Format = EarFormat.Of(assistant.Voice?.FormatPlan),
            Clauses = clauses.Value,
            Tools = new ToolDesk(assistant, call, texts, catalog, runner, servers),
            Transfers = transfers,
            Handover = handover,
            IsOutbound = request.IsOutbound,
            IsMachine = request.IsMachine,
            Leg = before?.Leg ?? 1,
            Said = await SaidAsync(before, said),
            ThinksAloud = options.Value.ThinkingSound,
            Lead = TimeSpan.FromMilliseconds(options.Value.LeadMilliseconds),
        };
    }

    /// <summary>Of the leg before: as it was left, else as the call log has it.</summary>
    private async Task<IReadOnlyList<HistoryEntry>> SaidAsync(Continuation? before, Task<LeftCall?>? left) =>
        left is null ? []
        : (await left)?.Said is { Count: > 0 } said ? said
        : before?.CallRef is { } callRef ? await earlier.SaidAsync(callRef, CancellationToken.None)
        : [];

    private static TurnSettings Fill(TurnSettings turns, CallVariables texts) => turns with
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
}
