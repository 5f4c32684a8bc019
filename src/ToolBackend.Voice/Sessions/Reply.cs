using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Playback;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Sessions;

/// <summary>One spoken reply, from its start to its end: what the session knows of it.</summary>
internal sealed class Reply(int generation, ReplyKind kind, bool isConfirmed, TimeSpan notBefore, CancellationToken call) : IDisposable
{
    private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(call);
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Generation { get; } = generation;

    public ReplyKind Kind { get; } = kind;

    /// <summary>Cancelled when nobody will hear more of it.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Its turn is over: it may be heard, and may change something.</summary>
    public Task Confirmed => _confirmed.Task;

    public bool IsConfirmed => _confirmed.Task.IsCompletedSuccessfully;

    public TimeSpan NotBefore { get; private set; } = notBefore;

    /// <summary>When its turn was over: since then the caller waits for it.</summary>
    public TimeSpan AwaitedSince { get; set; }

    /// <summary>When what happened to it, for the call log.</summary>
    public TurnTimeline Times { get; } = new();

    public HeardText Text { get; } = new();

    public LeadingSilence Leading { get; private set; } = new();

    /// <summary>Audio that may not be heard yet.</summary>
    public Queue<ReadOnlyMemory<byte>> Waiting { get; } = new();

    /// <summary>What its tools did while it was speculative; not in the history until it is confirmed.</summary>
    public List<SessionEvent.Deed> Deeds { get; } = [];

    /// <summary>Tools that have not come back.</summary>
    public int ToolsOut { get; set; }

    /// <summary>Since when it waits for them.</summary>
    public TimeSpan WorkingSince { get; set; }

    /// <summary>Bytes of the thinking sound that were played in it.</summary>
    public int Thought { get; set; }

    /// <summary>The last that was played is the thinking sound.</summary>
    public bool IsThinking { get; set; }

    /// <summary>Who waits until the caller has heard so many characters.</summary>
    public List<(int Characters, TaskCompletionSource Heard)> Awaited { get; } = [];

    public bool HasAudio { get; set; }

    public bool IsAudible { get; set; }

    public bool AudioEnded { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>The mark behind its last audio; null while none is out.</summary>
    public string? LastMark { get; set; }

    public int MarksSent { get; set; }

    /// <summary>When it counts as played though no mark came back.</summary>
    public TimeSpan? PlayedBy { get; set; }

    /// <summary>Another voice, or the same over a new connection, speaks from this character on.</summary>
    public void GoBack(int characters)
    {
        Text.GoBack(characters);
        Leading = new LeadingSilence();
    }

    public void Confirm(TimeSpan notBefore)
    {
        NotBefore = notBefore;
        _confirmed.TrySetResult();
    }

    /// <summary>The maker stops; what it has begun at others' finishes.</summary>
    public void Cancel()
    {
        _confirmed.TrySetCanceled(CancellationToken.None);
        _cancel.Cancel();
    }

    public Reply Begun()
    {
        if (isConfirmed)
        {
            _confirmed.TrySetResult();
        }

        return this;
    }

    public void Dispose() => _cancel.Dispose();
}
