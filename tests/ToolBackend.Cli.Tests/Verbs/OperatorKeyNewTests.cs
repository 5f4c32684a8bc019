using System.Security.Cryptography;
using System.Text;

namespace ToolBackend.Cli.Tests.Verbs;

public sealed class OperatorKeyNewTests
{
    [Fact]
    public async Task A_new_key_has_32_random_bytes_and_comes_with_the_hash_of_its_text()
    {
        var first = await KeyAsync();
        var second = await KeyAsync();

        first.Key.ShouldNotBe(second.Key);
        System.Buffers.Text.Base64Url.DecodeFromChars(first.Key).Length.ShouldBe(32);
        first.Hash.ShouldBe("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first.Key))));
    }

    [Fact]
    public async Task Quiet_still_prints_the_key_because_it_is_the_result()
    {
        var result = await CliProcess.RunAsync(null, "operator-key", "new", "--quiet");

        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).ShouldBe(["key", "hash"]);
        result.Error.ShouldBeEmpty();
    }

    private static async Task<(string Key, string Hash)> KeyAsync()
    {
        var result = await CliProcess.RunAsync(null, "operator-key", "new", "--json");
        result.ExitCode.ShouldBe(ExitCodes.Ok);
        result.Objects[0].GetProperty("verb").GetString().ShouldBe("operator-key new");
        return (result.Objects[1].GetProperty("key").GetString()!, result.Objects[1].GetProperty("hash").GetString()!);
    }
}
