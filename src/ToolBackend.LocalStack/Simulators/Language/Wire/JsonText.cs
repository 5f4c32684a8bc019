using System.Text.Encodings.Web;
using System.Text.Json;

namespace ToolBackend.LocalStack.Simulators.Language.Wire;

internal static class JsonText
{
    // Servers in Python and Rust leave letters beyond ASCII as they are.
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Quote(string text) => JsonSerializer.Serialize(text, s_plain);
}
