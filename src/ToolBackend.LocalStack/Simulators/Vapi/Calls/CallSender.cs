namespace ToolBackend.LocalStack.Simulators.Vapi.Calls;

/// <summary>Plays scripted calls against a webhook, as Vapi's servers would. Safe to share: any number of calls at once.</summary>
public sealed class CallSender : IDisposable
{
    /// <summary>As fast as the webhook answers, each message after the answer to the one before.</summary>
    public const double AtOnce = double.PositiveInfinity;

    private readonly WebhookPoster _poster;
    private readonly TimeProvider _time;
    private readonly CallBook? _book;
    private readonly string _controlBase;

    /// <param name="target">The webhook.</param>
    /// <param name="time">Clock of the calls.</param>
    /// <param name="handler">For tests; owned by the sender.</param>
    public CallSender(WebhookTarget target, TimeProvider time, HttpMessageHandler? handler = null)
        : this(target, time, book: null, ScriptedCall.NoControl, handler)
    {
    }

    internal CallSender(WebhookTarget target, TimeProvider time, CallBook? book, string controlBase, HttpMessageHandler? handler = null)
    {
        _poster = new WebhookPoster(target, time, handler);
        (_time, _book, _controlBase) = (time, book, controlBase);
    }

    public WebhookTarget Target => _poster.Target;

    /// <summary>Plays one call and returns when its last message was answered or given up.</summary>
    /// <param name="script">What happens in it.</param>
    /// <param name="speed">
    /// 1 for real time, 10 for ten times faster, or <see cref="AtOnce"/>. Times in the messages are laid so that the last one is of now: a call that is played fast began in the past.
    /// Waits of the backoff plan and deadlines are always in real time.
    /// </param>
    /// <param name="faults">What the network does to it. Default nothing.</param>
    public Task<PlayedCall> PlayAsync(CallScript script, double speed = 1, DeliveryFaults? faults = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        var now = _time.GetUtcNow();
        var length = ScriptedCall.Of(script, now).Length;
        // Whole milliseconds: timestamps in messages have no finer ones.
        var startedAt = DateTimeOffset.FromUnixTimeMilliseconds((now - length + (length / speed)).ToUnixTimeMilliseconds());
        var call = ScriptedCall.Of(script, startedAt, _controlBase);
        return new CallPlay(call, _poster, speed, faults ?? DeliveryFaults.None, _book, _time).RunAsync(cancellation);
    }

    /// <summary>Sends one message once, without retries.</summary>
    public async Task<WebhookAttempt> SendAsync(ScriptedMessage message, CancellationToken cancellation = default) =>
        (await _poster.PostAsync(message, "msg_" + Guid.CreateVersion7(_time.GetUtcNow()).ToString("N"), cancellation)).Attempt;

    public void Dispose() => _poster.Dispose();
}
