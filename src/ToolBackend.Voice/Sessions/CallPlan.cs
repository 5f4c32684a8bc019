using ToolBackend.Core.Calls;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Conversations;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Speaking.Formatting;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Kept;
using ToolBackend.Voice.Tools;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Sessions;

/// <summary>All that a call needs, made while Twilio still connects: the assistant with its texts filled in, and connections that are opening.</summary>
internal sealed record CallPlan
{
    public required AssistantModel Assistant { get; init; }

    public required TurnSettings Turns { get; init; }

    /// <summary>Who calls whom; in whose scope tools run.</summary>
    public required CallContext Call { get; init; }

    /// <summary>The call's variables, with which its texts are filled.</summary>
    public required CallVariables Texts { get; init; }

    /// <summary>What stands before the conversation, with the values of this moment.</summary>
    public IReadOnlyList<ModelMessage> Prompt => [.. Assistant.Messages.Select(m => new ModelMessage(RoleOf(m.Role), Texts.Fill(m.Content)))];

    public required ITranscriber Ears { get; init; }

    public required ResilientSynthesizer Voice { get; init; }

    /// <summary>Sentences that were made before.</summary>
    public required SpeechCache Spoken { get; init; }

    public required LanguageChain Model { get; init; }

    /// <summary>Connections to it.</summary>
    public required WarmModel Warm { get; init; }

    public required ToolDesk Tools { get; init; }

    public required TransferDesk Transfers { get; init; }

    /// <summary>Connects the caller to whom <see cref="Transfers"/> chose.</summary>
    public required CallHandover Handover { get; init; }

    /// <summary>We called them.</summary>
    public bool IsOutbound { get; init; }

    /// <summary>An answering machine listens: the call ends when it has its message.</summary>
    public bool IsMachine { get; init; }

    /// <summary>Which stream of the call this is, from 1.</summary>
    public int Leg { get; init; } = 1;

    /// <summary>The conversation of earlier streams.</summary>
    public IReadOnlyList<HistoryEntry> Said { get; init; } = [];

    /// <summary>How replies are written out for the ear.</summary>
    public required EarFormat Format { get; init; }

    /// <summary>How replies are cut for the voice.</summary>
    public ClauseChunkerOptions Clauses { get; init; } = new();

    /// <summary>A soft sound is played while a tool takes longer than a breath.</summary>
    public required bool ThinksAloud { get; init; }

    /// <summary>Null: the call is not recorded.</summary>
    public CallRecording? Recording { get; init; }

    /// <summary>Of audio before what is played.</summary>
    public required TimeSpan Lead { get; init; }

    private static ModelRole RoleOf(string role) => role switch { "user" => ModelRole.User, "assistant" => ModelRole.Assistant, _ => ModelRole.System };
}
