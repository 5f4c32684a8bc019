using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using ToolBackend.Core.Appointments;
using ToolBackend.Core.Business;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Customers;
using ToolBackend.Core.Data;
using ToolBackend.Core.Shipments;
using ToolBackend.Core.Tools;

namespace ToolBackend.Core;

/// <summary>Everything the business can do, registered for a host. Reads <c>ConnectionStrings:Postgres</c> (required) and <c>ConnectionStrings:Redis</c>.</summary>
public static class CoreServices
{
    public static IServiceCollection AddToolBackendCore(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Random>(_ => new UnguessableRandom());
        AddOptions<DatabaseOptions>(services, "Postgres");
        AddOptions<RedisOptions>(services, "Redis");
        AddOptions<ToolOptions>(services, "Tools");
        AddOptions<SchedulingOptions>(services, "Scheduling");
        AddOptions<ShipmentOptions>(services, "Shipments");
        AddOptions<CallOptions>(services, "Calls");
        AddOptions<CallStoreOptions>(services, "Calls:Store");
        AddOptions<LiveOptions>(services, "Calls:Live");

        var postgres = configuration.GetConnectionString("Postgres");
        if (string.IsNullOrWhiteSpace(postgres))
        {
            throw new InvalidOperationException("ConnectionStrings:Postgres is not set. Set the environment variable ConnectionStrings__Postgres, or run ./dev up.");
        }

        services.AddSingleton(s => DataSource(postgres, s.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        services.AddSingleton(s => new Database(
            s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<IOptions<DatabaseOptions>>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<Random>()));
        services.AddSingleton<DatabaseHealth>();

        services.AddSingleton<InvalidationLog>();
        services.AddSingleton(_ => new RedisConnection(configuration.GetConnectionString("Redis")));
        services.AddHostedService(s => s.GetRequiredService<RedisConnection>());
        services.AddSingleton<RedisGate>();
        services.AddSingleton<RedisTier>();
        services.AddHostedService(s => s.GetRequiredService<RedisTier>());
        services.AddSingleton<ReadThroughCache>();
        services.AddHostedService(s => new ChangeListener(
            postgres, s.GetRequiredService<ReadThroughCache>(), s.GetRequiredService<InvalidationLog>(), s.GetRequiredService<DatabaseHealth>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ChangeListener>>()));

        services.AddSingleton<CustomerReader>();
        services.AddSingleton<ShipmentReader>();
        services.AddSingleton<DirectoryReader>();
        services.AddSingleton<LookupThrottle>();
        services.AddSingleton<ShipmentFinder>();
        services.AddSingleton<AppointmentFinder>();
        services.AddSingleton<CallerGreeting>();
        services.AddSingleton<DeskFinder>();

        services.AddSingleton<Ledger>();
        services.AddSingleton<Tool, FindOpenSlots>();
        services.AddSingleton<Tool, BookAppointment>();
        services.AddSingleton<Tool, ListAppointments>();
        services.AddSingleton<Tool, RescheduleAppointment>();
        services.AddSingleton<Tool, CancelAppointment>();
        services.AddSingleton<Tool, TrackShipment>();
        services.AddSingleton<Tool, ListShipments>();
        services.AddSingleton<Tool, ChangeDelivery>();
        services.AddSingleton<ToolCatalog>();
        services.AddSingleton<BookingRehearsal>();
        services.AddSingleton<InvocationLog>();
        services.AddHostedService(s => s.GetRequiredService<InvocationLog>());
        services.AddSingleton<LedgerSweeper>();
        services.AddHostedService(s => s.GetRequiredService<LedgerSweeper>());
        services.AddSingleton<LateWork>();
        services.AddSingleton<ToolRunner>();

        services.AddSingleton<LiveRelay>();
        services.AddHostedService(s => s.GetRequiredService<LiveRelay>());
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(s => s.GetRequiredService<LiveFeed>());
        services.AddSingleton<CallEventStore>();
        services.AddSingleton<CallRehearsal>();
        services.AddSingleton<ICallEventStore>(s => s.GetRequiredService<CallEventStore>());
        services.AddHostedService(s => s.GetRequiredService<CallEventStore>());
        services.AddSingleton<CallProjector>();
        services.AddHostedService(s => s.GetRequiredService<CallProjector>());
        return services;
    }

    private static void AddOptions<T>(IServiceCollection services, string section) where T : class =>
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    private static NpgsqlDataSource DataSource(string connectionString, DatabaseOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = options.MaxConnections,
            MinPoolSize = Math.Min(8, options.MaxConnections),
            Timeout = 2,
            CommandTimeout = (options.ReadTimeoutMilliseconds / 1000) + 1,
            CancellationTimeout = 500, // a server that does not even confirm a cancellation is gone: drop the connection
            KeepAlive = 10,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            ApplicationName = "toolbackend",
            IncludeErrorDetail = false, // details quote values
        };
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
