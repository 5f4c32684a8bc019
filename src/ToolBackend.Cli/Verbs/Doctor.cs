using System.CommandLine;
using System.Text.Json.Nodes;
using ToolBackend.Cli.Diagnosis;
using ToolBackend.Cli.Sync;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Cli.Verbs;

/// <summary>
/// <c>toolbackend doctor</c>: looks at everything that must be right before a call can work. Changes nothing anywhere. All checks run side by side, each with a deadline
/// of its own, and none stops another.
/// </summary>
internal static class Doctor
{
    // Each of Vapi's regions is an API of its own; the distance to both tells which one to use.
    private static readonly Uri[] s_regions = [new("https://api.vapi.ai"), new("https://api.eu.vapi.ai")];

    private static readonly Option<double> Timeout = new("--timeout")
    {
        Description = "Seconds that each check may take",
        HelpName = "seconds",
        DefaultValueFactory = _ => 15,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && double.TryParse(token.Value, out var seconds) && seconds is not (>= 0.5 and <= 300))
                {
                    result.AddError("--timeout must be 0.5 to 300");
                }
            },
        },
    };

    public static Command Command() => new Command(
        "doctor", "Check versions, keys, distances, clocks, the webhook's round trip and the definitions. Exit 0: well (warnings included), 3: only drift, 4: only definitions, 5: only keys, 1: anything else.")
    {
        VapiCommands.Environment,
        VapiCommands.Folder,
        SyncOptions.State,
        Timeout,
    }.Does("doctor", async (parsed, console, cancellation) =>
    {
        var time = TimeProvider.System;
        using var probe = new Probe(time);
        var limit = TimeSpan.FromSeconds(parsed.GetValue(Timeout));
        var running = Checks(parsed, console, probe, time).Select(check => (check.Name, Result: check.LookAsync(limit, time, cancellation))).ToList();
        var results = new List<CheckResult>();
        foreach (var (name, result) in running)
        {
            console.Progress($"looking: {Printable.Of(name)}...");
            results.Add(await result);
            Tell(console, name, results[^1]);
        }

        var (failed, warnings) = (results.Count(result => result.Status == CheckStatus.Failed), results.Count(result => result.Status == CheckStatus.Warning));
        console.Object(new { type = "summary", checks = results.Count, failed, warnings, skipped = results.Count(result => result.Status == CheckStatus.Skipped) });
        console.Result(
            failed + warnings == 0 ? "All is well." : $"{failed} failed, {warnings} warning{(warnings == 1 ? "" : "s")}.", failed > 0 ? Tone.Bad : warnings > 0 ? Tone.Warning : Tone.Good);
        return ExitCodeOf(results);
    });

    /// <summary>What the failures have in common.</summary>
    public static int ExitCodeOf(IReadOnlyList<CheckResult> results) =>
        results.Where(result => result.Status == CheckStatus.Failed).Select(result => result.Area).Distinct().ToList() switch
        {
            [] => ExitCodes.Ok,
            [CheckArea.Drift] => ExitCodes.Drift,
            [CheckArea.Definitions] => ExitCodes.InvalidDefinitions,
            [CheckArea.Key] => ExitCodes.Authentication,
            _ => ExitCodes.Error,
        };

    private static IEnumerable<Check> Checks(ParseResult parsed, CliConsole console, Probe probe, TimeProvider time)
    {
        var name = parsed.GetValue(VapiCommands.Environment)!;
        var (definitions, findings) = VapiValidate.Check(parsed.GetValue(VapiCommands.Folder)!, name, new ValidationOptions { ToolSchemas = CatalogSchemas.Read() });
        var settings = definitions?.Environment ?? new EnvironmentSettings(name);
        var webhooks = definitions is null ? null : new WebhookCheck(probe, definitions, Environment.GetEnvironmentVariable, time);
        var checks = new DefinitionChecks(parsed, console, definitions, findings);

        yield return new Check("version", _ => Versions.HereAsync());
        yield return new Check("definitions", _ => checks.ValidAsync());
        foreach (var check in new KeyChecks(probe, settings, Account(definitions), Environment.GetEnvironmentVariable).All)
        {
            yield return check;
        }

        foreach (var address in (s_regions.Any(region => region.Host == settings.VapiBaseUrl.Host) ? s_regions : [settings.VapiBaseUrl]).Append(settings.TwilioBaseUrl))
        {
            yield return new Check($"distance {address.Authority}", new DistanceCheck(probe, address).ReachAsync);
        }

        yield return new Check("clock", new DistanceCheck(probe, settings.VapiBaseUrl).ClockAsync);
        foreach (var host in webhooks?.Hosts ?? [])
        {
            yield return new Check($"version {host.Authority}", token => Versions.ApiAsync(probe, host, token));
        }

        foreach (var check in webhooks?.All ?? [])
        {
            yield return check;
        }

        yield return new Check("in step", checks.InStepAsync);
    }

    private static string? Account(DefinitionSet? definitions) =>
        definitions?.Of(ResourceKind.PhoneNumber).Select(number => number.Body["twilioAccountSid"]).OfType<JsonValue>().Select(sid => sid.ToString()).FirstOrDefault();

    private static void Tell(CliConsole console, string name, CheckResult result)
    {
        console.Object(new { type = "check", name, status = result.Status, detail = result.Detail, fix = result.Fix, milliseconds = result.Milliseconds });
        var (symbol, tone) = result.Status switch
        {
            CheckStatus.Ok => ("✓", Tone.Good),
            CheckStatus.Warning => ("!", Tone.Warning),
            CheckStatus.Failed => ("✗", Tone.Bad),
            _ => ("-", Tone.Plain),
        };
        var fix = result.Fix is null || result.Status == CheckStatus.Ok ? "" : $" (fix: {Printable.Of(result.Fix)})";
        console.Result($"{symbol} {Printable.Of(name)}: {Printable.Of(result.Detail)}{fix}", tone);
    }
}
