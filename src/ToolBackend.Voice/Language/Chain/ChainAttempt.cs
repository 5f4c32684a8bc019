using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>One request to one provider. It runs until it is disposed of, which closes it at once.</summary>
internal sealed class ChainAttempt : IAsyncDisposable
{
    private readonly CancellationTokenSource _givenUp;
    private readonly IAsyncEnumerator<ModelOutput> _stream;

    public ChainAttempt(int link, ChainLink provider, RequestForm form, StartReason why, TimeSpan startedAt, ModelRequest request, CancellationToken cancellation)
    {
        Link = link;
        Provider = provider;
        Form = form;
        Why = why;
        StartedAt = startedAt;
        _givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _stream = provider.Provider.StreamAsync(provider.Of(request, form), _givenUp.Token).GetAsyncEnumerator(_givenUp.Token);
        First = MoveAsync();
    }

    public int Link { get; }

    public ChainLink Provider { get; }

    public RequestForm Form { get; }

    public StartReason Why { get; }

    public TimeSpan StartedAt { get; }

    /// <summary>Ends with the first output, whatever it is: <see cref="Current"/> or <see cref="Failure"/>. Never fails but by the caller's cancellation or a bug.</summary>
    public Task First { get; }

    /// <summary>Null at the end, and with a failure.</summary>
    public ModelOutput? Current { get; private set; }

    public ProviderException? Failure { get; private set; }

    public AttemptView View => new(Link, Form, StartedAt, Failure);

    public async Task MoveAsync()
    {
        try
        {
            Current = await _stream.MoveNextAsync() ? _stream.Current : null;
        }
        catch (ProviderException failure)
        {
            Current = null;
            Failure = failure;
        }
    }

    /// <summary>Closes it. It counts as failed from now on: should whoever won break off unheard, the race goes on without it.</summary>
    public Task GiveUpAsync()
    {
        Failure ??= new ProviderException(Provider.Provider.Name, ProviderFault.TimedOut, "first_token");
        return _givenUp.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!First.IsCompleted)
        {
            await _givenUp.CancelAsync();
            await First.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stream.DisposeAsync();
        _givenUp.Dispose();
    }
}
