using System.Net;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.Voice.Tests.Calls;

namespace ToolBackend.Voice.Tests.Hosting;

/// <summary>What the host writes of the requests of a call, in the environment of a developer.</summary>
public sealed class RequestLogTests(VoiceFixture voice) : IClassFixture<VoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_one_line_without_a_number_and_a_flood_of_refused_ones_is_a_few()
    {
        await using (var phone = await voice.CallAsync(Cancellation))
        {
            await phone.ListenAsync(Cancellation);
            await phone.HangUpAsync();
            await phone.Over.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        }

        await Testing.Eventually.IsTrueAsync(() => Task.FromResult(Lines("/twilio/").Count >= 3), TimeSpan.FromSeconds(5), "requests were not logged");
        Lines("POST /twilio/voice 200 in ").ShouldHaveSingleItem();
        Lines("GET /twilio/media 101 in ").ShouldHaveSingleItem();
        Lines("Request starting").ShouldBeEmpty();
        Lines("endpoint").ShouldBeEmpty();
        Lines(DemoSeed.CallerPhone[1..]).ShouldBeEmpty();

        using var http = new HttpClient();
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 200; i++)
        {
            using var form = new FormUrlEncodedContent([new("CallSid", "CA1")]);
            (await http.PostAsync(voice.Url + "/twilio/voice", form, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        var seconds = (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds + 2; // begun ones count
        Lines("POST /twilio/voice 403 in ").Count.ShouldBeInRange(10, 10 * seconds);
    }

    private List<string> Lines(string part) => [.. voice.Log.Lines.Where(l => l.Contains(part, StringComparison.Ordinal))];
}
