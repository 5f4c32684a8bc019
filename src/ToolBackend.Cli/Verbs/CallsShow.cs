using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ToolBackend.Cli.Calls;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend calls show ID</c>: what a call is, and what was said and done in it, in one timeline.</summary>
internal static class CallsShow
{
    private static readonly Argument<string> Id = new("id") { Description = "Vapi's id of the call, the pipeline's, or Twilio's CallSid" };

    public static Command Command() => new Command("show", "One call with its transcript and tool calls. The service keeps a record of who looked.") { Id }
        .Does("calls show", async (parsed, console, cancellationToken) =>
        {
            using var client = OperatorClient.FromEnvironment();
            var detail = await client.GetAsync($"calls/{Uri.EscapeDataString(parsed.GetValue(Id)!)}", cancellationToken);
            console.Object(new { type = "call", call = detail.GetProperty("call"), toolCalls = detail.GetProperty("toolCalls") });
            if (!console.IsJson)
            {
                Print(console, detail.GetProperty("call").Deserialize<CallState>(JsonSerializerOptions.Web)!, detail.GetProperty("toolCalls"));
            }

            return ExitCodes.Ok;
        });

    private static void Print(CliConsole console, CallState call, JsonElement tools)
    {
        var item = CallListItem.Of(call);
        var (tone, sign) = CallRow.Mark(item);
        console.Line($"{sign} {Printable.Of(call.CallId)}  {call.Status}{(call.EndedReason is null ? "" : $"  {call.EndedClass}: {Printable.Of(call.EndedReason)}")}", tone);
        Field(console, "opened", CallRow.Time(call.OpenedAt) + " UTC");
        Field(console, "lasted", CallRow.Duration(call.DurationMs));
        Field(console, "caller", call.Caller);
        Field(console, "line", call.Line);
        Field(console, "assistants", string.Join(", ", call.Assistants.Select(a => a.Name ?? a.Id)));
        Field(console, "side", call.Side);
        Field(console, "names", string.Join(", ", call.Aliases));
        Field(console, "cost", call.Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $"${cost:0.000}") : null);
        Field(console, "success", call.Success);
        Field(console, "summary", call.Summary);
        Field(console, "anomalies", string.Join(", ", call.Anomalies));
        console.Line("");
        foreach (var (at, who, text, failed) in Timeline(call, tools))
        {
            var when = at is { } known ? Offset(known - call.OpenedAt) : "";
            console.Line($"{when,8}  {who,-10} {Printable.Of(text)}", failed ? Tone.Warning : Tone.Plain);
        }
    }

    private static IEnumerable<(DateTimeOffset? At, string Who, string Text, bool Failed)> Timeline(CallState call, JsonElement tools)
    {
        var said = call.Transcript.Select(u => (u.At, u.Role, u.Text, Failed: false));
        var done = tools.EnumerateArray().Select(t =>
        {
            var answer = t.GetProperty("answers").EnumerateArray().FirstOrDefault();
            var measured = answer.ValueKind is JsonValueKind.Object
                ? string.Create(CultureInfo.InvariantCulture, $" ({answer.GetProperty("outcome").GetString()}, {answer.GetProperty("durationMs").GetDouble():0.0} ms, {answer.GetProperty("source").GetString()})")
                : "";
            var at = t.GetProperty("at") is { ValueKind: JsonValueKind.String } time ? time.GetDateTimeOffset() : (DateTimeOffset?)null;
            return (At: at, Role: "tool", Text: t.GetProperty("name").GetString() + measured, Failed: answer.ValueKind is JsonValueKind.Object && answer.GetProperty("failed").GetBoolean());
        });
        // What has no time stays where its own list has it: behind what came before.
        var last = DateTimeOffset.MinValue;
        return said.Select(s => (Key: last = s.At ?? last, s)).ToList().Concat(done.Select(d => (Key: d.At ?? DateTimeOffset.MaxValue, d))).OrderBy(x => x.Key).Select(x => x.Item2);
    }

    private static string Offset(TimeSpan since) => since < TimeSpan.Zero ? "" : since.ToString(since < TimeSpan.FromHours(1) ? @"m\:ss\.f" : @"h\:mm\:ss", CultureInfo.InvariantCulture);

    private static void Field(CliConsole console, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            console.Line($"  {name,-10} {Printable.Of(value)}");
        }
    }
}
