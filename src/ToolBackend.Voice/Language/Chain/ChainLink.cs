namespace ToolBackend.Voice.Language.Chain;

/// <summary>One provider with one of its models.</summary>
/// <param name="ReasoningEffort">low, medium or high; sent only to models that reason.</param>
internal sealed record ChainLink(ILanguageModel Provider, string Model, string? ReasoningEffort)
{
    /// <summary>Of this model at this provider, for what is known of it.</summary>
    public string Key { get; } = $"{Provider.Name}/{Model}";

    public ModelRequest Of(ModelRequest asked, RequestForm form) => asked with
    {
        Model = Model,
        ReasoningEffort = ReasoningEffort,
        Temperature = form is RequestForm.AsAsked ? asked.Temperature : 0,
        Tools = form is RequestForm.WithoutTools ? [] : asked.Tools,
    };
}
