using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class ServerCheckTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("  url: ${apiUrl}/vapi/webhook", "  url: http://api.example.com/vapi/webhook", "17:8 error server-url", "write https://")]
    [InlineData("  url: ${apiUrl}/vapi/webhook", "  url: /vapi/webhook", "17:8 error server-url", "https://host/path")]
    [InlineData("  url: ${apiUrl}/vapi/webhook", "  url: https://me:pass@api.example.com/", "17:8 error secret", "credential")]
    [InlineData("  url: ${apiUrl}/vapi/webhook", "  timeoutSeconds: 10", "16:1 error server-url", "add url")]
    [InlineData("  credentialId: webhook", "  timeoutSeconds: 10", "16:1 error server-credential", "credentialId: webhook")]
    [InlineData("    maxRetries: 3", "    maxRetries: 0", "21:17 error server-backoff", "write 3")]
    [InlineData("[400, 401, 403, 404, 413, 422]", "[400, 403, 404, 413]", "23:5 error server-backoff", "[400, 401, 403, 404, 413, 422]")]
    [InlineData("serverMessages: [status-update, end-of-call-report, tool-calls]", "serverMessages: [tool-calls, status-update]", "24:1 error server-messages", "add end-of-call-report")]
    [InlineData("serverMessages: [status-update, end-of-call-report, tool-calls]", "clientMessages: []", "1:1 error server-messages", "list those")]
    [InlineData("end-of-call-report, tool-calls]", "end-of-call-report, speech-update]", "24:53 warning server-messages", "remove it")]
    [InlineData("end-of-call-report, tool-calls]", "end-of-call-report, transcript]", "24:53 warning server-messages", "transcriptType")]
    public void A_server_that_loses_messages_is_refused(string from, string to, string place, string fix)
    {
        _folder.Edit("assistants/desk.md", from, to);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe("assistants/desk.md:" + place);
        finding.Fix.ShouldContain(fix);
    }

    [Fact]
    public void An_assistant_without_a_server_or_without_retries_is_refused()
    {
        _folder.Edit("assistants/lost.yaml", "server:\n  url: https://api.example.com/vapi/webhook\n  credentialId: webhook\n  backoffPlan:\n    type: fixed\n    maxRetries: 1\n    baseDelaySeconds: 1\n    excludedStatusCodes: [400, 401, 403, 404, 413, 422]\n", "");
        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/lost.yaml:1:1 error server-missing");

        _folder.Edit("assistants/lost.yaml", "serverMessages:", "server: {url: 'https://api.example.com', credentialId: webhook}\nserverMessages:");
        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/lost.yaml:13:1 error server-backoff");
    }

    [Fact]
    public void Loopback_is_for_environments_that_allow_it()
    {
        _folder.Edit("environments/dev.yaml", "allowLoopback: true", "allowLoopback: false");

        var findings = _folder.Findings();
        findings.Select(DefinitionFolder.Place).ShouldBe(["assistants/desk.md:17:8 error server-url", "phone-numbers/line.yaml:6:13 error server-url"]);
        findings[0].Fix.ShouldContain("allowLoopback: true in environments/dev.yaml");
    }

    [Fact]
    public void Other_servers_are_checked_too()
    {
        _folder.Edit("phone-numbers/line.yaml", "number: ${number}", "number: ${number}\nserver: {url: 'http://api.example.com'}");
        _folder.Edit("tools/find_it.yaml", "type: function\n", "type: function\nserver: {url: 'https://api.example.com'}\n");

        _folder.Places().ShouldBe(
        [
            "phone-numbers/line.yaml:3:1 error server-backoff", "phone-numbers/line.yaml:3:1 error server-credential", "phone-numbers/line.yaml:3:15 error server-url",
            "tools/find_it.yaml:2:1 error server-backoff", "tools/find_it.yaml:2:1 error server-credential",
        ]);
    }
}
