namespace ToolBackend.LocalStack.Stack;

/// <summary>What <c>./dev up</c> was asked for.</summary>
internal sealed record StackSettings
{
    public const string PostgresVariable = "ConnectionStrings__Postgres";
    public const string RedisVariable = "ConnectionStrings__Redis";

    /// <summary>The Api's loopback port. Default 8080; another one when it is taken, unless it was asked for.</summary>
    public int? Port { get; init; }

    /// <summary>Throws the data away first.</summary>
    public bool Reset { get; init; }

    /// <summary>A server of the user's own, used instead of a private one; null for a private one.</summary>
    public string? Postgres { get; init; } = Given(PostgresVariable);

    /// <summary>A server of the user's own, used instead of a private one; null for a private one.</summary>
    public string? Redis { get; init; } = Given(RedisVariable);

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
