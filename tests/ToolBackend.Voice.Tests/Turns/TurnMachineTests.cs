using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Tests.Turns;

public sealed class TurnMachineTests
{
    private static readonly TurnSettings s_quick = Conversation.Quick with { FirstMessage = "How can I help you?" };

    [Fact]
    public void The_first_message_is_the_first_reply() =>
        new Conversation(s_quick).Started().Last.ShouldBe([new TurnEffect.StartReply(1, ReplyKind.Greeting, "How can I help you?", null, TimeSpan.Zero)]);

    [Fact]
    public void An_assistant_that_waits_says_nothing() =>
        new Conversation(s_quick with { FirstMessageMode = FirstMessageMode.AssistantWaitsForUser }).Started().Wait(5).All.ShouldBeEmpty();

    [Fact]
    public void A_first_message_by_the_model_is_a_greeting_without_text() =>
        new Conversation(s_quick with { FirstMessageMode = FirstMessageMode.AssistantSpeaksFirstWithModelGeneratedMessage }).Started()
            .Last.ShouldBe([new TurnEffect.StartReply(1, ReplyKind.Greeting, null, null, TimeSpan.Zero)]);

    [Fact]
    public void The_end_of_a_turn_is_answered_in_the_same_step_when_nothing_is_to_be_waited_for() =>
        new Conversation(s_quick).Greeted().Turn("Where is my parcel?")
            .Last.ShouldBe([new TurnEffect.CommitTurn("Where is my parcel?"), new TurnEffect.StartReply(2, ReplyKind.Answer, null, null, TimeSpan.Zero)]);

    [Theory]
    [InlineData("I would like to", 1.5)]
    [InlineData("Book it, please.", 0.1)]
    [InlineData("My number is 42", 0.5)]
    [InlineData("My number is 42.", 0.5)]
    public void A_pause_is_the_end_after_what_the_words_suggest(string words, double seconds)
    {
        var call = new Conversation(s_quick with { Speculation = false }).Greeted().Says(TranscriptKind.Heard, words).Says(TranscriptKind.Paused, words);
        call.Wait(seconds - 0.001).Last.ShouldBeEmpty();
        call.Wait(0.001).Last[0].ShouldBe(new TurnEffect.CommitTurn(words));
    }

    [Fact]
    public void A_caller_who_goes_on_after_a_pause_is_not_answered_in_between()
    {
        var call = new Conversation(s_quick with { Speculation = false }).Greeted().Says(TranscriptKind.Paused, "I would like to").Wait(1);
        call.Says(TranscriptKind.Heard, "book.").Wait(1).Last.ShouldBeEmpty();
        call.Says(TranscriptKind.Paused, "book.").Wait(0.2).Last[0].ShouldBe(new TurnEffect.CommitTurn("I would like to book."));
    }

    [Fact]
    public void Words_that_turn_out_to_be_none_do_not_take_those_before_a_pause_with_them()
    {
        var call = new Conversation(s_quick with { Speculation = false }).Greeted().Says(TranscriptKind.Paused, "I would like to").Wait(1).Says(TranscriptKind.Heard, "hm").Says(TranscriptKind.Paused);
        call.Wait(1.5).Last[0].ShouldBe(new TurnEffect.CommitTurn("I would like to"));
        new Conversation(s_quick).Greeted().Says(TranscriptKind.Heard, "hm").Says(TranscriptKind.Over).Wait(5).Last.ShouldBeEmpty();
    }

    [Fact]
    public void A_rule_of_the_definition_comes_before_the_words()
    {
        var rule = new EndpointingRule(EndpointingRuleType.Both, "reference", @"\d+$", true, false, TimeSpan.FromSeconds(3));
        var settings = s_quick with { Speculation = false, StartSpeaking = s_quick.StartSpeaking with { Rules = [rule] } };
        var call = new Conversation(settings).Started().Audible().Finished("What is the reference?").Says(TranscriptKind.Paused, "4 2");
        call.Wait(2.9).Last.ShouldBeEmpty();
        call.Wait(0.2).Last[0].ShouldBe(new TurnEffect.CommitTurn("4 2"));
    }

    [Fact]
    public void A_likely_end_begins_an_answer_that_the_end_confirms()
    {
        var call = new Conversation(s_quick).Greeted().Says(TranscriptKind.Heard, "Where is").Says(TranscriptKind.LikelyOver, "Where is my parcel");
        call.Last.ShouldBe([new TurnEffect.StartReply(2, ReplyKind.Answer, null, "Where is my parcel", TimeSpan.Zero)]);
        call.Says(TranscriptKind.Over, "Where is my parcel?").Last.ShouldBe([new TurnEffect.CommitTurn("Where is my parcel?"), new TurnEffect.ConfirmReply(2, TimeSpan.Zero)]);
    }

    [Fact]
    public void An_answer_that_supposed_other_words_is_thrown_away()
    {
        var call = new Conversation(s_quick).Greeted().Says(TranscriptKind.LikelyOver, "Where is my").Says(TranscriptKind.Resumed, "Where is my parcel");
        call.Last.ShouldBe([new TurnEffect.DiscardReply(2)]);
        call.Says(TranscriptKind.Over, "Where is my parcel?").Last.ShouldBe([new TurnEffect.CommitTurn("Where is my parcel?"), new TurnEffect.StartReply(3, ReplyKind.Answer, null, null, TimeSpan.Zero)]);
    }

    [Fact]
    public void A_speculative_answer_that_failed_is_made_anew_when_the_turn_is_over()
    {
        var call = new Conversation(s_quick).Greeted().Says(TranscriptKind.LikelyOver, "Hello there").Do(new TurnEvent.ReplyFailed(2));
        call.Last.ShouldBe([new TurnEffect.DiscardReply(2)]);
        call.Says(TranscriptKind.Over, "Hello there").Last[^1].ShouldBe(new TurnEffect.StartReply(3, ReplyKind.Answer, null, null, TimeSpan.Zero));
    }

    [Fact]
    public void Words_interrupt_in_the_step_that_brings_them()
    {
        var call = new Conversation(s_quick).Greeted().Turn("What is free?").Audible().Says(TranscriptKind.SpeechStarted).Says(TranscriptKind.Heard, "Friday would");
        call.Last.ShouldBe([new TurnEffect.InterruptReply(2)]);
    }

    [Fact]
    public void After_an_interruption_the_answer_waits_for_the_backoff()
    {
        var call = new Conversation(s_quick).Greeted().Turn("What is free?").Audible().Says(TranscriptKind.Heard, "Friday please").Says(TranscriptKind.Over, "Friday please");
        call.Last[^1].ShouldBe(new TurnEffect.StartReply(3, ReplyKind.Answer, null, null, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_voice_holds_the_reply_and_a_cough_lets_it_go_on()
    {
        var call = new Conversation(s_quick).Greeted().Turn("What is free?").Audible().Says(TranscriptKind.SpeechStarted);
        call.Wait(0.19).Last.ShouldBeEmpty();
        call.Wait(0.02).Last.ShouldBe([new TurnEffect.HoldReply(2)]);
        call.Wait(1).Last.ShouldBe([new TurnEffect.ResumeReply(2)]);
        call.State.Caller.ShouldBe(CallerPhase.Silent);
    }

    [Fact]
    public void A_held_reply_is_interrupted_by_words_and_resumed_by_a_back_channel()
    {
        Conversation Held() => new Conversation(s_quick).Greeted().Turn("What is free?").Audible().Says(TranscriptKind.SpeechStarted).Wait(0.25);
        Held().Says(TranscriptKind.Heard, "mhm").Last.ShouldBe([new TurnEffect.ResumeReply(2)]);
        Held().Says(TranscriptKind.Heard, "Friday").Last.ShouldBe([new TurnEffect.InterruptReply(2)]);
    }

    [Fact]
    public void Back_channels_and_too_few_words_do_not_interrupt_but_a_stop_does()
    {
        var settings = s_quick with { StopSpeaking = new StopSpeaking { Words = 2 } };
        var call = new Conversation(settings).Greeted().Turn("What is free?").Audible().Says(TranscriptKind.SpeechStarted);
        call.Wait(0.5).Last.ShouldBeEmpty();
        call.Says(TranscriptKind.Heard, "Okay, yeah.").Last.ShouldBeEmpty();
        call.Says(TranscriptKind.Over, "Okay, yeah.").Last.ShouldBeEmpty();
        call.Says(TranscriptKind.Heard, "Friday").Last.ShouldBeEmpty();
        call.Says(TranscriptKind.Heard, "Stop").Last.ShouldBe([new TurnEffect.InterruptReply(2)]);
    }

    [Fact]
    public void A_yes_at_the_end_of_a_question_is_its_answer_and_one_in_the_middle_is_not()
    {
        Conversation Asked() => new Conversation(s_quick).Greeted().Turn("Book it").Audible().Turn("Yes.");
        Asked().Wait(1).Finished().Last.ShouldBe([new TurnEffect.CommitTurn("Yes."), new TurnEffect.StartReply(3, ReplyKind.Answer, null, null, TimeSpan.Zero)]);
        Asked().Wait(4).Finished().Last.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_said_over_a_greeting_that_goes_on_is_answered_after_it()
    {
        var call = new Conversation(s_quick).Started().Audible().Turn("I need an appointment.").Wait(4);
        call.Last.ShouldBeEmpty();
        call.Finished().Last.ShouldBe([new TurnEffect.CommitTurn("I need an appointment."), new TurnEffect.StartReply(2, ReplyKind.Answer, null, null, TimeSpan.Zero)]);
    }

    [Fact]
    public void A_caller_who_goes_on_before_anything_was_heard_takes_the_turn_back()
    {
        var call = new Conversation(s_quick).Greeted().Turn("I need an appointment.").Says(TranscriptKind.Heard, "And a parcel");
        call.Last.ShouldBe([new TurnEffect.DiscardReply(2)]);
        call.Says(TranscriptKind.Over, "And a parcel.").Last.ShouldBe([new TurnEffect.CommitTurn("And a parcel."), new TurnEffect.StartReply(3, ReplyKind.Answer, null, null, TimeSpan.Zero)]);
    }

    [Fact]
    public void A_back_channel_before_anything_was_heard_changes_nothing()
    {
        var call = new Conversation(s_quick).Greeted().Turn("I need an appointment.").Says(TranscriptKind.Heard, "mhm").Says(TranscriptKind.Over, "mhm");
        call.All.Count(e => e is TurnEffect.DiscardReply).ShouldBe(0);
        call.State.Reply.ShouldBe(ReplyPhase.Preparing);
    }

    [Fact]
    public void A_silent_caller_is_spoken_to_and_then_given_up()
    {
        var settings = s_quick with { SilencePrompts = [new SilencePrompt(["Still there?", "Take your time."], TimeSpan.FromSeconds(9), 2, true)] };
        var call = new Conversation(settings).Greeted().Wait(9);
        call.Last.ShouldBe([new TurnEffect.StartReply(2, ReplyKind.SilencePrompt, "Take your time.", null, TimeSpan.Zero)]);
        call.Audible().Finished().Wait(9).Last.ShouldBe([new TurnEffect.StartReply(3, ReplyKind.SilencePrompt, "Still there?", null, TimeSpan.Zero)]);
        call.Audible().Finished().Wait(11).Last.ShouldBeEmpty();
        call.Wait(1).Last.ShouldBe([new TurnEffect.EndCall("silence-timed-out", false)]);
    }

    [Fact]
    public void The_farewell_is_said_before_the_call_ends_and_nothing_stops_it()
    {
        var call = new Conversation(s_quick).Greeted().Do(new TurnEvent.EndWanted("assistant-ended-call", "Goodbye."));
        call.Last.ShouldBe([new TurnEffect.StartReply(2, ReplyKind.Farewell, "Goodbye.", null, TimeSpan.Zero)]);
        call.Audible().Turn("Wait, stop!").Last.ShouldBeEmpty();
        call.Finished().Last.ShouldBe([new TurnEffect.EndCall("assistant-ended-call", false)]);
    }

    [Fact]
    public void A_call_without_a_farewell_ends_when_what_is_being_said_was_heard()
    {
        var call = new Conversation(s_quick).Greeted().Turn("Bye").Audible().Do(new TurnEvent.EndWanted("assistant-ended-call", null));
        call.Last.ShouldBeEmpty();
        call.Finished("Goodbye!").Last.ShouldBe([new TurnEffect.EndCall("assistant-ended-call", false)]);
    }

    [Fact]
    public void A_reply_that_fails_is_apologised_for_and_a_failing_apology_ends_the_call()
    {
        var call = new Conversation(s_quick).Greeted().Turn("Hello there").Do(new TurnEvent.ReplyFailed(2));
        call.Last[^1].ShouldBe(new TurnEffect.StartReply(3, ReplyKind.Apology, s_quick.Apology, null, TimeSpan.Zero));
        call.Do(new TurnEvent.ReplyFailed(3)).Last[^1].ShouldBe(new TurnEffect.StartReply(4, ReplyKind.Farewell, s_quick.GivingUp, null, TimeSpan.Zero));
        call.Do(new TurnEvent.ReplyFailed(4)).Last[^1].ShouldBe(new TurnEffect.EndCall("pipeline-error", false));
    }

    [Fact]
    public void A_reply_of_which_nothing_is_heard_in_time_has_failed() =>
        new Conversation(s_quick).Greeted().Turn("Hello there").Wait(12).Last[^1].ShouldBe(new TurnEffect.StartReply(3, ReplyKind.Apology, s_quick.Apology, null, TimeSpan.Zero));

    [Fact]
    public void A_reply_that_works_has_its_time_anew()
    {
        var call = new Conversation(s_quick).Greeted().Turn("Hello there").Wait(11).Do(new TurnEvent.ReplyWorking(2));
        call.Wait(11).Last.ShouldBeEmpty();
    }

    [Fact]
    public void Keys_are_a_turn_after_the_delimiter_or_a_pause()
    {
        var settings = s_quick with { Keypad = new KeypadInput(true, TimeSpan.FromSeconds(2), "#") };
        Conversation Pressed() => new Conversation(settings).Greeted().Do(new TurnEvent.Key('4')).Do(new TurnEvent.Key('2'));
        Pressed().Do(new TurnEvent.Key('#')).Last[0].ShouldBe(new TurnEffect.CommitTurn("(pressed 4 2)"));
        Pressed().Wait(2).Last[0].ShouldBe(new TurnEffect.CommitTurn("(pressed 4 2)"));
        new Conversation(s_quick).Greeted().Do(new TurnEvent.Key('4')).Wait(5).Last.ShouldBeEmpty();
    }

    [Fact]
    public void The_longest_call_ends_at_its_limit() => new Conversation(s_quick with { MaxDuration = TimeSpan.FromSeconds(20) }).Greeted().Wait(20).Last.ShouldBe([new TurnEffect.EndCall("exceeded-max-duration", false)]);

    [Fact]
    public void A_caller_who_hangs_up_ends_everything()
    {
        var call = new Conversation(s_quick).Greeted().Turn("Hello there").Audible().Do(new TurnEvent.HungUp("customer-ended-call"));
        call.Last.ShouldBe([new TurnEffect.InterruptReply(2), new TurnEffect.EndCall("customer-ended-call", true)]);
        call.Turn("Still there").Wait(60).Last.ShouldBeEmpty();
        call.State.NextDeadline.ShouldBeNull();
    }

    [Fact]
    public void Events_of_replies_that_are_gone_change_nothing()
    {
        var call = new Conversation(s_quick).Greeted().Turn("Hello there");
        var before = call.State;
        call.Do(new TurnEvent.ReplyAudible(1)).Do(new TurnEvent.ReplyFinished(1, "x")).Do(new TurnEvent.ReplyFailed(1)).State.ShouldBe(before);
    }
}
