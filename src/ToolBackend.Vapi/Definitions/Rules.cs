using System.Collections.Frozen;

namespace ToolBackend.Vapi.Definitions;

/// <summary>Names of all rules; scripts and <c>lenient:</c> rely on them.</summary>
public static class Rules
{
    // Files
    public const string File = "file";
    public const string Folder = "folder";
    public const string Yaml = "yaml";
    public const string FrontMatter = "front-matter";
    public const string Environment = "environment";
    public const string Variable = "variable";
    public const string Name = "name";

    // Shape
    public const string SchemaUnknown = "schema-unknown";
    public const string SchemaType = "schema-type";
    public const string SchemaEnum = "schema-enum";
    public const string SchemaLimit = "schema-limit";
    public const string SchemaPattern = "schema-pattern";
    public const string SchemaRequired = "schema-required";
    public const string SchemaDeprecated = "schema-deprecated";
    public const string OpenApi = "openapi";

    // Meaning
    public const string Reference = "reference";
    public const string ToolSchema = "tool-schema";
    public const string ToolUnknown = "tool-unknown";
    public const string ToolMissing = "tool-missing";
    public const string PromptVariable = "prompt-variable";
    public const string Secret = "secret";
    public const string PersonalData = "personal-data";
    public const string ServerUrl = "server-url";
    public const string RetiredModel = "retired-model";

    // Good practice; see Practice
    public const string ServerMissing = "server-missing";
    public const string ServerBackoff = "server-backoff";
    public const string ServerCredential = "server-credential";
    public const string ServerMessages = "server-messages";
    public const string RequestStart = "request-start";
    public const string FluxSmartPlan = "flux-smart-plan";
    public const string FluxSettings = "flux-settings";
    public const string ModelSettings = "model-settings";
    public const string InlineTool = "inline-tool";
    public const string CallerVariables = "caller-variables";
    public const string Fallback = "fallback";

    /// <summary>Rules that Vapi itself does not enforce: an environment may make their errors warnings (<c>lenient:</c>), for definitions that were pulled as they are.</summary>
    public static FrozenSet<string> Practice { get; } = FrozenSet.Create(
        StringComparer.Ordinal, ServerMissing, ServerBackoff, ServerCredential, ServerMessages, RequestStart, FluxSmartPlan, FluxSettings, ModelSettings, InlineTool, CallerVariables, Fallback, RetiredModel, PersonalData, ToolUnknown);

    /// <summary>Every rule.</summary>
    public static FrozenSet<string> All { get; } =
        typeof(Rules).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToFrozenSet(StringComparer.Ordinal);
}
