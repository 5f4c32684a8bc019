using System.Text.Json;

namespace ToolBackend.Load;

/// <summary>The running stack that <c>./dev</c> points this program at.</summary>
internal sealed record StackUnderTest(Uri Api, string PostgresConnectionString, string WebhookSecret, string OperatorKey, string CallerPhone, Uri? VapiSimulator, VoiceUnderTest Voice)
{
    /// <summary>Set by <c>./dev</c>: path of the stack's own description.</summary>
    private const string Variable = "TOOLBACKEND_STACK";

    /// <exception cref="LoadException">No stack was named, or its file is gone.</exception>
    public static StackUnderTest Find()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
        {
            throw new LoadException("No stack was given. Start this by ./dev, which finds or starts one.");
        }

        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = file.RootElement;
        var demo = root.GetProperty("demo");
        var simulators = root.GetProperty("simulators");
        return new StackUnderTest(
            new Uri(root.GetProperty("api").GetProperty("url").GetString()!),
            root.GetProperty("postgres").GetProperty("connectionString").GetString()!,
            root.GetProperty("secrets").GetProperty("vapiWebhook").GetString()!,
            root.GetProperty("secrets").GetProperty("operatorKey").GetString()!,
            demo.GetProperty("callerPhone").GetString()!,
            simulators.TryGetProperty("vapi", out var vapi) ? new Uri(vapi.GetProperty("url").GetString()!) : null,
            new VoiceUnderTest(
                root.GetProperty("voice").GetProperty("url").GetString()!,
                root.GetProperty("voice").TryGetProperty("publicUrl", out var publicUrl) ? publicUrl.GetString() : null,
                root.GetProperty("secrets").GetProperty("twilioAuthToken").GetString()!,
                demo.GetProperty("clinicLine").GetString()!,
                demo.GetProperty("carrierLine").GetString()!,
                simulators.TryGetProperty("deepgram", out _) && simulators.TryGetProperty("assemblyai", out _),
                simulators.TryGetProperty("elevenlabs", out _)));
    }
}

/// <summary>The running stack's Voice host.</summary>
/// <param name="PublicUrl">Of a tunnel; null without one.</param>
/// <param name="TwilioAuthToken">Calls to it are signed with it.</param>
/// <param name="HearsSimulated">False when a vendor of speech to text is a real one.</param>
/// <param name="SpeaksSimulated">False when the vendor of text to speech is a real one.</param>
internal sealed record VoiceUnderTest(string Url, string? PublicUrl, string TwilioAuthToken, string ClinicLine, string CarrierLine, bool HearsSimulated, bool SpeaksSimulated);

/// <summary>The program cannot do what was asked; the message says why, for a person.</summary>
internal sealed class LoadException(string message) : Exception(message);
