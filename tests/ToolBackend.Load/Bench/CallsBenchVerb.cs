using System.Globalization;
using System.Text;
using Npgsql;
using ToolBackend.Load.Children;
using ToolBackend.Load.Driver;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Load.Bench;

/// <summary>
/// <c>./dev bench calls</c>: event intake (durable before the answer) over an empty database and over one with 1,000,000 calls and 5,000,000 events, in turns, and
/// the operator's queries over the large one.
/// </summary>
internal static class CallsBenchVerb
{
    private const string IntakeEmpty = "intake, empty database", IntakeFull = "intake, large database", FirstPage = "GET /calls, first page", Filtered = "GET /calls, filtered", ById = "GET /calls/{id}";
    private const long Calls = 1_000_000, QuickCalls = 50_000;
    private const int EventBytes = 4_000;
    private const double EventRate = 500, QueryRate = 50;
    private static readonly TimeSpan s_foldDeadline = TimeSpan.FromMinutes(2), s_look = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellation)
    {
        var options = BenchOptions.Parse(arguments);
        var calls = options.IsQuick ? QuickCalls : Calls;
        await using var servers = await BenchServers.StartAsync(cancellation);
        await using var empty = await servers.EmptyCallsAsync(cancellation);
        await using var full = await servers.CallsAsync(calls, output, cancellation);
        await using var emptyApi = await servers.StartApiAsync(empty, "bench-calls-empty", cancellation);
        await using var fullApi = await servers.StartApiAsync(full, "bench-calls-full", cancellation);
        using var signer = new WebhookSigner(servers.Authentication);
        var requests = new WebhookRequests(signer, TimeProvider.System);
        var (intoEmpty, intoFull) = (new CallEvents(emptyApi, requests, TimeProvider.System), new CallEvents(fullApi, requests, TimeProvider.System));
        var queries = new CallQueries(fullApi, servers.OperatorKey, await CallQueries.SampleAsync(full, 2_000, cancellation));

        // No 32 connections: so many operators at once are refused, which is a limit and not a speed.
        IReadOnlyList<Mode> asked = [Mode.One, Mode.Open(QueryRate)];
        IReadOnlyList<BenchRow> rows =
        [
            new(IntakeEmpty, null, emptyApi, EventRate, _ => Task.FromResult(intoEmpty.Next(EventBytes)), stop => FoldedAsync(empty, stop)),
            new(IntakeFull, IntakeEmpty, fullApi, EventRate, _ => Task.FromResult(intoFull.Next(EventBytes)), stop => FoldedAsync(full, stop)),
            new(FirstPage, null, fullApi, QueryRate, _ => Task.FromResult(queries.FirstPage())) { Modes = asked },
            new(Filtered, null, fullApi, QueryRate, _ => Task.FromResult(queries.Filtered())) { Modes = asked },
            new(ById, null, fullApi, QueryRate, _ => Task.FromResult(queries.ById())) { Modes = asked },
        ];
        var run = new BenchRun(options, rows, output);
        await run.RunAsync(cancellation);
        List<Figures> figures = [.. rows.SelectMany(row => row.Modes.Select(mode => Figures.Of(row, mode, run.Samples)))];
        var report = new BenchReport(
            TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), BenchReport.ThisMachine, Repository.Commit(),
            $"./dev bench calls {string.Join(' ', arguments)}".TrimEnd(), options.Seed, figures, [], [], Marks(figures, calls));
        await output.WriteLineAsync("\n" + report.ToMarkdown());
        return 0;
    }

    /// <summary>Events are folded after their answer. What the flood of a closed loop left is no part of the stretch after it.</summary>
    private static async Task FoldedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_foldDeadline);
        await using var command = database.CreateCommand("select exists (select from call_fold_queue)");
        while (await command.ExecuteScalarAsync(limit.Token) is true)
        {
            await Task.Delay(s_look, limit.Token);
        }
    }

    private static List<Mark> Marks(List<Figures> figures, long calls)
    {
        Figures At(string row, string mode) => figures.Find(f => f.Row == row && f.Mode == mode)!;
        var (mass, events, asked) = (Mode.Many.Name, Mode.Open(EventRate).Name, Mode.Open(QueryRate).Name);
        return
        [
            new($"intake at {EventRate:0}/s, empty: p99", At(IntakeEmpty, events).P99, " ms", 30),
            new($"intake at {EventRate:0}/s, {calls:N0} calls: p99", At(IntakeFull, events).P99, " ms", 30),
            new($"intake rate, empty against {calls:N0} calls, 32 connections", 1 / At(IntakeFull, mass).OfRaw!.Value, "×", 1.2),
            new("GET /calls, first page: p99", At(FirstPage, asked).P99, " ms", 50),
            new("GET /calls, filtered: p99", At(Filtered, asked).P99, " ms", 50),
            new("GET /calls/{id}: p99", At(ById, asked).P99, " ms", 50),
            new("errors in all rows", figures.Sum(f => f.Errors), "", 0),
        ];
    }
}

/// <summary>The operator's questions, over calls that are there.</summary>
internal sealed class CallQueries(ServerProcess server, string operatorKey, IReadOnlyList<(string CallId, string Caller)> calls)
{
    public static async Task<IReadOnlyList<(string CallId, string Caller)>> SampleAsync(NpgsqlDataSource database, int count, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select call_id, caller from call tablesample system (1) where caller is not null limit {count}");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(string, string)>(count);
        while (await row.ReadAsync(cancellation))
        {
            found.Add((row.GetString(0), row.GetString(1)));
        }

        return found.Count > 0 ? found : throw new LoadException("No calls in the database.");
    }

    public Workload FirstPage()
    {
        var request = Get("/calls");
        return new Workload(server.Port, _ => request, HasItems);
    }

    /// <summary>By caller, by class, by assistant, by a word of the transcript, in turns.</summary>
    public Workload Filtered() => new(server.Port, n => Get((n % 4) switch
    {
        0 => "/calls?caller=" + Uri.EscapeDataString(calls[(int)(n % calls.Count)].Caller),
        1 => "/calls?class=platform",
        2 => "/calls?assistant=dispatcher&status=ended",
        _ => "/calls?q=bookshop",
    }), HasItems);

    public Workload ById() => new(server.Port, n => Get("/calls/" + calls[(int)(n % calls.Count)].CallId), static body => body.IndexOf("\"callId\""u8) >= 0 ? Verdict.AsExpected : Verdict.Wrong);

    private byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {operatorKey}\r\n\r\n");

    private static Verdict HasItems(ReadOnlySpan<byte> body) => body.IndexOf("\"callId\""u8) >= 0 ? Verdict.AsExpected : Verdict.Wrong;
}
