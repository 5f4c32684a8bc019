using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Recording;

/// <summary>
/// Whether one caller agrees to be recorded. The plan's message is the first that is said. Staying on the line: it stands before the assistant's own greeting, and who has heard both and is there agrees.
/// Verbal: it stands alone, the caller's first turn is the answer, and the assistant's greeting is the reply to it. Pure but for its own state; the session owns it.
/// </summary>
/// <param name="message">Filled.</param>
/// <param name="greeting">The assistant's own, filled; null when it has none.</param>
internal sealed class Consent(RecordingConsent plan, string message, string? greeting)
{
    private const string NotRecorded = "All right, this call is not recorded.";
    private const string CannotGoOn = "I understand. I cannot go on with this call then.";
    private const string HowToHelp = "How can I help you?";

    private bool _wasAskedAgain;
    private string? _reply;

    public RecordingConsent Plan => plan;

    /// <summary>Null while it is open.</summary>
    public bool? IsGranted { get; private set; }

    /// <summary>The caller declined, and the plan ends such calls.</summary>
    public bool MustEnd => IsGranted is false && plan.EndsWhenDeclined;

    /// <summary>The call's turns with the message in the place of its greeting, where no back-channel can cut it.</summary>
    public TurnSettings Greet(TurnSettings turns) => turns with
    {
        FirstMessage = Opening(plan, message, greeting),
        FirstMessageMode = FirstMessageMode.AssistantSpeaksFirst,
        GreetingCanBeInterrupted = false,
    };

    /// <summary>What such a call begins with.</summary>
    public static string Opening(RecordingConsent plan, string message, string? greeting) => plan.IsVerbal || greeting is null ? message : $"{message} {greeting}";

    /// <summary>The first message was heard to its end.</summary>
    public void Heard()
    {
        if (!plan.IsVerbal)
        {
            IsGranted ??= true;
        }
    }

    /// <summary>A turn of the caller's; the first ones decide.</summary>
    public void Committed(string text)
    {
        if (IsGranted is null && plan.IsVerbal)
        {
            (IsGranted, _reply) = Judge(text);
            _wasAskedAgain = true;
        }
    }

    /// <summary>What is said in the place of the model's answer; null for the model's.</summary>
    /// <param name="supposed">The turn as a reply that is made before it was committed supposes it.</param>
    public string? ReplyTo(string? supposed) => supposed is not null && IsGranted is null && plan.IsVerbal ? Judge(supposed).Reply : _reply;

    /// <summary>A reply to the turn was begun or confirmed: later ones are the model's.</summary>
    public void Replied() => _reply = null;

    private (bool? IsGranted, string? Reply) Judge(string text) => ConsentWords.Read(text) switch
    {
        ConsentAnswer.Agreed => (true, greeting ?? HowToHelp),
        ConsentAnswer.Unclear when !_wasAskedAgain => (null, message),
        _ => (false, plan.EndsWhenDeclined ? CannotGoOn : $"{NotRecorded} {greeting ?? HowToHelp}"),
    };
}
