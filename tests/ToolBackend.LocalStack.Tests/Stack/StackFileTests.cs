using System.Text.Json;
using ToolBackend.LocalStack.Stack;

namespace ToolBackend.LocalStack.Tests.Stack;

public sealed class StackFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly StackPaths _paths = new(Directory.CreateTempSubdirectory("toolbackend-stack-").FullName);

    private static StackFile Example { get; } = new(
        new StackFile.Server("http://127.0.0.1:8080"),
        new StackFile.Server("http://127.0.0.1:5090"),
        new StackFile.PostgresPart("Host=127.0.0.1"),
        new StackFile.RedisPart("127.0.0.1:6379"),
        new StackFile.SecretsPart("whsec", "opkey", "twtoken"),
        new StackFile.SimulatorsPart(
            new StackFile.Simulator("http://127.0.0.1:9000", "simulated"), ElevenLabs: new StackFile.Simulator("http://127.0.0.1:9001", "k1"), AssemblyAi: new StackFile.Simulator("http://127.0.0.1:9002", "k2")),
        new StackFile.PidsPart(Environment.ProcessId, 2, null, 4, 6, 5, ElevenLabs: 7, AssemblyAi: 8),
        StackFile.DemoPart.Seeded);

    public void Dispose() => Directory.Delete(_paths.Root, recursive: true);

    [Fact]
    public void The_file_has_the_shape_that_scripts_read()
    {
        Example.Write(_paths.StackFile);

        var expected = JsonDocument.Parse($$$"""
            {"api":{"url":"http://127.0.0.1:8080"},"voice":{"url":"http://127.0.0.1:5090"},"postgres":{"connectionString":"Host=127.0.0.1"},"redis":{"endpoint":"127.0.0.1:6379"},
             "secrets":{"vapiWebhook":"whsec","operatorKey":"opkey","twilioAuthToken":"twtoken"},
             "simulators":{"vapi":{"url":"http://127.0.0.1:9000","apiKey":"simulated"},"elevenlabs":{"url":"http://127.0.0.1:9001","apiKey":"k1"},"assemblyai":{"url":"http://127.0.0.1:9002","apiKey":"k2"}},
             "pids":{"supervisor":{{{Environment.ProcessId}}},"postgres":2,"api":4,"voice":6,"vapi":5,"elevenlabs":7,"assemblyai":8},
             "demo":{"callerPhone":"+12065550142","trackingNumber":"TB1042","clinicLine":"+12065550100","carrierLine":"+12065550101"}}
            """).RootElement;
        JsonElement.DeepEquals(JsonDocument.Parse(File.ReadAllText(_paths.StackFile)).RootElement, expected).ShouldBeTrue();
        StackFile.Read(_paths.StackFile).ShouldBe(Example);
    }

    [Fact]
    public void Files_with_secrets_are_readable_by_their_owner_only_and_leave_no_unfinished_copy()
    {
        Example.Write(_paths.StackFile);
        StackSecrets.LoadOrCreate(_paths.SecretsFile);

        File.GetUnixFileMode(_paths.StackFile).ShouldBe(OwnerOnly);
        File.GetUnixFileMode(_paths.SecretsFile).ShouldBe(OwnerOnly);
        Directory.GetFiles(_paths.Local).Length.ShouldBe(2);
    }

    [Fact]
    public void Secrets_are_made_once_and_are_long_enough_for_the_api()
    {
        var made = StackSecrets.LoadOrCreate(_paths.SecretsFile);

        StackSecrets.LoadOrCreate(_paths.SecretsFile).ShouldBe(made);
        made.VapiWebhook.Length.ShouldBe(43);
        made.OperatorKey.ShouldNotBe(made.VapiWebhook);
    }

    [Fact]
    public void The_operators_key_is_handed_on_as_its_hash() =>
        new StackSecrets("", "abc").OperatorKeyHash.ShouldBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Fact]
    public void A_file_left_by_a_supervisor_that_is_gone_is_no_running_stack()
    {
        // Process 1 lives, but it is not a supervisor: pids are reused.
        (Example with { Pids = new StackFile.PidsPart(1, null, null, 1, 1, null) }).Write(_paths.StackFile);

        RunningStack.Find(_paths).ShouldBeNull();
        Should.Throw<LocalStackException>(() => RunningStack.Require(_paths)).Message.ShouldContain("./dev up");
    }

    [Fact]
    public void Only_one_supervisor_runs_per_clone()
    {
        using (var first = StackLock.TryTake(_paths))
        {
            first.ShouldNotBeNull();
            StackLock.TryTake(_paths).ShouldBeNull();
        }

        using var next = StackLock.TryTake(_paths);
        next.ShouldNotBeNull();
    }

    [Fact]
    public void The_hint_is_a_tool_call_that_can_be_pasted_into_a_shell()
    {
        var line = StackHints.For(Example).Split('\n').Single(text => text.Contains("/vapi/webhook", StringComparison.Ordinal));
        var body = line.Split('\'')[^2];

        line.ShouldContain("X-Vapi-Secret: whsec");
        var call = JsonDocument.Parse(body).RootElement.GetProperty("message").GetProperty("toolCallList")[0];
        call.GetProperty("function").GetProperty("arguments").GetProperty("trackingNumber").GetString().ShouldBe("TB1042");
    }

    [Fact]
    public void The_hints_name_the_call_that_a_newcomer_can_make() => StackHints.For(Example).ShouldContain("./dev call receptionist --script booking");
}
