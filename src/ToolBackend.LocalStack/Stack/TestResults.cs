using System.Globalization;
using System.Xml.Linq;

namespace ToolBackend.LocalStack.Stack;

/// <summary>Counted from the result files (TRX) of all test projects.</summary>
internal sealed record TestResults(int Passed, int Failed, int Skipped)
{
    /// <summary>The last line of <c>./dev test</c>, read by scripts.</summary>
    public string Summary => $"{Passed} passed, {Failed} failed" + (Skipped > 0 ? $", {Skipped} skipped" : "");

    public static TestResults Read(string folder)
    {
        var sum = new TestResults(0, 0, 0);
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.trx", SearchOption.AllDirectories) : [])
        {
            foreach (var counters in XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "Counters"))
            {
                // Skipped tests are in no counter of their own: they are those that were not executed.
                sum = new TestResults(
                    sum.Passed + Count(counters, "passed"),
                    sum.Failed + Count(counters, "failed") + Count(counters, "error") + Count(counters, "timeout") + Count(counters, "aborted"),
                    sum.Skipped + Count(counters, "total") - Count(counters, "executed"));
            }
        }

        return sum;
    }

    private static int Count(XElement counters, string name) =>
        int.Parse(counters.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
}
