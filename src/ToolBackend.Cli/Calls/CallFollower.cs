using System.Net.ServerSentEvents;

namespace ToolBackend.Cli.Calls;

/// <summary>Follows <c>/calls/stream</c> over every end of it: goes on behind the last event that had an id.</summary>
/// <param name="path">With its query.</param>
/// <param name="note">Told, for people, when the stream is lost and when it is back.</param>
internal sealed class CallFollower(OperatorClient client, string path, TimeProvider time, Action<string> note)
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    private string? _lastEventId;

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="CliException">The first connection failed, or the service refuses for good.</exception>
    public async Task RunAsync(Action<SseItem<string>> on, CancellationToken cancellation)
    {
        var wait = s_firstWait;
        for (var connected = false; ;)
        {
            try
            {
                using var answer = await client.OpenStreamAsync(path, _lastEventId, cancellation);
                if (connected)
                {
                    note("connected again");
                }

                connected = true;
                await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
                await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellation))
                {
                    wait = s_firstWait;
                    on(item);
                    _lastEventId = item.EventId ?? _lastEventId;
                }

                note("the service ended the stream");
            }
            catch (CliException e) when (connected && e.IsTransient)
            {
                note(e.Message);
            }
            catch (Exception e) when (connected && e is IOException or HttpRequestException)
            {
                note("the connection was lost");
            }

            await Task.Delay(wait, time, cancellation);
            wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait;
        }
    }
}
