using System.CommandLine;
using System.Text.Json;
using ToolBackend.Core.Calls.Routing;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend failover status</c> and <c>set</c>: where new calls go.</summary>
internal static class FailoverGroup
{
    private static readonly Argument<string> Mode = new("mode")
    {
        Description = "auto: to Vapi while it is healthy; vapi: always offered to it; own: never; 25%: a part of them while it is healthy",
        Validators = { result => { if (CallRoute.ParseMode(result.Tokens is [var token] ? token.Value : null) is null) { result.AddError("The mode is auto, vapi, own, or a part such as 25%."); } } },
    };

    private static readonly Option<string> Line = new("--line")
    {
        Description = "The number that is called, in E.164 form; all: every line that has no mode of its own",
        HelpName = "number",
        DefaultValueFactory = _ => "all",
    };

    public static Command Command() => new("failover", $"Where new calls go, to Vapi or to the own pipeline. Asks a running service ({OperatorClient.UrlVariable}, {OperatorClient.KeyVariable}). Live calls are never moved.")
    {
        Status(),
        Set(),
    };

    private static Command Status() => new Command("status", "Modes of the lines, and health of the providers.").Does("failover status", async (_, console, cancellationToken) =>
    {
        using var client = OperatorClient.FromEnvironment();
        var report = await client.GetAsync("failover", cancellationToken);
        foreach (var route in report.GetProperty("routes").EnumerateArray())
        {
            console.Object(new { type = "route", route });
        }

        var providers = report.GetProperty("providers");
        foreach (var provider in providers.ValueKind is JsonValueKind.Array ? providers.EnumerateArray().ToArray() : [])
        {
            console.Object(new { type = "provider", provider });
        }

        if (!console.IsJson)
        {
            console.Table(["LINE", "MODE", "CHANGED", "BY"], [.. report.GetProperty("routes").EnumerateArray().Select(r => (Tone.Plain, (string[])[Text(r, "line"), Text(r, "mode"), Text(r, "changedAt"), Text(r, "changedBy")]))]);
            if (providers.ValueKind is JsonValueKind.Array)
            {
                console.Table(["PROVIDER", "HEALTH", "CAUSE"], [.. providers.EnumerateArray().Select(p => (Tone.Plain, (string[])[Text(p, "provider"), Text(p, "phase"), Text(p, "cause")]))]);
            }
        }

        console.Line(providers.ValueKind is JsonValueKind.Array
            ? $"{providers.GetArrayLength()} providers have ever failed; the others are healthy"
            : "Redis does not answer: each replica knows the providers' health for itself");
        return ExitCodes.Ok;
    });

    private static Command Set() => new Command("set", "Changes the mode of a line. New calls follow within two seconds.") { Mode, Line }.Does("failover set", async (parsed, console, cancellationToken) =>
    {
        using var client = OperatorClient.FromEnvironment();
        var route = await client.SendAsync(HttpMethod.Put, $"failover/routes/{Uri.EscapeDataString(parsed.GetValue(Line)!)}", new { mode = parsed.GetValue(Mode) }, cancellationToken);
        console.Object(new { type = "route", route });
        console.Line($"{(Text(route, "line") is CallRoute.Any ? "all lines" : Text(route, "line"))}: {Text(route, "mode")}");
        return ExitCodes.Ok;
    });

    private static string Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? Printable.Of(value.ToString()) ?? "" : "-";
}
