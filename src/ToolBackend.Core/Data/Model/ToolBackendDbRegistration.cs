using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ToolBackend.Core.Data.Model;

public static class ToolBackendDbRegistration
{
    /// <summary>
    /// Registers <see cref="IDbContextFactory{TContext}"/> of <see cref="ToolBackendDb"/> over the <see cref="NpgsqlDataSource"/> that the
    /// host has registered, with contexts kept for reuse.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="poolSize">How many idle contexts are kept. Default 128; more may be in use at once.</param>
    public static IServiceCollection AddToolBackendDb(this IServiceCollection services, int poolSize = 128) =>
        services.AddPooledDbContextFactory<ToolBackendDb>(
            (provider, options) => ToolBackendDb.Configure(options, provider.GetRequiredService<NpgsqlDataSource>()),
            poolSize);
}
