using ToolBackend.Vapi.Sync.Planning;

namespace ToolBackend.Vapi.Sync.Applying;

/// <summary>The order of an apply. A call may come in between any two requests: nothing refers to what is not there, and numbers come last.</summary>
/// <remarks>
/// <code>
/// 1 numbers that are made anew: the old one goes (Vapi takes a number once)
/// 2 creates, by kind; references to what comes later are left out
/// 3 updates, by kind
/// 4 links: what 2 left out
/// 5 numbers: create, update; then their addresses at Twilio, which the save overwrote
/// 6 deletes, by kind in reverse
/// </code>
/// </remarks>
internal static class ApplyOrder
{
    public static IEnumerable<PlannedResource> NumbersMadeAnew(SyncPlan plan) => plan.Of(PlanAction.Replace).Where(resource => resource.Writes && IsNumber(resource));

    public static IEnumerable<PlannedResource> Creates(SyncPlan plan) => Made(plan).Where(resource => !IsNumber(resource));

    public static IEnumerable<PlannedResource> Updates(SyncPlan plan) => plan.Of(PlanAction.Update).Where(resource => !IsNumber(resource) && resource.Key.Kind != SyncKind.NumberRouting);

    public static IEnumerable<PlannedResource> Numbers(SyncPlan plan) => Made(plan).Where(IsNumber).Concat(plan.Of(PlanAction.Update).Where(IsNumber))
        .Concat(plan.Of(PlanAction.Update).Where(resource => resource.Key.Kind == SyncKind.NumberRouting));

    public static IEnumerable<PlannedResource> Deletes(SyncPlan plan) => plan.Of(PlanAction.Delete).Where(resource => resource.Writes).OrderByDescending(resource => resource.Key, ResourceKey.Order);

    private static IEnumerable<PlannedResource> Made(SyncPlan plan) => plan.Of(PlanAction.Create, PlanAction.Replace).Where(resource => resource.Writes);

    private static bool IsNumber(PlannedResource resource) => resource.Key.Kind == SyncKind.PhoneNumber;
}
