using System.Text.Json.Nodes;

namespace ToolBackend.Vapi.Definitions.Checks;

/// <summary>Messages arrive, authenticated, again after a failure, and no more of them than somebody reads.</summary>
internal static class ServerCheck
{
    private static readonly int[] s_final = [400, 401, 403, 404, 413, 422];
    private static readonly string[] s_needed = ["status-update", "end-of-call-report"];

    /// <summary>Many per call, and everything in them comes again in the report.</summary>
    private static readonly string[] s_chatty = ["conversation-update", "speech-update", "model-output", "voice-input", "transcript", "assistant.speechStarted"];

    public static void Run(CheckRun run)
    {
        foreach (var resource in run.Definitions.Resources)
        {
            foreach (var (path, node) in JsonPaths.Walk(resource.Body))
            {
                if (node is JsonObject server && (path == "server" || path.EndsWith(".server", StringComparison.Ordinal)))
                {
                    CheckUrl(run, resource, path + ".url", server.TextAt("url"));
                }
            }
        }

        foreach (var assistant in run.Definitions.Of(ResourceKind.Assistant))
        {
            if (assistant.Body["server"] is JsonObject server)
            {
                CheckDelivery(run, assistant, server, "server");
            }
            else
            {
                run.Error(assistant, "server", Rules.ServerMissing, "the assistant has no server: its messages and tool calls go nowhere, without an error", "add server: with url, credentialId and backoffPlan");
            }
            CheckMessages(run, assistant);
        }

        foreach (var number in run.Definitions.Of(ResourceKind.PhoneNumber))
        {
            if (number.Body["server"] is JsonObject server)
            {
                CheckDelivery(run, number, server, "server");
            }
            CheckUrl(run, number, "routing.voiceUrl", number.Routing?.VoiceUrl);
            CheckUrl(run, number, "routing.voiceFallbackUrl", number.Routing?.VoiceFallbackUrl);
            CheckUrl(run, number, "routing.statusCallback", number.Routing?.StatusCallback);
        }

        foreach (var (owner, tool, path) in run.Tools())
        {
            if (tool["server"] is JsonObject server)
            {
                CheckDelivery(run, owner, server, ReferenceCheck.Under(path, "server"), mayGiveUp: true);
            }
        }
    }

    private static void CheckUrl(CheckRun run, ResourceDefinition resource, string path, string? url)
    {
        if (url is null || url.Contains("${", StringComparison.Ordinal) || url.Contains("{{", StringComparison.Ordinal))
        {
            return;
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
        {
            run.Error(resource, path, Rules.ServerUrl, $"{path} is not a URL", "write https://host/path");
        }
        else if (address.UserInfo.Length > 0)
        {
            run.Error(resource, path, Rules.Secret, $"{path} holds a user name or password", "use a credential");
        }
        else if (address.Scheme == Uri.UriSchemeHttp && !(address.IsLoopback && run.Definitions.Environment.AllowsLoopback))
        {
            run.Error(resource, path, Rules.ServerUrl, $"{path} is not https", address.IsLoopback
                ? $"write a public https URL; http on this machine needs allowLoopback: true in environments/{run.Definitions.Environment.Name}.yaml" : "write https://");
        }
    }

    private static void CheckDelivery(CheckRun run, ResourceDefinition resource, JsonObject server, string path, bool mayGiveUp = false)
    {
        if (server["url"] is null)
        {
            run.Error(resource, path, Rules.ServerUrl, $"{path} has no url: nothing is sent, without an error", "add url", atKey: true);
        }
        if (server["credentialId"] is null)
        {
            run.Error(resource, path, Rules.ServerCredential, $"{path} has no credentialId: anybody could post in Vapi's name", "add credentialId: webhook, a file of credentials/", atKey: true);
        }
        if (server["backoffPlan"] is not JsonObject backoff)
        {
            run.Error(resource, path, Rules.ServerBackoff, $"{path} has no backoffPlan: what fails once is lost, the report of a call included", "add backoffPlan: {type: exponential, maxRetries: 3, baseDelaySeconds: 1, excludedStatusCodes: [400, 401, 403, 404, 413, 422]}", atKey: true);
            return;
        }

        if (backoff.NumberAt("maxRetries") == 0 && !mayGiveUp)
        {
            run.Error(resource, path + ".backoffPlan.maxRetries", Rules.ServerBackoff, "with maxRetries 0 what fails once is lost", "write 3");
        }
        var excluded = backoff["excludedStatusCodes"] is JsonArray codes ? codes.Select(code => code.AsNumber() ?? 0).ToHashSet() : [];
        var missing = s_final.Where(code => !excluded.Contains(code)).ToList();
        if (missing.Count > 0 && backoff.NumberAt("maxRetries") != 0)
        {
            run.Error(resource, path + ".backoffPlan.excludedStatusCodes", Rules.ServerBackoff, $"{string.Join(", ", missing)} would be repeated although a repeat cannot succeed", "write excludedStatusCodes: [400, 401, 403, 404, 413, 422]");
        }
    }

    private static void CheckMessages(CheckRun run, ResourceDefinition assistant)
    {
        if (assistant.Body["serverMessages"] is not JsonArray)
        {
            run.Error(assistant, "serverMessages", Rules.ServerMessages, "without serverMessages Vapi posts eleven types, most of them many times a call", "list those that are needed: status-update, end-of-call-report, tool-calls, transfer-destination-request, ...");
            return;
        }

        var listed = assistant.Body.TextsAt("serverMessages").ToList();
        foreach (var needed in s_needed.Where(needed => !listed.Exists(m => m.Text == needed)))
        {
            run.Error(assistant, "serverMessages", Rules.ServerMessages, $"without {needed} the state of calls is not known", $"add {needed}");
        }
        foreach (var (chatty, path) in listed.Where(m => s_chatty.Contains(m.Text)))
        {
            run.Warning(assistant, path, Rules.ServerMessages, $"{chatty} comes many times a call and nobody reads it", chatty == "transcript" ? "write transcript[transcriptType=\"final\"]" : "remove it");
        }
    }
}
