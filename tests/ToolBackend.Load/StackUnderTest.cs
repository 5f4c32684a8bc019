using System.Text.Json;

namespace ToolBackend.Load;

/// <summary>The running stack that <c>./dev</c> points this program at.</summary>
internal sealed record StackUnderTest(Uri Api, string PostgresConnectionString, string WebhookSecret, string OperatorKey, string CallerPhone, Uri? VapiSimulator)
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
        return new StackUnderTest(
            new Uri(root.GetProperty("api").GetProperty("url").GetString()!),
            root.GetProperty("postgres").GetProperty("connectionString").GetString()!,
            root.GetProperty("secrets").GetProperty("vapiWebhook").GetString()!,
            root.GetProperty("secrets").GetProperty("operatorKey").GetString()!,
            root.GetProperty("demo").GetProperty("callerPhone").GetString()!,
            root.TryGetProperty("simulators", out var simulators) && simulators.TryGetProperty("vapi", out var vapi) ? new Uri(vapi.GetProperty("url").GetString()!) : null);
    }
}

/// <summary>The program cannot do what was asked; the message says why, for a person.</summary>
internal sealed class LoadException(string message) : Exception(message);
