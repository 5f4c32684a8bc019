using System.Text.Json.Nodes;
using ToolBackend.Core.Data.Seeding;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>Who takes a call, and what the assistant knows of the caller before the first word.</summary>
public sealed class AssistantRequestTests(PatientApi api) : IClassFixture<PatientApi>
{
    private const string DefaultId = "assistant-by-default";

    [Fact]
    public async Task A_known_caller_is_greeted_by_name_and_with_what_is_coming()
    {
        var answer = await AskAsync(DemoSeed.CallerPhone, DemoSeed.CarrierLine);
        answer.Select(m => m.Key).ShouldBe(["assistantId", "assistantOverrides"]);
        answer["assistantId"]!.GetValue<string>().ShouldBe(DefaultId);
        var values = answer["assistantOverrides"]!["variableValues"]!;
        values["callerKnown"]!.GetValue<string>().ShouldBe("yes");
        values["callerFirstName"]!.GetValue<string>().ShouldBe("Ana");
        values["nextAppointment"]!.GetValue<string>().ShouldStartWith("a check-up with Doctor Alice Nguyen ");
        values["openShipments"]!.GetValue<string>().ShouldContain("one from Northwind Books");
    }

    [Theory]
    [InlineData("+12065559999")] // never called before
    [InlineData(null)] // a web call
    [InlineData("anonymous")]
    [InlineData("Restricted")]
    [InlineData("+266696687")] // ANONYMOUS on the keys: what carriers send in place of a number
    public async Task An_unknown_or_withheld_caller_leaves_no_template_unfilled(string? caller)
    {
        var values = (await AskAsync(caller, DemoSeed.CarrierLine))["assistantOverrides"]!["variableValues"]!.AsObject();
        values.ToDictionary(v => v.Key, v => v.Value!.GetValue<string>()).ShouldBe(
            new Dictionary<string, string> { ["callerKnown"] = "no", ["callerFirstName"] = "", ["nextAppointment"] = "none", ["openShipments"] = "none" }, ignoreOrder: true);
    }

    [Fact]
    public async Task Whoever_withholds_their_number_shares_nothing_with_others_who_do()
    {
        await api.QueryAsync("insert into customer (phone, name) values ('+266696687', 'Somebody Anonymous') on conflict do nothing");
        var booking = """{"service":"Check-up","date":"tomorrow","time":"10 AM","name":"Ana Silva"}""";
        (await api.PostToolCallAsync("book_appointment", booking, caller: "+266696687")).Say.ShouldContain("number is not visible");
        (await AskAsync("+266696687", DemoSeed.CarrierLine)).ToJsonString().ShouldNotContain("Somebody");
    }

    [Fact]
    public async Task A_line_with_its_own_assistant_or_squad_keeps_it()
    {
        await api.QueryAsync("insert into phone_line (number, assistant_id, squad_id) values ('+12065550188', 'assistant-of-the-line', null), ('+12065550189', null, 'squad-of-the-line')");
        await UntilAsync(async () => (await AskAsync(null, "+12065550188"))["assistantId"]?.GetValue<string>() == "assistant-of-the-line");
        var squad = await AskAsync(null, "+12065550189");
        squad.Select(m => m.Key).ShouldBe(["squadId", "squadOverrides"]);
        squad["squadId"]!.GetValue<string>().ShouldBe("squad-of-the-line");
        squad["squadOverrides"]!["variableValues"]!["callerKnown"]!.GetValue<string>().ShouldBe("no");
    }

    [Fact]
    public async Task A_line_without_an_assistant_says_so_and_ends()
    {
        await using var node = await api.StartNodeAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Calls:DefaultAssistantId"] = null });
        var answer = (await node.PostAsync(Message.Of("assistant-request"))).Json.AsObject();
        answer.ShouldHaveSingleItem().Key.ShouldBe("error");
        answer["error"]!.GetValue<string>().ShouldBe("I'm sorry, nobody can take your call on this line right now. Please try again later.");
    }

    private async Task<JsonObject> AskAsync(string? caller, string line) => (await api.Node.PostAsync(Message.Of("assistant-request", caller, line))).Json.AsObject();

    /// <summary>The directory is cached; a change is heard of within milliseconds.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
