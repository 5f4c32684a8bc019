namespace ToolBackend.Voice.Recording;

/// <summary>The recording of one call: nothing until the caller has agreed, from then on both legs.</summary>
/// <param name="path">Of the file.</param>
/// <param name="link">Under which it can be fetched; null when nobody publishes it.</param>
internal sealed class CallRecording(Consent consent, string path, string? link, TimeProvider time, ILogger<CallRecording> logger) : IAsyncDisposable
{
    /// <summary>The caller's audio comes from the line's reader, everything else from the session's loop.</summary>
    private readonly Lock _lock = new();

    private RecordingMix? _mix;
    private RecordingFile? _file;
    private bool _isDecided;

    public Consent Consent => consent;

    public DateTimeOffset? GrantedAt { get; private set; }

    /// <summary>Null when nothing was recorded, too.</summary>
    public string? Link => GrantedAt is null ? null : link;

    /// <summary>Begins when consent was given just now.</summary>
    /// <returns>Whether it was given or refused just now.</returns>
    public bool Review()
    {
        if (_isDecided || consent.IsGranted is not { } granted)
        {
            return false;
        }

        _isDecided = true;
        if (granted)
        {
            lock (_lock)
            {
                GrantedAt = time.GetUtcNow();
                _mix = new RecordingMix();
                _file = new RecordingFile(path, time, logger);
            }
        }

        return true;
    }

    public void Say(ReadOnlySpan<byte> audio)
    {
        lock (_lock)
        {
            _mix?.Say(audio, _file!.Add);
        }
    }

    /// <param name="in">From now until it is heard.</param>
    public void Play(ReadOnlySpan<byte> audio, TimeSpan @in)
    {
        lock (_lock)
        {
            _mix?.Play(audio, @in);
        }
    }

    /// <summary>Nothing more is heard of what was sent.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _mix?.Clear();
        }
    }

    /// <summary>The call is over: the file is whole when this completes. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        RecordingFile? file;
        lock (_lock)
        {
            file = _file;
            if (_mix?.Rest() is { IsEmpty: false } rest)
            {
                file!.Add(rest);
            }

            (_mix, _file) = (null, null);
        }

        if (file is not null)
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }
}
