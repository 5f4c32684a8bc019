using ToolBackend.Testing;

namespace ToolBackend.Api.Tests.Webhooks;

/// <summary>For tests of what is answered, not how fast: on a busy machine a deadline would replace the answer by an excuse.</summary>
public class PatientApi(PostgresCluster cluster, RedisServer redis) : ApiFixture(cluster, redis)
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Tools:ReadDeadlineMilliseconds"] = "10000",
        ["Tools:WallMilliseconds"] = "15000",
        ["Tools:WallWhenSlowMilliseconds"] = "15000",
        ["Calls:GreetingDeadlineMilliseconds"] = "5000",
        ["Calls:DefaultAssistantId"] = "assistant-by-default",
    };

    /// <summary>These settings and more.</summary>
    protected static IReadOnlyDictionary<string, string?> With(IReadOnlyDictionary<string, string?> settings, params (string Name, string? Value)[] more)
    {
        var all = new Dictionary<string, string?>(settings, StringComparer.Ordinal);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }
}
