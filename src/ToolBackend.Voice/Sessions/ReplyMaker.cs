using System.Diagnostics;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Synthesis;

namespace ToolBackend.Voice.Sessions;

/// <summary>
/// Makes replies: a fixed sentence, or what the model answers, with the tools that it asks for in between. What it makes it posts; when it may be heard is not its business.
/// </summary>
internal sealed partial class ReplyMaker(CallPlan plan, Action<SessionEvent> post, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>A model that asks for one tool after the other is stopped.</summary>
    private const int MostRounds = 6;

    /// <summary>Never throws: a reply that cannot be made says so by <see cref="SessionEvent.AudioEnded"/>.</summary>
    /// <param name="text">To be said as it is; null: the model answers.</param>
    public async Task MakeAsync(Reply reply, string? text, List<ModelMessage> messages)
    {
        var failed = false;
        Activity.Current = reply.Times.Span ?? Activity.Current; // tools are traced under the turn
        try
        {
            if (text is not null)
            {
                await SayAsync(reply, text).ConfigureAwait(false);
            }
            else
            {
                await AnswerAsync(reply, messages).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (reply.Cancelled.IsCancellationRequested)
        {
            return; // nobody waits for it any more
        }
        catch (ProviderException e)
        {
            failed = true;
            LogFailed(e.Message);
        }
        catch (ReplyCutException e)
        {
            failed = true;
            LogFailed(e.Message);
        }
        catch (Exception e)
        {
            failed = true;
            LogBug(e.GetType().FullName!, e.StackTrace);
        }

        post(new SessionEvent.AudioEnded(reply.Generation, failed));
    }

    public ValueTask DisposeAsync() => plan.Voice.DisposeAsync();

    private async Task SayAsync(Reply reply, string text)
    {
        text = plan.Format.Apply(text);
        post(new SessionEvent.Given(reply.Generation, text, Flush: true));
        var voice = plan.Voice.Voice;
        if (plan.Spoken.Find(voice, text) is { } kept)
        {
            Pass(reply, kept);
            return;
        }

        var all = new List<SpeechAudio>();
        try
        {
            await SpeakAsync(reply, text, all).ConfigureAwait(false);
        }
        catch (ProviderException) when (all.Count == 0 && plan.Voice.Voices.Select(v => plan.Spoken.Find(v, text)).OfType<IReadOnlyList<SpeechAudio>>().FirstOrDefault() is { } other)
        {
            Pass(reply, other); // no voice can speak, and one of them said it before
            return;
        }

        if (all.TrueForAll(audio => audio.GoesBackTo is null))
        {
            plan.Spoken.Keep(voice, text, all); // by one voice, and whole
        }
    }

    private void Pass(Reply reply, IReadOnlyList<SpeechAudio> kept)
    {
        reply.Times.Mark(Moment.FirstAudio, time);
        foreach (var audio in kept)
        {
            post(new SessionEvent.Audio(reply.Generation, audio));
        }
    }

    private async Task SpeakAsync(Reply reply, string text, List<SpeechAudio> all)
    {
        await using var speech = plan.Voice.Begin();
        reply.Times.Mark(Moment.FirstWords, time);
        reply.Times.Spoke(text.Length);
        speech.Write(text + " ", flush: true);
        speech.Complete();
        await foreach (var audio in speech.Audio.ReadAllAsync(reply.Cancelled).ConfigureAwait(false))
        {
            reply.Times.Mark(Moment.FirstAudio, time);
            all.Add(audio);
            Mouth.Pass(post, reply, audio);
        }
    }

    private async Task AnswerAsync(Reply reply, List<ModelMessage> messages)
    {
        await using var mouth = new Mouth(reply, plan, post, time);
        for (var round = 0; round < MostRounds; round++)
        {
            var calls = await WriteAsync(reply, mouth, messages).ConfigureAwait(false);
            if (calls.Count == 0 || !await new ToolRound(plan, reply, mouth, post, time).RunAsync(messages, calls).ConfigureAwait(false))
            {
                break;
            }
        }

        await mouth.FinishAsync(reply.Cancelled).ConfigureAwait(false);
    }

    /// <summary>One answer of the model, spoken as it comes.</summary>
    private async Task<IReadOnlyList<ModelToolCall>> WriteAsync(Reply reply, Mouth mouth, List<ModelMessage> messages)
    {
        IReadOnlyList<ModelToolCall> calls = [];
        var trace = new ChainTrace();
        reply.Times.Mark(Moment.Asked, time);
        await foreach (var output in ContinuedAnswer.StreamAsync(Ask, messages, reply.Cancelled).ConfigureAwait(false))
        {
            reply.Times.Mark(Moment.FirstToken, time);
            switch (output)
            {
                case ModelOutput.Text(var text):
                    mouth.Write(text);
                    break;
                case ModelOutput.ToolCalls(var asked):
                    calls = asked;
                    break;
                case ModelOutput.End(_, var prompt, var completion):
                    reply.Times.Answered(new TokenUse(trace.Provider, prompt, completion));
                    break;
            }
        }

        return calls;

        IAsyncEnumerable<ModelOutput> Ask(IReadOnlyList<ModelMessage> said) =>
            plan.Model.StreamAsync(LanguageChains.Request(plan.Assistant, said, plan.Tools.Offered, plan.Call.CallId), trace, reply.Cancelled);
    }

    [LoggerMessage(3301, LogLevel.Warning, "A reply could not be made: {Fault}")]
    private partial void LogFailed(string fault);

    [LoggerMessage(3302, LogLevel.Error, "A reply failed with {Exception}. {StackTrace}")]
    private partial void LogBug(string exception, string? stackTrace);
}
