using System.Text.Json;
using System.Text.Json.Nodes;
using ToolBackend.Cli.Diagnosis;
using ToolBackend.Cli.Verbs;
using ToolBackend.LocalStack.Simulators.Http;

namespace ToolBackend.Cli.Tests.Verbs;

public sealed class DoctorTests(RunningApi api) : IAsyncLifetime, IClassFixture<RunningApi>
{
    private SyncedRepository _repository = null!;

    public async ValueTask InitializeAsync()
    {
        _repository = await SyncedRepository.StartAsync();
        // The Api of these tests has a shared secret.
        File.WriteAllText(
            Path.Combine(_repository.Folder, "credentials", "webhook.yaml"),
            "provider: custom-credential\nname: toolbackend-webhook\nauthenticationPlan:\n  type: bearer\n  token: ${secret:VAPI_WEBHOOK_SECRET}\n");
        _repository.Environment["VAPI_WEBHOOK_SECRET"] = "test-webhook-secret-of-32-bytes!";
        _repository.Environment["TOOLBACKEND_API_URL"] = api.Url;
    }

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    private async Task<(CliResult Result, Dictionary<string, JsonElement> Checks)> DoctorAsync(params string[] more)
    {
        var result = await _repository.RunAsync(["doctor", "--json", .. more]);
        var text = result.Output + result.Error;
        text.ShouldNotContain("test-webhook-secret");
        text.ShouldNotContain(_repository.Vapi.ApiKey);
        text.ShouldNotContain(_repository.Twilio.AuthToken);
        return (result, result.Objects.Where(line => line.TryGetProperty("type", out var type) && type.GetString() == "check").ToDictionary(check => check.GetProperty("name").GetString()!));
    }

    private static string Status(Dictionary<string, JsonElement> checks, string begin) =>
        checks.Single(check => check.Key.StartsWith(begin, StringComparison.Ordinal)).Value.GetProperty("status").GetString()!;

    [Fact]
    public async Task All_is_well_when_all_is_applied()
    {
        await _repository.SetUpAsync();

        var (result, checks) = await DoctorAsync();

        result.ExitCode.ShouldBe(ExitCodes.Ok, result.Output + result.Error);
        checks.Values.Where(check => check.GetProperty("status").GetString() != "ok").Select(check => check.ToString()).ShouldBeEmpty();
        foreach (var begin in new[] { "version", "definitions", "Vapi key", "Twilio key", "clock", "webhook", "in step" })
        {
            checks.Keys.ShouldContain(name => name.StartsWith(begin, StringComparison.Ordinal));
        }

        (await _repository.RunAsync("doctor")).Output.ShouldContain("All is well.");
    }

    [Fact]
    public async Task Nothing_is_written_anywhere()
    {
        await _repository.SetUpAsync();
        _repository.Vapi.Requests.Clear();

        await DoctorAsync();

        _repository.Vapi.Requests.All.ShouldAllBe(request => !request.IsWrite);
        _repository.Twilio.Requests.All[^1].IsWrite.ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_that_is_refused_is_told_and_everything_else_is_looked_at()
    {
        await _repository.SetUpAsync();
        _repository.Environment["TWILIO_AUTH_TOKEN"] = "another-token-of-another-account";

        var (result, checks) = await DoctorAsync();

        result.Output.ShouldNotContain("another-token");
        Status(checks, "Twilio key").ShouldBe("failed");
        Status(checks, "Vapi key").ShouldBe("ok");
        Status(checks, "webhook").ShouldBe("ok");
        checks["Twilio key"].GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task What_hangs_ends_at_its_deadline_and_stops_nothing_else()
    {
        await _repository.SetUpAsync();
        _repository.Vapi.Faults.Add(new SimulatorFault(SimulatorFaultKind.Hang));

        var (result, checks) = await DoctorAsync("--timeout", "2");

        result.ExitCode.ShouldBe(ExitCodes.Error);
        Status(checks, "Vapi key").ShouldBe("failed");
        Status(checks, "in step").ShouldBe("failed");
        Status(checks, "Twilio key").ShouldBe("ok");
        Status(checks, "webhook").ShouldBe("ok");
    }

    [Fact]
    public async Task A_webhook_with_another_secret_refuses_the_ping()
    {
        await _repository.SetUpAsync();
        _repository.Environment["VAPI_WEBHOOK_SECRET"] = "another-webhook-secret-of-32-byte";

        var (result, checks) = await DoctorAsync();

        Status(checks, "webhook").ShouldBe("failed");
        checks.Single(check => check.Key.StartsWith("webhook", StringComparison.Ordinal)).Value.GetProperty("detail").GetString().ShouldBe("the Api refuses our signature");
        result.ExitCode.ShouldBe(ExitCodes.Authentication, result.Output);
    }

    [Fact]
    public async Task Drift_alone_has_an_exit_code_of_its_own()
    {
        await _repository.SetUpAsync();
        await _repository.DashboardAsync("assistant", "receptionist", new JsonObject { ["firstMessage"] = "Who is it?" });

        var (result, checks) = await DoctorAsync();

        Status(checks, "in step").ShouldBe("failed");
        result.ExitCode.ShouldBe(ExitCodes.Drift, result.Output);
    }

    [Fact]
    public async Task Definitions_with_errors_are_told_with_the_first_place()
    {
        _repository.Edit("assistants/receptionist.md", "firstMessage:", "frstMessage:");

        var (result, checks) = await DoctorAsync();

        checks["definitions"].GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("assistants/receptionist.md:4:1");
        Status(checks, "in step").ShouldBe("skipped");
        result.ExitCode.ShouldBe(ExitCodes.InvalidDefinitions, result.Output);
    }

    [Fact]
    public void Different_failures_are_an_error_and_warnings_are_none()
    {
        Doctor.ExitCodeOf([CheckResult.Ok("a"), CheckResult.Warn("b", "c"), CheckResult.Skip("d")]).ShouldBe(ExitCodes.Ok);
        Doctor.ExitCodeOf([CheckResult.Fail("a", "b", CheckArea.Key), CheckResult.Fail("a", "b", CheckArea.Key)]).ShouldBe(ExitCodes.Authentication);
        Doctor.ExitCodeOf([CheckResult.Fail("a", "b", CheckArea.Key), CheckResult.Fail("a", "b", CheckArea.Drift)]).ShouldBe(ExitCodes.Error);
    }

    [Fact]
    public async Task A_check_that_ignores_its_token_ends_at_its_deadline_too()
    {
        var never = new TaskCompletionSource<CheckResult>();

        var result = await new Check("deaf", _ => never.Task).LookAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);

        result.Status.ShouldBe(CheckStatus.Failed);
        result.Detail.ShouldStartWith("no answer within");
    }
}
