using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Voice.Hosting;

internal static class StreamKey
{
    public static byte[] Of(VoiceOptions options) => options.StreamKey is { Length: > 0 } key ? Encoding.UTF8.GetBytes(key) : RandomNumberGenerator.GetBytes(32);
}
