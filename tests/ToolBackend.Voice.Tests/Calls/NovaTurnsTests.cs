using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Testing;

namespace ToolBackend.Voice.Tests.Calls;

public sealed class NovaVoiceFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis)
{
    protected override string Assistant => "dispatcher";
}

/// <summary>An assistant whose transcriber knows silence only: the definition's endpointing plan ends turns.</summary>
public sealed class NovaTurnsTests(NovaVoiceFixture voice) : IClassFixture<NovaVoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_turn_that_ends_with_silence_is_answered()
    {
        voice.Language.Script = _ => CompletionAnswer.Say("It arrives tomorrow.");
        await using var phone = await voice.CallAsync(Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldContain("Harbor Street Parcels");
        await phone.SayAsync("Where is my parcel?", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("It arrives tomorrow.");
    }
}
