using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.Core.Data.Seeding;
using ToolBackend.LocalStack.Processes;
using ToolBackend.LocalStack.Simulators.Deepgram;
using ToolBackend.LocalStack.Simulators.ElevenLabs;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.Hosting;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>The real Voice host on a real socket, with simulated vendors around it and the demo data in a database of its own.</summary>
public class VoiceFixture(PostgresCluster cluster, RedisServer redis) : IAsyncLifetime
{
    public const string AuthToken = "simtwilioauthtoken00000000000001";

    private TestDatabase? _database;
    private WebApplication? _app;

    public DeepgramSimulator Deepgram { get; private set; } = null!;

    public ElevenLabsSimulator ElevenLabs { get; private set; } = null!;

    public LanguageSimulator Language { get; private set; } = null!;

    public TwilioRestSimulator Twilio { get; private set; } = null!;

    public CapturedLog Log { get; } = new();

    /// <summary>Known before the host starts: Twilio signs over it.</summary>
    public string Url { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    public IServiceProvider Services => _app!.Services;

    public string ConnectionString => _database!.ConnectionString;

    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal);

    protected virtual string Assistant => "receptionist";

    protected virtual DeepgramSimulatorOptions DeepgramOptions => new();

    protected virtual ElevenLabsSimulatorOptions ElevenLabsOptions => new();

    public virtual async ValueTask InitializeAsync()
    {
        _database = await cluster.CreateDatabaseAsync(SeedAsync, "demo");
        Deepgram = await DeepgramSimulator.StartAsync(DeepgramOptions);
        ElevenLabs = await ElevenLabsSimulator.StartAsync(ElevenLabsOptions);
        Language = await LanguageSimulator.StartAsync();
        Twilio = await TwilioRestSimulator.StartAsync(new TwilioRestSimulatorOptions { AuthToken = AuthToken });
        _app = await StartHostAsync(Url, Log);
    }

    /// <summary>Another replica of the host, with the same vendors and stores.</summary>
    /// <param name="url">Where it listens; Twilio still signs over the fixture's public address.</param>
    /// <param name="more">Settings over those of the fixture.</param>
    public async Task<WebApplication> StartHostAsync(string url, CapturedLog log, params IEnumerable<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["environment"] = "Development",
            ["urls"] = url,
            ["ConnectionStrings:Postgres"] = ConnectionString,
            ["ConnectionStrings:Redis"] = redis.Endpoint,
            ["Redis:KeyPrefix"] = _database!.Name.Replace('_', '-'),
            ["Postgres:MaxConnections"] = "16",
            ["Voice:PublicUrl"] = Url,
            ["Voice:Definitions"] = Path.Combine(AppContext.BaseDirectory, "vapi"),
            ["Voice:Environment"] = "dev",
            ["Voice:DefaultAssistant"] = Assistant,
            ["Voice:WarmUp"] = "false", // the test process is warm
            ["Voice:SpeechCache:PrepareAtStart"] = "false", // tests count what vendors are asked
            ["Vendors:Twilio:AuthToken"] = AuthToken,
            ["Vendors:Twilio:AccountSid"] = Twilio.AccountSid,
            ["Vendors:Twilio:BaseUrl"] = Twilio.Url,
            ["Vendors:Deepgram:BaseUrl"] = Deepgram.Url,
            ["Vendors:Deepgram:ApiKey"] = Deepgram.ApiKey,
            ["Vendors:ElevenLabs:BaseUrl"] = ElevenLabs.Url,
            ["Vendors:ElevenLabs:ApiKey"] = ElevenLabs.ApiKey,
            ["Vendors:Groq:BaseUrl"] = Language.Url,
            ["Vendors:Groq:ApiKey"] = Language.ApiKey,
        };
        foreach (var (name, value) in Settings.Select(s => (s.Key, s.Value)).Concat(more.Select(m => (m.Name, (string?)m.Value))))
        {
            settings[name] = value;
        }

        var app = VoiceHost.Build([.. settings.Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}")], builder =>
        {
            builder.Logging.ClearProviders().AddProvider(log);
            // The test process's signals belong to the test runner.
            builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>A caller of the demo data, or another number.</summary>
    public Task<TwilioPhone> CallAsync(CancellationToken cancellation, string? from = null) => TwilioPhone.CallAsync(Phone(from), cancellation);

    public PhoneOptions Phone(string? from = null) => new()
    {
        VoiceUrl = Url + "/twilio/voice", StatusCallback = Url + "/twilio/status", AuthToken = AuthToken, From = from ?? DemoSeed.CallerPhone, Account = Twilio.Account,
    };

    public virtual async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        await Deepgram.DisposeAsync();
        await ElevenLabs.DisposeAsync();
        await Language.DisposeAsync();
        await Twilio.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private static async Task SeedAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await new MigrationRunner(TimeProvider.System).MigrateAsync(source, CancellationToken.None);
        await DemoSeed.RunAsync(source, today: null, CancellationToken.None);
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
