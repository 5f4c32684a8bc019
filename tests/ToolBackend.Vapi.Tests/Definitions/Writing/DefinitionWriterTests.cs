using System.Text.Json.Nodes;
using ToolBackend.Testing;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Writing;

namespace ToolBackend.Vapi.Tests.Definitions.Writing;

public sealed class DefinitionWriterTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();
    private readonly DefinitionWriter _writer = new(new EnvironmentSettings("dev"), _ => null);

    public void Dispose() => _folder.Dispose();

    private DefinitionWriter Writer => new(_folder.LoadLeniently().Environment, _folder.Environment.GetValueOrDefault);

    private ResourceDefinition Existing(ResourceKind kind, string name) => _folder.LoadLeniently().Find(kind, name).ShouldNotBeNull();

    private string Text(string file) => File.ReadAllText(Path.Combine(_folder.Path, file));

    /// <summary>Writes a body into the resource's file, and gives back what the file says then.</summary>
    private string? Edit(ResourceDefinition existing, JsonObject body, NumberRouting? routing = null)
    {
        var text = Writer.Edit(Text(existing.Location.File), existing, body, routing ?? existing.Routing);
        if (text is not null)
        {
            _folder[existing.Location.File] = text;
            JsonNode.DeepEquals(Existing(existing.Kind, existing.Name).Body, body).ShouldBeTrue(text);
        }

        return text;
    }

    [Fact]
    public void Any_JSON_survives_a_new_file()
    {
        const int seed = 20261126;
        var json = new RandomJson(new Random(seed));
        for (var i = 0; i < LongForm.Count(4000, 100_000); i++)
        {
            var body = json.Object();
            body["name"] = "thing"; // what has none gets its file's
            var text = "";
            Should.NotThrow(() => text = _writer.New(ResourceKind.Squad, "thing", body), $"seed {seed}, case {i}: {body.ToJsonString()}");
            _folder["squads/thing.yaml"] = text;
            var read = Existing(ResourceKind.Squad, "thing").Body;
            JsonNode.DeepEquals(read, body).ShouldBeTrue($"seed {seed}, case {i}: {body.ToJsonString()}\n{text}\n{read.ToJsonString()}");
        }
    }

    [Fact]
    public void Any_text_survives_as_a_prompt()
    {
        const int seed = 20261127;
        var json = new RandomJson(new Random(seed));
        for (var i = 0; i < LongForm.Count(2000, 50_000); i++)
        {
            var text = json.Text();
            var body = new JsonObject { ["name"] = "n", ["model"] = new JsonObject { ["messages"] = new JsonArray(new JsonObject { ["role"] = "system", ["content"] = text }) } };
            _folder["assistants/new.md"] = _writer.New(ResourceKind.Assistant, "new", body);
            var read = Existing(ResourceKind.Assistant, "new").Body;
            JsonNode.DeepEquals(read, body).ShouldBeTrue($"seed {seed}, case {i}: {body.ToJsonString()}\n{Text("assistants/new.md")}\n{read.ToJsonString()}");
        }
    }

    [Fact]
    public void Any_change_of_a_file_is_written_and_nothing_else_of_it_is_lost()
    {
        const int seed = 20261128;
        var random = new Random(seed);
        var json = new RandomJson(random);
        for (var i = 0; i < LongForm.Count(1000, 20_000); i++)
        {
            var first = json.Object();
            first["name"] = "thing";
            _folder["squads/thing.yaml"] = _writer.New(ResourceKind.Squad, "thing", first) + "# the last word\n";
            var existing = Existing(ResourceKind.Squad, "thing");
            var second = (JsonObject)first.DeepClone();
            foreach (var (name, value) in json.Object().Where(_ => random.Next(2) == 0).ToList())
            {
                second[name] = value?.DeepClone();
            }
            foreach (var name in first.Select(member => member.Key).Where(name => name != "name" && random.Next(3) == 0).ToList())
            {
                second.Remove(name);
            }

            var text = Writer.Edit(Text("squads/thing.yaml"), existing, second, null);
            if (text is null)
            {
                JsonNode.DeepEquals(first, second).ShouldBeTrue();
                continue;
            }

            _folder["squads/thing.yaml"] = text;
            JsonNode.DeepEquals(Existing(ResourceKind.Squad, "thing").Body, second).ShouldBeTrue($"seed {seed}, case {i}: {first.ToJsonString()} to {second.ToJsonString()}\n{text}");
            text.ShouldContain("# the last word", Case.Sensitive, $"seed {seed}, case {i}: {first.ToJsonString()} to {second.ToJsonString()}\n{text}");
        }
    }

    [Fact]
    public void A_new_assistant_looks_as_one_that_people_wrote()
    {
        var body = JsonNode.Parse("""
            {"model":{"provider":"groq","model":"openai/gpt-oss-20b","temperature":0.3,"messages":[{"role":"system","content":"You are the desk.\n\nBe brief."}],"toolIds":["find_it","end_call"]},
             "name":"Front desk","firstMessage":"Hello, who is it?","backgroundSound":"off","endCallPhrases":["bye bye","see you"],"server":{"backoffPlan":{"excludedStatusCodes":[400,401]}},
             "keypadInputPlan":{},"hooks":[{"on":"call.ending","do":[{"type":"say","exact":"Bye: bye"}]}],"voicemailMessage":"First line.\nSecond line.\n"}
            """)!.AsObject();

        _writer.New(ResourceKind.Assistant, "front-desk", body).ShouldBe("""
            ---
            # yaml-language-server: $schema=../schema/assistant.json
            name: Front desk
            firstMessage: Hello, who is it?
            model:
              provider: groq
              model: openai/gpt-oss-20b
              temperature: 0.3
              toolIds: [find_it, end_call]
            server:
              backoffPlan:
                excludedStatusCodes: [400, 401]
            backgroundSound: "off"
            endCallPhrases:
              - bye bye
              - see you
            keypadInputPlan: {}
            hooks:
              - on: call.ending
                do:
                  - type: say
                    exact: "Bye: bye"
            voicemailMessage: |
              First line.
              Second line.
            ---
            You are the desk.

            Be brief.

            """);
    }

    [Fact]
    public void A_file_that_says_it_already_is_left_alone()
    {
        foreach (var resource in _folder.Load().Resources)
        {
            Edit(resource, (JsonObject)resource.Body.DeepClone()).ShouldBeNull();
        }
    }

    [Fact]
    public void Only_the_lines_of_what_changed_change()
    {
        _folder["assistants/desk.md"] = """
            ---
            # The desk.
            firstMessage: Hello.

            # Somebody chose these with care.
            model:
              provider: groq
              model: openai/gpt-oss-20b
              # Reasoning counts.
              maxTokens: ${tokens} # in all
              temperature: 0.3

            # Not for Vapi.
            fallback:
              speculation: true # yes
            ---

            You are the desk of ${environment}.
            Be brief.
            Never guess.
            """;
        var existing = Existing(ResourceKind.Assistant, "desk");
        var body = (JsonObject)existing.Body.DeepClone();
        body["model"]!["temperature"] = 0.5;
        body["model"]!["messages"]![0]!["content"] = "You are the desk of dev.\nBe very brief; say ${this}.\nNever guess.";
        body["backgroundSound"] = "office";

        Edit(existing, body).ShouldBe("""
            ---
            # The desk.
            firstMessage: Hello.

            # Somebody chose these with care.
            model:
              provider: groq
              model: openai/gpt-oss-20b
              # Reasoning counts.
              maxTokens: ${tokens} # in all
              temperature: 0.5
            backgroundSound: office

            # Not for Vapi.
            fallback:
              speculation: true # yes
            ---

            You are the desk of ${environment}.
            Be very brief; say $${this}.
            Never guess.

            """);
    }

    [Fact]
    public void What_is_gone_takes_its_comment_along()
    {
        _folder["squads/office.yaml"] = """
            # Who is there.
            members:
              - assistantId: desk
            # Only at night.
            membersOverrides:
              firstMessage: Good night.
            # Its name.
            name: office
            """;
        var existing = Existing(ResourceKind.Squad, "office");
        var body = (JsonObject)existing.Body.DeepClone();
        body.Remove("membersOverrides");

        Edit(existing, body).ShouldBe("""
            # Who is there.
            members:
              - assistantId: desk
            # Its name.
            name: office
            """);
    }

    [Fact]
    public void Routing_is_written_beside_the_number_and_keeps_its_variables()
    {
        var existing = Existing(ResourceKind.PhoneNumber, "line");

        Edit(existing, existing.Body, existing.Routing! with { StatusCallback = "https://voice.example.com/status" }).ShouldBe("""
            provider: twilio
            number: ${number}
            twilioAccountSid: AC00000000000000000000000000000000
            twilioAuthToken: ${secret:TWILIO_AUTH_TOKEN}
            routing:
              voiceUrl: ${apiUrl}/twilio/voice
              statusCallback: https://voice.example.com/status
            """);
    }

    [Fact]
    public void A_file_in_no_lines_is_written_anew()
    {
        _folder["squads/office.yaml"] = "{members: [{assistantId: desk}], name: office}";
        var existing = Existing(ResourceKind.Squad, "office");
        var body = (JsonObject)existing.Body.DeepClone();
        body["name"] = "bureau";

        Edit(existing, body).ShouldBe("# yaml-language-server: $schema=../schema/squad.json\nmembers:\n  - assistantId: desk\nname: bureau\n");
    }

    [Fact]
    public void Line_ends_of_a_file_stay_what_they_are()
    {
        _folder["squads/office.yaml"] = "members: []\r\nname: office\r\n";
        var existing = Existing(ResourceKind.Squad, "office");
        var body = (JsonObject)existing.Body.DeepClone();
        body["name"] = "bureau";

        Edit(existing, body).ShouldBe("members: []\r\nname: bureau\r\n");
    }

    [Theory]
    [InlineData("""{"name":"a\ud800b"}""", "half a character")]
    [InlineData("""{"name":"n","a":1e400}""", "no file can say")]
    public void What_no_file_can_say_is_refused_without_its_value(string json, string why)
    {
        var refused = Should.Throw<DefinitionUnwritableException>(() => _writer.New(ResourceKind.Squad, "thing", JsonNode.Parse(json)!.AsObject()));

        refused.Message.ShouldContain(why);
        refused.Message.ShouldNotContain("1e400");
    }

    [Fact]
    public void A_body_that_no_file_may_be_as_large_as_is_refused()
    {
        var body = new JsonObject { ["name"] = new string('a', 600_000) };

        Should.Throw<DefinitionUnwritableException>(() => _writer.New(ResourceKind.Squad, "thing", body)).Message.ShouldContain("bytes, more than");
    }
}
