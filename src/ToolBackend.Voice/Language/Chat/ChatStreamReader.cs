using System.Text.Json;
using ToolBackend.Voice.Providers;

namespace ToolBackend.Voice.Language.Chat;

/// <summary>
/// Reads the events of one stream, of any of the vendors, without I/O. Text is handed out as it comes; calls, end and usage are what the last events said, since vendors
/// send finish_reason twice (Together) and usage up to three times (Groq), also in a chunk without choices.
/// </summary>
internal sealed class ChatStreamReader(ChatVendor vendor)
{
    private readonly ToolCallAssembly _calls = new();
    private readonly ThinkFilter _think = new();
    private string? _reason;
    private int _promptTokens;
    private int _completionTokens;
    private bool _hasText;

    /// <summary>[DONE] was read: nothing comes any more.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Name of the first tool call, as soon as it is known.</summary>
    public string? BegunCall { get; private set; }

    /// <summary>Takes one event. Returns text to be spoken, or null when it has none.</summary>
    /// <exception cref="ProviderException">It is an error, or not of this protocol.</exception>
    public string? Read(string eventType, ReadOnlySpan<byte> data)
    {
        if (IsDone || data.IsEmpty)
        {
            return null;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            IsDone = true;
            return null;
        }

        try
        {
            var text = ReadChunk(data, eventType == "error");
            var spoken = text is null ? null : _think.Take(text);
            _hasText |= !string.IsNullOrWhiteSpace(spoken);
            return string.IsNullOrEmpty(spoken) ? null : spoken;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // GetString throws InvalidOperationException for a lone surrogate or broken UTF-8.
            throw new ProviderException(vendor.Name, ProviderFault.Protocol, "malformed_event");
        }
    }

    /// <summary>What is to be said after the last event, in order; ends with <see cref="ModelOutput.End"/>.</summary>
    /// <exception cref="ProviderException">The stream was cut, or the answer is empty.</exception>
    public Queue<ModelOutput> Complete()
    {
        if (!IsDone && _reason is null)
        {
            throw new ProviderException(vendor.Name, ProviderFault.ServerError, "cut");
        }

        var rest = new Queue<ModelOutput>();
        if (_think.End() is { Length: > 0 } held)
        {
            _hasText |= !string.IsNullOrWhiteSpace(held);
            rest.Enqueue(new ModelOutput.Text(held));
        }

        var calls = _calls.Calls();
        if (calls.Count > 0)
        {
            rest.Enqueue(new ModelOutput.ToolCalls(calls));
        }
        else if (!_hasText)
        {
            throw new ProviderException(vendor.Name, ProviderFault.Protocol, VendorFailure.EmptyAnswer);
        }

        rest.Enqueue(new ModelOutput.End(Reason(calls.Count > 0), _promptTokens, _completionTokens));
        return rest;
    }

    private string Reason(bool hasCalls) => _reason switch
    {
        "length" or "content_filter" => _reason,
        _ when hasCalls => "tool_calls",
        _ => "stop", // stop, eos, and what vendors may invent
    };

    private string? ReadChunk(ReadOnlySpan<byte> data, bool isError)
    {
        var json = new Utf8JsonReader(data);
        string? text = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("choices"u8))
            {
                text = ReadChoices(ref json) is { } more ? text + more : text;
            }
            else if (json.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref json);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                isError |= ReadError(ref json);
            }
            else if (json.ValueTextEquals("x_groq"u8))
            {
                ReadGroq(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return isError ? throw VendorFailure.InStream(vendor, null, null) : text;
    }

    private string? ReadChoices(ref Utf8JsonReader json)
    {
        string? text = null;
        if (!Opens(ref json, JsonTokenType.StartArray))
        {
            return null;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("delta"u8))
                {
                    text = ReadDelta(ref json) is { } more ? text + more : text;
                }
                else if (json.ValueTextEquals("finish_reason"u8))
                {
                    _reason = ReadText(ref json) is { Length: > 0 } reason ? reason : _reason;
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return text;
    }

    private string? ReadDelta(ref Utf8JsonReader json)
    {
        string? text = null;
        if (!Opens(ref json, JsonTokenType.StartObject))
        {
            return null;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("content"u8))
            {
                text = ReadText(ref json);
            }
            else if (json.ValueTextEquals("tool_calls"u8))
            {
                ReadCalls(ref json);
            }
            else
            {
                json.Skip(); // role, reasoning, reasoning_content, channel, token_id
            }
        }

        return text;
    }

    private void ReadCalls(ref Utf8JsonReader json)
    {
        if (!Opens(ref json, JsonTokenType.StartArray))
        {
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                ReadCall(ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadCall(ref Utf8JsonReader json)
    {
        int? index = null;
        string? id = null, name = null, arguments = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("index"u8))
            {
                index = ReadNumber(ref json);
            }
            else if (json.ValueTextEquals("id"u8))
            {
                id = ReadText(ref json);
            }
            else if (json.ValueTextEquals("function"u8) && Opens(ref json, JsonTokenType.StartObject))
            {
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    if (json.ValueTextEquals("name"u8))
                    {
                        name = ReadText(ref json);
                    }
                    else if (json.ValueTextEquals("arguments"u8))
                    {
                        arguments = ReadText(ref json);
                    }
                    else
                    {
                        json.Skip();
                    }
                }
            }
            else if (json.TokenType == JsonTokenType.PropertyName)
            {
                json.Skip();
            }
        }

        BegunCall ??= string.IsNullOrEmpty(name) ? null : name;
        if (!_calls.Add(index, id, name, arguments))
        {
            throw new ProviderException(vendor.Name, ProviderFault.Protocol, "too_many_tool_calls");
        }
    }

    private void ReadUsage(ref Utf8JsonReader json)
    {
        if (!Opens(ref json, JsonTokenType.StartObject))
        {
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("prompt_tokens"u8))
            {
                _promptTokens = ReadNumber(ref json) ?? _promptTokens;
            }
            else if (json.ValueTextEquals("completion_tokens"u8))
            {
                _completionTokens = ReadNumber(ref json) ?? _completionTokens;
            }
            else
            {
                json.Skip();
            }
        }
    }

    /// <summary>False for null; throws for an error.</summary>
    private bool ReadError(ref Utf8JsonReader json)
    {
        string? type = null, code = null;
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return true;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                type = ReadText(ref json);
            }
            else if (json.ValueTextEquals("code"u8))
            {
                json.Read();
                code = json.TokenType switch
                {
                    JsonTokenType.String => json.GetString(),
                    JsonTokenType.Number when json.TryGetInt32(out var number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    _ => null,
                };
                json.Skip();
            }
            else
            {
                json.Skip();
            }
        }

        throw VendorFailure.InStream(vendor, type, code);
    }

    private void ReadGroq(ref Utf8JsonReader json)
    {
        if (!Opens(ref json, JsonTokenType.StartObject))
        {
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref json);
            }
            else if (json.ValueTextEquals("error"u8) && ReadError(ref json))
            {
                throw VendorFailure.InStream(vendor, null, "stopped_early");
            }
            else if (json.TokenType == JsonTokenType.PropertyName)
            {
                json.Skip();
            }
        }
    }

    /// <summary>Steps from a name to its value and, when that is of this kind, stays at its beginning; otherwise leaps over it.</summary>
    private static bool Opens(ref Utf8JsonReader json, JsonTokenType kind)
    {
        json.Read();
        if (json.TokenType == kind)
        {
            return true;
        }

        json.Skip();
        return false;
    }

    private static string? ReadText(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType == JsonTokenType.String)
        {
            return json.GetString();
        }

        json.Skip();
        return null;
    }

    private static int? ReadNumber(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number))
        {
            return number;
        }

        json.Skip();
        return null;
    }
}
