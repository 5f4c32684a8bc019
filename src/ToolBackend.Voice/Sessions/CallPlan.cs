using ToolBackend.Core.Calls;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Speaking.Formatting;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Kept;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Sessions;

/// <summary>All that a call needs, made while Twilio still connects: the assistant with its texts filled in, and connections that are opening.</summary>
internal sealed record CallPlan
{
    public required AssistantModel Assistant { get; init; }

    public required TurnSettings Turns { get; init; }

    /// <summary>Who calls whom; in whose scope tools run.</summary>
    public required CallContext Call { get; init; }

    /// <summary>What stands before the conversation.</summary>
    public required IReadOnlyList<ModelMessage> Prompt { get; init; }

    public required ITranscriber Ears { get; init; }

    public required ResilientSynthesizer Voice { get; init; }

    /// <summary>Sentences that were made before.</summary>
    public required SpeechCache Spoken { get; init; }

    public required LanguageChain Model { get; init; }

    public required ToolDesk Tools { get; init; }

    public required TransferDesk Transfers { get; init; }

    /// <summary>How replies are written out for the ear.</summary>
    public required EarFormat Format { get; init; }

    /// <summary>How replies are cut for the voice.</summary>
    public ClauseChunkerOptions Clauses { get; init; } = new();

    /// <summary>A soft sound is played while a tool takes longer than a breath.</summary>
    public required bool ThinksAloud { get; init; }

    /// <summary>Of audio before what is played.</summary>
    public required TimeSpan Lead { get; init; }
}
