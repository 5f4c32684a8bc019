using ToolBackend.Testing;

// NoOutsideDialing is not registered here: its own test dials what it must report.
[assembly: AssemblyFixture(typeof(PostgresCluster))]
[assembly: AssemblyFixture(typeof(RedisServer))]
