using System.Globalization;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Cli.Calls;

/// <summary>A call as one row for people. Every tone has a sign, for those who see no colours.</summary>
internal static class CallRow
{
    public static readonly string[] Headings = ["", "OPENED (UTC)", "CALL", "STATUS", "END", "CALLER", "ASSISTANT", "LASTED", "COST"];

    public static (Tone Tone, string[] Cells) Of(CallListItem call)
    {
        var (tone, sign) = Mark(call);
        return (tone,
        [
            sign,
            Time(call.OpenedAt),
            Printable.Of(call.CallId),
            call.Status,
            call.EndedReason is null ? "-" : $"{call.EndedClass}: {Printable.Of(call.EndedReason)}",
            call.Caller is { } caller ? Printable.Of(caller) : "-",
            call.Assistant is { } assistant ? Printable.Of(assistant) : "-",
            Duration(call.DurationMs),
            call.Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $"${cost:0.000}") : "-",
        ]);
    }

    /// <summary>Plain while it lives or when people ended it, yellow when it was us or a limit, red when the platform or a provider failed.</summary>
    public static (Tone Tone, string Sign) Mark(CallListItem call) => call.EndedClass switch
    {
        null => (Tone.Plain, call.Status == "ended" ? "?" : "*"),
        "normal" => (Tone.Good, "+"),
        "customer" => (Tone.Plain, "-"),
        "ours" or "capacity" => (Tone.Warning, "!"),
        "platform" or "provider" => (Tone.Bad, "x"),
        _ => (Tone.Plain, "?"),
    };

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Duration(long? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms).ToString(ms < 3_600_000 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture) : "-";
}
