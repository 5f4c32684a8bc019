using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Tests.Recording;

public sealed class ConsentTests
{
    private const string Question = "May we record this call?";

    [Theory]
    [InlineData("Yes.", true)]
    [InlineData("Yeah, that's fine.", true)]
    [InlineData("I agree.", true)]
    [InlineData("Okay, I'd like to book an appointment.", true)]
    [InlineData("No problem.", true)]
    [InlineData("I don't mind.", true)]
    [InlineData("Go ahead!", true)]
    [InlineData("No.", false)]
    [InlineData("I disagree.", false)]
    [InlineData("Please don't.", false)]
    [InlineData("I do not consent to that.", false)]
    [InlineData("Yes, no, rather not.", false)]
    [InlineData("I'd rather you didn't.", false)]
    [InlineData("What for?", null)]
    [InlineData("I want to book.", null)]
    [InlineData("", null)]
    public void Only_a_plain_yes_is_one(string said, bool? agreed) =>
        ConsentWords.Read(said).ShouldBe(agreed switch { true => ConsentAnswer.Agreed, false => ConsentAnswer.Declined, _ => ConsentAnswer.Unclear });

    [Fact]
    public void Who_has_heard_the_message_and_stays_agrees()
    {
        var consent = new Consent(new RecordingConsent(false, "", false), "This call is recorded.", "Hello, how can I help?");
        var turns = consent.Greet(new TurnSettings { FirstMessage = "Hello, how can I help?", GreetingCanBeInterrupted = true });
        turns.FirstMessage.ShouldBe("This call is recorded. Hello, how can I help?");
        turns.GreetingCanBeInterrupted.ShouldBeFalse();
        consent.Committed("no"); // said before the end of it: the model answers
        (consent.ReplyTo(null), consent.IsGranted).ShouldBe((null, null));
        consent.Heard();
        consent.IsGranted.ShouldBe(true);
    }

    [Fact]
    public void A_yes_is_answered_by_the_assistant_s_own_greeting_and_the_next_turn_by_the_model()
    {
        var consent = Verbal();
        consent.Greet(new TurnSettings { FirstMessageMode = FirstMessageMode.AssistantWaitsForUser }).FirstMessage.ShouldBe(Question);
        consent.Heard();
        consent.IsGranted.ShouldBeNull("hearing the question is no answer");
        consent.ReplyTo("Yes").ShouldBe("Hello, how can I help?");
        consent.IsGranted.ShouldBeNull("a turn that is only supposed decides nothing");
        consent.Committed("Yes, sure.");
        consent.IsGranted.ShouldBe(true);
        consent.ReplyTo(null).ShouldBe("Hello, how can I help?");
        consent.Replied();
        consent.Committed("No.");
        (consent.ReplyTo(null), consent.IsGranted).ShouldBe((null, true));
    }

    [Fact]
    public void An_unclear_answer_is_asked_about_once_and_then_counts_as_no()
    {
        var consent = Verbal();
        consent.Committed("What is this?");
        (consent.ReplyTo(null), consent.IsGranted).ShouldBe((Question, null));
        consent.Replied();
        consent.Committed("I want an appointment.");
        (consent.ReplyTo(null), consent.IsGranted).ShouldBe(("All right, this call is not recorded. Hello, how can I help?", false));
        consent.MustEnd.ShouldBeFalse();
    }

    [Fact]
    public void A_plan_may_end_the_call_of_who_declines()
    {
        var consent = Verbal(ends: true);
        consent.Committed("No thanks.");
        consent.MustEnd.ShouldBeTrue();
        consent.ReplyTo(null).ShouldBe("I understand. I cannot go on with this call then.");
    }

    private static Consent Verbal(bool ends = false) => new(new RecordingConsent(true, Question, ends), Question, "Hello, how can I help?");
}
