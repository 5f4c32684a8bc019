using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Tests.Tools;
using ToolBackend.LocalStack.Faults;
using ToolBackend.Testing;

namespace ToolBackend.Core.Tests.Calls;

public sealed class CallerGreetingTests(DemoDatabase database, PostgresCluster cluster) : IClassFixture<DemoDatabase>
{
    private static readonly Dictionary<string, string> s_unknown = new(StringComparer.Ordinal)
    {
        ["callerKnown"] = "no", ["callerFirstName"] = "", ["nextAppointment"] = "none", ["openShipments"] = "none",
    };

    private static Task<Greeting> GreetAsync(CoreNode node, string? caller) =>
        node.Services.GetRequiredService<CallerGreeting>().GetAsync(CoreNode.Call("call", "m", caller));

    [Fact]
    public async Task A_known_caller_is_known_before_the_first_word()
    {
        await using var node = await CoreNode.StartAsync(
            database.ConnectionString, null, ("Calls:DefaultAssistantId", "default"), ("Calls:GreetingDeadlineMilliseconds", "5000"), ("Postgres:ReadTimeoutMilliseconds", "5000"));
        var greeting = await GreetAsync(node, ToolDesk.Ana);

        greeting.AssistantId.ShouldBe("default");
        greeting.SquadId.ShouldBeNull();
        greeting.Variables["callerKnown"].ShouldBe("yes");
        greeting.Variables["callerFirstName"].ShouldBe("Ana");
        greeting.Variables["nextAppointment"].ShouldBe($"a check-up with Doctor Alice Nguyen {ToolDesk.On(ToolDesk.Workday(3))} at 10 AM");
        greeting.Variables["openShipments"].ShouldBe("one from Cascade Outfitters, ready to be picked up, and one from Northwind Books, due tomorrow");

        (await GreetAsync(node, "+12065559999")).Variables.ShouldBe(s_unknown, ignoreOrder: true);
        (await GreetAsync(node, null)).Variables.ShouldBe(s_unknown, ignoreOrder: true);
    }

    [Fact]
    public async Task The_lines_own_assistant_or_squad_answers()
    {
        await database.ExecuteAsync("insert into phone_line (number, squad_id) values ('+12065550188', 'squad-1'), ('+12065550189', null); update phone_line set assistant_id = 'line-1' where number = '+12065550189'");
        await using var node = await CoreNode.StartAsync(
            database.ConnectionString, null, ("Calls:DefaultAssistantId", "default"), ("Calls:GreetingDeadlineMilliseconds", "5000"), ("Postgres:ReadTimeoutMilliseconds", "5000"));
        var greeting = node.Services.GetRequiredService<CallerGreeting>();

        var squad = await greeting.GetAsync(CoreNode.Call("c", "m", null) with { Line = Core.Speech.PhoneNumber.Parse("+12065550188") });
        (squad.AssistantId, squad.SquadId).ShouldBe((null, "squad-1"));
        var line = await greeting.GetAsync(CoreNode.Call("c", "m", null) with { Line = Core.Speech.PhoneNumber.Parse("+12065550189") });
        (line.AssistantId, line.SquadId).ShouldBe(("line-1", null));
        (await greeting.GetAsync(CoreNode.Call("c", "m", null) with { Line = null })).AssistantId.ShouldBe("default");
    }

    [Fact]
    public async Task When_the_database_hangs_the_call_is_answered_in_time_with_an_unknown_caller()
    {
        await using var proxy = FaultyProxy.Start(cluster.Server.Port);
        var proxied = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString;
        await using var node = await CoreNode.StartAsync(proxied, null, ("Calls:DefaultAssistantId", "default"), ("Calls:GreetingDeadlineMilliseconds", "45"));
        await GreetAsync(node, null); // code is warm, the caller is not in the cache
        proxy.Apply(new ProxyFaults { Mode = ProxyMode.BlackHole });

        var watch = Stopwatch.StartNew();
        var greeting = await GreetAsync(node, ToolDesk.Ana);

        // The deadline is 45 ms; the rest is for a machine that runs other things as well.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMilliseconds(400));
        greeting.AssistantId.ShouldBe("default");
        greeting.Variables.ShouldBe(s_unknown, ignoreOrder: true);
        proxy.Heal();
    }
}
