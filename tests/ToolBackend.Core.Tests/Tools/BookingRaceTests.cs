using ToolBackend.Core.Tools;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Tools;

/// <summary>Bookings under contention and repetition: rows C1, C2, C4 and C5 of the test table, in their short forms.</summary>
public sealed class BookingRaceTests(DemoDatabase database, RedisServer redis) : IClassFixture<DemoDatabase>
{
    private static readonly string s_day = DemoDatabase.FreeDay.ToString("yyyy-MM-dd");

    // The wall is out of the way: these tests are about what is committed, not about how long a busy machine takes.
    private static readonly (string, string)[] s_patient = [("Tools:WallMilliseconds", "15000"), ("Tools:WallWhenSlowMilliseconds", "15000"), ("Postgres:LockTimeoutMilliseconds", "9000"), ("Postgres:ReadTimeoutMilliseconds", "10000"), ("Postgres:WriteTimeoutMilliseconds", "30000")];

    private Task<CoreNode> NodeAsync() => CoreNode.StartAsync(database.ConnectionString, redis.Endpoint, s_patient);

    [Fact]
    public async Task C1_conflicting_attempts_from_64_clients_never_overlap_and_never_deadlock_visibly()
    {
        const int Clients = 64, Seed = 20261122;
        var attempts = LongForm.Count(25, 1_563); // 100,000 in all
        await using var node = await NodeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var random = new Random(Seed + client);
            var mine = new List<ToolAnswer>();
            for (var i = 0; i < attempts; i++)
            {
                var day = DemoDatabase.FreeDay.AddDays(random.Next(2)).ToString("yyyy-MM-dd");
                var time = new TimeOnly(9, 0).AddMinutes(5 * random.Next(80)).ToString("HH:mm");
                mine.Add(await node.CallAsync(
                    "book_appointment", $$"""{"service":"{{(random.Next(2) == 0 ? "check-up" : "consultation")}}","date":"{{day}}","time":"{{time}}","name":"Client {{client}}"}""",
                    $"c1-{client}", $"t{i}", $"+1206556{client:D4}"));
            }

            return mine;
        }));

        (await database.OverlapsAsync()).ShouldBe(0);
        var said = answers.SelectMany(a => a).ToList();
        said.Where(a => a.Failed).Select(a => a.Say).Distinct(StringComparer.Ordinal).ShouldBeEmpty($"seed {Seed}: a race may be lost, never break");
        var booked = said.Where(a => a.Say.StartsWith("Booked:", StringComparison.Ordinal)).Select(a => a.Say).Distinct(StringComparer.Ordinal).Count();
        booked.ShouldBeGreaterThan(10);
        (await database.ScalarAsync<long>("select count(*) from appointment where booked_in_call like 'c1-%'")).ShouldBe(booked, "everything confirmed is there, and nothing else");
    }

    [Fact]
    public async Task C2_one_tool_call_delivered_50_times_to_two_nodes_books_once_and_answers_the_same_bytes()
    {
        const int Keys = 10, Deliveries = 50;
        await using var one = await NodeAsync();
        await using var two = await NodeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, Keys).Select(key => Task.WhenAll(Enumerable.Range(0, Deliveries).Select(delivery => (delivery % 2 == 0 ? one : two).CallAsync(
            "book_appointment", $$"""{"service":"consultation","date":"{{DemoDatabase.FreeDay.AddDays(7):yyyy-MM-dd}}","time":"{{9 + (key / 2)}}:{{key % 2 * 30:D2}}","practitioner":"Ortiz","name":"Key {{key}}"}""",
            $"c2-{key}", "same", $"+1206557{key:D4}")))));

        foreach (var (same, key) in answers.Select((a, k) => (a, k)))
        {
            same.Select(a => a.Say).Distinct(StringComparer.Ordinal).Count().ShouldBe(1, $"key {key}: {string.Join(" | ", same.Select(a => a.Say).Distinct(StringComparer.Ordinal))}");
            (await database.ScalarAsync<long>($"select count(*) from tool_call_ledger where call_id = 'c2-{key}'")).ShouldBe(1);
        }

        var confirmed = answers.Count(a => a[0].Say.StartsWith("Booked:", StringComparison.Ordinal));
        confirmed.ShouldBeGreaterThan(4);
        (await database.ScalarAsync<long>("select count(*) from appointment where booked_in_call like 'c2-%'")).ShouldBe(confirmed);
    }

    [Fact]
    public async Task C4_the_same_key_with_other_arguments_is_refused_and_the_original_is_untouched()
    {
        await using var node = await NodeAsync();
        var first = await node.CallAsync("book_appointment", Booking("cleaning", s_day, "10:00", "Cee Four"), "c4", "t1", "+12065580001");
        var other = await node.CallAsync("book_appointment", Booking("cleaning", s_day, "13:00", "Cee Four"), "c4", "t1", "+12065580001");
        var again = await node.CallAsync("book_appointment", Booking("cleaning", s_day, "10:00", "Cee Four"), "c4", "t1", "+12065580001");

        first.Say.ShouldStartWith("Booked: Cleaning with Dana Whitfield");
        other.ShouldBe(new ToolAnswer("That request was mixed up with an earlier one and was not carried out. Ask the caller to say again what they want.", true));
        again.ShouldBe(first);
        (await database.ScalarAsync<long>("select count(*) from appointment where booked_in_call = 'c4'")).ShouldBe(1);
    }

    [Fact]
    public async Task C5_the_same_act_under_two_tool_call_ids_is_one_booking_with_one_confirmation()
    {
        await using var node = await NodeAsync();
        // Each round a caller who was not known before, because then the customer, too, comes into being between two reads of the other.
        for (var round = 0; round < LongForm.Count(20, 2_000); round++)
        {
            var (call, phone) = ($"c5-{round}", $"+1206558{1000 + round:D4}");
            var both = await Task.WhenAll(
                node.CallAsync("book_appointment", Booking("cleaning", s_day, "14:00", "Cee Five"), call, "t1", phone),
                node.CallAsync("book_appointment", Booking("cleaning", s_day, "2 PM", "Cee Five"), call, "t2", phone));
            var later = await node.CallAsync("book_appointment", Booking("cleaning", s_day, "2:00 pm", "Cee Five"), call, "t3", phone);

            both[0].Say.ShouldStartWith("Booked: Cleaning with Dana Whitfield", customMessage: $"round {round}");
            both[1].ShouldBe(both[0], $"round {round}");
            later.ShouldBe(both[0], $"round {round}");
            (await database.ScalarAsync<long>($"with freed as (delete from appointment where booked_in_call = '{call}' returning 1) select count(*) from freed")).ShouldBe(1);
        }
    }

    private static string Booking(string service, string date, string time, string name) =>
        $$"""{"service":"{{service}}","date":"{{date}}","time":"{{time}}","name":"{{name}}"}""";
}
