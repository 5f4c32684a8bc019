using System.CommandLine;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ToolBackend.Cli.Calls;
using ToolBackend.Core.Calls.Events;
using ToolBackend.Core.Calls.State;

namespace ToolBackend.Cli.Verbs;

/// <summary><c>toolbackend calls tail</c>: the open calls, then every change as it happens, until it is interrupted.</summary>
internal static class CallsTail
{
    private static readonly Option<bool> Text = new("--text") { Description = "Also what is being said. The service keeps a record of who looked" };

    public static Command Command() => new Command("tail", "Follow all calls: the open ones, then every change once and in order, also over restarts of the service. Ends with Ctrl-C (exit 130).") { Text }
        .Does("calls tail", async (parsed, console, cancellationToken) =>
        {
            using var client = OperatorClient.FromEnvironment();
            var withText = parsed.GetValue(Text);
            var follower = new CallFollower(client, withText ? "calls/stream?text=true" : "calls/stream", TimeProvider.System, message => console.Note(message));
            await follower.RunAsync(item => Tell(console, item, withText), cancellationToken);
            return ExitCodes.Ok;
        });

    private static void Tell(CliConsole console, SseItem<string> item, bool withText)
    {
        var data = JsonSerializer.Deserialize<JsonElement>(item.Data);
        switch (item.EventType)
        {
            case "call":
                console.Object(new { type = "call", seq = Seq(item), call = data });
                Tell(console, data.Deserialize<CallListItem>(JsonSerializerOptions.Web)!);
                break;
            case "moment" when withText:
                console.Object(new { type = "moment", moment = data });
                var moment = data.Deserialize<LiveMoment>(JsonSerializerOptions.Web)!;
                console.Line($". {moment.At.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {Printable.Of(moment.CallRef)}  {Printable.Of(moment.Role)} {Printable.Of(moment.Text ?? moment.Type)}");
                break;
            case "synced":
                console.Object(new { type = "synced", seq = Seq(item), calls = data.GetProperty("calls") });
                console.Line($"{data.GetProperty("calls")} calls are open; following");
                break;
            case "reset":
                console.Object(new { type = "reset" });
                console.Line("some changes are not kept any more: the open calls once more", Tone.Warning);
                break;
        }
    }

    private static void Tell(CliConsole console, CallListItem call)
    {
        if (call.MergedInto is { } other)
        {
            console.Line($"= {CallRow.Time(call.LastEventAt)}  {Printable.Of(call.CallId)}  is {Printable.Of(other)}");
            return;
        }

        var (tone, sign) = CallRow.Mark(call);
        var end = call.EndedReason is null ? "" : $"  {call.EndedClass}: {Printable.Of(call.EndedReason)}  {CallRow.Duration(call.DurationMs)}";
        console.Line($"{sign} {CallRow.Time(call.LastEventAt)}  {Printable.Of(call.CallId)}  {call.Status}  {Printable.Of(call.Caller ?? "-")}  {Printable.Of(call.Assistant ?? "-")}{end}", tone);
    }

    /// <summary>Null for the open calls, which are not changes.</summary>
    private static long? Seq(SseItem<string> item) => long.TryParse(item.EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : null;
}
