namespace ToolBackend.Vapi.Messages;

/// <summary>Why a call's arguments cannot be used. The call is answered with an error that can be spoken; the message itself is fine.</summary>
public enum ArgumentError
{
    None,

    /// <summary>A string that is not JSON, or JSON that is not an object.</summary>
    NotAnObject,

    /// <summary>More than <see cref="VapiMessageReader.MaxStringBytes"/>.</summary>
    TooLong,
}

/// <summary>One tool call.</summary>
/// <param name="Id">The id to answer, verbatim; empty when the sender gave none.</param>
/// <param name="Name">Tool name; empty when the sender gave none.</param>
/// <param name="Arguments">UTF-8 JSON object, <c>{}</c> when absent or unusable. A slice of the body unless it came as a string.</param>
/// <param name="ArgumentError">Set when the arguments were present and unusable.</param>
public sealed record VapiToolCall(string Id, string Name, ReadOnlyMemory<byte> Arguments, ArgumentError ArgumentError = ArgumentError.None)
{
    // Arguments are what the caller said: personal data.
    public override string ToString() => $"{Name} {Id}";
}
