namespace ToolBackend.Vapi.Control;

/// <summary>A command to a live call, checked. ToString tells its type only: what is to be said is content.</summary>
/// <param name="Type">say, add-message, control, end-call, transfer or handoff.</param>
/// <param name="Json">What Vapi is sent.</param>
public sealed record ControlCommand(string Type, byte[] Json)
{
    public override string ToString() => Type;
}
