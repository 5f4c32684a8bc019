using ToolBackend.Vapi.Sync.World;

namespace ToolBackend.Vapi.Sync.Planning;

/// <summary>
/// Saving a Twilio number at Vapi makes Vapi write its own addresses into the number at Twilio. So each save is followed by ours, whatever the number has now.
/// </summary>
internal static class NumberSaving
{
    private static readonly string[] s_nobodys = ["demo.twilio.com"];

    /// <summary>Whether an address may be replaced without asking: there is none, it is Twilio's own example, or Vapi's, which the import of the number wrote.</summary>
    public static bool IsFree(string? address) =>
        string.IsNullOrEmpty(address)
        || (Uri.TryCreate(address, UriKind.Absolute, out var url)
            && (url.Host is "vapi.ai" || url.Host.EndsWith(".vapi.ai", StringComparison.OrdinalIgnoreCase) || s_nobodys.Contains(url.Host, StringComparer.OrdinalIgnoreCase)));

    public static void Run(RemoteWorld world, PlanOptions options, List<PlannedResource> planned, List<PlanProblem> problems)
    {
        for (var i = 0; i < planned.Count; i++)
        {
            var routing = planned[i];
            if (routing is not { Key.Kind: SyncKind.NumberRouting, Wanted: { } wanted }
                || !planned.Any(number => number.Key == new ResourceKey(SyncKind.PhoneNumber, routing.Key.Name) && number.Writes))
            {
                continue;
            }

            if (!world.Knows(SyncKind.NumberRouting))
            {
                problems.Add(new PlanProblem(
                    routing.Key, "saving the number makes Vapi write its own addresses into it at Twilio, and there is no key to set them back",
                    "set Twilio's token in the environment, or take routing: out of the file", Blocks: true, wanted.Definition.Location));
            }
            else if (routing.RemoteBody is not null && routing.Action is PlanAction.Unchanged or PlanAction.Update)
            {
                planned[i] = routing with
                {
                    Action = PlanAction.Update,
                    Reason = "saving the number at Vapi overwrites them",
                    Fields = [.. wanted.Compared.Select(address => new FieldChange(address.Key, FieldVerdict.Send, address.Value, routing.RemoteBody!.Body[address.Key]))],
                };
            }
            else if (routing.Action == PlanAction.Drift && !options.Force)
            {
                planned[i] = routing with
                {
                    Action = PlanAction.Conflict,
                    Reason = "saving the number at Vapi overwrites them",
                    Fields = [.. routing.Fields.Select(field => field.Verdict == FieldVerdict.Drift ? field with { Verdict = FieldVerdict.Conflict } : field)],
                };
            }
        }
    }
}
