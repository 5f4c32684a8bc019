using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Tests.Turns;

/// <summary>A turn machine that is told what happens, and by the clock what is due, with everything that it did.</summary>
internal sealed class Conversation(TurnSettings settings)
{
    public static TurnSettings Quick { get; } = new() { StartSpeaking = new() { Wait = TimeSpan.Zero, OnPunctuation = TimeSpan.FromSeconds(0.1), OnNoPunctuation = TimeSpan.FromSeconds(1.5), OnNumber = TimeSpan.FromSeconds(0.5) } };

    public TurnState State { get; private set; } = new(settings);

    public TimeSpan Now { get; private set; }

    public List<TurnEffect> All { get; } = [];

    /// <summary>Of the newest step.</summary>
    public IReadOnlyList<TurnEffect> Last { get; private set; } = [];

    public Conversation Started() => Do(new TurnEvent.Started());

    public Conversation Says(TranscriptKind kind, string words = "", double confidence = 1) => Do(new TurnEvent.Speech(kind, words, confidence));

    /// <summary>A whole turn, as Flux tells of it.</summary>
    public Conversation Turn(string words) => Says(TranscriptKind.SpeechStarted).Says(TranscriptKind.Heard, words).Says(TranscriptKind.Over, words);

    public Conversation Audible() => Do(new TurnEvent.ReplyAudible(State.Generation));

    public Conversation Finished(string said = "Certainly.") => Do(new TurnEvent.ReplyFinished(State.Generation, said));

    /// <summary>A greeting heard to its end.</summary>
    public Conversation Greeted() => Started().Audible().Finished("How can I help you?");

    public Conversation Do(TurnEvent happened)
    {
        (State, Last) = TurnMachine.Step(State, happened, Now);
        All.AddRange(Last);
        return this;
    }

    /// <summary>Time passes; what falls due is done when it does.</summary>
    public Conversation Wait(double seconds) => Until(Now + TimeSpan.FromSeconds(seconds));

    public Conversation Until(TimeSpan until)
    {
        var done = new List<TurnEffect>();
        while (State.NextDeadline is { } due && due <= until)
        {
            Now = due > Now ? due : Now;
            Do(new TurnEvent.Tick());
            done.AddRange(Last);
        }

        Now = until;
        Last = done;
        return this;
    }
}
