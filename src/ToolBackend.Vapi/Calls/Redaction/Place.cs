namespace ToolBackend.Vapi.Calls.Redaction;

/// <summary>Where in a message the redaction is; decides which names mean what.</summary>
internal enum Place
{
    /// <summary>Anywhere that has no rules of its own.</summary>
    Other,
    Root,

    /// <summary>The message, or the call that the REST API answers.</summary>
    Message,

    /// <summary>The call inside a message: as it was when it was created.</summary>
    Call,
    Artifact,

    /// <summary>A conversation: items that say something.</summary>
    History,

    /// <summary>A conversation's item about keys that the assistant pressed.</summary>
    Keys,

    /// <summary>Customer, phone number, destination.</summary>
    Party,

    /// <summary>A definition, of which its names remain.</summary>
    Assistant,

    /// <summary>Model, voice, transcriber of a definition.</summary>
    Engine,

    /// <summary>Where requests go; its headers and secrets do not remain.</summary>
    Server,

    /// <summary>Tool calls, of which the arguments do not remain.</summary>
    ToolCalls,

    /// <summary>What callers, models and tools said, in any shape: nothing is left out but secrets, everything is masked.</summary>
    Content,

    /// <summary>An id or a phone number: its digits are no card's.</summary>
    Identifier,

    /// <summary>A string, number or boolean; anything else is left out.</summary>
    Scalar,
}

internal enum NameAction
{
    Keep,

    /// <summary>Bulk that says nothing new.</summary>
    Drop,

    /// <summary>The name stays, so that an operator sees that there was something.</summary>
    Mask,
}

/// <param name="Next">Where the member's value is.</param>
internal readonly record struct NameRule(NameAction Action, Place Next)
{
    public static readonly NameRule Dropped = new(NameAction.Drop, Place.Other);
    public static readonly NameRule Masked = new(NameAction.Mask, Place.Other);

    public static NameRule Kept(Place next) => new(NameAction.Keep, next);
}
