using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace ToolBackend.Load.Micro;

/// <summary><c>./dev bench micro</c>. In this process: a toolchain that compiles would want to restore packages.</summary>
internal static class MicroVerb
{
    public static int Run(bool isQuick)
    {
        var job = (isQuick ? Job.ShortRun : Job.Default).WithToolchain(InProcessNoEmitToolchain.Instance);
        var config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(MarkdownExporter.GitHub)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(Repository.Local("bench", "micro"));
        return BenchmarkRunner.Run<HotPathBenchmarks>(config).HasCriticalValidationErrors ? 1 : 0;
    }
}
