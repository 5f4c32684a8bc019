using System.Text.Json.Nodes;
using ToolBackend.Testing;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.Applying;
using ToolBackend.Vapi.Sync.Comparison;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Sync.State;

namespace ToolBackend.Vapi.Tests.Sync.Model;

/// <summary>Random files and random edits at Vapi, round after round, against a model of Vapi.</summary>
public sealed class SyncModelTests
{
    private const int Rounds = 4;

    [Fact]
    public async Task C13_random_files_and_remote_edits_never_cost_what_is_not_ours_or_newer_and_a_plan_after_apply_is_empty()
    {
        var runs = LongForm.Count(everyRun: 1_000, longForm: 10_000);
        var (applied, refused) = (0, 0);
        for (var seed = 0; seed < runs; seed++)
        {
            var (done, held) = await RunAsync(seed);
            applied += done;
            refused += held;
        }

        // Both ways were walked.
        applied.ShouldBeGreaterThan(runs);
        refused.ShouldBeGreaterThan(runs / 10);
    }

    private static async Task<(int Applied, int Refused)> RunAsync(int seed)
    {
        var random = new Random(seed);
        var files = new ModelFiles(random);
        var world = new ModelWorld();
        var store = new ModelStore();
        var foreign = new Dictionary<string, string>(StringComparer.Ordinal);
        var (applied, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            files.Change();
            var state = store.State ?? SyncState.New("dev", new Uri("https://model"));
            var edits = EditRemote(random, files, world, state, foreign);
            var options = new PlanOptions { Force = random.Next(4) == 0, AllowDelete = random.Next(2) == 0 };
            var plan = Plan(files, state, world, options);
            var report = await ApplyAsync(plan, world, store);
            var where = $"seed {seed}, round {round}";

            foreach (var (id, body) in foreign)
            {
                world.All.ContainsKey(id).ShouldBeTrue(where);
                world.All[id].Body.ToJsonString().ShouldBe(body, where);
            }

            if (report is null)
            {
                refused++;
                await AdoptAsync(plan, world, store, foreign);
            }
            else
            {
                applied++;
                report.Failures.ShouldBeEmpty(where);
                AssertNothingLeftToDo(Plan(files, store.State ?? state, world, options), where);
                AssertNoDuplicates(store.State ?? state, world, foreign, where);
            }

            if (!options.Force)
            {
                foreach (var (id, field, value) in edits)
                {
                    (world.All.TryGetValue(id, out var there) ? there.Body[field]?.ToJsonString() : "deleted").ShouldBe(value, $"{where}: {field} of {id}");
                }
            }
        }

        return (applied, refused);
    }

    private static SyncPlan Plan(ModelFiles files, SyncState state, ModelWorld world, PlanOptions options) => Planner.Plan(files.Definitions(), state, world.Read(), options, _ => null);

    /// <summary>Null: it was refused, and then nothing may have been sent.</summary>
    private static async Task<ApplyReport?> ApplyAsync(SyncPlan plan, ModelWorld world, ModelStore store)
    {
        var writes = world.Writes;
        try
        {
            var report = await new Applier(world, store, _ => null).ApplyAsync(plan, world.Read(), CancellationToken.None);
            world.Writes.ShouldBe(plan.HasWrites ? world.Writes : writes);
            return report;
        }
        catch (ApplyRefusedException)
        {
            world.Writes.ShouldBe(writes);
            return null;
        }
    }

    private static void AssertNothingLeftToDo(SyncPlan after, string where)
    {
        SyncBench.Short(after with { Resources = [.. after.Resources.Where(resource => resource.Writes)] }).ShouldBeEmpty(where);
        if (after.Options is { Force: true, AllowDelete: true })
        {
            after.IsEmpty.ShouldBeTrue($"{where}: {string.Join(", ", SyncBench.Short(after))}");
        }
    }

    private static void AssertNoDuplicates(SyncState state, ModelWorld world, Dictionary<string, string> foreign, string where)
    {
        var ours = world.All.Keys.Where(id => !foreign.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        ours.ShouldBe(state.Resources.Values.SelectMany(resource => resource.Former.Append(resource.Id)).Where(ours.Contains).ToHashSet(StringComparer.Ordinal), ignoreOrder: true, where);
    }

    // Some of what stood in the way is adopted, as people would.
    private static async Task AdoptAsync(SyncPlan plan, ModelWorld world, ModelStore store, Dictionary<string, string> foreign)
    {
        foreach (var waiting in plan.Of(PlanAction.Adopt).Where(resource => resource.Candidates.Count == 1))
        {
            var state = store.State ?? plan.State;
            var outcome = Adoption.Of(plan with { State = state }, world.Read(), waiting.Key, null);
            await store.WriteAsync(state.With(waiting.Key, outcome.Known.ShouldNotBeNull()), CancellationToken.None);
            foreign.Remove(outcome.Remote!.Id);
        }
    }

    /// <summary>Somebody works at the dashboard: returns fields of ours and the values that they must keep.</summary>
    private static List<(string Id, string Field, string? Value)> EditRemote(Random random, ModelFiles files, ModelWorld world, SyncState state, Dictionary<string, string> foreign)
    {
        var edits = new Dictionary<(string, string), string?>();
        var start = world.All.ToDictionary(entry => entry.Key, entry => (JsonObject)entry.Value.Body.DeepClone(), StringComparer.Ordinal);
        for (var i = random.Next(4); i > 0; i--)
        {
            var owned = state.Resources.Where(entry => world.All.ContainsKey(entry.Value.Id)).ToList();
            switch (random.Next(8))
            {
                case 0:
                    // Half of the time one that has a name of ours.
                    var kind = files.Kind();
                    var body = new JsonObject { ["name"] = random.Next(2) == 0 ? $"n{random.Next(3)}" : "other" };
                    var id = world.Add(kind, kind == SyncKind.Tool ? new JsonObject { ["type"] = "function", ["function"] = body } : body);
                    foreign[id] = world.All[id].Body.ToJsonString();
                    break;
                case 1 when owned.Count > 0:
                    var gone = owned[random.Next(owned.Count)].Value.Id;
                    world.Remove(gone);
                    foreach (var edit in edits.Keys.Where(edit => edit.Item1 == gone).ToList())
                    {
                        edits.Remove(edit);
                    }

                    break;
                case > 1 when owned.Count > 0:
                    var (key, known) = owned[random.Next(owned.Count)];
                    var (field, value) = Edit(random, files, key, world.All[known.Id].Body);
                    var before = world.All[known.Id].Body[field]?.ToJsonString();
                    world.Edit(known.Id, target => target[field] = value);
                    if (before != value?.ToJsonString())
                    {
                        edits[(known.Id, field)] = value?.ToJsonString();
                    }

                    break;
            }
        }

        // An edit that was taken back is none, and neither is one that puts back what the last apply left: three-way, nothing was changed at Vapi since.
        return [.. edits.Where(edit => start[edit.Key.Item1][edit.Key.Item2]?.ToJsonString() != edit.Value && !IsAsLeft(state, edit.Key.Item1, edit.Key.Item2, edit.Value))
            .Select(edit => (edit.Key.Item1, edit.Key.Item2, edit.Value))];
    }

    private static bool IsAsLeft(SyncState state, string id, string field, string? value)
    {
        var left = state.Resources.Values.Single(resource => resource.Id == id).Vapi;
        return left is not null && left.GetValueOrDefault(field) == (value is null ? null : new FieldHasher(state.Salt).Of(JsonNode.Parse(value)));
    }

    private static (string Field, JsonNode? Value) Edit(Random random, ModelFiles files, ResourceKey key, JsonObject body) => (key.Kind, random.Next(3)) switch
    {
        (SyncKind.Assistant, 0) => ("firstMessage", random.Next(3) == 0 ? null : JsonValue.Create("edited " + files.Text())),
        (SyncKind.Assistant, 1) => ("model", new JsonObject { ["content"] = "edited " + files.Text(), ["toolIds"] = body["model"]?["toolIds"]?.DeepClone() }),
        (SyncKind.Assistant, _) => ("voicemailMessage", JsonValue.Create("edited " + files.Text())),
        (SyncKind.Tool, _) => ("messages", new JsonArray(new JsonObject { ["content"] = "edited " + files.Text() })),
        (SyncKind.StructuredOutput, _) => ("description", JsonValue.Create("edited " + files.Text())),
        (_, 0) => ("members", new JsonArray(new JsonObject { ["assistantId"] = "edited " + files.Text() })),
        _ => ("name", JsonValue.Create("edited " + files.Text())),
    };
}
