using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Tests.Stack;

public sealed class TestResultsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolbackend-trx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Counters_of_all_projects_are_summed()
    {
        Write("a.trx", total: 10, executed: 9, passed: 8, failed: 1);
        Write("b.trx", total: 5, executed: 5, passed: 5, failed: 0);

        TestResults.Read(_folder).Summary.ShouldBe("13 passed, 1 failed, 1 skipped");
    }

    [Fact]
    public void Skipped_is_left_out_when_there_is_none()
    {
        Write("a.trx", total: 5, executed: 5, passed: 5, failed: 0);

        TestResults.Read(_folder).Summary.ShouldBe("5 passed, 0 failed");
    }

    [Fact]
    public void No_result_files_are_no_results() => TestResults.Read(Path.Combine(_folder, "none")).Summary.ShouldBe("0 passed, 0 failed");

    private void Write(string name, int total, int executed, int passed, int failed) => File.WriteAllText(Path.Combine(_folder, name), $"""
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><ResultSummary>
        <Counters total="{total}" executed="{executed}" passed="{passed}" failed="{failed}" error="0" timeout="0" aborted="0" notExecuted="0" />
        </ResultSummary></TestRun>
        """);
}
