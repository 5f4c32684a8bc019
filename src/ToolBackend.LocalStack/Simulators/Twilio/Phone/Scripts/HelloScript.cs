namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>One question; the caller hangs up when it is answered.</summary>
public sealed class HelloScript(string question) : ICallScript
{
    public async Task PlayAsync(ScriptedCaller caller, CancellationToken cancellation)
    {
        await caller.ListenAsync(cancellation, "help you");
        await caller.SayAsync(question, cancellation);
        await caller.ListenAsync(cancellation, "you have", "your");
        await caller.HangUpAsync();
    }
}
