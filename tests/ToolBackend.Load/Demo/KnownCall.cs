using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ToolBackend.Load.Demo;

/// <summary>A call of the simulated Vapi, with duplicates and disorder on its way, and what the operator's API knows of it afterwards.</summary>
internal sealed class KnownCall(StackUnderTest stack, Transcript transcript)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <exception cref="UnexpectedAnswerException">The call is not known as it was.</exception>
    public async Task ShowAsync(CancellationToken cancellation)
    {
        if (stack.VapiSimulator is not { } simulator)
        {
            return; // the real Vapi plays no calls for a demonstration
        }

        using var http = new HttpClient { Timeout = s_deadline };
        var seed = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() % int.MaxValue); // another call each time
        using var played = await http.PostAsJsonAsync(
            new Uri(simulator, "/_sim/calls"), new { script = "parcel", seed, speed = 0, wait = true, faults = new { seed, duplicates = 0.5, disorder = 0.3 } }, cancellation);
        played.EnsureSuccessStatusCode();
        var callId = (await played.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("callId").GetString()!;

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stack.OperatorKey);
        var known = await EndedAsync(http, callId, cancellation);
        var call = known.GetProperty("call");
        transcript.Title($"Vapi played a call, with every other message twice and a third out of order. What is known of it (./dev cli calls show {callId}):");
        transcript.Note(string.Create(CultureInfo.InvariantCulture,
            $"{call.GetProperty("status").GetString()}: {Text(call, "endedReason")} ({Text(call, "endedClass")}), from {call.GetProperty("version").GetInt64()} different events, anomalies: {List(call, "anomalies")}"));
        foreach (var utterance in call.GetProperty("transcript").EnumerateArray())
        {
            var words = utterance.GetProperty("text").GetString()!;
            if (utterance.GetProperty("role").GetString() == "user")
            {
                transcript.Caller(words);
            }
            else
            {
                transcript.Assistant(words);
            }
        }

        foreach (var tool in known.GetProperty("toolCalls").EnumerateArray())
        {
            var answer = tool.GetProperty("answers").EnumerateArray().FirstOrDefault();
            if (answer.ValueKind is JsonValueKind.Object)
            {
                transcript.Tool(tool.GetProperty("name").GetString()!, answer.GetProperty("outcome").GetString()!, answer.GetProperty("durationMs").GetDouble());
            }
        }
    }

    private async Task<JsonElement> EndedAsync(HttpClient http, string callId, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await http.GetAsync(new Uri(stack.Api, "/calls/" + callId), cancellation);
            if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation) is var known && known.GetProperty("call") is var call
                && call.GetProperty("status").GetString() == "ended" && call.GetProperty("hasReport").GetBoolean())
            {
                return known;
            }

            if (TimeProvider.System.GetElapsedTime(started) > s_deadline)
            {
                throw new UnexpectedAnswerException($"The call {callId} is not known as ended with a report.");
            }

            await Task.Delay(s_look, cancellation);
        }
    }

    private static string Text(JsonElement of, string member) => of.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "-";

    private static string List(JsonElement of, string member) => of.TryGetProperty(member, out var values) && values.GetArrayLength() > 0 ? string.Join(", ", values.EnumerateArray()) : "none";
}
