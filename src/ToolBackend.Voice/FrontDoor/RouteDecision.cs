using ToolBackend.Core.Calls.Routing;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>
/// Whether a new call is offered to Vapi. Pure; the table is <c>RouteDecisionTests</c>.
/// <code>
/// mode       Vapi healthy       not healthy        no line left (429) or no ids
/// auto       Vapi               own                own
/// vapi       Vapi               Vapi               own
/// own        own                own                own
/// percent    Vapi for a part    own                own
/// </code>
/// What is offered and not taken goes to the own pipeline.
/// </summary>
internal static class RouteDecision
{
    /// <param name="isAdmitted">Its health lets a new call in.</param>
    /// <param name="canTake">It is configured for this line, and has not said just now that no line is left.</param>
    /// <param name="chance">0 to 1.</param>
    public static bool OffersToVapi(CallRoute route, bool isAdmitted, bool canTake, double chance) => canTake && route.Mode switch
    {
        RouteMode.Auto => isAdmitted,
        RouteMode.Vapi => true,
        RouteMode.Percent => isAdmitted && chance * 100 < route.Percent,
        _ => false,
    };
}
