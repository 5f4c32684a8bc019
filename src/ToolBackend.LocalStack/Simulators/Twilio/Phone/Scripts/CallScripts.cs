namespace ToolBackend.LocalStack.Simulators.Twilio.Phone.Scripts;

/// <summary>The scripts by name.</summary>
public static class CallScripts
{
    public static IReadOnlyList<string> Names { get; } = ["booking", "parcel", "person", "hello"];

    /// <param name="assistant">Who is called: a script may ask the receptionist something else than the dispatcher.</param>
    /// <returns>Null when there is no such script.</returns>
    public static ICallScript? Find(string name, string assistant) => name switch
    {
        "booking" => new BookingScript(),
        "parcel" => new ParcelScript(),
        "person" => new ParcelScript(wantsPerson: true),
        "hello" => new HelloScript(assistant == "dispatcher" ? "Hi, which parcels do I have?" : "Hi, when is my next appointment?"),
        _ => null,
    };
}
