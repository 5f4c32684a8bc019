using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.ComponentModel.DataAnnotations;
using ToolBackend.Core.Speech;

namespace ToolBackend.Core.Tools;

/// <summary>
/// Reads a tool's arguments as models write them: numbers for strings, "yes" for true, extra members, null for absent. What cannot be
/// used is refused with a sentence for the model, never with an exception.
/// </summary>
public static class ArgumentReader
{
    /// <summary>Longest text argument, in characters.</summary>
    public const int MaxText = 300;

    private const string Unreadable = "The tool was called with arguments that could not be read. Call it again with a JSON object that follows its schema.";

    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(), // schemas are asked for before anything was read
        MaxDepth = 8,
        AllowDuplicateProperties = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectNullableAnnotations = false,
        Converters = { new LenientText(), new LenientFlag() },
    };

    public static bool TryRead<T>(ReadOnlySpan<byte> json, [NotNullWhen(true)] out T? arguments, [NotNullWhen(false)] out string? refusal) where T : class
    {
        arguments = null;
        try
        {
            arguments = json.IsEmpty ? JsonSerializer.Deserialize<T>("{}"u8, Options) : JsonSerializer.Deserialize<T>(json, Options);
        }
        catch (TextTooLongException)
        {
            refusal = $"One of the arguments is longer than {MaxText} characters. Call the tool again with just what the caller said.";
            return false;
        }
        catch (JsonException)
        {
            refusal = Unreadable;
            return false;
        }

        refusal = arguments is null ? Unreadable : Shape<T>.FirstMissing(arguments);
        return refusal is null;
    }

    /// <summary>SHA-256 of the tool's name and the arguments in canonical form; of the raw bytes when they cannot be read.</summary>
    public static byte[] Fingerprint<T>(string tool, ReadOnlySpan<byte> json) where T : class
    {
        return TryRead<T>(json, out var arguments, out _) ? FingerprintOf(tool, arguments) : SHA256.HashData([.. Encoding.UTF8.GetBytes(tool), 0, .. json]);
    }

    /// <summary>SHA-256 of the tool's name and the arguments in canonical form.</summary>
    public static byte[] FingerprintOf<T>(string tool, T arguments) where T : class =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(tool), 0, .. JsonSerializer.SerializeToUtf8Bytes(arguments, Options)]);

    private static class Shape<T> where T : class
    {
        private static readonly (PropertyInfo Property, string Name)[] s_required =
        [
            .. typeof(T).GetProperties().Where(p => p.GetCustomAttribute<RequiredAttribute>() is not null).Select(p => (p, JsonNamingPolicy.CamelCase.ConvertName(p.Name))),
        ];

        public static string? FirstMissing(T arguments)
        {
            foreach (var (property, name) in s_required)
            {
                if (property.GetValue(arguments) is null or "")
                {
                    return $"The argument {name} is missing. Ask the caller for it, then call the tool again.";
                }
            }

            return null;
        }
    }

    private sealed class TextTooLongException : Exception;

    /// <summary>Text; a number or a flag counts as its text. Blank is absent. One line: control characters become spaces, invisible ones go.</summary>
    private sealed class LenientText : JsonConverter<string>
    {
        public override bool HandleNull => true;

        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.String => reader.ValueSpan.Length > 8 * MaxText ? throw new TextTooLongException() : ReadString(ref reader),
                JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
                JsonTokenType.True => "true",
                JsonTokenType.False => "false",
                JsonTokenType.Null => null,
                _ => throw new JsonException(),
            };
            if (text?.Length > MaxText)
            {
                throw new TextTooLongException();
            }

            return Phrases.SingleLine(text) is { Length: > 0 } line ? line : null;
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        private static string ReadString(ref Utf8JsonReader reader)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                throw new JsonException(); // an escaped lone surrogate: not text
            }
        }
    }

    /// <summary>A flag; only an unmistakable yes is true.</summary>
    private sealed class LenientFlag : JsonConverter<bool?>
    {
        public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            JsonTokenType.String when reader.ValueTextEquals("true"u8) || reader.ValueTextEquals("yes"u8) || reader.ValueTextEquals("True"u8) => true,
            JsonTokenType.String => false,
            JsonTokenType.Number => false,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options) => writer.WriteBooleanValue(value is true);
    }
}
