using System.Globalization;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Load.Bench;
using ToolBackend.Load.Demo;

namespace ToolBackend.Load.Drills;

/// <summary><c>./dev drill NAME | all</c>: live calls, a fault, what the callers heard, and a verdict.</summary>
internal static class DrillVerb
{
    /// <summary>Calls whose every word is printed; of the others only how they ended.</summary>
    private const int Printed = 3;

    private const string Usage = "./dev drill NAME [--callers N], with NAME one of ";

    /// <returns>0 when no call was lost, else 1.</returns>
    /// <exception cref="LoadException">There is no such drill, or one did not come to its end.</exception>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellation)
    {
        var (drills, callers) = Parse(arguments);
        await using var servers = await BenchServers.StartAsync(cancellation);
        var results = new List<DrillResult>();
        foreach (var drill in drills)
        {
            await using var database = await servers.BookingsAsync(cancellation);
            await DemoSeed.RunAsync(database, today: null, cancellation);
            results.Add(await DrillRun.PlayAsync(drill, callers, servers.ApiEnvironment(database, "drill"), servers.Authentication.Secret!, cancellation));
            Print(results[^1], new Transcript(output));
        }

        if (results.Count > 1)
        {
            await output.WriteLineAsync(results.TrueForAll(r => r.IsGood) ? $"All {results.Count} drills: no call lost" : $"Calls were lost: {string.Join(", ", results.Where(r => !r.IsGood).Select(r => r.Drill.Name))}");
        }

        return results.TrueForAll(r => r.IsGood) ? 0 : 1;
    }

    private static (IReadOnlyList<Drill> Drills, int? Callers) Parse(string[] arguments)
    {
        var names = string.Join(", ", Drill.All.Select(d => d.Name).Append("all"));
        int? callers = arguments is [_, "--callers", var count] && int.TryParse(count, CultureInfo.InvariantCulture, out var parsed) && parsed is > 0 and <= 50 ? parsed : null;
        if (arguments is not [var name] && callers is null)
        {
            throw new LoadException($"Which drill? {Usage}{names}; N is 1 to 50.");
        }

        IReadOnlyList<Drill> drills = arguments[0] == "all" ? Drill.All : [.. Drill.All.Where(d => d.Name == arguments[0])];
        return drills.Count > 0 ? (drills, callers) : throw new LoadException($"There is no drill {arguments[0]}. {Usage}{names}.");
    }

    private static void Print(DrillResult result, Transcript transcript)
    {
        transcript.Title($"{result.Drill.Name}: {result.Drill.What}");
        foreach (var call in result.Calls.Where(c => c.Complaint is not null).Concat(result.Calls.Where(c => c.Complaint is null)).Take(Printed))
        {
            transcript.Note("");
            transcript.Note($"call {call.Caller + 1}, rang for {Seconds(call.Ringing)}{(call.FirstSound is { } sound ? $"; first sound {Seconds(sound)} after the break" : "")}");
            foreach (var moment in call.Moments)
            {
                transcript.Says(moment.Who, $"{moment.At.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),5} s  {moment.Words}", moment.Who switch { "caller" => "36", "Vapi" => "35", _ => "32" });
            }

            if (call.Complaint is { } complaint)
            {
                transcript.Failure(complaint);
            }
        }

        transcript.Note("");
        transcript.Note($"{result.Calls.Count} calls; rang for {Spread(result.Calls.Select(c => c.Ringing))}");
        transcript.Note(result.Calls.Any(c => c.FirstSound is not null) ? $"first sound after the break: {Spread(result.Calls.Select(c => c.FirstSound).OfType<TimeSpan>())}" : "");
        transcript.Note($"silence before the last answer: {Spread(result.Calls.Select(c => c.Answer).OfType<TimeSpan>())}");
        if (result.Complaint is { } wrong)
        {
            transcript.Failure(wrong);
        }

        transcript.Title($"verdict: {(result.IsGood ? "no call lost" : result.Lost > 0 ? $"{result.Lost} of {result.Calls.Count} calls lost" : "no call lost, but something else is wrong")}");
        transcript.Note("");
    }

    private static string Spread(IEnumerable<TimeSpan> spans) => spans.Order().ToList() is [_, ..] all ? $"p50 {Seconds(all[all.Count / 2])}, longest {Seconds(all[^1])}" : "-";

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.00} s");
}
