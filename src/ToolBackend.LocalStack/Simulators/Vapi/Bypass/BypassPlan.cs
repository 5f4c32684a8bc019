namespace ToolBackend.LocalStack.Simulators.Vapi.Bypass;

/// <summary>What Vapi's assistant says to what it heard, and does.</summary>
/// <param name="Say">Said aloud after the tool, if there is one. Empty: nothing, and it goes on listening.</param>
public sealed record BypassReply(string Say)
{
    /// <summary>Called first; null for none.</summary>
    public (string Name, string Arguments)? Tool { get; init; }

    /// <summary>Name of the squad's member that takes over before it says this; null: it stays.</summary>
    public string? HandsOverTo { get; init; }

    /// <summary>The assistant ends the call after it, by closing its socket.</summary>
    public bool EndsCall { get; init; }

    /// <summary>It wants the call ended, and leaves that to the server (<c>phone-call-control</c>), if that is subscribed to; else nothing happens, as at Vapi.</summary>
    public bool LeavesHangUp { get; init; }

    /// <summary>Number that it wants the caller connected to, left to the server in the same way; null for none.</summary>
    public string? ForwardsTo { get; init; }

    /// <summary>How often the server is told of either. Default once.</summary>
    public int Tellings { get; init; } = 1;
}

/// <summary>How Vapi fails a call that it has taken.</summary>
public enum BypassDeath
{
    /// <summary>The worker is gone: its socket breaks and nothing is ever told.</summary>
    Silent,

    /// <summary>The socket breaks; later Vapi says that its worker died.</summary>
    ToldLater,

    /// <summary>Vapi says that its transport failed, then the socket closes.</summary>
    ToldBefore,

    /// <summary>The socket is closed as after a goodbye, and nothing is ever told.</summary>
    Closed,

    /// <summary>The media socket is refused.</summary>
    NeverConnects,

    /// <summary>The media socket is taken, and nobody speaks.</summary>
    Mute,
}

/// <summary>A call whose Twilio side is ours (<c>phoneCallProviderBypassEnabled</c>), as Vapi runs it once its media socket is connected.</summary>
public sealed record BypassPlan
{
    public string Greeting { get; init; } = "Harbor Street Clinic, this is Vapi. How can I help you?";

    /// <summary>By what the caller said. Default: says that it heard it.</summary>
    public Func<string, BypassReply> Reply { get; init; } = heard => new BypassReply($"I heard: {heard}");

    /// <summary>Null: it does not fail.</summary>
    public BypassDeath? Death { get; init; }

    /// <summary>From the start of the stream to <see cref="Death"/>. Default 3 s.</summary>
    public TimeSpan DiesAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>From the end of a call that was meant to end to the word of it; below zero, before the socket closes. Default at once.</summary>
    public TimeSpan EndToldAfter { get; init; }
}
