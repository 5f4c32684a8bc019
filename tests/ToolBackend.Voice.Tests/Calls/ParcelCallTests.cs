using Npgsql;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>The script that <c>./dev call dispatcher --script person</c> plays, with the model of rules and the real tools.</summary>
public sealed class ParcelCallTests(NovaVoiceFixture voice) : IClassFixture<NovaVoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_who_cuts_the_answer_short_has_the_delivery_changed_and_is_connected_to_a_person()
    {
        await using var phone = await voice.CallAsync(Cancellation);
        var caller = new ScriptedCaller(phone, TimeProvider.System);
        await new ParcelScript(wantsPerson: true).PlayAsync(caller, Cancellation);

        caller.Turns.Select(turn => turn.WasInterrupted).ShouldBe([false, true, false, false]);
        caller.Turns[0].Heard.ShouldBe("Harbor Street Parcels, how can I help you?");
        caller.Turns[1].Heard.ShouldStartWith("The parcel from Northwind Books is on its way");
        caller.Turns[1].Heard.ShouldNotContain("due tomorrow"); // the answer's end
        caller.Turns[2].Heard.ShouldStartWith("Done. the parcel from Northwind Books will be left on the back porch.");
        caller.Turns[3].Heard.ShouldStartWith("One moment, I'm connecting you to ");
        caller.Turns.Skip(1).ShouldAllBe(turn => turn.Silence < TimeSpan.FromSeconds(2));
        phone.Verbs.ShouldBe(["Connect", phone.Verbs[1], "Hangup"]);
        phone.Verbs[1].ShouldStartWith("Dial +1206555011");
        phone.Record.Clears.Count.ShouldBe(1);
        phone.Record.Violations.ShouldBeEmpty();
        (await SafePlaceAsync()).ShouldBe("on the back porch");

        // What the model was told of the answer that was cut short: the words that were heard, marked as broken off.
        var told = AskedModel.Last(voice.Language).Single(m => m.StartsWith("assistant: The parcel from", StringComparison.Ordinal));
        told.ShouldEndWith(" —");
        Words(told["assistant: ".Length..^2]).ShouldBeInRange(Words(caller.Turns[1].Heard) - 1, Words(caller.Turns[1].Heard) + 1);
        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        (call.EndedReason, call.EndedClass, call.Interruptions).ShouldBe(("assistant-forwarded-call", "normal", 1));
        call.Transcript.Where(l => l.Interrupted).Select(l => l.Text).ShouldBe([told["assistant: ".Length..^2]]);
        call.Tools.Select(t => t.Name).ShouldBe(["track_shipment", "change_delivery", "transferCall"]);
    }

    private static int Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    private async Task<string?> SafePlaceAsync()
    {
        await using var source = NpgsqlDataSource.Create(voice.ConnectionString);
        await using var command = source.CreateCommand("select safe_place from shipment where tracking_number = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = DemoSeed.CallerTrackingNumber });
        return await command.ExecuteScalarAsync(Cancellation) as string;
    }
}
