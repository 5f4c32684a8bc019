using System.CommandLine;
using Npgsql;
using ToolBackend.Cli.Verbs;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Vapi.Sync.World;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Cli.Sync;

/// <summary>What the verbs that talk to Vapi share: the definitions, the clients, the state. Keys come from the process environment only.</summary>
internal sealed class SyncSession : IAsyncDisposable
{
    private readonly VapiClient _vapi;
    private readonly TwilioClient? _twilio;
    private readonly NpgsqlDataSource? _database;
    private readonly CliConsole _console;

    private SyncSession(DefinitionSet definitions, string folder, VapiClient vapi, TwilioClient? twilio, NpgsqlDataSource? database, CliConsole console)
    {
        (Definitions, _vapi, _twilio, _database, _console) = (definitions, vapi, twilio, database, console);
        PrivateFolder = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))!, ".toolbackend");
        Store = database is null
            ? new LockFileStore(folder, PrivateFolder, Environment, folder)
            : new PostgresStateStore(database, Environment);
        Remote = new VapiResources(vapi, twilio);
    }

    public DefinitionSet Definitions { get; private set; }

    public IStateStore Store { get; }

    public IRemoteResources Remote { get; }

    /// <summary>For what is not committed: snapshots, locks. Beside the definitions folder.</summary>
    public string PrivateFolder { get; }

    public string Environment => Definitions.Environment.Name;

    /// <summary>For people.</summary>
    public string Where => Definitions.Environment.VapiBaseUrl.AbsoluteUri.TrimEnd('/');

    /// <param name="mayBeEmpty">A folder without definitions is none with errors.</param>
    /// <exception cref="CliException">Definitions with errors, or keys that are missing.</exception>
    public static SyncSession Open(ParseResult parsed, CliConsole console, bool mayBeEmpty = false)
    {
        var folder = parsed.GetValue(VapiCommands.Folder)!;
        var (definitions, findings) = VapiValidate.Check(folder, parsed.GetValue(VapiCommands.Environment)!, new ValidationOptions { ToolSchemas = CatalogSchemas.Read() });
        var errors = findings.Where(finding => finding.Severity is Severity.Error && !(mayBeEmpty && finding.Rule == Rules.Folder && definitions is not null)).ToList();
        if (definitions is null || errors.Count > 0)
        {
            foreach (var error in errors)
            {
                VapiValidate.Report(console, folder, error);
            }

            throw new CliException($"the definitions have {errors.Count} error{(errors.Count == 1 ? "" : "s")}; nothing was sent", "correct them; toolbackend vapi validate shows warnings too")
            {
                ExitCode = ExitCodes.InvalidDefinitions,
            };
        }

        var settings = definitions.Environment;
        var usesPostgres = parsed.GetValue(SyncOptions.State) == StatePlace.Postgres;
        var vapi = NewVapi(settings);
        try
        {
            return new SyncSession(definitions, folder, vapi, NewTwilio(definitions), usesPostgres ? Database.FromEnvironment() : null, console);
        }
        catch
        {
            vapi.Dispose();
            throw;
        }
    }

    /// <summary>The state as it is, or a new one.</summary>
    /// <exception cref="CliException">It belongs to another API.</exception>
    public async Task<SyncState> StateAsync(CancellationToken cancellation)
    {
        var fresh = SyncState.New(Environment, Definitions.Environment.VapiBaseUrl);
        if (await Store.ReadAsync(cancellation) is not { } state)
        {
            return fresh;
        }

        if (state.Vapi != fresh.Vapi && !(Definitions.Environment.VapiBaseUrl.IsLoopback && new Uri(state.Vapi).IsLoopback))
        {
            throw new CliException($"{Store.Place} is the state of {state.Vapi}, and the environment points at {fresh.Vapi}", "correct vapi.baseUrl, or use another environment for the other API");
        }

        // A simulator comes up at another port each time.
        return state with { Vapi = fresh.Vapi };
    }

    /// <summary>Everything at Vapi and Twilio, by lists.</summary>
    /// <exception cref="CliException">The key is another organisation's than the state's.</exception>
    public async Task<RemoteWorld> WorldAsync(SyncState state, CancellationToken cancellation)
    {
        _console.Progress("reading what is there...");
        try
        {
            var world = await RemoteReader.ReadAsync(Remote, kind => _console.Progress($"read: {kind.Noun()}s"), cancellation);
            return state.Organization is null || world.Organization is null || state.Organization == world.Organization
                ? world
                : throw new CliException(
                    $"the key in {Definitions.Environment.VapiKeyVariable} is another organisation's than the one {Store.Place} was made with",
                    "use the key of this environment's organisation, or another environment for the other organisation")
                {
                    ExitCode = ExitCodes.Authentication,
                };
        }
        finally
        {
            _console.Progress(null);
        }
    }

    public SyncPlan Plan(SyncState state, RemoteWorld world, PlanOptions options)
    {
        foreach (var target in options.Targets.Where(target => !state.Resources.ContainsKey(target) && Definitions.Find(target.Kind.Resource(), target.Name) is null))
        {
            var known = state.Resources.Keys.Select(key => key.ToString()).Concat(Definitions.Resources.Select(definition => new ResourceKey(SyncKinds.Of(definition.Kind), definition.Name).ToString()));
            throw new CliException($"there is no {target}", NearestName.Of(target.ToString(), known) is { } near ? $"did you mean {near}?" : "name it as plan does, such as assistant.receptionist")
            {
                ExitCode = ExitCodes.Usage,
            };
        }

        return Planner.Plan(Definitions, state, world, options with { ManageCredentials = options.ManageCredentials || Definitions.Environment.ManagesCredentials }, System.Environment.GetEnvironmentVariable);
    }

    /// <summary>Reads the files again, which were written meanwhile; returns what is wrong with them.</summary>
    public IReadOnlyList<DefinitionError> Reload(ParseResult parsed)
    {
        var (definitions, findings) = VapiValidate.Check(parsed.GetValue(VapiCommands.Folder)!, Environment, new ValidationOptions { ToolSchemas = CatalogSchemas.Read() });
        Definitions = definitions ?? Definitions;
        return findings;
    }

    /// <summary>As if no file defined anything.</summary>
    public SyncPlan PlanToDestroy(SyncState state, RemoteWorld world, PlanOptions options) =>
        Planner.Plan(Definitions with { Resources = [] }, state, world, options, System.Environment.GetEnvironmentVariable);

    public async ValueTask DisposeAsync()
    {
        _vapi.Dispose();
        _twilio?.Dispose();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private static VapiClient NewVapi(EnvironmentSettings settings)
    {
        var options = new VapiClientOptions
        {
            BaseUrl = settings.VapiBaseUrl.AbsoluteUri.TrimEnd('/'),
            ApiKey = System.Environment.GetEnvironmentVariable(settings.VapiKeyVariable),
            RequestsPerSecond = settings.VapiRequestsPerSecond,
        };
        if (string.IsNullOrWhiteSpace(options.ApiKey))
        {
            throw new CliException($"{settings.VapiKeyVariable} is not set", $"export {settings.VapiKeyVariable}=... with the organisation's private key") { ExitCode = ExitCodes.Authentication };
        }

        return options.Validate() is [var first, ..] ? throw new CliException(first, $"check environments/{settings.Name}.yaml and {settings.VapiKeyVariable}") : new VapiClient(options, TimeProvider.System);
    }

    // Without a token the addresses of numbers are not looked at; the plan says so.
    private static TwilioClient? NewTwilio(DefinitionSet definitions)
    {
        var settings = definitions.Environment;
        var token = System.Environment.GetEnvironmentVariable(settings.TwilioTokenVariable);
        var accounts = definitions.Of(ResourceKind.PhoneNumber).Where(number => number.Routing is not null)
            .Select(number => number.Body["twilioAccountSid"]?.GetValue<string>()).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (string.IsNullOrWhiteSpace(token) || accounts.Count == 0)
        {
            return null;
        }

        if (accounts.Count > 1)
        {
            throw new CliException($"the numbers with routing belong to {accounts.Count} Twilio accounts; one environment knows the token of one", "use one environment per account");
        }

        var options = new TwilioClientOptions { BaseUrl = settings.TwilioBaseUrl.AbsoluteUri.TrimEnd('/'), AccountSid = accounts[0], AuthToken = token };
        return options.Validate() is [var first, ..] ? throw new CliException(first, "check twilioAccountSid and the token's variable") : new TwilioClient(options, TimeProvider.System);
    }
}
