using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.OpenApi;
using ToolBackend.Vapi.Definitions.Schemas;

namespace ToolBackend.Vapi.Tests.Definitions.OpenApi;

/// <summary>
/// What Vapi takes: its own OpenAPI document where <c>TOOLBACKEND_VAPI_SPEC</c> names a copy, otherwise the schemas of this repository, which are held against that document
/// by <c>toolbackend vapi validate --spec</c>.
/// </summary>
/// <param name="find">An object at Vapi by its id: an update does not repeat what tells sub-kinds apart, and our schemas are those of whole resources.</param>
internal sealed class PayloadSchemas(OpenApiDocument? document, Func<string, JsonObject> find)
{
    private static readonly string[] s_tags = ["type", "provider"];

    public static PayloadSchemas OfThisRun(Func<string, JsonObject> find) =>
        new(Environment.GetEnvironmentVariable("TOOLBACKEND_VAPI_SPEC") is { Length: > 0 } file ? OpenApiDocument.Load(file) : null, find);

    /// <summary>What Vapi would refuse about the requests, in order: request and sentence.</summary>
    public IReadOnlyList<string> ProblemsIn(IEnumerable<SimulatedRequest> requests) => [.. requests.Where(request => request.Method is "POST" or "PATCH").SelectMany(ProblemsIn)];

    private IEnumerable<string> ProblemsIn(SimulatedRequest request)
    {
        var path = request.Target.Split('?')[0];
        var kind = ResourceKinds.All.Single(kind => path == kind.RestPath() || path.StartsWith(kind.RestPath() + "/", StringComparison.Ordinal));
        var body = JsonNode.Parse(request.Body)!.AsObject();
        var use = request.Method == "POST" ? PayloadUse.Create : PayloadUse.Update;
        // Vapi's document lets a tool's update name its type, as our schemas do with all tags; without it every kind of tool would be as good as the one that is meant.
        var told = use == PayloadUse.Update && (document is null || kind is ResourceKind.Tool) ? Tagged(body, find(path[(path.LastIndexOf('/') + 1)..])) : body;
        var problems = document is not null ? document.ProblemsIn(kind, told, use) : Own(kind, told, use);
        return problems.Select(problem => $"{request.Method} {path}: {problem}");
    }

    private static IReadOnlyList<string> Own(ResourceKind kind, JsonObject body, PayloadUse use)
    {
        var schema = DefinitionSchemas.Of(kind);
        var unsent = body.Select(member => member.Key).Where(name => schema.OneOf.Append(schema).Any(branch => branch.Members.TryGetValue(name, out var member) && member.Own)).ToList();
        if (unsent.Count > 0)
        {
            return [.. unsent.Select(name => $"{name}: is ours and never sent")];
        }

        return Sentences(SchemaValidator.Validate(body, schema), use);
    }

    private static JsonObject Tagged(JsonObject update, JsonObject whole)
    {
        var tagged = (JsonObject)update.DeepClone();
        foreach (var tag in s_tags.Where(tag => whole[tag] is not null))
        {
            tagged.TryAdd(tag, whole[tag]!.DeepClone());
        }

        return tagged;
    }

    private static IReadOnlyList<string> Sentences(IEnumerable<SchemaProblem> problems, PayloadUse use) =>
    [
        .. problems.Where(problem => problem.Severity is Severity.Error && !(use == PayloadUse.Update && problem is { Path: "", Rule: Rules.SchemaRequired }))
            .Select(problem => $"{problem.Path}: {problem.Message}"),
    ];
}
