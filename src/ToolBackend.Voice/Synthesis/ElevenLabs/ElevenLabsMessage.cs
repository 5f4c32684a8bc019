namespace ToolBackend.Voice.Synthesis.ElevenLabs;

/// <summary>One message of ElevenLabs.</summary>
/// <param name="Context">Null when it names none.</param>
/// <param name="Error">The vendor's word for an error; null for none.</param>
internal readonly record struct ElevenLabsMessage(string? Context, byte[]? Audio, SpeechAlignment? Alignment, bool IsFinal, string? Error, string? Text);
