using Npgsql;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Testing;

public sealed class PostgresClusterTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Databases_are_copies_of_a_template_that_is_set_up_once_and_do_not_share_rows()
    {
        var setUps = 0;
        async Task Setup(string connectionString)
        {
            Interlocked.Increment(ref setUps);
            await Sql.ExecuteAsync(connectionString, "create table parcels (id int); insert into parcels values (1)");
        }

        await using var first = await cluster.CreateDatabaseAsync(Setup, "parcels");
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.CreateDatabaseAsync(Setup, "parcels")));
        await Sql.ExecuteAsync(first.ConnectionString, "insert into parcels values (2)");

        setUps.ShouldBe(1);
        (await Sql.ScalarAsync(first.ConnectionString, "select count(*) from parcels")).ShouldBe(2L);
        foreach (var other in others)
        {
            (await Sql.ScalarAsync(other.ConnectionString, "select count(*) from parcels")).ShouldBe(1L);
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_is_dropped_although_somebody_still_uses_it()
    {
        var database = await cluster.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        await database.DisposeAsync();

        (await Sql.ScalarAsync(cluster.Server.ConnectionString, $"select count(*) from pg_database where datname = '{database.Name}'")).ShouldBe(0L);
    }
}
