using ToolBackend.Testing;
using ToolBackend.Vapi.Definitions.Model;
using ToolBackend.Voice.Transcription;
using ToolBackend.Voice.Turns;

namespace ToolBackend.Voice.Tests.Turns;

/// <summary>Row C12: whatever happens, in whatever order, the rules I1 to I6 hold and nothing gets stuck.</summary>
public sealed class RandomCallTests
{
    private const int Seed = 20261126;
    private const int LongestCall = 200;

    private static readonly int s_calls = LongForm.Count(5_000, 1_000_000);

    private static readonly string[] s_words = ["mhm", "okay", "yes", "no Thursday", "stop", "I would like to book", "I would like to book a cleaning.", "42", ""];

    [Fact]
    public void C12_no_sequence_of_events_breaks_a_rule_or_gets_stuck()
    {
        for (var i = 0; i < s_calls; i++)
        {
            var call = Run(i, story: null, out var error);
            if (error is not null)
            {
                // The same call once more, told: writing all of them down would take longer than running them.
                var story = new List<string>();
                call = Run(i, story, out _);
                throw new Xunit.Sdk.XunitException($"seed {Seed}, call {i}: {error.Message}\n{string.Join('\n', story)}\nnow {call.Now}, {call.State}\n{string.Join('\n', call.All)}", error);
            }
        }
    }

    private static Conversation Run(int number, List<string>? story, out Exception? error)
    {
        var random = new Random(Seed + number);
        var call = new Conversation(Settings(random));
        var rules = new RuleBook();
        error = null;
        try
        {
            Check(call.Started(), rules);
            for (var n = random.Next(1, LongestCall); n > 0 && call.State.Call is not CallPhase.Ended; n--)
            {
                if (random.Next(3) == 0)
                {
                    var seconds = random.NextDouble() * random.Next(1, 15);
                    story?.Add($"{seconds:0.000} s");
                    Pass(call, rules, seconds);
                    continue;
                }

                var happened = Event(random, call.State);
                story?.Add(happened.ToString());
                rules.Tell(happened);
                Check(call.Do(happened), rules);
            }

            // Left alone, every call ends.
            Pass(call, rules, 3600);
            call.State.Call.ShouldBe(CallPhase.Ended);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            error = e;
        }

        return call;
    }

    private static void Pass(Conversation call, RuleBook rules, double seconds)
    {
        var until = call.Now + TimeSpan.FromSeconds(seconds);
        var ticks = 0;
        while (call.State.NextDeadline is { } due && due <= until)
        {
            var before = call.State;
            call.Until(due > call.Now ? due : call.Now);
            Check(call, rules);
            call.State.ShouldNotBe(before, "a deadline that passes changes the state (I5)");
            (++ticks).ShouldBeLessThan(10_000, "time stands still");
        }

        call.Until(until);
    }

    private static void Check(Conversation call, RuleBook rules)
    {
        foreach (var effect in call.Last)
        {
            rules.See(effect);
        }

        RuleBook.CheckDeadlines(call.State, call.Now);
    }

    private static TurnEvent Event(Random random, TurnState state)
    {
        var generation = random.Next(4) == 0 ? random.Next(0, state.Generation + 1) : state.Generation;
        return random.Next(16) switch
        {
            < 8 => new TurnEvent.Speech((TranscriptKind)random.Next(6), s_words[random.Next(s_words.Length)], random.NextDouble()),
            8 or 9 => new TurnEvent.ReplyAudible(generation),
            10 or 11 => new TurnEvent.ReplyFinished(generation, "Certainly."),
            12 => new TurnEvent.ReplyFailed(generation),
            13 => new TurnEvent.ReplyWorking(generation),
            14 => new TurnEvent.Key("0123456789*#"[random.Next(12)]),
            _ => random.Next(6) switch { 0 => new TurnEvent.HungUp("customer-ended-call"), 1 => new TurnEvent.EndWanted("assistant-ended-call", random.Next(2) == 0 ? "Goodbye." : null), _ => new TurnEvent.Tick() },
        };
    }

    private static TurnSettings Settings(Random random) => Conversation.Quick with
    {
        FirstMessage = random.Next(2) == 0 ? "How can I help you?" : null,
        FirstMessageMode = (FirstMessageMode)random.Next(3),
        GreetingCanBeInterrupted = random.Next(2) == 0,
        Speculation = random.Next(3) > 0,
        StartSpeaking = Conversation.Quick.StartSpeaking with { Wait = TimeSpan.FromSeconds(random.Next(2) * 0.4) },
        StopSpeaking = new StopSpeaking { Words = random.Next(3) },
        Keypad = new KeypadInput(random.Next(2) == 0, TimeSpan.FromSeconds(2), "#"),
        SilencePrompts = random.Next(2) == 0 ? [] : [new SilencePrompt(["Still there?", "Hello?"], TimeSpan.FromSeconds(5), 2, random.Next(2) == 0)],
        MaxDuration = TimeSpan.FromSeconds(random.Next(30, 600)),
    };
}
