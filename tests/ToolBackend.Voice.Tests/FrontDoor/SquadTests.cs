using System.Text.Json.Nodes;
using Npgsql;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Vapi.Bypass;
using ToolBackend.Testing;

namespace ToolBackend.Voice.Tests.FrontDoor;

/// <summary>The directory has all the time it needs: a line whose squad is not known in time is its assistant's.</summary>
public sealed class SquadFixture(PostgresCluster cluster, RedisServer redis) : FrontDoorFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings, StringComparer.Ordinal) { ["Calls:GreetingDeadlineMilliseconds"] = "5000" };
}

/// <summary>A line that a squad takes: Vapi gets the squad, and when it loses the call, the member that talked last goes on here.</summary>
public sealed class SquadTests(SquadFixture voice) : IClassFixture<SquadFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_member_that_a_caller_was_handed_to_goes_on_with_them()
    {
        await using (var database = NpgsqlDataSource.Create(voice.ConnectionString)) // before the directory is read for the first time
        {
            await using var line = database.CreateCommand("insert into phone_line (number, squad_id) values ($1, 'squad-1') on conflict (number) do update set squad_id = 'squad-1', assistant_id = null");
            line.Parameters.AddWithValue(FrontDoorFixture.Line);
            (await line.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
        }

        voice.MakeWell();
        var made = new List<JsonObject>();
        voice.Bypass = call =>
        {
            made.Add((JsonObject)call.DeepClone());
            return new BypassPlan
            {
                Reply = _ => new BypassReply("Harbor Street Parcels, this is Vapi.") { HandsOverTo = "dispatcher" },
                Death = BypassDeath.ToldLater,
                DiesAfter = TimeSpan.FromSeconds(10),
            };
        };
        voice.Language.Script = request => CompletionAnswer.Say(request.Tools.Contains("track_shipment") ? "Parcels here." : "Appointments here.");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Where is my parcel?", Cancellation);
        await phone.HearAsync("Parcels", Cancellation);
        await phone.HearAsync("cut off", Cancellation, TimeSpan.FromSeconds(30));
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("Are you still there?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Parcels here.");
        await phone.HangUpAsync();

        var asked = made.ShouldHaveSingleItem();
        (asked["squadId"]?.ToString(), asked.ContainsKey("assistantId")).ShouldBe(("squad-1", false));
        asked["squadOverrides"]!["variableValues"].ShouldBeOfType<JsonObject>();
        asked.ContainsKey("assistantOverrides").ShouldBeFalse();
        phone.Record.Violations.ShouldBeEmpty();
    }
}
