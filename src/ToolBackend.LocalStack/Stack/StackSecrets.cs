using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ToolBackend.LocalStack.Stack;

/// <summary>Secrets of this clone, made once and kept over <c>--reset</c>: they may have been given to Vapi.</summary>
internal sealed record StackSecrets(string VapiWebhook, string OperatorKey)
{
    /// <summary>How the Api keeps the operator's key.</summary>
    public string OperatorKeyHash => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(OperatorKey)));

    public static StackSecrets LoadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            var known = JsonSerializer.Deserialize<StackSecrets>(File.ReadAllText(path), StackFile.Json);
            return known is { VapiWebhook.Length: > 0, OperatorKey.Length: > 0 }
                ? known
                : throw new LocalStackException($"{path} lacks vapiWebhook or operatorKey. Remove it to have new secrets made.");
        }

        var made = new StackSecrets(NewKey(), NewKey());
        PrivateFile.Write(path, JsonSerializer.Serialize(made, StackFile.Json));
        return made;
    }

    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
