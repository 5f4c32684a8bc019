namespace ToolBackend.LocalStack.Simulators.Audio;

/// <summary>A word that was heard.</summary>
/// <param name="Text">As written, punctuation included. Of a word that was cut off before all of its text was heard: the part that was.</param>
/// <param name="Start">Where its first heard frame begins, in bytes of the stream; 8 are a millisecond.</param>
/// <param name="End">Where its last heard frame ends.</param>
/// <param name="IsWhole">False when its last frames were not heard.</param>
/// <param name="Utterance">Words of one utterance share it.</param>
public readonly record struct HeardWord(string Text, long Start, long End, bool IsWhole, int Utterance);
