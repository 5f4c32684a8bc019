namespace ToolBackend.LocalStack;

/// <summary>How a private Postgres runs.</summary>
public sealed record LocalPostgresOptions
{
    /// <summary>The folder that holds the cluster (<c>data</c>) and its password; created when missing, kept between runs.</summary>
    public required string Folder { get; init; }

    /// <summary>False gives up crash safety of the machine (not of the process) for speed: tests only. Default true.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Loopback port; null lets the kernel choose. Default null.</summary>
    public int? Port { get; init; }

    /// <summary>The database that <see cref="LocalPostgres.ConnectionString"/> names, created when missing. Default toolbackend.</summary>
    public string Database { get; init; } = "toolbackend";

    /// <summary>Default 200.</summary>
    public int MaxConnections { get; init; } = 200;

    /// <summary>Server log; null keeps only the last lines in memory. Default null.</summary>
    public string? LogFile { get; init; }

    /// <summary>How long start-up, including crash recovery, may take. Default 60 s.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>More server settings (<c>name</c> to <c>value</c>), applied last.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
