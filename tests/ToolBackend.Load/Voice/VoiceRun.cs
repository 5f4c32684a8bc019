using System.Diagnostics;
using ToolBackend.Load.Children;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.Sockets;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;

namespace ToolBackend.Load.Voice;

/// <summary>So many calls at once, each a few turns.</summary>
internal sealed class VoiceRun(ServerProcess server, DeepgramSimulator deepgram, string url, string authToken)
{
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(25);

    public async Task<VoiceRow> RunAsync(string assistant, int calls, int turns, CancellationToken cancellation)
    {
        var before = await server.ReadGaugeAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        var lines = new List<Line>();
        var running = new List<Task>();
        var peak = before.WorkingSetBytes;
        for (var i = 0; i < calls; i++)
        {
            var line = new Line(i);
            lines.Add(line);
            running.Add(TalkAsync(line, turns, cancellation));
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(200, 8000.0 / calls)), cancellation); // calls do not come in the same millisecond, nor speak in step
        }

        var all = Task.WhenAll(running);
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(1000, cancellation));
            peak = Math.Max(peak, (await server.ReadGaugeAsync(cancellation)).WorkingSetBytes);
        }

        await all;
        var after = await server.ReadGaugeAsync(cancellation);
        var minutes = lines.Sum(l => l.Minutes);
        List<double> Sorted(Func<Line, IEnumerable<double>> of) => [.. lines.SelectMany(of).Order()];
        return new VoiceRow(
            assistant, calls, lines.Sum(l => l.Turn.Count), lines.Sum(l => l.Lost), Sorted(l => l.Turn), Sorted(l => l.Silence), Sorted(l => l.Greeting),
            (after.CpuMicroseconds - before.CpuMicroseconds) / 1e6 / minutes, (peak - before.WorkingSetBytes) / 1024.0 / calls, lines.Sum(l => l.Underruns));
    }

    private async Task TalkAsync(Line line, int turns, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var phone = await TwilioPhone.CallAsync(
            new PhoneOptions { VoiceUrl = url + "/twilio/voice", StatusCallback = url + "/twilio/status", AuthToken = authToken, From = $"+1206555{line.Number % 9000 + 1000:0000}" }, cancellation);
        await phone.ListenAsync(cancellation, patience: s_turn);
        line.Greeting.Add(Milliseconds(phone.StreamStarted, phone.Record.Onsets[0]));
        SimulatedConnection? ears = null;
        for (var turn = 0; turn < turns; turn++)
        {
            var onsets = phone.Record.Onsets.Count;
            await phone.SayAsync($"Caller{line.Number}x{turn} asks where it is.", cancellation);
            var said = phone.Record.Said[^1].At;
            try
            {
                await phone.ListenAsync(cancellation, patience: s_turn);
            }
            catch (TimeoutException)
            {
                line.Lost++;
                continue;
            }

            ears ??= deepgram.Connections.All.LastOrDefault(c => c.Sent.Any(m => m.Detail.Contains($"Caller{line.Number}x", StringComparison.OrdinalIgnoreCase)));
            var answered = phone.Record.Onsets.Skip(onsets).FirstOrDefault();
            var final = ears?.Sent.LastOrDefault(m => m.Kind is "EndOfTurn" or "speech_final" && m.At < answered);
            if (answered == 0 || final is not { } end || end.At < said)
            {
                line.Lost++;
                continue;
            }

            line.Turn.Add(Milliseconds(end.At, answered));
            line.Silence.Add(Milliseconds(said, answered));
        }

        line.Underruns = phone.Record.Underruns;
        line.Minutes = Stopwatch.GetElapsedTime(started).TotalMinutes;
        await phone.HangUpAsync();
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private sealed class Line(int number)
    {
        public int Number { get; } = number;

        public List<double> Turn { get; } = [];

        public List<double> Silence { get; } = [];

        public List<double> Greeting { get; } = [];

        public int Lost { get; set; }

        public int Underruns { get; set; }

        public double Minutes { get; set; }
    }
}
