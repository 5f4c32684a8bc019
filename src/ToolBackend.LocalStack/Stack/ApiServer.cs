using ToolBackend.LocalStack.Processes;

namespace ToolBackend.LocalStack.Stack;

/// <summary>The Api as a child process of the stack.</summary>
internal static class ApiServer
{
    public const string Name = "Api";

    private const int UsualPort = 8080;

    public static int ChoosePort(int? asked) => ReadyHost.ChoosePort(UsualPort, asked);

    /// <summary>Returns when <c>/readyz</c> answers 200.</summary>
    /// <exception cref="LocalStackException">It did not get there; the message holds the end of its log.</exception>
    public static Task<SupervisedProcess> StartAsync(StackPaths paths, string url, StackSecrets secrets, string signingKey, IReadOnlyDictionary<string, string?> shared, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string?>(shared, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = url,
            ["Vapi__Webhook__Secret"] = secrets.VapiWebhook,
            // Also as the definitions have Vapi sign, so that what doctor posts is accepted.
            ["Vapi__Webhook__Hmac__Profile"] = "StandardWebhooks",
            ["Vapi__Webhook__Hmac__Secret"] = signingKey,
            ["Operator__KeyHash"] = secrets.OperatorKeyHash,
        };
        return ReadyHost.StartAsync(Name, paths.Api, [], url, environment, paths.Log("api"), cancellation);
    }
}
