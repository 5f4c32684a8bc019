using System.CommandLine;
using ToolBackend.Cli.Sync;
using ToolBackend.Cli.Verbs;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Cli.Diagnosis;

/// <summary>Whether the definitions are valid, and whether Vapi and Twilio have what they say.</summary>
internal sealed class DefinitionChecks(ParseResult parsed, CliConsole console, DefinitionSet? definitions, IReadOnlyList<DefinitionError> findings)
{
    private int Errors => findings.Count(finding => finding.Severity is Severity.Error);

    public Task<CheckResult> ValidAsync()
    {
        var warnings = findings.Count - Errors;
        var first = findings.FirstOrDefault(finding => finding.Severity is Severity.Error);
        return Task.FromResult(
            first is not null ? CheckResult.Fail($"{Errors} error{Plural(Errors)}, the first at {first.At}: {first.Message}", "toolbackend vapi validate shows all of them", CheckArea.Definitions)
            : warnings > 0 ? CheckResult.Warn($"{definitions!.Resources.Count} resources valid, {warnings} warning{Plural(warnings)}", "toolbackend vapi validate shows them")
            : CheckResult.Ok($"{definitions!.Resources.Count} resources valid"));
    }

    public async Task<CheckResult> InStepAsync(CancellationToken cancellation)
    {
        if (definitions is null || Errors > 0)
        {
            return CheckResult.Skip("not compared: the definitions have errors");
        }

        if (Environment.GetEnvironmentVariable(definitions.Environment.VapiKeyVariable) is not { Length: > 0 })
        {
            return CheckResult.Skip($"not compared: {definitions.Environment.VapiKeyVariable} is not set");
        }

        await using var session = SyncSession.Open(parsed, console);
        var state = await session.StateAsync(cancellation);
        SyncPlan plan;
        try
        {
            plan = session.Plan(state, await session.WorldAsync(state, cancellation), new PlanOptions());
        }
        catch (Exception refused) when (refused is VapiApiException { Failure: VapiFailure.Auth } or TwilioApiException { Failure: TwilioFailure.Auth })
        {
            return CheckResult.Skip("not compared: a key is refused");
        }

        var drifted = plan.Resources.Count(resource => resource.HasDrift);
        var pending = plan.Resources.Count(resource => resource.Action is PlanAction.Create or PlanAction.Update or PlanAction.Replace or PlanAction.Delete or PlanAction.Adopt);
        var problem = plan.Problems.FirstOrDefault(problem => problem.Blocks);
        return drifted > 0 ? CheckResult.Fail($"{drifted} of {plan.Resources.Count} changed at Vapi or Twilio since the last apply, {pending} to apply", "toolbackend vapi drift shows what; pull or apply --force decides", CheckArea.Drift)
            : problem is not null ? CheckResult.Warn($"{problem.Key}: {problem.Message}", problem.Fix)
            : pending > 0 ? CheckResult.Warn($"{pending} of {plan.Resources.Count} not applied yet", "toolbackend vapi plan shows what")
            : CheckResult.Ok($"{plan.Resources.Count} resources are as the files say");
    }

    private static string Plural(int count) => count == 1 ? "" : "s";
}
