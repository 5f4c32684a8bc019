using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chat;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Tests.Language;

/// <summary>Requests and clients that the tests of models share.</summary>
internal static class Conversations
{
    public static ModelTool Weather { get; } = new("get_weather", "The weather in a city.", new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["city"] = new JsonObject { ["type"] = "string" } } });

    public static IReadOnlyList<ChatVendor> Vendors { get; } = ChatVendor.All;

    public static string ModelOf(ChatVendor vendor) => vendor == ChatVendor.Fireworks ? "accounts/fireworks/models/gpt-oss-20b" : "openai/gpt-oss-20b";

    public static ModelRequest Ask(string model, string text = "Hello") => new(model, [new ModelMessage(ModelRole.System, "Be brief."), new ModelMessage(ModelRole.User, text)])
    {
        Temperature = 0.3,
        ReasoningEffort = "low",
        CallId = "call-1",
    };

    public static ChatCompletionsModel Client(this LanguageSimulator simulator, ChatVendor vendor, LanguageOptions? options = null, string? key = null) =>
        new(vendor, new VendorOptions { BaseUrl = simulator.Url, ApiKey = key ?? simulator.ApiKey }, options ?? new LanguageOptions(), TimeProvider.System);

    public static async Task<List<ModelOutput>> AllAsync(this ILanguageModel model, ModelRequest request, CancellationToken cancellation = default)
    {
        var outputs = new List<ModelOutput>();
        await foreach (var output in model.StreamAsync(request, cancellation))
        {
            outputs.Add(output);
        }

        return outputs;
    }

    public static string Text(this IEnumerable<ModelOutput> outputs) => string.Concat(outputs.OfType<ModelOutput.Text>().Select(text => text.Value));

    public static IReadOnlyList<ModelToolCall> Calls(this IEnumerable<ModelOutput> outputs) => outputs.OfType<ModelOutput.ToolCalls>().SingleOrDefault()?.Calls ?? [];

    public static ModelOutput.End End(this IReadOnlyList<ModelOutput> outputs) => outputs[^1].ShouldBeOfType<ModelOutput.End>();
}
