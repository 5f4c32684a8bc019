using System.Collections.Immutable;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Vapi.Tests.Sync;

public sealed class StateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("toolbackend-state-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_state_is_written_and_read_back_and_two_writes_are_alike()
    {
        var state = Some();
        var text = StateJson.Write(state);

        StateJson.Write(StateJson.Parse(text, "state")).ShouldBe(text);
        StateJson.Parse(text, "state").Resources[new ResourceKey(SyncKind.Assistant, "desk.v2")].ShouldBe(state.Resources[new ResourceKey(SyncKind.Assistant, "desk.v2")]);
    }

    [Fact]
    public void Branches_that_change_different_resources_change_different_lines()
    {
        var state = Some();
        var lines = StateJson.Write(state).Split('\n');
        var key = new ResourceKey(SyncKind.Tool, "find_it");
        var changed = StateJson.Write(state.With(key, state.Resources[key] with { Files = state.Resources[key].Files.SetItem("function", "ffffffffffffffffffffffff") })).Split('\n');

        changed.Length.ShouldBe(lines.Length);
        changed.Zip(lines).Count(pair => pair.First != pair.Second).ShouldBe(1);
    }

    [Theory]
    [InlineData("<<<<<<< HEAD", "no JSON")]
    [InlineData("{}", "toolbackend.state/1")]
    [InlineData("""{"format":"toolbackend.state/2"}""", "newer version")]
    [InlineData("""{"format":"toolbackend.state/1","environment":"dev","vapi":"https://x","salt":"nothex"}""", "salt")]
    [InlineData("""{"format":"toolbackend.state/1","environment":"dev","vapi":"https://x","salt":"00000000000000000000000000000000","resources":{"pet.dog":{}}}""", "pet.dog is no resource")]
    [InlineData("""{"format":"toolbackend.state/1","environment":"dev","vapi":"https://x","salt":"00000000000000000000000000000000","resources":{"tool.a":{}}}""", "has no id")]
    public void A_state_that_cannot_be_used_says_why(string text, string why) => Should.Throw<StateException>(() => StateJson.Parse(text, "state/dev.lock.json")).Message.ShouldContain(why);

    [Fact]
    public async Task A_lock_file_is_kept_and_two_applies_exclude_each_other()
    {
        var (one, other) = (Store(), Store());
        (await one.ReadAsync(CancellationToken.None)).ShouldBeNull();
        await using (await one.LockAsync(CancellationToken.None))
        {
            await one.WriteAsync(Some(), CancellationToken.None);
            (await Should.ThrowAsync<StateException>(() => other.LockAsync(CancellationToken.None))).Message.ShouldContain("Another apply of dev");
        }

        await using var held = await other.LockAsync(CancellationToken.None);
        (await other.ReadAsync(CancellationToken.None)).ShouldNotBeNull().Resources.Count.ShouldBe(2);
        Directory.GetFiles(Path.Combine(_folder, "state")).ShouldHaveSingleItem();

        LockFileStore Store() => new(_folder, Path.Combine(_folder, ".toolbackend"), "dev", "vapi");
    }

    private static SyncState Some()
    {
        var hashes = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("function", "000000000000000000000001"), KeyValuePair.Create("a.b", "000000000000000000000002")]);
        return SyncState.New("dev", new Uri("https://api.vapi.ai"))
            .With(new ResourceKey(SyncKind.Tool, "find_it"), new ResourceState("id-1") { Files = hashes, Vapi = hashes, Secrets = hashes })
            .With(new ResourceKey(SyncKind.Assistant, "desk.v2"), new ResourceState("id-2") { Files = hashes, Vapi = null, Former = ["id-0"] })
            .Begin(new ResourceKey(SyncKind.Squad, "office"), new PendingStep(Creates: true) { Files = hashes, Before = ["x"] });
    }

    [Theory]
    [InlineData("{\n\"format\":\n<<<<<<< HEAD", "no JSON (line 3)")]
    [InlineData("{}", "newer version")]
    [InlineData("null", "newer version")]
    [InlineData("""{"format":"FORM","environment":"dev","environment":"prod"}""", "no JSON (a member stands in it twice)")]
    [InlineData("""{"format":"FORM","environment":"dev","vapi":"https://x"}""", "does not say what it is")]
    [InlineData("""{"format":"FORM","environment":"dev","vapi":"https://x","MOMENT":"yesterday"}""", "does not say what it is")]
    public void A_plan_and_a_snapshot_that_cannot_be_used_say_why_and_where(string text, string words)
    {
        Should.Throw<StateException>(() => PlanFile.Parse(text.Replace("FORM", "toolbackend.plan/1").Replace("MOMENT", "madeAt"), "the file")).Message.ShouldContain(words);
        Should.Throw<StateException>(() => Snapshot.Parse(text.Replace("FORM", "toolbackend.snapshot/1").Replace("MOMENT", "takenAt"), "the file")).Message.ShouldContain(words);
    }
}
