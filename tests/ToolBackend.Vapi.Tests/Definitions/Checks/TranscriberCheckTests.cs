namespace ToolBackend.Vapi.Tests.Definitions.Checks;

public sealed class TranscriberCheckTests : IDisposable
{
    private readonly DefinitionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("firstMessage: Hello.", "startSpeakingPlan: {smartEndpointingPlan: {provider: vapi}}", "error flux-smart-plan", "2:21")]
    [InlineData("firstMessage: Hello.", "startSpeakingPlan: {smartEndpointingEnabled: true}", "error flux-smart-plan", "2:21")]
    [InlineData("  eotThreshold: 0.7", "  endpointing: 250", "warning flux-settings", "6:3")]
    [InlineData("  eotThreshold: 0.7", "  language: en", "warning flux-settings", "6:3")]
    [InlineData("  eotThreshold: 0.7", "  languages: [en]", "warning flux-settings", "6:3")]
    [InlineData("firstMessage: Hello.", "fallback: {eagerEotThreshold: 0.8}", "error flux-settings", "2:31")]
    public void What_Flux_ignores_or_is_cancelled_by_is_said(string from, string to, string finding, string place)
    {
        _folder.Edit("assistants/desk.md", from, to);

        _folder.Places().ShouldContain($"assistants/desk.md:{place} {finding}");
    }

    [Theory]
    [InlineData("  endpointing: 250", "  eotThreshold: 0.7", "12:3 error flux-settings")]
    [InlineData("  endpointing: 250", "  eotTimeoutMs: 3000", "12:3 error flux-settings")]
    [InlineData("  endpointing: 250", "  keywords: [Acme]", "12:3 warning flux-settings")]
    [InlineData("  model: nova-3\n  endpointing: 250", "  model: nova-2\n  keyterm: [Acme]", "12:3 warning flux-settings")]
    [InlineData("server:\n", "fallback: {eagerEotThreshold: 0.4}\nserver:\n", "13:12 error flux-settings")]
    public void What_only_Flux_knows_is_refused_elsewhere(string from, string to, string place)
    {
        _folder.Edit("assistants/lost.yaml", from, to);

        DefinitionFolder.Place(_folder.Only()).ShouldBe("assistants/lost.yaml:" + place);
    }

    [Fact]
    public void Without_a_smart_plan_everything_of_Flux_is_fine() =>
        _folder.Edit("assistants/desk.md", "firstMessage: Hello.", "startSpeakingPlan: {waitSeconds: 0, smartEndpointingEnabled: false}\nfallback: {eagerEotThreshold: 0.4}")
            .Findings().Where(f => f.Rule != "schema-deprecated").ShouldBeEmpty();
}
