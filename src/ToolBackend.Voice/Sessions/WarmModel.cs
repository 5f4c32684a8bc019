using ToolBackend.Voice.Language.Chain;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// Keeps connections to a call's models open: while Twilio still connects, and again when a reply was cut, which closes the connection that it came over. Owner of that work; it has deadlines of its own.
/// </summary>
internal sealed class WarmModel(LanguageChain model) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _opening = Task.CompletedTask;

    /// <summary>Not for several threads. Does nothing while it is still opening some.</summary>
    public void Open()
    {
        if (_opening.IsCompleted && !_end.IsCancellationRequested)
        {
            _opening = model.WarmAsync(_end.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }
}
