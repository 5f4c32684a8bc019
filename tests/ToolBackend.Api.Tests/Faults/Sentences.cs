using ToolBackend.Core.Tools;

namespace ToolBackend.Api.Tests.Faults;

/// <summary>What a caller may hear while something is broken, word for word.</summary>
internal static class Sentences
{
    public static string LookupUnavailable { get; } = new LookupUnavailable().Say;

    public static string NothingChanged { get; } = new NothingChanged().Say;

    public static string StillWorking { get; } = new StillWorking().Say;
}
