using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using ToolBackend.LocalStack.Simulators.Audio;

namespace ToolBackend.LocalStack.Simulators.Vapi.Bypass;

/// <summary>Vapi's end of a Twilio media stream: hears the caller's words and speaks.</summary>
internal sealed class BypassLine(WebSocket socket)
{
    /// <summary>Of silence after words: the caller is done.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(400);

    private readonly AudibleTextReader _ear = new();
    private readonly List<string> _words = [];
    private readonly Channel<string> _turns = Channel.CreateBounded<string>(64);
    private readonly TaskCompletionSource<string> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _streamSid = "";

    /// <summary>The carrier's id of the call, when the stream has started.</summary>
    public Task<string> Started => _started.Task;

    /// <summary>What the caller said, turn by turn; ends with the stream.</summary>
    public ChannelReader<string> Turns => _turns.Reader;

    /// <summary>Whether the carrier said that the call is over, when the stream has ended.</summary>
    public bool WasStopped { get; private set; }

    public async Task ReadAsync(CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType is WebSocketMessageType.Close)
                {
                    return;
                }

                Take(buffer.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The stream is over; whoever waits for turns learns it.
        }
        finally
        {
            _started.TrySetCanceled(cancellation);
            _turns.Writer.TryComplete();
        }
    }

    /// <summary>Gives the carrier a sentence; it plays at its own pace.</summary>
    /// <returns>How long it takes to be heard.</returns>
    public async Task<TimeSpan> SayAsync(string text, CancellationToken cancellation)
    {
        var audio = AudibleText.Encode(text);
        for (var at = 0; at < audio.Length; at += 8000)
        {
            var payload = Convert.ToBase64String(audio.AsSpan(at, Math.Min(8000, audio.Length - at)));
            var message = Encoding.UTF8.GetBytes($$$"""{"event":"media","streamSid":"{{{_streamSid}}}","media":{"payload":"{{{payload}}}"}}""");
            await socket.SendAsync(message, WebSocketMessageType.Text, true, cancellation);
        }

        return MuLaw.Duration(audio.Length);
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        using var json = JsonDocument.Parse(message.ToArray());
        switch (json.RootElement.GetProperty("event").GetString())
        {
            case "start":
                _streamSid = json.RootElement.GetProperty("streamSid").GetString()!;
                _started.TrySetResult(json.RootElement.GetProperty("start").GetProperty("callSid").GetString()!);
                break;
            case "media":
                _words.AddRange(_ear.Push(json.RootElement.GetProperty("media").GetProperty("payload").GetBytesFromBase64()).Select(w => w.Text));
                if (_words.Count > 0 && _ear.SilentFor > s_quiet)
                {
                    _turns.Writer.TryWrite(string.Join(' ', _words));
                    _words.Clear();
                }

                break;
            case "stop":
                WasStopped = true;
                break;
        }
    }
}
