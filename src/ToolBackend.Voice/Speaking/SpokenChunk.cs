namespace ToolBackend.Voice.Speaking;

/// <summary>A piece of a reply that is given to the voice at once.</summary>
/// <param name="Text">As it came, white space included: all chunks of a reply joined are the reply.</param>
/// <param name="EndsSentence">A sentence, a line or the reply ends here.</param>
internal readonly record struct SpokenChunk(string Text, bool EndsSentence);
