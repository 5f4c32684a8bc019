using System.Text.Json.Serialization.Metadata;

namespace ToolBackend.Core.Caching;

/// <summary>A value as it was read, with what is needed to tell whether a later write made it old.</summary>
/// <param name="Value">Null when the source has no such record.</param>
/// <param name="Version">xmin of the snapshot the value was read under: every transaction below it is included.</param>
public readonly record struct Versioned<T>(T? Value, long Version) where T : class;

public enum CacheSource
{
    Memory,
    Redis,
    Database,
    /// <summary>The source failed and an older value was served instead.</summary>
    Stale,
}

/// <param name="LoadedAt">When the value was read from the database, by this service's clock.</param>
public readonly record struct Cached<T>(T? Value, CacheSource Source, DateTimeOffset LoadedAt) where T : class;

/// <summary>One kind of cached record: how it is loaded and how long each tier may serve it.</summary>
/// <remarks>Values must be immutable: many requests share one instance.</remarks>
public sealed class CacheKind<T>(string name, JsonTypeInfo<T>? json, Func<string, CancellationToken, Task<Versioned<T>>> load)
    where T : class
{
    /// <summary>Prefix of the key; the database's change notifications use the same names.</summary>
    public string Name { get; } = name;

    /// <summary>Part of the Redis key: raise it when the record's shape changes, so that old values are not read.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>How the record is written to Redis; null only for kinds that are kept out of it.</summary>
    public JsonTypeInfo<T>? Json { get; } = json;

    public Func<string, CancellationToken, Task<Versioned<T>>> Load { get; } = load;

    /// <summary>Default 5 s.</summary>
    public TimeSpan FreshInMemory { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 60 s. Zero keeps the kind out of Redis.</summary>
    public TimeSpan FreshInRedis { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long "no such record" is believed. Default 5 s; never stored in Redis.</summary>
    public TimeSpan FreshWhenMissing { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How old a value may be served when the source fails (RFC 5861 stale-if-error). Default 10 min.</summary>
    public TimeSpan StaleIfError { get; init; } = TimeSpan.FromMinutes(10);
}
