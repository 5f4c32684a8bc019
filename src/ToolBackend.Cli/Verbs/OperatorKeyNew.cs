using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Cli.Verbs;

/// <summary>
/// <c>toolbackend operator-key new</c>: a bearer key for the operator API and the hash that goes into the service's configuration.
/// The hash is SHA-256 over the key's text as it is sent, in hexadecimal. Nothing is stored.
/// </summary>
internal static class OperatorKeyNew
{
    private const int Bytes = 32;

    public static Command Command() => new Command("new", "Make a random key and print it once, with the hash for the service's configuration.")
        .Does("operator-key new", (_, console, _) =>
        {
            var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
            var hash = HashOf(key);
            console.Object(new { type = "operator_key", key, hash });
            console.Result($"key   {key}");
            console.Result($"hash  {hash}");
            console.Line("Give the key to the operator and the hash to the service: the key is not kept anywhere.");
            return Task.FromResult(ExitCodes.Ok);
        });

    public static string HashOf(string key) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
}
