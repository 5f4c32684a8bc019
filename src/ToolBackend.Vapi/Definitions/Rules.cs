namespace ToolBackend.Vapi.Definitions;

/// <summary>Names of all rules; scripts and comments may rely on them.</summary>
public static class Rules
{
    public const string Yaml = "yaml";
}
