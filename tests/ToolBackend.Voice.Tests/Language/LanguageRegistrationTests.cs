using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Language.Chain;

namespace ToolBackend.Voice.Tests.Language;

public sealed class LanguageRegistrationTests
{
    private static ServiceProvider Services(params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build())
        .AddLanguageModels()
        .BuildServiceProvider();

    [Fact]
    public void A_vendor_is_used_when_it_has_a_key()
    {
        using var services = Services(("Vendors:Together:ApiKey", "k"));
        services.GetServices<ILanguageModel>().Select(model => (model.Name, model.IsConfigured)).ShouldBe([("groq", false), ("together-ai", true), ("fireworks", false)]);
        services.GetRequiredService<LanguageChains>().For(Definitions.Assistant("dispatcher")).Links.ShouldBe([("together-ai", "openai/gpt-oss-20b")]);
    }

    [Theory]
    [InlineData("Vendors:Groq:BaseUrl", "http://api.example.com")]
    [InlineData("Vendors:Groq:BaseUrl", "https://api.example.com/")]
    [InlineData("Vendors:Fireworks:ApiKey", "secret key")]
    [InlineData("Language:HedgeAfter", "00:00:09")]
    [InlineData("Language:Stall", "00:00:00.1")]
    [InlineData("Language:RetryShare", "2")]
    public void A_setting_that_cannot_be_used_ends_the_start_and_is_not_quoted(string name, string value)
    {
        using var services = Services((name, value));
        var error = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        error.Message.ShouldContain(name);
        error.Message.ShouldNotContain(value);
    }
}
