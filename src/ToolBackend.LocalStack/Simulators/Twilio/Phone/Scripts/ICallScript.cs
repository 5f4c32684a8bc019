namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>A caller with something in mind, who reacts to what the agent says.</summary>
public interface ICallScript
{
    /// <summary>From the greeting to the end of the call.</summary>
    /// <exception cref="UnexpectedTurnException">The call did not go as it should.</exception>
    Task PlayAsync(ScriptedCaller caller, CancellationToken cancellation);
}
