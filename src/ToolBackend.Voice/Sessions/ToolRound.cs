using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Audio;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// The tools that a model asked for at once: all run together, with what the definition has said before, during and after. A tool that was begun finishes, whatever becomes of the reply.
/// </summary>
internal sealed class ToolRound(CallPlan plan, Reply reply, Mouth mouth, Action<SessionEvent> post, TimeProvider time)
{
    /// <returns>Whether the model is to go on with the results.</returns>
    public async Task<bool> RunAsync(List<ModelMessage> messages, IReadOnlyList<ModelToolCall> calls)
    {
        mouth.Flush();
        if (!calls.All(c => plan.Tools.IsRead(c.Name)))
        {
            // What changes something waits until the caller's turn is certain.
            await reply.Confirmed.WaitAsync(reply.Cancelled).ConfigureAwait(false);
        }

        post(new SessionEvent.Called(reply, calls));
        if (calls.FirstOrDefault(c => plan.Tools.Find(c.Name)?.Type is "endCall") is { } end)
        {
            EndCall(end);
            return false;
        }

        messages.Add(new ModelMessage(ModelRole.Assistant, "") { ToolCalls = calls });
        var endings = await Task.WhenAll(calls.Select(CallAsync)).WaitAsync(reply.Cancelled).ConfigureAwait(false);
        messages.AddRange(calls.Zip(endings, (call, ending) => new ModelMessage(ModelRole.Tool, ending.Result) { ToolCallId = call.Id }));
        messages.AddRange(endings.Where(e => e.Hint is not null).Select(e => new ModelMessage(ModelRole.System, e.Hint!)));
        return !endings.All(e => e.HasSpoken);
    }

    private void EndCall(ModelToolCall call)
    {
        post(new SessionEvent.Returned(reply, call.Id, "The call ends now."));
        // What the model said already was its goodbye.
        var farewell = mouth.HasSpoken ? null : ToolMessages.Of(plan.Tools.Find(call.Name)!, ToolMessages.Start, call.Arguments)?.Content ?? plan.Assistant.EndCallMessage;
        post(new SessionEvent.Happened(new TurnEvent.EndWanted("assistant-ended-call", farewell is null ? null : plan.Texts.Fill(farewell))));
    }

    private async Task<Ending> CallAsync(ModelToolCall call)
    {
        var tool = plan.Tools.Find(call.Name);
        if (tool is { Type: "transferCall" })
        {
            return await TransferAsync(tool, call).ConfigureAwait(false);
        }

        if (tool is { HandsOverTo: { } member })
        {
            return HandOver(tool, member, call);
        }

        if (tool is { Type: "dtmf" })
        {
            return await PressAsync(tool, call).ConfigureAwait(false);
        }

        if (tool is { Async: true })
        {
            _ = plan.Tools.RunAsync(tool, call); // its own deadline ends it, and it does not throw
            post(new SessionEvent.Returned(reply, call.Id, "Started."));
            return new Ending("Started.", null, false);
        }

        if (tool is not null)
        {
            await AnnounceAsync(tool, call).ConfigureAwait(false);
        }

        var work = plan.Tools.RunAsync(tool, call);
        if (tool is not null)
        {
            await CoverAsync(work, ToolMessages.Delays(tool, call.Arguments)).ConfigureAwait(false);
        }

        var result = await work.ConfigureAwait(false);
        post(new SessionEvent.Returned(reply, call.Id, result.Result));
        if (tool is not null && !result.Failed && plan.Texts.Learn(tool.Aliases, result.Result))
        {
            post(new SessionEvent.Learned());
        }

        return tool is null ? new Ending(result.Result, null, false) : After(tool, call, result);
    }

    /// <summary>Says what the definition has before the tool begins, and waits until it was heard where the definition says so.</summary>
    private async Task AnnounceAsync(ToolModel tool, ModelToolCall call)
    {
        if (ToolMessages.Of(tool, ToolMessages.Start, call.Arguments) is not { IsHint: false } start)
        {
            return;
        }

        mouth.Say(plan.Texts.Fill(start.Content));
        if (!start.Blocking)
        {
            return;
        }

        try
        {
            await mouth.HeardAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            post(new SessionEvent.Returned(reply, call.Id, "Not done: the caller interrupted before it began.")); // a call without a result would be asked for again
            throw;
        }
    }

    /// <summary>Says what the definition has for a tool that takes longer; a fast one is not talked about.</summary>
    private async Task CoverAsync(Task work, IReadOnlyList<ToolMessage> delays)
    {
        var started = time.GetTimestamp();
        foreach (var message in delays)
        {
            var wait = message.After - time.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.WhenAny(work, Task.Delay(wait, time, reply.Cancelled)).ConfigureAwait(false);
            }

            if (mouth.HasSpoken && !work.IsCompleted && !reply.Cancelled.IsCancellationRequested)
            {
                // Not over what is being said: by then the tool may be done.
                await Task.WhenAny(work, mouth.HeardAsync()).ConfigureAwait(false);
            }

            if (work.IsCompleted || reply.Cancelled.IsCancellationRequested)
            {
                return;
            }

            mouth.Say(plan.Texts.Fill(message.Content));
        }
    }

    private Ending After(ToolModel tool, ModelToolCall call, ToolResult result)
    {
        if (ToolMessages.Of(tool, result.Failed ? ToolMessages.Failed : ToolMessages.Complete, call.Arguments) is not { } message)
        {
            return new Ending(result.Result, null, false);
        }

        if (message.IsHint)
        {
            return new Ending(result.Result, plan.Texts.Fill(message.Content), false);
        }

        mouth.Say(plan.Texts.Fill(message.Content));
        if (message.EndCallAfterSpoken)
        {
            post(new SessionEvent.Happened(new TurnEvent.EndWanted("assistant-ended-call", null)));
        }

        return new Ending(result.Result, null, true);
    }

    /// <summary>The other side's menu hears the keys; the model goes on when it has.</summary>
    private async Task<Ending> PressAsync(ToolModel tool, ModelToolCall call)
    {
        var keys = ModelArguments.Of(call).Select(a => a.Value).OfType<JsonValue>().Select(v => v.ToString()).FirstOrDefault("");
        if (KeyTones.Of(keys) is not { } tones)
        {
            const string Refused = "Not pressed: up to 32 of 0 to 9, *, #, A to D, w and W can be.";
            post(new SessionEvent.Returned(reply, call.Id, Refused));
            return new Ending(Refused, null, false);
        }

        await AnnounceAsync(tool, call).ConfigureAwait(false);
        mouth.Play(tones);
        post(new SessionEvent.Returned(reply, call.Id, "The keys were pressed."));
        return new Ending("The keys were pressed.", null, false);
    }

    private async Task<Ending> TransferAsync(ToolModel tool, ModelToolCall call)
    {
        var choice = await plan.Transfers.ChooseAsync(tool, call.Arguments, plan.Assistant.Name, plan.Texts.Fill).ConfigureAwait(false);
        if (choice.Number is null)
        {
            post(new SessionEvent.Returned(reply, call.Id, choice.Say));
            return new Ending(choice.Say, null, false);
        }

        post(new SessionEvent.Returned(reply, call.Id, "The call is being transferred."));
        var farewell = ToolMessages.Of(tool, ToolMessages.Start, call.Arguments) is { IsHint: false, Content.Length: > 0 } start ? start.Content : choice.Say;
        post(new SessionEvent.TransferWanted(reply, choice with { Say = plan.Texts.Fill(farewell) }));
        return new Ending("The call is being transferred.", null, true);
    }

    /// <summary>The caller goes on with another assistant, which knows what was said.</summary>
    private Ending HandOver(ToolModel tool, string member, ModelToolCall call)
    {
        if (plan.Handover.Member(plan, member) is not { } next)
        {
            const string NotNow = "Nobody else can take over. Go on helping the caller yourself.";
            post(new SessionEvent.Returned(reply, call.Id, NotNow));
            return new Ending(NotNow, null, false);
        }

        post(new SessionEvent.Returned(reply, call.Id, "The caller was handed over."));
        var words = ToolMessages.Of(tool, ToolMessages.Start, call.Arguments)?.Content ?? "";
        post(new SessionEvent.TransferWanted(reply, new TransferChoice(null, plan.Texts.Fill(words)) { Assistant = next }));
        return new Ending("The caller was handed over.", null, true);
    }

    /// <param name="Hint">For the model; null for none.</param>
    /// <param name="HasSpoken">The definition's message stands for the answer.</param>
    private readonly record struct Ending(string Result, string? Hint, bool HasSpoken);
}
