using System.Text.Json.Nodes;
using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions;

/// <summary>A small set of definitions in which nothing is wrong, on disk, to break one thing at a time.</summary>
internal sealed class DefinitionFolder : IDisposable
{
    private static readonly Dictionary<string, string> s_files = new(StringComparer.Ordinal)
    {
        ["environments/dev.yaml"] = """
            allowLoopback: true
            variables:
              apiUrl: http://127.0.0.1:5080
              number: "+12065550100"
              tokens: 700
            """,
        ["assistants/desk.md"] = """
            ---
            firstMessage: Hello.
            transcriber:
              provider: deepgram
              model: flux-general-en
              eotThreshold: 0.7
            model:
              provider: groq
              model: openai/gpt-oss-20b
              temperature: 0.3
              maxTokens: ${tokens}
              toolIds: [find_it]
            voice:
              provider: 11labs
              voiceId: EXAVITQu4vr4xnSDxMaL
            server:
              url: ${apiUrl}/vapi/webhook
              credentialId: webhook
              backoffPlan:
                type: exponential
                maxRetries: 3
                baseDelaySeconds: 1
                excludedStatusCodes: [400, 401, 403, 404, 413, 422]
            serverMessages: [status-update, end-of-call-report, tool-calls]
            artifactPlan:
              structuredOutputIds: [outcome]
            ---

            You are the desk of ${environment}.
            Known: {{callerKnown}}.
            """,
        ["assistants/lost.yaml"] = """
            model:
              provider: groq
              model: openai/gpt-oss-120b
              temperature: 0.3
              maxTokens: 700
              messages:
                - role: system
                  content: You find things.
            transcriber:
              provider: deepgram
              model: nova-3
              endpointing: 250
            server:
              url: https://api.example.com/vapi/webhook
              credentialId: webhook
              backoffPlan:
                type: fixed
                maxRetries: 1
                baseDelaySeconds: 1
                excludedStatusCodes: [400, 401, 403, 404, 413, 422]
            serverMessages: [status-update, end-of-call-report]
            """,
        ["tools/find_it.yaml"] = """
            type: function
            function:
              name: find_it
              description: Finds it.
              parameters:
                type: object
                properties:
                  what:
                    type: string
                    description: What was lost.
                  colour:
                    type: string
                    description: Its colour.
                    enum: [red, blue]
                required: [what]
            messages:
              - type: request-start
                content: ""
            """,
        ["squads/office.yaml"] = """
            members:
              - assistantId: desk
                assistantDestinations:
                  - type: assistant
                    assistantName: lost
              - assistantId: lost
            """,
        ["structured-outputs/outcome.yaml"] = """
            schema:
              type: object
              properties:
                found:
                  type: boolean
            """,
        ["phone-numbers/line.yaml"] = """
            provider: twilio
            number: ${number}
            twilioAccountSid: AC00000000000000000000000000000000
            twilioAuthToken: ${secret:TWILIO_AUTH_TOKEN}
            routing:
              voiceUrl: ${apiUrl}/twilio/voice
            """,
        ["credentials/webhook.yaml"] = """
            provider: custom-credential
            authenticationPlan:
              type: bearer
              token: ${secret:VAPI_WEBHOOK_SECRET}
            """,
    };

    private readonly string _path = Directory.CreateTempSubdirectory("toolbackend-definitions-").FullName;

    public DefinitionFolder()
    {
        foreach (var (file, text) in s_files)
        {
            this[file] = text;
        }
    }

    public string Path => _path;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>What the code would say of the set's only tool.</summary>
    public static IReadOnlyDictionary<string, JsonObject> ToolSchemas { get; } = new Dictionary<string, JsonObject>
    {
        ["find_it"] = JsonNode.Parse("""
            {"type":"object","properties":{
              "what":{"type":"string","description":"What was lost."},
              "colour":{"type":"string","description":"Its colour.","enum":["blue","red"]}},"required":["what"]}
            """)!.AsObject(),
    };

    public string this[string file]
    {
        set
        {
            var path = System.IO.Path.Combine(_path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, value);
        }
    }

    /// <summary>Replaces a text that the file holds exactly once.</summary>
    public DefinitionFolder Edit(string file, string from, string to)
    {
        var path = System.IO.Path.Combine(_path, file);
        var parts = File.ReadAllText(path).Split(from);
        parts.Length.ShouldBe(2, $"'{from}' in {file}");
        File.WriteAllText(path, string.Join(to, parts));
        return this;
    }

    /// <summary>Holds a copy of another folder's files instead of its own.</summary>
    public void Replace(string folder)
    {
        Directory.Delete(_path, recursive: true);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            this[System.IO.Path.GetRelativePath(folder, file)] = File.ReadAllText(file);
        }
    }

    public void Delete(string file) => File.Delete(System.IO.Path.Combine(_path, file));

    public DefinitionSet Load(string environment = "dev")
    {
        var (definitions, errors) = DefinitionLoader.Load(_path, environment, Environment.GetValueOrDefault);
        errors.ShouldBeEmpty();
        return definitions.ShouldNotBeNull();
    }

    /// <summary>As <see cref="Load"/>, whatever the findings.</summary>
    public DefinitionSet LoadLeniently() => DefinitionLoader.Load(_path, "dev", Environment.GetValueOrDefault).Definitions.ShouldNotBeNull();

    /// <summary>Everything that loading and validating finds.</summary>
    public IReadOnlyList<DefinitionError> Findings(ValidationOptions? options = null, string environment = "dev")
    {
        var (definitions, errors) = DefinitionLoader.Load(_path, environment, Environment.GetValueOrDefault);
        return definitions is null ? errors : DefinitionError.Ordered(errors.Concat(DefinitionValidator.Validate(definitions, options ?? new ValidationOptions { ToolSchemas = ToolSchemas })));
    }

    /// <summary>The findings as <c>file:line:column severity rule</c>.</summary>
    public string[] Places(ValidationOptions? options = null) => [.. Findings(options).Select(Place)];

    public static string Place(DefinitionError finding) => $"{finding.At} {(finding.Severity is Severity.Error ? "error" : "warning")} {finding.Rule}";

    /// <summary>The one finding.</summary>
    public DefinitionError Only(ValidationOptions? options = null)
    {
        var findings = Findings(options);
        findings.Count.ShouldBe(1, string.Join('\n', findings));
        findings[0].Fix.ShouldNotBeNullOrWhiteSpace();
        Rules.All.ShouldContain(findings[0].Rule);
        return findings[0];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
