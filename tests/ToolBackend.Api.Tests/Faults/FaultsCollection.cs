namespace ToolBackend.Api.Tests.Faults;

/// <summary>Fault tests measure waiting, so they run one after the other and beside nothing else of this assembly.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultsCollection
{
    public const string Name = "Faults";
}
