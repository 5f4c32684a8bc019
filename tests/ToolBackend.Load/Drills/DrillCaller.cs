using ToolBackend.LocalStack;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;

namespace ToolBackend.Load.Drills;

/// <summary>Something that was heard on a call.</summary>
/// <param name="At">Since it began to ring.</param>
internal sealed record CallMoment(TimeSpan At, string Who, string Words);

/// <summary>How a call went.</summary>
/// <param name="Complaint">Why it counts as lost; null when the caller got what they wanted.</param>
/// <param name="Ringing">From dialling until somebody could speak.</param>
/// <param name="FirstSound">From the break of the stream until the caller heard something again; null when it did not break.</param>
/// <param name="Answer">From the end of the last question to the first sound after it.</param>
internal sealed record CallStory(int Caller, IReadOnlyList<CallMoment> Moments, TimeSpan Ringing, TimeSpan? FirstSound, TimeSpan? Answer, string? Complaint);

/// <summary>Calls, says what was lost, and after the fault asks what it was: the answer shows that somebody is there, and that they remember. Asks again when nobody answers, as people do.</summary>
internal sealed class DrillCaller(int number, DrillStage stage)
{
    private const string Told = "My blue umbrella.";
    private const string Asks = "What did I lose?";
    private const int MostTimes = 5;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _talked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the caller has said what they lost, or the call has failed.</summary>
    public Task Talked => _talked.Task;

    /// <summary>What any assistant says here.</summary>
    public static string Reply(string heard, bool knows) => !heard.Contains("lose", StringComparison.OrdinalIgnoreCase) ? "I have made a note of that." : knows ? "The blue umbrella, I know." : "I do not know.";

    /// <summary>The model of our pipeline: knows what stands in the conversation that it is given.</summary>
    public static CompletionAnswer Answer(CompletionRequest request) => CompletionAnswer.Say(Reply(request.LastUserText, request.Messages.Any(m => m.Content?.Contains("blue umbrella", StringComparison.Ordinal) is true)));

    /// <param name="broken">When the fault is there (<see cref="TimeProvider.GetTimestamp"/>); 0 for none during calls.</param>
    public async Task<CallStory> PlayAsync(Task<long> broken, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        TwilioPhone phone;
        try
        {
            phone = await TwilioPhone.CallAsync(stage.Phone(number), cancellation);
        }
        catch (LocalStackException e)
        {
            _talked.TrySetResult();
            return new CallStory(number, [], TimeSpan.Zero, null, null, e.Message);
        }

        await using (phone)
        {
            string? complaint = null;
            try
            {
                await ListenAsync(phone, s_patience, cancellation);
                complaint = await UntilHeardAsync(phone, Told, "note", cancellation);
                _talked.TrySetResult();
                _ = await broken.WaitAsync(cancellation);
                // Whoever talks over the news that the line was cut is not heard by anybody.
                await phone.WaitAsync(s_pause, cancellation);
                complaint ??= await UntilHeardAsync(phone, Asks, "umbrella", cancellation);
            }
            finally
            {
                _talked.TrySetResult();
            }

            if (phone.Over.IsCompleted)
            {
                complaint ??= "the line went dead";
            }

            await phone.HangUpAsync();
            return Story(phone, began, await broken, complaint);
        }
    }

    /// <summary>Says something until the answer has this word.</summary>
    /// <returns>Null when it had; else a complaint.</returns>
    private static async Task<string?> UntilHeardAsync(TwilioPhone phone, string words, string expected, CancellationToken cancellation)
    {
        for (var said = 0; said < MostTimes && !phone.Over.IsCompleted; said++)
        {
            await phone.SayAsync(words, cancellation);
            if (await ListenAsync(phone, s_answer, cancellation) is { } heard && heard.Contains(expected, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            await phone.WaitAsync(s_pause, cancellation);
        }

        return phone.Over.IsCompleted ? "the line went dead" : $"\"{words}\" was not answered";
    }

    /// <summary>Null when nothing was heard, or the line broke meanwhile.</summary>
    private static async Task<string?> ListenAsync(TwilioPhone phone, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await phone.ListenAsync(cancellation, patience: patience);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private CallStory Story(TwilioPhone phone, long began, long broken, string? complaint)
    {
        var record = stage.Vapi.BypassCalls.SingleOrDefault(r => r.CallSid == phone.CallSid);
        var streams = phone.Streams;
        string Who(long at) => record is not null && streams.Count(s => s <= at) <= 1 ? "Vapi" : "pipeline";
        var moments = phone.Record.Said.Select(s => (s.At, Who: "caller", Words: s.What)).ToList();
        (long At, long Last, string Who, List<string> Words)? sentence = null;
        foreach (var word in phone.Record.Heard)
        {
            if (sentence is { } open && open.Who == Who(word.At) && phone.Elapsed(open.Last, word.At) < s_pause)
            {
                open.Words.Add(word.Text);
                sentence = open with { Last = word.At };
                continue;
            }

            Close();
            sentence = (word.At, word.At, Who(word.At), [word.Text]);
        }

        Close();
        var fault = record?.DiedAt is { } died and > 0 ? died : broken;
        var onset = fault == 0 ? 0 : phone.Record.OnsetAfter(fault);
        var asked = phone.Record.Said is [.., var last] ? last.At : 0;
        var answered = phone.Record.OnsetAfter(asked);
        return new CallStory(
            number, [.. moments.OrderBy(m => m.At).Select(m => new CallMoment(phone.Elapsed(began, m.At), m.Who, m.Words))], phone.Elapsed(began, streams[0]),
            onset == 0 ? null : phone.Elapsed(fault, onset), answered == 0 ? null : phone.Elapsed(asked, answered), complaint);

        void Close()
        {
            if (sentence is { } whole)
            {
                moments.Add((whole.At, whole.Who, string.Join(' ', whole.Words)));
            }
        }
    }
}
