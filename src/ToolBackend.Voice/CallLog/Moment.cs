namespace ToolBackend.Voice.CallLog;

/// <summary>What is timed in a reply and the turn that it answers, in the order of a plain turn. A speculative reply is begun and asked for before it is decided on.</summary>
internal enum Moment
{
    /// <summary>The caller's last loud sound.</summary>
    Silent,

    /// <summary>The transcriber's word for the end of it was received.</summary>
    EndHeard,

    /// <summary>The turn was taken as over.</summary>
    Decided,
    Begun,

    /// <summary>The model was asked.</summary>
    Asked,
    FirstToken,

    /// <summary>The voice was given its first words.</summary>
    FirstWords,
    FirstAudio,

    /// <summary>The first speech left for the caller.</summary>
    FirstFrame,

    /// <summary>All of it was heard, or no more of it will be.</summary>
    Over,
}
