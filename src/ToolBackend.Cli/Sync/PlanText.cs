using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Cli.Sync;

/// <summary>A plan for people, in the grammar that they know: + create, ~ update, - delete, ± replace, » adopt; ! for what was changed at Vapi.</summary>
internal sealed class PlanText(CliConsole console, Shown shown, int width)
{
    private const int LongText = 100;

    public void Write(SyncPlan plan, string where)
    {
        console.Line($"{plan.State.Environment} at {where}");
        foreach (var resource in plan.Resources)
        {
            Write(resource);
        }

        console.Line("");
        foreach (var problem in plan.Problems)
        {
            console.Line($"{(problem.Blocks ? "problem" : "note")}: {problem.Key}: {problem.Message}", problem.Blocks ? Tone.Bad : Tone.Plain);
            console.Line($"  fix: {problem.Fix}");
        }

        console.Result(Summary(plan));
        foreach (var line in Outlook(plan))
        {
            console.Line(line, Tone.Warning);
        }
    }

    /// <summary>The resources of a plan that were changed at Vapi.</summary>
    public void Drift(SyncPlan plan, string where)
    {
        console.Line($"{plan.State.Environment} at {where}");
        foreach (var resource in plan.Resources)
        {
            Write(resource);
        }

        console.Line("");
        console.Result($"Drift: {plan.Resources.Count} changed at Vapi since the last apply.", Tone.Bad);
    }

    /// <summary>Such as <c>Plan: 2 to create, 1 to update, 0 to delete.</c></summary>
    public static string Summary(SyncPlan plan)
    {
        var (create, update, delete) = (Writing(plan, PlanAction.Create), Writing(plan, PlanAction.Update), Writing(plan, PlanAction.Delete));
        var replace = Writing(plan, PlanAction.Replace);
        var more = new List<string>();
        AddMore(replace, "to replace");
        AddMore(plan.Of(PlanAction.Adopt).Count(), "to adopt");
        AddMore(plan.Of(PlanAction.Conflict).Count(), "in conflict");
        AddMore(plan.Resources.Count(resource => resource.Action != PlanAction.Conflict && resource.HasDrift), "drifted");
        AddMore(plan.Resources.Count(resource => resource.IsHeldBack), "held back");
        return plan.IsEmpty && more.Count == 0 && !plan.Of(PlanAction.Forget).Any()
            ? $"No changes: {plan.Resources.Count(resource => resource.Wanted is not null)} resources are as the files say."
            : $"Plan: {string.Join(", ", ((string[])[$"{create} to create", $"{update} to update", $"{delete} to delete"]).Concat(more))}.";

        void AddMore(int count, string what)
        {
            if (count > 0)
            {
                more.Add($"{count} {what}");
            }
        }
    }

    private static int Writing(SyncPlan plan, PlanAction action) => plan.Of(action).Count(resource => resource.Writes);

    private static IEnumerable<string> Outlook(SyncPlan plan)
    {
        if (plan.Problems.Any(problem => problem.Blocks))
        {
            yield return "Problems: apply sends nothing until they are solved.";
        }

        if (plan.Of(PlanAction.Conflict).Any())
        {
            yield return "In conflict: Vapi has something newer than the last apply. Pull it (toolbackend vapi pull), or overwrite it with --force.";
        }

        if (plan.Resources.Any(resource => resource.Action != PlanAction.Conflict && resource.HasDrift))
        {
            yield return "Drifted: left as it is at Vapi. Pull it, or set it back to what the files say with --force.";
        }

        if (plan.Of(PlanAction.Adopt).Any())
        {
            yield return "To adopt: it exists and this tool did not make it. toolbackend vapi adopt makes it ours; nothing is changed by that.";
        }

        if (plan.Resources.Any(resource => resource.IsHeldBack))
        {
            yield return "Held back: deletes need --allow-delete.";
        }
    }

    private void Write(PlannedResource resource)
    {
        var (symbol, tone) = resource.Action switch
        {
            PlanAction.Create => ("+", Tone.Good),
            PlanAction.Update => ("~", Tone.Warning),
            PlanAction.Replace => ("±", Tone.Bad),
            PlanAction.Delete => ("-", Tone.Bad),
            PlanAction.Adopt => ("»", Tone.Warning),
            PlanAction.Forget => ("-", Tone.Plain),
            PlanAction.Drift or PlanAction.Conflict => ("!", Tone.Bad),
            _ => ("", Tone.Plain),
        };
        if (symbol.Length == 0)
        {
            return;
        }

        console.Line("");
        console.Line($"  {symbol} {resource.Key}{Remarks(resource)}", tone);
        if (resource.Action is PlanAction.Create)
        {
            foreach (var (name, value) in resource.Wanted!.Compared)
            {
                Field($"{name}: ", value);
            }
        }
        else if (resource.Action is PlanAction.Adopt && resource.Candidates.Count > 1)
        {
            console.Line($"      there are {resource.Candidates.Count}: {string.Join(", ", resource.Candidates)}");
        }

        foreach (var change in resource.Fields.Where(change => change.Verdict != FieldVerdict.Converged))
        {
            Write(change, resource.Action == PlanAction.Conflict);
        }
    }

    private static string Remarks(PlannedResource resource)
    {
        var remarks = new List<string>();
        switch (resource.Action)
        {
            case PlanAction.Drift: remarks.Add("drift"); break;
            case PlanAction.Conflict: remarks.Add("conflict"); break;
            case PlanAction.Forget: remarks.Add("only forgotten"); break;
            case PlanAction.Adopt when resource.Candidates is [var id]: remarks.Add($"it exists ({id}) and is not ours"); break;
        }

        if (resource.Reason is { } reason)
        {
            remarks.Add(reason);
        }

        if (resource.IsHeldBack)
        {
            remarks.Add("held back: needs --allow-delete");
        }

        return remarks.Count == 0 ? "" : $"  ({string.Join("; ", remarks)})";
    }

    private void Write(FieldChange change, bool isInConflict)
    {
        foreach (var secret in change.Rotated)
        {
            console.Line($"      {change.Name}: {secret} has another value");
        }

        var differences = Differences.Of(change.Name, change.Remote, change.Files);
        if (differences.Count == 0 && change.Relinks)
        {
            console.Line($"      {change.Name}: linked anew");
        }

        // What is not sent is told the other way round: what Vapi has now, and what the files say.
        var isTheirs = change.Verdict is FieldVerdict.Drift or FieldVerdict.Conflict;
        var side = !isTheirs ? "" : change.Verdict == FieldVerdict.Conflict ? "  (changed on both sides)" : isInConflict ? "  (changed at Vapi)" : "";
        foreach (var difference in differences)
        {
            var (from, to) = isTheirs ? (difference.After, difference.Before) : (difference.Before, difference.After);
            if (IsLong(from) || IsLong(to))
            {
                console.Line($"      {difference.Path}:{side}");
                WriteLines(TextOf(from), TextOf(to));
            }
            else
            {
                WriteShort(difference.Path, from, to, side);
            }
        }
    }

    // On one line where it fits, else one below the other.
    private void WriteShort(string path, JsonNode? from, JsonNode? to, string side)
    {
        var line = $"      {path}: {shown.Line(from, int.MaxValue)} -> {shown.Line(to, int.MaxValue)}{side}";
        if (line.Length <= width)
        {
            console.Line(line);
            return;
        }

        console.Line($"      {path}:{side}");
        if (from is JsonArray before && to is JsonArray after)
        {
            // A list of names or messages: which of them, not how long the list is.
            WriteLines(Elements(before), Elements(after));
            return;
        }

        console.Line($"        - {shown.Line(from, width - 10)}", Tone.Bad);
        console.Line($"        + {shown.Line(to, width - 10)}", Tone.Good);
    }

    private string Elements(JsonArray list) => string.Join('\n', list.Select(element => shown.Line(element, width - 10)));

    private void WriteLines(string before, string after)
    {
        foreach (var line in LineDiff.Of(before, after))
        {
            console.Line("        " + line, line[0] switch { '+' => Tone.Good, '-' => Tone.Bad, _ => Tone.Plain });
        }
    }

    private void Field(string label, JsonNode? value) => console.Line($"      {label}{shown.Line(value, Math.Max(20, width - 6 - label.Length))}");

    private static bool IsLong(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && (text.Length > LongText || text.Contains('\n', StringComparison.Ordinal));

    private string TextOf(JsonNode? value) => value is null ? "" : value.GetValueKind() == JsonValueKind.String ? shown.Text(value.GetValue<string>()) : shown.Line(value, int.MaxValue);
}
