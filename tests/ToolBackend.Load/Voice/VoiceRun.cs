using System.Diagnostics;
using ToolBackend.Load.Children;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;

namespace ToolBackend.Load.Voice;

/// <summary>So many calls at once: each some turns, and last one that is interrupted.</summary>
internal sealed class VoiceRun(ServerProcess server, VoiceVendors vendors, string url, string authToken)
{
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(25);

    /// <summary>Calls do not come in the same millisecond, nor speak in step.</summary>
    private static readonly TimeSpan s_arrivals = TimeSpan.FromSeconds(8);

    /// <summary>Into the answer before it is interrupted.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1.5);

    /// <summary>For what is on its way to the transcriber when the last caller hangs up.</summary>
    private static readonly TimeSpan s_goodbye = TimeSpan.FromSeconds(1);

    /// <param name="turns">Of each call; as many as fit when <paramref name="length"/> is given.</param>
    public async Task<VoiceRow> RunAsync(string assistant, int calls, int turns, TimeSpan? length, CancellationToken cancellation)
    {
        vendors.Model.Generations.Clear();
        var before = await server.ReadGaugeAsync(cancellation);
        var peak = before.WorkingSetBytes;
        var earlier = vendors.Ears.Connections.Count;
        var lines = Enumerable.Range(0, calls).Select(i => new Line(i)).ToList();
        var running = new List<Task>();
        foreach (var line in lines)
        {
            running.Add(TalkAsync(line, turns, length, cancellation));
            await Task.Delay(calls < 40 ? TimeSpan.FromMilliseconds(200) : s_arrivals * Math.Max(1, calls / 200.0) / calls, cancellation);
        }

        var all = Task.WhenAll(running);
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(1000, cancellation));
            peak = Math.Max(peak, await WorkingSetAsync(cancellation));
        }

        await all;
        await Task.Delay(s_goodbye, cancellation);
        var heard = vendors.Ears.Connections.All.Where(c => c.Number > earlier).Sum(c => c.BytesReceived);
        var after = await server.ReadGaugeAsync(cancellation);
        var cpu = after.CpuMicroseconds - before.CpuMicroseconds;
        Judge(lines);
        List<double> Sorted(Func<Line, IEnumerable<double>> of) => [.. lines.SelectMany(of).Order()];
        return new VoiceRow
        {
            Assistant = assistant,
            Calls = calls,
            Lost = lines.Sum(l => l.Lost),
            Turn = Sorted(l => l.Turn),
            Own = Sorted(l => l.Own),
            Silence = Sorted(l => l.Silence),
            Greeting = Sorted(l => l.Greeting),
            Barge = Sorted(l => l.Barge),
            Stale = lines.Sum(l => l.Stale),
            Underruns = lines.Sum(l => l.Underruns),
            UnheardMilliseconds = ((lines.Sum(l => l.Frames) * VoiceRow.FrameMilliseconds) - (heard / VoiceRow.BytesPerMillisecond)) / calls,
            CpuSecondsPerCallMinute = cpu / 1e6 / lines.Sum(l => l.Minutes),
            CompilingShare = Math.Min(1, (after.CompilingMicroseconds - before.CompilingMicroseconds) / cpu),
            KilobytesPerCall = (peak - before.WorkingSetBytes) / 1024.0 / calls,
        };
    }

    /// <summary>0 when the gauge does not answer in time: a machine that has no moment for it has none to spare.</summary>
    private async Task<long> WorkingSetAsync(CancellationToken cancellation)
    {
        try
        {
            return (await server.ReadGaugeAsync(cancellation)).WorkingSetBytes;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return 0;
        }
    }

    private async Task TalkAsync(Line line, int turns, TimeSpan? length, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var phone = await TwilioPhone.CallAsync(
            new PhoneOptions { VoiceUrl = url + "/twilio/voice", StatusCallback = url + "/twilio/status", AuthToken = authToken, From = $"+1206555{line.Number % 9000 + 1000:0000}" }, cancellation);
        await phone.ListenAsync(cancellation, patience: s_turn);
        line.Greeting.Add(Milliseconds(phone.StreamStarted, phone.Record.Onsets[0]));
        for (var turn = 0; length is { } until ? Stopwatch.GetElapsedTime(started) < until : turn < turns; turn++)
        {
            var asked = await AskAsync(phone, line, turn, cancellation);
            try
            {
                await phone.ListenAsync(cancellation, patience: s_turn);
                line.Asked.Add(asked with { Answered = phone.Record.OnsetAfter(asked.Said) });
            }
            catch (TimeoutException)
            {
                line.Lost++;
                if (phone.Over.IsCompleted)
                {
                    break; // nobody is there to be asked again
                }
            }
        }

        await InterruptAsync(phone, line, turns, cancellation);
        line.Underruns = phone.Record.Underruns;
        line.Minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        await phone.HangUpAsync();
        line.Frames = phone.Record.FramesSent;
    }

    private static async Task<Turn> AskAsync(TwilioPhone phone, Line line, int number, CancellationToken cancellation)
    {
        var turn = VoiceTurn.Name(line.Number, number);
        await phone.SayAsync(VoiceTurn.Question(turn), cancellation);
        return new Turn(turn, phone.Record.Said[^1].At, 0);
    }

    /// <summary>One more question, whose answer is talked over.</summary>
    private static async Task InterruptAsync(TwilioPhone phone, Line line, int number, CancellationToken cancellation)
    {
        var asked = await AskAsync(phone, line, 100_000 + number, cancellation);
        using var limit = new CancellationTokenSource(s_turn);
        while (phone.Record.OnsetAfter(asked.Said) == 0 && !limit.IsCancellationRequested)
        {
            await Task.Delay(20, cancellation);
        }

        await Task.Delay(s_patience, cancellation);
        line.InterruptedAt = Stopwatch.GetTimestamp();
        var again = await AskAsync(phone, line, 200_000 + number, cancellation);
        try
        {
            await phone.ListenAsync(cancellation, patience: s_turn);
        }
        catch (TimeoutException)
        {
            line.Lost++;
        }

        line.ClearedAt = phone.Record.Clears.FirstOrDefault(c => c > line.InterruptedAt);
        line.Again = again with { Answered = phone.Record.OnsetAfter(line.ClearedAt) };
    }

    /// <summary>What the vendors' logs say of the calls.</summary>
    private void Judge(List<Line> lines)
    {
        var share = OwnShare.Of(vendors.Voice, vendors.Model);
        var ears = vendors.Ears.Connections.All.Select(c => c.Sent).Where(s => s.Count > 0).ToLookup(s => s.Select(m => VoiceTurn.Of(m.Detail)).FirstOrDefault(t => t is not null)?.Split('x')[0] ?? "");
        foreach (var line in lines)
        {
            // The newest connection of this number: earlier rows had callers of the same numbers.
            var heard = ears[$"{line.Number}"].LastOrDefault() ?? [];
            var eagers = heard.Where(m => m.Kind is "EagerEndOfTurn").Select(m => m.At).ToList();
            foreach (var turn in line.Asked)
            {
                var end = heard.LastOrDefault(m => m.Kind is "EndOfTurn" or "speech_final" && m.At < turn.Answered).At;
                if (turn.Answered == 0 || end < turn.Said)
                {
                    line.Lost++;
                    continue;
                }

                line.Turn.Add(Milliseconds(end, turn.Answered));
                line.Silence.Add(Milliseconds(turn.Said, turn.Answered));
                if (share.Of(turn.Name, end, eagers, turn.Answered) is { } own)
                {
                    line.Own.Add(own.TotalMilliseconds);
                }
            }

            JudgeInterruption(line, heard);
        }
    }

    private static void JudgeInterruption(Line line, IReadOnlyList<SocketMessage> heard)
    {
        var words = heard.FirstOrDefault(m => m.At > line.InterruptedAt && m.Kind is not "SpeechStarted" && m.Detail.Length > 0).At;
        if (line.ClearedAt == 0 || words == 0)
        {
            line.Lost++;
            return;
        }

        line.Barge.Add(Milliseconds(words, line.ClearedAt));
        var end = heard.FirstOrDefault(m => m.Kind is "EndOfTurn" or "speech_final" && m.At > words).At;
        line.Stale += line.Again is { Answered: > 0 } again && again.Answered < end ? 1 : 0; // sound after the clear, before the new turn was over
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    /// <param name="Said">The caller's last sound.</param>
    /// <param name="Answered">The first audio after it; 0 for none.</param>
    private sealed record Turn(string Name, long Said, long Answered);

    private sealed class Line(int number)
    {
        public int Number { get; } = number;

        public List<Turn> Asked { get; } = [];

        public List<double> Turn { get; } = [];

        public List<double> Own { get; } = [];

        public List<double> Silence { get; } = [];

        public List<double> Greeting { get; } = [];

        public List<double> Barge { get; } = [];

        public Turn? Again { get; set; }

        public long InterruptedAt { get; set; }

        public long ClearedAt { get; set; }

        public int Stale { get; set; }

        public int Lost { get; set; }

        public int Underruns { get; set; }

        public long Frames { get; set; }

        public double Minutes { get; set; }
    }
}
