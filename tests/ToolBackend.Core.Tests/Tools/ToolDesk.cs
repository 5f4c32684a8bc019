using System.Text.Json;
using NodaTime;
using ToolBackend.Core.Speech;
using ToolBackend.Core.Tools;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Tools;

/// <summary>One node on one demo database, for the tests of one tool: what a caller says goes in, what they hear comes out.</summary>
public sealed class ToolDesk(PostgresCluster cluster) : IAsyncLifetime
{
    public const string Ana = "+12065550142", Marcus = "+12065550143", Priya = "+12065550144", Tom = "+12065550145", Grace = "+12065550146";

    /// <summary>The clinic's zone, and that of all parcels.</summary>
    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/Los_Angeles"];

    private CoreNode? _node;
    private int _calls;

    public DemoDatabase Database { get; } = new(cluster);

    public static LocalDate Today => Now.InZone(Zone).Date;

    public static Instant Now => Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow());

    /// <summary>A Tuesday with nothing booked, two to three weeks ahead.</summary>
    public static LocalDate Tuesday { get; } = LocalDate.FromDateOnly(DemoDatabase.FreeDay);

    internal CoreNode Node => _node!;

    /// <summary>"Thursday, December 3rd" as the tools say it.</summary>
    public static string Said(LocalDate day) => Phrases.Day(day, Today);

    /// <summary>"on Thursday, December 3rd", "today".</summary>
    public static string On(LocalDate day) => Phrases.OnDay(day, Today);

    /// <summary>The n-th working day (Monday to Friday) after today, as the demo data counts.</summary>
    public static LocalDate Workday(int n) =>
        Enumerable.Range(1, 60).Select(days => Today.PlusDays(days)).Where(d => d.DayOfWeek < IsoDayOfWeek.Saturday).ElementAt(n - 1);

    public static string Iso(LocalDate day) => day.ToString("uuuu-MM-dd", null);

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();

        // Deadlines are out of the way: these tests are about what is said, not about how long a busy machine takes.
        _node = await CoreNode.StartAsync(
            Database.ConnectionString, null, ("Tools:ReadDeadlineMilliseconds", "15000"), ("Tools:WallMilliseconds", "15000"), ("Tools:WallWhenSlowMilliseconds", "15000"),
            ("Postgres:LockTimeoutMilliseconds", "9000"), ("Postgres:ReadTimeoutMilliseconds", "10000"), ("Postgres:WriteTimeoutMilliseconds", "30000"));
    }

    public string NewCall() => $"call-{Interlocked.Increment(ref _calls)}";

    /// <summary>One tool call; in a call of its own unless one is given. Each is a message of its own.</summary>
    public async Task<string> SayAsync(string tool, object arguments, string? caller = Ana, string? call = null, string? message = null) =>
        (await AnswerAsync(tool, arguments, caller, call, message)).Say;

    public Task<ToolAnswer> AnswerAsync(string tool, object arguments, string? caller = Ana, string? call = null, string? message = null) =>
        Node.CallAsync(tool, JsonSerializer.Serialize(arguments), call ?? NewCall(), $"tool-{Interlocked.Increment(ref _calls)}", caller, message);

    public Task<long> CountAsync(string fromAndWhere) => Database.ScalarAsync<long>("select count(*) from " + fromAndWhere);

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        await Database.DisposeAsync();
    }
}
