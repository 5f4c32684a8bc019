using ToolBackend.Load.Bench;
using ToolBackend.Load.Children;
using ToolBackend.LocalStack.Processes;

namespace ToolBackend.Load.Voice;

/// <summary>The Voice host of one row of the bench, in a process of its own.</summary>
internal static class VoiceHostUnderTest
{
    public const string AuthToken = "simtwilioauthtoken00000000000001";

    public static async Task<(ServerProcess Server, string Url)> StartAsync(
        IReadOnlyDictionary<string, string?> core, VoiceVendors vendors, string assistant, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var url = $"http://127.0.0.1:{port}";
        var environment = new Dictionary<string, string?>(core, StringComparer.Ordinal)
        {
            ["Voice__PublicUrl"] = url,
            ["Voice__Definitions"] = VoiceDefinitions.Write(),
            ["Voice__Environment"] = "bench",
            ["Voice__DefaultAssistant"] = assistant,
            ["Voice__MaxCalls"] = "1000",
            ["Vendors__Twilio__AuthToken"] = AuthToken,
        };
        foreach (var (name, value) in vendors.Environment().Concat(settings))
        {
            environment[name] = value;
        }

        return (await VoiceServer.StartAsync(environment, Repository.Local("logs", "bench-voice.log"), cancellation, port), url);
    }
}
