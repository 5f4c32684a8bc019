using System.Collections.Frozen;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>Models that answer, with room for an answer.</summary>
internal static class ModelCheck
{
    /// <summary>Still in Vapi's list, gone at Groq: calls end with a provider error. What replaces them.</summary>
    private static readonly FrozenDictionary<string, string> Retired = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["llama-3.3-70b-versatile"] = "openai/gpt-oss-120b",
        ["llama-3.1-8b-instant"] = "openai/gpt-oss-20b",
        ["llama-3.1-405b-reasoning"] = "openai/gpt-oss-120b",
        ["llama3-70b-8192"] = "openai/gpt-oss-120b",
        ["llama3-8b-8192"] = "openai/gpt-oss-20b",
        ["meta-llama/llama-4-scout-17b-16e-instruct"] = "openai/gpt-oss-120b",
        ["deepseek-r1-distill-llama-70b"] = "openai/gpt-oss-120b",
        ["gemma2-9b-it"] = "openai/gpt-oss-20b",
        ["mistral-saba-24b"] = "openai/gpt-oss-20b",
        ["qwen/qwen3-32b"] = "openai/gpt-oss-120b",
        ["compound-beta"] = "openai/gpt-oss-120b",
        ["compound-beta-mini"] = "openai/gpt-oss-20b",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Below, a reasoning model can spend all its tokens before the first spoken word, and arguments of tools are cut off.</summary>
    private const int FewestTokens = 400;

    public static void Run(CheckRun run)
    {
        foreach (var assistant in run.Definitions.Of(ResourceKind.Assistant))
        {
            var model = assistant.Body.TextAt("model.model");
            if (assistant.Body.TextAt("model.provider") == "groq")
            {
                RefuseRetired(run, assistant, model, "model.model");
            }
            foreach (var (fallback, path) in assistant.Fallback.ObjectsAt("models").Where(m => m.Item.TextAt("provider") == "groq"))
            {
                RefuseRetired(run, assistant, fallback.TextAt("model"), $"fallback.{path}.model");
            }

            Settings(run, assistant, model ?? "");
            if (assistant.Body.ObjectsAt("model.tools").Any())
            {
                run.Warning(assistant, "model.tools", Rules.InlineTool, "inline tools cannot be shared, and a PATCH of model replaces them all", "write tools/NAME.yaml and name it in model.toolIds", atKey: true);
            }
        }
    }

    private static void RefuseRetired(CheckRun run, ResourceDefinition assistant, string? model, string path)
    {
        if (model is not null && Retired.TryGetValue(model, out var successor))
        {
            run.Error(assistant, path, Rules.RetiredModel, $"Groq has retired {model}: calls would end with a provider error", $"use {successor}");
        }
    }

    private static void Settings(CheckRun run, ResourceDefinition assistant, string model)
    {
        if (assistant.Body["model"] is null)
        {
            return;
        }

        var tokens = assistant.Body.NumberAt("model.maxTokens");
        var why = model.Contains("gpt-oss", StringComparison.Ordinal) ? "a gpt-oss model can use them all up thinking and say nothing"
            : run.ToolsOf(assistant).Any() ? "arguments of tools are cut off"
            : null;
        if (why is not null && (tokens ?? 250) < FewestTokens)
        {
            run.Warning(assistant, "model.maxTokens", Rules.ModelSettings, tokens is null ? $"without maxTokens there are 250: {why}" : $"with {tokens} tokens {why}", "write maxTokens: 700");
        }
        if (assistant.Body.At("model.temperature") is null)
        {
            run.Warning(assistant, "model.temperature", Rules.ModelSettings, "Vapi's default temperature is not documented", "write temperature: 0.3");
        }
    }
}
