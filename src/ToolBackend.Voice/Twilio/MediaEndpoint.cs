using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Sessions;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Twilio;

/// <summary>
/// <c>wss /twilio/media</c>: a call's audio. Until <c>start</c> has come with a token of ours that was not used, a socket costs a buffer and a timer; no provider hears of it. A stream whose webhook another
/// replica answered is served all the same: its parameters, sealed by the token, say who calls whom and who answers.
/// </summary>
internal sealed partial class MediaEndpoint(
    TwilioGate gate, StreamTokens tokens, UsedTokens used, CallRegistry calls, CallPlanner planner, Assistants assistants, IOptions<VoiceOptions> options, TimeProvider time, IHostApplicationLifetime application,
    OpenSession open, ILogger<MediaEndpoint> logger)
{
    public const string Path = "/twilio/media";

    private readonly StreamTokens _tokens = tokens;
    private readonly UsedTokens _used = used;
    private readonly CallRegistry _calls = calls;
    private readonly CallPlanner _planner = planner;
    private readonly Assistants _assistants = assistants;
    private readonly IHostApplicationLifetime _application = application;
    private readonly OpenSession _open = open;
    private int _pending;

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        if (!gate.VerifyUpgrade(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (Interlocked.Increment(ref _pending) > options.Value.MaxPendingSockets)
        {
            Interlocked.Decrement(ref _pending);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var isPending = true;
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(15) });
            using var line = new MediaSocket(socket, time);
            await using var stream = new CallStream(this, line);
            using var tooLate = time.CreateTimer(_ => stream.GiveUpWaiting(), null, TimeSpan.FromMilliseconds(options.Value.StartDeadlineMilliseconds), Timeout.InfiniteTimeSpan);
            stream.Started = () =>
            {
                tooLate.Dispose();
                isPending = false;
                Interlocked.Decrement(ref _pending);
            };
            var end = await line.RunAsync(stream.Read, _application.ApplicationStopping);
            await stream.EndAsync(end);
        }
        finally
        {
            if (isPending)
            {
                Interlocked.Decrement(ref _pending);
            }
        }
    }

    /// <summary>One socket, from its first message to the end of its call.</summary>
    private sealed class CallStream(MediaEndpoint host, MediaSocket line) : IAsyncDisposable
    {
        private volatile CallSession? _session;
        private Task? _call;

        public Action? Started { get; set; }

        /// <summary>Called by the reader, so it must not wait.</summary>
        public bool Read(in MediaMessage message)
        {
            switch (message.Kind)
            {
                case MediaMessageKind.Media:
                    _session?.Hear(message.Audio);
                    return true;
                case MediaMessageKind.Mark:
                    _session?.Marked(message.Text);
                    return true;
                case MediaMessageKind.Key when message.Text.Length == 1:
                    _session?.Happen(new TurnEvent.Key(message.Text[0]));
                    return true;
                case MediaMessageKind.Start:
                    return Start(message.Start!);
                default:
                    return true;
            }
        }

        public void GiveUpWaiting()
        {
            host.LogNoStart();
            line.Cut();
        }

        public async Task EndAsync(SocketEnd end)
        {
            _session?.Happen(new TurnEvent.HungUp(end switch
            {
                SocketEnd.Stopped => "customer-ended-call",
                SocketEnd.Lost => CallRegistry.StreamLost,
                SocketEnd.Silent => CallRegistry.StreamSilent,
                SocketEnd.Refused => "twilio-stream-refused",
                _ => "pipeline-stopped",
            }));
            if (_call is { } call)
            {
                await call;
            }
        }

        public ValueTask DisposeAsync() => _session?.DisposeAsync() ?? ValueTask.CompletedTask;

        private bool Start(StreamStart start)
        {
            var token = start.Parameters.GetValueOrDefault(StreamTokens.Parameter);
            var verdict = host._tokens.Redeem(token, start.CallSid, start.Parameters);
            if (_call is not null || verdict is not TokenVerdict.Accepted || !start.IsMuLaw8k)
            {
                host.LogRefused(verdict);
                return false;
            }

            line.Writer = new MediaWriter(start.StreamSid);
            Started!();
            _call = RunAsync(start, token!);
            return true;
        }

        /// <summary>Owner of the call, its seat and everything that it opened.</summary>
        private async Task RunAsync(StreamStart start, string token)
        {
            var hasSeat = false;
            CallSession? begun = null;
            try
            {
                if (!await host._used.TryUseAsync(token).ConfigureAwait(false))
                {
                    host.LogRefused(TokenVerdict.Used);
                    line.Refuse();
                    return;
                }

                if (!TryPlan(start, out var making))
                {
                    host.LogNoRoom();
                    line.Refuse(); // Twilio goes on with the call's action
                    return;
                }

                hasSeat = true;
                var plan = await making.ConfigureAwait(false);
                var session = host._open(plan, line);
                _session = begun = session;
                host._calls.Begin(start.CallSid, session);
                await session.RunAsync(host._application.ApplicationStopping).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                host.LogFailed(e.GetType().FullName!, e.StackTrace);
                line.Close(); // Twilio goes on with the call's action
            }
            finally
            {
                if (hasSeat)
                {
                    host._calls.End(start.CallSid, begun);
                    host._calls.FreeSeat();
                }
            }
        }

        /// <summary>The plan that the webhook has made here, or one made anew from what the token has sealed; false when there is no seat, or no such assistant.</summary>
        private bool TryPlan(StreamStart start, [NotNullWhen(true)] out Task<CallPlan>? plan)
        {
            if (!host._calls.TryClaim(start.CallSid, Continuation.Of(start.Parameters)?.Leg ?? 1, out plan) && CallRequest.Of(start.CallSid, start.Parameters, host._assistants) is { } request && host._calls.TakeSeat())
            {
                plan = host._planner.MakeAsync(request);
            }

            return plan is not null;
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "A media socket did not start a stream in time and was closed")]
    private partial void LogNoStart();

    [LoggerMessage(3202, LogLevel.Warning, "A media socket was refused: token {Verdict}")]
    private partial void LogRefused(TokenVerdict verdict);

    [LoggerMessage(3204, LogLevel.Warning, "A media stream whose webhook another replica answered was refused: every seat is taken here, or its assistant is not among the definitions")]
    private partial void LogNoRoom();

    [LoggerMessage(3203, LogLevel.Error, "A call failed with {Exception}. {StackTrace}")]
    private partial void LogFailed(string exception, string? stackTrace);
}
