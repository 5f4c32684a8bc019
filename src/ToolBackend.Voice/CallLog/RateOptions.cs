namespace ToolBackend.Voice.CallLog;

/// <summary>
/// Section <c>Voice:Rates</c>: what providers cost in US dollars, by the name that definitions use. 0 and absent both mean unknown: a call in which such a provider worked has no cost.
/// </summary>
public sealed class RateOptions
{
    /// <summary>Per minute of a call, such as <c>Voice:Rates:Transcribers:deepgram</c>.</summary>
    public Dictionary<string, decimal> Transcribers { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Per 1,000 tokens, such as <c>Voice:Rates:Models:groq:Input</c>.</summary>
    public Dictionary<string, TokenRates> Models { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Per 1,000 characters, such as <c>Voice:Rates:Voices:11labs</c>.</summary>
    public Dictionary<string, decimal> Voices { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whether all of them are dollars that somebody may ask for.</summary>
    internal bool ArePlausible => Transcribers.Values.Concat(Voices.Values).Concat(Models.Values.SelectMany(m => (decimal[])[m.Input, m.Output])).All(r => r is >= 0 and <= 1000);
}

/// <summary>US dollars per 1,000 tokens.</summary>
public sealed class TokenRates
{
    public decimal Input { get; set; }

    public decimal Output { get; set; }
}
