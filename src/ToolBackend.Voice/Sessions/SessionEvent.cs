using ToolBackend.Voice.Language;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Sessions;

/// <summary>Whatever reaches a call's one loop. What belongs to a reply carries its generation; of one that is gone nothing counts.</summary>
internal abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    /// <param name="ReceivedAt">Of what a transcriber said: timestamp of the clock.</param>
    public sealed record Happened(TurnEvent Event, long ReceivedAt = 0) : SessionEvent;

    /// <summary>The transcriber can hear no longer, and no other can take its place.</summary>
    public sealed record Deaf : SessionEvent;

    /// <summary>Text was given to the synthesizer; its audio follows.</summary>
    public sealed record Given(int Generation, string Text, bool Flush) : SessionEvent;

    /// <summary>Another voice speaks from this character of the reply on.</summary>
    public sealed record GoneBack(int Generation, int Characters) : SessionEvent;

    public sealed record Audio(int Generation, SpeechAudio Speech) : SessionEvent;

    /// <summary>Somebody waits until the caller has heard the reply up to a character.</summary>
    public sealed record HeardWanted(int Generation, int Characters, TaskCompletionSource Heard) : SessionEvent;

    /// <summary>A tool's result has given the call's variables new values.</summary>
    public sealed record Learned : SessionEvent;

    /// <summary>No more audio of this reply comes.</summary>
    /// <param name="Failed">Something of it could not be made.</param>
    public sealed record AudioEnded(int Generation, bool Failed) : SessionEvent;

    /// <summary>Something that a reply did. It stays done whatever becomes of the reply.</summary>
    public abstract record Deed(Reply By) : SessionEvent;

    public sealed record Called(Reply By, IReadOnlyList<ModelToolCall> Calls) : Deed(By);

    public sealed record Returned(Reply By, string ToolCallId, string Result) : Deed(By);

    /// <summary>The caller is to be connected to a person, after what is being said.</summary>
    /// <param name="To">Has a number; its sentence is said before.</param>
    public sealed record TransferWanted(Reply By, TransferChoice To) : SessionEvent;

    /// <summary>Twilio has played everything before this mark, or dropped it at a clear.</summary>
    public sealed record Mark(string Name) : SessionEvent;

    /// <summary>Something is due.</summary>
    public sealed record Wake : SessionEvent
    {
        public static Wake Now { get; } = new();
    }
}
