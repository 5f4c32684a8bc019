using System.Text.Json;
using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Control;

/// <summary>
/// Reads the members of one object of a command into the object that is sent, and notes what is wrong by path. A member that nobody asked for is wrong too: it would
/// be sent as something that was meant and is not done.
/// </summary>
internal sealed class CommandFields(JsonElement given, string path, IDictionary<string, string[]> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public JsonObject Sent { get; } = [];

    public bool Has(string name) => given.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string? Text(string name, int maxLength, bool required = false)
    {
        if (Value(name, required) is not { } value)
        {
            return null;
        }

        if (TextOf(value) is { } text && text.Length <= maxLength && !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal))
        {
            Sent[name] = text;
            return text;
        }

        Refuse(name, $"A text of 1 to {maxLength} characters.");
        return null;
    }

    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        if (Value(name, required: true) is not { } value)
        {
            return null;
        }

        if (TextOf(value) is { } text && allowed.Contains(text))
        {
            Sent[name] = text;
            return text;
        }

        Refuse(name, $"One of {string.Join(", ", allowed!)}.");
        return null;
    }

    public void Flag(string name)
    {
        if (Value(name, required: false) is { } value)
        {
            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                Sent[name] = value.GetBoolean();
            }
            else
            {
                Refuse(name, "true or false.");
            }
        }
    }

    /// <summary>An object that goes on as it is.</summary>
    public void Whole(string name)
    {
        if (Value(name, required: false) is { } value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                Sent[name] = JsonObject.Create(value);
            }
            else
            {
                Refuse(name, "An object.");
            }
        }
    }

    /// <summary>An object whose members are read in turn; null when it is missing or is none, which is noted.</summary>
    public CommandFields? Object(string name)
    {
        if (Value(name, required: true) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            var inner = new CommandFields(value, $"{path}{name}.", errors);
            Sent[name] = inner.Sent;
            return inner;
        }

        Refuse(name, "An object.");
        return null;
    }

    public void Refuse(string name, string rule) => errors.TryAdd(path + name, [rule]);

    /// <summary>To be called when all members were asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var member in given.EnumerateObject().Where(member => !_known.Contains(member.Name)))
        {
            errors.TryAdd(path + (member.Name.Length <= 64 ? member.Name : member.Name[..64]), ["There is no such member here."]);
        }
    }

    private JsonElement? Value(string name, bool required)
    {
        _known.Add(name);
        if (Has(name))
        {
            return given.GetProperty(name);
        }

        if (required)
        {
            Refuse(name, "Must be there.");
        }

        return null;
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a lone surrogate is no text
        }
    }
}
