using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>One run of the whole stack: servers, migrations, seed, Api. Disposing ends it in reverse order.</summary>
internal sealed class LocalStackRun : IAsyncDisposable
{
    private static readonly TimeSpan DatabaseDeadline = TimeSpan.FromSeconds(60);

    private readonly StackPaths _paths;
    private readonly StackSettings _settings;
    private LocalPostgres? _postgres;
    private LocalRedis? _redis;
    private SupervisedProcess? _api;
    private SupervisedProcess? _vapi;
    private SupervisedProcess? _twilio;
    private Task _firstCalls = Task.CompletedTask;
    private readonly CancellationTokenSource _ending = new();

    private LocalStackRun(StackPaths paths, StackSettings settings) => (_paths, _settings) = (paths, settings);

    /// <summary>Known once started.</summary>
    public StackFile Stack { get; private set; } = null!;

    /// <exception cref="LocalStackException">A part did not come up; everything that did is stopped again.</exception>
    public static async Task<LocalStackRun> StartAsync(StackPaths paths, StackSettings settings, TextWriter output, CancellationToken cancellation)
    {
        var run = new LocalStackRun(paths, settings);
        try
        {
            await run.StartAsync(output, cancellation);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns, with what happened, when a part ends that should not.</summary>
    public async Task<string> WaitForFailureAsync(CancellationToken cancellation)
    {
        var parts = new List<(string Name, Task<int> Exit)> { ("Api", _api!.Exit) };
        if (_postgres is not null)
        {
            parts.Add((_postgres.Name, _postgres.Exit));
        }

        if (_redis is not null)
        {
            parts.Add((_redis.Name, _redis.Exit));
        }

        if (_vapi is not null)
        {
            parts.Add((VapiServer.Name, _vapi.Exit));
        }

        if (_twilio is not null)
        {
            parts.Add((TwilioServer.Name, _twilio.Exit));
        }

        var first = await Task.WhenAny(parts.Select(part => part.Exit)).WaitAsync(cancellation);
        var name = parts.Find(part => part.Exit == first).Name;
        var tail = name switch
        {
            "Api" => _api.Log.Tail,
            VapiServer.Name => _vapi!.Log.Tail,
            TwilioServer.Name => _twilio!.Log.Tail,
            "Redis" => _redis!.LogTail,
            _ => _postgres!.LogTail,
        };
        return $"{name} ended with exit code {await first}. Its last lines:\n{tail}";
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_paths.StackFile);
        await _ending.CancelAsync();
        await _firstCalls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_vapi is not null)
        {
            await _vapi.DisposeAsync();
        }

        if (_twilio is not null)
        {
            await _twilio.DisposeAsync();
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        await Task.WhenAll(
            _postgres?.DisposeAsync().AsTask() ?? Task.CompletedTask,
            _redis?.DisposeAsync().AsTask() ?? Task.CompletedTask);
        _ending.Dispose();
    }

    private async Task StartAsync(TextWriter output, CancellationToken cancellation)
    {
        var secrets = StackSecrets.LoadOrCreate(_paths.SecretsFile);
        await StartServersAsync(cancellation);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [StackSettings.PostgresVariable] = _settings.Postgres ?? _postgres!.ConnectionString,
            [StackSettings.RedisVariable] = _settings.Redis ?? _redis!.Endpoint,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
        };
        await output.WriteLineAsync($"postgres  {(_postgres is null ? "given by " + StackSettings.PostgresVariable : $"127.0.0.1:{_postgres.Port}")}");
        await output.WriteLineAsync($"redis     {environment[StackSettings.RedisVariable]}");

        await RunCliAsync(["db", "migrate"], environment, cancellation);
        await RunCliAsync(["db", "seed"], environment, cancellation);

        var url = $"http://127.0.0.1:{ApiServer.ChoosePort(_settings.Port)}";
        environment["ASPNETCORE_URLS"] = url;
        var kept = new StackFile.SecretsPart(secrets.VapiWebhook, secrets.OperatorKey);
        environment["Vapi__Webhook__Secret"] = secrets.VapiWebhook;
        // Also as the definitions have Vapi sign, so that what doctor posts is accepted.
        environment["Vapi__Webhook__Hmac__Profile"] = "StandardWebhooks";
        environment["Vapi__Webhook__Hmac__Secret"] = kept.SigningKey;
        environment["Operator__KeyHash"] = secrets.OperatorKeyHash;
        var simulator = await StartVapiAsync(url, secrets, environment, cancellation);
        var twilio = simulator is null ? null : await StartTwilioAsync(cancellation);
        _api = await ApiServer.StartAsync(_paths, url, environment, cancellation);
        await output.WriteLineAsync($"api       {url}");

        Stack = new StackFile(
            new StackFile.Server(url),
            new StackFile.PostgresPart(environment[StackSettings.PostgresVariable]!),
            new StackFile.RedisPart(environment[StackSettings.RedisVariable]!),
            kept with { TwilioAuthToken = twilio is null ? null : Simulators.Twilio.TwilioRestSimulatorOptions.DefaultAuthToken },
            new StackFile.SimulatorsPart(simulator, twilio),
            new StackFile.PidsPart(Environment.ProcessId, _postgres?.Pid, _redis?.Pid, _api.Pid, _vapi?.Pid, _twilio?.Pid),
            StackFile.DemoPart.Seeded);
        Stack.Write(_paths.StackFile);
        if (simulator is not null)
        {
            await output.WriteLineAsync($"vapi      {simulator.Url} (simulator; plays a few calls)");
            await output.WriteLineAsync($"twilio    {twilio!.Url} (simulator of the REST API)");
            _firstCalls = VapiServer.PlayFirstCallsAsync(simulator.Url, output, _ending.Token);
        }
    }

    /// <summary>Null when the real Vapi is used.</summary>
    private async Task<StackFile.Simulator?> StartVapiAsync(string apiUrl, StackSecrets secrets, Dictionary<string, string?> environment, CancellationToken cancellation)
    {
        if (VapiServer.IsReal)
        {
            return null;
        }

        var port = FreePort.Next();
        var simulator = new StackFile.Simulator($"http://127.0.0.1:{port}", Simulators.Vapi.VapiSimulatorOptions.DefaultApiKey);
        _vapi = await VapiServer.StartAsync(_paths, port, apiUrl + "/vapi/webhook", secrets, cancellation);
        environment[VapiServer.BaseUrlVariable] = simulator.Url;
        environment[VapiServer.ApiKeyVariable] = simulator.ApiKey;
        environment["Vapi__Control__AllowLoopback"] = "true"; // the simulator's calls are controlled on this machine
        return simulator;
    }

    private async Task<StackFile.TwilioSimulator> StartTwilioAsync(CancellationToken cancellation)
    {
        var port = FreePort.Next();
        _twilio = await TwilioServer.StartAsync(_paths, port, Simulators.Twilio.TwilioRestSimulatorOptions.DefaultAuthToken, cancellation);
        return new StackFile.TwilioSimulator($"http://127.0.0.1:{port}", new Simulators.Twilio.TwilioRestSimulatorOptions().AccountSid);
    }

    private async Task StartServersAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(LocalFolders.ServerData(_paths.Root), "postgres");
        if (_settings.Reset && _settings.Postgres is null && Directory.Exists(folder))
        {
            await LocalPostgres.EraseAsync(folder, cancellation);
        }

        var starts = new List<Task>();
        if (_settings.Postgres is null)
        {
            var options = new LocalPostgresOptions { Folder = folder, LogFile = _paths.Log("postgres") };
            starts.Add(Keep(LocalPostgres.StartNewAsync(options, cancellation), server => _postgres = server));
        }

        if (_settings.Redis is null)
        {
            var options = new LocalRedisOptions { LogFile = _paths.Log("redis") };
            starts.Add(Keep(LocalRedis.StartNewAsync(options, cancellation), server => _redis = server));
        }

        await Task.WhenAll(starts);

        // Kept as soon as it runs: when the other one fails, this one is still stopped.
        static async Task Keep<T>(Task<T> start, Action<T> keep) => keep(await start);
    }

    private async Task RunCliAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, CancellationToken cancellation)
    {
        var verb = string.Join(' ', arguments);
        await using var process = await SupervisedProcess.StartAsync(
            new SupervisedProcessOptions
            {
                Name = $"toolbackend {verb}",
                CommandLine = [ForegroundProcess.DotnetHost, _paths.Cli, .. arguments],
                Environment = environment,
                WorkingDirectory = _paths.Root,
                LogFile = _paths.Log(verb.Replace(' ', '-')),
            },
            cancellation);
        var exitCode = await process.Exit.WaitAsync(DatabaseDeadline, cancellation);
        if (exitCode != 0)
        {
            throw new LocalStackException($"toolbackend {verb} failed (exit code {exitCode}):\n{process.Log.Tail}");
        }
    }
}
