using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>Which desk a transfer goes to, by the clock on the desks' wall (Seattle).</summary>
public sealed class TransferDestinationTests(TransferDestinationTests.Clocked api) : IClassFixture<TransferDestinationTests.Clocked>
{
    // 2026-12-01 is a Tuesday.
    [Theory]
    [InlineData("2026-12-01T10:00", null, "+12065550110", "Front desk")]
    [InlineData("2026-12-01T10:00", "billing", "+12065550111", "Billing")]
    [InlineData("2026-12-01T10:00", "PARCELS", "+12065550112", "Parcel desk")]
    [InlineData("2026-12-01T17:30", "billing", "+12065550110", "Front desk")] // billing has gone home: any open desk is better than none
    [InlineData("2026-12-01T19:00", null, "+12065550112", "Parcel desk")]
    [InlineData("2026-12-05T13:59", "appointments", "+12065550110", "Front desk")] // Saturday until two
    [InlineData("2026-12-05T14:00", "appointments", "+12065550112", "Parcel desk")]
    [InlineData("2026-12-06T03:00", "billing", "+12065550113", "Night line")] // Sunday night: around the clock
    public async Task The_open_desk_with_the_skill_takes_the_call(string wall, string? skill, string number, string desk)
    {
        var answer = await AskAsync(wall, skill);
        answer["destination"]!["type"]!.GetValue<string>().ShouldBe("number");
        answer["destination"]!["number"]!.GetValue<string>().ShouldBe(number);
        answer["message"]!["content"]!.GetValue<string>().ShouldBe($"One moment, I'm connecting you to {desk}.");
        answer["error"].ShouldBeNull();
    }

    [Fact]
    public async Task Outside_opening_hours_the_model_is_told_when_people_are_back()
    {
        await api.QueryAsync("update desk set active = false where name = 'Night line'");
        try
        {
            await UntilAsync(async () => (await AskAsync("2026-12-06T03:00", null))["error"] is not null);
            (await AskAsync("2026-12-01T22:00", null))["error"]!.GetValue<string>().ShouldBe("Nobody is there to take the call now. Tell the caller that people are there again tomorrow at 7 AM.");
            (await AskAsync("2026-12-05T22:00", "billing"))["error"]!.GetValue<string>().ShouldContain("Monday, December 7th at 7 AM");
        }
        finally
        {
            await api.QueryAsync("update desk set active = true where name = 'Night line'");
            await UntilAsync(async () => (await AskAsync("2026-12-06T03:00", null))["error"] is null);
        }
    }

    [Theory]
    [InlineData("""{"skill":7,"other":null}""")]
    [InlineData("""{"skill":{"a":[]}}""")]
    [InlineData("[]")]
    [InlineData("\"billing\"")]
    public async Task Odd_parameters_are_only_a_hint(string parameters)
    {
        api.Clock.Now = At("2026-12-01T10:00");
        var message = Message.Of("transfer-destination-request");
        message["parameters"] = JsonNode.Parse(parameters);
        (await api.Node.PostAsync(message)).Json["destination"]!["number"]!.GetValue<string>().ShouldBe("+12065550110");
    }

    private static DateTimeOffset At(string wall) =>
        NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm").Parse(wall).Value.InZoneStrictly(DateTimeZoneProviders.Tzdb["America/Los_Angeles"]).ToDateTimeOffset();

    private async Task<JsonObject> AskAsync(string wall, string? skill)
    {
        api.Clock.Now = At(wall);
        var message = Message.Of("transfer-destination-request");
        if (skill is not null)
        {
            message["parameters"] = new JsonObject { ["department"] = skill };
        }

        return (await api.Node.PostAsync(message)).Json.AsObject();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public sealed class Clocked(PostgresCluster cluster, RedisServer redis) : PatientApi(cluster, redis)
    {
        public SetClock Clock { get; } = new();

        protected override Action<WebApplicationBuilder> Adjust => builder => builder.Services.AddSingleton<TimeProvider>(Clock);
    }
}
