using System.Text;
using System.Text.Json.Nodes;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Testing.Mutation;
using ToolBackend.Vapi.Calls;

namespace ToolBackend.Vapi.Tests.Calls;

public class VapiSnapshotReaderTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset AskedAt = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    private static ReportedEvent? Read(string json, ContentPolicy? policy = null) => VapiSnapshotReader.Read(Encoding.UTF8.GetBytes(json), AskedAt, policy ?? ContentPolicy.Default);

    private static ReportedEvent? Read(JsonObject call) => VapiSnapshotReader.Read(call, AskedAt, ContentPolicy.Default);

    private static JsonObject Call() => JsonNode.Parse(Reads.Snapshot())!.AsObject();

    [Fact]
    public void A_call_as_the_API_shows_it_says_what_its_report_would_have_said()
    {
        var snapshot = Read(Call()).ShouldNotBeNull();
        var report = Reads.Facts("end-of-call-report-full");

        snapshot.Event.CallRef.ShouldBe(Reads.CallId);
        snapshot.Event.Source.ShouldBe(CallEventSource.Api);
        snapshot.Event.Kind.ShouldBe(CallEventKind.Snapshot);
        snapshot.Event.Type.ShouldBe("call-snapshot");
        snapshot.Event.SentAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 10, 5, 20, TimeSpan.Zero));
        snapshot.Event.ReceivedAt.ShouldBe(AskedAt);
        snapshot.Event.ProviderCallId.ShouldBe("CA0123456789abcdef0123456789abcdef");
        var facts = snapshot.Event.Facts;
        facts.Status.ShouldBe("ended");
        facts.EndedReason.ShouldBe("customer-ended-call");
        facts.Call.ShouldBe(report.Call);
        facts.Assistant!.Name.ShouldBe("Front desk");
        facts.Transfer.ShouldBe(new TransferFact("number", "+12065550199"));
        facts.Conversation.ShouldBe(report.Conversation);
        facts.Tools.ShouldBe(report.Tools);
        (new CallFacts { Report = facts.Report }).ToJson().ShouldBe((new CallFacts { Report = report.Report }).ToJson());
    }

    [Fact]
    public void Nothing_secret_and_no_prompt_stays()
    {
        var snapshot = Read(Call())!;

        var everything = snapshot.Everything();
        everything.ShouldNotContain("fictional-token");
        everything.ShouldNotContain("cell-1");
        everything.ShouldNotContain("Never guess");
        everything.ShouldNotContain("sig=1");
        snapshot.ControlUrl.ShouldBeNull();
    }

    [Fact]
    public void A_call_that_lives_has_a_control_address()
    {
        var call = Call();
        call["status"] = "in-progress";

        Read(call)!.ControlUrl!.Value.Reveal().ShouldBe("https://cell-1.example.com/0d9c3f8e/control");
    }

    [Fact]
    public void Asking_twice_adds_nothing_until_the_call_changes()
    {
        var first = Read(Call())!.Event.MessageId;
        var later = VapiSnapshotReader.Read(Call(), AskedAt.AddHours(1), ContentPolicy.Default)!.Event;
        later.MessageId.ShouldBe(first);
        later.SentAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 10, 5, 20, TimeSpan.Zero));

        var updated = Call();
        updated["updatedAt"] = "2026-11-20T10:06:00.000Z";
        Read(updated)!.Event.MessageId.ShouldNotBe(first);
        var other = Call();
        other["status"] = "deletion-failed";
        Read(other)!.Event.MessageId.ShouldNotBe(first);
    }

    [Fact]
    public void The_time_is_the_last_change_else_the_end_else_now()
    {
        var call = Call();
        call.Remove("updatedAt");
        Read(call)!.Event.SentAt.ShouldBe(new DateTimeOffset(2026, 11, 20, 10, 5, 1, 800, TimeSpan.Zero));
        call.Remove("endedAt");
        Read(call)!.Event.SentAt.ShouldBe(AskedAt);
    }

    [Fact]
    public void Without_content_no_body_and_nothing_that_was_said()
    {
        var snapshot = Read(Encoding.UTF8.GetString(Reads.Snapshot()), new ContentPolicy { StoreContent = false })!;

        snapshot.Body.ShouldBeNull();
        snapshot.Event.Facts.Status.ShouldBe("ended");
        snapshot.Everything().ShouldNotContain("Thursday");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"id\":7}")]
    [InlineData("{\"id\":\"\"}")]
    [InlineData("{\"id\":\"c\"")]
    [InlineData("<html>502</html>")]
    public void What_is_no_call_is_no_event(string json) => Read(json).ShouldBeNull();

    [Fact]
    public void A_call_of_which_only_the_id_is_known_is_an_event() => Read("""{"id":"c"}""")!.Event.SentAt.ShouldBe(AskedAt);

    [Fact]
    public void B1_mutated_answers_never_crash_the_reader()
    {
        const int seed = 20261124;
        output.WriteLine($"seed {seed}");
        var mutator = new JsonMutator(seed);
        var sample = Reads.Snapshot();
        var read = 0;
        for (var i = 0; i < 3000; i++)
        {
            var body = mutator.Mutate(sample);
            read += VapiSnapshotReader.Read(body, AskedAt, ContentPolicy.Default) is null ? 0 : 1;
            JsonObject? call;
            try
            {
                call = JsonNode.Parse(body) as JsonObject;
            }
            catch (System.Text.Json.JsonException)
            {
                continue;
            }

            if (call is not null)
            {
                VapiSnapshotReader.Read(call, AskedAt, ContentPolicy.Default);
            }
        }

        read.ShouldBeGreaterThan(1000);
    }
}
