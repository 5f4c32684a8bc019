using ToolBackend.Testing;

[assembly: AssemblyFixture(typeof(NoOutsideDialing))]
