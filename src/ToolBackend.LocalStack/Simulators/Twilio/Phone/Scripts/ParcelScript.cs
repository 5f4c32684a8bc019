namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>Asks the dispatcher where a parcel of the demo data is, cuts the answer short, and has the delivery changed; then says goodbye, or asks for a person.</summary>
public sealed class ParcelScript(bool wantsPerson = false) : ICallScript
{
    public async Task PlayAsync(ScriptedCaller caller, CancellationToken cancellation)
    {
        await caller.ListenAsync(cancellation, "help you");
        await caller.SayAsync("Hi, where is my parcel? The number is T B one oh four two.", cancellation);
        await caller.HearAsync("on its way", cancellation);
        await caller.SayAsync("Oh, please leave it on the back porch.", cancellation);
        await caller.ListenAsync(cancellation, "left on the back porch");
        if (wantsPerson)
        {
            await caller.SayAsync("Can I talk to a person, please?", cancellation);
            await caller.ListenAsync(cancellation, "connecting you");
            await caller.ExpectTransferAsync(cancellation);
            return;
        }

        await caller.SayAsync("No thanks, goodbye.", cancellation);
        await caller.ListenAsync(cancellation, "goodbye");
        await caller.ExpectHangUpAsync(cancellation);
    }
}
