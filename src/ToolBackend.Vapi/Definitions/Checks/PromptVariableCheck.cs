using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>A variable that nobody gives a value is spoken as nothing at all: "Hello , how can I help?".</summary>
internal static class PromptVariableCheck
{
    /// <summary>What Vapi fills in by itself.</summary>
    private static readonly FrozenSet<string> BuiltIn =
        FrozenSet.Create(StringComparer.Ordinal, "now", "date", "time", "month", "day", "year", "customer", "call", "transport", "phoneNumber", "assistant", "true", "false", "nil", "empty", "blank");

    /// <summary>What our answer to <c>assistant-request</c> fills in.</summary>
    public static FrozenSet<string> Caller { get; } = FrozenSet.Create(StringComparer.Ordinal, "callerKnown", "callerFirstName", "nextAppointment", "openShipments");

    /// <summary>Filters that the fallback pipeline has.</summary>
    private static readonly FrozenSet<string> Filters = FrozenSet.Create(StringComparer.Ordinal, "date", "default");

    public static void Run(CheckRun run)
    {
        var shared = Shared(run);
        foreach (var assistant in run.Definitions.Of(ResourceKind.Assistant))
        {
            Check(run, assistant, [.. shared, .. Own(assistant)]);
        }

        var all = new HashSet<string>([.. shared, .. run.Definitions.Of(ResourceKind.Assistant).SelectMany(Own)], StringComparer.Ordinal);
        foreach (var resource in run.Definitions.Of(ResourceKind.Tool).Concat(run.Definitions.Of(ResourceKind.Squad)))
        {
            Check(run, resource, all);
        }
    }

    private static void Check(CheckRun run, ResourceDefinition resource, HashSet<string> known)
    {
        foreach (var (path, written) in CheckRun.Texts(resource))
        {
            if (PromptTemplate.Of(written) is not { } template || path.StartsWith("analysisPlan", StringComparison.Ordinal))
            {
                continue; // an analysis has variables of its own
            }
            if (template.Unclosed is { } open)
            {
                run.ErrorInside(resource, path, written, open, Rules.PromptVariable, "{{ is never closed", "close it with }}");
            }
            foreach (var (name, at) in template.Variables.Where(v => !v.Name.StartsWith('$') && !known.Contains(v.Name) && !template.Assigned.Contains(v.Name)))
            {
                run.ErrorInside(resource, path, written, at, Rules.PromptVariable, $"nobody gives {name} a value: it would be spoken as nothing",
                    NearestName.Of(name, known) is { } near ? $"did you mean {near}?" : "correct the name, or give it a default in fallback.variables");
            }

            if (resource.Kind is ResourceKind.Assistant)
            {
                WarnOfFallback(run, resource, path, written, template);
            }
        }
    }

    private static void WarnOfFallback(CheckRun run, ResourceDefinition resource, string path, string written, PromptTemplate template)
    {
        if (template.FirstTag is { } tag)
        {
            run.WarningInside(resource, path, written, tag, Rules.Fallback, "the fallback pipeline has no {% tags %}: it would speak them", "write it with variables only");
        }
        foreach (var (filter, at) in template.Filters.Where(f => !Filters.Contains(f.Name)))
        {
            run.WarningInside(resource, path, written, at, Rules.Fallback, $"the fallback pipeline has no filter {filter}", "it has date and default");
        }
    }

    private static HashSet<string> Shared(CheckRun run)
    {
        var names = new HashSet<string>([.. BuiltIn, .. Caller], StringComparer.Ordinal);
        foreach (var resource in run.Definitions.Resources)
        {
            foreach (var (path, node) in JsonPaths.Walk(resource.Body))
            {
                if (node is JsonObject values && path.EndsWith("variableValues", StringComparison.Ordinal))
                {
                    names.UnionWith(values.Select(v => v.Key));
                }
                else if (node is JsonObject plan && path.EndsWith("variableExtractionPlan", StringComparison.Ordinal))
                {
                    names.UnionWith(plan.ObjectsAt("aliases").Select(a => a.Item.TextAt("key")).OfType<string>());
                    names.UnionWith(plan.ObjectAt("schema.properties")?.Select(p => p.Key) ?? []);
                }
            }
        }
        return names;
    }

    private static IEnumerable<string> Own(ResourceDefinition assistant) => assistant.Fallback.ObjectAt("variables")?.Select(v => v.Key) ?? [];
}
