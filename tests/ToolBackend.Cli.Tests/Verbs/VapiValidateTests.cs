using System.Text.RegularExpressions;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;

namespace ToolBackend.Cli.Tests.Verbs;

public sealed partial class VapiValidateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolbackend-validate-").FullName;

    public VapiValidateTests()
    {
        var real = Path.Combine(AppContext.BaseDirectory, "vapi");
        foreach (var file in Directory.EnumerateFiles(real, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(real, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<CliResult> ValidateAsync(params string[] more) => CliProcess.RunAsync(null, ["vapi", "validate", "--definitions", _folder, .. more]);

    [Fact]
    public async Task The_products_own_definitions_fit_the_products_own_tools()
    {
        var result = await ValidateAsync("--env", "prod");

        result.ExitCode.ShouldBe(ExitCodes.Ok, result.Output + result.Error);
        result.Output.ShouldContain("prod: 16 resources valid");
    }

    [Fact]
    public async Task B4_a_mutated_file_ends_with_exit_code_4_its_place_and_no_stack_trace()
    {
        const int seed = 20261126;
        var random = new Random(seed);
        var mutator = new TextMutator(random);
        var files = Directory.EnumerateFiles(_folder, "*.*", SearchOption.AllDirectories).Where(file => !file.Contains("schema", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < LongForm.Count(10, 500); i++)
        {
            var file = files[random.Next(files.Count)];
            var original = File.ReadAllBytes(file);
            File.WriteAllBytes(file, mutator.Mutate(original));
            var result = await ValidateAsync();
            File.WriteAllBytes(file, original);

            var at = $"seed {seed}, run {i}, {file}:\n{result.Output}{result.Error}";
            result.ExitCode.ShouldBeOneOf([ExitCodes.Ok, ExitCodes.InvalidDefinitions], at);
            result.Error.ShouldBeEmpty(at);
            result.Output.ShouldNotContain("   at ToolBackend", Case.Sensitive, at);
            if (result.ExitCode == ExitCodes.InvalidDefinitions)
            {
                Place().IsMatch(result.Output).ShouldBeTrue(at);
            }
        }
    }

    [GeneratedRegex(@"^\S+:[1-9][0-9]*:[1-9][0-9]*: error [a-z-]+: ", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
