using System.Buffers.Binary;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using ToolBackend.Core.Calls.Privacy;
using ToolBackend.Core.Speech;
using ToolBackend.LocalStack.Simulators.Audio;
using ToolBackend.LocalStack.Simulators.Language;
using ToolBackend.LocalStack.Simulators.Twilio.Phone;
using ToolBackend.Testing;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Tests.CallLog;

namespace ToolBackend.Voice.Tests.Calls;

/// <summary>Recordings: nothing without consent, both legs with it.</summary>
public sealed class RecordedCallTests(RecordedVoiceFixture voice) : IClassFixture<RecordedVoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_says_yes_is_recorded_from_then_on_as_both_heard_it()
    {
        voice.Language.Script = request => CompletionAnswer.Say(request.LastUserText.StartsWith("Tell", StringComparison.Ordinal) ? "There was once a king who had three sons and a golden bird in a tree." : "All right.");
        await using var phone = await voice.CallAsync(Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("May we record this call?");
        await phone.SayAsync("Yes, you may.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Hello, who is there?");
        await phone.SayAsync("Tell me a story.", Cancellation);
        await phone.HearAsync("three sons", Cancellation);
        await phone.SayAsync("Stop it now, please.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldEndWith("All right.");
        await phone.HangUpAsync();

        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        call.Recordings.ShouldNotBeNull()["stereo"].ShouldBe($"https://recordings.example.com/{TimeProvider.System.GetUtcNow():yyyy-MM-dd}/{phone.CallSid}.wav");
        (await voice.ConsentOf(phone.CallSid)).ShouldContain("grantedAt");
        var (caller, agent) = await voice.RecordingOf(phone.CallSid);
        caller.ShouldBe("Tell me a story. Stop it now, please.");
        agent.ShouldStartWith("Hello, who is there? There was once a king");
        agent.ShouldEndWith("All right.");
        agent.ShouldBe(phone.HeardText["May we record this call? ".Length..], "what was cut is not in it");
    }

    [Fact]
    public async Task Who_says_no_is_served_and_not_recorded()
    {
        voice.Language.Script = _ => CompletionAnswer.Say("All right.");
        await using var phone = await voice.CallAsync(Cancellation);
        await phone.ListenAsync(Cancellation);
        await phone.SayAsync("No, please don't.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("All right, this call is not recorded. Hello, who is there?");
        await phone.SayAsync("It is me.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("All right.");
        await phone.HangUpAsync();

        var call = await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        call.Recordings.ShouldBeNull();
        (await voice.ConsentOf(phone.CallSid)).ShouldNotContain("grantedAt");
        voice.Files(phone.CallSid).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_recordings_of_a_caller_who_is_forgotten_are_deleted_and_nobody_elses()
    {
        var (forgotten, other) = (await RecordAsync("+12065550186"), await RecordAsync("+12065550187"));
        await using var database = NpgsqlDataSource.Create(voice.ConnectionString);
        PhoneNumber.TryParse("+12065550186", out var number).ShouldBeTrue();
        (await new ForgetCaller(database, TimeProvider.System).RunAsync(number, Cancellation)).Rows.Calls.ShouldBe(1);

        await voice.Services.GetServices<IHostedService>().OfType<RecordingSweep>().Single().SweepAsync(voice.Recordings, Cancellation);
        voice.Files(forgotten).ShouldBeEmpty();
        voice.Files(other).ShouldHaveSingleItem();
        voice.Log.Lines.ShouldContain(l => l.Contains("callers who were forgotten are deleted: 1", StringComparison.Ordinal));

        async Task<string> RecordAsync(string from)
        {
            voice.Language.Script = _ => CompletionAnswer.Say("All right.");
            await using var phone = await voice.CallAsync(Cancellation, from);
            await phone.ListenAsync(Cancellation);
            await phone.SayAsync("Yes.", Cancellation);
            await phone.ListenAsync(Cancellation);
            await phone.HangUpAsync();
            await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
            await voice.RecordingOf(phone.CallSid);
            return phone.CallSid;
        }
    }

    [Fact]
    public async Task Who_stays_on_the_line_is_recorded_behind_the_greeting()
    {
        voice.Language.Script = _ => CompletionAnswer.Say("Thank you.");
        await using var phone = await TwilioPhone.CallAsync(voice.Phone() with { To = RecordedVoiceFixture.Telling }, Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("This call is recorded. Hello there.");
        await phone.SayAsync("That is fine.", Cancellation);
        (await phone.ListenAsync(Cancellation)).ShouldBe("Thank you.");
        await phone.HangUpAsync();

        await StoredCalls.ReportedAsync(voice.ConnectionString, phone.CallSid);
        (await voice.RecordingOf(phone.CallSid)).ShouldBe(("That is fine.", "Thank you."));
    }
}

/// <summary>Two assistants that record: one asks, one tells. Recordings go to a folder of its own.</summary>
public sealed class RecordedVoiceFixture(PostgresCluster cluster, RedisServer redis) : VoiceFixture(cluster, redis), IAsyncLifetime
{
    /// <summary>Number of the assistant that tells.</summary>
    public const string Telling = "+12065550177";

    private readonly string _folder = Directory.CreateTempSubdirectory("voice-recorded").FullName;

    public string Recordings => Path.Combine(_folder, "recordings");

    protected override string Assistant => "asks";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Voice:Definitions"] = _folder,
        ["Voice:Environment"] = "test",
        ["Voice:Lines:" + Telling] = "tells",
        ["Voice:Recording:Folder"] = Recordings,
        ["Voice:Recording:Url"] = "https://recordings.example.com",
    };

    public IReadOnlyList<string> Files(string callSid) => Directory.Exists(Recordings) ? [.. Directory.EnumerateFiles(Recordings, callSid + "*", SearchOption.AllDirectories)] : [];

    /// <summary>What the call log says of it.</summary>
    public async Task<string> ConsentOf(string callSid) => (await StoredCalls.EventsAsync(ConnectionString, callSid)).Single(e => e.Type is "recording-consent").Text;

    /// <summary>The words of the two channels, once the file is whole.</summary>
    public async Task<(string Caller, string Agent)> RecordingOf(string callSid)
    {
        await Eventually.IsTrueAsync(() => Task.FromResult(Files(callSid) is [var whole] && whole.EndsWith(".wav", StringComparison.Ordinal)), TimeSpan.FromSeconds(5), "the recording is not there");
        var path = Files(callSid)[0];
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var file = await File.ReadAllBytesAsync(path);
        (BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(20)), BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(22))).ShouldBe(((short)7, (short)2), "mu-law, two channels");
        BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(54)).ShouldBe(file.Length - 58);
        var samples = file[58..];
        return (Words([.. samples.Where((_, at) => at % 2 == 0)]), Words([.. samples.Where((_, at) => at % 2 == 1)]));
    }

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        Write("environments/test.yaml", "allowLoopback: true\nvariables: {}\n");
        Write("assistants/asks.md", Definition("asks", "Hello, who is there?", "{type: verbal, message: \"May we record this call?\"}"));
        Write("assistants/tells.md", Definition("tells", "Hello there.", "{type: stay-on-line, message: This call is recorded.}"));
        await InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static string Definition(string name, string greeting, string consent) => $$"""
        ---
        name: {{name}}
        firstMessage: {{greeting}}
        transcriber: {provider: deepgram, model: flux-general-en}
        startSpeakingPlan: {waitSeconds: 0}
        compliancePlan: {recordingConsentPlan: {{consent}}}
        model: {provider: groq, model: openai/gpt-oss-20b}
        voice: {provider: 11labs, voiceId: EXAVITQu4vr4xnSDxMaL, model: eleven_flash_v2_5}
        ---
        You answer the phone.
        """;

    private static string Words(byte[] audio)
    {
        var reader = new AudibleTextReader();
        return string.Join(' ', reader.Push(audio).Concat(reader.Push(AudibleText.Silence(TimeSpan.FromMilliseconds(200)))).Select(w => w.Text));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
