using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Http;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Vapi.Rest;

namespace ToolBackend.Vapi.Tests.Rest;

public sealed class VapiClientWriteTests : IAsyncLifetime
{
    private VapiOrg _org = null!;
    private VapiClient _vapi = null!;

    public async ValueTask InitializeAsync()
    {
        _org = await VapiOrg.StartAsync();
        _vapi = _org.Client();
    }

    public async ValueTask DisposeAsync()
    {
        _vapi.Dispose();
        await _org.DisposeAsync();
    }

    private VapiSimulator Vapi => _org.Simulator;

    private static JsonObject Named(string name) => new() { ["name"] = name };

    private Func<CancellationToken, Task<JsonObject?>> Find(string path, string name) =>
        async cancellation => (await _vapi.ListAsync(path, cancellation: cancellation)).FirstOrDefault(item => item["name"]?.GetValue<string>() == name);

    private void Fault(SimulatorFaultKind kind, string method, int status = 503, int times = 1) => Vapi.Faults.Add(new SimulatorFault(kind) { Method = method, Status = status, Times = times });

    [Fact]
    public async Task A_created_object_comes_back_with_everything_that_Vapi_made_of_it()
    {
        var made = await _vapi.CreateAsync("assistant", Named("Receptionist"));

        made["id"]!.GetValue<string>().ShouldNotBeEmpty();
        made["latestVersion"]!.GetValue<string>().ShouldBe("v1");
        made["isServerUrlSecretSet"]!.GetValue<bool>().ShouldBeFalse();
        JsonNode.DeepEquals(await _vapi.GetAsync("assistant/" + made["id"]), made).ShouldBeTrue();
    }

    [Theory]
    [InlineData(SimulatorFaultKind.CutAfterWork)]
    [InlineData(SimulatorFaultKind.Refuse)]
    [InlineData(SimulatorFaultKind.Status)]
    [InlineData(SimulatorFaultKind.Html)]
    public async Task A_create_whose_answer_is_lost_makes_one_object(SimulatorFaultKind kind)
    {
        Fault(kind, "POST");

        var made = await _vapi.CreateAsync("assistant", Named("Receptionist"), Find("assistant", "Receptionist"));

        Vapi.Resources.All("assistant").ShouldHaveSingleItem()["id"]!.GetValue<string>().ShouldBe(made["id"]!.GetValue<string>());
        Vapi.Requests.All.Select(request => request.Method).ShouldBe(kind == SimulatorFaultKind.CutAfterWork ? ["POST", "GET"] : ["POST", "GET", "POST"]);
    }

    [Fact]
    public async Task Without_a_look_up_a_create_is_tried_once_and_says_that_it_may_have_been_done()
    {
        Fault(SimulatorFaultKind.CutAfterWork, "POST");

        var failure = await Should.ThrowAsync<VapiApiException>(() => _vapi.CreateAsync("assistant", Named("Receptionist")));

        failure.Failure.ShouldBe(VapiFailure.Unavailable);
        failure.OutcomeIsUnknown.ShouldBeTrue();
        failure.Attempts.ShouldBe(1);
        Vapi.Requests.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_create_that_fails_for_good_is_looked_up_a_last_time()
    {
        // 500 is not tried again, but the object may be there.
        Vapi.Resources.Add("assistant", Named("Receptionist"));
        Fault(SimulatorFaultKind.Status, "POST", status: 500);

        var found = await _vapi.CreateAsync("assistant", Named("Receptionist"), Find("assistant", "Receptionist"));

        found["name"]!.GetValue<string>().ShouldBe("Receptionist");
        Vapi.Resources.All("assistant").Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_of_success_that_cannot_be_read_is_looked_up()
    {
        Fault(SimulatorFaultKind.Garbage, "POST");

        var failure = await Should.ThrowAsync<VapiApiException>(() => _vapi.CreateAsync("assistant", Named("Receptionist"), Find("assistant", "Receptionist")));

        failure.Failure.ShouldBe(VapiFailure.Unreadable);
        failure.OutcomeIsUnknown.ShouldBeTrue();
        Vapi.Requests.All.Select(request => request.Method).ShouldBe(["POST", "GET"]);
    }

    [Fact]
    public async Task A_refused_create_is_not_tried_again_and_was_surely_not_done()
    {
        var failure = await Should.ThrowAsync<VapiApiException>(() => _vapi.CreateAsync("assistant", new JsonObject { ["nmae"] = "x" }, Find("assistant", "x")));

        failure.Failure.ShouldBe(VapiFailure.Rejected);
        failure.Messages.ShouldBe(["property nmae should not exist"]);
        failure.Error.ShouldBe("Bad Request");
        failure.OutcomeIsUnknown.ShouldBeFalse();
        failure.Message.ShouldBe("POST /assistant: 400: property nmae should not exist");
        Vapi.Requests.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_look_up_that_fails_as_well_leaves_the_outcome_unknown()
    {
        Fault(SimulatorFaultKind.CutAfterWork, "POST");
        Fault(SimulatorFaultKind.Status, "GET", status: 401, times: 9);

        var failure = await Should.ThrowAsync<VapiApiException>(() => _vapi.CreateAsync("assistant", Named("x"), Find("assistant", "x")));

        failure.OutcomeIsUnknown.ShouldBeTrue();
        failure.Message.ShouldContain("could not be looked up");
    }

    [Fact]
    public async Task A_change_replaces_whole_members_and_null_clears_one()
    {
        var id = (await _vapi.CreateAsync("assistant", new JsonObject { ["name"] = "x", ["firstMessage"] = "Hello", ["metadata"] = new JsonObject { ["a"] = 1, ["b"] = 2 } }))["id"]!.GetValue<string>();

        var changed = await _vapi.PatchAsync("assistant/" + id, new JsonObject { ["firstMessage"] = null, ["metadata"] = new JsonObject { ["b"] = 3 } });

        changed["name"]!.GetValue<string>().ShouldBe("x");
        changed.ContainsKey("firstMessage").ShouldBeTrue();
        changed["firstMessage"].ShouldBeNull();
        changed["metadata"]!.ToJsonString().ShouldBe("""{"b":3}""");
    }

    [Fact]
    public async Task A_structured_output_is_changed_with_the_word_that_Vapi_wants()
    {
        var output = new JsonObject { ["name"] = "Outcome", ["schema"] = new JsonObject { ["type"] = "object" } };
        var id = (await _vapi.CreateAsync("structured-output", output))["id"]!.GetValue<string>();

        var changed = await _vapi.PatchAsync("structured-output/" + id, new JsonObject { ["description"] = "What came of it." });

        changed["description"]!.GetValue<string>().ShouldBe("What came of it.");
    }

    [Fact]
    public async Task A_change_is_tried_again_when_its_answer_is_lost()
    {
        var id = Vapi.Resources.Add("assistant", Named("x"));
        Fault(SimulatorFaultKind.CutAfterWork, "PATCH");

        (await _vapi.PatchAsync("assistant/" + id, Named("y")))["name"]!.GetValue<string>().ShouldBe("y");
    }

    [Fact]
    public async Task Deleting_says_whether_there_was_anything_also_when_the_first_answer_was_lost()
    {
        var first = Vapi.Resources.Add("assistant", Named("x"));
        var second = Vapi.Resources.Add("assistant", Named("y"));

        (await _vapi.DeleteAsync("assistant/" + first)).ShouldBeTrue();
        (await _vapi.DeleteAsync("assistant/" + first)).ShouldBeFalse();
        Fault(SimulatorFaultKind.CutAfterWork, "DELETE");
        (await _vapi.DeleteAsync("assistant/" + second)).ShouldBeTrue();
        Vapi.Resources.All("assistant").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_another_object_pins_is_a_conflict()
    {
        var assistant = Vapi.Resources.Add("assistant", Named("x"));
        Vapi.Resources.Add("squad", new JsonObject { ["members"] = new JsonArray(new JsonObject { ["assistantId"] = assistant, ["assistantVersion"] = "v1" }) });

        var failure = await Should.ThrowAsync<VapiApiException>(() => _vapi.DeleteAsync("assistant/" + assistant));

        failure.Failure.ShouldBe(VapiFailure.Conflict);
        failure.Error.ShouldBe("assistant_pinned");
    }

    [Theory]
    [InlineData("../account")]
    [InlineData("assistant/../../x")]
    [InlineData("https://evil.example.com/x")]
    [InlineData("//evil.example.com")]
    [InlineData("assistant?limit=1")]
    [InlineData("assistant/a b")]
    [InlineData("")]
    public async Task A_path_that_could_leave_the_api_is_refused(string path)
    {
        await Should.ThrowAsync<ArgumentException>(() => _vapi.GetAsync(path));
        Vapi.Requests.All.ShouldBeEmpty();
    }
}
