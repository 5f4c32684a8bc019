using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ToolBackend.Api.Tests;

/// <summary>One log line with everything that a sink could write of it.</summary>
/// <param name="Text">The message, its named values, the scopes around it and the exception, as text: what a search for a leaked value reads.</param>
public sealed record CapturedLine(LogLevel Level, string Category, EventId Id, string Message, Exception? Exception, string Text);

/// <summary>Keeps every log line of a host, with scopes.</summary>
public sealed class CapturedLogs : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<CapturedLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<CapturedLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // The lines are read after the host is gone.
    }

    private sealed class Logger(CapturedLogs owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            var parts = new List<string> { message };
            AddValues(state, parts);
            owner._scopes.ForEachScope(static (scope, list) => AddValues(scope, list), parts);
            parts.Add(exception?.ToString() ?? "");
            owner._lines.Enqueue(new CapturedLine(logLevel, category, eventId, message, exception, string.Join(" | ", parts)));
        }

        private static void AddValues(object? state, List<string> parts)
        {
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                parts.AddRange(values.Select(v => $"{v.Key}={v.Value}"));
            }
            else
            {
                parts.Add(state?.ToString() ?? "");
            }
        }
    }
}
