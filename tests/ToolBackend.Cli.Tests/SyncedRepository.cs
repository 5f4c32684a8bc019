using System.Diagnostics;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Cli.Tests;

/// <summary>A git repository with a copy of the product's definitions, simulators of Vapi and Twilio, and the command line between them.</summary>
internal sealed class SyncedRepository : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("toolbackend-repository-").FullName;

    private SyncedRepository(VapiSimulator vapi, TwilioRestSimulator twilio)
    {
        (Vapi, Twilio) = (vapi, twilio);
        var real = Path.Combine(AppContext.BaseDirectory, "vapi");
        foreach (var file in Directory.EnumerateFiles(real, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(real, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // A simulator needs no gentleness.
        Edit("environments/dev.yaml", "vapi:\n", "vapi:\n  requestsPerSecond: 50\n");
        Environment["VAPI_API_KEY"] = vapi.ApiKey;
        Environment["VAPI_BASE_URL"] = vapi.Url;
        Environment["TWILIO_BASE_URL"] = twilio.Url;
        Environment["TWILIO_ACCOUNT_SID"] = twilio.AccountSid;
        Environment["TWILIO_AUTH_TOKEN"] = twilio.AuthToken;
        Environment["VAPI_WEBHOOK_SECRET"] = "whsec_" + Convert.ToBase64String(new byte[32]);
    }

    public VapiSimulator Vapi { get; }

    public TwilioRestSimulator Twilio { get; }

    /// <summary>The definitions.</summary>
    public string Folder => Path.Combine(_root, "vapi");

    /// <summary>Of the command line's process.</summary>
    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    public static async Task<SyncedRepository> StartAsync() => new(await VapiSimulator.StartAsync(), await TwilioRestSimulator.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Vapi.DisposeAsync();
        await Twilio.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    public Task<CliResult> RunAsync(params string[] arguments) => CliProcess.RunAsync(null, Environment, [.. arguments, "--definitions", Folder]);

    /// <summary>Applied and committed: the ordinary state of a repository.</summary>
    public async Task SetUpAsync()
    {
        var applied = await RunAsync("vapi", "apply", "--yes");
        applied.ExitCode.ShouldBe(ExitCodes.Ok, applied.Output + applied.Error);
        await GitAsync("init", "-q");
        await CommitAsync();
    }

    public async Task CommitAsync()
    {
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "commit", "-qm", "all", "--allow-empty");
    }

    /// <summary>What somebody does in Vapi's dashboard.</summary>
    public async Task DashboardAsync(string path, string name, JsonObject change)
    {
        using var vapi = new VapiClient(new VapiClientOptions { BaseUrl = Vapi.Url, ApiKey = Vapi.ApiKey, RequestsPerSecond = 1000 }, TimeProvider.System);
        var one = (await vapi.ListAsync(path)).Single(item => (item["function"]?["name"] ?? item["name"])?.GetValue<string>() == name);
        await vapi.PatchAsync($"{path}/{one["id"]!.GetValue<string>()}", change);
    }

    public string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public void Edit(string file, string from, string to)
    {
        var parts = Text(file).Split(from);
        parts.Length.ShouldBe(2, $"'{from}' in {file}");
        File.WriteAllText(Path.Combine(Folder, file), string.Join(to, parts));
    }

    public string PathOf(string name) => Path.Combine(_root, name);

    private async Task GitAsync(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _root, UseShellExecute = false })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await git.WaitForExitAsync(deadline.Token);
        git.ExitCode.ShouldBe(0, string.Join(' ', arguments));
    }
}
