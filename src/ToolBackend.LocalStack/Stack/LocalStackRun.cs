using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>One run of the whole stack: servers, migrations, seed, simulated vendors, Api and Voice host. Disposing ends it in reverse order.</summary>
internal sealed class LocalStackRun : IAsyncDisposable
{
    private static readonly TimeSpan DatabaseDeadline = TimeSpan.FromSeconds(60);

    private readonly StackPaths _paths;
    private readonly StackSettings _settings;
    private readonly StackParts _parts = new();
    private LocalPostgres? _postgres;
    private LocalRedis? _redis;
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
        var parts = _parts.All.Select(part => (part.Name, part.Process.Exit, Tail: (Func<string>)(() => part.Process.Log.Tail))).ToList();
        if (_postgres is not null)
        {
            parts.Add((_postgres.Name, _postgres.Exit, () => _postgres.LogTail));
        }

        if (_redis is not null)
        {
            parts.Add((_redis.Name, _redis.Exit, () => _redis.LogTail));
        }

        var first = await Task.WhenAny(parts.Select(part => part.Exit)).WaitAsync(cancellation);
        var (name, exit, tail) = parts.Find(part => part.Exit == first);
        return $"{name} ended with exit code {await exit}. Its last lines:\n{tail()}";
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_paths.StackFile);
        await _ending.CancelAsync();
        await _firstCalls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Callers first, then who serves them, then what that needs.
        await _parts.StopAsync(VapiServer.Name, VoiceServer.Name);
        await _parts.StopAsync();
        await Task.WhenAll(
            _postgres?.DisposeAsync().AsTask() ?? Task.CompletedTask,
            _redis?.DisposeAsync().AsTask() ?? Task.CompletedTask);
        _ending.Dispose();
    }

    private async Task StartAsync(TextWriter output, CancellationToken cancellation)
    {
        var secrets = StackSecrets.LoadOrCreate(_paths.SecretsFile);
        // They need nothing: they come up while the database does.
        var voiceVendors = VoiceVendor.All.Where(vendor => !vendor.IsReal).ToDictionary(vendor => vendor, vendor => _parts.KeepAsync(vendor.Name, vendor.StartAsync(_paths, cancellation)));
        Task vendorsUp = Task.WhenAll(voiceVendors.Values);
        try
        {
            await StartServersAsync(cancellation);
            await StartProductsAsync(secrets, voiceVendors, output, cancellation);
        }
        catch
        {
            await vendorsUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // so that they are kept, and stopped
            throw;
        }
    }

    private async Task StartProductsAsync(
        StackSecrets secrets, IReadOnlyDictionary<VoiceVendor, Task<StackFile.Simulator>> voiceVendors, TextWriter output, CancellationToken cancellation)
    {
        var shared = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [StackSettings.PostgresVariable] = _settings.Postgres ?? _postgres!.ConnectionString,
            [StackSettings.RedisVariable] = _settings.Redis ?? _redis!.Endpoint,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
        };
        await output.WriteLineAsync($"postgres  {(_postgres is null ? "given by " + StackSettings.PostgresVariable : $"127.0.0.1:{_postgres.Port}")}");
        await output.WriteLineAsync($"redis     {shared[StackSettings.RedisVariable]}");

        await RunCliAsync(["db", "migrate"], shared, cancellation);
        await RunCliAsync(["db", "seed"], shared, cancellation);

        var (url, voiceUrl) = ($"http://127.0.0.1:{ApiServer.ChoosePort(_settings.Port)}", $"http://127.0.0.1:{VoiceServer.ChoosePort()}");
        var vendors = new Dictionary<VoiceVendor, StackFile.Simulator>();
        foreach (var (vendor, start) in voiceVendors)
        {
            vendors.Add(vendor, await start);
        }

        var vapi = await StartVapiAsync(url, secrets, shared, cancellation);
        var twilio = vapi is null ? null : await StartTwilioAsync(cancellation);
        var kept = new StackFile.SecretsPart(secrets.VapiWebhook, secrets.OperatorKey, VoiceServer.AuthToken);
        var settings = new Dictionary<string, string?>(vendors.SelectMany(vendor => vendor.Key.Settings(vendor.Value.Url)), StringComparer.Ordinal);
        await Task.WhenAll(
            _parts.KeepAsync(ApiServer.Name, ApiServer.StartAsync(_paths, url, secrets, kept.SigningKey, shared, cancellation)),
            _parts.KeepAsync(VoiceServer.Name, VoiceServer.StartAsync(_paths, voiceUrl, twilio, settings, shared, cancellation)));

        Stack = new StackFile(
            new StackFile.Server(url),
            new StackFile.Server(voiceUrl, VoiceServer.PublicUrl),
            new StackFile.PostgresPart(shared[StackSettings.PostgresVariable]!),
            new StackFile.RedisPart(shared[StackSettings.RedisVariable]!),
            kept,
            new StackFile.SimulatorsPart(vapi, twilio, At(VoiceVendor.Deepgram), At(VoiceVendor.ElevenLabs), At(VoiceVendor.AssemblyAi), At(VoiceVendor.Language)),
            new StackFile.PidsPart(
                Environment.ProcessId, _postgres?.Pid, _redis?.Pid, _parts.Pid(ApiServer.Name)!.Value, _parts.Pid(VoiceServer.Name)!.Value, _parts.Pid(VapiServer.Name), _parts.Pid(TwilioServer.Name),
                _parts.Pid(VoiceVendor.Deepgram.Name), _parts.Pid(VoiceVendor.ElevenLabs.Name), _parts.Pid(VoiceVendor.AssemblyAi.Name), _parts.Pid(VoiceVendor.Language.Name)),
            StackFile.DemoPart.Seeded);
        Stack.Write(_paths.StackFile);
        await output.WriteLineAsync($"api       {url}");
        await output.WriteLineAsync($"voice     {voiceUrl} (vendors: {string.Join(", ", VoiceVendor.All.Select(vendor => vendor.Verb + (vendor.IsReal ? ", real" : "")))})");
        if (vapi is not null)
        {
            await output.WriteLineAsync($"vapi      {vapi.Url} (simulator; plays a few calls)");
            await output.WriteLineAsync($"twilio    {twilio!.Url} (simulator of the REST API)");
            _firstCalls = VapiServer.PlayFirstCallsAsync(vapi.Url, output, _ending.Token);
        }

        StackFile.Simulator? At(VoiceVendor vendor) => vendors.GetValueOrDefault(vendor);
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
        await _parts.KeepAsync(VapiServer.Name, VapiServer.StartAsync(_paths, port, apiUrl + "/vapi/webhook", secrets, cancellation));
        environment[VapiServer.BaseUrlVariable] = simulator.Url;
        environment[VapiServer.ApiKeyVariable] = simulator.ApiKey;
        environment["Vapi__Control__AllowLoopback"] = "true"; // the simulator's calls are controlled on this machine
        return simulator;
    }

    private async Task<StackFile.TwilioSimulator> StartTwilioAsync(CancellationToken cancellation)
    {
        var port = FreePort.Next();
        await _parts.KeepAsync(TwilioServer.Name, TwilioServer.StartAsync(_paths, port, VoiceServer.AuthToken, cancellation));
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
