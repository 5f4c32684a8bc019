using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using ToolBackend.Core.Data.Migrations;
using ToolBackend.LocalStack.Simulators.Twilio;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Testing;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Cli.Tests.Sync;

/// <summary>The verbs as a person or a pipeline runs them: the built program, the repository's own definitions, simulated vendors.</summary>
public sealed class VapiVerbsTests(PostgresCluster cluster) : IAsyncLifetime
{
    private const string Secret = "whsec_c2VjcmV0LW9mLXRoZS13ZWJob29rLTEyMw==";

    private readonly string _folder = Directory.CreateTempSubdirectory("toolbackend-vapi-verbs-").FullName;
    private VapiSimulator _vapi = null!;
    private TwilioRestSimulator _twilio = null!;
    private Dictionary<string, string?> _environment = null!;

    private string Definitions => Path.Combine(_folder, "vapi");

    public async ValueTask InitializeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "vapi"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        _twilio = await TwilioRestSimulator.StartAsync();
        _vapi = await VapiSimulator.StartAsync(new VapiSimulatorOptions { OnTwilioNumberSaved = _twilio.Account.TakeOverByVapi });
        _environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["VAPI_API_KEY"] = _vapi.ApiKey,
            ["VAPI_BASE_URL"] = _vapi.Url,
            ["TWILIO_BASE_URL"] = _twilio.Url,
            ["TWILIO_ACCOUNT_SID"] = _twilio.AccountSid,
            ["TWILIO_AUTH_TOKEN"] = _twilio.AuthToken,
            ["VAPI_WEBHOOK_SECRET"] = Secret,
        };
        Edit("environments/dev.yaml", "vapi:\n", "vapi:\n  requestsPerSecond: 50\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _vapi.DisposeAsync();
        await _twilio.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task From_an_empty_organisation_to_no_changes()
    {
        var plan = await RunAsync("plan", "--detailed-exitcode");
        plan.ExitCode.ShouldBe(ExitCodes.Changes, plan.Error);
        plan.Output.ShouldContain("+ assistant.receptionist");
        plan.Output.ShouldContain("Plan: 16 to create, 1 to update, 0 to delete.");

        (await RunAsync("apply", "--yes")).ExitCode.ShouldBe(ExitCodes.Ok);

        var again = await RunAsync("plan", "--detailed-exitcode");
        again.ExitCode.ShouldBe(ExitCodes.Ok);
        again.Output.ShouldContain("No changes: 17 resources are as the files say.");
        (await RunAsync("drift")).ExitCode.ShouldBe(ExitCodes.Ok);
    }

    [Fact]
    public async Task A_prompt_change_is_shown_as_lines_and_a_dashboard_edit_as_drift_then_conflict()
    {
        await AppliedAsync();
        Edit("assistants/receptionist.md", "Sound calm and friendly", "Sound calm, warm and friendly");
        var changed = await RunAsync("plan");
        changed.Output.ShouldContain("~ assistant.receptionist");
        changed.Output.ShouldContain("        - use lists");
        changed.Output.ShouldContain("        + use lists");
        changed.Output.ShouldContain("Plan: 0 to create, 1 to update, 0 to delete.");

        var id = (await StateAsync()).Resources.Single(entry => entry.Key.ToString() == "assistant.receptionist").Value.Id;
        _vapi.Resources.Edit("assistant", id, body => body["backgroundSound"] = "office");
        (await RunAsync("drift")).ExitCode.ShouldBe(ExitCodes.Drift);
        _vapi.Resources.Edit("assistant", id, body => body["model"]!["temperature"] = 1);

        var conflict = await RunAsync("plan", "--detailed-exitcode", "--json");
        conflict.ExitCode.ShouldBe(ExitCodes.Conflict);
        conflict.Objects[0].GetProperty("schema").GetString().ShouldBe("toolbackend.cli/1");
        conflict.Objects.Single(line => line.TryGetProperty("key", out _)).GetProperty("action").GetString().ShouldBe("conflict");

        _vapi.Requests.Clear();
        var refused = await RunAsync("apply", "--yes");
        refused.ExitCode.ShouldBe(ExitCodes.Conflict);
        refused.Error.ShouldContain("--force");
        _vapi.Requests.All.ShouldAllBe(request => !request.IsWrite);
        (await RunAsync("apply", "--yes", "--force")).ExitCode.ShouldBe(ExitCodes.Ok);
        Directory.GetFiles(Path.Combine(_folder, ".toolbackend", "snapshots", "dev")).Length.ShouldBe(2, "one before each apply");
        (await RunAsync("plan", "--detailed-exitcode")).ExitCode.ShouldBe(ExitCodes.Ok);
    }

    [Fact]
    public async Task A_changed_list_is_shown_by_its_elements()
    {
        await AppliedAsync();
        Edit("assistants/receptionist.md", "    - list_appointments\n", "");
        var plan = await RunAsync("plan");
        plan.Output.ShouldContain("      model.toolIds:");
        plan.Output.ShouldContain("        - \"list_appointments\"");
        plan.Output.ShouldNotContain("[\"find_open_slots\"");
    }

    [Fact]
    public async Task A_saved_plan_is_applied_once_and_not_after_Vapi_moved()
    {
        await AppliedAsync();
        var file = Path.Combine(_folder, "plan.json");
        Edit("assistants/receptionist.md", "firstMessage: ${clinicName}", "firstMessage: Hello from ${clinicName}");
        (await RunAsync("plan", "--out", file)).ExitCode.ShouldBe(ExitCodes.Ok);
        var id = (await StateAsync()).Resources.Single(entry => entry.Key.ToString() == "squad.front-office").Value.Id;
        _vapi.Resources.Edit("squad", id, body => body["name"] = "renamed");

        var moved = await RunAsync("apply", file);
        moved.ExitCode.ShouldBe(ExitCodes.Conflict);
        moved.Output.ShouldContain("squad.front-office: it changed at Vapi");

        _vapi.Resources.Edit("squad", id, body => body["name"] = "front-office");
        (await RunAsync("apply", file)).ExitCode.ShouldBe(ExitCodes.Ok);
        (await RunAsync("apply", file)).ExitCode.ShouldBe(ExitCodes.Conflict);
    }

    [Fact]
    public async Task Nobody_to_ask_a_wrong_key_and_wrong_definitions_have_their_own_exit_codes()
    {
        var unasked = await RunAsync("apply");
        unasked.ExitCode.ShouldBe(ExitCodes.Error);
        unasked.Error.ShouldContain("--yes");
        _vapi.Requests.All.ShouldAllBe(request => !request.IsWrite);

        _environment["VAPI_API_KEY"] = "a-public-key-perhaps";
        var wrong = await RunAsync("plan");
        wrong.ExitCode.ShouldBe(ExitCodes.Authentication);
        $"{wrong.Output}{wrong.Error}".ShouldNotContain("a-public-key-perhaps");
        _environment["VAPI_API_KEY"] = null;
        (await RunAsync("plan")).ExitCode.ShouldBe(ExitCodes.Authentication);

        (await RunAsync("plan", "--target", "receptionist")).ExitCode.ShouldBe(ExitCodes.Usage);
        Edit("assistants/receptionist.md", "- book_appointment", "- book_apointment");
        var invalid = await RunAsync("plan");
        invalid.ExitCode.ShouldBe(ExitCodes.InvalidDefinitions);
        invalid.Output.ShouldContain("did you mean book_appointment?");
    }

    [Fact]
    public async Task No_secret_and_no_whole_number_is_written_or_shown()
    {
        var shown = new StringBuilder();
        foreach (var verb in (string[])["plan", "plan --json", "plan --out plan.json", "apply --yes", "apply --yes --json", "plan --json"])
        {
            var result = await RunAsync([.. verb.Split(' ').Select(word => word == "plan.json" ? Path.Combine(_folder, word) : word)]);
            shown.Append(result.Output).Append(result.Error);
        }

        var number = (await StateAsync()).Resources.Single(entry => entry.Key.ToString() == "phone-number.main-line").Value.Id;
        _vapi.Resources.Edit("phone-number", number, body =>
        {
            body["twilioAuthToken"] = "token-set-at-the-dashboard-1";
            body["server"]!["headers"] = new JsonObject { ["X-Key"] = "header-set-at-the-dashboard-1" };
        });
        foreach (var verb in (string[])["plan", "plan --json", "drift", "apply --yes --force"])
        {
            var result = await RunAsync(verb.Split(' '));
            shown.Append(result.Output).Append(result.Error);
        }

        shown.ToString().ShouldContain("(secret)");
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(Definitions, StringComparison.Ordinal) || file.Contains("state", StringComparison.Ordinal)))
        {
            shown.Append(await File.ReadAllTextAsync(file));
        }

        foreach (var secret in (string[])[Secret, _twilio.AuthToken, _vapi.ApiKey, "token-set-at-the-dashboard-1", "header-set-at-the-dashboard-1"])
        {
            shown.ToString().ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Destroy_deletes_what_is_ours_and_nothing_else()
    {
        await AppliedAsync();
        _vapi.Resources.Add("assistant", new JsonObject { ["name"] = "somebody" });

        (await RunAsync("destroy")).ExitCode.ShouldBe(ExitCodes.Error);
        _vapi.Resources.All("assistant").Count.ShouldBe(3);
        (await RunAsync("destroy", "--yes")).ExitCode.ShouldBe(ExitCodes.Ok);

        _vapi.Resources.All("assistant").ShouldHaveSingleItem();
        _vapi.Resources.All("tool").ShouldBeEmpty();
        (await StateAsync()).Resources.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_exists_is_adopted_and_then_compared()
    {
        var id = _vapi.Resources.Add("structured-output", new JsonObject { ["name"] = "call-outcome", ["schema"] = new JsonObject { ["type"] = "object" } });
        var plan = await RunAsync("plan", "--detailed-exitcode");
        plan.ExitCode.ShouldBe(ExitCodes.Conflict);
        plan.Output.ShouldContain($"» structured-output.call-outcome  (it exists ({id}) and is not ours)");
        (await RunAsync("apply", "--yes")).ExitCode.ShouldBe(ExitCodes.Conflict);

        (await RunAsync("adopt")).ExitCode.ShouldBe(ExitCodes.Ok);
        (await RunAsync("apply", "--yes")).ExitCode.ShouldBe(ExitCodes.Ok);
        _vapi.Resources.Find("structured-output", id)!["schema"]!["required"].ShouldNotBeNull();
    }

    [Fact]
    public async Task The_state_can_be_in_Postgres_where_two_applies_exclude_each_other()
    {
        await using var database = await cluster.CreateDatabaseAsync(MigrateAsync);
        (await RunWithAsync(database.ConnectionString, "apply", "--yes", "--state", "postgres")).ExitCode.ShouldBe(ExitCodes.Ok);
        (await RunWithAsync(database.ConnectionString, "plan", "--detailed-exitcode", "--state", "postgres")).ExitCode.ShouldBe(ExitCodes.Ok);
        Directory.Exists(Path.Combine(Definitions, "state")).ShouldBeFalse();

        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var (one, other) = (new PostgresStateStore(source, "dev"), new PostgresStateStore(source, "dev"));
        await using (await one.LockAsync(CancellationToken.None))
        {
            (await RunWithAsync(database.ConnectionString, "apply", "--yes", "--state", "postgres")).Error.ShouldContain("Another apply of dev is running");
        }

        var (first, second) = ((await one.ReadAsync(CancellationToken.None))!, (await other.ReadAsync(CancellationToken.None))!);
        await one.WriteAsync(first, CancellationToken.None);
        (await Should.ThrowAsync<StateException>(() => other.WriteAsync(second, CancellationToken.None))).Message.ShouldContain("changed by somebody else");
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await new MigrationRunner(TimeProvider.System).MigrateAsync(source, CancellationToken.None);
    }

    private async Task AppliedAsync()
    {
        var result = await RunAsync("apply", "--yes");
        result.ExitCode.ShouldBe(ExitCodes.Ok, result.Error);
    }

    private Task<CliResult> RunAsync(params string[] arguments) => RunWithAsync(null, arguments);

    private Task<CliResult> RunWithAsync(string? connectionString, params string[] arguments) => CliProcess.RunAsync(connectionString, _environment, ["vapi", .. arguments, "--definitions", Definitions]);

    private async Task<SyncState> StateAsync() => StateJson.Parse(await File.ReadAllTextAsync(Path.Combine(Definitions, "state", "dev.lock.json")), "state");

    private void Edit(string file, string from, string to)
    {
        var path = Path.Combine(Definitions, file);
        var parts = File.ReadAllText(path).Split(from);
        parts.Length.ShouldBe(2, $"'{from}' in {file}");
        File.WriteAllText(path, string.Join(to, parts));
    }
}
