using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Cli.Sync;

/// <summary>Tells an apply as it goes.</summary>
internal sealed class ApplyText(CliConsole console, int steps)
{
    private int _done;

    public void Tell(ApplyEvent step)
    {
        var word = step.Linking ? "linked" : Word(step.Action);
        switch (step.Kind)
        {
            case ApplyEventKind.Started:
                console.Progress($"[{Math.Min(_done + 1, steps)}/{steps}] {step.Key}");
                return;
            case ApplyEventKind.Done:
                _done += step.Linking ? 0 : 1;
                console.Progress(null);
                console.Object(new { type = "applied", key = step.Key.ToString(), action = step.Action, linking = step.Linking });
                console.Line($"{word} {step.Key}", Tone.Good);
                return;
            default:
                console.Progress(null);
                console.Object(new { type = step.Kind == ApplyEventKind.Failed ? "failed" : "skipped", key = step.Key.ToString(), action = step.Action, message = step.Error!.Message });
                console.Line($"{(step.Kind == ApplyEventKind.Failed ? "failed" : "skipped")} {step.Key}: {Printable.Of(step.Error!.Message)}", Tone.Bad);
                return;
        }
    }

    /// <summary>The last line; returns the exit code.</summary>
    public int End(ApplyReport report)
    {
        var (create, update, delete) = (report.Count(PlanAction.Create) + report.Count(PlanAction.Replace), report.Count(PlanAction.Update), report.Count(PlanAction.Delete));
        var failed = report.Failures.Count();
        var skipped = report.Events.Count(step => step.Kind == ApplyEventKind.Skipped);
        console.Object(new { type = "summary", created = create, updated = update, deleted = delete, failed, skipped, complete = report.IsComplete });
        console.Result(
            $"Applied: {create} created, {update} updated, {delete} deleted{(report.IsComplete ? "" : $", {failed} failed, {skipped} not tried")}.", report.IsComplete ? Tone.Good : Tone.Bad);
        if (report.IsComplete)
        {
            return ExitCodes.Ok;
        }

        console.Error("not everything was applied", "correct what failed and apply again: it goes on where it stopped");
        return create + update + delete > 0 ? ExitCodes.PartialApply
            : report.Failures.Any(step => step.Error is VapiApiException { Failure: VapiFailure.Auth } or TwilioApiException { Failure: TwilioFailure.Auth }) ? ExitCodes.Authentication
            : ExitCodes.Error;
    }

    private static string Word(PlanAction action) => action switch
    {
        PlanAction.Create => "created",
        PlanAction.Replace => "replaced",
        PlanAction.Delete => "deleted",
        _ => "updated",
    };
}
