using ToolBackend.Vapi.Definitions.Checks;

namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class SecretCheckTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("credentials/webhook.yaml", "token: ${secret:VAPI_WEBHOOK_SECRET}", "token: swordfish-swordfish", "4:10 error secret", "swordfish")]
    [InlineData("credentials/webhook.yaml", "token: ${secret:VAPI_WEBHOOK_SECRET}", "token: ${env:TOKEN|swordfish-swordfish}", "4:10 error secret", "swordfish")]
    [InlineData("phone-numbers/line.yaml", "${secret:TWILIO_AUTH_TOKEN}", "0123456789abcdef0123456789abcdef", "4:18 error secret", "0123456789abcdef")]
    [InlineData("assistants/desk.md", "Known: {{callerKnown}}.", "Use gsk_aaaaaaaaaaaaaaaaaaaaaaaa for it.", "30:5 error secret", "gsk_")]
    [InlineData("assistants/desk.md", "Known: {{callerKnown}}.", "Call me on +1 206 555 0142, please.", "30:12 error personal-data", "0142")]
    [InlineData("assistants/desk.md", "firstMessage: Hello.", "firstMessage: Call (206) 555-0142.", "2:20 error personal-data", "0142")]
    [InlineData("tools/find_it.yaml", "messages:\n", "server: {url: 'https://a.example.com', credentialId: webhook, headers: {Authorization: 'Bearer abcdefghijklmnopqrstuvwxyz'}, backoffPlan: {type: fixed, maxRetries: 0, baseDelaySeconds: 0}}\nmessages:\n", "16:89 error secret", "abcdef")]
    public void Keys_and_numbers_do_not_belong_in_files_and_are_not_repeated(string file, string from, string to, string place, string value)
    {
        _folder.Edit(file, from, to);

        var finding = _folder.Only();
        DefinitionFolder.Place(finding).ShouldBe($"{file}:{place}");
        $"{finding} {finding.Fix}".ShouldNotContain(value);
    }

    [Theory]
    [InlineData("assistants/desk.md", "Known: {{callerKnown}}.", "Call us on ${number}. It is 2026-12-01, order 1234567890, 10.20.30.40.")]
    [InlineData("phone-numbers/line.yaml", "number: ${number}", "number: \"+12065550100\"")]
    [InlineData("tools/find_it.yaml", "messages:\n", "parameters: [{key: token, value: '{{customer.number}}'}]\nmessages:\n")]
    public void The_companys_own_number_is_a_variable_and_dates_are_no_numbers(string file, string from, string to) =>
        _folder.Edit(file, from, to).Findings().ShouldBeEmpty();

    [Theory]
    [InlineData("sk-proj-abcdefghijklmnop1234")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----")]
    public void The_usual_keys_are_known(string key) => SecretCheck.KeyIn("here: " + key).ShouldBe(6);

    [Theory]
    [InlineData("EXAVITQu4vr4xnSDxMaL")]
    [InlineData("AC00000000000000000000000000000000")]
    [InlineData("ask-questions-about-everything-there-is")]
    public void Voices_accounts_and_words_are_no_keys(string text) => SecretCheck.KeyIn(text).ShouldBeNull();
}
