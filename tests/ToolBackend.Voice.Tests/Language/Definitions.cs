using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Tests.Language;

/// <summary>The assistants of this repository.</summary>
internal static class Definitions
{
    public static AssistantModel Assistant(string name)
    {
        var definitions = DefinitionLoader.Load(Path.Combine(AppContext.BaseDirectory, "vapi"), "dev", _ => null).Definitions!;
        return AssistantModel.Of(definitions.Find(ResourceKind.Assistant, name)!, definitions);
    }
}
