using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Sync.State;

/// <summary>What plans and snapshots begin with: of which form they are, of which environment and address, and from when.</summary>
/// <param name="Root">The whole document.</param>
internal sealed record SavedHead(JsonNode Root, string Environment, string Vapi, DateTimeOffset Moment)
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Where a document is broken; the parser's own text may quote it.</summary>
    public static string Where(JsonException error) => error.LineNumber is { } line ? $"line {line + 1}" : "a member stands in it twice";

    /// <param name="place">The file, for messages.</param>
    /// <param name="noun">What it should be, such as plan.</param>
    /// <param name="format">The only form that is read.</param>
    /// <param name="moment">Member that says from when it is.</param>
    /// <exception cref="StateException">It is something else, or of another version.</exception>
    public static SavedHead Read(string json, string place, string noun, string format, string moment)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: s_strict);
        }
        catch (JsonException error)
        {
            throw new StateException($"{place} is no {noun}: it is no JSON ({Where(error)}).", error);
        }

        if (root.TextAt("format") is not { } form || form != format)
        {
            throw new StateException($"{place} is no {noun} of the form {format}; a newer version of this tool may have written it.");
        }

        return root.TextAt("environment") is { } environment && root.TextAt("vapi") is { } vapi
            && DateTimeOffset.TryParse(root.TextAt(moment), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)
            ? new SavedHead(root!, environment, vapi, when)
            : throw new StateException($"{place} does not say what it is a {noun} of.");
    }
}
