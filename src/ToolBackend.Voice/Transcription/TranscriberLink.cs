using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Transcription;

/// <summary>One transcriber of a chain.</summary>
/// <param name="EndsTurns">It says when a turn is over; else it only tells of pauses.</param>
internal sealed record TranscriberLink(string Provider, bool EndsTurns, Func<ITranscriber> Open);

/// <summary>A connection was replaced.</summary>
/// <param name="To">The same as before when it was only opened again.</param>
/// <param name="Replayed">Audio given again.</param>
internal sealed record TranscriberSwitch(string From, string To, ProviderFault Fault, string? Code, TimeSpan Replayed);
