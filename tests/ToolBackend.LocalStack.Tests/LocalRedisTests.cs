using StackExchange.Redis;

namespace ToolBackend.LocalStack.Tests;

public sealed class LocalRedisTests
{
    [Fact]
    public async Task A_restarted_server_answers_on_the_same_port_with_an_empty_cache()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var endpoint = redis.Endpoint;
        using (var client = await ConnectionMultiplexer.ConnectAsync(endpoint))
        {
            (await client.GetDatabase().StringSetAsync("key", "value")).ShouldBeTrue();
        }

        await redis.StopAsync();
        await redis.StartAsync();

        redis.Endpoint.ShouldBe(endpoint);
        using var later = await ConnectionMultiplexer.ConnectAsync(endpoint);
        (await later.GetDatabase().StringGetAsync("key")).IsNull.ShouldBeTrue();
    }

    [Fact]
    public async Task A_killed_server_starts_again()
    {
        await using var redis = await LocalRedis.StartNewAsync();

        await redis.KillAsync();
        redis.IsRunning.ShouldBeFalse();
        await redis.StartAsync();

        redis.IsRunning.ShouldBeTrue();
    }
}
