using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using ToolBackend.LocalStack.Simulators.Language.Faults;
using ToolBackend.LocalStack.Simulators.Language.Wire;

namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>Sends the frames of one answer, each at its moment, and stops as soon as the client has gone.</summary>
internal sealed class AnswerStream(HttpContext http, WireForm form, StreamFault? fault, GenerationLog.Entry log, TimeProvider time, long startedAt, CancellationToken stopping)
{
    /// <summary>A reset can overtake what was sent before it: the tokens before a cut shall arrive.</summary>
    private static readonly TimeSpan s_arriving = TimeSpan.FromMilliseconds(30);

    private readonly ArrayBufferWriter<byte> _pending = new();
    private bool _isFirst = true;

    /// <param name="moments">Of each token, from the request.</param>
    public async Task SendAsync(IReadOnlyList<StreamFrame> frames, TimeSpan[] moments)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var cancellation = ended.Token;
        try
        {
            await OpenAsync(cancellation);
            if (await PlayAsync(frames, moments, cancellation))
            {
                End(GenerationEnd.Completed);
            }
            else
            {
                End(GenerationEnd.Faulted);
                if (fault!.Kind is StreamFaultKind.Cut)
                {
                    http.Abort();
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            End(GenerationEnd.Cancelled);
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        http.Response.ContentType = SimulatedVendorPaths.Of(http.Request.Path) == SimulatedVendor.Together ? "text/event-stream;charset=utf-8" : "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        await http.Response.StartAsync(cancellation);
        await http.Response.BodyWriter.FlushAsync(cancellation);
        log.Change(now => now with { FirstByte = time.GetElapsedTime(startedAt) });
    }

    /// <summary>False when a fault ended it.</summary>
    private async Task<bool> PlayAsync(IReadOnlyList<StreamFrame> frames, TimeSpan[] moments, CancellationToken cancellation)
    {
        var late = fault?.Kind is StreamFaultKind.SlowFirstToken ? fault.Delay : TimeSpan.Zero;
        switch (fault?.Kind)
        {
            case StreamFaultKind.Silent:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
                break;
            case StreamFaultKind.ToolUseFailedInStream:
                await UntilAsync(moments[0], cancellation);
                await SendAsync(VendorErrors.ToolUseFailedEvent, "error", cancellation);
                return false;
        }

        var hasStruck = false;
        for (var i = 0; i < frames.Count; i++)
        {
            var token = frames[i].Token;
            if (i == 0 || token != frames[i - 1].Token)
            {
                await UntilAsync(moments[token] + late, cancellation);
                if (fault is not null && !hasStruck && token >= Math.Min(fault.AfterTokens, moments.Length - 1))
                {
                    hasStruck = true;
                    if (await StrikeAsync(cancellation))
                    {
                        return false;
                    }

                    late += fault.Kind is StreamFaultKind.Stall ? fault.Delay : TimeSpan.Zero;
                }
            }

            Write(frames[i].Data, null);
            if (i == frames.Count - 1 || frames[i + 1].Token != token)
            {
                log.TokenAt(token, time.GetTimestamp());
                await FlushAsync(cancellation);
                Sent(token);
            }
        }

        if (fault?.Kind is not StreamFaultKind.NoDone)
        {
            await SendAsync("[DONE]", null, cancellation);
        }

        return true;
    }

    /// <summary>True when nothing comes after it.</summary>
    private async Task<bool> StrikeAsync(CancellationToken cancellation)
    {
        switch (fault!.Kind)
        {
            case StreamFaultKind.Cut:
                await Task.Delay(s_arriving, time, cancellation);
                return true;
            case StreamFaultKind.EndEarly:
                return true;
            case StreamFaultKind.ErrorInStream:
                await SendAsync(VendorErrors.ServerErrorEvent, null, cancellation);
                return true;
            case StreamFaultKind.Garbage:
                await SendAsync("{\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,\"del", null, cancellation);
                return false;
            case StreamFaultKind.Stall:
                await Task.Delay(fault.Delay, time, cancellation);
                return false;
            default:
                return false;
        }
    }

    private void Sent(int token)
    {
        var first = _isFirst;
        _isFirst = false;
        log.Change(now => now with { TokensSent = token + 1, FirstToken = first ? time.GetElapsedTime(startedAt) : now.FirstToken });
    }

    private void End(GenerationEnd end) => log.Change(now => now with { End = end, Ended = time.GetElapsedTime(startedAt) });

    // Timers may fire a moment early; they never fire a moment too late by adding up, since every wait goes to its own moment.
    private async Task UntilAsync(TimeSpan moment, CancellationToken cancellation)
    {
        while (moment - time.GetElapsedTime(startedAt) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancellation);
        }
    }

    private Task SendAsync(string data, string? name, CancellationToken cancellation)
    {
        Write(data, name);
        return FlushAsync(cancellation);
    }

    private void Write(string data, string? name)
    {
        var line = form.CrLf ? "\r\n" : "\n";
        var text = (form.Pings ? $": ping{line}" : "") + (name is null ? "" : $"event: {name}{line}") + $"data: {data}{line}{line}";
        Encoding.UTF8.GetBytes(text, _pending);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        var bytes = _pending.WrittenMemory;
        var size = form.SplitBytes > 0 ? form.SplitBytes : bytes.Length;
        for (var at = 0; at < bytes.Length; at += size)
        {
            await http.Response.Body.WriteAsync(bytes[at..Math.Min(bytes.Length, at + size)], cancellation);
            await http.Response.Body.FlushAsync(cancellation);
        }

        _pending.ResetWrittenCount();
    }
}
