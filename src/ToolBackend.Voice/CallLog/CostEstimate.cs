namespace ToolBackend.Voice.CallLog;

/// <summary>Tokens of one answer.</summary>
/// <param name="Provider">Null when nobody answered.</param>
internal readonly record struct TokenUse(string? Provider, int Prompt, int Completion);

/// <summary>What a call used of its providers.</summary>
/// <param name="Characters">Given to the voice; what came out of the cache cost nothing.</param>
internal sealed record CallUsage(TimeSpan Connected, string? Transcriber, IReadOnlyList<TokenUse> Tokens, string? Voice, int Characters);

/// <summary>US dollars, an estimate: our own count times the configured rates.</summary>
internal sealed record CostEstimate(decimal Transcriber, decimal Model, decimal Voice)
{
    public decimal Total => Transcriber + Model + Voice;

    /// <summary>Null when the rate of anything that was used is unknown: half a sum would look like the whole.</summary>
    public static CostEstimate? Of(CallUsage usage, RateOptions rates)
    {
        var transcriber = (decimal)usage.Connected.TotalMinutes * Known(rates.Transcribers, usage.Transcriber, usage.Connected > TimeSpan.Zero);
        var voice = usage.Characters / 1000m * Known(rates.Voices, usage.Voice, usage.Characters > 0);
        decimal? model = 0;
        foreach (var use in usage.Tokens.Where(u => u.Prompt + u.Completion > 0))
        {
            model += use.Provider is { } name && rates.Models.GetValueOrDefault(name) is { Input: > 0, Output: > 0 } rate ? ((use.Prompt * rate.Input) + (use.Completion * rate.Output)) / 1000 : null;
        }

        return transcriber is { } stt && voice is { } tts && model is { } llm ? new CostEstimate(Math.Round(stt, 6), Math.Round(llm, 6), Math.Round(tts, 6)) : null;
    }

    private static decimal? Known(Dictionary<string, decimal> rates, string? provider, bool wasUsed) =>
        !wasUsed ? 0 : provider is not null && rates.GetValueOrDefault(provider) is > 0 and var rate ? rate : null;
}
