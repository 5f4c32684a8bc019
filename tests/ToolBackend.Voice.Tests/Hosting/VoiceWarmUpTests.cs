using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using ToolBackend.Core.Observability;
using ToolBackend.LocalStack.Processes;
using ToolBackend.Testing;
using ToolBackend.Voice.Tests.Calls;

namespace ToolBackend.Voice.Tests.Hosting;

/// <summary>What a start does before it is ready, and what it leaves: nothing.</summary>
public sealed class VoiceWarmUpTests(VoiceFixture voice) : IClassFixture<VoiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_rehearses_calls_and_tools_and_leaves_no_row_no_figure_no_trace_and_asks_no_vendor()
    {
        var figures = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => figures.Add(instrument.Name + string.Concat(tags.ToArray().Select(t => $" {t.Key}={t.Value}"))));
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == Telemetry.Meter)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.Start();
        var asked = (voice.Deepgram.Connections.Count, voice.ElevenLabs.Connections.Count, voice.Language.Requests.All.Count);
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        var log = new CapturedLog();
        await using var host = await voice.StartHostAsync(url, log, ("Voice:PublicUrl", url), ("Voice:WarmUp", "true"));
        var waited = await ReadyAsync(url);
        TestContext.Current.TestOutputHelper?.WriteLine($"Ready after {waited.TotalMilliseconds:0} ms: {string.Join("\n", log.Lines)}");

        // A busy machine's Redis may be late, which has nothing to do with a rehearsal.
        log.Lines.ShouldNotContain(l => (l.StartsWith("Warning", StringComparison.Ordinal) && !l.Contains("RedisGate", StringComparison.Ordinal)) || l.StartsWith("Error", StringComparison.Ordinal), string.Join('\n', log.Lines));
        (voice.Deepgram.Connections.Count, voice.ElevenLabs.Connections.Count, voice.Language.Requests.All.Count).ShouldBe(asked);
        figures.ShouldNotContain(f => f.Contains("rehearsal", StringComparison.Ordinal)); // of other tests' calls there may be some
        foreach (var table in (string[])["call_event", "call", "tool_invocation", "tool_call_ledger", "call_change", "appointment where booked_in_call is not null"])
        {
            (await CountAsync(table)).ShouldBe(0, table);
        }

        await host.StopAsync(Cancellation);
    }

    private static async Task<TimeSpan> ReadyAsync(string url)
    {
        using var http = new HttpClient();
        var began = Stopwatch.GetTimestamp();
        var wasWarming = false;
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var answer = await http.GetAsync(url + "/readyz", Cancellation);
                wasWarming |= answer.StatusCode is HttpStatusCode.ServiceUnavailable && (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["status"] == "warming";
                return answer.StatusCode is HttpStatusCode.OK;
            },
            TimeSpan.FromSeconds(20),
            "the host was never ready");
        wasWarming.ShouldBeTrue();
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(voice.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("select count(*) from " + table, connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
