using System.Diagnostics;
using System.Text;
using ToolBackend.Testing;
using ToolBackend.Testing.Mutation;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions;

/// <summary>Row B4: whatever a definition file holds, it ends in errors with a place, never in an exception.</summary>
public sealed class MutatedFilesTests : IDisposable
{
    private static readonly int s_files = LongForm.Count(2_000, 200_000);

    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void B4_mutated_definition_files_never_throw_and_every_error_has_a_place()
    {
        const int seed = 20261122;
        var mutator = new TextMutator(new Random(seed));
        var files = Directory.EnumerateFiles(_folder.Path, "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Concat(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "vapi", "assistants")).Order(StringComparer.Ordinal))
            .Select(path => (Target: Target(path), Bytes: File.ReadAllBytes(path))).ToList();

        _folder.Findings(); // the first one reads the schemas
        var refused = 0;
        var (slowest, slowestAt, total) = (TimeSpan.Zero, 0, Stopwatch.StartNew());
        for (var i = 0; i < s_files; i++)
        {
            var (target, original) = files[i % files.Count];
            var path = Path.Combine(_folder.Path, target);
            var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
            var mutated = mutator.Mutate(original);
            File.WriteAllBytes(path, mutated);

            IReadOnlyList<DefinitionError> findings;
            var began = total.Elapsed;
            try
            {
                findings = _folder.Findings();
            }
            catch (Exception e)
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}, file {i} ({target}): {e}\n{Encoding.UTF8.GetString(mutated)}", e);
            }

            if (total.Elapsed - began is var took && took > slowest)
            {
                (slowest, slowestAt) = (took, i);
            }

            foreach (var finding in findings)
            {
                finding.At.Line.ShouldBeGreaterThan(0, $"seed {seed}, file {i}: {finding}");
                finding.At.Column.ShouldBeGreaterThan(0, $"seed {seed}, file {i}: {finding}");
                finding.At.File.ShouldNotBeNullOrEmpty();
                finding.Fix.ShouldNotBeNullOrEmpty();
                Rules.All.ShouldContain(finding.Rule);
            }

            refused += findings.Any(f => f.Severity is Severity.Error) ? 1 : 0;
            if (before is null)
            {
                File.Delete(path);
            }
            else
            {
                File.WriteAllBytes(path, before);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{s_files:N0} files, {refused:N0} refused; slowest {slowest.TotalMilliseconds:0.0} ms (file {slowestAt}), mean {total.Elapsed.TotalMilliseconds / s_files:0.00} ms with all files of the folder read and checked");

        // Most mutations break something; those that only change a word do not.
        refused.ShouldBeGreaterThan(s_files / 2);
    }

    private string Target(string path) => path.StartsWith(_folder.Path, StringComparison.Ordinal)
        ? Path.GetRelativePath(_folder.Path, path).Replace('\\', '/')
        : "assistants/" + Path.GetFileName(path);
}
