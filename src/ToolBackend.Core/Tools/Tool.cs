using System.Text.Json.Nodes;
using NodaTime;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls;

namespace ToolBackend.Core.Tools;

public enum ToolEffect
{
    /// <summary>May be run early, again, or given up.</summary>
    Read,
    /// <summary>Runs at most once per tool call, and to its end.</summary>
    Write,
}

/// <summary>Everything about one tool call beside its arguments.</summary>
public sealed class ToolContext(CallContext call, string toolCallId, Instant now)
{
    public CallContext Call { get; } = call;

    public string ToolCallId { get; } = toolCallId;

    public Instant Now { get; } = now;

    /// <summary>A warm-up before the first caller.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The slowest tier that had to be asked, for the invocation log.</summary>
    public CacheSource? Source { get; private set; }

    public Cached<T> Note<T>(Cached<T> cached) where T : class
    {
        if (Source is null || cached.Source > Source)
        {
            Source = cached.Source;
        }

        return cached;
    }
}

/// <summary>One thing the assistant can do. A tool is one file: arguments, rules, handler, spoken outcomes.</summary>
public abstract class Tool
{
    /// <summary>The name the model uses: <c>^[a-z_]{1,64}$</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Tells the model when to call it. Under 1000 characters.</summary>
    public abstract string Description { get; }

    public abstract ToolEffect Effect { get; }

    /// <summary>JSON schema of the arguments, derived from the arguments record.</summary>
    public abstract JsonObject Schema { get; }

    /// <summary>Runs the tool. Expected outcomes are values; only bugs and <see cref="Resilience.UpstreamException"/> are thrown.</summary>
    public abstract ValueTask<ToolOutcome> InvokeAsync(ReadOnlyMemory<byte> arguments, ToolContext context);

    /// <summary>Names the act for idempotency: equal for equal arguments, however they were written.</summary>
    public abstract byte[] Fingerprint(ReadOnlyMemory<byte> arguments);
}

public abstract class Tool<TArguments> : Tool where TArguments : class
{
    private JsonObject? _schema;

    public sealed override JsonObject Schema => _schema ??= ArgumentSchema.Of<TArguments>();

    public sealed override ValueTask<ToolOutcome> InvokeAsync(ReadOnlyMemory<byte> arguments, ToolContext context) =>
        ArgumentReader.TryRead<TArguments>(arguments.Span, out var read, out var refusal)
            ? RunAsync(read, context)
            : ValueTask.FromResult<ToolOutcome>(new ArgumentsRefused(refusal));

    public sealed override byte[] Fingerprint(ReadOnlyMemory<byte> arguments) => ArgumentReader.Fingerprint<TArguments>(Name, arguments.Span);

    protected abstract ValueTask<ToolOutcome> RunAsync(TArguments arguments, ToolContext context);
}
