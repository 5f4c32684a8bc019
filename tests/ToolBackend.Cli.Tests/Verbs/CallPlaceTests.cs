using Microsoft.Extensions.Options;
using ToolBackend.Core.Calls.Orders;
using ToolBackend.Core.Data;
using ToolBackend.Testing;

namespace ToolBackend.Cli.Tests.Verbs;

/// <summary><c>toolbackend call</c> against a running service, with the test in the place of the Voice hosts.</summary>
public sealed class CallPlaceTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Theory]
    [InlineData("vapi", "placed through Vapi: call call-1")]
    [InlineData("pipeline", "placed through the own pipeline: call call-1")]
    public async Task A_call_is_placed_and_the_same_key_tells_of_it_again(string side, string said)
    {
        var key = Guid.NewGuid().ToString();
        string[] words = ["call", "--assistant", "receptionist", "--to", "+12065550142", "--key", key];
        var calling = CliProcess.RunAsync(null, api.Environment, words);
        await SettleAsync(OrderState.Done, side, "call-1", null);
        var placed = await calling;
        placed.ShouldSatisfyAllConditions(() => placed.Error.ShouldBeEmpty(), () => placed.ExitCode.ShouldBe(ExitCodes.Ok), () => placed.Output.Trim().ShouldBe(said));

        var again = await CliProcess.RunAsync(null, api.Environment, [.. words, "--json"]);
        again.Objects.First(o => o.TryGetProperty("call", out _)).GetProperty("call").GetProperty("callId").GetString().ShouldBe("call-1");
    }

    [Fact]
    public async Task A_call_that_was_not_placed_is_an_error_that_says_why()
    {
        var calling = CliProcess.RunAsync(null, api.Environment, "call", "--assistant", "nobody", "--to", "+12065550142");
        await SettleAsync(OrderState.Failed, null, null, OrderReasons.NoAssistant);
        var refused = await calling;
        refused.ExitCode.ShouldBe(ExitCodes.Usage);
        refused.Error.ShouldContain("no assistant of this name");
    }

    [Fact]
    public async Task What_is_missing_is_a_usage_error()
    {
        var refused = await CliProcess.RunAsync(null, api.Environment, "call", "--assistant", "receptionist");
        refused.ExitCode.ShouldBe(ExitCodes.Usage);
        refused.Error.ShouldContain("--to");
    }

    private async Task SettleAsync(OrderState state, string? side, string? callRef, string? reason)
    {
        using var database = new ToolBackend.Core.Data.Database(api.Database, Options.Create(new DatabaseOptions()), TimeProvider.System, new Random(1));
        var orders = new CallOrderStore(database, TimeProvider.System);
        CallOrder? order = null;
        await Eventually.IsTrueAsync(async () => (order = await orders.TakeAsync(CancellationToken.None)) is not null, TimeSpan.FromSeconds(20), "no order was given");
        await orders.SettleAsync(order!.Id, state, side, callRef, reason, CancellationToken.None);
    }
}
