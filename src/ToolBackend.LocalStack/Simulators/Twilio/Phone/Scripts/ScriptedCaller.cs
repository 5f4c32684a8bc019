namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>
/// A telephone in the hand of a script: says, listens for what is expected, cuts in, and keeps what happened turn by turn. A turn begins when the caller has spoken and ends with what was
/// expected, or with the caller's next words. Not for several threads.
/// </summary>
public sealed class ScriptedCaller
{
    /// <summary>For all that is said in a turn.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(25);

    /// <summary>After something else was said, such as that it takes a moment.</summary>
    private static readonly TimeSpan s_morePatience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(10);

    private readonly TwilioPhone _phone;
    private readonly TimeProvider _time;
    private readonly Action<string>? _onSaid;
    private readonly Action<CallTurn>? _onTurn;
    private readonly List<CallTurn> _turns = [];
    private (string? Said, long At, int From)? _open;

    /// <param name="phone">Connected, not listened to yet.</param>
    /// <param name="time">The phone's.</param>
    /// <param name="onSaid">Told of the caller's words, in the order in which a reader wants them: after what they interrupted.</param>
    /// <param name="onTurn">Told of each turn when it is over.</param>
    public ScriptedCaller(TwilioPhone phone, TimeProvider time, Action<string>? onSaid = null, Action<CallTurn>? onTurn = null)
    {
        (_phone, _time, _onSaid, _onTurn) = (phone, time, onSaid, onTurn);
        _open = (null, phone.StreamStarted, 0);
    }

    public IReadOnlyList<CallTurn> Turns => _turns;

    /// <summary>Returns when the last sound has left. While the agent speaks this is an interruption.</summary>
    public async Task SayAsync(string words, CancellationToken cancellation)
    {
        var cutsIn = _open is not null;
        if (!cutsIn)
        {
            _onSaid?.Invoke(words);
        }

        await _phone.SayAsync(words, cancellation);
        if (cutsIn)
        {
            Close(wasInterrupted: true);
            _onSaid?.Invoke(words);
        }

        _open = (words, _phone.Record.Said[^1].At, _phone.Record.Heard.Count);
    }

    /// <summary>Listens until one of these was heard and the agent is quiet; also through sentences that say something else first.</summary>
    /// <returns>All that was heard in this turn.</returns>
    /// <exception cref="UnexpectedTurnException">None of them was.</exception>
    public async Task<string> ListenAsync(CancellationToken cancellation, params IReadOnlyList<string> anyOf)
    {
        var patience = s_patience;
        while (true)
        {
            try
            {
                await _phone.ListenAsync(cancellation, patience: patience);
            }
            catch (TimeoutException)
            {
                throw Unexpected(string.Join("\" or \"", anyOf));
            }

            var heard = Heard();
            if (anyOf.Any(words => heard.Contains(words, StringComparison.OrdinalIgnoreCase)))
            {
                Close(wasInterrupted: false);
                return heard;
            }

            patience = s_morePatience;
        }
    }

    /// <summary>Waits for words in the middle of what is said, to cut in after them.</summary>
    /// <exception cref="UnexpectedTurnException">They were not said.</exception>
    public async Task HearAsync(string words, CancellationToken cancellation)
    {
        try
        {
            await _phone.HearAsync(words, cancellation, s_patience);
        }
        catch (TimeoutException)
        {
            throw Unexpected(words);
        }
    }

    /// <summary>Waits for the agent to hang up.</summary>
    /// <exception cref="UnexpectedTurnException">The call goes on.</exception>
    public Task ExpectHangUpAsync(CancellationToken cancellation) => ExpectEndAsync("hang up", verbs => verbs is ["Connect", "Hangup"], cancellation);

    /// <summary>Waits for the caller to be connected to somebody.</summary>
    /// <exception cref="UnexpectedTurnException">The call goes on, or ended.</exception>
    public Task ExpectTransferAsync(CancellationToken cancellation) =>
        ExpectEndAsync("connect the caller", verbs => verbs is ["Connect", var dial, ..] && dial.StartsWith("Dial ", StringComparison.Ordinal), cancellation);

    public Task HangUpAsync() => _phone.HangUpAsync();

    private async Task ExpectEndAsync(string what, Func<IReadOnlyList<string>, bool> hasHappened, CancellationToken cancellation)
    {
        try
        {
            await _phone.Over.WaitAsync(s_end, _time, cancellation);
        }
        catch (TimeoutException)
        {
            throw new UnexpectedTurnException($"The agent was expected to {what}, and did not within {s_end.TotalSeconds:0} s.");
        }

        if (!hasHappened(_phone.Verbs))
        {
            throw new UnexpectedTurnException($"The agent was expected to {what}; the call went {string.Join(", ", _phone.Verbs)}.");
        }
    }

    private string Heard() => string.Join(' ', _phone.Record.Heard.Skip(_open!.Value.From).Select(word => word.Text));

    private UnexpectedTurnException Unexpected(string expected)
    {
        var heard = Heard();
        Close(wasInterrupted: false);
        return new UnexpectedTurnException($"Expected was \"{expected}\"; heard was \"{heard}\".");
    }

    private void Close(bool wasInterrupted)
    {
        var (said, at, from) = _open!.Value;
        _open = null;
        var words = _phone.Record.Heard.Skip(from).ToList();
        // An onset may have been received in the very moment in which the caller stopped.
        var onset = words.Count == 0 ? 0 : _phone.Record.Onsets.FirstOrDefault(onset => onset >= at);
        var turn = new CallTurn(
            said,
            string.Join(' ', words.Select(word => word.Text)),
            onset == 0 ? null : _time.GetElapsedTime(at, onset),
            onset == 0 ? TimeSpan.Zero : _time.GetElapsedTime(onset, words[^1].At),
            wasInterrupted);
        _turns.Add(turn);
        _onTurn?.Invoke(turn);
    }
}
