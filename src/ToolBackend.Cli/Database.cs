using Npgsql;

namespace ToolBackend.Cli;

/// <summary>The database that verbs work on. Its address holds a password, so it comes from the environment and is never printed whole.</summary>
internal static class Database
{
    public const string Variable = "ConnectionStrings__Postgres";

    private const string Example = $"export {Variable}='Host=localhost;Port=5432;Username=toolbackend;Password=...;Database=toolbackend'";

    /// <exception cref="CliException">The variable is unset or is not a connection string.</exception>
    public static NpgsqlDataSource FromEnvironment()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new CliException($"{Variable} is not set", Example);
        }
        try
        {
            var address = new NpgsqlConnectionStringBuilder(text) { ApplicationName = "toolbackend-cli" };
            return string.IsNullOrEmpty(address.Host) ? throw NotAnAddress() : NpgsqlDataSource.Create(address);
        }
        catch (ArgumentException)
        {
            // The exception's own text can quote the value, and with it the password.
            throw NotAnAddress();
        }
    }

    /// <summary>Server and database, for people. No user, no password.</summary>
    public static string Describe(NpgsqlDataSource dataSource)
    {
        var address = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        return $"{address.Host}:{address.Port}/{address.Database}";
    }

    private static CliException NotAnAddress() => new($"{Variable} is not a connection string of Npgsql's form", Example);
}
