using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chain;

/// <summary>An answer broke off after some of it was handed out. Nothing is asked again by itself, or the caller would hear it twice: whoever speaks decides how to go on.</summary>
public sealed class ReplyCutException(string delivered, ProviderException cause) : Exception(cause.Message, cause)
{
    /// <summary>All text that was handed out.</summary>
    public string Delivered { get; } = delivered;

    public ProviderException Cause { get; } = cause;
}
