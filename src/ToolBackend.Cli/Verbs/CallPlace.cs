using System.CommandLine;
using System.Text.Json;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend call</c>: calls somebody.</summary>
internal static class CallPlace
{
    private static readonly Option<string> Assistant = new("--assistant") { Description = "Who talks: its name in the definitions", HelpName = "name", Required = true };

    private static readonly Option<string> To = new("--to") { Description = "Who is called, such as +12065550142", HelpName = "number", Required = true };

    private static readonly Option<string?> From = new("--from") { Description = "Our line. Default: the assistant's only one", HelpName = "number" };

    private static readonly Option<string?> Key = new("--key") { Description = "The same key means the same call, which is never placed twice. Default: a new one", HelpName = "text" };

    public static Command Command() => new Command("call", $"Calls somebody, through Vapi or, while it is down, through the own pipeline. Asks a running service ({OperatorClient.UrlVariable}, {OperatorClient.KeyVariable}).")
    {
        Assistant,
        To,
        From,
        Key,
    }.Does("call", async (parsed, console, cancellationToken) =>
    {
        using var client = OperatorClient.FromEnvironment();
        var key = parsed.GetValue(Key) ?? Guid.NewGuid().ToString();
        var placed = await client.SendAsync(
            HttpMethod.Post, "calls", new { assistant = parsed.GetValue(Assistant), to = parsed.GetValue(To), from = parsed.GetValue(From) }, cancellationToken, new KeyValuePair<string, string>("Idempotency-Key", key));
        console.Object(new { type = "call", call = placed });
        console.Line(Text(placed, "state") is "done"
            ? $"placed through {(Text(placed, "side") is "vapi" ? "Vapi" : "the own pipeline")}: call {Text(placed, "callId")}"
            : $"not placed yet; ask again with --key {Printable.Of(key)}");
        return ExitCodes.Ok;
    });

    private static string Text(JsonElement call, string name) => call.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? Printable.Of(value.GetString()) ?? "" : "";
}
