namespace ToolBackend.LocalStack.Simulators.Sockets;

public enum SocketFaultKind
{
    /// <summary>Everything is read, nothing is sent. What would have been sent meanwhile is lost. (All simulators.)</summary>
    Silent,

    /// <summary>Nothing is sent for <see cref="SocketFault.For"/>, then everything that was held back. (All.)</summary>
    Stall,

    /// <summary>The socket is closed with <see cref="SocketFault.CloseStatus"/> and <see cref="SocketFault.Reason"/>. (All.)</summary>
    Close,

    /// <summary>The TCP connection is reset. (All.)</summary>
    Reset,

    /// <summary>A text frame that is no JSON is sent, once. (All.)</summary>
    Garbage,

    /// <summary>Every final is followed by two that are empty. (Deepgram v1.)</summary>
    EmptyFinals,

    /// <summary>The first message is answered as if the key were wrong. (ElevenLabs, AssemblyAI.)</summary>
    InvalidKey,

    /// <summary>Audio begins <see cref="SocketFault.For"/> later than it would. (ElevenLabs, Aura.)</summary>
    SlowFirstByte,

    /// <summary>The final of a context never comes; its slot stays taken. (ElevenLabs.)</summary>
    MissingFinal,

    /// <summary>After the final of a closed context 200 ms more of its audio come. (ElevenLabs.)</summary>
    LateAudio,

    /// <summary>Every chunk is followed by one whose audio is an empty string. (ElevenLabs.)</summary>
    EmptyAudio,
}

/// <summary>What a simulator does on accepted websockets. Refusals and errors at the upgrade are <see cref="Http.SimulatorFault"/>s.</summary>
public sealed record SocketFault(SocketFaultKind Kind)
{
    /// <summary>
    /// It begins after so much audio: received for transcribers, sent for voices (to the end of the chunk). Counted from the moment that the connection has the fault. Default 0.
    /// </summary>
    public TimeSpan After { get; init; }

    /// <summary>For <see cref="SocketFaultKind.Stall"/> and <see cref="SocketFaultKind.SlowFirstByte"/>. Default 2 s.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For <see cref="SocketFaultKind.Close"/>. Default 1011.</summary>
    public int CloseStatus { get; init; } = 1011;

    /// <summary>For <see cref="SocketFaultKind.Close"/>, at most 123 bytes of UTF-8.</summary>
    public string Reason { get; init; } = "Internal error";

    /// <summary>Sockets whose path begins with this only, such as <c>/v2/listen</c>. Null: all.</summary>
    public string? Path { get; init; }

    /// <summary>So many new connections have it. 0: none, for faults of <see cref="Open"/> ones. Null: all until the faults are cleared.</summary>
    public int? Times { get; init; }

    /// <summary>Whether the connections that are open now have it too; they do not count against <see cref="Times"/>. Default false.</summary>
    public bool Open { get; init; }

    /// <summary>Deepgram's close when it has failed to send anything in time.</summary>
    public static SocketFault Net0000 { get; } = new(SocketFaultKind.Close)
    {
        Reason = "Deepgram did not provide a response message within the timeout window. See https://dpgr.am/net0000",
    };
}
