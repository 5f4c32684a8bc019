using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Turns;

/// <summary>What the turn machine takes from a definition, and its own limits.</summary>
public sealed record TurnSettings
{
    /// <summary>Null: the assistant waits for the caller, or the model makes the first message.</summary>
    public string? FirstMessage { get; init; }

    public FirstMessageMode FirstMessageMode { get; init; }

    public bool GreetingCanBeInterrupted { get; init; }

    public StartSpeaking StartSpeaking { get; init; } = new();

    public StopSpeaking StopSpeaking
    {
        get;
        init
        {
            field = value;
            Interruption = new Interruption(value);
        }
    } = new();

    /// <summary>The same, ready for use.</summary>
    internal Interruption Interruption { get; private init; } = new(new StopSpeaking());

    public IReadOnlyList<SilencePrompt> SilencePrompts { get; init; } = [];

    public KeypadInput Keypad { get; init; } = new(false, TimeSpan.FromSeconds(2), "");

    /// <summary>Start replies before a turn is confirmed.</summary>
    public bool Speculation { get; init; } = true;

    /// <summary>Default 10 minutes.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of a silent caller, until the call ends; our prompts do not interrupt it. Default 30 s, as Vapi's.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Said when no answer could be made.</summary>
    public string Apology { get; init; } = "I'm sorry, I didn't get that. Could you say it again?";

    /// <summary>Said when the call ends because no answers can be made.</summary>
    public string GivingUp { get; init; } = "I'm sorry, I'm having trouble right now. Please call again in a few minutes.";

    /// <summary>A voice without words ends a hold after this: a cough. Default 1 s.</summary>
    public TimeSpan FalseInterruption { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How close to the end of what we said a short word counts as an answer to it, not as a back-channel. Default 1.5 s.</summary>
    public TimeSpan EarlyAnswer { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>A transcriber that says no more about a caller who speaks: the turn is taken as it is. Default 6 s.</summary>
    public TimeSpan StuckTurn { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A reply of which nothing is heard. Beyond all providers' own deadlines. Default 12 s.</summary>
    public TimeSpan ReplyDeadline { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>One utterance, from its first audio. Default 2 minutes.</summary>
    public TimeSpan LongestReply { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Confidence of a pause's words from which a reply is begun before the turn is over. Default 0.8.</summary>
    public double ConfidentPause { get; init; } = 0.8;

    public static TurnSettings Of(AssistantModel assistant) => new()
    {
        FirstMessage = assistant.FirstMessage,
        FirstMessageMode = assistant.FirstMessageMode,
        GreetingCanBeInterrupted = assistant.FirstMessageInterruptionsEnabled,
        StartSpeaking = assistant.StartSpeaking,
        StopSpeaking = assistant.StopSpeaking,
        SilencePrompts = assistant.SilencePrompts,
        Keypad = assistant.Keypad,
        Speculation = assistant.Fallback.Speculation,
        MaxDuration = assistant.MaxDuration,
    };
}
