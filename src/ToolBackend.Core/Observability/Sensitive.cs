using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ToolBackend.Core.Observability;

/// <summary>Makers for <see cref="Sensitive{T}"/>.</summary>
public static class Sensitive
{
    /// <summary>What is shown instead of any sensitive value.</summary>
    public const string Mask = "***";

    public static Sensitive<T> Of<T>(T value) => new(value);
}

/// <summary>
/// A value that must not reach a log, trace or metric. Formatting, debugging and JSON show the mask;
/// only <see cref="Reveal"/> gives the value, so each use of it is visible in review.
/// </summary>
[DebuggerDisplay("***")]
[JsonConverter(typeof(SensitiveJsonConverterFactory))]
public readonly struct Sensitive<T>(T value) : IEquatable<Sensitive<T>>
{
    private readonly T _value = value;

    /// <summary>The value itself. Never pass it to a logger.</summary>
    public T Reveal() => _value;

    public override string ToString() => Sensitive.Mask;

    public bool Equals(Sensitive<T> other) => EqualityComparer<T>.Default.Equals(_value, other._value);

    public override bool Equals(object? obj) => obj is Sensitive<T> other && Equals(other);

    public override int GetHashCode() => _value is null ? 0 : EqualityComparer<T>.Default.GetHashCode(_value);

    public static bool operator ==(Sensitive<T> left, Sensitive<T> right) => left.Equals(right);

    public static bool operator !=(Sensitive<T> left, Sensitive<T> right) => !left.Equals(right);
}

/// <summary>Writes the mask, reads the inner value: requests may carry a secret in, answers never carry it out.</summary>
public sealed class SensitiveJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Sensitive<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Sensitive<T>>
    {
        public override Sensitive<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<T>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, Sensitive<T> value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Sensitive.Mask);
    }
}
