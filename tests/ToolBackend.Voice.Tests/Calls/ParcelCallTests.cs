using Npgsql;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>The script that <c>./dev call dispatcher --script parcel</c> plays, with the model of rules and the real tools.</summary>
public sealed class ParcelCallTests(NovaVoiceFixture voice) : IClassFixture<NovaVoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_who_cuts_the_answer_short_has_the_delivery_changed()
    {
        await using var phone = await voice.CallAsync(Cancellation);
        var caller = new ScriptedCaller(phone, TimeProvider.System);
        await new ParcelScript().PlayAsync(caller, Cancellation);

        caller.Turns.Select(turn => turn.WasInterrupted).ShouldBe([false, true, false, false]);
        caller.Turns[1].Heard.ShouldStartWith("The parcel from Northwind Books is on its way");
        caller.Turns[1].Heard.ShouldNotContain("due tomorrow"); // the answer's end
        caller.Turns[2].Heard.ShouldStartWith("Done. the parcel from Northwind Books will be left on the back porch.");
        caller.Turns[3].Heard.ShouldBe("Thanks for calling. Goodbye.");
        phone.Record.Clears.Count.ShouldBe(1);
        phone.Record.Violations.ShouldBeEmpty();
        (await SafePlaceAsync()).ShouldBe("on the back porch");
    }

    private async Task<string?> SafePlaceAsync()
    {
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await using var command = source.CreateCommand("select safe_place from shipment where tracking_number = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = DemoSeed.CallerTrackingNumber });
        return await command.ExecuteScalarAsync(Cancellation) as string;
    }
}
