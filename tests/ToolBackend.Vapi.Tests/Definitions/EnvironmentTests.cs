using ToolBackend.Vapi.Definitions;

namespace ToolBackend.Vapi.Tests.Definitions;

public sealed class EnvironmentTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_environment_that_does_not_exist_names_those_that_do()
    {
        var (definitions, errors) = DefinitionLoader.Load(_folder.Path, "dve", _ => null);

        definitions.ShouldBeNull();
        var error = errors.ShouldHaveSingleItem();
        error.At.ShouldBe(new SourceLocation("environments/dve.yaml", 1, 1));
        error.Message.ShouldContain("there are dev");
        error.Fix.ShouldBe("did you mean dev?");
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("")]
    [InlineData("dev/../dev")]
    public void A_name_is_never_a_path(string name) =>
        DefinitionLoader.Load(_folder.Path, name, _ => null).Errors.ShouldHaveSingleItem().Rule.ShouldBe(Rules.Environment);

    [Fact]
    public void Settings_have_defaults_and_can_be_set()
    {
        _folder["environments/eu.yaml"] = """
            vapi: {baseUrl: "https://api.eu.vapi.ai", keyVariable: VAPI_EU_KEY, requestsPerSecond: 1.5}
            twilio: {baseUrl: "${env:TWILIO_URL|https://api.twilio.com}", tokenVariable: TOKEN}
            lenient: [server-backoff]
            variables: {apiUrl: "https://api.example.com", number: "+12065550100", tokens: 700}
            """;

        var settings = _folder.Load("eu").Environment;
        settings.VapiBaseUrl.ShouldBe(new Uri("https://api.eu.vapi.ai"));
        settings.VapiKeyVariable.ShouldBe("VAPI_EU_KEY");
        settings.VapiRequestsPerSecond.ShouldBe(1.5);
        settings.TwilioTokenVariable.ShouldBe("TOKEN");
        settings.AllowsLoopback.ShouldBeFalse();
        var dev = _folder.Load().Environment;
        dev.VapiBaseUrl.ShouldBe(new Uri("https://api.vapi.ai"));
        dev.VapiKeyVariable.ShouldBe("VAPI_API_KEY");
        dev.VapiRequestsPerSecond.ShouldBe(2);
    }

    [Theory]
    [InlineData("allowLoopback: true", "allowLoopbak: true", "1:1 error schema-unknown", "did you mean allowLoopback?")]
    [InlineData("allowLoopback: true", "allowLoopback: 'yes'", "1:16 error schema-type", "true or false")]
    [InlineData("allowLoopback: true", "allowLoopback: true\nvapi: {baseUrl: 'http://api.vapi.ai'}", "2:17 error server-url", "https")]
    [InlineData("allowLoopback: true", "allowLoopback: true\nlenient: [server-backof]", "2:11 error environment", "server-backoff")]
    [InlineData("allowLoopback: true", "allowLoopback: true\nlenient: [tool-schema]", "2:11 error environment", "remove")]
    [InlineData("  tokens: 700", "  tokens: 700\n  key: gsk_aaaaaaaaaaaaaaaaaaaaaaaa", "6:8 error secret", "${secret:NAME}")]
    [InlineData("  tokens: 700", "  tokens: 700\n  other: ${env:NOT_SET}", "6:10 error variable", "NOT_SET")]
    [InlineData("  tokens: 700", "  tokens: 700\n  other: ${number}", "6:10 error variable", "variable")]
    public void What_is_wrong_in_an_environment_is_an_error_at_its_place(string from, string to, string place, string fix)
    {
        _folder.Edit("environments/dev.yaml", from, to);

        var finding = _folder.Findings().Where(f => f.At.File == "environments/dev.yaml").ShouldHaveSingleItem();
        DefinitionFolder.Place(finding).ShouldBe("environments/dev.yaml:" + place);
        finding.Fix.ShouldContain(fix);
    }

    [Fact]
    public void A_lenient_environment_makes_good_practice_a_warning()
    {
        _folder.Edit("environments/dev.yaml", "allowLoopback: true", "allowLoopback: true\nlenient: [request-start]");
        _folder.Edit("tools/find_it.yaml", "messages:\n  - type: request-start\n    content: \"\"", "async: false");

        _folder.Places().ShouldBe(["tools/find_it.yaml:1:1 warning request-start"]);
    }
}
