using System.Globalization;
using System.Text.Json;

namespace ToolBackend.Voice.Conversations;

/// <summary>Finds a value in a tool's JSON result by a path such as <c>$.slots[0].time</c>, <c>$</c> or <c>$[1]</c>.</summary>
internal static class ResultPath
{
    /// <returns>A text as it is, anything else as JSON; null when the path leads nowhere.</returns>
    public static string? Find(JsonElement root, string path)
    {
        var at = root;
        foreach (var step in path.TrimStart('$').Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            if (step.EndsWith(']'))
            {
                if (at.ValueKind is not JsonValueKind.Array || !int.TryParse(step.AsSpan(0, step.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= at.GetArrayLength())
                {
                    return null;
                }

                at = at[index];
            }
            else if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(step, out at))
            {
                return null;
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => at.GetString(),
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            _ => at.GetRawText(),
        };
    }
}
