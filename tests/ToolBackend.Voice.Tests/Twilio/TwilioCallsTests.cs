using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.Vapi.Twilio;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Twilio;

namespace ToolBackend.Voice.Tests.Twilio;

public sealed class TwilioCallsTests
{
    [Theory]
    [InlineData("CA00000000000000000000000000000001", 4001)]
    [InlineData("not-a-call", 100)]
    public async Task What_REST_does_not_take_is_left_to_the_answer_after_the_stream(string callSid, int characters)
    {
        await using var twilio = await TwilioRestSimulator.StartAsync(new TwilioRestSimulatorOptions());
        using var calls = new TwilioCalls(
            Options.Create(new TwilioOptions { AccountSid = twilio.AccountSid, AuthToken = TwilioRestSimulatorOptions.DefaultAuthToken, BaseUrl = twilio.Url }),
            TimeProvider.System, NullLogger<TwilioCalls>.Instance, NullLogger<TwilioClient>.Instance);
        (await calls.RedirectAsync(callSid, new string('x', characters))).ShouldBeFalse();
        twilio.Requests.All.ShouldBeEmpty();
    }
}
