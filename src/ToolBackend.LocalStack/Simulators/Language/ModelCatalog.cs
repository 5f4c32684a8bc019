using ToolBackend.LocalStack.Simulators.Language.Wire;

namespace ToolBackend.LocalStack.Simulators.Language;

/// <summary>The models that each vendor has.</summary>
internal sealed class ModelCatalog
{
    private static readonly string[] s_retired = ["llama-3.3-70b-versatile", "llama-3.1-8b-instant", "meta-llama/llama-4-scout-17b-16e-instruct"];

    private static readonly Dictionary<SimulatedVendor, string[]> s_models = new()
    {
        [SimulatedVendor.Groq] = ["openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.6-27b", "moonshotai/kimi-k2-instruct-0905"],
        [SimulatedVendor.Together] = ["openai/gpt-oss-120b", "openai/gpt-oss-20b", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "zai-org/GLM-5.1"],
        [SimulatedVendor.Fireworks] = ["accounts/fireworks/models/gpt-oss-120b", "accounts/fireworks/models/gpt-oss-20b", "accounts/fireworks/models/kimi-k2p6"],
    };

    public VendorError? Refusal(SimulatedVendor vendor, string model) =>
        s_models[vendor].Contains(model, StringComparer.Ordinal) ? null
        : vendor == SimulatedVendor.Groq && s_retired.Contains(model, StringComparer.Ordinal) ? VendorErrors.Decommissioned(vendor, model)
        : VendorErrors.UnknownModel(vendor, model);

    /// <summary>The list of models: Together answers a bare array, the others an object.</summary>
    public string List(SimulatedVendor vendor)
    {
        var items = string.Join(',', s_models[vendor].Select(model => $$"""{"id":{{JsonText.Quote(model)}},"object":"model"}"""));
        return vendor == SimulatedVendor.Together ? $"[{items}]" : $$"""{"object":"list","data":[{{items}}]}""";
    }
}
