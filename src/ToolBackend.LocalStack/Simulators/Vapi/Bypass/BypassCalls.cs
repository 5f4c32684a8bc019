using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Vapi.Calls;

namespace ToolBackend.LocalStack.Simulators.Vapi.Bypass;

/// <summary>A bypass call that was connected.</summary>
public sealed record BypassRecord(string CallId, string CallSid)
{
    /// <summary>What the caller said to Vapi.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    /// <summary>Of these, what the server was told, and acknowledged.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    /// <summary>When Vapi failed it (<see cref="TimeProvider.GetTimestamp"/>); 0 when it did not.</summary>
    public long DiedAt { get; set; }

    /// <summary>Ended on purpose by Vapi.</summary>
    public bool WasEnded { get; set; }
}

/// <summary>The media sockets of bypass calls: each is a conversation, until it ends or is made to fail.</summary>
internal sealed class BypassCalls(VapiSimulator simulator, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<string, BypassRecord> _records = new(StringComparer.Ordinal);

    public IReadOnlyCollection<BypassRecord> Records => [.. _records.Values];

    public void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.MapGet("/{id}/transport", HandleAsync);
    }

    private async Task HandleAsync(HttpContext http, string id)
    {
        if (!http.WebSockets.IsWebSocketRequest || simulator.Calls.Find(id) is not { } call)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var plan = simulator.Options.Bypass(call);
        if (plan.Death is BypassDeath.NeverConnects)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var line = new BypassLine(socket);
        var reading = line.ReadAsync(end.Token);
        try
        {
            await RunAsync(id, call, plan, socket, line, end);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The caller hung up, or the simulator stops.
        }

        await end.CancelAsync();
        await reading;
    }

    private async Task RunAsync(string id, JsonObject call, BypassPlan plan, WebSocket socket, BypassLine line, CancellationTokenSource end)
    {
        var callSid = await line.Started.WaitAsync(end.Token);
        var record = _records[id] = new BypassRecord(id, callSid);
        var startedAt = simulator.Time.GetUtcNow();
        var messages = new BypassMessages(id, callSid, call["assistantId"]?.GetValue<string>(), call["squadId"]?.GetValue<string>(), call["customer"] as JsonObject, simulator.Time);
        using var poster = simulator.Options.Webhook is { } target ? new WebhookPoster(target, simulator.Time, null) : null;
        var subscribed = ((call["assistantOverrides"] ?? call["squadOverrides"])?["serverMessages"] as JsonArray)?.Select(m => m?.ToString()).ToList() ?? [];
        var isLeftToServer = subscribed.Contains(BypassMessages.ControlType);
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var death = plan.Death is { } kind ? DieAsync(kind, plan.DiesAfter) : Task.CompletedTask;
        if (plan.Death is not BypassDeath.Mute)
        {
            await TalkAsync();
        }
        else
        {
            await line.Turns.Completion.WaitAsync(end.Token);
        }

        await death;

        async Task TalkAsync()
        {
            string? reason = null;
            try
            {
                await TellAsync(messages.Status("in-progress"), alive.Token);
                await SpeakAsync(plan.Greeting);
                await foreach (var heard in line.Turns.ReadAllAsync(alive.Token))
                {
                    record.Heard.Enqueue(heard);
                    messages.Said("user", heard, simulator.Time.GetUtcNow());
                    if (await TellAsync(messages.Conversation(), alive.Token) is { Status: 200 })
                    {
                        record.Told.Enqueue(heard);
                    }

                    var reply = plan.Reply(heard);
                    if (reply.Tool is { } tool)
                    {
                        await CallAsync(tool.Name, tool.Arguments);
                    }

                    if (reply.HandsOverTo is { } next)
                    {
                        await TellAsync(messages.Started(next), alive.Token);
                    }

                    if (reply.Say.Length > 0)
                    {
                        await SpeakAsync(reply.Say);
                    }

                    if (reply.EndsCall)
                    {
                        reason = "assistant-ended-call";
                        break;
                    }

                    if (isLeftToServer && (reply.LeavesHangUp || reply.ForwardsTo is not null))
                    {
                        for (var i = 0; i < reply.Tellings; i++)
                        {
                            await TellAsync(messages.Control(reply.ForwardsTo), alive.Token);
                        }

                        await line.Turns.Completion.WaitAsync(alive.Token); // it stays until the carrier takes the call away
                        reason = reply.ForwardsTo is null ? "assistant-ended-call" : "assistant-forwarded-call";
                        break;
                    }
                }
            }
            catch (Exception e) when (e is OperationCanceledException or WebSocketException)
            {
                return; // it died: the rest is told by whoever killed it, or by nobody
            }

            await EndAsync(reason ?? "customer-ended-call", startedAt);
        }

        async Task SpeakAsync(string text)
        {
            var from = simulator.Time.GetUtcNow();
            var lasts = await line.SayAsync(text, alive.Token);
            messages.Said("bot", text, from);
            await TellAsync(messages.Conversation(), alive.Token);
            await Task.Delay(lasts, simulator.Time, alive.Token);
        }

        async Task CallAsync(string name, string arguments)
        {
            var toolCallId = "call_" + CallIds.Uuid($"{id} {record.Heard.Count}").Replace("-", "", StringComparison.Ordinal)[..24];
            var answer = await TellAsync(messages.ToolCall(toolCallId, name, arguments), alive.Token);
            messages.Returned(toolCallId, name, answer is null ? "" : WebhookAnswers.ReadToolResults([toolCallId], answer.Value.Status, answer.Value.Body).Results[toolCallId]);
        }

        async Task EndAsync(string reason, DateTimeOffset began)
        {
            record.WasEnded = reason == "assistant-ended-call";
            if (plan.EndToldAfter <= TimeSpan.Zero)
            {
                await TellAsync(messages.Status("ended", reason), end.Token);
            }

            await CloseAsync();
            if (plan.EndToldAfter > TimeSpan.Zero)
            {
                await Task.Delay(plan.EndToldAfter, simulator.Time, end.Token);
                await TellAsync(messages.Status("ended", reason), end.Token);
            }

            simulator.Calls.Update(id, created => (created["status"], created["endedReason"]) = ("ended", reason));
            await TellAsync(messages.Report(reason, began), end.Token);
        }

        async Task DieAsync(BypassDeath how, TimeSpan after)
        {
            if (how is BypassDeath.Mute)
            {
                return;
            }

            await Task.Delay(after, simulator.Time, end.Token);
            if (record.WasEnded || line.Turns.Completion.IsCompleted)
            {
                return; // too late
            }

            const string reason = "call.in-progress.error-vapifault-worker-died";
            if (how is BypassDeath.ToldBefore)
            {
                await TellAsync(messages.Status("ended", reason), end.Token);
            }

            record.DiedAt = simulator.Time.GetTimestamp();
            await alive.CancelAsync();
            if (how is BypassDeath.Closed or BypassDeath.ToldBefore)
            {
                await CloseAsync();
            }
            else
            {
                socket.Abort();
            }

            if (how is BypassDeath.ToldLater)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), simulator.Time, stopping);
                await TellAsync(messages.Status("ended", reason), stopping);
            }
        }

        async Task CloseAsync()
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, end.Token);
            }
        }

        async Task<(int? Status, byte[] Body)?> TellAsync(ScriptedMessage message, CancellationToken cancellation)
        {
            if (poster is null)
            {
                return null;
            }

            var (attempt, body) = await poster.PostAsync(message, $"msg_{id}_{message.Step}", cancellation);
            return (attempt.Status, body);
        }
    }
}
