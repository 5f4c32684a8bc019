using System.Net;
using System.Text.Json.Nodes;
using ToolBackend.LocalStack.Simulators.Vapi;
using ToolBackend.Testing;

namespace ToolBackend.LocalStack.Tests.Simulators.Vapi.Resources;

public sealed class ResourceEndpointsTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _saved = [];
    private SimulatedOrg _org = null!;

    public async ValueTask InitializeAsync() => _org = await SimulatedOrg.StartAsync(new VapiSimulatorOptions { Time = _clock, OnTwilioNumberSaved = _saved.Add });

    public ValueTask DisposeAsync() => _org.DisposeAsync();

    private static object TwilioNumber(string number = "+12065550100") => new { provider = "twilio", number, twilioAccountSid = "AC1", twilioAuthToken = "token-in-clear" };

    [Fact]
    public async Task A_created_assistant_has_what_the_server_makes()
    {
        var made = await _org.MadeAsync("/assistant", new { name = "Receptionist", voice = new { provider = "11labs", voiceId = "sarah" } });

        made.Text("createdAt").ShouldBe("2026-12-01T12:00:00.000Z");
        made.Text("updatedAt").ShouldBe("2026-12-01T12:00:00.000Z");
        made.Text("orgId").ShouldNotBeEmpty();
        made.Text("latestVersion").ShouldBe("v1");
        made["isServerUrlSecretSet"]!.GetValue<bool>().ShouldBeFalse();
        made["firstMessageInterruptionsEnabled"]!.GetValue<bool>().ShouldBeFalse();
        made["voice"]!["cachingEnabled"]!.GetValue<bool>().ShouldBeTrue();
        (await _org.GetAsync("/assistant/" + made.Text("id"))).Body!.ToJsonString().ShouldBe(made.ToJsonString());
    }

    [Fact]
    public async Task A_change_replaces_members_as_a_whole_and_null_is_kept_and_told()
    {
        var id = (await _org.MadeAsync("/assistant", new { name = "x", firstMessage = "Hi", server = new { url = "https://a.example.com", timeoutSeconds = 10 } })).Text("id");
        _clock.Advance(TimeSpan.FromMinutes(1));

        var (status, changed) = await _org.PatchAsync("/assistant/" + id, JsonNode.Parse("""{"firstMessage":null,"server":{"url":"https://b.example.com"}}""")!);

        status.ShouldBe(HttpStatusCode.OK);
        changed!.AsObject().ContainsKey("firstMessage").ShouldBeTrue();
        changed["firstMessage"].ShouldBeNull();
        changed["server"]!.ToJsonString().ShouldBe("""{"url":"https://b.example.com"}""");
        changed.Text("name").ShouldBe("x");
        changed.Text("latestVersion").ShouldBe("v2");
        changed.Text("createdAt").ShouldBe("2026-12-01T12:00:00.000Z");
        changed.Text("updatedAt").ShouldBe("2026-12-01T12:01:00.000Z");
    }

    [Fact]
    public async Task A_change_that_changes_nothing_makes_no_version()
    {
        var id = (await _org.MadeAsync("/assistant", new { name = "x" })).Text("id");

        (await _org.PatchAsync("/assistant/" + id, new { name = "x" })).Body.Text("latestVersion").ShouldBe("v1");
    }

    [Theory]
    [InlineData("/assistant", "assistant")]
    [InlineData("/tool", "tool")]
    [InlineData("/squad", "squad")]
    [InlineData("/phone-number", "phone-number")]
    [InlineData("/credential", "credential")]
    public async Task Lists_are_bare_arrays_of_a_hundred_newest_first(string path, string resource)
    {
        for (var i = 0; i < 120; i++)
        {
            _org.Simulator.Resources.Add(resource, new JsonObject { ["name"] = $"{i}" });
        }

        var (_, list) = await _org.GetAsync(path);

        list!.AsArray().Select(item => item.Text("name")).ShouldBe(Enumerable.Range(20, 100).Reverse().Select(i => $"{i}"));
        (await _org.GetAsync(path + "?limit=1000")).Body!.AsArray().Count.ShouldBe(120);
        (await _org.GetAsync(path + "?page=2")).Rules().ShouldBe(["property page should not exist"]);
    }

    [Theory]
    [InlineData("/structured-output", "structured-output")]
    [InlineData("/v2/phone-number", "phone-number")]
    public async Task Some_lists_are_objects_with_pages(string path, string resource)
    {
        for (var i = 0; i < 25; i++)
        {
            _org.Simulator.Resources.Add(resource, new JsonObject { ["name"] = $"{i}" });
        }

        var (_, second) = await _org.GetAsync(path + "?limit=10&page=2&sortOrder=ASC");
        var (_, third) = await _org.GetAsync(path + "?limit=10&page=3");

        second!["results"]!.AsArray().Select(item => item.Text("name")).ShouldBe(Enumerable.Range(10, 10).Select(i => $"{i}"));
        second["metadata"]!.ToJsonString().ShouldBe("""{"itemsPerPage":10,"totalItems":25,"currentPage":2,"totalPages":3,"hasNextPage":true,"sortOrder":"ASC"}""");
        third!["results"]!.AsArray().Count.ShouldBe(5);
        third["metadata"]!["hasNextPage"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Unknown_members_are_refused_when_changing_too_and_a_tool_does_not_even_take_its_type()
    {
        var tool = (await _org.MadeAsync("/tool", new { type = "function", function = new { name = "book" } })).Text("id");

        (await _org.PatchAsync("/tool/" + tool, new { type = "function", foo = 1 })).Rules().ShouldBe(["property type should not exist", "property foo should not exist"]);
        (await _org.PatchAsync("/tool/" + tool, new { function = new { name = "book_it" } })).Body!["function"].Text("name").ShouldBe("book_it");
    }

    [Fact]
    public async Task A_squad_cannot_be_renamed_without_its_members()
    {
        var squad = (await _org.MadeAsync("/squad", new { name = "x", members = new[] { new { assistantId = "a" } } })).Text("id");

        (await _org.PatchAsync("/squad/" + squad, new { name = "y" })).Rules().ShouldBe(["members must be an array"]);
    }

    [Fact]
    public async Task Secrets_of_credentials_are_never_told()
    {
        var made = await _org.MadeAsync("/credential", new { provider = "custom-credential", name = "Webhook", authenticationPlan = new { type = "hmac", secretKey = "hmac-secret", algorithm = "sha256" } });
        await _org.MadeAsync("/credential", new { provider = "groq", apiKey = "groq-secret" });

        var text = made.ToJsonString() + (await _org.GetAsync("/credential")).Body!.ToJsonString() + (await _org.PatchAsync("/credential/" + made.Text("id"), new { name = "y" })).Body!.ToJsonString();

        text.ShouldNotContain("hmac-secret");
        text.ShouldNotContain("groq-secret");
        made["authenticationPlan"].Text("algorithm").ShouldBe("sha256");
    }

    [Fact]
    public async Task Secrets_of_phone_numbers_and_tools_come_back_in_clear_and_those_of_assistants_do_not()
    {
        var number = await _org.MadeAsync("/phone-number", TwilioNumber());
        var tool = await _org.MadeAsync("/tool", new { type = "endCall" });
        var assistant = await _org.MadeAsync("/assistant", new { server = new { url = "https://a.example.com", secret = "server-secret" } });

        number.Text("twilioAuthToken").ShouldBe("token-in-clear");
        number.Text("status").ShouldBe("active");
        number["smsEnabled"]!.GetValue<bool>().ShouldBeTrue();
        tool.Text("type").ShouldBe("endCall");
        assistant.ToJsonString().ShouldNotContain("server-secret");
        assistant["isServerUrlSecretSet"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_number_that_is_there_already_cannot_be_imported_again()
    {
        await _org.MadeAsync("/phone-number", TwilioNumber());

        (await _org.PostAsync("/phone-number", TwilioNumber())).Rules().ShouldHaveSingleItem().ShouldContain("Has Identical `number`");
    }

    [Fact]
    public async Task Saving_a_Twilio_number_takes_it_over_each_time()
    {
        var id = (await _org.MadeAsync("/phone-number", TwilioNumber())).Text("id");
        await _org.PatchAsync("/phone-number/" + id, JsonNode.Parse("""{"assistantId":null}""")!);

        _saved.ShouldBe(["+12065550100", "+12065550100"]);
    }

    [Fact]
    public async Task A_structured_output_wants_a_word_to_be_changed()
    {
        var id = (await _org.MadeAsync("/structured-output", new { name = "Outcome", schema = new { type = "object" } })).Text("id");

        (await _org.PatchAsync("/structured-output/" + id, new { description = "x" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _org.PatchAsync($"/structured-output/{id}?schemaOverride=true", new { description = "x" })).Body.Text("description").ShouldBe("x");
        (await _org.PatchAsync($"/structured-output/{id}?schemaOverride=true", new { type = "ai" })).Rules().ShouldBe(["property type should not exist"]);
    }

    [Fact]
    public async Task The_link_of_outputs_and_assistants_has_two_sides()
    {
        var output = (await _org.MadeAsync("/structured-output", new { name = "Outcome", schema = new { type = "object" } })).Text("id");
        var first = (await _org.MadeAsync("/assistant", new { artifactPlan = new { structuredOutputIds = new[] { output } } })).Text("id");
        var second = (await _org.MadeAsync("/assistant", new { name = "y" })).Text("id");

        async Task<string[]> Assistants() => [.. (await _org.GetAsync("/structured-output/" + output)).Body!["assistantIds"]!.AsArray().Select(id => id!.GetValue<string>())];
        async Task<int> Outputs(string assistant) => (await _org.GetAsync("/assistant/" + assistant)).Body!["artifactPlan"]?["structuredOutputIds"]?.AsArray().Count ?? 0;

        (await Assistants()).ShouldBe([first]);
        await _org.PatchAsync($"/structured-output/{output}?schemaOverride=true", new { assistantIds = new[] { second } });
        (await Outputs(first)).ShouldBe(0);
        (await Outputs(second)).ShouldBe(1);
        await _org.DeleteAsync("/assistant/" + second);
        (await Assistants()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deleting_returns_the_object_and_then_there_is_none()
    {
        var id = (await _org.MadeAsync("/assistant", new { name = "x" })).Text("id");

        (await _org.DeleteAsync("/assistant/" + id)).Body.Text("name").ShouldBe("x");
        (await _org.DeleteAsync("/assistant/" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _org.GetAsync("/assistant/" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _org.PatchAsync("/assistant/" + id, new { name = "y" })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_pinned_cannot_be_deleted_but_what_is_only_used_can()
    {
        var pinned = (await _org.MadeAsync("/assistant", new { name = "x" })).Text("id");
        var used = (await _org.MadeAsync("/assistant", new { name = "y" })).Text("id");
        var tool = (await _org.MadeAsync("/tool", new { type = "endCall" })).Text("id");
        await _org.MadeAsync("/squad", new { members = new object[] { new { assistantId = pinned, assistantVersion = "v1" }, new { assistantId = used } } });
        await _org.MadeAsync("/assistant", new { model = new { provider = "groq", model = "llama-3.3-70b-versatile", toolRefs = new[] { new { toolId = tool, version = "v1" } } } });

        var (status, body) = await _org.DeleteAsync("/assistant/" + pinned);

        status.ShouldBe(HttpStatusCode.Conflict);
        body.Text("error").ShouldBe("assistant_pinned");
        (await _org.DeleteAsync("/tool/" + tool)).Body.Text("error").ShouldBe("tool_pinned");
        (await _org.DeleteAsync("/assistant/" + used)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Vapis_own_tools_are_listed_and_cannot_be_touched()
    {
        var id = _org.Simulator.Resources.AddPlatformDefault("tool", new JsonObject { ["type"] = "endCall" });

        (await _org.GetAsync("/tool")).Body!.AsArray().Single()!["orgId"].ShouldBeNull();
        (await _org.DeleteAsync("/tool/" + id)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _org.PatchAsync("/tool/" + id, new { messages = Array.Empty<object>() })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Somebody_at_the_dashboard_changes_what_the_api_tells()
    {
        var id = (await _org.MadeAsync("/assistant", new { name = "x", firstMessage = "Hi" })).Text("id");
        _clock.Advance(TimeSpan.FromMinutes(5));

        _org.Simulator.Resources.Edit("assistant", id, assistant => assistant["firstMessage"] = "Hello there");

        var now = (await _org.GetAsync("/assistant/" + id)).Body;
        now.Text("firstMessage").ShouldBe("Hello there");
        now.Text("latestVersion").ShouldBe("v2");
        now.Text("updatedAt").ShouldBe("2026-12-01T12:05:00.000Z");
    }

    [Fact]
    public async Task A_route_that_does_not_exist_and_a_body_that_is_no_object_are_told_as_Nest_does()
    {
        (await _org.GetAsync("/workflow")).Body.Text("message").ShouldBe("Cannot GET /workflow");
        (await _org.PostAsync("/assistant", new[] { 1 })).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
