using System.Text;

namespace ToolBackend.LocalStack.Simulators.Voices;

/// <summary>A piece of generated speech.</summary>
/// <param name="Audio">Mu-law.</param>
/// <param name="Characters">Those that begin in it, in order.</param>
internal readonly record struct SpeechChunk(ReadOnlyMemory<byte> Audio, IReadOnlyList<SpokenCharacter> Characters);

/// <summary>A character with its place in its chunk, in bytes of mu-law.</summary>
internal readonly record struct SpokenCharacter(Rune Character, int Start, int Length);
