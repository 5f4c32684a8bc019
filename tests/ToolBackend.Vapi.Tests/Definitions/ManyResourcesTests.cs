using System.Diagnostics;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions;

/// <summary>Measured alone: other tests share the process.</summary>
[CollectionDefinition(nameof(ManyResourcesTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(ManyResourcesTests))]
public sealed class ManyResourcesTests
{
    /// <summary>Processor time, so that a busy machine does not matter. Measured: about a third of it, the first run with its compiling included.</summary>
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(3);

    [Fact]
    public void Five_hundred_resources_load_and_validate_in_little_processor_time()
    {
        using var folder = new DefinitionFolder();
        var real = Path.Combine(AppContext.BaseDirectory, "vapi");
        var prompt = File.ReadAllText(Path.Combine(real, "assistants/receptionist.md"));
        var tool = File.ReadAllText(Path.Combine(real, "tools/book_appointment.yaml"));
        folder["environments/dev.yaml"] = File.ReadAllText(Path.Combine(real, "environments/dev.yaml"));
        foreach (var kind in ResourceKinds.All)
        {
            Directory.Delete(Path.Combine(folder.Path, kind.Folder()), recursive: true);
            if (kind is not (ResourceKind.Assistant or ResourceKind.Squad or ResourceKind.Tool))
            {
                Copy(Path.Combine(real, kind.Folder()), Path.Combine(folder.Path, kind.Folder()));
            }
        }
        Copy(Path.Combine(real, "tools"), Path.Combine(folder.Path, "tools"));
        for (var i = 0; i < 250; i++)
        {
            folder[$"tools/tool_{i}.yaml"] = tool.Replace("name: book_appointment", $"name: tool_{i}", StringComparison.Ordinal);
            folder[$"assistants/assistant-{i}.md"] = prompt.Replace("name: receptionist", $"name: assistant-{i}", StringComparison.Ordinal);
        }

        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var (definitions, errors) = DefinitionLoader.Load(folder.Path, "dev", _ => null);
        var findings = DefinitionValidator.Validate(definitions!, new ValidationOptions());
        var used = Process.GetCurrentProcess().TotalProcessorTime - processor;

        definitions!.Resources.Count.ShouldBeGreaterThan(500);
        errors.ShouldBeEmpty();
        findings.ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine($"{definitions.Resources.Count} resources in {used.TotalMilliseconds:0} ms of processor time");
        used.ShouldBeLessThan(s_most);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
