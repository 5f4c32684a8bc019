namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Vapi repeats a conversation up to five times in one message; at most one copy is kept, the one that says most.</summary>
internal enum HistoryCopy
{
    None,
    Messages,
    ArtifactMessages,
    Conversation,
    OpenAi,
    ArtifactOpenAi,

    /// <summary>None of the lists has an item: the conversation as one text.</summary>
    Transcript,
    ArtifactTranscript,
}

internal enum TextMode
{
    Whole,

    /// <summary>A partial transcript: the next one has more.</summary>
    Growing,

    /// <summary>A piece of a text that goes on in other messages: a number in it cannot be known, so no digit is kept.</summary>
    Piece,
}

/// <summary>How one message is redacted.</summary>
/// <param name="History">The copy of the conversation that is kept.</param>
internal readonly record struct RedactionPlan(HistoryCopy History, TextMode Text = TextMode.Whole);
