using Microsoft.Extensions.Options;
using ToolBackend.Core.Lifetime;
using ToolBackend.Voice.Sessions;

namespace ToolBackend.Voice.Hosting;

/// <summary>Stops without cutting anybody off: calls last minutes, so a stop does too.</summary>
/// <remarks>
/// <code>
/// SIGTERM   /readyz 503, new calls go elsewhere           last calls end               listener closes, exit 0
/// |---------|--------------------------------------------|---------------------------|
///           live calls go on                  MaxDrain - 20 s: those left hear a closing sentence
/// a second signal skips to the end
/// </code>
/// </remarks>
internal sealed partial class VoiceLifetime(IHostApplicationLifetime application, CallRegistry calls, IOptions<VoiceOptions> options, TimeProvider time, ILogger<VoiceLifetime> logger)
    : DrainingLifetime(application, time, logger)
{
    /// <summary>For a sentence and a goodbye; a quarter of short drains.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(20);

    private readonly ILogger _logger = logger;

    protected override async Task DrainAsync()
    {
        calls.IsDraining = true;
        LogDraining(calls.Live, options.Value.MaxDrainSeconds);
        var longest = TimeSpan.FromSeconds(options.Value.MaxDrainSeconds);
        var farewell = longest - (s_farewell < longest / 4 ? s_farewell : longest / 4);
        await UntilAsync(() => calls.Taken == 0, farewell);
        calls.SayGoodbye();
        await UntilAsync(() => calls.Taken == 0, longest - farewell);
        LogDrained(calls.Taken);
    }

    [LoggerMessage(3501, LogLevel.Information, "Draining: {Calls} calls go on for at most {Seconds} s, new ones go elsewhere")]
    private partial void LogDraining(int calls, int seconds);

    [LoggerMessage(3502, LogLevel.Information, "Drained: {Calls} calls were left")]
    private partial void LogDrained(int calls);
}
