using ToolBackend.Vapi.Definitions.Model;
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
        post(new SessionEvent.Happened(new TurnEvent.EndWanted("assistant-ended-call", farewell)));
    }

    private async Task<Ending> CallAsync(ModelToolCall call)
    {
        var tool = plan.Tools.Find(call.Name);
        if (tool is { Type: "transferCall" })
        {
            return await TransferAsync(tool, call).ConfigureAwait(false);
        }

        if (tool is not null && ToolMessages.Of(tool, ToolMessages.Start, call.Arguments) is { IsHint: false } start)
        {
            mouth.Say(start.Content);
        }

        var work = plan.Tools.RunAsync(tool, call);
        if (tool is { Async: true })
        {
            post(new SessionEvent.Returned(reply, call.Id, "Started."));
            return new Ending("Started.", null, false);
        }

        if (tool is not null)
        {
            await CoverAsync(work, ToolMessages.Delays(tool, call.Arguments)).ConfigureAwait(false);
        }

        var result = await work.ConfigureAwait(false);
        post(new SessionEvent.Returned(reply, call.Id, result.Result));
        return tool is null ? new Ending(result.Result, null, false) : After(tool, call, result);
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

            if (work.IsCompleted || reply.Cancelled.IsCancellationRequested)
            {
                return;
            }

            mouth.Say(message.Content);
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
            return new Ending(result.Result, message.Content, false);
        }

        mouth.Say(message.Content);
        if (message.EndCallAfterSpoken)
        {
            post(new SessionEvent.Happened(new TurnEvent.EndWanted("assistant-ended-call", null)));
        }

        return new Ending(result.Result, null, true);
    }

    private async Task<Ending> TransferAsync(ToolModel tool, ModelToolCall call)
    {
        var choice = await plan.Transfers.ChooseAsync(tool, call.Arguments, plan.Assistant.Name).ConfigureAwait(false);
        if (choice.Number is not { } number)
        {
            post(new SessionEvent.Returned(reply, call.Id, choice.Say));
            return new Ending(choice.Say, null, false);
        }

        post(new SessionEvent.Returned(reply, call.Id, "The call is being transferred."));
        post(new SessionEvent.TransferWanted(reply, number, ToolMessages.Of(tool, ToolMessages.Start, call.Arguments)?.Content ?? choice.Say));
        return new Ending("The call is being transferred.", null, true);
    }

    /// <param name="Hint">For the model; null for none.</param>
    /// <param name="HasSpoken">The definition's message stands for the answer.</param>
    private readonly record struct Ending(string Result, string? Hint, bool HasSpoken);
}
